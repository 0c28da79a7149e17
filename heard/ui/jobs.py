"""Long work beside the pages: it goes on while people look at something else, and says how far it is."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import streamlit as st

from heard.ui import words
from heard.ui.html import md
from research.errors import HeardError


@dataclass(frozen=True, slots=True)
class Report:
    """How far a piece of work is. `total` is None where nobody knows; `doing` is a phrase about this moment."""

    done: int
    total: int | None
    unit: str
    doing: str = ""


class Job:
    """One piece of work in a thread of its own. Its report, result and failure can be read at any time."""

    def __init__(self, work: Callable[[Callable[[Report], None]], Any]) -> None:
        self.report = Report(0, None, "")
        self.result: Any = None
        self.failure = ""
        self.began = time.monotonic()
        self._thread = threading.Thread(target=self._run, args=(work,), daemon=True, name="heard-job")
        self._thread.start()

    @property
    def finished(self) -> bool:
        """Whether there is nothing more to come."""
        return not self._thread.is_alive()

    def wait(self, seconds: float | None = None) -> None:
        """Until it is finished, or as long as that."""
        self._thread.join(seconds)

    def _tell(self, report: Report) -> None:
        self.report = report

    def _run(self, work: Callable[[Callable[[Report], None]], Any]) -> None:
        try:
            self.result = work(self._tell)
        except HeardError as error:
            self.failure = str(error)
        except Exception:
            self.failure = "Something went wrong that should not have. What was done so far is kept; please try again."
            raise  # for the log; a thread's exception goes no further


@st.cache_resource
def _jobs(home: str) -> dict[str, Job]:
    """The newest job of each name, for everybody who looks at this repository."""
    return {}


def _here() -> dict[str, Job]:
    from heard.ui import session

    return _jobs(str(session.repository().home))


def start(name: str, work: Callable[[Callable[[Report], None]], Any]) -> Job:
    """Begin some work under a name, which is where it can be found again."""
    job = Job(work)
    _here()[name] = job
    return job


def find(name: str) -> Job | None:
    """The newest job under a name, finished or not."""
    return _here().get(name)


def running(name: str) -> bool:
    """Whether such work is going on now."""
    job = find(name)
    return job is not None and not job.finished


def forget(name: str) -> None:
    """Let go of a finished job and of what it brought."""
    if not running(name):
        _here().pop(name, None)


def show(name: str, doing: str) -> None:
    """How far a job is, kept up to date; when it is done, its last word once more with the page around it."""
    job = find(name)
    if job is None:
        return
    if job.finished:
        if job.failure:
            st.warning(md(job.failure), icon=":material/info:")
        elif isinstance(job.result, str):
            st.success(md(job.result), icon=":material/check:")
        return
    _watch(name, doing)


@st.fragment(run_every=0.7)
def _watch(name: str, doing: str) -> None:
    job = find(name)
    if job is None or job.finished:
        st.rerun()
    report = job.report
    share = min(report.done / report.total, 1.0) if report.total else 0.0
    st.progress(share, text=md(sentence(report, doing, time.monotonic() - job.began)))
    st.caption("This goes on when you leave the page; come back here to see how it went.")


def sentence(report: Report, doing: str, seconds: float) -> str:
    """ "Building the index: 300 of 900 passages, about 40 seconds left." """
    if not report.total:
        return f"{doing}: {report.done:,} {report.unit}".rstrip() + " …" if report.done else f"{doing} …"
    said = f"{doing}: {report.done:,} of {report.total:,} {report.unit}"
    if report.doing:
        said += f", {report.doing}"
    if 0 < report.done < report.total and seconds > 2:
        left = seconds / report.done * (report.total - report.done)
        said += f". {report.done / seconds:.1f} a second, about {words.lasting(left)} left."
    return said

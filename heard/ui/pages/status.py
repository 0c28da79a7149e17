"""Status: what is in here, and is it whole?"""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from heard.ui import jobs, rights, session, words
from heard.ui.frame import frame, heading, title
from heard.ui.html import esc
from research.models import Finding, Status
from research.repository import Repository


def page() -> None:
    """The repository in a few lines, its check-up, and the one repair that always helps."""
    with frame("narrow"):
        repo = session.repository()
        if not rights.may(repo, "administer"):
            title("Status")
            rights.held(repo, "administer")
            return
        status = repo.status()
        title("Status", _in_a_sentence(status))
        _facts(status, len(repo.taxonomy.tags))
        _doctor(repo)
        _reindex(repo)


def _in_a_sentence(status: Status) -> str:
    if not status.notes:
        return "This repository is empty."
    return (
        f"{words.count(status.participants, 'person', 'people')} told {words.count(status.teams, 'team')} what is in "
        f"here, in {words.count(status.notes, 'note')} of {words.count(status.studies, 'study', 'studies')}."
    )


def _facts(status: Status, tags: int) -> None:
    waiting = (
        f"{words.count(status.pending, 'passage')} stored, and not to be found yet. The next upload or a check with "
        "repair finishes them."
        if status.pending
        else "Every passage can be found, unless a file of the index was lost or damaged: check it below."
    )
    model = f"{status.model}" + (f", {status.dimension} numbers a passage" if status.dimension else ", not used yet")
    facts = {
        "Dates": words.span(status.first, status.last) if status.notes else "none yet",
        "Passages": f"{status.passages:,}",
        "Search": waiting if status.passages else "Nothing to find yet.",
        "Model": model,
        "Ranking": status.ranking,
        "Tags": f"{words.count(tags, 'tag')} in the taxonomy",
        "Kept in": status.home,
        "Takes up": f"{words.size(status.bytes_on_disk)} ({status.database} and index)",
    }
    rows = "".join(f"<dt>{esc(name)}</dt><dd>{esc(value)}</dd>" for name, value in facts.items())
    st.html(f'<dl class="hd-facts">{rows}</dl>')


def _doctor(repo: Repository) -> None:
    heading(
        "Check-up", "Looks whether all that is stored is whole and can be found. Changes nothing unless you repair."
    )
    with st.container(horizontal=True):
        check = st.button("Check now")
        repair = st.button("Check and repair", type="tertiary")
    if check or repair:
        with st.spinner("Checking …"):
            findings = repo.doctor(repair=repair)
        st.html(f'<ul class="hd-findings">{"".join(_finding(finding) for finding in findings)}</ul>')


def _finding(finding: Finding) -> str:
    repaired = " (repaired)" if finding.fixed else ""
    return f'<li class="{"" if finding.ok else "hd-bad"}">{esc(finding.message)}{repaired}</li>'


def _reindex(repo: Repository) -> None:
    heading(
        "Build the index anew",
        "Needed after a change of model. The notes stay as they are; searching by meaning waits until it is done.",
    )

    def work(tell: Callable[[jobs.Report], None]) -> str:
        done = repo.reindex(lambda part, whole: tell(jobs.Report(part, whole, "passages")))
        return f"{words.count(done, 'passage')} indexed anew."

    if st.button("Build it anew", key="hd_reindex", disabled=jobs.running("reindex")):
        jobs.start("reindex", work)
        st.rerun()
    jobs.show("reindex", "Building the index")


page()

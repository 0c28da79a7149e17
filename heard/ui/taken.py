"""Passages to take along from a page, as files, in a popover that is quiet until somebody wants them."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import partial

import streamlit as st

from heard import taking
from heard.passages_document import KINDS, MOST, Kind, count
from heard.ui import session, words
from heard.ui.ask import Ask
from heard.ui.downloads import Document, downloads
from heard.ui.html import esc
from research.insight import Insight
from research.models import Hits
from research.repository import Repository


def of_search(repo: Repository, ask: Ask, found: Hits, titles: dict[str, str]) -> None:
    """All that a search found, up to a limit, not only what the page shows of it."""
    asked = ask.arguments(session.today())
    narrow = {name: value for name, value in asked.items() if name not in ("limit", "per_person")}
    only = [said if name == "time" else f"{name} {said}" for name, _, said in ask.active(titles)]

    def make(kind: Kind) -> bytes:
        return taking.search(repo, ask.q, kind, only=only, **narrow)[0]

    total = count(found)
    said = f"The first {MOST} of {words.count(total, 'passage')}" if total > MOST else words.count(total, "passage")
    _offer(said, _file(ask.q) or "passages", make, "hd-take-search", linked=bool(repo.settings.url))


def of_insight(repo: Repository, one: Insight) -> None:
    """What speaks for and against a claim; nothing where nothing does."""
    there = sum(line.hit is not None for line in one.evidence)

    def make(kind: Kind) -> bytes:
        return taking.insight(repo, one.code, kind)[0]

    if there:
        _offer(words.count(there, "passage"), one.code, make, f"hd-take-{one.code}", linked=bool(repo.settings.url))


def _offer(said: str, file: str, make: Callable[[Kind], bytes], key: str, *, linked: bool) -> None:
    with st.popover("Take along", icon=":material/download:", type="tertiary"):
        link = ", with a link back" if linked else ""
        about = f"{said}, each with who said it, by pseudonym, where and when{link}."
        st.html(f'<p class="hd-small">{esc(about)}</p>')
        downloads([Document(label, f"{file}.{kind}", partial(make, kind)) for kind, label in KINDS.items()], key)


def _file(question: str) -> str:
    """A question as the name of a file, without what a disk refuses."""
    return re.sub(r"\W+", "-", question).strip("-")[:60].rstrip("-")

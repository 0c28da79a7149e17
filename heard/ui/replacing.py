"""What will be replaced before an upload is stored: the words as they are beside the words as they will be."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import streamlit as st

from heard.ui import words
from heard.ui.frame import heading
from heard.ui.html import esc, md
from ingest.looking import dry_run
from ingest.models import Metadata, ReadOptions, Source, TableMapping
from ingest.personal.marks import Decision, mark
from ingest.personal.models import KINDS, Span
from ingest.redaction import Plain, decision_about, spans_of
from ingest.settling import Intake
from research.errors import HeardError
from research.repository import Repository

_SHOWN = 6_000  # characters of a note that are shown beside each other
_KINDS = {
    "PERSON": "a person", "ADDRESS": "an address", "EMAIL": "an e-mail address", "PHONE": "a phone number",
    "ORGANIZATION": "an organisation", "ACCOUNT_NUMBER": "a number of an account", "NATIONAL_ID": "a national id",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Wish:
    """What a person wants otherwise in one file: words to leave as they are, and words to replace, each by a kind."""

    keep: tuple[str, ...] = ()
    add: tuple[tuple[str, str], ...] = ()


def ask(
    repo: Repository,
    sources: Sequence[Source],
    team: str,
    study: str,
    overrides: Mapping[str, Metadata],
    mappings: Mapping[str, TableMapping],
    key: str,
) -> dict[tuple[str, str], Decision]:
    """Show what would be replaced in a file that the person chooses, and take what they want otherwise.

    Gives the decisions for all files, by source name and row.
    """
    wishes: dict[str, Wish] = st.session_state.setdefault(f"{key}-wishes", {})
    heading(
        "What will be replaced",
        "Names, addresses, numbers: before anything is stored. Those who took part become their pseudonym; here "
        "P-0000 is whoever has none yet.",
    )
    by_name = {source.name: source for source in sources}
    chosen = st.selectbox("File", list(by_name), index=None, placeholder="Look at a file", key=f"{key}-file")
    if chosen:
        notes = _run(repo, by_name[chosen], team, study, overrides, mappings.get(chosen))
        wishes[chosen] = _wish(notes, wishes.get(chosen, Wish()), f"{key}-{abs(hash(chosen))}")
        _beside(notes, wishes[chosen])
    decisions = {}
    for name, wish in wishes.items():
        if wish != Wish() and name in by_name:
            for row, note, spans in _run(repo, by_name[name], team, study, overrides, mappings.get(name)):
                decisions[name, row] = decision_about(note, spans, wish.keep, wish.add)
    return decisions


def _run(
    repo: Repository,
    source: Source,
    team: str,
    study: str,
    overrides: Mapping[str, Metadata],
    mapping: TableMapping | None,
) -> list[tuple[str, Plain, tuple[Span, ...]]]:
    """The dry run of a file, made once for what was said about it."""
    asked = (source.key, source.data, team, study, repr(overrides.get(source.name)), repr(mapping))
    cache: dict[object, list[tuple[str, Plain, tuple[Span, ...]]]] = st.session_state.setdefault("hd_dry_runs", {})
    if asked not in cache:
        with st.spinner("Looking for what is personal …"):
            said = Intake(team, study, Metadata(), overrides, ReadOptions(mapping=mapping))
            try:
                cache[asked] = list(dry_run(source, repo, said))
            except HeardError as error:
                st.warning(md(error), icon=":material/info:")
                return []
    return cache[asked]


def _wish(notes: list[tuple[str, Plain, tuple[Span, ...]]], wish: Wish, key: str) -> Wish:
    """What the person wants otherwise in this file."""
    found: dict[str, int] = {}
    for _, note, spans in notes:
        for span in spans:
            said = " ".join(note.everything[span.start : span.end].split())
            found[said] = found.get(said, 0) + 1
    keep = st.multiselect(
        "Leave as it is", list(found), default=[one for one in wish.keep if one in found], key=f"{key}-keep",
        format_func=lambda one: f"{one} ({found[one]}×)", placeholder="Nothing of it",
    )  # fmt: skip
    left, right = st.columns([2, 1])
    more = left.text_input("Replace as well", key=f"{key}-more", placeholder="Words, as they stand in the note")
    kind = right.selectbox("as", KINDS, key=f"{key}-kind", format_func=lambda one: _KINDS.get(one, one.lower()))
    add = wish.add
    if more.strip():
        if not any(more.casefold() in note.everything.casefold() for _, note, _ in notes):
            st.html(f'<p class="hd-notice">“{esc(more)}” does not stand in this file.</p>')
        elif (more.strip(), kind) not in add:
            add = (*(one for one in add if one[0] != more.strip()), (more.strip(), kind))
    if add:
        st.html(f'<p class="hd-small">Also replaced: {esc(", ".join(one for one, _ in add))}</p>')
        if st.button("Undo these", key=f"{key}-undo"):
            add = ()
    return Wish(tuple(keep), add)


def _beside(notes: list[tuple[str, Plain, tuple[Span, ...]]], wish: Wish) -> None:
    left = _SHOWN
    for _, note, proposed in notes:
        if left <= 0:
            break
        spans = spans_of(note, proposed, decision_about(note, proposed, wish.keep, wish.add))
        before, after = _both(note.text[:left], spans)
        left -= len(note.text)
        st.html(
            f'<div class="hd-pair"><div><p class="hd-small">As it is</p><p class="hd-said">{before}</p></div>'
            f'<div><p class="hd-small">As it will be stored</p><p class="hd-said">{after}</p></div></div>'
        )
    if left <= 0:
        st.html('<p class="hd-small">The rest is treated alike.</p>')
    count = sum(len(spans) for _, _, spans in notes)
    if not count:
        st.html(f'<p class="hd-small">Nothing personal was found in {esc(words.count(len(notes), "note"))}.</p>')


def _both(text: str, spans: Sequence[Span]) -> tuple[str, str]:
    """The text before and after, as HTML, with what is replaced marked in both."""
    before, after, at = [], [], 0
    for span in spans:
        if span.end > len(text):
            break
        between = esc(text[at : span.start]).replace("\n", "<br>")
        before += [between, f"<mark>{esc(text[span.start : span.end])}</mark>"]
        after += [between, f"<mark>{esc(mark(span))}</mark>"]
        at = span.end
    rest = esc(text[at:]).replace("\n", "<br>")
    return "".join([*before, rest]), "".join([*after, rest])

"""How long the notes of studies are kept: said of one study, looked at for all, and erased when they are overdue."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from heard.ui import links, readers, rights, session, words
from heard.ui.frame import attempt, heading, leave_word
from heard.ui.html import esc, joined, sentence
from research import dates
from research.errors import HeardError
from research.models import NoteSummary, StudySummary
from research.repository import Repository
from research.retention import LONGEST, Kept

_SHOWN = 12  # overdue notes that are named; the rest is counted
_COMING = 3  # days on which notes fall due that are named for a study


def of_study(repo: Repository, study: StudySummary) -> None:
    """How long a study's notes are kept; for whoever may, what is due when, and a form that changes it."""
    if not rights.may(repo, "govern", study.team):
        st.html(f'<p class="hd-small">{esc(sentence(words.kept(study)))}</p>')
        return
    held = next(one for one in repo.retention() if one.study.id == study.id)
    said = [words.kept(study), words.due(held, session.today())]
    st.html(f'<p class="hd-small">{esc(" ".join(map(sentence, filter(None, said))))}</p>')
    days, asked = f"hd_keep_{study.id}", f"hd_asked_{study.id}"

    def save() -> None:
        attempt(
            repo.keep_study, study.team, study.title, asked=st.session_state[asked], keep_days=st.session_state[days],
            said="This holds for the study from now on. It is written in the audit.",
        )  # fmt: skip

    st.session_state.setdefault(days, study.keep_days)  # a number given as `value` could not be taken out again
    with st.popover("How long it is kept", icon=":material/schedule:"), st.form(f"hd-keep-{study.id}", border=False):
        st.number_input(
            "Days for which its notes are kept (empty: always)", 1, LONGEST, value=None, step=30, key=days,
            placeholder="always",
        )  # fmt: skip
        st.checkbox("People were contacted for it", study.asked, key=asked)
        st.html('<p class="hd-small">Not so for tickets that people wrote themselves: they are no contact.</p>')
        st.form_submit_button("Save", type="primary", on_click=save)


def retention(repo: Repository) -> None:
    """The studies that keep their notes for a time, what is overdue, and what will be when."""
    heading("How long notes are kept", "A study says it on its own page. Notes without a date are never overdue.")
    studies = repo.retention()
    told = [one for one in studies if one.study.keep_days or not one.study.asked]
    rows = "".join(map(_row, told))
    rest = len(studies) - len(told)
    others = f"{words.count(rest, 'other study', 'other studies')} {'keeps' if rest == 1 else 'keep'} notes always."
    if not told:
        others = "Every study keeps its notes always."
    st.html(f'<div class="hd-library">{rows}</div>' + (f'<p class="hd-small">{esc(others)}</p>' if rest else ""))
    if not any(one.overdue for one in told):
        return
    due = repo.overdue()
    st.html(
        f'<p class="hd-notice" role="status">{esc(words.count(len(due), "note"))} '
        f"{'is' if len(due) == 1 else 'are'} overdue: {_named(due)}</p>"
    )
    if st.button("Erase what is overdue", icon=":material/delete_forever:", key="hd_overdue"):
        _erase(repo, due)


def _row(one: Kept) -> str:
    study = one.study
    title = links.link(links.library(team=study.team, study=study.title), study.title, style="hd-study")
    coming = [f"{dates.coming(day, session.today())}: {words.count(notes, 'note')}" for day, notes in one.coming]
    soon = "; ".join(coming[:_COMING]) + ("; and later" if len(coming) > _COMING else "")
    soon = f"due {soon}" if soon else ""
    late = f"{one.overdue:,} overdue" if one.overdue else ""
    return (
        f'<div class="hd-row"><div>{title}<p class="hd-small">{esc(f"{study.team}; {words.kept(study)}")}</p>'
        f"{readers.mark(study)}</div>"
        f'<div class="hd-when"><span>{joined((f"<b>{late}</b>" if late else "", esc(soon)), "<br>")}</span></div></div>'
    )


def _named(due: Sequence[NoteSummary]) -> str:
    named = [f"{links.link(links.note(note.id), note.title)} ({esc(dates.day(note.date))})" for note in due[:_SHOWN]]
    more = f" and {words.count(len(due) - _SHOWN, 'other')}" if len(due) > _SHOWN else ""
    return f"{', '.join(named)}{more}."


@st.dialog("Erase what is overdue?")
def _erase(repo: Repository, due: Sequence[NoteSummary]) -> None:
    number = words.count(len(due), "note")
    of = words.listed(sorted({f"{note.team} / {note.study}" for note in due}))
    st.html(
        f"<p><b>{esc(number)}</b> of {esc(of)} {'is' if len(due) == 1 else 'are'} erased from every file of the "
        "repository, with whoever was heard nowhere else.</p>"
        '<p class="hd-small">It can’t be undone. That it was done is written in the audit.</p>'
    )
    typed = st.text_input(f"Type {number} to go on", key="hd_overdue_typed")
    sure = " ".join(typed.casefold().split()) == number.casefold()
    if st.button("Erase", type="primary", disabled=not sure, key="hd_erase"):
        with st.spinner("Erasing, and writing the files anew …"):
            try:
                done = repo.erase_overdue([note.id for note in due])
                leave_word(f"{words.count(done, 'note')} {'is' if done == 1 else 'are'} erased.")
            except HeardError as error:
                leave_word(str(error))
        st.rerun()

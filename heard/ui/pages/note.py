"""Note: one session as a conversation, at the passage one came for."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import streamlit as st

from heard.ui import citing, hits, links, readers, reading, rights, session, standing, tagging, transcript, words
from heard.ui.frame import attempt, frame
from heard.ui.html import esc, joined
from research import dates
from research.errors import NotFound
from research.models import Note, Passage
from research.repository import Repository

_LIBRARY = Path(__file__).with_name("library.py")


def page() -> None:
    """The note that the address names, with the chosen passage open."""
    wanted, chosen = session.param("id"), session.param("passage")
    with frame("wide", anchor=links.anchor_of(chosen) if chosen else ""):
        repo = session.repository()
        if not wanted:
            _which()
            return
        try:
            note = repo.note(wanted)
        except NotFound as error:
            _gone(str(error))
            return
        reading.opened(repo, note.summary.id)
        passage = next((p for p in note.passages if p.id == chosen), None)
        words_, side = st.columns([3, 1], gap="large")
        with words_:
            _about(note, standing.badges(repo, _who(note), session.today()))
            if chosen and not passage:
                st.info("The passage that the link names is not in this note any more; the note was changed since.")
            before, after = transcript.rendered(note, passage.id if passage else "", tags=rights.may(repo, "research"))
            st.html(before or '<p class="hd-small">There are no words in this note.</p>')
            if passage:
                tagging.editor(repo, passage)
                citing.offer(repo)
            if after:
                st.html(after)
            _end(repo, note)
        with side, st.container(key="hd-side"):
            _others(repo, note, passage)


def _who(note: Note) -> list[str]:
    return [someone.pseudonym for someone in note.summary.participants]


def _about(note: Note, asking: Mapping[str, str]) -> None:
    about = note.summary
    where = links.link(links.library(team=about.team, study=about.study), f"{about.team} / {about.study}")
    people = ", ".join(
        f"{links.link(links.person(someone.pseudonym), words.person(someone))} ({asking[someone.pseudonym]})"
        if someone.pseudonym in asking
        else esc(words.person(someone))
        for someone in about.participants
    )
    hidden = f'<p class="hd-notice">{esc(words.hidden(note.hidden))}</p>' if note.hidden else ""
    how_much = f"{words.count(about.words, 'word')}, {words.count(about.passages, 'passage')}"
    origins = "".join(f"<li>{esc(what)}: {esc(origin)}</li>" for what, origin in sorted(note.origins.items()))
    st.html(
        f'<header class="hd-note"><h1 class="hd-title">{esc(about.title)}</h1>'
        f'<p class="hd-meta">{joined((esc(dates.day(about.date)), where, people, how_much))}</p>{readers.mark(about)}'
        f'<details class="hd-origins"><summary>From {esc(about.source)}</summary><ul>'
        f"<li>put in on {esc(dates.day(about.added.date()))}"
        + (f", changed on {esc(dates.day(about.updated.date()))}" if about.updated > about.added else "")
        + f"</li>{origins}</ul></details>{hidden}</header>"
    )


def _others(repo: Repository, note: Note, passage: Passage | None) -> None:
    st.html('<h2 class="hd-heading" id="others">Others heard this too</h2>')
    if not passage:
        st.html(
            '<p class="hd-small">Choose a passage to see who told other teams the same'
            f"{', and to change its tags' if rights.may(repo, 'research') else ''}.</p>"
        )
        return
    found = repo.like(passage.id, limit=4, other_teams=True)
    if len(found):
        st.html(hits.aside(found, 180))
    else:
        st.html('<p class="hd-small">Nothing that another team heard comes close to this passage.</p>')


def _end(repo: Repository, note: Note) -> None:
    with st.container(horizontal=True, key="hd-note-end"):
        inside = links.link(links.search({"note": [note.summary.id]}), "Search in this note", style="hd-pill")
        st.html(inside, width="content")
        mine = rights.may(repo, "research", note.summary.team)
        if mine and st.button("Delete this note", type="tertiary", icon=":material/delete:"):
            _delete(repo, note)


@st.dialog("Delete this note?")
def _delete(repo: Repository, note: Note) -> None:
    about = note.summary
    st.html(
        f"<p><b>{esc(about.title)}</b> and its {esc(words.count(about.passages, 'passage'))} will be gone from "
        f"{esc(about.team)} / {esc(about.study)}: nobody will find them, and links to them will say so.</p>"
        '<p class="hd-small">It can be put in again from its file. Tags that people set on it are lost.</p>'
    )
    with st.container(horizontal=True):
        if st.button("Delete it", type="primary", key="hd_delete", on_click=attempt,
                     args=(repo.delete_note, about.id), kwargs={"said": f"“{about.title}” was deleted."}):  # fmt: skip
            st.switch_page(_LIBRARY, query_params={"team": about.team, "study": about.study})
        if st.button("Keep it"):
            st.rerun()


def _which() -> None:
    st.html(
        '<h1 class="hd-title">Which note?</h1><p class="hd-lead">A note opens from a search or from the library.</p>'
        f"<p>{links.link(links.library(), 'Open the library', style='hd-pill')}</p>"
    )


def _gone(sentence: str) -> None:
    st.html(
        '<h1 class="hd-title">This note is not here</h1>'
        f'<p class="hd-lead">{esc(sentence)}</p>'
        f"<p>{links.link(links.library(), 'Open the library', style='hd-pill')}</p>"
    )


page()

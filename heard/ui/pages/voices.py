"""Voices: whom a selection rests on. The same address as a search, so that one leads to the other and back."""

from __future__ import annotations

from dataclasses import replace

import streamlit as st

from heard.ui import filters, links, session, words
from heard.ui.ask import Ask
from heard.ui.frame import frame, heading, title
from heard.ui.html import esc
from research.models import Coverage, Voices
from research.repository import Repository

_SHOWN = 12  # people of whom a line is shown


def page() -> None:
    """The selection's filters, then its numbers as sentences and as bars."""
    with frame("narrow"):
        repo = session.repository()
        ask = filters.asked()
        title("Voices", "Whom a question's answers, or everything that the filters leave, rest on.")
        filters.box(ask)
        filters.row(ask, repo.choices(), {}, session.today())
        asked = ask.arguments(session.today())
        voices, coverage = repo.voices(ask.q, **{name: asked[name] for name in asked.keys() - {"limit", "per_person"}})
        if not voices.people:
            st.html('<p class="hd-voices" role="status">Nobody has said anything here.</p>')
            return
        st.html(f'<p class="hd-voices" role="status">{esc(words.who_said(voices, session.today()))}</p>')
        back = links.link(links.search(ask.params()), "What they said", style="hd-pill")
        st.html(f'<p class="hd-lead">{esc(words.evenly(voices, coverage))}</p><p class="hd-more">{back}</p>')
        _people(repo, voices, ask)
        _segments(coverage)


def _people(repo: Repository, voices: Voices, ask: Ask) -> None:
    heading("Who speaks how much", "Passages of each, most first.")
    shown, rest = voices.by_person[:_SHOWN], voices.by_person[_SHOWN:]
    known = repo.people.some([person for person, _ in shown])
    rows = []
    for person, count in shown:
        who = ", ".join(words.about(person, known[person]) if person in known else [person])
        theirs = links.link(links.search(replace(ask, participant=(person,)).params()), who, style="hd-quiet")
        rows.append(_bar(theirs, count / shown[0][1], words.count(count, "passage")))
    if rest:
        people = words.count(len(rest), "more person", "more people")
        rows.append(f'<p class="hd-small">{people}, {words.count(sum(n for _, n in rest), "passage")}</p>')
    st.html("".join(rows))


def _segments(coverage: Coverage) -> None:
    if not coverage.segments:
        return
    heading("Which segments are heard", "People heard here, of all who are known: on the roster, or heard at any time.")
    st.html("".join(
        _bar(esc(one.segment), one.heard / one.known, f"{one.heard} of {words.count(one.known, 'person', 'people')}")
        for one in coverage.segments
    ))  # fmt: skip


def _bar(label: str, share: float, said: str) -> str:
    """A line of the picture; `label` is HTML."""
    return (
        f'<div class="hd-share"><span>{label}</span>'
        f'<span class="hd-line"><b style="left:0;width:{share:.1%}"></b></span><span>{esc(said)}</span></div>'
    )


page()

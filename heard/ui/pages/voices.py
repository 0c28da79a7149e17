"""Voices: whom a selection rests on. The same address as a search, so that one leads to the other and back."""

from __future__ import annotations

import streamlit as st

from heard.ui import filters, links, session, words
from heard.ui.frame import frame, heading, title
from heard.ui.html import esc
from research.models import Coverage, Voices

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
        _people(voices)
        _segments(coverage)


def _people(voices: Voices) -> None:
    heading("Who speaks how much", "Passages of each, most first.")
    most = voices.by_person[0][1]
    rows = [_bar(person, count / most, words.count(count, "passage")) for person, count in voices.by_person[:_SHOWN]]
    if rest := voices.by_person[_SHOWN:]:
        said = (
            f"{words.count(len(rest), 'more person', 'more people')}, {words.count(sum(n for _, n in rest), 'passage')}"
        )
        rows.append(f'<p class="hd-small">{said}</p>')
    st.html("".join(rows))


def _segments(coverage: Coverage) -> None:
    if not coverage.segments:
        return
    heading("Which segments are heard", "People heard here, of all who are known: on the roster, or heard at any time.")
    st.html("".join(
        _bar(one.segment, one.heard / one.known, f"{one.heard} of {words.count(one.known, 'person', 'people')}")
        for one in coverage.segments
    ))  # fmt: skip


def _bar(label: str, share: float, said: str) -> str:
    return (
        f'<div class="hd-share"><span>{esc(label)}</span>'
        f'<span class="hd-line"><b style="left:0;width:{share:.1%}"></b></span><span>{esc(said)}</span></div>'
    )


page()

"""Search, the front page: what did they say?"""

from __future__ import annotations

from dataclasses import replace

import streamlit as st

from heard.ui import citing, filters, hits, kept, links, rights, session, standing, taken, words
from heard.ui.ask import LONGEST, MOST, PAGE, Ask
from heard.ui.frame import frame
from heard.ui.html import esc
from research.errors import NotFound
from research.models import Hit, Hits
from research.repository import Repository

_HINT = (
    'Also understood: <code>"exact phrase"</code> <code>team:growth</code> <code>tag:pricing</code> '
    "<code>after:2026-08-01</code>"
)


def page() -> None:
    """Components give the question, one call answers it, the rest is showing."""
    with frame("narrow"):
        repo = session.repository()
        ask = filters.asked()
        choices = repo.choices()
        if not choices.studies:
            _nothing_here_yet(repo)
            return
        if ask.empty:
            st.html('<h1 class="hd-title hd-front">What have we already heard?</h1>')
        filters.box(ask)
        titles = _titles(repo, ask)
        filters.row(ask, choices, titles, session.today())
        if ask.empty:
            _start(repo)
            return
        with st.spinner("Looking through what people said …"):
            found = repo.search(ask.q, **ask.arguments(session.today()))
            alike = {hit.id: hit for hit in repo.passages([id_ for hit in found for id_ in hit.alike])}
            asking = standing.badges(repo, (hit.participant for hit in found), session.today())
        _answer(repo, found, alike, asking, ask, titles)
        if len(found):
            taken.of_search(repo, ask, found, titles)
        citing.offer(repo)
        kept.offer_to_follow(repo, ask)


def _titles(repo: Repository, ask: Ask) -> dict[str, str]:
    titles = {}
    for note in ask.note:
        try:
            titles[note] = repo.note(note).summary.title
        except NotFound:
            titles[note] = "a note that is gone"
    return titles


def _start(repo: Repository) -> None:
    questions = repo.example_questions()
    pills = "".join(links.link(links.search({"q": question}), question, style="hd-pill") for question in questions)
    asked = f'<p class="hd-small">Asked before, in these interviews:</p><div class="hd-pills">{pills}</div>'
    st.html((asked if questions else "") + f'<p class="hd-small hd-hint">{_HINT}</p>')


def _answer(
    repo: Repository, found: Hits, alike: dict[str, Hit], asking: dict[str, str], ask: Ask, titles: dict[str, str]
) -> None:
    if found.notice:
        st.html(f'<p class="hd-notice">{esc(found.notice)}</p>')
    if not len(found):
        _no_hits(ask, titles)
        return
    if len(ask.q) > LONGEST:
        st.html('<p class="hd-small">This question is too long to travel in a link; the filters do.</p>')
    whose = links.link(links.address("voices", ask.params()), "Whose voices", style="hd-act")
    st.html(f'<p class="hd-voices" role="status">{esc(words.who_said(found.voices, session.today()))} {whose}</p>')
    st.html(hits.listed(found, ask, alike, asking, cite=rights.may(repo, "research")))
    if found.more and ask.limit < MOST:
        more = links.search(replace(ask, limit=ask.limit + PAGE).params())
        st.html(
            f'<p class="hd-more">{links.link(more, "Show more", style="hd-pill")} '
            f'<span class="hd-small">{words.count(found.more, "passage")} more, some by the same people</span></p>'
        )


def _no_hits(ask: Ask, titles: dict[str, str]) -> None:
    about = f" about “{esc(ask.q if len(ask.q) < 120 else ask.q[:118] + '…')}”" if ask.q else ""
    if not ask.narrowed:
        st.html(
            f'<p class="hd-voices" role="status">Nobody has said anything{about} yet.</p>'
            '<p class="hd-small">Try it in a customer\'s words, or fewer of them. '
            "If nobody was asked, this may be worth asking.</p>"
        )
        return
    on = ", ".join(esc(shown) for _, _, shown in ask.active(titles))
    drop = links.link(links.search(ask.without_filters().params()), "Search everything", style="hd-pill")
    st.html(
        f'<p class="hd-voices" role="status">Nobody has said anything{about} here.</p>'
        f'<p class="hd-small">Only this was searched: {on}.</p><p class="hd-more">{drop if ask.q else ""}</p>'
    )


def _nothing_here_yet(repo: Repository) -> None:
    first = (
        " Put in a few interviews, notes, tickets or survey answers in whatever format you have them, and ask your "
        "first question."
    )
    st.html(
        '<div class="hd-empty"><h1 class="hd-title hd-front">What have we already heard?</h1>'
        '<p class="hd-lead">Nothing yet: this repository is empty.'
        f"{first if rights.may(repo, 'research') else ''}</p>{rights.bring_in(repo)}"
        '<p class="hd-small">Only looking around? Stop the app and run <code>heard demo</code>: it fills a repository '
        "of its own with sample interviews.</p></div>"
    )


page()

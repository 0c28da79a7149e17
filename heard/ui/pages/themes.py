"""Themes: what customers speak of in a window, what is new, more or less than before, and who says so."""

from __future__ import annotations

import streamlit as st

from heard import charts
from heard.ui import hits, links, pictures, rights, session, span, words
from heard.ui import themes as told
from heard.ui.frame import frame, title
from heard.ui.html import esc
from heard.ui.span import Span
from research.repository import Repository
from research.themes.heard import Theme, Themes

_PAGE = 20


def page() -> None:
    """The list of the window that the address names."""
    with frame("narrow"):
        repo = session.repository()
        today = session.today()
        now = span.chosen(today)
        title("Themes", "What several passages say alike, in the words that tell it from the rest.")
        span.controls(now, repo.choices().teams, today)
        _list(repo, span.themes(repo, now), now)


def _list(repo: Repository, found: Themes, now: Span) -> None:
    shown = [one for one in found if not one.hidden]
    hidden = [one for one in found if one.hidden]
    if not shown:
        _nothing(repo, found, now)
        return
    st.html(f'<p class="hd-voices">{esc(told.held(found))}</p>')
    with st.expander("A map of the passages: near is alike", icon=":material/scatter_plot:"):
        if st.toggle("Draw it", key="hd_draw_map"):
            dots = repo.theming.map(found)
            ink = pictures.ink()
            said = (
                f"{words.count(len(dots), 'passage')} of the themes below, those of a theme together; a dot opens its "
                "passage. How far two themes are apart says little."
            )
            st.altair_chart(charts.passages_map(dots, ink), theme=None, alt=said)
            st.html(f'<p class="hd-small">{esc(said)}</p>')
    limit = session.shown(_PAGE)
    largest = max(max(one.change.share, one.change.share_before) for one in shown)
    rows = "".join(_row(one, now, largest) for one in shown[:limit])
    st.html(f'<div class="hd-themes">{rows}</div>')
    if len(shown) > limit:
        more = {**now.params(), "show": str(limit + _PAGE)}
        label = f"Show more: {words.count(len(shown) - limit, 'theme')}"
        st.html(f'<p class="hd-more">{links.link(links.address("themes", more), label, style="hd-pill")}</p>')
    if hidden:
        rows = "".join(f"<li>{links.link(links.theme(one.id, now.params()), one.label)}</li>" for one in hidden)
        st.html(
            f'<details class="hd-why"><summary>{words.count(len(hidden), "hidden theme")}</summary>'
            f'<ul class="hd-list">{rows}</ul></details>'
        )


def _nothing(repo: Repository, found: Themes, now: Span) -> None:
    if found.window is None and not found.passages:
        st.html(f'<p class="hd-lead">There are no notes yet.</p>{rights.bring_in(repo)}')
        return
    ever = links.link(links.address("themes", {"days": "ever", "team": now.team}), "Look at all time", style="hd-pill")
    undated = f" {words.count(found.undated, 'passage')} have no date and lie in no window." if found.undated else ""
    st.html(
        f'<p class="hd-lead">Nobody was heard between these days whose words others share.{esc(undated)}</p>'
        f'<p class="hd-more">{ever}</p>'
    )


def _row(one: Theme, now: Span, largest: float) -> str:
    name = links.link(links.theme(one.id, now.params()), one.label, style="hd-study")
    area = f'<p class="hd-small">{esc(one.area)}</p>' if one.area else ""
    quote = hits.quote(one.quote, 200, in_a_line=True) if one.quote else ""
    who = f'<p class="hd-small">{esc(told.who(one))}</p>'
    return (
        f'<article class="hd-theme"><div>{area}{name} {told.badges(one.marks)}{who}{quote}</div>'
        f'<div class="hd-moved">{_moved(one, largest)}</div></article>'
    )


def _moved(one: Theme, largest: float) -> str:
    """How a theme moved, as two bars on the scale of the largest share, and a sentence."""
    bars = f'<span class="hd-line"><b style="left:0;width:{one.change.share / largest:.1%}"></b></span>'
    if one.change.held_before:
        before = one.change.share_before / largest
        bars += f'<span class="hd-line hd-before"><b style="left:0;width:{before:.1%}"></b></span>'
    return f'{bars}<p class="hd-small">{esc(told.moved(one.change))}</p>'


page()

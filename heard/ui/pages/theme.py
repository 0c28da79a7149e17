"""Theme: what was said alike, by whom, and how often; named, merged, split and tidied by people, which stays."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import streamlit as st

from heard import charts
from heard.ui import hits, links, pictures, rights, session, span, words
from heard.ui import themes as told
from heard.ui.frame import attempt, frame, heading, leave_word, title
from heard.ui.html import esc, md
from heard.ui.span import Span
from research.dates import day
from research.errors import NotFound
from research.filters import Filter
from research.models import Hit
from research.repository import Repository
from research.themes.heard import Theme, Themes

_PAGE = 10
_THEMES = Path(__file__).with_name("themes.py")


def page() -> None:
    """The theme that the address names, as it is in the address's window."""
    with frame("wide"):
        repo = session.repository()
        today = session.today()
        now = span.chosen(today)
        try:
            code = repo.theming.code(session.param("id"))
        except NotFound as error:
            title("Theme")
            st.info(md(str(error)))
            st.page_link(_THEMES, label="All themes")
            return
        found = span.themes(repo, now)
        one = next((theme for theme in found if theme.id == code), None)
        back = links.link(links.address("themes", now.params()), "Themes")
        st.html(f'<p class="hd-small">{back}{f" · {esc(one.area)}" if one and one.area else ""}</p>')
        title(one.label if one else code)
        span.controls(now, repo.choices().teams, today)
        said, side = st.columns([3, 1], gap="large")
        with said:
            if one is None or not one.passage_ids:
                _quiet(code, now)
            if one is not None:
                _about(one)
                _over_time(repo, one, now)
                _passages(repo, one)
        with side, st.container(key="hd-side"):
            if one is not None and rights.may(repo, "research"):
                _decide(repo, one, found)
            _history(repo, code)


def _quiet(code: str, now: Span) -> None:
    ever = links.link(links.theme(code, {"days": "ever", "team": now.team}), "Look at all time", style="hd-pill")
    st.html(f'<p class="hd-lead">Nobody spoke of it between these days.</p><p class="hd-more">{ever}</p>')


def _about(one: Theme) -> None:
    first = f"First heard {day(one.first)}, last {day(one.last)}." if one.first else ""
    hidden = '<p class="hd-notice">Somebody hid this theme from lists and briefs.</p>' if one.hidden else ""
    phrases = f"Key phrases: {', '.join(one.phrases)}." if one.phrases else ""
    st.html(
        f'<p class="hd-voices">{esc(told.who(one))}</p>'
        f'<p class="hd-small">{esc(told.moved(one.change).capitalize())}. {esc(first)} {esc(phrases)}</p>'
        f"<p>{told.badges(one.marks)}</p>{hidden}"
    )


def _over_time(repo: Repository, one: Theme, now: Span) -> None:
    months = repo.theming.by_month(one.id, Filter(team=(now.team,) if now.team else ()))
    if len(months) < 3:
        return
    ink = pictures.ink()
    said = "; ".join(f"{month:%b %Y}: {interviews} of {held}" for month, interviews, held in months)
    with st.expander("Over time: the share of each month’s interviews, with its 95% interval"):
        st.altair_chart(charts.by_month(months, ink), theme=None, alt=f"Interviews that spoke of it, by month: {said}.")
        st.html(f'<p class="hd-small">{esc(said)}</p>')


def _passages(repo: Repository, one: Theme) -> None:
    limit = session.shown(_PAGE)
    may = rights.may(repo, "research")
    choosing = may and st.session_state.get("hd_choosing") == one.id
    known = repo.passages(one.passage_ids[:limit])
    for hit in known:
        with st.container(key=f"hd-member-{hit.id}"):
            st.html(f'<div class="hd-member">{hits.quote(hit, 420, in_a_line=True)}</div>')
            if choosing:
                st.checkbox("Into the new theme", key=f"hd_pick_{hit.id}")
            elif may:
                st.button(
                    "Doesn't belong", key=f"hd_out_{hit.id}", type="tertiary", on_click=attempt,
                    args=(repo.theming.not_here, one.id, hit.id), kwargs={"said": "The passage is out of this theme."},
                )  # fmt: skip
    if choosing:
        _split(repo, one, known.items)
    if len(one.passage_ids) > limit:
        label = f"Show more: {words.count(len(one.passage_ids) - limit, 'passage')}"
        params = {**st.query_params.to_dict(), "show": str(limit + 2 * _PAGE)}
        st.html(f'<p class="hd-more">{links.link(links.address("theme", params), label, style="hd-pill")}</p>')


def _split(repo: Repository, one: Theme, known: Sequence[Hit]) -> None:
    name = st.text_input("What the new theme is called", key="hd_split_name", placeholder="By its key phrases")

    def split() -> None:
        picked = [hit.id for hit in known if st.session_state.get(f"hd_pick_{hit.id}")]
        new = repo.theming.split(one.id, picked, name)
        st.session_state["hd_choosing"] = ""
        leave_word(f"{words.count(len(picked), 'passage')} are the theme {new} now.")

    with st.container(horizontal=True):
        st.button("Make it a theme of its own", type="primary", key="hd_split", on_click=attempt, args=(split,))
        st.button("Leave it", key="hd_split_not", on_click=_choose, args=("",))


def _decide(repo: Repository, one: Theme, found: Themes) -> None:
    heading("Change it")
    st.session_state.setdefault(f"hd_name_{one.id}", one.label)
    st.text_input(
        "Name", key=f"hd_name_{one.id}", help="Empty: its key phrases.", on_change=attempt,
        args=(lambda: repo.theming.rename(one.id, st.session_state[f"hd_name_{one.id}"]),),
        kwargs={"said": "The name is kept."},
    )  # fmt: skip
    others = {theme.id: theme.label for theme in found if theme.id != one.id}
    if others:
        into = st.selectbox(
            "Same as", list(others), index=None, format_func=lambda id_: others[id_], key=f"hd_into_{one.id}",
            placeholder="Choose a theme",
        )  # fmt: skip
        if into:
            st.button(
                f"Make one of both: {md(others[into])}", key="hd_merge", on_click=attempt,
                args=(repo.theming.merge, one.id, into), kwargs={"said": f"Both are {into} now: {others[into]}."},
            )  # fmt: skip
    if len(one.passage_ids) > 2:
        st.button("Split it", key="hd_choose", on_click=_choose, args=(one.id,))
    label, after = ("Show it again", "It is shown again.") if one.hidden else ("Hide it", "It is hidden.")
    st.button(
        label, key="hd_hide", help="Hidden themes are left out of lists and briefs; they go on growing.",
        on_click=attempt, args=(repo.theming.hide, one.id, not one.hidden), kwargs={"said": after},
    )  # fmt: skip


def _history(repo: Repository, code: str) -> None:
    events = repo.theming.history(code)
    if events:
        heading("History")
        lines = "".join(f"<li>{esc(day(event.at.date()))}: {esc(told.happened(event))}</li>" for event in events[:20])
        st.html(f'<ul class="hd-reasons">{lines}</ul>')


def _choose(code: str) -> None:
    st.session_state["hd_choosing"] = code


page()

"""The window of a page that looks back: the last so many days, two days, or all that was ever said; in the address."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

import streamlit as st

from heard.ui import session
from heard.ui.ask import number
from heard.ui.html import md
from research.filters import Narrowing
from research.repository import Repository
from research.themes.heard import LOOKED_BACK, Themes

DAYS = (30, 90, 180, 365)
_FIRST = date(1970, 1, 1)  # offered, unless an address asks for an earlier one
_EVER = "ever"
_TEAM = "team"


@dataclass(frozen=True, slots=True)
class Span:
    """What the address says: `since` and `until` are None for all that was ever said. `team` is "" for all."""

    since: date | None
    until: date | None
    days: int | None
    team: str

    def narrow(self) -> Narrowing:
        """As the repository's calls take it."""
        return {"since": self.since, "until": self.until, "team": self.team or None}

    def params(self) -> dict[str, str]:
        """As an address holds it."""
        if self.days:
            return {"days": str(self.days), _TEAM: self.team}
        if self.since is None:
            return {"days": _EVER, _TEAM: self.team}
        return {"since": str(self.since), "until": str(self.until or ""), _TEAM: self.team}


def last(today: date, days: int, team: str = "") -> Span:
    """The last so many days."""
    return Span(today - timedelta(days=days - 1), today, days, team)


def chosen(today: date) -> Span:
    """What the address asks for; the last `LOOKED_BACK` days where it says nothing, or nothing that means anything."""
    since, until = day(session.param("since")), day(session.param("until"))
    team = session.param(_TEAM)
    if since or until:
        return Span(since or last(until or today, LOOKED_BACK).since, until or today, None, team)
    days = session.param("days")
    if days == _EVER:
        return Span(None, None, None, team)
    count = number(days) if 0 < number(days) < 40_000 else LOOKED_BACK
    return last(today, count, team)


def themes(repo: Repository, now: Span) -> Themes:
    """The themes of a window, counted once for all pages that show them."""
    return session.once("hd_themes", now, lambda: repo.themes(**now.narrow()))


def controls(now: Span, teams: tuple[str, ...], today: date, *, ever: bool = True) -> None:
    """The row that changes it; `ever` offers all that was ever said, which has nothing to compare with."""
    options: list[int | str] = [*DAYS, *([_EVER] if ever else [])]
    st.session_state["hd_span"] = now.days if now.days in DAYS else _EVER if now.since is None else None
    st.session_state["hd_span_since"], st.session_state["hd_span_until"] = now.since, now.until
    st.session_state["hd_span_team"] = now.team or None

    def write(**changes: str) -> None:
        mine = {"days", "since", "until", _TEAM}
        kept = {name: value for name, value in st.query_params.to_dict().items() if name not in mine}
        st.query_params.from_dict({**kept, **{name: value for name, value in changes.items() if value}})

    def recent() -> None:
        write(days=str(st.session_state["hd_span"] or ""), team=now.team)

    def between() -> None:
        first, last = st.session_state["hd_span_since"], st.session_state["hd_span_until"]
        write(since=str(first or ""), until=str(last or ""), team=now.team)

    def whose() -> None:
        write(**now.params() | {_TEAM: st.session_state["hd_span_team"] or ""})

    with st.container(horizontal=True, key="hd-span", gap="small", vertical_alignment="center"):
        st.pills(
            "Window", options, key="hd_span", on_change=recent, label_visibility="collapsed",
            format_func=lambda one: "All time" if one == _EVER else f"Last {one} days",
        )  # fmt: skip
        with st.popover("Between two days", key="hd-open-span"):
            two_days("hd_span", between, today)
        if len(teams) > 1:
            st.selectbox(
                "Team", teams, key="hd_span_team", on_change=whose, placeholder="All teams", format_func=md,
                label_visibility="collapsed", index=None, width=180,
            )  # fmt: skip


def two_days(key: str, changed: Callable[[], None], today: date) -> None:
    """Two boxes side by side for the first day and the last, until today, or as late as an address asked for; the
    session has them as `key`_since and `key`_until."""
    left, right = st.columns(2)
    for column, label, end in ((left, "From", "since"), (right, "To", "until")):
        held: date = st.session_state[f"{key}_{end}"] or today
        column.date_input(
            label, key=f"{key}_{end}", on_change=changed, format="YYYY-MM-DD", min_value=min(held, _FIRST),
            max_value=max(held, today),
        )  # fmt: skip


def day(value: str) -> date | None:
    """A day as an address holds it; None where it holds none, or nothing that is one."""
    try:
        return date.fromisoformat(value) if value else None
    except ValueError:
        return None

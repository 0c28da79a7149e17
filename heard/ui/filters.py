"""The search box and the row of filters: widgets that show what the address says and write back to it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import streamlit as st

from heard.ui.ask import LONGEST, PAGE, Ask, from_params, names
from heard.ui.html import md
from heard.ui.span import DAYS, day, two_days
from research.models import Choices

_FILTERS = (("team", "Team"), ("study", "Study"), ("segment", "Segment"), ("account", "Account"), ("tag", "Tag"))
_MANY = 14  # values beyond which pills give way to a list one can type in


def asked() -> Ask:
    """What the address asks; a question too long for an address is kept for this visit only."""
    ask = from_params(st.query_params)
    long = st.session_state.get("hd_long_question", "")
    return replace(ask, q=long) if long and not ask.q else ask


def write(ask: Ask) -> None:
    """Put a search into the address bar."""
    st.session_state["hd_long_question"] = ask.q if len(ask.q) > LONGEST else ""
    rest = {name: value for name, value in st.query_params.to_dict().items() if name not in set(names())}
    st.query_params.from_dict({**rest, **ask.params()})


def box(ask: Ask) -> None:
    """The one wide box."""
    st.session_state["hd_q"] = ask.q

    def search() -> None:
        write(replace(asked(), q=st.session_state["hd_q"].strip(), limit=PAGE))

    with st.container(horizontal=True, key="hd-box", gap="small", vertical_alignment="center"):
        st.text_input(
            "What do you want to know?",
            key="hd_q",
            type="search",
            placeholder="What do you want to know?",
            label_visibility="collapsed",
            on_change=search,
        )
        st.button("Search", type="primary", key="hd_go")


def row(ask: Ask, choices: Choices, note_titles: dict[str, str], today: date) -> None:
    """Filters one can open, then those that are on, each one click from gone."""
    with st.container(horizontal=True, key="hd-filters", gap="small"):
        for name, label in _FILTERS:
            options = tuple(dict.fromkeys((*getattr(choices, _plural(name)), *getattr(ask, name))))
            if options:
                _pick(ask, name, label, options)
        _time(ask, today)
        for number, (name, value, shown) in enumerate(ask.active(note_titles)):
            short = shown if len(shown) <= 40 else f"{shown[:38]}…"
            st.button(
                md(short),
                key=f"hd-on-{number}",
                icon=":material/close:",
                icon_position="right",
                help=f"Search without “{md(shown)}”",
                on_click=write,
                args=(ask.without(name, value),),
            )


def _plural(name: str) -> str:
    return "studies" if name == "study" else f"{name}s"


def _pick(ask: Ask, name: str, label: str, options: tuple[str, ...]) -> None:
    key = f"hd_f_{name}"
    st.session_state[key] = list(getattr(ask, name))

    def narrow() -> None:
        chosen: dict[str, Any] = {name: tuple(st.session_state[key])}
        write(replace(asked(), **chosen, limit=PAGE))

    with st.popover(label, key=f"hd-open-{name}"):
        if len(options) <= _MANY:
            st.pills(label, options, selection_mode="multi", format_func=md, key=key, on_change=narrow)
        else:
            st.multiselect(label, options, key=key, on_change=narrow, placeholder="Type to find one")


def _time(ask: Ask, today: date) -> None:
    st.session_state["hd_f_days"] = ask.days if ask.days in DAYS else None
    st.session_state["hd_f_since"] = day(ask.since)
    st.session_state["hd_f_until"] = day(ask.until)

    def recent() -> None:
        write(replace(asked(), days=st.session_state["hd_f_days"], since="", until="", limit=PAGE))

    def between() -> None:
        first, last = st.session_state["hd_f_since"], st.session_state["hd_f_until"]
        since, until = (value.isoformat() if value else "" for value in (first, last))
        write(replace(asked(), days=None, since=since, until=until, limit=PAGE))

    with st.popover("Time", key="hd-open-time"):
        st.pills("Time", DAYS, format_func=lambda days: f"Last {days} days", key="hd_f_days", on_change=recent)
        two_days("hd_f", between, today)

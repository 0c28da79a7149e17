"""What the pages share: one repository for the process, and the day it is."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable
from datetime import date
from typing import Any, TypeVar

import streamlit as st

import research
from heard.ui.ask import how_many
from research.config import Settings
from research.repository import Repository

T = TypeVar("T")

_MOST = 2_000  # things of a list that are shown at once


@st.cache_resource(show_spinner="Opening the repository …")
def _open(home: str, settings: Settings) -> Repository:
    repo = research.open(settings=settings)
    # The model takes seconds to load: begin when the first page is opened, not when the first question is asked.
    threading.Thread(target=repo.warm_up, daemon=True).start()
    return repo


def repository() -> Repository:
    """The repository that HEARD_HOME names, opened once and shared by everybody's pages."""
    settings = Settings.from_env(os.environ)
    return _open(str(settings.home), settings)


def today() -> date:
    """The day it is where the app runs."""
    return date.today()


def shown(page: int) -> int:
    """How many things of a list the page's address asks for; one page of them, where it says nothing."""
    return how_many(param("show"), page, _MOST)


def param(name: str) -> str:
    """One value from the address bar, "" when it is not there."""
    return st.query_params.get(name, "")


def once(name: str, of: Any, make: Callable[[], T]) -> T:
    """What `make` gives, not at every click: made anew when what it is made `of` has changed, when anything was written
    (nobody's words may be shown who were forgotten meanwhile), and on another day, since consent ends by the day."""
    held: tuple[Any, T] | None = st.session_state.get(name)
    made_of = of, today(), repository().version()
    if held is None or held[0] != made_of:
        with st.spinner("Looking through what people said …"):
            held = made_of, make()
        st.session_state[name] = held
    return held[1]

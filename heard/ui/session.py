"""What the pages share: one repository for the process, as whoever is at the page may read it, and the day it is."""

from __future__ import annotations

import gc
import os
import threading
from collections.abc import Callable, Hashable
from contextlib import nullcontext, suppress
from datetime import date
from typing import TypeVar

import pandas  # noqa: F401  # whole before any page: altair looks for it in the middle of another thread's import
import streamlit as st
from streamlit import net_util

import ingest
import research
from heard.ui import signing_in
from heard.ui.ask import how_many
from heard.ui.made import Answers
from research.access import Member
from research.config import Settings
from research.errors import HeardError, Refused
from research.repository import Repository

# Streamlit would ask a server of Amazon's for this machine's address whenever a page of elsewhere knocks.
for _asks in ("get_external_ip", "get_internal_ip"):
    setattr(net_util, _asks, lambda: None)

T = TypeVar("T")

_MOST = 2_000  # things of a list that are shown at once
_answers = Answers()


@st.cache_resource(show_spinner=False)  # a spinner wants a page, and whoever asks for health has none
def _open(home: str, settings: Settings) -> Repository:
    repo = research.open(settings=settings)
    # The model takes seconds to load: begin when the first page is opened, not when the first question is asked.
    threading.Thread(target=repo.warm_up).start()
    return repo


def warm_up() -> None:
    """Load what the first upload needs, and take what is there by then out of what Python looks through for garbage: it
    never goes away, and Streamlit has all of it looked through after every click, for a tenth of a second or two in
    which nobody else's page goes on."""
    with suppress(HeardError):  # a page will say it
        ingest.warm_up(opened())
    gc.collect()
    gc.freeze()


def settings() -> Settings:
    """The settings as they are in the environment."""
    return Settings.from_env(os.environ)


def opened() -> Repository:
    """The repository that HEARD_HOME names, opened once for the process, for nobody in particular."""
    chosen = settings()
    return _open(str(chosen.home), chosen)


def repository() -> Repository:
    """The repository, for whoever is at the page. Raises Refused for whoever is not let in."""
    repo = opened()
    who = signing_in.member(repo)
    if who is None:
        raise Refused("Sign in first.")
    held: Repository | None = st.session_state.get("hd_repository")
    if held is None or held.member != who or held.engine is not repo.engine:
        held = st.session_state["hd_repository"] = repo.as_member(who)
    return held


def visitor() -> tuple[Member | None, str]:
    """Who is at the page; or None, and a sentence why they are not let in ("" where they have to sign in first)."""
    try:
        return repository().member, ""
    except HeardError as error:
        return None, "" if signing_in.configured() and not st.user.is_logged_in else str(error)


def today() -> date:
    """The day it is where the app runs."""
    return date.today()


def shown(page: int) -> int:
    """How many things of a list the page's address asks for; one page of them, where it says nothing."""
    return how_many(param("show"), page, _MOST)


def param(name: str) -> str:
    """One value from the address bar, "" when it is not there."""
    return st.query_params.get(name, "")


def once(name: str, of: Hashable, make: Callable[[], T]) -> T:
    """What `make` gives, not at every click and not for everybody: who may read the same is shown the same. Made anew
    when what it is made `of` has changed, when anything was written (nobody's words may be shown who were forgotten
    meanwhile), and on another day, since consent ends by the day."""
    repo = repository()
    answer = _answers.of((repo.engine, today(), repo.version()), (name, of, repo.member.role, repo.member.teams))
    with nullcontext() if answer.ready else st.spinner("Looking through what people said …"):
        made: T = answer.get(make)
    return made

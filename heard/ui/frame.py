"""What stands around every page: the look, the links, and errors said as sentences."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Literal

import streamlit as st

from heard.ui import links
from heard.ui.html import esc, md
from research.errors import HeardError

_STYLE = Path(__file__).with_name("style.css")


@contextmanager
def frame(width: Literal["narrow", "wide"] = "narrow", *, anchor: str = "", leaving: bool = False) -> Iterator[None]:
    """A page: everything inside is as wide as reading (or a table) wants; a HeardError becomes its sentence."""
    st.html(_STYLE)
    links.follow(anchor, leaving=leaving)
    with st.container(key=f"hd-{width}"):
        _say_what_was_left()
        try:
            yield
        except HeardError as error:
            st.warning(md(error), icon=":material/info:")


def title(text: str, lead: str = "") -> None:
    """A page's heading with a line beneath; both plain text."""
    st.html(f'<h1 class="hd-title">{esc(text)}</h1>' + (f'<p class="hd-lead">{esc(lead)}</p>' if lead else ""))


def heading(text: str, lead: str = "") -> None:
    """A heading within a page; plain text."""
    st.html(f'<h2 class="hd-heading">{esc(text)}</h2>' + (f'<p class="hd-small">{esc(lead)}</p>' if lead else ""))


def attempt(action: Callable[..., object], *args: object, said: str = "", **named: object) -> None:
    """Do something that a click asks for, and leave word of it (`said`), or of why it could not be done."""
    try:
        action(*args, **named)
    except HeardError as error:
        leave_word(str(error))
        return
    if said:
        leave_word(said)


def leave_word(sentence: str) -> None:
    """Say something at the top of the next run: what a callback did, or why it could not."""
    st.session_state["hd_word"] = sentence


def _say_what_was_left() -> None:
    if sentence := st.session_state.pop("hd_word", ""):
        st.info(md(sentence), icon=":material/info:")

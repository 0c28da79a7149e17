"""What is asked of the page "Before you ask", and where pasted lists are kept that are too long for an address: in the
app's memory, so that a reload or a link finds them."""

from __future__ import annotations

import hashlib
import threading
from collections import OrderedDict
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import streamlit as st

from heard.ui.ask import LONGEST

_KEPT = 50  # lists; the one that nobody looked at longest goes first


@dataclass(frozen=True, slots=True)
class Asked:
    """What an address asks to be checked: the list, and what of the repository counts."""

    text: str
    teams: tuple[str, ...]
    days: int | None

    def arguments(self, today: date) -> dict[str, Any]:
        """For `Repository.check`."""
        return {"team": list(self.teams) or None, "since": today - timedelta(days=self.days) if self.days else None}


class _Lists:
    """Texts by what they hold; shared by everybody's pages."""

    def __init__(self) -> None:
        self._texts: OrderedDict[str, str] = OrderedDict()
        self._lock = threading.Lock()

    def put(self, text: str) -> str:
        """Keep a text and give the name that brings it back."""
        name = hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()[:20]
        with self._lock:
            self._texts[name] = text
            self._texts.move_to_end(name)
            while len(self._texts) > _KEPT:
                self._texts.popitem(last=False)
        return name

    def get(self, name: str) -> str | None:
        """The text of that name, None when it is not kept any more."""
        with self._lock:
            if name in self._texts:
                self._texts.move_to_end(name)
            return self._texts.get(name)


@st.cache_resource(show_spinner=False)
def _lists() -> _Lists:
    return _Lists()


def params(text: str) -> dict[str, str]:
    """What an address holds of a pasted list: the text, or where it is too long a name for it."""
    if not text.strip():
        return {}
    return {"text": text} if len(text) <= LONGEST else {"list": _lists().put(text)}


def text(given: str, name: str) -> str | None:
    """The list that an address means; None when it names one that is not kept any more."""
    return _lists().get(name) if name and not given else given

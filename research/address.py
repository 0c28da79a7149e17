"""Addresses inside the app, relative so that they hold behind any prefix; documents put the app's own before them."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from urllib.parse import quote, urlencode

from research.errors import BadInput


def address(page: str, params: Mapping[str, str | Sequence[str]]) -> str:
    """The address of a page, relative so that it holds behind any prefix; "" is the front page."""
    kept = {name: value for name, value in params.items() if value}
    query = urlencode(kept, doseq=True, quote_via=quote)
    return (page or "./") + (f"?{query}" if query else "")


def note(id_: str, passage: str = "") -> str:
    """The address of a note, at a passage."""
    return address("note", {"id": id_, "passage": passage})


def base(url: str) -> str:
    """Where the app is found, ready for an address behind it; "" where nobody says so. Raises BadInput."""
    told = url.strip()
    if told and not re.match(r"https?://[^/?#]", told, re.I):
        raise BadInput(f"“{url[:200]}” is no address of the app. It begins with http:// or https://.")
    if any(char in told for char in "<>\"' \n\\"):
        raise BadInput(f"“{url[:200]}” is no address of the app: there is a character in it that no address has.")
    return told.rstrip("/") + "/" if told else ""

"""Dates as people say them: on pages, on the command line, and in the sentences of refusals."""

from __future__ import annotations

from datetime import date


def day(value: date | None) -> str:
    """ "14 Oct 2026"; "undated" where there is none."""
    return f"{value.day} {value:%b %Y}" if value else "undated"


def coming(value: date, today: date) -> str:
    """ "12 Jan" for a day within the year to come, else "12 Jan 2028"."""
    return f"{value.day} {value:%b}" if 0 <= (value - today).days < 330 else day(value)

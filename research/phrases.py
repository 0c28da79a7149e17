"""Numbers and names as people say them: on pages, on the command line, in documents."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Protocol

from research.dates import day


class Kept(Protocol):
    """What may be kept to a team: a study, a note of it, or a passage."""

    @property
    def team(self) -> str: ...
    @property
    def closed(self) -> bool: ...
    @property
    def opens(self) -> date | None: ...


_SMALL = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")


def count(value: int, one: str, many: str = "") -> str:
    """ "1 note", "1,204 notes"."""
    return f"{value:,} {one if value == 1 else many or one + 's'}"


def number(value: int) -> str:
    """ "three", "12"."""
    return _SMALL[value] if 0 <= value < len(_SMALL) else f"{value:,}"


def spelled(value: int, one: str, many: str = "") -> str:
    """ "one team", "12 teams"."""
    return f"{number(value)} {one if value == 1 else many or one + 's'}"


def first_up(text: str) -> str:
    """A sentence begins with a capital."""
    return text[:1].upper() + text[1:]


def listed(names: Sequence[str], last: str = "and") -> str:
    """ "Billing", "Billing and Growth", "Billing, Growth and Support"."""
    return f" {last} ".join(filter(None, (", ".join(names[:-1]), *names[-1:])))


def read_by(what: Kept) -> str:
    """ "only Growth reads this", "only Growth reads this until 31 Jan 2027"; "" where everybody does."""
    return f"only {what.team} reads this{f' until {day(what.opens)}' if what.opens else ''}" if what.closed else ""

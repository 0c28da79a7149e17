"""Numbers and names as people say them: on pages, on the command line, in documents."""

from __future__ import annotations

from collections.abc import Sequence

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

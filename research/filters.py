"""Which part of the repository a question is asked of; understood alike by SQL and by the vector index."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, replace
from datetime import date
from typing import Any, TypedDict

from research.errors import BadInput


@dataclass(frozen=True, slots=True)
class Filter:
    """Every field narrows; the values within one field widen. `since` and `until` are both inclusive.

    `note` holds ids. A passage of an undated note is outside any span of dates. `not_team` and `not_note` leave out.
    `consented_on` leaves out whoever's consent does not hold on that day any more, `not_study` studies by number.
    """

    team: tuple[str, ...] = ()
    study: tuple[str, ...] = ()
    note: tuple[str, ...] = ()
    participant: tuple[str, ...] = ()
    segment: tuple[str, ...] = ()
    account: tuple[str, ...] = ()
    tag: tuple[str, ...] = ()
    since: date | None = None
    until: date | None = None
    not_team: tuple[str, ...] = ()
    not_note: tuple[str, ...] = ()
    consented_on: date | None = None
    not_study: tuple[int, ...] = ()

    def __bool__(self) -> bool:
        return any(getattr(self, f.name) for f in fields(self))

    def and_also(self, other: Filter) -> Filter:
        """Both filters at once, as far as one can say it: the other's values are used where this one has none.

        Where both name values of one field, only those named by both remain; if none does, nothing can match, which
        is said with a value that no passage has.
        """
        merged: dict[str, object] = {}
        for f in fields(self):
            mine, theirs = getattr(self, f.name), getattr(other, f.name)
            if f.name in ("since", "consented_on"):
                merged[f.name] = max(filter(None, (mine, theirs)), default=None)
            elif f.name == "until":
                merged[f.name] = min(filter(None, (mine, theirs)), default=None)
            elif mine and theirs and not f.name.startswith("not_"):
                lowered = {str(value).casefold() for value in theirs}
                merged[f.name] = tuple(value for value in mine if value.casefold() in lowered) or ("\0",)
            else:
                merged[f.name] = (*mine, *theirs)
        return replace(self, **merged)  # type: ignore[arg-type]  # the names come from the fields themselves


class Narrowing(TypedDict, total=False):
    """What callers narrow by: one value or several of each, and days as dates or as text such as "2026-08-01".

    A note is an id or a title.
    """

    team: str | Sequence[str] | None
    study: str | Sequence[str] | None
    note: str | Sequence[str] | None
    participant: str | Sequence[str] | None
    segment: str | Sequence[str] | None
    account: str | Sequence[str] | None
    tag: str | Sequence[str] | None
    since: date | str | None
    until: date | str | None


class Choosing(TypedDict, total=False):
    """What notes are chosen by that are handed out: some by id or title, else those of teams, studies and days."""

    team: str | Sequence[str] | None
    study: str | Sequence[str] | None
    note: str | Sequence[str] | None
    since: date | None
    until: date | None


def filtered(said: Narrowing) -> Filter:
    """A filter of what a caller passes by name. Raises BadInput for a date that is none, TypeError for another name."""
    if unknown := said.keys() - Narrowing.__annotations__.keys():
        raise TypeError(f"One cannot narrow by {', '.join(sorted(unknown))}.")
    given: Mapping[str, Any] = said
    named: dict[str, Any] = {name: day(given.get(name), name) for name in ("since", "until")}
    named |= {name: values(given.get(name)) for name in Narrowing.__annotations__.keys() - named.keys()}
    return Filter(**named)


def values(given: str | Sequence[str] | None) -> tuple[str, ...]:
    """A filter's values from what a caller passes: nothing, one, or several."""
    if given is None:
        return ()
    if isinstance(given, str):
        return (given,) if given else ()
    return tuple(given)


def day(given: date | str | None, what: str) -> date | None:
    """A date from a date or "2026-08-01" ("2026-08" is its first day); `what` names it in the error."""
    if given is None or isinstance(given, date):
        return given
    text = f"{given}-01" if len(given) == 7 else given
    try:
        return date.fromisoformat(text)
    except ValueError:
        shown = given if len(given) <= 40 else f"{given[:40]}…"
        raise BadInput(f"“{shown}” is not a date for {what}. Write it as year-month-day, such as 2026-08-01.") from None

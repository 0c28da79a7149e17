"""A question with its filters: what the address bar holds, what the core is asked, and what the pills show."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any, Protocol

from research import dates

LISTS = ("team", "study", "segment", "account", "tag", "participant", "note")
PAGE = 10  # hits that are shown at first, and how many "show more" adds
MOST = 200
LONGEST = 1500  # characters of a question that an address can carry without being cut by some mail program


class Params(Protocol):
    """The part of `st.query_params` that is read here."""

    def get_all(self, key: str, /) -> list[str]: ...


@dataclass(frozen=True, slots=True)
class Ask:
    """A search as one value. `days` is "the last so many days"; `since` and `until` are as the address has them."""

    q: str = ""
    team: tuple[str, ...] = ()
    study: tuple[str, ...] = ()
    segment: tuple[str, ...] = ()
    account: tuple[str, ...] = ()
    tag: tuple[str, ...] = ()
    participant: tuple[str, ...] = ()
    note: tuple[str, ...] = ()
    days: int | None = None
    since: str = ""
    until: str = ""
    limit: int = PAGE

    @property
    def narrowed(self) -> bool:
        """Whether any filter is on."""
        return any(getattr(self, name) for name in LISTS) or bool(self.days or self.since or self.until)

    @property
    def empty(self) -> bool:
        """Whether there is nothing to search for."""
        return not self.q.strip() and not self.narrowed

    def without_filters(self) -> Ask:
        """The same question, asked of everything."""
        return Ask(q=self.q)

    def without(self, name: str, value: str) -> Ask:
        """One filter less; `name` "time" is all three of its parts."""
        if name == "time":
            return replace(self, days=None, since="", until="", limit=PAGE)
        fewer: dict[str, Any] = {name: tuple(v for v in getattr(self, name) if v != value)}
        return replace(self, **fewer, limit=PAGE)

    def params(self) -> dict[str, str | list[str]]:
        """For the address bar; only what is set."""
        said: dict[str, str | list[str]] = {"q": self.q if len(self.q) <= LONGEST else ""}
        said |= {name: list(getattr(self, name)) for name in LISTS}
        said |= {"days": str(self.days or ""), "since": self.since, "until": self.until}
        said["show"] = str(self.limit) if self.limit != PAGE else ""
        return {name: value for name, value in said.items() if value}

    def typed(self) -> str:
        """The search as one would type it, without its time: to follow it."""
        named = ("team", "study", "segment", "account", "tag")
        filters = (f'{name}:"{value.replace(chr(34), " ")}"' for name in named for value in getattr(self, name))
        return " ".join((" ".join(self.q.split()), *filters))

    def arguments(self, today: date) -> dict[str, Any]:
        """For `Repository.search`: within one note or of one person, everything that person said counts."""
        since = (today - timedelta(days=self.days)).isoformat() if self.days else self.since
        lists = {name: list(getattr(self, name)) or None for name in LISTS}
        together = bool(self.participant or self.note)
        return {
            **lists,
            "since": since or None,
            "until": self.until or None,
            "limit": self.limit,
            "per_person": None if together else 2,
        }

    def time_label(self) -> str:
        """The time filter in words, "" when it is off."""
        if self.days:
            return f"Last {self.days} days"
        first, last = (_shown(value) for value in (self.since, self.until))
        if first and last:
            return f"{first} to {last}"
        return f"Since {first}" if first else f"Until {last}" if last else ""

    def active(self, note_titles: dict[str, str]) -> list[tuple[str, str, str]]:
        """Every filter that is on, as (name, value, what its pill says)."""
        on = [
            (name, value, note_titles.get(value, value) if name == "note" else value)
            for name in LISTS
            for value in getattr(self, name)
        ]
        return [*on, ("time", "", self.time_label())] if self.time_label() else on


def from_params(params: Params) -> Ask:
    """What an address asks. Values that mean nothing are left for the core to refuse, never dropped to "everything"."""

    def one(name: str) -> str:
        return next(iter(params.get_all(name)), "")

    lists: dict[str, Any] = {name: tuple(dict.fromkeys(filter(None, params.get_all(name)))) for name in LISTS}
    days = one("days")
    known = number(days) if number(days) < 100_000 else 0
    return Ask(
        q=one("q"),
        **lists,
        days=known or None,
        since=one("since") or ("" if known else days),
        until=one("until"),
        limit=how_many(one("show"), PAGE, MOST),
    )


def how_many(said: str, page: int, most: int) -> int:
    """How many things of a list an address asks for: one page of them, where it says nothing that means anything."""
    return min(number(said), most) or page


def number(said: str) -> int:
    """A whole number in an address, of no more digits than anything here has, else 0."""
    return int(said) if said.isdecimal() and len(said) <= 9 else 0


def names() -> Iterable[str]:
    """The parameters that belong to a search."""
    return ("q", *LISTS, "days", "since", "until", "show")


def _shown(value: str) -> str:
    try:
        return dates.day(date.fromisoformat(value)) if value else ""
    except ValueError:
        return value

"""Which participants to list: what the address bar holds, and whom that leaves."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Protocol

from heard.ui.ask import number
from research.contact import STATES
from research.person import PersonSummary

LISTS = ("state", "segment", "account", "team")
# What a pill says -> the word in the address.
ONLY = {"heard by several teams": "several", "over-asked": "often", "consent ends soon": "ending"}
PAGE = 50


class Params(Protocol):
    """The part of `st.query_params` that is read here."""

    def get_all(self, key: str, /) -> list[str]: ...


@dataclass(frozen=True, slots=True)
class Whom:
    """A choice of participants as one value; values within a field widen, the fields narrow, and all of `only` hold."""

    state: tuple[str, ...] = ()
    segment: tuple[str, ...] = ()
    account: tuple[str, ...] = ()
    team: tuple[str, ...] = ()
    only: tuple[str, ...] = ()
    page: int = 1

    @property
    def narrowed(self) -> bool:
        """Whether any filter is on."""
        return any(getattr(self, name) for name in (*LISTS, "only"))

    def params(self) -> dict[str, str | list[str]]:
        """For the address bar; only what is set."""
        said: dict[str, str | list[str]] = {name: list(getattr(self, name)) for name in (*LISTS, "only")}
        said["page"] = str(self.page) if self.page > 1 else ""
        return {name: value for name, value in said.items() if value}

    def active(self) -> list[tuple[str, str, str]]:
        """Every filter that is on, as (name, value, what its pill says)."""
        labels = {word: label for label, word in ONLY.items()}
        return [
            (name, value, labels.get(value, value) if name == "only" else value)
            for name in (*LISTS, "only")
            for value in getattr(self, name)
        ]

    def without(self, name: str, value: str) -> Whom:
        """One filter less."""
        fewer: dict[str, Any] = {name: tuple(v for v in getattr(self, name) if v != value)}
        return replace(self, **fewer, page=1)

    def of(self, people: Iterable[PersonSummary], ending: Collection[str]) -> list[PersonSummary]:
        """Those whom it leaves: free ones first, and of these who was least asked and least heard, as a list to ask
        from should be. `ending` are those whose consent ends soon."""
        wanted = {name: {value.casefold() for value in getattr(self, name)} for name in LISTS}
        left = [one for one in people if _fits(one, wanted) and all(_is(one, what, ending) for what in self.only)]
        return sorted(left, key=_least_asked)


def from_params(params: Params) -> Whom:
    """What an address asks for; a value that nobody has leaves nobody."""
    lists: dict[str, Any] = {
        name: tuple(dict.fromkeys(filter(None, params.get_all(name)))) for name in (*LISTS, "only")
    }
    return Whom(**lists, page=number(next(iter(params.get_all("page")), "")) or 1)


def _fits(one: PersonSummary, wanted: dict[str, set[str]]) -> bool:
    has = {
        "state": (one.standing.state,),
        "segment": (one.segment.casefold(),),
        "account": (one.account.casefold(),),
        "team": tuple(name.casefold() for name in one.teams),
    }
    return all(not values or values & set(has[name]) for name, values in wanted.items())


def _is(one: PersonSummary, what: str, ending: Collection[str]) -> bool:
    return {"several": len(one.teams) > 1, "often": one.often, "ending": one.pseudonym in ending}.get(what, False)


def _least_asked(one: PersonSummary) -> tuple[Any, ...]:
    until = one.standing.until or date.max
    return STATES.index(one.standing.state), until, one.contacts, one.notes, one.last or date.min, one.pseudonym


def choices(people: Sequence[PersonSummary]) -> dict[str, tuple[str, ...]]:
    """What the participants can be narrowed by, as it occurs."""
    teams = {team for one in people for team in one.teams}
    states = {one.standing.state for one in people}
    return {
        "state": tuple(state for state in STATES if state in states),
        "segment": _sorted(one.segment for one in people),
        "account": _sorted(one.account for one in people),
        "team": _sorted(teams),
    }


def _sorted(names: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted({name for name in names if name}, key=str.casefold))

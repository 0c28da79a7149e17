"""Who may do and read what: members of the company, their roles, and studies that are not open to everybody. Pure.

A role says what somebody may do, a team what they may read of studies that are kept to it, and for which studies they
may bring something in. No role opens a closed study: who has to read it is made a member of its team, and the audit
says so.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import wraps
from typing import Concatenate, Literal, ParamSpec, TypeVar

from research.errors import Refused

Role = Literal["", "viewer", "researcher", "lead", "admin"]
Right = Literal["ask", "research", "govern", "administer"]

ROLES: tuple[Role, ...] = ("viewer", "researcher", "lead", "admin")  # each may do what those before it may
NEEDS: dict[Right, Role] = {
    "ask": "viewer",  # keep questions and follow searches
    "research": "researcher",  # bring notes in, tag, name themes, claim insights, plan whom to contact
    "govern": "lead",  # see who participants are, erase, set rules, the taxonomy and how long notes are kept
    "administer": "admin",  # let people in, and look after the repository itself
}
_TOLD: dict[Right, str] = {
    "ask": "Keeping questions and following searches",
    "research": "Adding and changing research",
    "govern": "Looking after names, erasure, rules and the taxonomy",
    "administer": "Looking after members and the repository",
}

S = TypeVar("S")
P = ParamSpec("P")
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody of the company. `who` is their e-mail address, or the name of whoever works at this machine.

    `teams` are those they belong to; None is every team, as for whoever has the repository's files. Without a role
    they may do nothing.
    """

    who: str
    role: Role = ""
    teams: frozenset[str] | None = frozenset()
    name: str = ""

    def may(self, right: Right) -> bool:
        """Whether their role gives them a right."""
        return self.role in ROLES[ROLES.index(NEEDS[right]) :]

    def of(self, team: str) -> bool:
        """Whether they belong to a team; case does not matter."""
        return self.teams is None or team.casefold() in {name.casefold() for name in self.teams}

    def only(self, teams: Iterable[str]) -> Member:
        """The same, as far as they belong to one of these teams: for what others of these are to read."""
        return replace(self, teams=frozenset(team for team in teams if self.of(team)))


def local(who: str) -> Member:
    """Whoever works at the machine that holds the repository: they have its files, so nothing is kept from them."""
    return Member(who, "admin", None)


@dataclass(frozen=True, slots=True)
class Sight:
    """What may be seen: not what was said by people whose consent has ended by `day`, and nothing of the studies
    `closed`, by their numbers."""

    day: date
    closed: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Reader:
    """Who is at work, and the clock."""

    member: Member
    now: Callable[[], datetime]

    @property
    def who(self) -> str:
        """How the audit and histories name them."""
        return self.member.who

    @property
    def today(self) -> date:
        """The day it is."""
        return self.now().date()

    def hold(self, right: Right) -> None:
        """Raises Refused where they don't have a right."""
        if not self.member.may(right):
            role = NEEDS[right]
            raise Refused(
                f"{_TOLD[right]} is for {'an' if role[0] in 'aeiou' else 'a'} {role}, and you are "
                f"{_a(self.member.role)}. Ask somebody who looks after Heard in your company."
            )

    def hold_team(self, team: str) -> None:
        """Raises Refused where they don't belong to a team."""
        if not self.member.of(team):
            raise Refused(
                f"You don’t belong to the team “{team}”, so you can’t add to its studies or change them. Choose a team "
                "of yours, or ask somebody who looks after Heard in your company."
            )


def needs(right: Right) -> Callable[[Callable[Concatenate[S, P], T]], Callable[Concatenate[S, P], T]]:
    """Says what right a method needs, of an object that has a `_reader`; whoever doesn't have it is refused before
    anything is done."""

    def guarded(method: Callable[Concatenate[S, P], T]) -> Callable[Concatenate[S, P], T]:
        @wraps(method)
        def checked(self: S, /, *args: P.args, **named: P.kwargs) -> T:
            self._reader.hold(right)  # type: ignore[attr-defined]
            return method(self, *args, **named)

        checked.needs = right  # type: ignore[attr-defined]  # for the test that no method goes without
        return checked

    return guarded


def _a(role: Role) -> str:
    return f"{'an' if role[:1] in 'ao' else 'a'} {role}" if role else "not a member yet"

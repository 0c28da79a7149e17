"""The people of the company who work with the repository: whom it lets in, as what, and for which teams."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from research.access import ROLES, Member, Role, needs
from research.config import SignIn
from research.errors import BadInput, NotFound, Refused
from research.events import say
from research.phrases import listed
from research.register import Register
from research.signing_in import member_of, who_is
from research.store import access as store
from research.store.database import write_at_once, writing


@dataclass(frozen=True, slots=True)
class Known:
    """A member as the members page knows them, and when they were last there (None: never)."""

    member: Member
    seen: datetime | None


class Members:
    """The members of a repository (`repo.members`)."""

    def __init__(self, register: Register) -> None:
        self._register = register
        self._reader = register.reader

    @needs("administer")
    def all(self) -> list[Known]:
        """Everybody who was let in or came by themselves, by address."""
        with self._register.engine.connect() as connection:
            return [Known(member, seen) for member, seen in store.members(connection)]

    @needs("administer")
    def put(self, who: str, *, role: Role | str, teams: Iterable[str] | None = (), name: str = "") -> None:
        """Let somebody in by their e-mail address, or change what they are; `teams` None is all. Raises BadInput.

        Teams open what is kept to them, so whoever joins one is written down. Nobody takes their own role away, so that
        somebody is left who can give it back.
        """
        known = who.strip().casefold()
        if "@" not in known or len(known) > 200:
            raise BadInput(f"“{who}” is no e-mail address, which members are known by.")
        if role not in ROLES:
            raise BadInput(f"“{role}” is no role. Roles are {listed(ROLES)}.")
        self._not_myself(known, role)
        given = None if teams is None else frozenset(filter(None, (" ".join(team.split()) for team in teams)))
        member = Member(known, role, given, " ".join(name.split()))
        told = "every team" if given is None else listed(sorted(given)) or "no team"
        with writing(self._register.engine).begin() as connection:
            store.put_member(connection, member)
            self._register.write_down(connection, "member changed", detail=f"{known}: {role}, {told}")

    @needs("administer")
    def remove(self, who: str) -> None:
        """Let somebody in no longer; what they did stays under their name. Raises NotFound."""
        known = who.strip().casefold()
        self._not_myself(known, "")
        with writing(self._register.engine).begin() as connection:
            if not store.drop_member(connection, known):
                raise NotFound(f"There is no member {who}.")
            self._register.write_down(connection, "member removed", detail=known)

    def sign_in(self, claims: Mapping[str, Any], rules: SignIn) -> Member:
        """The member whom a provider's claims are about, as things are now. Raises Refused where they can't be told."""
        who, engine = who_is(claims), self._register.engine
        with engine.connect() as connection:
            kept, seen = store.member(connection, who)
        now = self._reader.now()
        try:
            member = member_of(claims, kept, rules, now)
        except Refused:
            say("sign-in refused", because="claims")
            raise
        if not member.role:
            say("sign-in refused", because="no role")
        elif (seen is None or seen.date() != now.date()) and write_at_once(
            engine, lambda connection: store.note_seen(connection, member, now)
        ):
            say("signed in", role=member.role)  # once a day; who it was, the members page says
        return member

    def _not_myself(self, who: str, role: str) -> None:
        if who == self._reader.who.casefold() and role != "admin":
            raise Refused("You can’t take your own role away. Let another admin do it.")

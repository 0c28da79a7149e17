"""Tokens: what a program shows to read as a member, under the same rules, and no more than read.

A token is shown once, when it is made; what is kept is its SHA-256, which cannot be turned back, since the token is 32
random bytes. It stands on the list of members alone: no identity provider is asked when a program comes.
"""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from research.access import Member, needs
from research.errors import BadInput, NotFound
from research.events import say
from research.register import Register
from research.store import access
from research.store import tokens as store
from research.store.database import write_at_once, writing

PREFIX = "heard_"  # so that whoever finds one knows what it is, and scanners for secrets can
_LONGEST = 200
_MOST_DAYS = 3_650


@dataclass(frozen=True, slots=True)
class Token:
    """What is known of a token: its number, whose it is, what it is for, when it was made, the last day on which it is
    good (None: always) and on which it was used (None: never)."""

    number: int
    who: str
    name: str
    made: datetime
    expires: date | None
    used: date | None


class Tokens:
    """The tokens of a repository's members (`repo.tokens`)."""

    def __init__(self, register: Register) -> None:
        self._register = register
        self._reader = register.reader

    @needs("administer")
    def all(self) -> list[Token]:
        """All tokens, by whose they are."""
        with self._register.engine.connect() as connection:
            return [Token(row.id, row.who, row.name, row.made, row.expires, row.used) for row in store.all_(connection)]

    @needs("administer")
    def add(self, who: str, *, name: str, days: int | None = None) -> str:
        """Make a token for a member, good for so many days (None: until it is removed), and give it: it is kept
        nowhere. Raises BadInput, NotFound for whoever is not on the list of members."""
        known, called = who.strip().casefold(), " ".join(name.split())
        if not called or len(called) > _LONGEST:
            raise BadInput(f"Say what the token is for, in at most {_LONGEST} characters.")
        if days is not None and not 1 <= days <= _MOST_DAYS:
            raise BadInput(f"A token is good for 1 to {_MOST_DAYS} days, or until it is removed.")
        made, secret = self._reader.now(), PREFIX + secrets.token_urlsafe(32)
        expires = made.date() + timedelta(days=days) if days else None
        with writing(self._register.engine).begin() as connection:
            member, _ = access.member(connection, known)
            if member is None or not member.role:
                raise NotFound(
                    f"There is no member {who} with a role. Let them in first, with `heard members add` or on the page "
                    "Members: a token stands on what is said there, whatever an identity provider says."
                )
            store.put(connection, known, called, _hash(secret), made, expires)
            self._register.write_down(connection, "token made", detail=f"{known}: {called}")
        return secret

    @needs("administer")
    def remove(self, number: int) -> None:
        """Let whoever has a token in no longer, from their next request on. Raises NotFound."""
        with writing(self._register.engine).begin() as connection:
            row = store.drop(connection, number)
            if row is None:
                raise NotFound(f"There is no token {number}. `heard token list` names those there are.")
            self._register.write_down(connection, "token removed", detail=f"{row.who}: {row.name}")

    def member(self, secret: str) -> Member | None:
        """Whom a token lets read, as things are now: a viewer of their teams, whatever else they may do in the app.

        None for a token that is unknown, was removed or has ended, and for whoever is no member any more. It is looked
        up by its hash, of which nobody who tries can choose a part.
        """
        today, engine = self._reader.today, self._register.engine
        row = None
        if secret.startswith(PREFIX) and len(secret) < _LONGEST:
            with engine.connect() as connection:
                row = store.known(connection, _hash(secret))
                member, _ = access.member(connection, row.who) if row else (None, None)
        if row is None or member is None or not member.role or (row.expires and row.expires < today):
            say("token refused", because="unknown" if row is None else "ended" if member and member.role else "no role")
            return None
        if row.used != today:
            write_at_once(engine, lambda connection: store.note_used(connection, row.id, today))
        return replace(member, role="viewer")


def _hash(secret: str) -> str:
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()

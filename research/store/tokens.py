"""Tokens by which programs read as a member: hashes, with whose they are and until when they are good."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, Row, delete, select, update

from research.store import schema
from research.store.database import insert_row

_token = schema.token.c


def put(connection: Connection, who: str, name: str, hash_: str, made: datetime, expires: date | None) -> int:
    """Keep a token of a member; returns its number."""
    return insert_row(connection, schema.token, who=who, name=name, hash=hash_, made=made, expires=expires)


def all_(connection: Connection) -> Sequence[Row[Any]]:
    """All tokens by whose they are, the oldest first."""
    return connection.execute(select(schema.token).order_by(_token.who, _token.id)).all()


def known(connection: Connection, hash_: str) -> Row[Any] | None:
    """The token of a hash, None where there is none."""
    return connection.execute(select(schema.token).where(_token.hash == hash_)).first()


def drop(connection: Connection, number: int) -> Row[Any] | None:
    """Take a token away; returns what was kept of it, None where there was none."""
    row = connection.execute(select(schema.token).where(_token.id == number)).first()
    connection.execute(delete(schema.token).where(_token.id == number))
    return row


def note_used(connection: Connection, number: int, day: date) -> None:
    """Remember the last day on which a token was used."""
    connection.execute(update(schema.token).where(_token.id == number).values(used=day))

"""Days on which participants are or were contacted, and what they said about being contacted at all."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import Connection, delete, select, update

from research.contact import Mark
from research.errors import NotFound
from research.store import schema
from research.store.database import insert_row

_person, _contact = schema.participant.c, schema.contact.c


def put_mark(connection: Connection, id_: int, mark: Mark) -> None:
    """Say what somebody said about being contacted ("" for nothing)."""
    connection.execute(update(schema.participant).where(_person.id == id_).values(mark=mark))


def put_contact(connection: Connection, id_: int, day: date, team: str, purpose: str, by: str, reason: str) -> int:
    """Write down that somebody is (or was) contacted on a day; returns its number."""
    return insert_row(
        connection, schema.contact, participant_id=id_, day=day, team=team, purpose=purpose, by=by, reason=reason
    )


def contacts(connection: Connection, id_: int) -> list[Any]:
    """What was planned or noted by hand, newest first: id, day, team, purpose, by, reason."""
    query = select(*schema.contact.c).where(_contact.participant_id == id_)
    return list(connection.execute(query.order_by(_contact.day.desc(), _contact.id.desc())))


def drop_contact(connection: Connection, number: int) -> int:
    """Take a planned contact back; returns whose it was. Raises NotFound."""
    id_ = connection.scalar(select(_contact.participant_id).where(_contact.id == number))
    if id_ is None:
        raise NotFound("This contact is not planned any more.")
    connection.execute(delete(schema.contact).where(_contact.id == number))
    return int(id_)

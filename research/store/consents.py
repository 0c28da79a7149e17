"""What participants agreed to, and from which day on nothing of theirs is shown."""

from __future__ import annotations

from datetime import date, timedelta

from sqlalchemy import Connection, and_, delete, insert, select, update

from research.contact import Consent
from research.store import schema
from research.store.index_state import relabelled

_person, _consent = schema.participant.c, schema.consent.c


def put_consent(connection: Connection, id_: int, consent: Consent) -> None:
    """Write down a consent, in place of an earlier one of the same scope."""
    where = and_(_consent.participant_id == id_, _consent.scope == consent.scope)
    connection.execute(delete(schema.consent).where(where))
    connection.execute(
        insert(schema.consent).values(
            participant_id=id_, scope=consent.scope, given=consent.given, expires=consent.expires,
            withdrawn=consent.withdrawn,
        )
    )  # fmt: skip
    hide(connection, id_)


def withdraw(connection: Connection, id_: int, scope: str, day: date) -> int:
    """End consents on a day, one scope's or all ("" for all); returns how many."""
    where = [_consent.participant_id == id_, _consent.withdrawn.is_(None)]
    if scope:
        where.append(_consent.scope == scope)
    done = connection.execute(update(schema.consent).where(*where).values(withdrawn=day))
    hide(connection, id_)
    return done.rowcount


def hide(connection: Connection, id_: int) -> None:
    """Keep the day from which no consent of somebody's holds any more; None where there is none to end, or no end."""
    rows = connection.execute(select(_consent.expires, _consent.withdrawn).where(_consent.participant_id == id_)).all()
    ends = [
        min((day for day in (row.expires and row.expires + timedelta(days=1), row.withdrawn) if day), default=None)
        for row in rows
    ]
    hidden = None if not ends or None in ends else max(day for day in ends if day)
    connection.execute(update(schema.participant).where(_person.id == id_).values(hidden_from=hidden))
    relabelled(connection, [id_])


def anybody_hidden(connection: Connection, day: date) -> bool:
    """Whether there is anybody of whom nothing may be shown on a day."""
    return connection.scalar(select(_person.id).where(_person.hidden_from <= day).limit(1)) is not None


def hidden_between(connection: Connection, first: date, last: date) -> list[tuple[int, date]]:
    """Who is hidden from a day after `first` and up to `last` on, with that day, soonest first."""
    query = select(_person.id, _person.hidden_from).where(_person.hidden_from > first, _person.hidden_from <= last)
    return [(id_, day) for id_, day in connection.execute(query.order_by(_person.hidden_from, _person.id))]

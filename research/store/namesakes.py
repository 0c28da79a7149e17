"""One person or two: participants who have the same name, and what becomes of them when somebody has answered."""

from __future__ import annotations

from sqlalchemy import Connection, and_, delete, func, insert, or_, select, update

from research.store import schema
from research.store.consents import hide
from research.store.contacts import put_mark
from research.store.participants import describe, labels

_person, _consent, _different = schema.participant.c, schema.consent.c, schema.different.c


def pairs(connection: Connection) -> list[tuple[int, int, bool]]:
    """Pairs of participants with the same name, and whether they have the same account too.

    Not those of different accounts, of different e-mail addresses or CRM ids, or of whom a person said that they are
    not the same.
    """
    mine, theirs = schema.identity.alias("mine"), schema.identity.alias("theirs")
    one, other = schema.participant.alias("one"), schema.participant.alias("other")
    both = (
        mine.join(theirs, and_(mine.c.name_hash == theirs.c.name_hash, mine.c.participant_id < theirs.c.participant_id))
        .join(one, mine.c.participant_id == one.c.id)
        .join(other, theirs.c.participant_id == other.c.id)
    )
    apart = select(_different.one).where(_different.one == one.c.id, _different.other == other.c.id).exists()
    same = func.lower(one.c.account) == func.lower(other.c.account)
    query = (
        select(one.c.id, other.c.id, and_(same, one.c.account != ""))
        .select_from(both)
        .where(
            or_(same, one.c.account == "", other.c.account == ""),
            func.coalesce(mine.c.email_hash, theirs.c.email_hash, "")
            == func.coalesce(theirs.c.email_hash, mine.c.email_hash, ""),
            func.coalesce(mine.c.crm_hash, theirs.c.crm_hash, "")
            == func.coalesce(theirs.c.crm_hash, mine.c.crm_hash, ""),
            ~apart,
        )
    )
    return [(a, b, bool(alike)) for a, b, alike in connection.execute(query.order_by(one.c.id, other.c.id))]


def merge(connection: Connection, kept: int, other: int) -> None:
    """Make two participants one: all that is the other's becomes the first one's, and the other is no more.

    Their identities have to be put together before (`identities.put_identity`).
    """
    for table in (schema.turn, schema.passage, schema.contact):
        connection.execute(update(table).where(table.c.participant_id == other).values(participant_id=kept))
    mine = select(_consent.scope).where(_consent.participant_id == kept)
    connection.execute(
        update(schema.consent)
        .where(_consent.participant_id == other, _consent.scope.not_in(mine))
        .values(participant_id=kept)
    )
    theirs = labels(connection, other)
    gone = connection.execute(select(*schema.participant.c).where(_person.id == other)).one()
    stays = connection.execute(select(*schema.participant.c).where(_person.id == kept)).one()
    told = {name: getattr(gone, name) for name in ("segment", "account", "role") if not getattr(stays, name)}
    describe(connection, kept, **told)
    if gone.mark and not stays.mark:
        put_mark(connection, kept, gone.mark)
    connection.execute(delete(schema.participant).where(_person.id == other))
    connection.execute(insert(schema.alias), [{"label_hash": label, "participant_id": kept} for label in theirs])
    hide(connection, kept)


def say_different(connection: Connection, one: int, other: int) -> None:
    """Two participants are not the same person, whatever they have in common."""
    pair = {"one": min(one, other), "other": max(one, other)}
    if connection.execute(select(_different.one).filter_by(**pair)).first() is None:
        connection.execute(insert(schema.different).values(**pair))

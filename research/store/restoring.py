"""A database out of a backup, before it takes another's place: what the other one remembers and must not be lost."""

from __future__ import annotations

from sqlalchemy import Connection, delete, func, insert, select, update

from research.store import erasure, participants, schema
from research.store.database import given_numbers, go_on_from
from research.store.dialects import upsert
from research.store.index_state import raise_generation
from research.store.named_values import set_setting, setting
from research.store.schema import NEW

_KEPT_HIGHEST = ("generation", participants.HIGHEST)  # numbers that are never to be given again


def without_indexes(connection: Connection, model: str) -> None:
    """Say that every index is still to be made, whatever the files hold, by this model if another one made them."""
    connection.execute(update(schema.passage).values(state=schema.passage.c.state.bitwise_or(NEW)))
    connection.execute(delete(schema.gone))
    unmade = ["chroma", *(("model", "dimension") if setting(connection, "model") != model else ())]
    connection.execute(delete(schema.setting).where(schema.setting.c.key.in_(unmade)))
    raise_generation(connection, "cleared")
    set_setting(connection, erasure.TO_PURGE, "yes")


def keep_numbers(connection: Connection, before: Connection) -> None:
    """Go on counting where the other database had got to."""
    for key in _KEPT_HIGHEST:
        highest = max(int(setting(one, key) or 0) for one in (connection, before))
        set_setting(connection, key, str(highest))
    theirs = given_numbers(before)
    mine = {table: max(number, theirs.get(table, 0)) for table, number in given_numbers(connection).items()}
    go_on_from(connection, mine)


def keep_audit(connection: Connection, before: Connection) -> None:
    """Add the lines of the other database's audit that are not in this one."""
    columns = [column for column in schema.audit.c if column.name != "id"]
    there = {tuple(row) for row in connection.execute(select(*columns))}
    lines = before.execute(select(*columns).order_by(schema.audit.c.id))
    new = [row._asdict() for row in lines if tuple(row) not in there]
    if new:
        connection.execute(insert(schema.audit), new)


def keep_tokens_out(connection: Connection, before: Connection | None) -> None:
    """Leave only the tokens that the other database has too: a backup may hold some that were removed since."""
    still = select(schema.token.c.hash)
    known = list(before.scalars(still)) if before is not None else []
    connection.execute(delete(schema.token).where(schema.token.c.hash.not_in(known)))


def forgotten_since(connection: Connection, before: Connection) -> list[int]:
    """Participants of this database who were forgotten in the other one; it remembers them from now on too."""
    labels = list(before.scalars(select(schema.forgotten.c.label_hash)))
    if labels:
        connection.execute(
            upsert(connection, schema.forgotten).on_conflict_do_nothing(), [{"label_hash": label} for label in labels]
        )
    return sorted(set(participants.by_label(connection, labels).values()))


def notes(connection: Connection) -> int:
    """How many notes a database has."""
    return connection.scalar(select(func.count()).select_from(schema.note)) or 0

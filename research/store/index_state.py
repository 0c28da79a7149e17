"""Where the vector index stands: what is pending, what is gone, and the number that tells readers of a change."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, Engine, Row, delete, func, select, update

from research.store import schema
from research.store.database import chunks, writing
from research.store.named_values import set_setting, setting
from research.store.schema import CLEARED, NEEDS_METADATA, NEEDS_VECTOR

_passage = schema.passage.c


def pending(connection: Connection, limit: int) -> list[Row[Any]]:
    """Passages that the index does not agree with yet: id, state, text, context."""
    query = select(_passage.id, _passage.state, _passage.text, _passage.context)
    return list(connection.execute(query.where(_passage.state != CLEARED).order_by(_passage.row).limit(limit)))


def waiting(connection: Connection) -> tuple[int, int]:
    """How many passages the index does not agree with yet, and how many deleted ones it may still hold."""
    marked = select(func.count()).select_from(schema.passage).where(_passage.state != CLEARED)
    return connection.scalar(marked) or 0, connection.scalar(select(func.count()).select_from(schema.gone)) or 0


def gone(connection: Connection) -> list[str]:
    """Passages deleted from SQL that the index may still hold."""
    return list(connection.scalars(select(schema.gone.c.passage_id)))


def generation(connection: Connection) -> int:
    """A number that is raised whenever the index changes."""
    return int(setting(connection, "generation") or 0)


def raise_generation(connection: Connection) -> int:
    """Tell readers that the index has changed; returns the new number."""
    number = generation(connection) + 1
    set_setting(connection, "generation", str(number))
    return number


def mark_cleared(connection: Connection, seen: Mapping[str, int]) -> None:
    """Say that the index agrees with SQL on these passages, unless their state is no longer the one in `seen`."""
    connection.exec_driver_sql(
        f"UPDATE passage SET state = {CLEARED} WHERE id = :i AND state = :s",
        [{"i": id_, "s": state} for id_, state in seen.items()],
    )


def mark_for_relabelling(connection: Connection, ids: Sequence[str]) -> None:
    """Say that the index has to learn these passages' labels anew."""
    mark_rows(connection, list(rows_of(connection, ids).values()))


def mark_for_embedding(engine: Engine, ids: Sequence[str]) -> None:
    """Say that the index lacks these passages."""
    with writing(engine).begin() as connection:
        for chunk in chunks(ids):
            connection.execute(update(schema.passage).where(_passage.id.in_(chunk)).values(state=NEEDS_VECTOR))


def mark_all_for_embedding(engine: Engine) -> None:
    """Say that the index holds nothing yet."""
    with writing(engine).begin() as connection:
        connection.execute(update(schema.passage).values(state=NEEDS_VECTOR))
        connection.execute(delete(schema.gone))


def forget_gone(connection: Connection, ids: Sequence[str]) -> None:
    """Say that the index no longer holds these deleted passages."""
    for chunk in chunks(ids):
        connection.execute(delete(schema.gone).where(schema.gone.c.passage_id.in_(chunk)))


def mark_rows(connection: Connection, rows: Sequence[int]) -> None:
    """Say of passages by row that the index has to learn their labels anew, unless it lacks them altogether."""
    for chunk in chunks(rows):
        stale = update(schema.passage).where(_passage.row.in_(chunk), _passage.state == CLEARED)
        connection.execute(stale.values(state=NEEDS_METADATA))


def rows_of(connection: Connection, ids: Sequence[str]) -> dict[str, int]:
    """Passage id -> row, for those that are there."""
    found: dict[str, int] = {}
    for chunk in chunks(ids):
        query = select(_passage.id, _passage.row).where(_passage.id.in_(chunk))
        found.update((id_, row) for id_, row in connection.execute(query))
    return found

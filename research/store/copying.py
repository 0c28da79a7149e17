"""Copying all that is stored from one database to another, of either kind, in one transaction."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from sqlalchemy import Connection, Select, Table, func, insert, select, update

from research.errors import HeardError
from research.store import schema
from research.store.database import given_numbers, go_on_from
from research.store.schema import NEW, NOT_TAGGED

_BATCH = 2_000  # rows at a time
# What says how the indexes of one place stand, or who writes there; `gone` is what they still hold of deleted passages.
_OF_ONE_PLACE = ("chroma", "cleared", "collection", "writer")
_TABLES = [table for table in schema.metadata.sorted_tables if table is not schema.gone]


def is_empty(connection: Connection) -> bool:
    """Whether nobody has put anything into a database yet."""
    return not any(connection.execute(_all(table).limit(1)).first() for table in _TABLES)


def copy(source: Connection, target: Connection, on_progress: Callable[[str, int], None]) -> dict[str, int]:
    """Copy everything into an empty database, and mark for its indexes what they have to take in; table -> rows.

    `on_progress` is told the table and how many of its rows are copied. Raises HeardError when not all has arrived.
    """
    counts: dict[str, int] = {}
    for table in _TABLES:
        counts[table.name] = 0
        for rows in _batches(source, table):
            target.execute(insert(table), rows)
            counts[table.name] += len(rows)
            on_progress(table.name, counts[table.name])
    target.execute(update(schema.passage).values(state=schema.passage.c.state.bitwise_and(NOT_TAGGED).bitwise_or(NEW)))
    go_on_from(target, given_numbers(source))
    for table in _TABLES:
        there = target.scalar(select(func.count()).select_from(_all(table).subquery()))
        if there != counts[table.name]:
            raise HeardError(f"Of {counts[table.name]} rows of {table.name} {there} arrived. Nothing was changed.")
    return counts


def _batches(source: Connection, table: Table) -> Iterator[list[dict[str, Any]]]:
    """All rows of a table, in the order of their keys."""
    query = _all(table).order_by(*table.primary_key.columns)
    result = source.execution_options(yield_per=_BATCH).execute(query)
    for rows in result.mappings().partitions(_BATCH):
        yield [dict(row) for row in rows]


def _all(table: Table) -> Select[Any]:
    """What is copied of a table."""
    query = select(table)
    return query.where(table.c.key.not_in(_OF_ONE_PLACE)) if table is schema.setting else query

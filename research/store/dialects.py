"""What SQLite and PostgreSQL say differently, said once: other queries are written as if there were one database."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator
from typing import Any

from sqlalchemy import (
    ARRAY,
    BigInteger,
    Boolean,
    ColumnElement,
    Connection,
    Dialect,
    Integer,
    Select,
    String,
    Table,
    Text,
    TypeDecorator,
    bindparam,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement

_PAGE = 50_000  # rows read at a time


def upsert(connection: Connection, table: Table) -> Any:
    """An INSERT into a table that knows `on_conflict_do_nothing` and `on_conflict_do_update`."""
    return (postgresql if connection.dialect.name == "postgresql" else sqlite).insert(table)


def month(day: ColumnElement[Any]) -> ColumnElement[str]:
    """The month of a date, as "2026-10"."""
    return _Month(day)


def ordinal(day: ColumnElement[Any]) -> ColumnElement[int]:
    """The number of a date, as Python's `date.toordinal` counts."""
    return _Ordinal(day)


def among(column: ColumnElement[Any], values: Collection[Any]) -> ColumnElement[bool]:
    """That a column holds one of some integers or strings: one parameter, however many they are."""
    numbers = isinstance(column.type, Integer)
    plain = [int(value) for value in values] if numbers else list(values)
    return _Among(column, bindparam(None, plain, type_=_Many(numbers), unique=True))


def tuples(connection: Connection, query: Select[Any]) -> Iterator[list[tuple[Any, ...]]]:
    """The rows of a query in pages, as the database's own plain tuples: a million take a third of the time.

    Only for numbers and strings, which need no translation.
    """
    cursor = connection.execute(query).cursor
    assert cursor is not None
    while page := cursor.fetchmany(_PAGE):
        yield list(page)


class _Month(FunctionElement[str]):
    type = String()
    inherit_cache = True


class _Ordinal(FunctionElement[int]):
    type = Integer()
    inherit_cache = True


class _Among(FunctionElement[bool]):
    type = Boolean()
    inherit_cache = True


class _Many(TypeDecorator[Any]):
    """Many values in one parameter: an array where there are arrays, else JSON."""

    impl = Text
    cache_ok = True

    def __init__(self, numbers: bool) -> None:
        super().__init__()
        self.numbers = numbers

    def load_dialect_impl(self, dialect: Dialect) -> Any:
        array = ARRAY(BigInteger() if self.numbers else Text())
        return dialect.type_descriptor(array if dialect.name == "postgresql" else Text())

    def process_bind_param(self, value: Any, dialect: Dialect) -> Any:
        return value if dialect.name == "postgresql" else json.dumps(value)


@compiles(String, "postgresql")
def _any_length(element: String, compiler: Any, **how: Any) -> str:
    return "VARCHAR"  # SQLite minds no lengths; what one database takes, the other has to take too


@compiles(_Month, "sqlite")
def _month_in_sqlite(element: _Month, compiler: Any, **how: Any) -> str:
    return f"strftime('%Y-%m', {compiler.process(element.clauses, **how)})"


@compiles(_Month, "postgresql")
def _month_in_postgresql(element: _Month, compiler: Any, **how: Any) -> str:
    return f"to_char({compiler.process(element.clauses, **how)}, 'YYYY-MM')"


@compiles(_Ordinal, "sqlite")
def _ordinal_in_sqlite(element: _Ordinal, compiler: Any, **how: Any) -> str:
    return f"CAST(julianday({compiler.process(element.clauses, **how)}) - 1721424.5 AS INTEGER)"


@compiles(_Ordinal, "postgresql")
def _ordinal_in_postgresql(element: _Ordinal, compiler: Any, **how: Any) -> str:
    return f"({compiler.process(element.clauses, **how)} - DATE '0001-01-01' + 1)"


@compiles(_Among, "sqlite")
def _among_in_sqlite(element: _Among, compiler: Any, **how: Any) -> str:
    column, values = (compiler.process(one, **how) for one in element.clauses)
    return f"{column} IN (SELECT value FROM json_each({values}))"


@compiles(_Among, "postgresql")
def _among_in_postgresql(element: _Among, compiler: Any, **how: Any) -> str:
    column, values = (compiler.process(one, **how) for one in element.clauses)
    return f"{column} = ANY ({values})"

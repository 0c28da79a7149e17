"""The tables that only PostgreSQL has: words and vectors, which are files beside SQLite."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Column, Connection, Engine, Index, Integer, LargeBinary, MetaData, Table, Text
from sqlalchemy.dialects.postgresql import TSVECTOR

from research.store.schema import ROW, metadata

tables = MetaData(naming_convention=metadata.naming_convention)

# The stems of a passage's own words, and with a "?" before each those of what it answers; `length` counts its words.
passage_words = Table(
    "passage_words",
    tables,
    Column("row", ROW, primary_key=True, autoincrement=False),
    Column("words", TSVECTOR, nullable=False),
    Column("length", Integer, nullable=False),
)
Index("ix_passage_words_words", passage_words.c.words, postgresql_using="gin")

# How many passages hold a stem. That of "" is how many there are, that of "?" how many words they have together.
stem = Table(
    "stem",
    tables,
    Column("stem", Text, primary_key=True),
    Column("passages", ROW, nullable=False),
)

# A passage's vector as `research.matrix` packs it.
passage_vector = Table(
    "passage_vector",
    tables,
    Column("row", ROW, primary_key=True, autoincrement=False),
    Column("packed", LargeBinary, nullable=False),
)


@contextmanager
def asking(engine: Engine, within: Connection | None) -> Iterator[Connection]:
    """The connection in whose moment a table is read, or one of its own where there is none."""
    if within is not None:
        yield within
    else:
        with engine.connect() as connection:
            yield connection

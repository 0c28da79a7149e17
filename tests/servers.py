"""PostgreSQL and `chroma run` for the tests that run on them too, where the environment says where they are.

A database of its own for every repository, copied from one that has the tables already.
"""

from __future__ import annotations

import os
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import URL, create_engine, make_url

from research.config import Servers as Where
from research.store.database import database_url, open_database
from research.vectors import VectorServer

KEY = "the key of the tests' repositories, no secret"
_DATABASE, _CHROMA = "HEARD_TEST_DATABASE_URL", "HEARD_TEST_CHROMA_URL"


def missing() -> str:
    """Why there are no servers to test on, "" when there are."""
    lacking = [name for name in (_DATABASE, _CHROMA) if not os.environ.get(name)]
    return f"{' and '.join(lacking)} are not set: see docs/scale.md" if lacking else ""


class Servers:
    """The servers, and the databases that were made for one worker's tests."""

    def __init__(self) -> None:
        self._root = make_url(os.environ[_DATABASE])
        self.chroma = os.environ[_CHROMA]
        self._template = f"heard_template_{uuid.uuid4().hex[:12]}"
        self._ask(f"CREATE DATABASE {self._template}")
        open_database(self._at(self._template)).dispose()

    def _at(self, name: str) -> URL:
        return self._root.set(drivername="postgresql+psycopg", database=name)

    def _ask(self, *statements: str) -> None:
        engine = create_engine(self._root.set(drivername="postgresql+psycopg"), isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            for statement in statements:
                connection.exec_driver_sql(statement)
        engine.dispose()

    @contextmanager
    def database(self) -> Iterator[str]:
        """The address of a new and empty database with all tables, dropped afterwards."""
        name = f"heard_test_{uuid.uuid4().hex[:12]}"
        self._ask(f"CREATE DATABASE {name} TEMPLATE {self._template}")
        try:
            yield self._at(name).render_as_string(hide_password=False)
        finally:
            self._drop_vectors(self._at(name))
            self._ask(f"DROP DATABASE {name} WITH (FORCE)")

    def _drop_vectors(self, of: URL) -> None:
        engine = create_engine(of)
        with engine.connect() as connection:
            collection = connection.exec_driver_sql("SELECT value FROM setting WHERE key = 'collection'").scalar()
        engine.dispose()
        if collection:
            VectorServer(Where(chroma=self.chroma), collection).clear()

    def close(self) -> None:
        """Drop the template."""
        self._ask(f"DROP DATABASE {self._template}")


def files(database: str) -> dict[str, bytes]:
    """What is on PostgreSQL's disk of every table and index, as a superuser may read it."""
    engine = create_engine(database_url(database, Path()), isolation_level="AUTOCOMMIT")
    stored = "pg_read_binary_file(pg_relation_filepath(oid))"
    with engine.connect() as connection:
        connection.exec_driver_sql("CHECKPOINT")
        found = connection.exec_driver_sql(f"SELECT relname, {stored} FROM pg_class WHERE relkind IN ('r', 'i', 't')")
        content = {name: bytes(data) for name, data in found}
    engine.dispose()
    return content

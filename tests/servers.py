"""PostgreSQL and `chroma run` for the tests that run on them too, where the environment says where they are.

A database of its own for every repository, copied from one that has the tables already.
"""

from __future__ import annotations

import os
import socket
import threading
import uuid
from collections.abc import Iterator
from contextlib import contextmanager, suppress
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
    return f"{' and '.join(lacking)} are not set: see docs/install.md" if lacking else ""


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


def empty(database: str) -> None:
    """Leave nothing in a database, not even tables."""
    engine = create_engine(database_url(database, Path()), isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.exec_driver_sql("DROP SCHEMA public CASCADE")
        connection.exec_driver_sql("CREATE SCHEMA public")
    engine.dispose()


class Relay:
    """A port of this machine that leads to a server, until it hangs: then nothing goes through it, either way."""

    def __init__(self, host: str, port: int) -> None:
        self._to = host, port
        self._flowing = threading.Event()
        self._flowing.set()
        self._sockets = [socket.create_server(("127.0.0.1", 0))]
        self.port = int(self._sockets[0].getsockname()[1])
        threading.Thread(target=self._accept, daemon=True).start()

    def hang(self) -> None:
        """Say nothing from now on, as a machine that was lost."""
        self._flowing.clear()

    def go_on(self) -> None:
        """Lead there again."""
        self._flowing.set()

    def close(self) -> None:
        """Refuse everybody."""
        for one in self._sockets:
            with suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)
            one.close()
        self._flowing.set()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                came, _ = self._sockets[0].accept()
                self._flowing.wait()
                went = socket.create_connection(self._to)
                self._sockets += [came, went]
                for pair in ((came, went), (went, came)):
                    threading.Thread(target=self._pump, args=pair, daemon=True).start()

    def _pump(self, source: socket.socket, target: socket.socket) -> None:
        with suppress(OSError):
            while data := source.recv(65_536):
                self._flowing.wait()
                target.sendall(data)
            target.shutdown(socket.SHUT_WR)


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

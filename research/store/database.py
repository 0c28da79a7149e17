"""Opening the SQL database: SQLite in WAL mode, brought to the newest schema by Alembic."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from threading import Lock
from typing import Any, TypeVar

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import ColumnElement, Connection, Engine, Select, Table, create_engine, event, insert
from sqlalchemy.exc import DatabaseError, OperationalError

from research.errors import HeardError
from research.events import timing

T = TypeVar("T")

_BUSY_MS = 60_000


def open_database(path: Path) -> Engine:
    """An engine on the SQLite file at `path`, created and migrated as needed.

    Reads see one snapshot each. Writes go through `writing(engine)`, which takes SQLite's write lock at the start, so
    that a transaction never fails halfway because another process wrote in between.
    """
    engine = create_engine(
        f"sqlite:///{path}", connect_args={"check_same_thread": False}, hide_parameters=True
    )  # an error quotes no note
    event.listen(engine, "connect", _configure)
    event.listen(engine, "begin", _begin)
    try:
        _migrate(engine, path)
    except HeardError:
        engine.dispose()
        raise
    except DatabaseError as error:
        engine.dispose()
        raise HeardError(
            f"The database {path} cannot be opened ({error.orig}). If a backup exists, put it back; otherwise move the "
            "file away and ingest your notes again."
        ) from error
    return engine


def writing(engine: Engine) -> Engine:
    """The same engine, for `begin()` of a transaction that will write."""
    return engine.execution_options(immediate=True)


def write_at_once(engine: Engine, write: Callable[[Connection], None]) -> bool:
    """Write in a transaction, unless that cannot be done just now, since another process writes or the disk is full or
    read-only; returns whether it was done. For what nobody should have to wait for."""
    with writing(engine).connect() as connection:
        raw = connection.connection.cursor()
        raw.execute("PRAGMA busy_timeout=0")
        try:
            with connection.begin():
                write(connection)
        except OperationalError:
            return False
        finally:
            raw.execute(f"PRAGMA busy_timeout={_BUSY_MS}")
            raw.close()
    return True


def schema_version(engine: Engine) -> str:
    """The number of the newest migration that was applied, such as "0001"."""
    with engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision() or ""


def learn_sizes(engine: Engine) -> None:
    """Let SQLite count how tables and indexes have grown, where that has changed: it plans queries by it."""
    with engine.begin() as connection:
        connection.exec_driver_sql("PRAGMA optimize=0x10002")


def compact(engine: Engine) -> None:
    """Write the database anew without what was deleted, and empty the file of recent changes (the WAL)."""
    connection = engine.raw_connection()
    try:
        connection.cursor().execute("VACUUM")
        connection.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)")
    finally:
        connection.close()


class Watch:
    """Tells whether anything was written to the database, by this process or another, from a number that only ever
    differs after a write: SQLite's own `data_version`, asked of a connection that never writes itself."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._lock = Lock()
        self._held: Any = None

    def version(self) -> int:
        """The number as it is now; what is read afterwards is at least as new."""
        with self._lock:
            if self._held is None:
                self._held = self._engine.raw_connection()
                self._held.detach()  # it is no longer the pool's, which gives out connections to be written to
            ((number,),) = self._held.cursor().execute("PRAGMA data_version").fetchall()
        return int(number)

    def close(self) -> None:
        """Let go of the file."""
        with self._lock:
            if self._held is not None:
                self._held.close()
            self._held = None


def insert_row(connection: Connection, table: Table, **values: Any) -> int:
    """Insert one row and return its integer key."""
    key = connection.execute(insert(table).values(**values)).inserted_primary_key
    assert key is not None
    return int(key[0])


def chunks(items: Sequence[T], size: int = 900) -> Iterator[Sequence[T]]:
    """The items in parts that fit into one SQL statement's number of variables."""
    return (items[start : start + size] for start in range(0, len(items), size))


def rows_for(
    connection: Connection, query: Select[Any], column: ColumnElement[Any], only: Sequence[Any] | None
) -> list[Any]:
    """The rows of a query, all or those whose column has one of some values."""
    if only is None:
        return list(connection.execute(query))
    return [row for chunk in chunks(only) for row in connection.execute(query.where(column.in_(chunk)))]


def _configure(connection: Any, _record: Any) -> None:
    connection.isolation_level = None  # SQLAlchemy, not sqlite3, says when a transaction begins (see _begin)
    cursor = connection.cursor()
    cursor.execute(f"PRAGMA busy_timeout={_BUSY_MS}")
    cursor.execute("PRAGMA journal_mode=WAL")
    cursor.execute("PRAGMA synchronous=NORMAL")
    cursor.execute("PRAGMA foreign_keys=ON")
    cursor.execute("PRAGMA analysis_limit=400")
    cursor.execute("PRAGMA secure_delete=ON")  # what is deleted leaves no bytes behind in free pages
    cursor.close()


def _begin(connection: Connection) -> None:
    immediate = connection.get_execution_options().get("immediate")
    connection.exec_driver_sql("BEGIN IMMEDIATE" if immediate else "BEGIN")


def _migrate(engine: Engine, path: Path) -> None:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    scripts = ScriptDirectory.from_config(config)
    head = scripts.get_current_head()
    with engine.connect() as connection:
        current = MigrationContext.configure(connection).get_current_revision()
    if current == head:
        return
    if current and current not in {script.revision for script in scripts.walk_revisions()}:
        raise HeardError(
            f"The database {path} was written by a newer Heard (version {current}; this one knows {head} and older). "
            "Install that Heard, or give another folder with HEARD_HOME. Nothing was changed."
        )
    with writing(engine).begin() as connection:
        if MigrationContext.configure(connection).get_current_revision() == head:
            return  # another process was faster
        config.attributes["connection"] = connection
        with timing("migration") as told:
            told |= {"since": current or "", "to": head or ""}
            command.upgrade(config, "head")

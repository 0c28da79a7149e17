"""SQLite as the store's database: one file in WAL mode."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event
from sqlalchemy.exc import DatabaseError

from research import lock

NAME = "SQLite"
WRITING = {"immediate": True}
NEW = False  # an empty database becomes one by its migrations

_BUSY_MS = 60_000


def engine(url: URL) -> Engine:
    """An engine whose reads see one snapshot each and whose writes take SQLite's write lock at the start."""
    made = create_engine(
        url,
        connect_args={"check_same_thread": False},
        hide_parameters=True,  # an error that is logged holds nobody's words
    )
    event.listen(made, "connect", _configure)
    event.listen(made, "begin", _begin)
    return made


def create(connection: Connection) -> None:
    """Nothing: the migrations make the tables."""


def no_database(url: URL, error: DatabaseError) -> str:
    """What to tell people where it cannot be opened."""
    return (
        f"The database {url.database} cannot be opened ({error.orig}). If a backup exists, put it back; otherwise move "
        "the file away and ingest your notes again."
    )


@contextmanager
def at_once(connection: Connection) -> Iterator[None]:
    """A write transaction that fails with OperationalError instead of waiting for another."""
    raw = connection.connection.cursor()
    raw.execute("PRAGMA busy_timeout=0")
    try:
        with connection.begin():
            yield
    finally:
        raw.execute(f"PRAGMA busy_timeout={_BUSY_MS}")
        raw.close()


def watching(engine: Engine) -> Any:
    """A connection that `version` is asked of, and that never writes itself."""
    held = engine.raw_connection()
    held.detach()  # it is no longer the pool's, which gives out connections to be written to
    return held


def version(held: Any) -> str:
    """SQLite's own `data_version`: another number after any write through any other connection."""
    ((number,),) = held.cursor().execute("PRAGMA data_version").fetchall()
    return str(number)


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


def damage(connection: Connection) -> str:
    """A sentence about what is wrong with the file; "" when it is whole."""
    try:
        said = connection.exec_driver_sql("PRAGMA quick_check(1)").scalar()
        orphans = connection.exec_driver_sql("PRAGMA foreign_key_check").first()
    except DatabaseError as error:
        said, orphans = str(error.orig), None
    if said != "ok":
        return f"The database is damaged ({said}). Put back a backup of heard.db."
    return f"Rows of {orphans[0]} refer to rows that are gone." if orphans else ""


def place(engine: Engine) -> str:
    """The folder that it is in."""
    return str(Path(engine.url.database or "").parent)


def size(engine: Engine) -> int:
    """How many bytes the files of that folder take up."""
    return sum(file.stat().st_size for file in Path(place(engine)).rglob("*") if file.is_file())


def given_numbers(connection: Connection) -> dict[str, int]:
    """Table -> the highest number that was ever given in it, where numbers are never given twice."""
    return dict(connection.exec_driver_sql("SELECT name, seq FROM sqlite_sequence").all())


def go_on_from(connection: Connection, given: Mapping[str, int]) -> None:
    """Give higher numbers only."""
    for table, number in given.items():
        connection.exec_driver_sql("DELETE FROM sqlite_sequence WHERE name = ?", (table,))
        connection.exec_driver_sql("INSERT INTO sqlite_sequence (name, seq) VALUES (?, ?)", (table, number))


def writer(engine: Engine) -> lock.Lock:
    """What one process holds while it writes for long: a lock on a file beside the database."""
    return lock.FileLock(Path(place(engine)))


def _configure(connection: Any, _record: Any) -> None:
    connection.isolation_level = None  # SQLAlchemy, not sqlite3, says when a transaction begins (see _begin)
    connection.create_function("lower", 1, _lower, deterministic=True)  # SQLite's own knows ASCII only
    cursor = connection.cursor()
    cursor.execute(f"PRAGMA busy_timeout={_BUSY_MS}")
    cursor.execute("PRAGMA journal_mode=WAL")
    cursor.execute("PRAGMA synchronous=NORMAL")
    cursor.execute("PRAGMA foreign_keys=ON")
    cursor.execute("PRAGMA analysis_limit=400")
    cursor.execute("PRAGMA secure_delete=ON")  # what is deleted leaves no bytes behind in free pages
    cursor.close()


def _lower(value: Any) -> Any:
    return value.lower() if isinstance(value, str) else value


def _begin(connection: Connection) -> None:
    immediate = connection.get_execution_options().get("immediate")
    connection.exec_driver_sql("BEGIN IMMEDIATE" if immediate else "BEGIN")

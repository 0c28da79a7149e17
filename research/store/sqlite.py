"""SQLite as the store's database: one file in WAL mode, or as it is where nothing can be written."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

from sqlalchemy import URL, Connection, Engine, create_engine, event
from sqlalchemy.exc import DatabaseError

from research import disk, lock
from research.errors import Busy, DatabaseDamaged, Unwritable
from research.folders import writable

NAME = "SQLite"
WRITING = {"immediate": True}
NEW = False  # an empty database becomes one by its migrations

_BUSY_MS = 60_000
_DAMAGED = ("malformed", "not a database")
_BESIDE = ("vectors.i8", "keywords/meta.json")  # what lies beside a database in which there is something
_WAY_OUT = (
    "Put back a backup with `heard restore FILE`; if there is none, move the folder away and ingest your notes again."
)


def engine(url: URL) -> Engine:
    """An engine whose reads see one snapshot each and whose writes take SQLite's write lock at the start.

    In a read-only folder it only reads. Raises Unwritable when the file is not there and cannot be made,
    DatabaseDamaged when it is not there and was.
    """
    path = Path(url.database or "")
    if not path.exists() and any((path.parent / name).exists() for name in _BESIDE):
        raise DatabaseDamaged(f"The database {path} is missing, and its indexes are there. {_WAY_OUT}")
    if not writable(path.parent) and not path.exists():
        raise Unwritable(f"There is no repository in {path.parent}, and the folder cannot be written to.")
    where = _address(path, "rwc")
    made = create_engine(
        url,
        creator=lambda: sqlite3.connect(where, uri=True, check_same_thread=False),
        hide_parameters=True,  # an error that is logged holds nobody's words
    )
    event.listen(made, "connect", _configure)
    event.listen(made, "begin", _begin)
    event.listen(made, "handle_error", _in_words(path))
    return made


def create(connection: Connection) -> None:
    """Nothing: the migrations make the tables."""


def no_database(url: URL, error: DatabaseError) -> str:
    """What to tell people where it cannot be opened."""
    return f"The database {url.database} cannot be opened ({error.orig}). {_WAY_OUT}"


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
    with engine.execution_options(**WRITING).begin() as connection:  # what only reads may not go on to write
        connection.exec_driver_sql("PRAGMA optimize=0x10002")


def compact(engine: Engine) -> None:
    """Write the database anew without what was deleted, and empty the file of recent changes (the WAL). Raises Busy
    when somebody is still reading from that file after a minute."""
    connection = engine.raw_connection()
    try:
        connection.cursor().execute("VACUUM")
        ((busy, *_),) = connection.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
    finally:
        connection.close()
    if busy:
        raise Busy(
            "What was erased is found no more, but the database's file of recent changes still holds it, since "
            "somebody has been reading from it all the time. Run `heard doctor --repair` when they have finished."
        )


def damage(connection: Connection) -> str:
    """A sentence about what is wrong with the file; "" when it is whole."""
    if (said := integrity(connection)) != "ok":
        return (
            f"The database is damaged ({said}). Put back a backup with `heard restore FILE`; if there is none, move "
            "heard.db away and ingest again."
        )
    orphans = connection.exec_driver_sql("PRAGMA foreign_key_check").first()
    return f"Rows of {orphans[0]} refer to rows that are gone." if orphans else ""


def integrity(connection: Connection) -> str:
    """What SQLite finds wrong with the file, or "ok"."""
    return str(connection.exec_driver_sql("PRAGMA integrity_check(1)").scalar())


def copied(source: Path, target: Path) -> None:
    """Make `target` what the source is in this moment, in one transaction of SQLite's: whoever has it open reads the
    one or the other, and whoever is cut off leaves what was there. Raises Unwritable, sqlite3.Error."""
    with (
        disk.in_words(),
        closing(sqlite3.connect(_address(source, "rw"), uri=True, timeout=60)) as opened,
        closing(sqlite3.connect(target, timeout=60)) as connection,
    ):
        opened.backup(connection)


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


def _address(path: Path, mode: str) -> str:
    """Where SQLite opens a file, in this mode if its folder can be written to.

    In a read-only folder as read-only; and, if nobody has it open, as a file that nobody changes, since SQLite cannot
    make the files that it shares with others there.
    """
    how = {"mode": mode}
    if not writable(path.parent):
        how = {"mode": "ro"} if path.with_name(f"{path.name}-wal").exists() else {"immutable": "1"}
    return f"file:{quote(str(path))}?{urlencode(how)}"


def _in_words(path: Path) -> Callable[[Any], None]:
    """For SQLAlchemy's "handle_error": a full disk, a read-only folder and a damaged file are said in words."""

    def say(context: Any) -> None:
        error = context.original_exception
        if told := disk.refused(error):
            raise told from error
        if isinstance(error, sqlite3.DatabaseError) and any(said in str(error) for said in _DAMAGED):
            raise DatabaseDamaged(f"The database {path} is damaged ({error}). {_WAY_OUT}") from error
        if isinstance(error, UnicodeDecodeError) or "Could not decode" in str(error):  # which quotes what it read
            raise DatabaseDamaged(f"The database {path} is damaged (what should be text is not). {_WAY_OUT}") from None

    return say


def _configure(connection: Any, _record: Any) -> None:
    connection.isolation_level = None  # SQLAlchemy, not sqlite3, says when a transaction begins (see _begin)
    connection.create_function("lower", 1, _lower, deterministic=True)  # SQLite's own knows ASCII only
    cursor = connection.cursor()
    cursor.execute(f"PRAGMA busy_timeout={_BUSY_MS}")
    ((_, _, file),) = cursor.execute("PRAGMA database_list").fetchall()[:1]
    if writable(Path(file).parent):
        try:
            cursor.execute("PRAGMA journal_mode=WAL")
        except UnicodeDecodeError as error:  # what sqlite3 makes of a message that quotes damaged bytes
            raise sqlite3.DatabaseError("database disk image is malformed") from error
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

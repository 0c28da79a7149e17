"""Opening the SQL database, SQLite's file or PostgreSQL's server, brought to the newest schema by Alembic."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from threading import Lock
from typing import Any, Protocol, TypeVar

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import URL, ColumnElement, Connection, Engine, Select, Table, insert, make_url
from sqlalchemy.exc import ArgumentError, DatabaseError, InternalError, OperationalError

from research import lock
from research.errors import BadInput, DatabaseAway, DatabaseDamaged, HeardError, Unwritable
from research.events import timing
from research.store import postgres, sqlite

T = TypeVar("T")


class _Kind(Protocol):
    """What a module about one kind of database knows how to do; the functions here say what each is for."""

    NAME: str
    WRITING: dict[str, Any]
    NEW: bool

    def engine(self, url: URL) -> Engine: ...
    def create(self, connection: Connection) -> None: ...
    def no_database(self, url: URL, error: DatabaseError) -> str: ...
    def at_once(self, connection: Connection) -> AbstractContextManager[None]: ...
    def watching(self, engine: Engine) -> Any: ...
    def version(self, held: Any) -> str: ...
    def learn_sizes(self, engine: Engine) -> None: ...
    def compact(self, engine: Engine) -> None: ...
    def damage(self, connection: Connection) -> str: ...
    def place(self, engine: Engine) -> str: ...
    def size(self, engine: Engine) -> int: ...
    def given_numbers(self, connection: Connection) -> dict[str, int]: ...
    def go_on_from(self, connection: Connection, given: Mapping[str, int]) -> None: ...
    def writer(self, engine: Engine) -> lock.Lock: ...


_KINDS: dict[str, _Kind] = {"sqlite": sqlite, "postgresql": postgres}


def database_url(given: str, file: Path) -> URL:
    """Where the database is: PostgreSQL by its URL, or a file of SQLite's. Raises BadInput."""
    if not given:
        return URL.create("sqlite", database=str(file))
    try:
        url = make_url(given)
    except ArgumentError:
        url = None
    if url is None or url.get_backend_name() not in ("postgresql", "postgres") or not url.database:
        raise BadInput(
            "HEARD_DATABASE_URL is not the address of a PostgreSQL database, such as "
            "postgresql+psycopg://heard:password@db.example:5432/heard. Leave it out for a file in HEARD_HOME."
        )
    return url.set(drivername="postgresql+psycopg")


def open_database(url: URL) -> Engine:
    """An engine on a database, created (SQLite's file, PostgreSQL's tables) and migrated as needed.

    Reads see one snapshot each. Writes go through `writing(engine)`, which waits for its turn at the start, so that a
    transaction never fails halfway because another process wrote in between. Raises Unwritable, DatabaseDamaged and
    other HeardErrors.
    """
    kind = _KINDS[url.get_backend_name()]
    try:
        engine = kind.engine(url)
    except ModuleNotFoundError as error:
        raise HeardError("PostgreSQL needs the package psycopg: install Heard as `heard[servers]`.") from error
    try:
        _migrate(engine, kind)
    except BaseException as error:
        engine.dispose()
        if isinstance(error, DatabaseError):
            raise HeardError(kind.no_database(url, error)) from error
        raise
    return engine


def name(engine: Engine) -> str:
    """What kind of database it is, as people call it."""
    return _of(engine).NAME


def writing(engine: Engine) -> Engine:
    """The same engine, for `begin()` of a transaction that will write."""
    return engine.execution_options(**_of(engine).WRITING)


def write_at_once(engine: Engine, write: Callable[[Connection], None]) -> bool:
    """Write in a transaction, unless that cannot be done just now, since another process writes or the disk is full or
    read-only; returns whether it was done. For what nobody should have to wait for."""
    with writing(engine).connect() as connection:
        try:
            with _of(engine).at_once(connection):
                write(connection)
        except (OperationalError, InternalError, Unwritable, DatabaseAway):
            return False
    return True


@contextmanager
def write_lock(
    engine: Engine, what: str, timeout: float, on_wait: Callable[[str], None] | None = None
) -> Iterator[None]:
    """Be the one that writes to the repository for as long as it takes (`research.lock.write_lock`)."""
    with lock.write_lock(_of(engine).writer(engine), what, timeout, on_wait):
        yield


def writing_now(engine: Engine) -> str:
    """A sentence about who writes to the repository for long, "" when nobody does."""
    return lock.writing_now(_of(engine).writer(engine))


def schema_version(engine: Engine) -> str:
    """The number of the newest migration that was applied, such as "0001"."""
    with engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision() or ""


def learn_sizes(engine: Engine) -> None:
    """Let the database count how tables and indexes have grown: it plans queries by it."""
    _of(engine).learn_sizes(engine)


def compact(engine: Engine) -> None:
    """Write the database anew without what was deleted. Raises Busy when somebody has been reading for so long that
    what they still see cannot be removed."""
    _of(engine).compact(engine)


def damage(engine: Engine) -> str:
    """A sentence about what is wrong with the database itself; "" when it is whole."""
    try:
        with engine.connect() as connection:
            return _of(engine).damage(connection)
    except DatabaseDamaged as error:
        return str(error)


def place(engine: Engine) -> str:
    """Where it is, as people may be told: a folder, or an address without its password."""
    return _of(engine).place(engine)


def size(engine: Engine) -> int:
    """How many bytes it takes up, with all that lies in its folder."""
    return _of(engine).size(engine)


def given_numbers(connection: Connection) -> dict[str, int]:
    """Table -> the highest number that was ever given to a row of it, where numbers are never given twice."""
    return _of(connection.engine).given_numbers(connection)


def go_on_from(connection: Connection, given: Mapping[str, int]) -> None:
    """Give no number again that was given elsewhere, nor one that is there."""
    _of(connection.engine).go_on_from(connection, given)


class Watch:
    """Tells whether anything was written to the database, by this process or another, from what only ever differs after
    a write, asked of a connection of its own."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._lock = Lock()
        self._held: Any = None

    def version(self) -> str:
        """How the database is now; what is read afterwards is at least as new."""
        kind = _of(self._engine)
        with self._lock:
            try:
                return self._asked(kind)
            except self._engine.dialect.loaded_dbapi.OperationalError:  # a server that was started anew
                self._drop()
                return self._asked(kind)

    def close(self) -> None:
        """Let go of the connection."""
        with self._lock:
            self._drop()

    def _asked(self, kind: _Kind) -> str:
        if self._held is None:
            self._held = kind.watching(self._engine)
        return kind.version(self._held)

    def _drop(self) -> None:
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


def _of(engine: Engine) -> _Kind:
    return _KINDS[engine.dialect.name]


def _migrate(engine: Engine, kind: _Kind) -> None:
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
            f"The database in {place(engine)} was written by a newer Heard (version {current}; this one knows {head} "
            "and older). Install that Heard, or give another folder with HEARD_HOME. Nothing was changed."
        )
    with writing(engine).begin() as connection:
        current = MigrationContext.configure(connection).get_current_revision()
        if current == head:
            return  # another process was faster
        config.attributes["connection"] = connection
        with timing("migration") as told:
            told |= {"since": current or "", "to": head or ""}
            if current or not kind.NEW:
                command.upgrade(config, "head")
            else:
                kind.create(connection)
                command.stamp(config, "head")

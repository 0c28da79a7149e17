"""PostgreSQL as the store's database: a server that several machines work with at once.

Reads see one snapshot each (REPEATABLE READ). Writers come one after the other, as in SQLite: each takes the same lock
at the start of its transaction, so that what it read is still so when it writes.
"""

from __future__ import annotations

import re
import socket
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event, func, select
from sqlalchemy.exc import DatabaseError, DBAPIError, OperationalError

from research import lock
from research.errors import BadInput, Busy, DatabaseAway, Unwritable
from research.store import schema, server_tables
from research.store.dialects import upsert

NAME = "PostgreSQL"
WRITING = {"writes": "in turn"}
NEW = True  # an empty database gets the newest tables at once: its first were those

_READ_COMMITTED, _REPEATABLE_READ = 2, 3  # as psycopg counts; who waited for their turn has to see what was written
# Seconds until a server that does not take a connection is away, and until one that vanished beside an open connection
# is: libpq's own are no end and two hours.
_PATIENT = {"connect_timeout": 10, "keepalives_idle": 30, "keepalives_interval": 10, "keepalives_count": 3}
_PATIENCE = 60  # seconds
_TRY = 1  # second
_TOLD = {  # by PostgreSQL's code: a full disk, and one that fails
    "53100": "There is no room left on the disk of the database {}. What was reported done is stored; make room there "
    "and do the rest again, it goes on from there.",
    "58030": "The disk of the database {} gave an error. What was reported done is stored; look after that server, "
    "then run `heard doctor`.",
}
_TOO_LONG = "54000"  # for an index, which SQLite would take
_LOCKED = "55P03"  # PostgreSQL's "lock not available"
_TURN, _LONG = 1, 2  # of the two advisory locks: a transaction's, and that of who writes for long
_HOLDER = "writer"  # the setting that says who writes for long
_LOCKS = 0x4845_4152  # "HEAR", so that they are no other application's

_ALSO = (
    "CREATE UNIQUE INDEX uq_question_team_line ON question (team, md5(line))",
    """CREATE FUNCTION audit_stays() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN RAISE EXCEPTION 'the audit is only ever added to'; END $$""",
    """CREATE TRIGGER audit_stays BEFORE UPDATE OR DELETE OR TRUNCATE ON audit
    FOR EACH STATEMENT EXECUTE FUNCTION audit_stays()""",
)


def engine(url: URL) -> Engine:
    """An engine whose transactions only read one snapshot, but for those that are begun for writing."""
    made = create_engine(
        url,
        pool_pre_ping=True,
        connect_args={name: url.query.get(name, seconds) for name, seconds in _PATIENT.items()},
        hide_parameters=True,  # an error that is logged holds nobody's words
    )
    event.listen(made, "connect", _configure)
    event.listen(made, "begin", _begin)
    event.listen(made, "handle_error", _in_words(url))
    return made


def create(connection: Connection) -> None:
    """The newest tables, in an empty database, and the trigger that keeps the audit."""
    schema.metadata.create_all(connection)
    server_tables.tables.create_all(connection)
    for statement in _ALSO:
        connection.exec_driver_sql(statement)


def no_database(url: URL, error: DatabaseError) -> str:
    """What to tell people where it cannot be opened, or is gone."""
    said = str(error.orig).strip().splitlines() or [type(error.orig).__name__]
    return (
        f"The database {url.render_as_string(hide_password=True)} cannot be opened ({said[0]}). Check "
        "HEARD_DATABASE_URL, and that PostgreSQL runs and lets this user in."
    )


def _in_words(url: URL) -> Callable[[Any], None]:
    """For SQLAlchemy's "handle_error": a server that is gone, or whose disk is full, and a name without end are said
    in words."""

    def say(context: Any) -> None:
        error = context.original_exception
        if getattr(error, "sqlstate", None) == _TOO_LONG:
            raise BadInput("A name is too long to be looked up: more than 2,000 characters. Shorten it.") from None
        if told := _TOLD.get(getattr(error, "sqlstate", None) or ""):
            raise Unwritable(told.format(url.render_as_string(hide_password=True))) from error
        gone = context.connection is None or context.is_disconnect
        if gone and not context.is_pre_ping and context.sqlalchemy_exception is not None:
            raise DatabaseAway(no_database(url, context.sqlalchemy_exception)) from error

    return say


@contextmanager
def at_once(connection: Connection) -> Iterator[None]:
    """A write transaction that fails with OperationalError instead of waiting for another."""
    with connection.execution_options(writes="at once").begin():
        yield


def watching(engine: Engine) -> Any:
    """A connection that `version` is asked of, and nobody else uses."""
    held = engine.raw_connection()
    held.driver_connection.autocommit = True  # type: ignore[union-attr]  # psycopg's
    held.detach()  # it is no longer the pool's
    return held


def version(held: Any) -> str:
    """Which transactions are to be seen: something else after any of them has ended."""
    return str(held.cursor().execute("SELECT pg_current_snapshot()::text").fetchone()[0])


def learn_sizes(engine: Engine) -> None:
    """PostgreSQL counts by itself how tables have grown."""


def compact(engine: Engine) -> None:
    """Write all tables anew without what was deleted, and what is counted of their values. The log of changes, as far
    as it is kept, and backups still hold it.

    PostgreSQL keeps what anybody may still see who began to read before it was deleted, and lets nobody read a table
    that waits to be written anew: so it is tried for a second, again and again. Raises Busy after a minute of that.
    """
    left = [table.name for table in (*schema.metadata.sorted_tables, *server_tables.tables.sorted_tables)]
    left.append("pg_statistic")
    until = time.monotonic() + _PATIENCE
    with _impatient(engine) as connection:
        connection.exec_driver_sql("ANALYZE")
        while left := [table for table in left if not _written_anew(connection, table)]:
            if time.monotonic() > until:
                raise Busy(
                    f"What was erased is found no more, but tables of the database still hold it ({', '.join(left)}), "
                    "since somebody has been reading for long, or the database is not this user's. Run `heard doctor "
                    "--repair` when they have finished."
                )
            time.sleep(_TRY)


@contextmanager
def _impatient(engine: Engine) -> Iterator[Connection]:
    """A connection that waits for no lock longer than a second."""
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql(f"SET lock_timeout = '{_TRY}s'")
        try:
            yield connection
        finally:
            connection.exec_driver_sql("RESET lock_timeout")


def _written_anew(connection: Connection, table: str) -> bool:
    """Write a table anew; whether that could be done, and nothing that was deleted had to stay. Only VERBOSE tells: the
    first number of its detail is that of the rows that are dead and "cannot be removed yet", in every language."""
    details: list[str] = []
    raw: Any = connection.connection.driver_connection

    def note(said: Any) -> None:
        details.append(said.message_detail or "")

    raw.add_notice_handler(note)
    try:
        connection.exec_driver_sql(f"VACUUM (FULL, VERBOSE) {table}")
    except OperationalError as error:
        if getattr(error.orig, "sqlstate", "") != _LOCKED:
            raise
        return False
    finally:
        raw.remove_notice_handler(note)
    dead = [number for detail in details for number in re.findall(r"\d+", detail)[:1]]
    return dead == ["0"]


def damage(connection: Connection) -> str:
    """PostgreSQL watches over its files and references itself."""
    return ""


def place(engine: Engine) -> str:
    """Where it is, without the password."""
    return engine.url.render_as_string(hide_password=True)


def size(engine: Engine) -> int:
    """How many bytes it takes up."""
    with engine.connect() as connection:
        return connection.scalar(select(func.pg_database_size(func.current_database()))) or 0


def given_numbers(connection: Connection) -> dict[str, int]:
    """Table -> the highest number that was ever given in it."""
    found = {}
    for table, sequence in _sequences(connection):
        number = connection.exec_driver_sql(f"SELECT last_value FROM {sequence} WHERE is_called").scalar()
        if number:
            found[table] = int(number)
    return found


def go_on_from(connection: Connection, given: Mapping[str, int]) -> None:
    """Give higher numbers only."""
    for name, sequence in _sequences(connection):
        table = schema.metadata.tables[name]
        highest = connection.scalar(select(func.max(table.autoincrement_column)))
        number = max(highest or 0, given.get(name, 0))
        if number:
            connection.execute(select(func.setval(sequence, number)))


def _sequences(connection: Connection) -> Iterator[tuple[str, str]]:
    """Every table whose rows are numbered, with the sequence that numbers them."""
    for table in schema.metadata.sorted_tables:
        column = table.autoincrement_column
        if column is not None:
            name = connection.scalar(select(func.pg_get_serial_sequence(table.name, column.name)))
            if name:
                yield table.name, str(name)


def writer(engine: Engine) -> lock.Lock:
    """What one process holds while it writes for long: a lock of the server, for as long as the connection lasts."""
    return _SessionLock(engine)


class _SessionLock:
    """An advisory lock on a connection of its own; who holds it is written down in a setting."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine.execution_options(isolation_level="AUTOCOMMIT")
        self._held: Connection | None = None

    def take(self, what: str) -> bool:
        """Take it unless somebody else holds it."""
        connection = self._engine.connect()
        if not connection.exec_driver_sql(f"SELECT pg_try_advisory_lock({_LOCKS}, {_LONG})").scalar():
            connection.close()
            return False
        self._held = connection
        connection.exec_driver_sql("SET tcp_keepalives_idle = 60")  # a machine that is lost lets go of it in minutes
        values = {"value": lock.holder(what, socket.gethostname())}
        statement = upsert(connection, schema.setting).values(key=_HOLDER, **values)
        connection.execute(statement.on_conflict_do_update(index_elements=["key"], set_=values))
        return True

    def held(self) -> bool:
        """Whether any connection holds it."""
        query = f"""SELECT EXISTS (
            SELECT FROM pg_locks JOIN pg_database ON pg_database.oid = pg_locks.database
            WHERE datname = current_database() AND locktype = 'advisory'
            AND classid = {_LOCKS} AND objid = {_LONG} AND objsubid = 2 AND granted
        )"""
        with self._engine.connect() as connection:
            return bool(connection.exec_driver_sql(query).scalar())

    def who(self) -> str:
        """A sentence about who holds it."""
        with self._engine.connect() as connection:
            said = connection.scalar(select(schema.setting.c.value).where(schema.setting.c.key == _HOLDER))
        return lock.sentence(said or "")

    def release(self) -> None:
        """Let it go."""
        held, self._held = self._held, None
        if held is not None:
            with suppress(DBAPIError, DatabaseAway), held:  # where the connection is lost, so is the lock
                held.exec_driver_sql(f"SELECT pg_advisory_unlock({_LOCKS}, {_LONG})")
                held.exec_driver_sql("RESET tcp_keepalives_idle")


def _configure(connection: Any, _record: Any) -> None:
    from psycopg.types.string import StrDumperUnknown

    class Text(StrDumperUnknown):
        """Text without the one character that PostgreSQL cannot keep, and so cannot be asked for either."""

        def dump(self, obj: str) -> Any:
            return super().dump(obj.replace("\0", "\ufffd"))

    connection.adapters.register_dumper(str, Text)


def _begin(connection: Connection) -> None:
    turn = connection.get_execution_options().get("writes")
    raw = connection.connection.driver_connection
    raw.isolation_level = _READ_COMMITTED if turn else _REPEATABLE_READ  # type: ignore[union-attr]  # psycopg's
    raw.read_only = not turn  # type: ignore[union-attr]
    if turn == "in turn":
        connection.exec_driver_sql(f"SET LOCAL lock_timeout = '{_PATIENCE}s'")
        connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_LOCKS}, {_TURN})")
    elif (
        turn == "at once"
        and not connection.exec_driver_sql(f"SELECT pg_try_advisory_xact_lock({_LOCKS}, {_TURN})").scalar()
    ):
        raise OperationalError("pg_try_advisory_xact_lock", None, RuntimeError("another transaction writes"))

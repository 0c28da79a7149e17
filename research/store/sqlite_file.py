"""The file of the database: how it is opened where nothing can be written, what its errors mean, and a copy of it."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

from sqlalchemy import URL

from research import disk
from research.errors import DatabaseDamaged, Unwritable
from research.folders import writable

_DAMAGED = ("malformed", "not a database")


def address(path: Path) -> URL:
    """Where SQLite opens the file. Raises Unwritable when it is not there and cannot be made.

    In a read-only folder as read-only; and, if nobody has it open, as a file that nobody changes, since SQLite cannot
    make the files that it shares with others there.
    """
    if writable(path.parent):
        return URL.create("sqlite", database=str(path))
    if not path.exists():
        raise Unwritable(f"There is no repository in {path.parent}, and the folder cannot be written to.")
    return URL.create("sqlite", database=f"file:{quote(str(path))}", query={**_how(path), "uri": "true"})


def _how(path: Path) -> dict[str, str]:
    if writable(path.parent):
        return {"mode": "rw"}
    return {"mode": "ro"} if path.with_name(f"{path.name}-wal").exists() else {"immutable": "1"}


def in_words(path: Path) -> Callable[[Any], None]:
    """For SQLAlchemy's "handle_error": a full disk, a read-only folder and a damaged file are said in words."""

    def say(context: Any) -> None:
        error = context.original_exception
        if told := disk.refused(error):
            raise told from error
        if isinstance(error, sqlite3.DatabaseError) and any(said in str(error) for said in _DAMAGED):
            raise DatabaseDamaged(
                f"The database {path} is damaged ({error}). Put back a backup with `heard restore FILE`; if there is "
                "none, move this file away and ingest your notes again."
            ) from error

    return say


def copied(source: Path, target: Path) -> None:
    """Make `target` what the source is in this moment, in one transaction of SQLite's: whoever has it open reads the
    one or the other, and whoever is cut off leaves what was there. Raises Unwritable, sqlite3.Error."""
    uri = f"file:{quote(str(source))}?{urlencode(_how(source))}"
    with (
        disk.in_words(),
        closing(sqlite3.connect(uri, uri=True, timeout=60)) as opened,
        closing(sqlite3.connect(target, timeout=60)) as connection,
    ):
        opened.backup(connection)

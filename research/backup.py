"""A backup: one file with all that cannot be made again, of a repository that others go on working with.

A zip of the database as it was in one moment, the vectors that belong to it (they could be made again, which takes half
an hour at a million passages), and the key if that is wanted. Words and Chroma's graph are built anew from these.
"""

from __future__ import annotations

import json
import os
import sqlite3
import tempfile
import zipfile
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import Engine

from research.config import Settings
from research.disk import in_words
from research.errors import BadInput, DatabaseDamaged, IndexDamaged
from research.matrix import Matrix
from research.store import index_state, sqlite
from research.store.database import schema_version

FORMAT = 1
DATABASE, VECTORS, KEY, ABOUT = "heard.db", "vectors.i8", "key", "about.json"
PART = "restore.part"  # the folder beside the database in which one is made ready


@dataclass(frozen=True, slots=True)
class About:
    """What a backup says of itself. `at` is when it was taken, `schema` the newest migration that the database had."""

    at: str
    schema: str
    notes: int
    passages: int
    format: int = FORMAT


def backup(settings: Settings, engine: Engine, path: Path, now: datetime, key: bytes | None) -> About:
    """Write a backup of the repository of `settings` to a new file at `path`, readable for its owner only.

    Nobody has to stop: the database is copied as of one moment, and of the vectors only those that were the same before
    and after. Raises BadInput where there is a file already, and on PostgreSQL, Unwritable, DatabaseDamaged.
    """
    of_files(settings)
    home = settings.home
    if path.exists():
        raise BadInput(f"{path} exists already. Give the backup another name, or move that file away.")
    with in_words(), tempfile.TemporaryDirectory(prefix=".heard-backup-", dir=path.parent) as folder:
        database, vectors, packed = (Path(folder) / name for name in (DATABASE, VECTORS, "packed"))
        sqlite.copied(home / DATABASE, database)
        notes, held, generation = _looked_over(database)
        about = About(now.isoformat(timespec="seconds"), schema_version(engine), notes, len(held))
        with suppress(IndexDamaged):
            _copy_vectors(Matrix(home / VECTORS), vectors, held, engine, generation)
        with os.fdopen(os.open(packed, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600), "w+b") as file:
            with zipfile.ZipFile(file, "w") as archive:
                archive.writestr(ABOUT, json.dumps(asdict(about)))
                archive.write(database, DATABASE, zipfile.ZIP_DEFLATED, 1)
                if vectors.exists():
                    archive.write(vectors, VECTORS, zipfile.ZIP_STORED)
                if key is not None:
                    archive.writestr(KEY, key)
            file.flush()
            os.fsync(file.fileno())
        packed.replace(path)
    return about


def of_files(settings: Settings) -> None:
    """Raises BadInput, which says what to do instead, for a repository that is no folder of files."""
    if settings.servers.database:
        raise BadInput(
            "`heard backup` and `heard restore` are for a repository in a folder. This one is on PostgreSQL: take a "
            "backup with pg_dump, and keep HEARD_KEY somewhere else; after pg_restore run `heard reindex`, since "
            "Chroma's server still has what was there before."
        )


@contextmanager
def opened(path: Path) -> Iterator[tuple[About, zipfile.ZipFile]]:
    """A backup to read from, with what it says of itself. Raises BadInput for a file that is none or is damaged."""
    try:
        with zipfile.ZipFile(path) as archive:
            about = About(**json.loads(archive.read(ABOUT)))
            if about.format != FORMAT:
                raise BadInput(f"{path} was made by a newer Heard. Install that one to put it back.")
            yield about, archive
    except (zipfile.BadZipFile, KeyError, TypeError, ValueError, EOFError) as error:
        raise BadInput(f"{path} is no backup of Heard, or is damaged ({error}). Nothing was changed.") from error
    except FileNotFoundError as error:
        raise BadInput(f"There is no file {path}. Nothing was changed.") from error


def _looked_over(database: Path) -> tuple[int, list[int], int]:
    """Notes, rows of passages, and the generation of a copied database. Raises DatabaseDamaged."""
    try:
        with closing(sqlite3.connect(database)) as connection:
            connection.execute("PRAGMA journal_mode=DELETE")  # one file
            (said,) = connection.execute("PRAGMA integrity_check(1)").fetchone()
            if said != "ok":
                raise sqlite3.DatabaseError(said)
            (notes,) = connection.execute("SELECT count(*) FROM note").fetchone()
            rows = [row for (row,) in connection.execute("SELECT row FROM passage ORDER BY row")]
            found = connection.execute("SELECT value FROM setting WHERE key = 'generation'").fetchone()
    except sqlite3.DatabaseError as error:
        raise DatabaseDamaged(
            f"The database is damaged ({error}), and a backup of it would be. `heard restore` puts an older one back."
        ) from error
    return notes, rows, int(found[0]) if found else 0


def _copy_vectors(matrix: Matrix, path: Path, rows: list[int], engine: Engine, generation: int) -> None:
    """The vectors of these rows, but for any that was changed or was waiting since `generation`, or is damaged."""
    if not (rows and matrix.exists):
        return
    matrix.copy(rows, path)
    with engine.connect() as connection:
        changed = index_state.changed(connection, generation)
    copied = Matrix(path)
    copied.erase(sorted(changed.intersection(rows)))
    copied.erase(copied.damaged(rows).tolist())
    copied.close()

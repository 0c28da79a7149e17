"""Putting a backup back: made ready and looked over beside the repository, then put in its place in one transaction."""

from __future__ import annotations

import sqlite3
import zipfile
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from sqlalchemy import Connection, Engine

from research import backup, folders
from research.backup import DATABASE, KEY, PART, VECTORS, About
from research.config import Settings
from research.disk import in_words, refused
from research.embedder import Embedder, embedder_for
from research.errors import BadInput, DatabaseDamaged, HeardError
from research.events import timed
from research.identity import Sealer
from research.keys import put_key, repository_key
from research.lock import FileLock, write_lock
from research.matrix import Matrix
from research.models import Finding
from research.phrases import count
from research.repository import Repository
from research.store import audit, erasure, identities, key_check, participants, sqlite
from research.store import restoring as store
from research.store.database import database_url, open_database, writing


@dataclass(frozen=True, slots=True)
class Restored:
    """What was put back, and what `doctor` then says. `forgotten`: people of the backup who had been forgotten in the
    repository that it replaced, and so were again. `words`: what somebody should know or do."""

    about: About
    forgotten: int
    findings: tuple[Finding, ...]
    words: tuple[str, ...] = field(default=())


@timed("restore", lambda done: {"notes": done.about.notes, "forgotten": done.forgotten})
def restore(
    path: Path,
    settings: Settings,
    *,
    replace: bool = False,
    embedder: Embedder | None = None,
    now: Callable[[], datetime] = datetime.now,
) -> Restored:
    """Make the repository of `settings` what a backup holds.

    Whoever has it open goes on and sees what was put back. Cut off at any point, it is what it was, or `heard doctor
    --repair` finishes it. Raises BadInput for a file that is no whole backup, or where there are notes and they are not
    to be replaced, or on PostgreSQL; Busy, Unwritable, DatabaseDamaged.
    """
    backup.of_files(settings)
    home = settings.home
    with in_words():
        home.mkdir(parents=True, exist_ok=True)
    with backup.opened(path) as (about, archive), write_lock(FileLock(home), "heard restore", settings.lock_timeout):
        before = _there(home, replace)
        try:
            return _restored(about, archive, before, settings, embedder or embedder_for(settings.model), now)
        finally:
            if before is not None:
                before.dispose()
            folders.remove(home / PART)


def _there(home: Path, replace: bool) -> Engine | None:
    """The database that is to be replaced; None where there is none that can be read. Raises BadInput."""
    if not (home / DATABASE).exists():
        return None
    try:
        engine = open_database(database_url("", home / DATABASE))
        with engine.connect() as connection:
            held = store.notes(connection)
    except DatabaseDamaged as error:
        if not replace:
            raise BadInput(f"{error} To put this backup in its place, add --replace.") from error
        return None
    if held and not replace:
        engine.dispose()
        raise BadInput(
            f"The repository in {home} holds {count(held, 'note')}. Give another folder with --home, or --replace to "
            "put the backup in its place: what came in since the backup would be gone. Nothing was changed."
        )
    return engine


def _restored(
    about: About,
    archive: zipfile.ZipFile,
    before: Engine | None,
    settings: Settings,
    embedder: Embedder,
    now: Callable[[], datetime],
) -> Restored:
    home, part = settings.home, settings.home / PART
    with in_words():
        folders.remove(part)
        part.mkdir(mode=0o700)
        for name in archive.namelist():
            if name in (DATABASE, VECTORS, KEY):
                archive.extract(name, part)
    key = (part / KEY).read_bytes() if (part / KEY).exists() else None
    ready = open_database(database_url("", part / DATABASE))
    try:
        forgotten, words = _made_ready(ready, before, key or _key_at(settings), embedder.name, settings.user, now())
        words += _about_key(ready, key, settings)
    finally:
        ready.dispose()
    if before is None:
        _set_aside(home)
    with in_words():
        try:
            sqlite.copied(part / DATABASE, home / DATABASE)
        except sqlite3.Error as error:
            raise refused(error) or HeardError(f"The backup could not be put in place: {error}.") from error
    if key:
        put_key(home, key)
    vectors = Matrix(home / VECTORS)
    if (part / VECTORS).exists():
        vectors.replace(part / VECTORS)
    else:
        vectors.clear()
    repo = Repository(settings, embedder=embedder, now=now)
    try:
        repo.index.take_over()
        folders.remove(part)
        return Restored(about, forgotten, tuple(repo.doctor()), tuple(words))
    finally:
        repo.close()


def _made_ready(
    ready: Engine, before: Engine | None, key: bytes | None, model: str, who: str, at: datetime
) -> tuple[int, list[str]]:
    """Look the backup's database over, and bring to it what the other one remembers: how many people were forgotten
    anew, and what there is to say."""
    with writing(ready).begin() as connection:
        if (said := sqlite.integrity(connection)) != "ok":
            raise BadInput(f"The database in the backup is damaged ({said}). Nothing was changed.")
        forgotten: list[int] = []
        if before is None:
            store.keep_tokens_out(connection, None)
        else:
            with before.connect() as old:
                store.keep_numbers(connection, old)
                store.keep_audit(connection, old)
                store.keep_tokens_out(connection, old)
                forgotten = store.forgotten_since(connection, old)
        names = _names(connection, forgotten, key)
        for id_ in forgotten:
            erasure.erase(connection, id_, names.get(id_, []), participants.pseudonym(id_))
        store.without_indexes(connection, model)
        audit.write_down(connection, at, who, "restored", "", f"{count(store.notes(connection), 'note')} from a backup")
    if len(names) < len(forgotten):
        return len(forgotten), ["Names of people who were forgotten may stand in what others said: the key is missing."]
    return len(forgotten), []


def _names(connection: Connection, ids: list[int], key: bytes | None) -> dict[int, list[str]]:
    """What people are called, as far as it is known and the key opens it; nothing for whom it does not."""
    sealed = identities.sealed(connection, ids)
    found: dict[int, list[str]] = {id_: [] for id_ in ids if id_ not in sealed}
    with suppress(HeardError):
        if key:
            found |= {id_: [Sealer(key).open(token).name] for id_, token in sealed.items()}
    return found


def _key_at(settings: Settings) -> bytes | None:
    """The key that is there already."""
    with suppress(HeardError):
        return repository_key(settings.home, settings.key, begun=True)
    return None


def _about_key(ready: Engine, key: bytes | None, settings: Settings) -> list[str]:
    """A sentence where the key is still to be brought."""
    begun = key_check.begun_with(ready)
    has = _key_at(settings) if settings.key or key is None else key
    if not begun or (has and key_check.check_of(has) == begun):
        return []
    return [
        f"The backup holds no key, and the repository's own is {'not the one that is here' if has else 'missing'}. Put "
        f"its file into {settings.home} as “key”, or set HEARD_KEY to what it was. Until then all can be searched; "
        "people's names cannot be opened, and nothing can be taken in."
    ]


def _set_aside(home: Path) -> None:
    """Move a database that cannot be read out of the way, with its files of recent changes."""
    with in_words():
        for name in (DATABASE, f"{DATABASE}-wal", f"{DATABASE}-shm"):
            if (home / name).exists():
                (home / name).replace(home / f"{name}.damaged")

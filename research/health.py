"""Whether a repository can do its work just now: quick enough to be asked every few seconds, as it opens no index."""

from __future__ import annotations

import os
import shutil
import threading
from collections.abc import Callable
from concurrent.futures import Future, wait
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Engine

from research.config import Settings
from research.errors import HeardError, IndexAway, ModelMismatch
from research.index_reader import check_model
from research.search_index import SearchIndex
from research.store import index_state, library
from research.store.database import place, schema_version, writing_now

_LEAST = 200_000_000  # bytes free on the disk below which the next ingest may fail
_EASY = 2_000_000_000  # below which somebody should look, since some work writes an index anew beside the old one
_PATIENCE = 3.0  # seconds until a server that says nothing is taken for away


@dataclass(frozen=True, slots=True)
class Health:
    """What a check of a few milliseconds finds. `problems` keep people from their work, `warnings` do not yet; both are
    sentences by what they are about.

    `schema` is the number of the newest migration, `generation` goes up with every change of the indexes, `last_added`
    is when a note came in or changed, `writer` says who is writing since when ("" for nobody). `disk_free` is in bytes,
    None on servers, which watch over their own disks.
    """

    problems: dict[str, str]
    warnings: dict[str, str]
    schema: str = ""
    generation: int = 0
    pending: int = 0
    last_added: datetime | None = None
    writer: str = ""
    disk_free: int | None = None

    @property
    def ok(self) -> bool:
        """Whether people can work."""
        return not self.problems


@dataclass(frozen=True, slots=True)
class _Stored:
    """What the database says."""

    schema: str
    generation: int
    pending: int
    last_added: datetime | None
    writer: str
    mismatch: str


class Checkup:
    """Looks after one repository. A server that hangs is asked once: whoever looks again waits for the same answer."""

    def __init__(self, settings: Settings, engine: Engine, index: SearchIndex) -> None:
        self._settings, self._engine, self._index = settings, engine, index
        self._lock = threading.Lock()
        self._asked: dict[str, Future[Any]] = {}

    def now(self) -> Health:
        """How the repository is, in at most `_PATIENCE` seconds, whoever does not answer. Its model is not loaded for
        it."""
        database = self._ask("database", lambda: _stored(self._engine, self._index.embedder.name))
        vectors = self._ask("vectors", lambda: self._index.answer(_PATIENCE))
        problems: dict[str, str] = {}
        warnings: dict[str, str] = {}
        stored = _Stored("", 0, 0, None, "", "")
        wait((database, vectors), _PATIENCE)
        try:
            stored = database.result(0)
        except HeardError as error:
            problems["database"] = str(error)
        except Exception as error:  # whatever it is, nobody can work
            problems["database"] = f"The database in {place(self._engine)} does not answer ({type(error).__name__})."
        if stored.mismatch:
            problems["model"] = stored.mismatch
        if stored.pending and not stored.writer:
            said = f"{stored.pending} passages cannot be found yet, and nobody is at it. Run `heard doctor --repair`."
            warnings["index"] = said
        try:
            vectors.result(0)
        except (IndexAway, TimeoutError) as error:
            said = (
                str(error)
                or f"Chroma at {self._settings.servers.chroma} does not answer within {_PATIENCE:.0f} seconds."
            )
            warnings["chroma"] = f"{said} Until it does, answers are found by their words."
        free = None if self._settings.servers.database else _on_disk(self._settings, problems, warnings)
        return Health(
            problems, warnings, stored.schema, stored.generation, stored.pending, stored.last_added, stored.writer, free
        )

    def _ask(self, whom: str, ask: Callable[[], Any]) -> Future[Any]:
        with self._lock:
            if whom not in self._asked or self._asked[whom].done():
                self._asked[whom] = _begun(ask)
            return self._asked[whom]


def _stored(engine: Engine, model: str) -> _Stored:
    writer = writing_now(engine)
    schema = schema_version(engine)
    with engine.connect() as connection:
        now = index_state.standing(connection)
        pending = sum(index_state.waiting(connection))
        added = library.last_added(connection)
    mismatch = ""
    try:
        check_model(now, model)
    except ModelMismatch as error:
        mismatch = str(error)
    # Who began in between is at what waits.
    return _Stored(schema, now.generation, pending, added, writer or writing_now(engine), mismatch)


def _on_disk(settings: Settings, problems: dict[str, str], warnings: dict[str, str]) -> int | None:
    """How many bytes are free in the repository's folder, and what there is to say about it."""
    home = settings.home
    try:
        free = shutil.disk_usage(home).free
    except OSError as error:
        problems["folder"] = f"{home} cannot be read ({type(error).__name__})."
        return None
    if not os.access(home, os.W_OK):
        warnings["folder"] = f"{home} cannot be written to: it can be searched, and nothing can be added."
    if free < _LEAST:
        problems["disk"] = f"{free / 1e6:.0f} MB are free on the disk: the next ingest may fail."
    elif free < _EASY:
        warnings["disk"] = f"{free / 1e6:.0f} MB are free on the disk."
    return free


def _begun(ask: Callable[[], Any]) -> Future[Any]:
    """Ask in a thread of its own, which a server that hangs may keep: nobody waits for it, nor does the end of the
    process."""
    answer: Future[Any] = Future()

    def run() -> None:
        try:
            answer.set_result(ask())
        except BaseException as error:
            answer.set_exception(error)

    threading.Thread(target=run, daemon=True).start()
    return answer

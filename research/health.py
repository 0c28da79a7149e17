"""Whether a repository can do its work just now: quick enough to be asked every few seconds, as it opens no index."""

from __future__ import annotations

import os
import shutil
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

from research.errors import ModelMismatch
from research.index_reader import check_model
from research.lock import writing_now
from research.store import index_state, library
from research.store.database import schema_version

_LEAST = 200_000_000  # bytes free on the disk below which the next ingest may fail
_EASY = 2_000_000_000  # below which somebody should look, since some work writes an index anew beside the old one


@dataclass(frozen=True, slots=True)
class Health:
    """What a check of a few milliseconds finds. `problems` keep people from their work, `warnings` do not yet; both are
    sentences by what they are about.

    `schema` is the number of the newest migration, `generation` goes up with every change of the indexes, `last_added`
    is when a note came in or changed, `disk_free` is in bytes, `writer` says who is writing since when ("" for nobody).
    """

    problems: dict[str, str]
    warnings: dict[str, str]
    schema: str
    generation: int
    pending: int
    last_added: datetime | None
    disk_free: int
    writer: str

    @property
    def ok(self) -> bool:
        """Whether people can work."""
        return not self.problems


def health(home: Path, engine: Engine, model: str) -> Health:
    """How the repository in `home` is, searched with a `model`, which is not loaded for it."""
    problems: dict[str, str] = {}
    schema, now, pending, added, writer = "", None, 0, None, writing_now(home)
    try:
        schema = schema_version(engine)
        with engine.connect() as connection:
            now = index_state.standing(connection)
            pending = sum(index_state.waiting(connection))
            added = library.last_added(connection)
    except SQLAlchemyError as error:
        problems["database"] = f"The database does not answer ({type(error).__name__})."
    if now is not None:
        try:
            check_model(now, model)
        except ModelMismatch as error:
            problems["model"] = str(error)
    writer = writer or writing_now(home)  # who began in between is at what waits
    free = shutil.disk_usage(home).free
    if not os.access(home, os.W_OK):
        problems["folder"] = f"{home} cannot be written to."
    if free < _LEAST:
        problems["disk"] = f"{free / 1e6:.0f} MB are free on the disk: the next ingest may fail."
    generation = now.generation if now else 0
    return Health(problems, _warnings(pending, writer, free), schema, generation, pending, added, free, writer)


def _warnings(pending: int, writer: str, free: int) -> dict[str, str]:
    warnings = {}
    if pending and not writer:
        warnings["index"] = f"{pending} passages cannot be found yet, and nobody is at it. Run `heard doctor --repair`."
    if _LEAST <= free < _EASY:
        warnings["disk"] = f"{free / 1e6:.0f} MB are free on the disk."
    return warnings

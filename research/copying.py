"""Moving a repository from files to servers, or back, without embedding anything again."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing

from research.config import Settings
from research.errors import BadInput
from research.events import timed
from research.repository import Repository
from research.store import copying
from research.store.database import writing


@timed("copy", lambda rows: {"notes": rows["note"], "passages": rows["passage"]})
def copy(source: Repository, to: Settings, on_progress: Callable[[str, int], None]) -> dict[str, int]:
    """Copy a repository to another place, which has to be empty; the source stays as it is. Table -> rows.

    The notes and all that belongs to them arrive in one transaction, or nothing does. Then vectors, words and Chroma
    follow; where that is cut off, `heard doctor --repair` there finishes it. Nobody writes to the source meanwhile.
    `on_progress` is told what is copied, and how much of it already is. Raises BadInput, HeardError.
    """
    source.hold("administer")
    with closing(Repository(to, embedder=source.embedder, now=source.now)) as target:
        with source.index.writer("heard copy"), target.index.writer("heard copy"):
            with writing(target.engine).begin() as there, source.engine.connect() as here:
                if not copying.is_empty(there):
                    raise BadInput(
                        "There is something in that place already. A repository is copied to an empty one only; one "
                        "that was cut off is finished by `heard doctor --repair` there."
                    )
                rows = copying.copy(here, there, on_progress)
            target.index.sync(known=source.index, on_progress=lambda done: on_progress("index", done))
        return rows

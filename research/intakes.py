"""Looking back at runs of ingest, and taking out again what one of them added."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from research.errors import NotFound
from research.register import Register
from research.search_index import SearchIndex
from research.store import intakes, save
from research.store.database import writing


@dataclass(frozen=True, slots=True)
class Intake:
    """A run of ingest: when it was, by whom, and how many notes of which studies (team, study) it added that are still
    there as it left them."""

    id: str
    at: datetime
    who: str
    studies: tuple[tuple[str, str], ...]
    notes: int


def latest(register: Register, limit: int) -> list[Intake]:
    """The last runs of which notes are left that the reader may read, newest first."""
    with register.engine.connect() as connection:
        sight = register.sight(connection)
        runs = intakes.latest(connection, sight, limit)
        added = intakes.added(connection, [id_ for id_, _, _ in runs], sight)
    return [
        Intake(id_, at, who, tuple(sorted({(one.team, one.study) for one in added[id_]})), len(added[id_]))
        for id_, at, who in runs
    ]


def undo(register: Register, index: SearchIndex, id_: str) -> int:
    """Take out the notes that a run added and no later one has changed; returns how many. Raises NotFound, and Refused
    for notes of a team that the reader does not belong to."""
    with writing(register.engine).begin() as connection:
        there = intakes.added(connection, [id_], register.sight(connection)).get(id_, [])
        if not there:
            raise NotFound(f"There is no ingest {id_} of which notes are left; `heard intake list` shows the last.")
        for team in sorted({one.team for one in there}):
            register.reader.hold_team(team)
        for one in there:
            save.delete_note_with_source(connection, one.id)
    index.catch_up()
    return len(there)

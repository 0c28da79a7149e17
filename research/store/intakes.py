"""Runs of ingest: which notes each of them added."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, func, select

from research.access import Sight
from research.store import schema
from research.store.access import may_be_read
from research.store.dialects import upsert

_note, _intake = schema.note.c, schema.intake.c
_joined = (
    schema.note.join(schema.intake, _note.intake == _intake.id)
    .join(schema.study, _note.study_id == schema.study.c.id)
    .join(schema.team, schema.study.c.team_id == schema.team.c.id)
)


@dataclass(frozen=True, slots=True)
class Added:
    """A note that a run of ingest added and that no other has changed since."""

    id: str
    team: str
    study: str


def began(connection: Connection, id_: str, at: datetime, who: str) -> None:
    """Remember a run of ingest, unless it is known."""
    new = upsert(connection, schema.intake).values(id=id_, at=at, who=who)
    connection.execute(new.on_conflict_do_nothing())


def latest(connection: Connection, sight: Sight, limit: int) -> list[tuple[str, datetime, str]]:
    """(id, when, who) of the last runs of which notes are left that may be seen, newest first."""
    query = (
        select(_intake.id, _intake.at, _intake.who)
        .select_from(_joined)
        .where(may_be_read(sight))
        .group_by(_intake.id)
        .order_by(func.max(_note.added).desc(), _intake.id)
        .limit(limit)
    )
    return [(id_, at, who) for id_, at, who in connection.execute(query)]


def added(connection: Connection, ids: Sequence[str], sight: Sight) -> dict[str, list[Added]]:
    """The notes of some runs that are left and may be seen."""
    query = (
        select(_note.intake, _note.id, schema.team.c.name, schema.study.c.title)
        .select_from(_joined)
        .where(_note.intake.in_(ids), may_be_read(sight))
        .order_by(_note.id)
    )
    found: dict[str, list[Added]] = {}
    for intake, *rest in connection.execute(query):
        found.setdefault(intake, []).append(Added(*rest))
    return found

"""What studies say of themselves: whether people were contacted for them, and how long their notes are kept."""

from __future__ import annotations

from datetime import date, timedelta

from sqlalchemy import Connection, func, select, update

from research.errors import NotFound
from research.store import schema

_study, _note = schema.study.c, schema.note.c


def said(connection: Connection, team: str, title: str) -> tuple[int, bool, int | None]:
    """A study's number, whether people were contacted for it, and for how many days its notes are kept (None: always).

    Raises NotFound.
    """
    found = connection.execute(
        select(_study.id, _study.asked, _study.keep_days)
        .join(schema.team)
        .where(func.lower(schema.team.c.name) == team.lower(), func.lower(_study.title) == title.lower())
    ).first()
    if found is None:
        raise NotFound(f"There is no study “{title}” of {team} in this repository.")
    return found.id, found.asked, found.keep_days


def say(connection: Connection, study_id: int, asked: bool, keep_days: int | None) -> None:
    """Set both."""
    connection.execute(update(schema.study).where(_study.id == study_id).values(asked=asked, keep_days=keep_days))


def due(connection: Connection) -> list[tuple[int, date | None, int]]:
    """Of studies that keep their notes for a time: (study, first day on which notes are kept no longer, how many), the
    earliest day first; None for notes without a date, which are kept."""
    query = (
        select(_study.id, _study.keep_days, _note.date, func.count())
        .join(schema.note, _note.study_id == _study.id)
        .where(_study.keep_days.is_not(None))
        .group_by(_study.id, _note.date)
        .order_by(_note.date)
    )
    return [
        (id_, day and day + timedelta(days=keep_days + 1), count)
        for id_, keep_days, day, count in connection.execute(query)
    ]

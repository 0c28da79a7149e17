"""What studies say of themselves: whether people were contacted for them, and how long their notes are kept."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import Connection, func, select, update

from research.access import Sight
from research.errors import NotFound
from research.store import schema

_study, _team, _note = schema.study.c, schema.team.c, schema.note.c


@dataclass(frozen=True, slots=True)
class Said:
    """A study by number and name, whether people were contacted for it, for how many days its notes are kept (None:
    always), and whether only its team reads it, until the day `opens` (None: no end)."""

    id: int
    team: str
    title: str
    asked: bool
    keep_days: int | None
    closed: bool
    opens: date | None


def said(connection: Connection, team: str, title: str, sight: Sight) -> Said:
    """What is said of a study that may be seen; case does not matter. Raises NotFound."""
    found = connection.execute(
        select(_study.id, _team.name, _study.title, _study.asked, _study.keep_days, _study.closed, _study.opens)
        .select_from(schema.study.join(schema.team))
        .where(
            func.lower(_team.name) == team.lower(), func.lower(_study.title) == title.lower(),
            _study.id.not_in(sight.closed),
        )
    ).first()  # fmt: skip
    if found is None:
        raise NotFound(f"There is no study “{title}”{f' of {team}' if team else ''} in this repository.")
    return Said(*found)


def say(connection: Connection, now: Said) -> None:
    """Set what is said of a study."""
    values = {"asked": now.asked, "keep_days": now.keep_days, "closed": now.closed, "opens": now.opens}
    connection.execute(update(schema.study).where(_study.id == now.id).values(**values))


def due(connection: Connection) -> list[tuple[int, date | None, int]]:
    """Of studies that keep their notes for a time: (study, first day on which notes are kept no longer, how many), the
    earliest day first; None for notes without a date, which are kept."""
    query = (
        select(_study.id, _study.keep_days, _note.date, func.count())
        .join(schema.note, _note.study_id == _study.id)
        .where(_study.keep_days.is_not(None))
        .group_by(_study.id, _note.date)
        .order_by(_note.date.nulls_first())
    )
    return [
        (id_, day and day + timedelta(days=keep_days + 1), count)
        for id_, keep_days, day, count in connection.execute(query)
    ]

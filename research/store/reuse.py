"""Who used what another team heard: one line a person, note, day and kind of use."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import Connection, Row, func, or_, select

from research.access import Sight
from research.store import schema
from research.store.access import may_be_read
from research.store.database import chunks
from research.store.dialects import month, upsert

_reuse = schema.reuse.c


def put(connection: Connection, note_ids: Sequence[str], kind: str, who: str, team: str, day: date) -> None:
    """Note that somebody of a team used notes; the same use on the same day counts once."""
    note, study, of = schema.note.c, schema.study.c, schema.team.c
    joined = schema.note.join(schema.study, note.study_id == study.id).join(schema.team, study.team_id == of.id)
    for chunk in chunks(sorted(set(note_ids))):
        heard = connection.execute(select(note.id, of.name).select_from(joined).where(note.id.in_(chunk))).all()
        rows = [
            {"day": day, "who": who, "team": team, "kind": kind, "of_team": of_team, "note_id": id_}
            for id_, of_team in heard
        ]
        if rows:
            connection.execute(upsert(connection, schema.reuse).on_conflict_do_nothing(), rows)


def counted(connection: Connection, since: date | None, until: date | None, sight: Sight) -> Sequence[Row[Any]]:
    """(year and month, team that used, team that heard, kind, uses) between two days, both counted, of notes that may
    be seen or are gone."""
    when = month(_reuse.day).label("month")
    query = select(when, _reuse.team, _reuse.of_team, _reuse.kind, func.count().label("uses"))
    if sight.closed:
        query = query.join(schema.note, _reuse.note_id == schema.note.c.id, isouter=True)
        query = query.where(or_(schema.note.c.id.is_(None), may_be_read(sight)))
    if since:
        query = query.where(_reuse.day >= since)
    if until:
        query = query.where(_reuse.day <= until)
    return connection.execute(query.group_by(when, _reuse.team, _reuse.of_team, _reuse.kind).order_by(when)).all()

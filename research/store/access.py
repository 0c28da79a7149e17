"""Which studies somebody may not read, and who is a member: what every other question to the store begins with."""

from __future__ import annotations

from sqlalchemy import Connection, or_, select

from research.access import Reader, Sight
from research.store import schema

_study, _team = schema.study.c, schema.team.c


def sight(connection: Connection, reader: Reader) -> Sight:
    """What a reader may see today: not the studies that are kept to a team that they don't belong to."""
    kept = select(_study.id, _team.name).select_from(schema.study.join(schema.team))
    today = kept.where(_study.closed, or_(_study.opens.is_(None), _study.opens > reader.today))
    shut = (id_ for id_, team in connection.execute(today.order_by(_study.id)) if not reader.member.of(team))
    return Sight(reader.today, tuple(shut))

"""Themes and who belongs to them, as rows."""

from __future__ import annotations

from datetime import date

from sqlalchemy import Connection, func, select

from research.filters import Filter
from research.store import schema
from research.store.passages import conditions, joined
from research.themes import Kept, Member

_theme, _member, _event = schema.theme.c, schema.theme_member.c, schema.theme_event.c
_note, _passage, _person, _team = schema.note.c, schema.passage.c, schema.participant.c, schema.team.c

_with_members = joined.join(schema.theme_member, _member.passage_row == _passage.row)


def kept(connection: Connection) -> list[Kept]:
    """All themes that have not ended, in the order of their founding."""
    rows = connection.execute(select(schema.theme).where(_theme.ended.is_(None)).order_by(_theme.id)).all()
    return [Kept(row.id, row.label, tuple(row.phrases), row.name, row.hidden, row.founded, row.area_id) for row in rows]


def members(connection: Connection, narrow: Filter) -> list[Member]:
    """The passages of themes that a filter leaves."""
    query = select(
        _member.theme_id, _passage.id, _passage.note_id, _person.pseudonym, _team.name, _person.account,
        _person.segment, _note.date, _member.nearness, _passage.end - _passage.start,
    ).select_from(_with_members)  # fmt: skip
    rows = connection.execute(query.where(*conditions(narrow))).all()
    return [Member(*tuple(row)) for row in rows]


def ever(connection: Connection, narrow: Filter) -> dict[int, tuple[date, date]]:
    """On which days each theme was first and last heard, by dated notes."""
    query = select(_member.theme_id, func.min(_note.date), func.max(_note.date)).select_from(_with_members)
    rows = connection.execute(query.where(*conditions(narrow), _note.date.is_not(None)).group_by(_member.theme_id))
    return {theme: (first, last) for theme, first, last in rows}


def held(connection: Connection, narrow: Filter) -> tuple[int, int]:
    """How many interviews (one person in one note) and passages a filter leaves."""
    spoken = select(_passage.note_id, _passage.participant_id, func.count().label("passages")).select_from(joined)
    each = spoken.where(*conditions(narrow)).group_by(_passage.note_id, _passage.participant_id).subquery()
    interviews, passages = connection.execute(select(func.count(), func.sum(each.c.passages))).one()
    return interviews, passages or 0


def undated(connection: Connection, narrow: Filter) -> int:
    """How many passages of notes without a date a filter leaves."""
    query = select(func.count()).select_from(joined).where(*conditions(narrow), _note.date.is_(None))
    return connection.scalar(query) or 0

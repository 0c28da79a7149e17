"""Themes and who belongs to them: the state that lasts, and what is counted of it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, bindparam, delete, func, insert, or_, select, update

from research.filters import Filter
from research.store import index_state, named_values, schema
from research.store.database import chunks
from research.store.dialects import month, upsert
from research.store.passages import conditions, joined
from research.themes.heard import Labelled, Member
from research.themes.models import Event, Kept, KeptTheme, code, number

_theme, _member, _refusal, _apart = (
    schema.theme.c, schema.theme_member.c, schema.theme_refusal.c, schema.theme_apart.c,
)  # fmt: skip
_note, _passage, _person, _team = schema.note.c, schema.passage.c, schema.participant.c, schema.team.c

_with_members = joined.join(schema.theme_member, _member.passage_row == _passage.row)
_SETTLED = "themes_settled"
LOOKED_AT = "themes_looked_at"  # the generation of the passages that themes were last found in


@dataclass(frozen=True, slots=True)
class Spoken:
    """Passages that themes are found in, by row."""

    rows: tuple[int, ...]
    ids: tuple[str, ...]
    texts: tuple[str, ...]
    contexts: tuple[str, ...]


def ids(connection: Connection, narrow: Filter) -> set[str]:
    """The ids of all passages that a filter leaves."""
    return set(connection.scalars(select(_passage.id).select_from(joined).where(*conditions(narrow))))


def spoken(connection: Connection, narrow: Filter) -> Spoken:
    """All passages that a filter leaves, with their words."""
    query = (
        select(_passage.row, _passage.id, _passage.text, _passage.context)
        .select_from(joined)
        .where(*conditions(narrow))
    )
    found = connection.execute(query.order_by(_passage.row)).all()
    rows, ids, texts, contexts = zip(*found, strict=True) if found else ((), (), (), ())
    return Spoken(rows, ids, texts, contexts)


def themes(connection: Connection) -> dict[str, KeptTheme]:
    """All themes by code, those that have ended included, without who is in them."""
    return {
        code(row.id): KeptTheme(
            id=code(row.id), founded=row.founded, parent=row.parent, name=row.name, hidden=row.hidden,
            ended=row.ended, into=tuple(row.into),
        )
        for row in connection.execute(select(schema.theme).order_by(_theme.id))
    }  # fmt: skip


def kept(connection: Connection) -> Kept:
    """The state of all themes, those that have ended included, with every passage that was looked at."""
    together = connection.scalars(select(_theme.id).where(_theme.together)).all()
    by_row = connection.execute(
        select(_passage.id, _member.theme_id).join(schema.passage, _passage.row == _member.passage_row)
    )
    refused = connection.execute(
        select(_passage.id, _refusal.theme_id).join(schema.passage, _passage.row == _refusal.passage_row)
    )
    apart = connection.execute(select(_apart.one, _apart.other))
    return Kept(
        themes=themes(connection),
        placed={id_: code(theme) if theme else "" for id_, theme in by_row},
        not_here=frozenset((id_, code(theme)) for id_, theme in refused),
        apart=frozenset((code(one), code(other)) for one, other in apart),
        together=frozenset(map(code, together)),
        settled=int(named_values.setting(connection, _SETTLED) or 0),
    )  # fmt: skip


def write(connection: Connection, before: Kept, after: Kept) -> None:
    """Store what has changed from one state to the next, of the passages that are there."""
    _write_themes(connection, before, after)
    moved = [id_ for id_, theme in after.placed.items() if before.placed.get(id_) != theme]
    left, judged = before.placed.keys() - after.placed.keys(), before.not_here ^ after.not_here
    rows = index_state.rows_of(connection, [*moved, *left, *(id_ for id_, _ in judged)])
    values = [
        {"passage_row": rows[id_], "theme_id": number(after.placed[id_]) or None, "nearness": 0.0}
        for id_ in moved
        if id_ in rows
    ]
    for chunk in chunks(values, 200):
        statement = upsert(connection, schema.theme_member).values(list(chunk))
        new = {name: statement.excluded[name] for name in ("theme_id", "nearness")}
        connection.execute(statement.on_conflict_do_update(index_elements=["passage_row"], set_=new))
    gone = [rows[id_] for id_ in left if id_ in rows]
    for part in chunks(gone):
        connection.execute(delete(schema.theme_member).where(_member.passage_row.in_(part)))
    refused = [(rows[id_], number(theme)) for id_, theme in after.not_here - before.not_here if id_ in rows]
    if refused:
        values = [{"passage_row": row, "theme_id": theme} for row, theme in refused]
        connection.execute(upsert(connection, schema.theme_refusal).on_conflict_do_nothing(), values)
    for id_, theme in before.not_here - after.not_here:
        if id_ in rows:
            where = _refusal.passage_row == rows[id_], _refusal.theme_id == number(theme)
            connection.execute(delete(schema.theme_refusal).where(*where))
    if after.apart - before.apart:
        pairs = [{"one": number(one), "other": number(other)} for one, other in after.apart - before.apart]
        connection.execute(upsert(connection, schema.theme_apart).on_conflict_do_nothing(), pairs)
    for one, other in before.apart - after.apart:
        connection.execute(delete(schema.theme_apart).where(_apart.one == number(one), _apart.other == number(other)))
    named_values.set_setting(connection, _SETTLED, str(after.settled))


def _write_themes(connection: Connection, before: Kept, after: Kept) -> None:
    for id_, theme in after.themes.items():
        values: dict[str, Any] = {
            "name": theme.name, "hidden": theme.hidden, "founded": theme.founded, "ended": theme.ended,
            "into": list(theme.into), "parent": theme.parent, "together": id_ in after.together,
        }  # fmt: skip
        if id_ not in before.themes:
            blank = {"label": "", "phrases": [], "labelled": 0}
            connection.execute(insert(schema.theme).values(id=number(id_), **blank | values))
        elif theme != before.themes[id_] or (id_ in after.together) != (id_ in before.together):
            connection.execute(update(schema.theme).where(_theme.id == number(id_)).values(**values))


def labels(connection: Connection) -> dict[str, Labelled]:
    """The labels of the themes that have not ended, by code."""
    rows = connection.execute(select(schema.theme).where(_theme.ended.is_(None))).all()
    return {code(row.id): Labelled(row.label, tuple(row.phrases), row.labelled) for row in rows}


def set_nearness(connection: Connection, nearness: Mapping[int, float]) -> None:
    """Keep how well passages, by row, stand for their theme."""
    known = dict(connection.execute(select(_member.passage_row, _member.nearness)).all())
    values = [
        {"at": row, "near": rounded} for row, near in nearness.items() if (rounded := round(near, 3)) != known.get(row)
    ]
    if values:
        statement = update(schema.theme_member).where(_member.passage_row == bindparam("at"))
        connection.execute(statement.values(nearness=bindparam("near")), values)


def write_labels(connection: Connection, labels: Mapping[str, Labelled]) -> None:
    """Keep what themes are called where no person gave them a name."""
    for id_, label in labels.items():
        values = {"label": label.label, "phrases": list(label.phrases), "labelled": label.by}
        connection.execute(update(schema.theme).where(_theme.id == number(id_)).values(**values))


def forget_labels(connection: Connection, whose: ColumnElement[bool]) -> None:
    """Forget what themes are called that hold some passages, whose words it may be; they are labelled anew."""
    placed = select(_member.theme_id).join(schema.passage, _passage.row == _member.passage_row).where(whose)
    parents = select(schema.theme.c.parent).where(_theme.id.in_(placed))
    codes = set(connection.scalars(parents.distinct()))
    which = or_(_theme.id.in_(placed), _theme.id.in_([number(one) for one in codes if one]))
    connection.execute(update(schema.theme).where(which).values(label="", phrases=[], labelled=0))
    named_values.set_setting(connection, LOOKED_AT, "")


def keep_events(connection: Connection, events: Iterable[Event], at: datetime, who: str) -> None:
    """Keep what happened to themes; `who` is "" where nobody decided it."""
    values = [
        {
            "theme_id": number(one.theme), "at": at, "who": who, "what": one.kind, "others": list(one.others),
            "passages": one.passages,
        }
        for one in events
    ]  # fmt: skip
    if values:
        connection.execute(insert(schema.theme_event), values)


def history(connection: Connection, wanted: str) -> Sequence[Row[Any]]:
    """What happened to a theme, newest first."""
    event = schema.theme_event.c
    query = select(schema.theme_event).where(event.theme_id == number(wanted))
    return connection.execute(query.order_by(event.at.desc(), event.id.desc())).all()


def members(connection: Connection, narrow: Filter) -> list[Member]:
    """The passages of themes that a filter leaves."""
    query = select(
        _member.theme_id, _passage.id, _passage.note_id, _person.pseudonym, _team.name, _person.account,
        _person.segment, _note.date, _member.nearness, _passage.end - _passage.start,
    ).select_from(_with_members)  # fmt: skip
    rows = connection.execute(query.where(*conditions(narrow), _member.theme_id.is_not(None))).all()
    return [Member(code(row[0]), *tuple(row)[1:]) for row in rows]


def heard(connection: Connection, narrow: Filter) -> set[str]:
    """The codes of the themes that any passage belongs to which a filter leaves."""
    query = select(_member.theme_id).select_from(_with_members)
    rows = connection.scalars(query.where(*conditions(narrow), _member.theme_id.is_not(None)).distinct())
    return {code(theme) for theme in rows}


def ever(connection: Connection, narrow: Filter) -> dict[str, tuple[date, date]]:
    """On which days each theme was first and last heard, by dated notes."""
    query = select(_member.theme_id, func.min(_note.date), func.max(_note.date)).select_from(_with_members)
    placed = _note.date.is_not(None), _member.theme_id.is_not(None)
    rows = connection.execute(query.where(*conditions(narrow), *placed).group_by(_member.theme_id))
    return {code(theme): (first, last) for theme, first, last in rows}


def held(connection: Connection, narrow: Filter) -> tuple[int, int]:
    """How many interviews (one person in one note) and passages a filter leaves."""
    said = select(_passage.note_id, _passage.participant_id, func.count().label("passages")).select_from(joined)
    each = said.where(*conditions(narrow)).group_by(_passage.note_id, _passage.participant_id).subquery()
    interviews, passages = connection.execute(select(func.count(), func.sum(each.c.passages))).one()
    return interviews, int(passages or 0)


def by_month(connection: Connection, wanted: str, narrow: Filter) -> list[tuple[date, int, int]]:
    """Each month in which anybody was heard: its first day, the interviews in which a theme came up, and all."""
    told = select(month(_note.date), _passage.note_id, _passage.participant_id).where(
        *conditions(narrow), _note.date.is_not(None)
    )
    mine = told.select_from(_with_members).where(_member.theme_id == number(wanted)).distinct().subquery()
    held = told.select_from(joined).distinct().subquery()
    of_theme = dict(map(tuple, connection.execute(select(mine.c[0], func.count()).group_by(mine.c[0]))))
    rows = connection.execute(select(held.c[0], func.count()).group_by(held.c[0]).order_by(held.c[0]))
    return [(date.fromisoformat(f"{one}-01"), int(of_theme.get(one, 0)), count) for one, count in rows]


def undated(connection: Connection, narrow: Filter) -> int:
    """How many passages of notes without a date a filter leaves."""
    query = select(func.count()).select_from(joined).where(*conditions(narrow), _note.date.is_(None))
    return connection.scalar(query) or 0

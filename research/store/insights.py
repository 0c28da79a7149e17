"""Insights as rows: claims, their evidence by the passages' rows, and what was done with them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Connection, delete, func, insert, or_, select, union_all, update

from research.access import Sight
from research.errors import NotFound
from research.store import schema
from research.store.access import may_be_read
from research.store.database import chunks, insert_row
from research.store.dialects import upsert

_insight, _evidence, _beside, _event, _passage = (
    schema.insight.c, schema.evidence.c, schema.beside.c, schema.insight_event.c, schema.passage.c,
)  # fmt: skip

# All that people write about an insight: where somebody's name may stand (`store.erasure`).
TEXTS = (
    _insight.statement, _insight.owner, _insight.contrary, _insight.why, _insight.requested_by, _insight.problem,
    _insight.proof, _insight.metric, _insight.before, _insight.target, _insight.happened, _insight.now,
    _insight.obstacle, _insight.experiment, _insight.learned, _event.detail,
)  # fmt: skip


def code(id_: int) -> str:
    """What an insight is called: "I-0007"."""
    return f"I-{id_:04d}"


def id_of(connection: Connection, called: str) -> int:
    """The number of an insight. Raises NotFound."""
    said = re.fullmatch(r"(?:i-?)?0*(\d{1,9})", called.strip().lower())
    found = connection.scalar(select(_insight.id).where(_insight.id == int(said[1]))) if said else None
    if found is None:
        raise NotFound(f"There is no insight {called} in this repository; it may have been removed.")
    return int(found)


def add(connection: Connection, **values: Any) -> int:
    """A new insight; returns its number, which is never given twice."""
    return insert_row(connection, schema.insight, **values)


def change(connection: Connection, id_: int, **values: Any) -> None:
    """Set columns of an insight."""
    connection.execute(update(schema.insight).where(_insight.id == id_).values(**values))


def remove(connection: Connection, id_: int) -> None:
    """Take an insight out with its evidence and history."""
    connection.execute(delete(schema.insight).where(_insight.id == id_))


def rows(
    connection: Connection,
    *,
    only: int | None = None,
    passage_id: str = "",
    since: date | None = None,
    until: date | None = None,
) -> list[Any]:
    """Insights in the order they came, each with `changed`: one, those that cite a passage, or those to which something
    was done between two days (inclusive)."""
    last = select(_event.insight_id, func.max(_event.at).label("changed")).group_by(_event.insight_id).subquery()
    query = select(*schema.insight.c, last.c.changed).join(last, last.c.insight_id == _insight.id)
    if only is not None:
        query = query.where(_insight.id == only)
    if passage_id:
        cited = select(_evidence.insight_id).join(schema.passage, _passage.row == _evidence.passage_row)
        query = query.where(_insight.id.in_(cited.where(_passage.id == passage_id)))
    if since or until:
        done = select(_event.insight_id)
        if since:
            done = done.where(_event.at >= datetime.combine(since, datetime.min.time()))
        if until:
            done = done.where(_event.at < datetime.combine(until + timedelta(days=1), datetime.min.time()))
        query = query.where(_insight.id.in_(done))
    return list(connection.execute(query.order_by(_insight.id)))


# -- evidence --------------------------------------------------------------------------------------------------------


def evidence(connection: Connection, ids: Sequence[int], sight: Sight) -> list[Any]:
    """The evidence of insights that may be seen in the order it was linked: id, insight_id, sign, at, who, and the
    passage's id (None where it is gone)."""
    query = select(
        _evidence.id, _evidence.insight_id, _evidence.sign, _evidence.at, _evidence.who, _passage.id.label("passage")
    ).join(schema.passage, _passage.row == _evidence.passage_row, isouter=True)
    if sight.closed:
        query = query.join(schema.note, schema.note.c.id == _passage.note_id, isouter=True)
        query = query.where(or_(_passage.id.is_(None), may_be_read(sight)))
    return [
        row
        for part in chunks(ids)
        for row in connection.execute(query.where(_evidence.insight_id.in_(part)).order_by(_evidence.id))
    ]


def link(connection: Connection, id_: int, row: int, sign: str, at: datetime, who: str) -> str:
    """Say that a passage speaks for or against an insight; returns the sign it had before ("" for none)."""
    mine = (_evidence.insight_id == id_, _evidence.passage_row == row)
    before = connection.scalar(select(_evidence.sign).where(*mine))
    connection.execute(delete(schema.beside).where(_beside.insight_id == id_, _beside.passage_row == row))
    values = {"sign": sign, "at": at, "who": who}
    if before is None:
        connection.execute(insert(schema.evidence).values(insight_id=id_, passage_row=row, **values))
    else:
        connection.execute(update(schema.evidence).where(*mine).values(**values))
    return before or ""


def unlink(connection: Connection, number: int) -> None:
    """Take a line of evidence away."""
    connection.execute(delete(schema.evidence).where(_evidence.id == number))


def put_beside(connection: Connection, id_: int, row: int) -> None:
    """Remember that a passage speaks neither for nor against an insight."""
    connection.execute(
        upsert(connection, schema.beside).values(insight_id=id_, passage_row=row).on_conflict_do_nothing()
    )


def judged(connection: Connection, id_: int) -> set[str]:
    """The ids of passages of which somebody has said what they are to an insight: for, against or neither."""
    tables = (_evidence, _beside)
    return {
        passage
        for table in tables
        for passage in connection.scalars(
            select(_passage.id)
            .join(table.passage_row.table, table.passage_row == _passage.row)
            .where(table.insight_id == id_)
        )
    }


def judged_among(connection: Connection, rows: Sequence[int]) -> set[int]:
    """Of these passages, those of which anybody has said what they are to an insight; all by their rows."""
    said = union_all(select(_evidence.passage_row), select(_beside.passage_row)).subquery()
    query = select(said.c.passage_row)
    return {row for part in chunks(rows) for row in connection.scalars(query.where(said.c.passage_row.in_(part)))}


def move(connection: Connection, row: int, successor: int) -> None:
    """What was said of a passage holds of the one that took its place, unless something was said of that too."""
    for table in (schema.evidence, schema.beside):
        known = select(table.c.insight_id).where(table.c.passage_row == successor)
        mine = table.c.passage_row == row
        connection.execute(delete(table).where(mine, table.c.insight_id.in_(known)))
        connection.execute(update(table).where(mine).values(passage_row=successor))


# -- what was done ---------------------------------------------------------------------------------------------------


def write_down(connection: Connection, id_: int, at: datetime, who: str, what: str, detail: str) -> None:
    """Add a line to an insight's history."""
    connection.execute(insert(schema.insight_event).values(insight_id=id_, at=at, who=who, what=what, detail=detail))


def history(connection: Connection, id_: int) -> Iterable[Any]:
    """What was done to an insight, newest first: at, who, what, detail."""
    return connection.execute(
        select(*schema.insight_event.c).where(_event.insight_id == id_).order_by(_event.id.desc())
    )

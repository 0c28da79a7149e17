"""Tags on passages: who put them there, what a person decided, and what the tagger may change."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Engine, and_, bindparam, delete, func, insert, select, update

from research.access import Sight
from research.errors import NotFound
from research.models import TagAssignment
from research.store import schema
from research.store.access import may_be_read
from research.store.database import chunks, writing
from research.store.dialects import upsert
from research.store.index_state import labels_changed, rows_of

_passage, _tag = schema.passage.c, schema.passage_tag.c


def tag_counts(connection: Connection, sight: Sight) -> dict[str, tuple[int, int]]:
    """Tag -> (passages, people), of the studies that may be seen."""
    tagged = schema.passage_tag.join(schema.passage)
    query = (
        select(_tag.tag, func.count(), func.count(_passage.participant_id.distinct()))
        .select_from(tagged.join(schema.note) if sight.closed else tagged)
        .where(_tag.removed.is_(False), may_be_read(sight))
        .group_by(_tag.tag)
    )
    return {tag: (passages, people) for tag, passages, people in connection.execute(query)}


def of_rows(connection: Connection, rows: Sequence[int]) -> dict[int, list[TagAssignment]]:
    """Tags that hold, by passage row: a person's first, then the surest."""
    found: dict[int, list[TagAssignment]] = {}
    for chunk in chunks(rows):
        query = (
            select(_tag.passage_row, _tag.tag, _tag.score, _tag.source, _tag.reason)
            .where(and_(_tag.passage_row.in_(chunk), _tag.removed.is_(False)))
            .order_by(_tag.source, _tag.score.desc(), _tag.tag)
        )
        for row, *assignment in connection.execute(query):
            found.setdefault(row, []).append(TagAssignment(*assignment))
    return found


def taken_off(connection: Connection, note_ids: Sequence[str]) -> dict[str, list[str]]:
    """Passage id -> the tags that a person took off it, for the passages of some notes that have such."""
    found: dict[str, list[str]] = {}
    for chunk in chunks(note_ids):
        query = (
            select(_passage.id, _tag.tag)
            .select_from(schema.passage_tag.join(schema.passage))
            .where(_passage.note_id.in_(chunk), _tag.removed.is_(True), _tag.source == "person")
            .order_by(_passage.id, _tag.tag)
        )
        for id_, tag in connection.execute(query):
            found.setdefault(id_, []).append(tag)
    return found


def decide_tag(engine: Engine, passage_id: str, tag: str, *, keep: bool, now: datetime) -> None:
    """A person's word on a tag, on one line: put it on the passage, or take it off for good."""
    tag = " ".join(tag.split())
    with writing(engine).begin() as connection:
        row = connection.scalar(select(_passage.row).where(_passage.id == passage_id))
        if row is None:
            raise NotFound(f"There is no passage {passage_id} in this repository; its note may have been updated.")
        put_person_tag(connection, row, tag, removed=not keep, now=now)
        labels_changed(connection, [row])


def rename_tag(engine: Engine, old: str, new: str) -> None:
    """Let every passage that has one tag have another in its place; where it has both, a person's word wins."""
    table = schema.passage_tag
    with writing(engine).begin() as connection:
        rows = connection.scalars(select(table.c.passage_row).where(table.c.tag == old)).all()
        for row, removed, at in connection.execute(
            select(table.c.passage_row, table.c.removed, table.c.at).where(
                table.c.tag == old, table.c.source == "person"
            )
        ).all():
            put_person_tag(connection, row, new, removed=removed, now=at, unless_decided=True)
        there = select(table.c.passage_row).where(table.c.tag == new)
        connection.execute(delete(table).where(table.c.tag == old, table.c.passage_row.in_(there)))
        connection.execute(update(table).where(table.c.tag == old).values(tag=new))
        labels_changed(connection, rows)


def replace_tagger_tags(
    connection: Connection, found: Mapping[str, Sequence[TagAssignment]], now: datetime
) -> list[str]:
    """Put the tagger's tags in place of its earlier ones; what a person decided stays. Returns the ids that changed."""
    rows = rows_of(connection, list(found))
    table = schema.passage_tag
    before: dict[int, dict[str, tuple[str, float, str]]] = {}
    for chunk in chunks(list(rows.values())):
        query = select(table.c.passage_row, table.c.tag, table.c.source, table.c.score, table.c.reason)
        for row, tag, source, score, reason in connection.execute(query.where(table.c.passage_row.in_(chunk))):
            before.setdefault(row, {})[tag] = (source, score, reason)
    drop: list[dict[str, Any]] = []
    put: list[dict[str, Any]] = []
    changed: list[str] = []
    for id_, tags in found.items():
        if id_ not in rows:
            continue
        row, had = rows[id_], before.get(rows[id_], {})
        persons = {tag for tag, (source, _, _) in had.items() if source == "person"}
        old = {tag: what for tag, what in had.items() if tag not in persons}
        new = {t.tag: ("tagger", round(t.score, 4), t.reason) for t in tags if t.tag not in persons}
        if old == new:
            continue
        changed.append(id_)
        drop += [{"r": row, "t": tag} for tag in old if old[tag] != new.get(tag)]
        put += [
            {"passage_row": row, "tag": tag, "score": score, "source": source, "reason": reason,
             "removed": False, "at": now}
            for tag, (source, score, reason) in new.items()
            if old.get(tag) != (source, score, reason)
        ]  # fmt: skip
    if drop:
        these = table.c.passage_row == bindparam("r"), table.c.tag == bindparam("t")
        connection.execute(delete(table).where(*these), drop)
    if put:
        connection.execute(insert(table), put)
    labels_changed(connection, [rows[id_] for id_ in changed])
    return changed


def put_person_tag(
    connection: Connection, row: int, tag: str, *, removed: bool, now: datetime, unless_decided: bool = False
) -> None:
    """Write down what a person said of a tag; with `unless_decided` only where no person has said anything yet."""
    values = {"score": 1.0, "source": "person", "reason": "", "removed": removed, "at": now}
    statement = upsert(connection, schema.passage_tag).values(passage_row=row, tag=tag, **values)
    where = schema.passage_tag.c.source != "person" if unless_decided else None
    connection.execute(statement.on_conflict_do_update(index_elements=["passage_row", "tag"], set_=values, where=where))

"""Where the indexes stand: what is pending, what is gone, and the numbers that tell readers of a change."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Engine, Integer, Row, and_, bindparam, delete, func, select, text, update

from research.store import schema
from research.store.database import chunks, writing
from research.store.dialects import among, upsert
from research.store.named_values import set_setting, setting
from research.store.schema import NEW, NO_VECTOR, NO_WORDS, NOT_IN_CHROMA, NOT_TAGGED

_passage, _gone = schema.passage.c, schema.gone.c

# SQLite reads the few marked passages off its partial index only where the query has that index's condition in words.
_MARKED = text("passage.state != 0")
_UNFOUND = and_(_MARKED, text(f"passage.state & {NO_VECTOR | NO_WORDS} != 0"))
_UNTOLD = and_(_MARKED, text(f"passage.state & {NEW} = {NOT_IN_CHROMA}"))
_UNTAGGED = and_(_MARKED, text(f"passage.state & {NO_VECTOR | NOT_TAGGED} = {NOT_TAGGED}"))


@dataclass(frozen=True, slots=True)
class Standing:
    """What readers have to know before they trust what they have open.

    `generation` is raised whenever an index or a label changes; `chroma` and `cleared` are the generations in which
    Chroma was last written to (0: it holds nothing) and in which an index was last emptied. `model` and `dimension`
    made the vectors.
    """

    generation: int
    chroma: int
    cleared: int
    model: str
    dimension: int


def standing(connection: Connection) -> Standing:
    """How things stand now."""
    key = schema.setting.c.key
    names = key.in_(["generation", "chroma", "cleared", "model", "dimension"])
    found: dict[str, str] = dict(connection.execute(select(key, schema.setting.c.value).where(names)).all())
    return Standing(
        generation=int(found.get("generation", 0)),
        chroma=int(found.get("chroma", 0)),
        cleared=int(found.get("cleared", 0)),
        model=found.get("model", ""),
        dimension=int(found.get("dimension", 0)),
    )


def raise_generation(connection: Connection, *also: str) -> int:
    """Tell readers that something has changed; returns the new number, which `also` remembers under other names."""
    number = int(setting(connection, "generation") or 0) + 1
    for key in ("generation", *also):
        set_setting(connection, key, str(number))
    return number


def pending(connection: Connection, limit: int | None) -> list[Row[Any]]:
    """Passages that cannot be found yet: row, id, state, note_id, text, context."""
    query = select(_passage.row, _passage.id, _passage.state, _passage.note_id, _passage.text, _passage.context)
    found = query.where(_UNFOUND).order_by(_passage.state, _passage.row).limit(limit)
    return list(connection.execute(found))


def waiting(connection: Connection) -> tuple[int, int]:
    """How many passages cannot be found yet, and how many deleted ones have not left the words and the vectors."""
    marked = select(func.count()).select_from(schema.passage).where(_UNFOUND)
    left = select(func.count()).select_from(schema.gone).where(_gone.state != NOT_IN_CHROMA)
    return connection.scalar(marked) or 0, connection.scalar(left) or 0


def half_found(connection: Connection) -> tuple[bool, bool]:
    """Whether some passages cannot be found by anything yet, and whether some can by their words only."""
    some = select(_passage.row).where(_UNFOUND).limit(1)
    unworded, worded = (text(f"passage.state & {NO_WORDS} {how} 0") for how in ("!=", "="))
    return connection.scalar(some.where(unworded)) is not None, connection.scalar(some.where(worded)) is not None


def changed(connection: Connection, since: int) -> set[int]:
    """Passages that were changed after generation `since`, or whose vector is being made."""
    waiting = select(_passage.row).where(_MARKED, text(f"passage.state & {NO_VECTOR} != 0"))
    return set(connection.scalars(waiting.union(select(_passage.row).where(_passage.stamp > since))))


def settled(connection: Connection) -> list[int]:
    """Passages that have a vector, as far as SQL knows."""
    return list(connection.scalars(select(_passage.row).where(text(f"passage.state & {NO_VECTOR} = 0"))))


def unworded(connection: Connection, limit: int) -> list[Row[Any]]:
    """Passages that the keyword index is to take in: row, note_id, text, context."""
    query = select(_passage.row, _passage.note_id, _passage.text, _passage.context)
    wanted = query.where(_MARKED, text(f"passage.state & {NO_WORDS} != 0"))
    return list(connection.execute(wanted.order_by(_passage.row).limit(limit)))


def mark_worded(connection: Connection, rows: Sequence[int]) -> None:
    """Say that these passages can be found by their words."""
    these = update(schema.passage).where(among(_passage.row, rows))
    worded = _passage.state.bitwise_and(~NO_WORDS)
    connection.execute(these.values(state=worded, stamp=raise_generation(connection)))


def highest_row(connection: Connection) -> int:
    """The newest passage's row, 0 where there is none: no fewer than there are passages."""
    return connection.scalar(select(func.max(_passage.row))) or 0


def untold(connection: Connection) -> tuple[int, int, int]:
    """How many passages Chroma has not been told of, how many deleted ones it may still hold, and the highest row."""
    new = select(func.count()).select_from(schema.passage).where(_UNTOLD)
    left = select(func.count()).select_from(schema.gone).where(_gone.state == NOT_IN_CHROMA)
    new_count, left_count = (connection.scalar(query) or 0 for query in (new, left))
    return new_count, left_count, highest_row(connection)


def untagged(connection: Connection, limit: int) -> list[Row[Any]]:
    """Passages with a vector that no tagger has seen as they are: row, id, text."""
    query = select(_passage.row, _passage.id, _passage.text).where(_UNTAGGED)
    return list(connection.execute(query.order_by(_passage.row).limit(limit)))


def mark_tagged(connection: Connection, rows: Sequence[int]) -> None:
    """Say that a tagger has seen these passages."""
    these = update(schema.passage).where(among(_passage.row, rows))
    connection.execute(these.values(state=_passage.state.bitwise_and(~NOT_TAGGED)))


def rows_for_chroma(connection: Connection, limit: int | None) -> list[int]:
    """Passages that can be found and that Chroma has not been told of."""
    query = select(_passage.row).where(_UNTOLD).order_by(_passage.row).limit(limit)
    return list(connection.scalars(query))


def fresh(connection: Connection, since: int) -> list[int]:
    """Passages that a copy of Chroma opened in generation `since` may not know as they are."""
    stamped = select(_passage.row).where(_passage.stamp > since)
    return list(connection.scalars(select(_passage.row).where(_UNTOLD).union(stamped)))


def gone(connection: Connection, *, in_chroma_only: bool) -> list[int]:
    """Deleted passages that all indexes may still hold, or Chroma only."""
    where = _gone.state == NOT_IN_CHROMA if in_chroma_only else _gone.state != NOT_IN_CHROMA
    return list(connection.scalars(select(_gone.passage_row).where(where)))


def mark_found(connection: Connection, seen: Mapping[int, int], tagged: Collection[int] = ()) -> None:
    """Say that these passages can be found, and which of them were `tagged`, unless their state is no longer the one in
    `seen` (by row)."""
    number = raise_generation(connection)
    as_seen = _passage.row == bindparam("r"), _passage.state == bindparam("s")
    if seen:
        left = _passage.state.bitwise_and(bindparam("kept", type_=Integer))
        connection.execute(
            update(schema.passage).where(*as_seen).values(state=left, stamp=number),
            [
                {"r": row, "s": state, "kept": NOT_IN_CHROMA if row in tagged else NOT_IN_CHROMA | NOT_TAGGED}
                for row, state in seen.items()
            ],
        )


def mark_told(connection: Connection, rows: Sequence[int], gone_rows: Sequence[int] = ()) -> int:
    """Say that Chroma knows these passages, and that these others are gone from it; returns the generation."""
    number = raise_generation(connection, "chroma")
    told = update(schema.passage).where(_passage.state.bitwise_and(NEW) == NOT_IN_CHROMA, among(_passage.row, rows))
    connection.execute(told.values(state=_passage.state.bitwise_and(NOT_TAGGED), stamp=number))
    for chunk in chunks(gone_rows):
        connection.execute(delete(schema.gone).where(_gone.passage_row.in_(chunk)))
    return number


def mark_forgotten(connection: Connection, rows: Sequence[int]) -> None:
    """Say that of all indexes only Chroma may still hold these deleted passages."""
    for chunk in chunks(rows):
        connection.execute(update(schema.gone).where(_gone.passage_row.in_(chunk)).values(state=NOT_IN_CHROMA))
    raise_generation(connection)


def mark(connection: Connection, rows: Sequence[int], bits: int) -> None:
    """Say what is (also) to be done for these passages."""
    these = update(schema.passage).where(among(_passage.row, rows))
    connection.execute(these.values(state=_passage.state.bitwise_or(bits)))


def mark_gone(connection: Connection, rows: Sequence[int]) -> None:
    """Say that these rows are no passages, whatever the indexes hold."""
    if rows:
        statement = upsert(connection, schema.gone).on_conflict_do_update(
            index_elements=["passage_row"], set_={"state": NEW}
        )
        connection.execute(statement, [{"passage_row": int(row), "state": NEW} for row in rows])


def all_rows(connection: Connection) -> list[int]:
    """Every passage."""
    return list(connection.scalars(select(_passage.row).order_by(_passage.row)))


def mark_vectors_there(engine: Engine, rows: Sequence[int]) -> None:
    """Say that these passages have their vector after all."""
    with writing(engine).begin() as connection:
        these = update(schema.passage).where(among(_passage.row, rows))
        connection.execute(these.values(state=_passage.state.bitwise_and(~NO_VECTOR)))
        raise_generation(connection, "cleared")


def mark_all(engine: Engine, bits: int) -> None:
    """Say that words or vectors were emptied, and what is therefore to be done for every passage."""
    with writing(engine).begin() as connection:
        connection.execute(update(schema.passage).values(state=_passage.state.bitwise_or(bits)))
        raise_generation(connection, "cleared")


def chroma_emptied(engine: Engine) -> None:
    """Say that Chroma holds nothing: it is not asked before it has been told of something."""
    with writing(engine).begin() as connection:
        connection.execute(update(schema.passage).values(state=_passage.state.bitwise_or(NOT_IN_CHROMA)))
        raise_generation(connection, "cleared")
        set_setting(connection, "chroma", "0")


def labels_changed(connection: Connection, rows: Sequence[int]) -> None:
    """Tell readers that what these passages can be filtered by has changed."""
    if rows:
        stamped = update(schema.passage).where(among(_passage.row, rows))
        connection.execute(stamped.values(stamp=raise_generation(connection)))


def relabelled(connection: Connection, participants: Sequence[int]) -> None:
    """The same, of all that these participants said."""
    said = select(_passage.row).where(_passage.participant_id.in_(participants))
    labels_changed(connection, connection.scalars(said).all())


def rows_of(connection: Connection, ids: Sequence[str]) -> dict[str, int]:
    """Passage id -> row, for those that are there."""
    query = select(_passage.id, _passage.row).where(among(_passage.id, ids))
    return dict(connection.execute(query).all())


def ids_of(connection: Connection, rows: Sequence[int]) -> dict[int, str]:
    """Row -> passage id, for those that are there."""
    query = select(_passage.row, _passage.id).where(among(_passage.row, rows))
    return dict(connection.execute(query).all())


def words_of(connection: Connection, ids: Sequence[str]) -> dict[str, tuple[str, str]]:
    """Passage id -> (text, context), for those that are there."""
    query = select(_passage.id, _passage.text, _passage.context).where(among(_passage.id, ids))
    return {row.id: (row.text, row.context) for row in connection.execute(query)}

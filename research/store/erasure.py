"""Taking a person out of what is stored: their words, their names in what others said, and all that points at them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, delete, func, select

from research.store import mentions, participants, save, schema, themes, tunings
from research.store.database import chunks
from research.store.dialects import upsert
from research.store.named_values import set_setting

_note, _turn, _passage, _person = schema.note.c, schema.turn.c, schema.passage.c, schema.participant.c

TO_PURGE = "to_purge"  # the setting that says that indexes and files still hold what was erased


@dataclass(frozen=True, slots=True)
class Erased:
    """What was taken out: whole notes, notes that others spoke in too, passages, and places where a name was said."""

    notes_deleted: int
    notes_cut: int
    passages: int
    names_replaced: int


def erase(connection: Connection, id_: int, names: Sequence[str], stand_in: str) -> Erased:
    """Take a participant out, with every note in which nobody else spoke but the research team.

    From notes of several people only their turns are cut. Each of `names` is replaced by `stand_in` wherever anybody
    said or wrote it. Their labels are remembered as keyed hashes, so that no file brings them back. What the ranking
    learned goes with them, whoever it was learned from.
    """
    passages = connection.scalar(select(func.count()).select_from(schema.passage).where(_passage.participant_id == id_))
    themes.forget_labels(connection, _passage.participant_id == id_)
    spoke_in = connection.scalars(select(_turn.note_id).where(_turn.participant_id == id_).distinct()).all()
    with_others = set()
    for chunk in chunks(spoke_in):
        others = select(_turn.note_id).where(_turn.note_id.in_(chunk), _turn.participant_id != id_)
        with_others |= set(connection.scalars(others.distinct()))
    for note_id in spoke_in:
        if note_id in with_others:
            _cut(connection, note_id, id_)
        else:
            save.delete_note_in(connection, note_id)
    said = [name for name in names if name.strip()]
    replaced = sum(mentions.replace(connection, name, stand_in) + _drop_questions(connection, name) for name in said)
    labels = participants.labels(connection, id_)
    connection.execute(
        upsert(connection, schema.forgotten).on_conflict_do_nothing(), [{"label_hash": one} for one in labels]
    )
    connection.execute(delete(schema.participant).where(_person.id == id_))
    tunings.drop(connection)
    set_setting(connection, TO_PURGE, "yes")
    return Erased(len(spoke_in) - len(with_others), len(with_others), passages or 0, replaced)


def erase_note(connection: Connection, note_id: str) -> None:
    """Take a note out, with whoever was heard nowhere else."""
    themes.forget_labels(connection, _passage.note_id == note_id)
    save.delete_note_with_source(connection, note_id)
    set_setting(connection, TO_PURGE, "yes")


def forgotten(connection: Connection, label_hashes: Sequence[str]) -> set[str]:
    """Those of the labels whose person was forgotten."""
    column = schema.forgotten.c.label_hash
    parts = (connection.scalars(select(column).where(column.in_(part))) for part in chunks(label_hashes))
    return {label for part in parts for label in part}


def _cut(connection: Connection, note_id: str, id_: int) -> None:
    """Take somebody's turns and passages out of a note in which others speak too."""
    where = (_turn.note_id == note_id, _turn.participant_id == id_)
    spans = connection.execute(select(_turn.start, _turn.end).where(*where).order_by(_turn.start)).all()
    connection.execute(delete(schema.turn).where(*where))
    mine = _passage.note_id == note_id, _passage.participant_id == id_
    save.delete_passages(connection, connection.scalars(select(_passage.row).where(*mine)).all())
    mentions.edit(connection, note_id, [(start, end, "") for start, end in spans])


def _drop_questions(connection: Connection, name: str) -> int:
    """A question about somebody goes with them."""
    pattern, count = mentions.pattern(name), 0
    for column in (schema.question.c.line, schema.saved_search.c.query):
        held = connection.scalars(select(column).where(mentions.may_hold(column, name)).distinct()).all()
        for text in filter(pattern.search, held):
            connection.execute(delete(column.table).where(column == text))
            count += 1
    return count

"""Taking a person out of what is stored: their words, their names in what others said, and all that points at them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Connection, delete, func, select, true, update

from research.edits import Edit, edited
from research.store import insights, participants, save, schema, themes, tunings
from research.store.database import chunks
from research.store.dialects import upsert
from research.store.named_values import set_setting
from research.store.schema import NEW, NOT_TAGGED

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
    replaced = sum(_replace(connection, name, stand_in) for name in names if name.strip())
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
    _edit(connection, note_id, [(start, end, "") for start, end in spans])


def _replace(connection: Connection, name: str, stand_in: str) -> int:
    """Put something in the place of a name in all that was said, asked, and written over it."""
    words = r"\W+".join(re.escape(word) for word in name.split())
    pattern = re.compile(rf"(?<!\w){words}(?!\w)", re.IGNORECASE)
    first = name.split()[0].lower()

    def may_hold(column: ColumnElement[str]) -> ColumnElement[bool]:
        return func.lower(column).contains(first, autoescape=True) if first.isascii() else true()  # SQLite folds ASCII

    count = 0
    for note_id, text in connection.execute(select(_note.id, _note.text).where(may_hold(_note.text))).all():
        edits = [(*found.span(), stand_in) for found in pattern.finditer(text)]
        if edits:
            _edit(connection, note_id, edits)
            count += len(edits)
    titles = (_note.title, schema.source.c.name, _turn.heading, _passage.context, schema.study.c.title)
    studies = (schema.study.c.owner, schema.study.c.questions)
    for column in (*titles, *studies, schema.theme.c.name, *insights.TEXTS):
        held = connection.scalars(select(column).where(may_hold(column)).distinct()).all()
        for text in held:
            if (new := pattern.sub(stand_in, text)) != text:
                values: dict[str, object] = {column.name: new}
                if column is _passage.context:
                    values["state"] = NEW | NOT_TAGGED
                connection.execute(update(column.table).where(column == text).values(**values))
                count += 1
    for column in (schema.question.c.line, schema.saved_search.c.query):  # a question about somebody goes with them
        for text in connection.scalars(select(column).where(may_hold(column)).distinct()).all():
            if pattern.search(text):
                connection.execute(delete(column.table).where(column == text))
                count += 1
    return count


def _edit(connection: Connection, note_id: str, edits: Sequence[Edit]) -> None:
    """Edit a note's text, and everything that points into it; a passage whose words change is made anew."""
    text = connection.scalars(select(_note.text).where(_note.id == note_id)).one()
    done = edited(text, edits)
    new, place = done.text, done.place
    marks = connection.scalars(select(_note.redactions).where(_note.id == note_id)).one()
    kept = [[place(a), place(b), *rest] for a, b, *rest in marks if not any(s < b and a < e for s, e, _ in edits)]
    values = {"text": new, "words": len(new.split()), "redactions": kept}
    connection.execute(update(schema.note).where(_note.id == note_id).values(**values))
    for table, key in ((schema.turn, schema.turn.c.ordinal), (schema.passage, schema.passage.c.row)):
        rows = connection.execute(select(key, table.c.start, table.c.end).where(table.c.note_id == note_id)).all()
        for one, start, end in rows:
            places: dict[str, object] = {"start": place(start), "end": place(end)}
            if table is schema.passage and any(start < there and here < end for here, there, _ in edits):
                places |= {"text": new[place(start) : place(end)], "state": NEW | NOT_TAGGED}
            connection.execute(update(table).where(table.c.note_id == note_id, key == one).values(**places))
    source = select(_note.source_id).where(_note.id == note_id).scalar_subquery()
    connection.execute(update(schema.source).where(schema.source.c.id == source).values(fingerprint=""))

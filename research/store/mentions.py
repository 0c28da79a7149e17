"""What people are called in texts, put in other words wherever it was said, asked or written."""

from __future__ import annotations

import re
from collections.abc import Sequence

from sqlalchemy import ColumnElement, Connection, func, select, true, update

from research.edits import Edit, edited
from research.store import insights, schema
from research.store.schema import NEW, NOT_TAGGED

_note, _turn, _passage = schema.note.c, schema.turn.c, schema.passage.c


def pattern(name: str) -> re.Pattern[str]:
    """A name as it stands in texts, in any case and with anything between its words."""
    words = r"\W+".join(re.escape(word) for word in name.split())
    return re.compile(rf"(?<!\w){words}(?!\w)", re.IGNORECASE)


def may_hold(column: ColumnElement[str], name: str) -> ColumnElement[bool]:
    """Of texts, that a name may stand in them."""
    first = name.split()[0].lower()
    return func.lower(column).contains(first, autoescape=True) if first.isascii() else true()  # SQLite folds ASCII


def replace(connection: Connection, name: str, stand_in: str, *, marked: bool = False) -> int:
    """Put something in the place of a name in all notes, titles, claims and names of themes; returns in how many
    places. With `marked` what stood there as a mark is one afterwards too."""
    wanted = pattern(name)
    count = 0
    for note_id, text in connection.execute(select(_note.id, _note.text).where(may_hold(_note.text, name))).all():
        edits = [(*found.span(), stand_in) for found in wanted.finditer(text)]
        if edits:
            edit(connection, note_id, edits, marked=marked)
            count += len(edits)
    titles = (_note.title, schema.source.c.name, _turn.heading, _passage.context, schema.study.c.title)
    studies = (schema.study.c.owner, schema.study.c.questions)
    for column in (*titles, *studies, schema.theme.c.name, *insights.TEXTS):
        held = connection.scalars(select(column).where(may_hold(column, name)).distinct()).all()
        for text in held:
            if (new := wanted.sub(stand_in, text)) != text:
                values: dict[str, object] = {column.name: new}
                if column is _passage.context:
                    values["state"] = NEW | NOT_TAGGED
                connection.execute(update(column.table).where(column == text).values(**values))
                count += 1
    return count


def edit(connection: Connection, note_id: str, edits: Sequence[Edit], *, marked: bool = False) -> None:
    """Edit a note's text, and everything that points into it; a passage whose words change is made anew. Marks of what
    was personal go where they are edited, or stay with `marked`."""
    text = connection.scalars(select(_note.text).where(_note.id == note_id)).one()
    done = edited(text, edits)
    new, place = done.text, done.place
    marks = connection.scalars(select(_note.redactions).where(_note.id == note_id)).one()
    left = [mark for mark in marks if marked or not any(s < mark[1] and mark[0] < e for s, e, _ in edits)]
    kept = [[place(a), place(b), *rest] for a, b, *rest in left]
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

"""Finding passages. `hits` is the one way by which a passage leaves the store for a search or a page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Connection, exists, func, or_, select

from research.access import Sight
from research.filters import Filter
from research.models import Hit
from research.search import Said
from research.store import assignments, schema
from research.store.access import is_closed
from research.store.consents import anybody_hidden
from research.store.database import chunks

_note, _passage, _person = schema.note.c, schema.passage.c, schema.participant.c
_study, _team, _tag = schema.study.c, schema.team.c, schema.passage_tag.c

joined = (
    schema.passage.join(schema.note, _passage.note_id == _note.id)
    .join(schema.study, _note.study_id == _study.id)
    .join(schema.team, _study.team_id == _team.id)
    .join(schema.participant, _passage.participant_id == _person.id)
)


def conditions(narrow: Filter) -> list[ColumnElement[bool]]:
    """A Filter in SQL, over passages joined with their note, study, team and participant."""
    columns = {
        "team": _team.name,
        "study": _study.title,
        "note": _note.id,
        "participant": _person.pseudonym,
        "segment": _person.segment,
        "account": _person.account,
    }
    found: list[ColumnElement[bool]] = [
        column.in_(chosen) for name, column in columns.items() if (chosen := getattr(narrow, name))
    ]
    if narrow.not_team:
        found.append(_team.name.not_in(narrow.not_team))
    if narrow.not_note:
        found.append(_note.id.not_in(narrow.not_note))
    if narrow.not_study:
        found.append(_note.study_id.not_in(narrow.not_study))
    if narrow.tag:
        found.append(
            exists().where(_tag.passage_row == _passage.row, _tag.tag.in_(narrow.tag), _tag.removed.is_(False))
        )
    if narrow.since:
        found.append(_note.date >= narrow.since)
    if narrow.until:
        found.append(_note.date <= narrow.until)
    if narrow.consented_on:
        found.append(or_(_person.hidden_from.is_(None), _person.hidden_from > narrow.consented_on))
    return found


def resolve(connection: Connection, narrow: Filter) -> Filter:
    """The same filter in the names as they are stored: any case, a note also by its title.

    A name that the repository does not hold stays as it is and so matches nothing: an unknown team is never everybody.
    """
    columns: dict[str, Any] = {
        "team": _team.name,
        "study": _study.title,
        "participant": _person.pseudonym,
        "segment": _person.segment,
        "account": _person.account,
    }
    known: dict[str, tuple[str, ...]] = {}
    for name, column in columns.items():
        chosen = getattr(narrow, name)
        if chosen:
            lowered = [value.lower() for value in chosen]
            stored = connection.scalars(select(column).where(func.lower(column).in_(lowered)).distinct()).all()
            known[name] = tuple(stored) or chosen
    if narrow.tag:
        lowered = [value.lower() for value in narrow.tag]
        known["tag"] = tuple(tag for tag in tag_names(connection) if tag.lower() in lowered) or narrow.tag
    if narrow.note:
        ids = connection.scalars(select(_note.id).where(or_(_note.id.in_(narrow.note), _note.title.in_(narrow.note))))
        known["note"] = tuple(ids) or narrow.note
    return replace(narrow, **known)  # type: ignore[arg-type]  # the names are fields of Filter


def visible(connection: Connection, narrow: Filter, sight: Sight) -> Filter:
    """The filter that leaves out what may not be seen, too: as it is when that is nothing."""
    narrow = replace(narrow, not_study=tuple(sorted({*narrow.not_study, *sight.closed})))
    return replace(narrow, consented_on=sight.day) if anybody_hidden(connection, sight.day) else narrow


def tag_names(connection: Connection) -> list[str]:
    """Every tag that was ever put on a passage, one step through the index each instead of a look at every passage."""
    first = select(func.min(_tag.tag).label("tag")).cte("names", recursive=True)
    after = select(func.min(_tag.tag)).where(_tag.tag > first.c.tag).scalar_subquery()
    names = first.union_all(select(after).where(first.c.tag.is_not(None)))
    return list(connection.scalars(select(names.c.tag).where(names.c.tag.is_not(None))))


def latest_rows(connection: Connection, narrow: Filter, count: int) -> list[int]:
    """Rows of the passages that a filter leaves, newest note first, in the order they were said."""
    query = select(_passage.row).select_from(joined).where(*conditions(narrow))
    return list(
        connection.scalars(query.order_by(_note.date.desc().nulls_last(), _note.id, _passage.ordinal).limit(count))
    )


def hits(connection: Connection, ids: Sequence[str], narrow: Filter, day: date) -> dict[str, Hit]:
    """The passages of these ids that the filter lets through, as a page shows them (score 0, no marks), with who reads
    their studies on a day."""
    found: dict[str, Hit] = {}
    query = select(
        *schema.passage.c, _note.title.label("note_title"), _note.date, _study.title.label("study"),
        _team.name.label("team"), _person.pseudonym, _person.segment, _person.account, _person.role,
        is_closed(day).label("closed"), _study.opens,
    ).select_from(joined)  # fmt: skip
    for chunk in chunks(ids):
        rows = connection.execute(query.where(_passage.id.in_(chunk), *conditions(narrow))).all()
        tags = assignments.of_rows(connection, [row.row for row in rows])
        for row in rows:
            found[row.id] = Hit(
                id=row.id, text=row.text, context=row.context, note_id=row.note_id, note_title=row.note_title,
                participant=row.pseudonym, speaker=row.pseudonym, segment=row.segment, account=row.account,
                team=row.team, study=row.study, date=row.date,
                tags=tuple(t.tag for t in tags.get(row.row, ())), score=0.0,
                start=row.start, end=row.end, start_s=row.start_s, end_s=row.end_s, role=row.role,
                closed=row.closed, opens=row.opens,
            )  # fmt: skip
    return found


def said(connection: Connection, rows: Sequence[int]) -> dict[int, Said]:
    """What ranking has to know of the passages of these rows, in their order; those that are not there are left out.

    The rows are those that a filter keeps already. With its conditions here too, SQLite may begin with the team and
    look at half of all passages (at a million: two seconds).
    """
    found: dict[int, Said] = {}
    query = select(
        _passage.row, _passage.id, _passage.note_id, _passage.start, _passage.end, _passage.text, _passage.context,
        _person.pseudonym, _person.account, _team.name, _note.date, _person.role, _person.segment,
    ).select_from(joined)  # fmt: skip
    for chunk in chunks(rows):
        for one in connection.execute(query.where(_passage.row.in_(chunk))).all():
            row, id_, note_id, start, end, text, context, person, account, team, day, role, segment = one
            found[row] = Said(id_, note_id, (start + end) / 2, text, context, person, team, account, day, role, segment)
    return {row: found[row] for row in rows if row in found}


def spoken(connection: Connection, narrow: Filter) -> list[Said]:
    """Who said the passages that a filter leaves, without their words: all of them."""
    query = select(_person.pseudonym, _team.name, _person.account, _note.date, _person.segment).select_from(joined)
    return [
        Said("", "", 0.0, "", "", person, team, account, day, "", segment)
        for person, team, account, day, segment in connection.execute(query.where(*conditions(narrow))).all()
    ]


def rows_within(connection: Connection, narrow: Filter, count: int) -> list[int]:
    """Rows of the first `count` passages that a filter leaves, in the order they were said."""
    query = select(_passage.row).select_from(joined).where(*conditions(narrow))
    return list(connection.scalars(query.order_by(_note.id, _passage.ordinal).limit(count)))


def of_study(id_: int) -> ColumnElement[bool]:
    """Of a passage, that it was said in a study."""
    return _passage.note_id.in_(select(_note.id).where(_note.study_id == id_))


def notes_of(connection: Connection, studies: Sequence[int]) -> list[str]:
    """The ids of the notes of studies, by their numbers."""
    return list(connection.scalars(select(_note.id).where(_note.study_id.in_(studies))))


def texts(connection: Connection, rows: Sequence[int]) -> dict[int, str]:
    """The words of passages by row; those that are not there are left out."""
    found: dict[int, str] = {}
    for chunk in chunks(rows):
        query = select(_passage.row, _passage.text).where(_passage.row.in_(chunk))
        found.update((row, text) for row, text in connection.execute(query))
    return found


def passage_ids(connection: Connection, note_ids: Sequence[str] | None = None) -> list[str]:
    """All passages in the order they were stored, or those of some notes."""
    query = select(_passage.id).order_by(_passage.row)
    if note_ids is None:
        return list(connection.scalars(query))
    return [id_ for chunk in chunks(note_ids) for id_ in connection.scalars(query.where(_passage.note_id.in_(chunk)))]


def misplaced(connection: Connection) -> int:
    """How many passages do not stand in their note where they say."""
    there = func.substr(_note.text, _passage.start + 1, _passage.end - _passage.start)
    query = select(func.count()).select_from(schema.passage.join(schema.note, _passage.note_id == _note.id))
    return connection.scalar(query.where(there != _passage.text)) or 0

"""Reading what is stored. `hits` is the one way by which a passage leaves the store for a search or a page."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Select, and_, exists, func, literal_column, or_, select, text

from research.errors import NotFound
from research.filters import Filter
from research.models import (
    Choices,
    Hit,
    Note,
    NoteSummary,
    Participant,
    Passage,
    Role,
    StudySummary,
    TagAssignment,
    Turn,
    Voices,
)
from research.store import schema
from research.store.schema import CLEARED
from research.vectors import Labels

_note, _passage, _person = schema.note.c, schema.passage.c, schema.participant.c
_study, _team, _tag, _turn = schema.study.c, schema.team.c, schema.passage_tag.c, schema.turn.c

INTERVIEWER = "Interviewer"

_joined = (
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
    if narrow.tag:
        found.append(
            exists().where(_tag.passage_row == _passage.row, _tag.tag.in_(narrow.tag), _tag.removed.is_(False))
        )
    if narrow.since:
        found.append(_note.date >= narrow.since)
    if narrow.until:
        found.append(_note.date <= narrow.until)
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
        "tag": _tag.tag,
    }
    known: dict[str, tuple[str, ...]] = {}
    for name, column in columns.items():
        chosen = getattr(narrow, name)
        if chosen:
            lowered = [value.lower() for value in chosen]
            stored = connection.scalars(select(column).where(func.lower(column).in_(lowered)).distinct()).all()
            known[name] = tuple(stored) or chosen
    if narrow.note:
        ids = connection.scalars(select(_note.id).where(or_(_note.id.in_(narrow.note), _note.title.in_(narrow.note))))
        known["note"] = tuple(ids) or narrow.note
    return replace(narrow, **known)  # type: ignore[arg-type]  # the names are fields of Filter


def keyword_ids(
    connection: Connection, match: str, narrow: Filter, count: int, phrases: Sequence[str] = ()
) -> list[str]:
    """Ids of the passages that match an FTS5 expression, best BM25 first; words in the context count half.

    Each of `phrases` must stand in the passage's own words as it is, in any case.
    """
    query = (
        select(_passage.id)
        .select_from(_joined.join(text("passage_fts"), text("passage_fts.rowid = passage.row")))
        .where(text("passage_fts MATCH :match"), *conditions(narrow))
        .order_by(literal_column("bm25(passage_fts, 1.0, 0.5)"), _passage.row)
        .limit(count)
    )
    for phrase in phrases:
        query = query.where(_passage.text.icontains(phrase, autoescape=True))
    return list(connection.scalars(query, {"match": match}))


def latest_ids(connection: Connection, narrow: Filter, count: int) -> list[str]:
    """Ids of the passages that a filter leaves, newest note first, in the order they were said."""
    query = select(_passage.id).select_from(_joined).where(*conditions(narrow))
    return list(connection.scalars(query.order_by(_note.date.desc(), _note.id, _passage.ordinal).limit(count)))


def marks(connection: Connection, match: str, ids: Sequence[str]) -> dict[str, tuple[tuple[int, int], ...]]:
    """Where the words of an FTS5 expression stand in each passage, by the index's own stemming."""
    query = (
        select(_passage.id, literal_column("highlight(passage_fts, 0, char(2), char(3))"))
        .select_from(schema.passage.join(text("passage_fts"), text("passage_fts.rowid = passage.row")))
        .where(text("passage_fts MATCH :match"), _passage.id.in_(ids))
    )
    return {id_: _spans(marked) for id_, marked in connection.execute(query, {"match": match})}


def hits(connection: Connection, ids: Sequence[str], narrow: Filter | None = None) -> dict[str, Hit]:
    """The passages of these ids that the filter lets through, as a page shows them (score 0, no marks)."""
    found: dict[str, Hit] = {}
    query = select(
        *schema.passage.c, _note.title.label("note_title"), _note.date, _study.title.label("study"),
        _team.name.label("team"), _person.pseudonym, _person.segment, _person.account,
    ).select_from(_joined)  # fmt: skip
    for chunk in _chunks(ids):
        rows = connection.execute(query.where(_passage.id.in_(chunk), *(conditions(narrow) if narrow else ()))).all()
        tags = _tags(connection, [row.row for row in rows])
        for row in rows:
            found[row.id] = Hit(
                id=row.id, text=row.text, context=row.context, note_id=row.note_id, note_title=row.note_title,
                participant=row.pseudonym, speaker=row.pseudonym, segment=row.segment, account=row.account,
                team=row.team, study=row.study, date=row.date,
                tags=tuple(t.tag for t in tags.get(row.row, ())), score=0.0,
                start=row.start, end=row.end, start_s=row.start_s, end_s=row.end_s,
            )  # fmt: skip
    return found


def voices(found: Iterable[Hit]) -> Voices:
    """Count the people, teams and accounts behind passages."""
    all_ = list(found)
    return Voices(
        passages=len(all_),
        people=len({hit.participant for hit in all_}),
        teams=len({hit.team for hit in all_}),
        accounts=len({hit.account for hit in all_ if hit.account}),
        latest=max((hit.date for hit in all_ if hit.date), default=None),
    )


def note(connection: Connection, wanted: str) -> Note:
    """A whole note by id or by title (the latest of that title)."""
    by_name = or_(_note.id == wanted, func.lower(_note.title) == wanted.lower())
    row = connection.execute(
        select(*schema.note.c).where(by_name).order_by((_note.id == wanted).desc(), _note.date.desc()).limit(1)
    ).first()
    if row is None:
        raise NotFound(f"There is no note “{wanted}” in this repository; it may have been deleted.")
    (summary,) = _summaries(connection, select(*_SUMMARY).select_from(_notes_joined).where(_note.id == row.id))
    return Note(
        summary=summary,
        text=row.text,
        turns=tuple(_turns(connection, row.id, row.text)),
        passages=tuple(_passages(connection, row.id)),
        origins=dict(row.origins),
    )


def notes(
    connection: Connection, narrow: Filter, *, title: str = "", limit: int | None = None, offset: int = 0
) -> list[NoteSummary]:
    """Notes, newest first, of the teams, studies and participants in the filter and whose title holds `title`."""
    query = select(*_SUMMARY).select_from(_notes_joined)
    for column, chosen in ((_team.name, narrow.team), (_study.title, narrow.study)):
        if chosen:
            query = query.where(column.in_(chosen))
    if narrow.participant:
        heard = select(_turn.note_id).join(schema.participant, _turn.participant_id == _person.id)
        query = query.where(_note.id.in_(heard.where(_person.pseudonym.in_(narrow.participant))))
    if title:
        query = query.where(_note.title.icontains(title, autoescape=True))
    query = query.order_by(_note.date.is_(None), _note.date.desc(), _note.title, _note.id)
    return _summaries(connection, query.limit(limit).offset(offset))


def studies(connection: Connection) -> list[StudySummary]:
    """All studies by team and title, with what they hold."""
    heard = (
        select(
            _note.study_id.label("study_id"),
            func.count(_passage.row).label("passages"),
            func.count(_passage.participant_id.distinct()).label("people"),
        )
        .select_from(schema.note.outerjoin(schema.passage))
        .group_by(_note.study_id)
        .subquery()
    )
    query = (
        select(
            _study.id, _study.title, _team.name, _study.owner, _study.method, _study.questions,
            func.count(_note.id), heard.c.passages, heard.c.people, func.min(_note.date), func.max(_note.date),
        )
        .select_from(
            schema.study.join(schema.team)
            .outerjoin(schema.note, _note.study_id == _study.id)
            .outerjoin(heard, heard.c.study_id == _study.id)
        )
        .group_by(_study.id)
        .order_by(func.lower(_team.name), func.lower(_study.title))
    )  # fmt: skip
    return [
        StudySummary(
            id=str(id_), title=title, team=team, owner=owner, method=method, questions=questions, notes=count,
            passages=passages or 0, participants=people or 0, first=first, last=last,
        )
        for id_, title, team, owner, method, questions, count, passages, people, first, last
        in connection.execute(query)
    ]  # fmt: skip


def choices(connection: Connection) -> Choices:
    """Everything that a search can be narrowed by."""

    def distinct(column: Any, *where: Any) -> tuple[str, ...]:
        return tuple(connection.scalars(select(column).where(column != "", *where).distinct().order_by(column)))

    return Choices(
        teams=distinct(_team.name),
        studies=distinct(_study.title),
        segments=distinct(_person.segment),
        accounts=distinct(_person.account),
        tags=distinct(_tag.tag, _tag.removed.is_(False)),
        participants=distinct(_person.pseudonym),
    )


def questions(connection: Connection) -> list[tuple[str, int]]:
    """Short questions that were asked, with a study each was asked in, those with most people's answers first."""
    context = func.trim(_passage.context)
    query = (
        select(context, func.min(_note.study_id))
        .select_from(schema.passage.join(schema.note, _passage.note_id == _note.id))
        .where(context.like("%?"), func.length(context).between(20, 90))
        .group_by(context)
        .order_by(func.count(_passage.participant_id.distinct()).desc(), func.length(context).desc(), context)
        .limit(200)
    )
    return [(question, study) for question, study in connection.execute(query)]


def tag_counts(connection: Connection) -> dict[str, tuple[int, int]]:
    """Tag -> (passages, people)."""
    query = (
        select(_tag.tag, func.count(), func.count(_passage.participant_id.distinct()))
        .select_from(schema.passage_tag.join(schema.passage))
        .where(_tag.removed.is_(False))
        .group_by(_tag.tag)
    )
    return {tag: (passages, people) for tag, passages, people in connection.execute(query)}


def pending(connection: Connection, limit: int) -> list[Row[Any]]:
    """Passages that the index does not agree with yet: id, state, text, context."""
    query = select(_passage.id, _passage.state, _passage.text, _passage.context, _passage.note_id)
    return list(connection.execute(query.where(_passage.state != CLEARED).order_by(_passage.row).limit(limit)))


def labels(connection: Connection, ids: Sequence[str]) -> dict[str, Labels]:
    """What the index has to know of passages to filter them."""
    return {
        id_: Labels(
            team=hit.team, study=hit.study, note=hit.note_id, participant=hit.participant, segment=hit.segment,
            account=hit.account, day=hit.date, tags=hit.tags,
        )
        for id_, hit in hits(connection, ids).items()
    }  # fmt: skip


def gone(connection: Connection) -> list[str]:
    """Passages deleted from SQL that the index may still hold."""
    return list(connection.scalars(select(schema.gone.c.passage_id)))


def passage_ids(connection: Connection, note_ids: Sequence[str] | None = None) -> list[str]:
    """All passages in the order they were stored, or those of some notes."""
    query = select(_passage.id).order_by(_passage.row)
    if note_ids is None:
        return list(connection.scalars(query))
    return [id_ for chunk in _chunks(note_ids) for id_ in connection.scalars(query.where(_passage.note_id.in_(chunk)))]


def known_sources(connection: Connection, key: str, fingerprint: str) -> tuple[bool, list[str]]:
    """Whether the source of this key was stored before, and the keys under which its very content is stored."""
    table = schema.source.c
    known = connection.scalar(select(table.id).where(table.key == key).limit(1)) is not None
    same = connection.scalars(select(table.key).where(table.fingerprint == fingerprint).distinct())
    return known, list(same)


def notes_of_source(connection: Connection, key: str) -> list[tuple[str, str, int]]:
    """(note id, title, passages) of every note from a source, in the order they were added."""
    query = (
        select(_note.id, _note.title, func.count(_passage.row))
        .select_from(
            schema.note.join(schema.source, _note.source_id == schema.source.c.id).outerjoin(
                schema.passage, _passage.note_id == _note.id
            )
        )
        .where(schema.source.c.key == key)
        .group_by(_note.id)
        .order_by(_note.added, _note.id)
    )
    return [(id_, title, count) for id_, title, count in connection.execute(query)]


def setting(connection: Connection, key: str) -> str:
    """One named value, "" when it was never set."""
    return connection.scalar(select(schema.setting.c.value).where(schema.setting.c.key == key)) or ""


def generation(connection: Connection) -> int:
    """A number that is raised whenever the index changes."""
    return int(setting(connection, "generation") or 0)


def mappings(connection: Connection) -> dict[str, dict[str, Any]]:
    """The remembered spreadsheet mappings by name."""
    query = select(schema.mapping.c.name, schema.mapping.c.columns).order_by(schema.mapping.c.name)
    return {row.name: row.columns for row in connection.execute(query)}


def counts(connection: Connection) -> dict[str, Any]:
    """How many of everything, and from when to when."""

    def count(table: Any, *where: Any) -> int:
        return connection.scalar(select(func.count()).select_from(table).where(*where)) or 0

    first, last = connection.execute(select(func.min(_note.date), func.max(_note.date))).one()
    return {
        "notes": count(schema.note),
        "passages": count(schema.passage),
        "pending": count(schema.passage, _passage.state != CLEARED),
        "participants": count(schema.participant),
        "teams": connection.scalar(
            select(func.count(_study.team_id.distinct())).select_from(schema.note.join(schema.study))
        ),
        "studies": connection.scalar(select(func.count(_note.study_id.distinct()))),
        "first": first,
        "last": last,
    }


_notes_joined = (
    schema.note.join(schema.study).join(schema.team).join(schema.source, _note.source_id == schema.source.c.id)
)
_SUMMARY = (
    _note.id, _note.title, _note.date, _note.words, _note.format, _note.added, _note.updated,
    _team.name.label("team"), _study.title.label("study"), _study.id.label("study_id"),
    schema.source.c.name.label("source"),
)  # fmt: skip


def _summaries(connection: Connection, query: Select[Any]) -> list[NoteSummary]:
    rows = connection.execute(query).all()
    people: dict[str, list[Participant]] = {}
    passages: dict[str, int] = {}
    for chunk in _chunks([row.id for row in rows]):
        heard = (
            select(_turn.note_id, _person.pseudonym, _person.segment, _person.account)
            .join(schema.participant, _turn.participant_id == _person.id)
            .where(_turn.note_id.in_(chunk))
            .distinct()
            .order_by(_person.id)
        )
        for note_id, *person in connection.execute(heard):
            people.setdefault(note_id, []).append(Participant(*person))
        counted = select(_passage.note_id, func.count()).where(_passage.note_id.in_(chunk)).group_by(_passage.note_id)
        passages.update((note_id, count) for note_id, count in connection.execute(counted))
    return [
        NoteSummary(
            id=row.id, title=row.title, team=row.team, study=row.study, study_id=str(row.study_id), date=row.date,
            participants=tuple(people.get(row.id, ())), passages=passages.get(row.id, 0), words=row.words,
            source=row.source, format=row.format, added=row.added, updated=row.updated,
        )
        for row in rows
    ]  # fmt: skip


def _turns(connection: Connection, note_id: str, whole: str) -> Iterable[Turn]:
    query = (
        select(*schema.turn.c, _person.pseudonym)
        .select_from(schema.turn.outerjoin(schema.participant))
        .where(_turn.note_id == note_id)
        .order_by(_turn.ordinal)
    )
    for row in connection.execute(query):
        role: Role = "interviewer" if row.pseudonym is None else "participant"
        yield Turn(
            ordinal=row.ordinal, start=row.start, end=row.end, role=role, speaker=row.pseudonym or INTERVIEWER,
            heading=row.heading, text=whole[row.start : row.end], start_s=row.start_s, end_s=row.end_s,
        )  # fmt: skip


def _passages(connection: Connection, note_id: str) -> Iterable[Passage]:
    query = (
        select(*schema.passage.c, _person.pseudonym)
        .select_from(schema.passage.join(schema.participant))
        .where(_passage.note_id == note_id)
        .order_by(_passage.ordinal)
    )
    rows = connection.execute(query).all()
    tags = _tags(connection, [row.row for row in rows])
    for row in rows:
        yield Passage(
            id=row.id, note_id=note_id, ordinal=row.ordinal, start=row.start, end=row.end, text=row.text,
            context=row.context, participant=row.pseudonym, start_s=row.start_s, end_s=row.end_s,
            tags=tuple(tags.get(row.row, ())),
        )  # fmt: skip


def _tags(connection: Connection, rows: Sequence[int]) -> dict[int, list[TagAssignment]]:
    """Tags that hold, by passage row: a person's first, then the surest."""
    found: dict[int, list[TagAssignment]] = {}
    for chunk in _chunks(rows):
        query = (
            select(_tag.passage_row, _tag.tag, _tag.score, _tag.source, _tag.reason)
            .where(and_(_tag.passage_row.in_(chunk), _tag.removed.is_(False)))
            .order_by(_tag.source, _tag.score.desc(), _tag.tag)
        )
        for row, *assignment in connection.execute(query):
            found.setdefault(row, []).append(TagAssignment(*assignment))
    return found


def _spans(marked: str) -> tuple[tuple[int, int], ...]:
    """Offsets of the stretches between the two control characters, in the text without them."""
    spans: list[tuple[int, int]] = []
    before, *rest = marked.split("\x02")
    at = len(before)
    for piece in rest:
        inside, _, after = piece.partition("\x03")
        spans.append((at, at + len(inside)))
        at += len(inside) + len(after)
    return tuple(spans)


def _chunks(items: Sequence[Any], size: int = 900) -> Iterable[Sequence[Any]]:
    return (items[start : start + size] for start in range(0, len(items), size))

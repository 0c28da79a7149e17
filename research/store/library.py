"""What is in the repository: notes, studies, and all that a search can be narrowed by."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, Engine, Select, func, or_, select, update

from research.access import Sight
from research.errors import NotFound
from research.filters import Filter
from research.models import Choices, Note, NoteSummary, Participant, Passage, Redacted, Role, StudySummary, Turn
from research.store import assignments, index_state, schema
from research.store.access import is_closed, may_be_met, may_be_read
from research.store.database import chunks, insert_row, writing
from research.store.dialects import ordinal

_note, _passage, _person = schema.note.c, schema.passage.c, schema.participant.c
_study, _team, _tag, _turn = schema.study.c, schema.team.c, schema.passage_tag.c, schema.turn.c

INTERVIEWER = "Interviewer"

_joined = (
    schema.note.join(schema.study, _note.study_id == _study.id)
    .join(schema.team, _study.team_id == _team.id)
    .join(schema.source, _note.source_id == schema.source.c.id)
)


def note(connection: Connection, wanted: str, sight: Sight) -> Note:
    """A whole note by id or by title (the latest of that title). Raises NotFound where it may not be seen, too.

    Blanks stand in the place of what was said by people whose consent has ended.
    """
    by_name = or_(_note.id == wanted, func.lower(_note.title) == wanted.lower())
    row = connection.execute(
        select(*schema.note.c)
        .where(by_name, may_be_read(sight))
        .order_by((_note.id == wanted).desc(), _note.date.desc().nulls_last())
        .limit(1)
    ).first()
    if row is None:
        raise NotFound(
            f"There is no note “{wanted}” that you may read; it may have been deleted, or be kept to another team."
        )
    (summary,) = _summaries(connection, _told(sight).where(_note.id == row.id))
    text, turns, hidden = row.text, [], 0
    for turn, hidden_from in _turns(connection, row.id, row.text):
        if hidden_from is not None and hidden_from <= sight.day:
            text = text[: turn.start] + " " * (turn.end - turn.start) + text[turn.end :]
            hidden += 1
        else:
            turns.append(turn)
    return Note(
        summary=summary,
        text=text,
        turns=tuple(turns),
        passages=tuple(_passages(connection, row.id, sight.day)),
        origins=dict(row.origins),
        hidden=hidden,
        redactions=tuple(Redacted(*one) for one in row.redactions),
    )


def notes(
    connection: Connection, narrow: Filter, sight: Sight, *, title: str = "", limit: int | None = None, offset: int = 0
) -> list[NoteSummary]:
    """Notes, newest first, of the teams, studies, participants and days in the filter and whose title holds `title`."""
    query = _told(sight)
    if narrow.not_study:
        query = query.where(_note.study_id.not_in(narrow.not_study))
    for column, chosen in ((_team.name, narrow.team), (_study.title, narrow.study)):
        if chosen:
            query = query.where(column.in_(chosen))
    if narrow.participant:
        heard = select(_turn.note_id).join(schema.participant, _turn.participant_id == _person.id)
        query = query.where(_note.id.in_(heard.where(_person.pseudonym.in_(narrow.participant))))
    if narrow.since:
        query = query.where(_note.date >= narrow.since)
    if narrow.until:
        query = query.where(_note.date <= narrow.until)
    if title:
        query = query.where(_note.title.icontains(title, autoescape=True))
    query = query.order_by(_note.date.desc().nulls_last(), _note.title, _note.id)
    return _summaries(connection, query.limit(limit).offset(offset))


def studies(connection: Connection, sight: Sight) -> list[StudySummary]:
    """The studies that may be seen by team and title, with what they hold."""
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
            _study.asked, _study.keep_days, is_closed(sight.day), _study.opens,
        )
        .select_from(
            schema.study.join(schema.team)
            .outerjoin(schema.note, _note.study_id == _study.id)
            .outerjoin(heard, heard.c.study_id == _study.id)
        )
        .where(_study.id.not_in(sight.closed))
        .group_by(_study.id, _team.name, heard.c.passages, heard.c.people)
        .order_by(func.lower(_team.name), func.lower(_study.title))
    )  # fmt: skip
    return [
        StudySummary(
            id=str(id_), title=title, team=team, owner=owner, method=method, questions=questions, notes=count,
            passages=passages or 0, participants=people or 0, first=first, last=last, asked=asked, keep_days=keep_days,
            closed=closed, opens=opens,
        )
        for id_, title, team, owner, method, questions, count, passages, people, first, last, asked, keep_days, closed,
        opens in connection.execute(query)
    ]  # fmt: skip


def describe_study(engine: Engine, team: str, title: str, *, owner: str, method: str, questions: str) -> None:
    """Say what a study is about; it is created if it is new."""
    with writing(engine).begin() as connection:
        study_id = study_id_of(connection, team, title)
        connection.execute(
            update(schema.study)
            .where(schema.study.c.id == study_id)
            .values(owner=owner, method=method, questions=questions)
        )


def overdue(connection: Connection, sight: Sight) -> list[NoteSummary]:
    """Notes that were to be kept for fewer days than have passed since their date, oldest first."""
    age = sight.day.toordinal() - ordinal(_note.date)
    due = _study.keep_days.is_not(None), age > _study.keep_days, may_be_read(sight)
    return _summaries(connection, _told(sight).where(*due).order_by(_note.date, _note.id))


def accounts(connection: Connection) -> tuple[str, ...]:
    """All accounts that participants are of."""
    query = select(_person.account).where(_person.account != "").distinct().order_by(_person.account)
    return tuple(connection.scalars(query))


def choices(connection: Connection, sight: Sight) -> Choices:
    """Everything that a search can be narrowed by, of what may be seen."""

    def distinct(column: Any, *where: Any, of: Any = None) -> tuple[str, ...]:
        query = select(column) if of is None else select(column).select_from(of)
        return tuple(connection.scalars(query.where(column != "", *where).distinct().order_by(column)))

    met, of_study = may_be_met(sight), _study.id.not_in(sight.closed)
    return Choices(
        teams=distinct(_team.name, of_study, of=schema.study.join(schema.team)),
        studies=distinct(_study.title, of_study),
        segments=segments(connection, sight),
        accounts=distinct(_person.account, met),
        tags=tuple(tag for tag in distinct(_tag.tag, _tag.removed.is_(False)) if _seen(connection, tag, sight)),
        participants=distinct(_person.pseudonym, met),
    )  # fmt: skip


def _seen(connection: Connection, tag: str, sight: Sight) -> bool:
    """Whether a tag is on any passage that may be seen; the first one answers, where one query for all tags would look
    at a million."""
    if not sight.closed:
        return True
    tagged = schema.passage_tag.join(schema.passage).join(schema.note)
    query = select(_tag.passage_row).select_from(tagged).where(_tag.tag == tag, _tag.removed.is_(False))
    return connection.scalar(query.where(may_be_read(sight)).limit(1)) is not None


def segments(connection: Connection, sight: Sight) -> tuple[str, ...]:
    """Every segment that somebody is known to be of who may be met."""
    query = select(_person.segment).where(_person.segment != "", may_be_met(sight))
    return tuple(connection.scalars(query.distinct().order_by(_person.segment)))


def questions(connection: Connection, sight: Sight) -> list[tuple[str, int]]:
    """Short questions that were asked, with a study each was asked in, those with most people's answers first."""
    context = func.trim(_passage.context)
    query = (
        select(context, func.min(_note.study_id))
        .select_from(schema.passage.join(schema.note, _passage.note_id == _note.id))
        .where(context.like("%?"), func.length(context).between(20, 90), may_be_read(sight))
        .group_by(context)
        .order_by(func.count(_passage.participant_id.distinct()).desc(), func.length(context).desc(), context)
        .limit(200)
    )
    return [(question, study) for question, study in connection.execute(query)]


def last_added(connection: Connection) -> datetime | None:
    """When a note last came in or changed."""
    found: datetime | None = connection.scalar(select(func.max(_note.updated)))
    return found


def counts(connection: Connection) -> dict[str, Any]:
    """How many of everything, and from when to when."""

    def count(table: Any, *where: Any) -> int:
        return connection.scalar(select(func.count()).select_from(table).where(*where)) or 0

    first, last = connection.execute(select(func.min(_note.date), func.max(_note.date))).one()
    return {
        "notes": count(schema.note),
        "passages": count(schema.passage),
        "pending": index_state.waiting(connection)[0],
        "participants": count(schema.participant),
        "teams": connection.scalar(
            select(func.count(_study.team_id.distinct())).select_from(schema.note.join(schema.study))
        ),
        "studies": connection.scalar(select(func.count(_note.study_id.distinct()))),
        "first": first,
        "last": last,
    }


def _told(sight: Sight) -> Select[Any]:
    """What a list says of a note, but for who speaks in it."""
    return select(
        _note.id, _note.title, _note.date, _note.words, _note.format, _note.added, _note.updated,
        _team.name.label("team"), _study.title.label("study"), _study.id.label("study_id"),
        is_closed(sight.day).label("closed"), _study.opens, schema.source.c.name.label("source"),
    ).select_from(_joined)  # fmt: skip


def _summaries(connection: Connection, query: Select[Any]) -> list[NoteSummary]:
    rows = connection.execute(query).all()
    people: dict[str, list[Participant]] = {}
    passages: dict[str, int] = {}
    for chunk in chunks([row.id for row in rows]):
        heard = (
            select(_turn.note_id, _person.pseudonym, _person.segment, _person.account, _person.role, _person.id)
            .join(schema.participant, _turn.participant_id == _person.id)
            .where(_turn.note_id.in_(chunk))
            .distinct()
            .order_by(_person.id)
        )
        for note_id, *person, _ in connection.execute(heard):
            people.setdefault(note_id, []).append(Participant(*person))
        counted = select(_passage.note_id, func.count()).where(_passage.note_id.in_(chunk)).group_by(_passage.note_id)
        passages.update((note_id, count) for note_id, count in connection.execute(counted))
    return [
        NoteSummary(
            id=row.id, title=row.title, team=row.team, study=row.study, study_id=str(row.study_id), date=row.date,
            participants=tuple(people.get(row.id, ())), passages=passages.get(row.id, 0), words=row.words,
            source=row.source, format=row.format, added=row.added, updated=row.updated, closed=row.closed,
            opens=row.opens,
        )
        for row in rows
    ]  # fmt: skip


def _turns(connection: Connection, note_id: str, whole: str) -> Iterable[tuple[Turn, date | None]]:
    """A note's turns in order, each with the day from which it is hidden."""
    query = (
        select(*schema.turn.c, _person.pseudonym, _person.hidden_from)
        .select_from(schema.turn.outerjoin(schema.participant))
        .where(_turn.note_id == note_id)
        .order_by(_turn.ordinal)
    )
    for row in connection.execute(query):
        role: Role = "interviewer" if row.pseudonym is None else "participant"
        turn = Turn(
            ordinal=row.ordinal, start=row.start, end=row.end, role=role, speaker=row.pseudonym or INTERVIEWER,
            heading=row.heading, text=whole[row.start : row.end], start_s=row.start_s, end_s=row.end_s,
        )  # fmt: skip
        yield turn, row.hidden_from


def _passages(connection: Connection, note_id: str, day: date) -> Iterable[Passage]:
    query = (
        select(*schema.passage.c, _person.pseudonym)
        .select_from(schema.passage.join(schema.participant))
        .where(_passage.note_id == note_id, or_(_person.hidden_from.is_(None), _person.hidden_from > day))
        .order_by(_passage.ordinal)
    )
    rows = connection.execute(query).all()
    tags = assignments.of_rows(connection, [row.row for row in rows])
    for row in rows:
        yield Passage(
            id=row.id, note_id=note_id, ordinal=row.ordinal, start=row.start, end=row.end, text=row.text,
            context=row.context, participant=row.pseudonym, start_s=row.start_s, end_s=row.end_s,
            tags=tuple(tags.get(row.row, ())),
        )  # fmt: skip


def is_study(connection: Connection, team: str, title: str) -> bool:
    """Whether there is such a study, in whichever case its names are written."""
    here = func.lower(_team.name) == team.lower(), func.lower(_study.title) == title.lower()
    return connection.scalar(select(_study.id).select_from(schema.study.join(schema.team)).where(*here)) is not None


def study_id_of(connection: Connection, team: str, title: str) -> int:
    """The study's id, made as needed; "growth" and "Growth" are one team, as it was first written."""
    teams, studies = schema.team, schema.study
    team_id = connection.scalar(select(teams.c.id).where(func.lower(teams.c.name) == team.lower()))
    if team_id is None:
        team_id = insert_row(connection, teams, name=team)
    here = (studies.c.team_id == team_id, func.lower(studies.c.title) == title.lower())
    study_id = connection.scalar(select(studies.c.id).where(*here))
    if study_id is None:
        study_id = insert_row(connection, studies, team_id=team_id, title=title, owner="", method="", questions="")
    return int(study_id)

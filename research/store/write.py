"""Changing what is stored: every public function is one transaction, or is called inside one with its connection."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from hashlib import sha256
from typing import Any, Literal

from sqlalchemy import Connection, Engine, delete, func, insert, select, update
from sqlalchemy.dialects.sqlite import insert as upsert

from research.errors import NotFound
from research.models import TagAssignment
from research.store import schema
from research.store.database import writing
from research.store.schema import CLEARED, NEEDS_METADATA, NEEDS_VECTOR

SavedStatus = Literal["added", "updated", "unchanged"]


@dataclass(frozen=True, slots=True)
class Person:
    """Who said something: a keyed hash of the label in the source, never the label itself."""

    label_hash: str
    segment: str = ""
    account: str = ""


@dataclass(frozen=True, slots=True)
class NewTurn:
    """A stretch of the note's text; `person` is a label hash, or None for the research team."""

    start: int
    end: int
    person: str | None
    heading: str
    start_s: float | None = None
    end_s: float | None = None


@dataclass(frozen=True, slots=True)
class NewPassage:
    """A passage before it has an id; `tags` are a person's own, from the source."""

    start: int
    end: int
    text: str
    context: str
    person: str
    start_s: float | None = None
    end_s: float | None = None


@dataclass(frozen=True, slots=True)
class NewNote:
    """A note ready to be stored. `row` tells the notes of one source apart.

    `tags` are a person's own and go on every passage.
    """

    row: str
    title: str
    date: date | None
    format: str
    text: str
    origins: Mapping[str, str]
    people: tuple[Person, ...]
    turns: tuple[NewTurn, ...]
    passages: tuple[NewPassage, ...]
    tags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class NewSource:
    """The file that notes come from; see `research.store.schema.source`."""

    key: str
    name: str
    fingerprint: str


@dataclass(frozen=True, slots=True)
class Saved:
    """What storing one note came to."""

    note_id: str
    title: str
    status: SavedStatus
    passages: int


def save_source(
    engine: Engine, source: NewSource, notes: Mapping[tuple[str, str], Sequence[NewNote]], now: datetime
) -> list[Saved]:
    """Make the notes of a source exactly `notes`, given by (team, study), in one transaction.

    Passages whose words stay keep their id, their vector and their tags; a person's tags on a passage whose words
    were edited move to the passage that took its place. Notes that left the source are deleted.
    """
    with writing(engine).begin() as connection:
        saved: list[Saved] = []
        table = schema.source
        before = set(connection.scalars(select(table.c.id).where(table.c.key == source.key)))
        for (team, study), of_study in notes.items():
            study_id = _study(connection, team, study)
            source_id = _source(connection, study_id, source)
            before.discard(source_id)
            old = {row: id_ for id_, row in connection.execute(
                select(schema.note.c.id, schema.note.c.row).where(schema.note.c.source_id == source_id)
            )}  # fmt: skip
            for note in of_study:
                id_ = old.pop(note.row, "") or _digest(str(study_id), source.key, note.row)[:16]
                saved.append(_save_note(connection, id_, study_id, source_id, note, now))
            for id_ in old.values():
                _delete_note(connection, id_)
        for source_id in before:
            for id_ in connection.scalars(select(schema.note.c.id).where(schema.note.c.source_id == source_id)).all():
                _delete_note(connection, id_)
            connection.execute(delete(table).where(table.c.id == source_id))
        _drop_unheard(connection)
        return saved


def rekey_source(engine: Engine, fingerprint: str, key: str, name: str) -> None:
    """Remember that a source which has not changed now lies elsewhere."""
    with writing(engine).begin() as connection:
        table = schema.source
        connection.execute(update(table).where(table.c.fingerprint == fingerprint).values(key=key, name=name))


def delete_note(engine: Engine, id_: str) -> None:
    """Take a note out with its turns, passages and tags; its source too when nothing else came from it."""
    with writing(engine).begin() as connection:
        source_id = connection.scalar(select(schema.note.c.source_id).where(schema.note.c.id == id_))
        if source_id is None:
            raise NotFound(f"There is no note {id_} in this repository; it may have been deleted.")
        _delete_note(connection, id_)
        rest = select(schema.note.c.id).where(schema.note.c.source_id == source_id)
        if connection.scalar(rest.limit(1)) is None:
            connection.execute(delete(schema.source).where(schema.source.c.id == source_id))
        else:  # the source is no longer what was ingested: reading it again must not be skipped as unchanged
            connection.execute(update(schema.source).where(schema.source.c.id == source_id).values(fingerprint=""))
        _drop_unheard(connection)


def describe_study(engine: Engine, team: str, title: str, *, owner: str, method: str, questions: str) -> None:
    """Say what a study is about; it is created if it is new."""
    with writing(engine).begin() as connection:
        study_id = _study(connection, team, title)
        connection.execute(
            update(schema.study)
            .where(schema.study.c.id == study_id)
            .values(owner=owner, method=method, questions=questions)
        )


def decide_tag(engine: Engine, passage_id: str, tag: str, *, keep: bool, now: datetime) -> None:
    """A person's word on a tag: put it on the passage, or take it off for good."""
    with writing(engine).begin() as connection:
        row = connection.scalar(select(schema.passage.c.row).where(schema.passage.c.id == passage_id))
        if row is None:
            raise NotFound(f"There is no passage {passage_id} in this repository; its note may have been updated.")
        _put_person_tag(connection, row, tag, removed=not keep, now=now)
        _mark(connection, [row])


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
            _put_person_tag(connection, row, new, removed=removed, now=at, unless_decided=True)
        there = select(table.c.passage_row).where(table.c.tag == new)
        connection.execute(delete(table).where(table.c.tag == old, table.c.passage_row.in_(there)))
        connection.execute(update(table).where(table.c.tag == old).values(tag=new))
        _mark(connection, rows)


def replace_tagger_tags(
    connection: Connection, found: Mapping[str, Sequence[TagAssignment]], now: datetime
) -> list[str]:
    """Put the tagger's tags in place of its earlier ones; what a person decided stays. Returns the ids that changed."""
    rows = _rows(connection, list(found))
    table = schema.passage_tag
    before: dict[int, dict[str, tuple[str, float, str]]] = {}
    for chunk in _chunks(list(rows.values())):
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
        connection.exec_driver_sql("DELETE FROM passage_tag WHERE passage_row = :r AND tag = :t", drop)
    if put:
        connection.execute(insert(table), put)
    return changed


def mark_cleared(connection: Connection, seen: Mapping[str, int]) -> None:
    """Say that the index agrees with SQL on these passages, unless their state is no longer the one in `seen`."""
    connection.exec_driver_sql(
        f"UPDATE passage SET state = {CLEARED} WHERE id = :i AND state = :s",
        [{"i": id_, "s": state} for id_, state in seen.items()],
    )


def mark_for_relabelling(connection: Connection, ids: Sequence[str]) -> None:
    """Say that the index has to learn these passages' labels anew."""
    _mark(connection, list(_rows(connection, ids).values()))


def mark_all_for_embedding(engine: Engine) -> None:
    """Say that the index holds nothing yet."""
    with writing(engine).begin() as connection:
        connection.execute(update(schema.passage).values(state=NEEDS_VECTOR))
        connection.execute(delete(schema.gone))


def mark_for_embedding(engine: Engine, ids: Sequence[str]) -> None:
    """Say that the index lacks these passages."""
    with writing(engine).begin() as connection:
        for chunk in _chunks(ids):
            connection.execute(update(schema.passage).where(schema.passage.c.id.in_(chunk)).values(state=NEEDS_VECTOR))


def forget_gone(connection: Connection, ids: Sequence[str]) -> None:
    """Say that the index no longer holds these deleted passages."""
    for chunk in _chunks(ids):
        connection.execute(delete(schema.gone).where(schema.gone.c.passage_id.in_(chunk)))


def raise_generation(connection: Connection) -> int:
    """Tell readers that the index has changed; returns the new number."""
    from research.store.read import generation

    number = generation(connection) + 1
    set_setting(connection, "generation", str(number))
    return number


def set_setting(connection: Connection, key: str, value: str) -> None:
    """Keep one named value."""
    statement = upsert(schema.setting).values(key=key, value=value)
    connection.execute(statement.on_conflict_do_update(index_elements=["key"], set_={"value": value}))


def save_mapping(engine: Engine, name: str, columns: Mapping[str, Any]) -> None:
    """Remember how the columns of a kind of spreadsheet are read."""
    with writing(engine).begin() as connection:
        statement = upsert(schema.mapping).values(name=name, columns=dict(columns))
        connection.execute(statement.on_conflict_do_update(index_elements=["name"], set_={"columns": dict(columns)}))


def _study(connection: Connection, team: str, title: str) -> int:
    """The study's id, made as needed; "growth" and "Growth" are one team, as it was first written."""
    teams, studies = schema.team, schema.study
    team_id = connection.scalar(select(teams.c.id).where(func.lower(teams.c.name) == team.lower()))
    if team_id is None:
        team_id = _insert(connection, teams, name=team)
    here = (studies.c.team_id == team_id, func.lower(studies.c.title) == title.lower())
    study_id = connection.scalar(select(studies.c.id).where(*here))
    if study_id is None:
        study_id = _insert(connection, studies, team_id=team_id, title=title, owner="", method="", questions="")
    return int(study_id)


def _source(connection: Connection, study_id: int, source: NewSource) -> int:
    table = schema.source
    found = connection.scalar(select(table.c.id).where(table.c.study_id == study_id, table.c.key == source.key))
    values = {"name": source.name, "fingerprint": source.fingerprint}
    if found is None:
        return _insert(connection, table, study_id=study_id, key=source.key, **values)
    connection.execute(update(table).where(table.c.id == found).values(**values))
    return int(found)


def _save_note(connection: Connection, id_: str, study_id: int, source_id: int, note: NewNote, now: datetime) -> Saved:
    people = {person.label_hash: _participant(connection, person) for person in note.people}
    table = schema.note
    old = connection.execute(select(table.c.title, table.c.date, table.c.text).where(table.c.id == id_)).first()
    fields = {
        "study_id": study_id,
        "source_id": source_id,
        "row": note.row,
        "title": note.title,
        "date": note.date,
        "format": note.format,
        "text": note.text,
        "words": len(note.text.split()),
        "origins": dict(note.origins),
    }
    if old is None:
        connection.execute(insert(table).values(id=id_, added=now, updated=now, **fields))
    else:
        connection.execute(update(table).where(table.c.id == id_).values(**fields))
    connection.execute(delete(schema.turn).where(schema.turn.c.note_id == id_))
    if note.turns:
        connection.execute(
            insert(schema.turn),
            [
                {"note_id": id_, "ordinal": n, "start": t.start, "end": t.end, "heading": t.heading,
                 "participant_id": people[t.person] if t.person else None, "start_s": t.start_s, "end_s": t.end_s}
                for n, t in enumerate(note.turns)
            ],
        )  # fmt: skip
    changed = _save_passages(connection, id_, note, people, now)
    if old is not None and old.date != note.date:
        _mark(connection, connection.scalars(select(schema.passage.c.row).where(schema.passage.c.note_id == id_)).all())
    if old is None:
        return Saved(id_, note.title, "added", len(note.passages))
    if changed or (old.title, old.date, old.text) != (note.title, note.date, note.text):
        connection.execute(update(table).where(table.c.id == id_).values(updated=now))
        return Saved(id_, note.title, "updated", len(note.passages))
    return Saved(id_, note.title, "unchanged", len(note.passages))


def _save_passages(connection: Connection, id_: str, note: NewNote, people: Mapping[str, int], now: datetime) -> bool:
    """Store a note's passages, touching only what is new or different. True when anything changed."""
    table = schema.passage
    old = {row.id: row for row in connection.execute(select(table).where(table.c.note_id == id_))}
    new = _with_ids(id_, note.passages)
    vanished = [row for pid, row in old.items() if pid not in new]
    added: list[dict[str, Any]] = []
    changed = bool(vanished)
    for ordinal, (pid, passage) in enumerate(new.items()):
        fields: dict[str, Any] = {
            "ordinal": ordinal, "start": passage.start, "end": passage.end, "context": passage.context,
            "participant_id": people[passage.person], "start_s": passage.start_s, "end_s": passage.end_s,
        }  # fmt: skip
        was = old.get(pid)
        if was is None:
            added.append({"id": pid, "note_id": id_, "text": passage.text, "state": NEEDS_VECTOR, **fields})
        elif any(getattr(was, name) != value for name, value in fields.items()):
            if was.context != passage.context:
                fields["state"] = NEEDS_VECTOR
            elif was.participant_id != fields["participant_id"] and was.state == CLEARED:
                fields["state"] = NEEDS_METADATA
            changed = changed or "state" in fields
            connection.execute(update(table).where(table.c.row == was.row).values(**fields))
    if added:
        connection.execute(insert(table), added)
    if note.tags:
        rows = connection.scalars(select(table.c.row).where(table.c.note_id == id_)).all()
        for row in rows:
            for tag in note.tags:
                _put_person_tag(connection, row, tag, removed=False, now=now, unless_decided=True)
    _carry_over_decisions(connection, vanished, added)
    _delete_passages(connection, vanished)
    return changed or bool(added)


def _with_ids(note_id_: str, passages: Iterable[NewPassage]) -> dict[str, NewPassage]:
    found: dict[str, NewPassage] = {}
    seen: dict[tuple[str, str], int] = {}
    for passage in passages:
        again = seen[passage.text, passage.person] = seen.get((passage.text, passage.person), -1) + 1
        found[_digest(note_id_, passage.person, passage.text, str(again))[:24]] = passage
    return found


def _carry_over_decisions(connection: Connection, vanished: Sequence[Any], added: Sequence[Mapping[str, Any]]) -> None:
    """Move a person's tags from a passage whose words were edited to the one that shares most words with it."""
    tags = schema.passage_tag
    for row in vanished:
        decided = connection.execute(
            select(tags.c.tag, tags.c.removed, tags.c.at).where(
                tags.c.passage_row == row.row, tags.c.source == "person"
            )
        ).all()
        if not decided:
            continue
        words = set(row.text.casefold().split())

        def shared(other: Mapping[str, Any], words: set[str] = words) -> float:
            theirs = set(other["text"].casefold().split())
            return len(words & theirs) / max(1, len(words | theirs))

        best = max(added, key=shared, default=None)
        if best is None or shared(best) < 0.5:
            continue
        target = _rows(connection, [best["id"]])[best["id"]]
        for tag, removed, at in decided:
            _put_person_tag(connection, target, tag, removed=removed, now=at)


def _participant(connection: Connection, person: Person) -> int:
    table = schema.participant
    found = connection.execute(
        select(table.c.id, table.c.segment, table.c.account).where(table.c.label_hash == person.label_hash)
    ).first()
    if found is None:
        number = _next_number(connection)
        return _insert(
            connection,
            table,
            id=number,
            pseudonym=f"P-{number:04d}",
            label_hash=person.label_hash,
            segment=person.segment,
            account=person.account,
        )
    told = {
        name: value
        for name, value in (("segment", person.segment), ("account", person.account))
        if value and value != getattr(found, name)
    }
    if told:
        connection.execute(update(table).where(table.c.id == found.id).values(**told))
        passages = schema.passage
        rows = connection.scalars(select(passages.c.row).where(passages.c.participant_id == found.id)).all()
        _mark(connection, list(rows))
    return int(found.id)


def _next_number(connection: Connection) -> int:
    """The next participant's number; a number is never given twice, not even after its person was deleted."""
    table = schema.setting
    last = connection.scalar(select(table.c.value).where(table.c.key == "last_participant"))
    number = int(last or 0) + 1
    set_setting(connection, "last_participant", str(number))
    return number


def _put_person_tag(
    connection: Connection, row: int, tag: str, *, removed: bool, now: datetime, unless_decided: bool = False
) -> None:
    values = {"score": 1.0, "source": "person", "reason": "", "removed": removed, "at": now}
    statement = upsert(schema.passage_tag).values(passage_row=row, tag=tag, **values)
    where = schema.passage_tag.c.source != "person" if unless_decided else None
    connection.execute(statement.on_conflict_do_update(index_elements=["passage_row", "tag"], set_=values, where=where))


def _mark(connection: Connection, rows: Sequence[int]) -> None:
    for chunk in _chunks(rows):
        table = schema.passage
        connection.execute(
            update(table).where(table.c.row.in_(chunk), table.c.state == CLEARED).values(state=NEEDS_METADATA)
        )


def _delete_note(connection: Connection, id_: str) -> None:
    _delete_passages(
        connection, connection.execute(select(schema.passage).where(schema.passage.c.note_id == id_)).all()
    )
    connection.execute(delete(schema.note).where(schema.note.c.id == id_))


def _delete_passages(connection: Connection, rows: Sequence[Any]) -> None:
    if rows:
        connection.execute(upsert(schema.gone).on_conflict_do_nothing(), [{"passage_id": row.id} for row in rows])
    for chunk in _chunks([row.row for row in rows]):
        connection.execute(delete(schema.passage).where(schema.passage.c.row.in_(chunk)))


def _drop_unheard(connection: Connection) -> None:
    """Participants of whom no word is left go too."""
    heard = select(schema.turn.c.participant_id).where(schema.turn.c.participant_id.is_not(None))
    connection.execute(delete(schema.participant).where(schema.participant.c.id.not_in(heard)))


def _rows(connection: Connection, ids: Sequence[str]) -> dict[str, int]:
    found: dict[str, int] = {}
    for chunk in _chunks(ids):
        query = select(schema.passage.c.id, schema.passage.c.row).where(schema.passage.c.id.in_(chunk))
        found.update((id_, row) for id_, row in connection.execute(query))
    return found


def _insert(connection: Connection, table: Any, **values: Any) -> int:
    key = connection.execute(insert(table).values(**values)).inserted_primary_key
    assert key is not None
    return int(key[0])


def _chunks(items: Sequence[Any], size: int = 900) -> Iterable[Sequence[Any]]:
    return (items[start : start + size] for start in range(0, len(items), size))


def _digest(*parts: str) -> str:
    return sha256("\x1f".join(parts).encode()).hexdigest()

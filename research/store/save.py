"""Storing what came from a source: notes, people, turns and passages, each source in one transaction."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from hashlib import sha256
from typing import Any, Protocol

from sqlalchemy import Connection, Engine, delete, exists, func, insert, or_, select, true, update

from research.access import Sight
from research.errors import NotFound
from research.store import access, identities, insights, intakes, participants, schema
from research.store.assignments import put_person_tag
from research.store.database import chunks, insert_row, writing
from research.store.index_state import labels_changed, rows_of
from research.store.library import study_id_of
from research.store.new import NewNote, NewPassage, NewSource, Person, Saved
from research.store.schema import NEW, NOT_TAGGED

_note, _passage = schema.note.c, schema.passage.c


class Beside(Protocol):
    """What comes in with notes and is no note; put in on either side of them, in their transaction."""

    def before(self, connection: Connection) -> None: ...
    def after(self, connection: Connection) -> None: ...


def known_sources(connection: Connection, key: str, fingerprint: str) -> tuple[bool, list[str]]:
    """Whether the source of this key was stored before, and the keys under which its very content is stored."""
    table = schema.source.c
    known = connection.scalar(select(table.id).where(table.key == key).limit(1)) is not None
    same = connection.scalars(select(table.key).where(table.fingerprint == fingerprint).distinct())
    return known, list(same)


def notes_of_source(connection: Connection, key: str) -> list[tuple[str, str, int, str]]:
    """(note id, title, passages, row) of every note from a source, in the order they were added."""
    query = (
        select(_note.id, _note.title, func.count(_passage.row), _note.row)
        .select_from(
            schema.note.join(schema.source, _note.source_id == schema.source.c.id).outerjoin(
                schema.passage, _passage.note_id == _note.id
            )
        )
        .where(schema.source.c.key == key)
        .group_by(_note.id)
        .order_by(_note.added, _note.id)
    )
    return [(id_, title, count, row) for id_, title, count, row in connection.execute(query)]


def save_source(
    engine: Engine,
    source: NewSource,
    notes: Mapping[tuple[str, str], Sequence[NewNote]],
    now: datetime,
    beside: Beside | None = None,
) -> list[Saved]:
    """Make the notes of a source exactly `notes`, given by (team, study), in one transaction, with what is put in
    `beside` them before and after.

    Passages whose words stay keep their id, their vector and their tags; a person's tags on a passage whose words
    were edited move to the passage that took its place. Notes that left the source are deleted, unless it is partial.
    """
    with writing(engine).begin() as connection:
        if beside:
            beside.before(connection)
        saved: list[Saved] = []
        heard: set[int] = set()  # whom the source's notes held before
        table = schema.source
        mine = select(table.c.id).where(table.c.key == source.key)
        before = set() if source.partial else set(connection.scalars(mine))
        for (team, study), of_study in notes.items():
            study_id = study_id_of(connection, team, study)
            source_id = _source(connection, study_id, source)
            before.discard(source_id)
            old = {row: id_ for id_, row in connection.execute(
                select(_note.id, _note.row).where(_note.source_id == source_id)
            )}  # fmt: skip
            heard |= _heard_in(connection, old.values())
            for note in of_study:
                id_ = old.pop(note.row, "") or _free(connection, note.id)
                id_ = id_ or _digest(str(study_id), source.key, note.row)[:16]
                saved.append(_save_note(connection, id_, study_id, source_id, note, now, source.intake))
            for id_ in () if source.partial else old.values():
                delete_note_in(connection, id_)
        for source_id in before:
            left = connection.scalars(select(_note.id).where(_note.source_id == source_id)).all()
            heard |= _heard_in(connection, left)
            for id_ in left:
                delete_note_in(connection, id_)
            connection.execute(delete(table).where(table.c.id == source_id))
        _drop_unheard(connection, heard)
        if source.intake and any(one.status == "added" for one in saved):
            intakes.began(connection, source.intake, now, source.who)
        if beside:
            beside.after(connection)
        return saved


def reserve(engine: Engine, people: Iterable[Person]) -> dict[str, str]:
    """Label hash -> pseudonym; whoever is new is added, so that their pseudonym can stand in their notes' texts."""
    by_label = {person.label_hash: person for person in people}
    with writing(engine).begin() as connection:
        known = participants.by_label(connection, by_label)
        for label, person in sorted(by_label.items(), key=lambda one: one[1].wanted):
            if label not in known:
                participants.add(connection, label, wanted=person.wanted, again=person.own)
        return participants.pseudonyms(connection, by_label)


def drop_unheard(engine: Engine, pseudonyms: Iterable[str]) -> None:
    """Take out whoever was added for a note that was then not stored."""
    with writing(engine).begin() as connection:
        _drop_unheard(connection, participants.ids_of(connection, list(pseudonyms)))


def rekey_source(engine: Engine, fingerprint: str, key: str, name: str) -> None:
    """Remember that a source which has not changed now lies elsewhere."""
    with writing(engine).begin() as connection:
        table = schema.source
        connection.execute(update(table).where(table.c.fingerprint == fingerprint).values(key=key, name=name))


def delete_note(engine: Engine, id_: str) -> None:
    """Take a note out with its turns, passages and tags; its source too when nothing else came from it."""
    with writing(engine).begin() as connection:
        delete_note_with_source(connection, id_)


def delete_note_with_source(connection: Connection, id_: str) -> None:
    """The same, inside a transaction. Raises NotFound."""
    source_id = connection.scalar(select(_note.source_id).where(_note.id == id_))
    if source_id is None:
        raise NotFound(f"There is no note {id_} in this repository; it may have been deleted.")
    heard = _heard_in(connection, [id_])
    delete_note_in(connection, id_)
    rest = select(_note.id).where(_note.source_id == source_id)
    if connection.scalar(rest.limit(1)) is None:
        connection.execute(delete(schema.source).where(schema.source.c.id == source_id))
    else:  # the source is no longer what was ingested: reading it again must not be skipped as unchanged
        connection.execute(update(schema.source).where(schema.source.c.id == source_id).values(fingerprint=""))
    _drop_unheard(connection, heard)


def _free(connection: Connection, id_: str) -> str:
    """A note's id where no other note has it."""
    taken = not id_ or connection.scalar(select(_note.id).where(_note.id == id_)) is not None
    return "" if taken else id_


def _source(connection: Connection, study_id: int, source: NewSource) -> int:
    table = schema.source
    found = connection.scalar(select(table.c.id).where(table.c.study_id == study_id, table.c.key == source.key))
    values = {"name": source.name, "fingerprint": source.fingerprint}
    if found is None:
        return insert_row(connection, table, study_id=study_id, key=source.key, **values)
    connection.execute(update(table).where(table.c.id == found).values(**values))
    return int(found)


def _save_note(
    connection: Connection, id_: str, study_id: int, source_id: int, note: NewNote, now: datetime, intake: str
) -> Saved:
    anybody = access.sight_of_anybody(connection, now.date())
    kept = anybody if study_id in anybody.closed else None
    people = {person.label_hash: _participant(connection, person, kept) for person in note.people}
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
        "redactions": [list(one) for one in note.redactions],
    }
    if old is None:
        connection.execute(insert(table).values(id=id_, added=now, updated=now, intake=intake, **fields))
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
        labels_changed(connection, connection.scalars(select(_passage.row).where(_passage.note_id == id_)).all())
    if old is None:
        return Saved(id_, note.title, "added", len(note.passages))
    if changed or (old.title, old.date, old.text) != (note.title, note.date, note.text):
        connection.execute(update(table).where(table.c.id == id_).values(updated=now, intake=""))
        return Saved(id_, note.title, "updated", len(note.passages))
    return Saved(id_, note.title, "unchanged", len(note.passages))


def _save_passages(connection: Connection, id_: str, note: NewNote, people: Mapping[str, int], now: datetime) -> bool:
    """Store a note's passages, touching only what is new or different. True when anything changed."""
    table = schema.passage
    old = {row.id: row for row in connection.execute(select(table).where(table.c.note_id == id_))}
    theirs = rows_of(connection, [passage.id for passage in note.passages if passage.id and passage.id not in old])
    new = _with_ids(id_, note.passages, theirs)
    vanished = [row for pid, row in old.items() if pid not in new]
    added: list[dict[str, Any]] = []
    relabelled: list[int] = []
    changed = bool(vanished)
    for ordinal, (pid, passage) in enumerate(new.items()):
        fields: dict[str, Any] = {
            "ordinal": ordinal, "start": passage.start, "end": passage.end, "context": passage.context,
            "participant_id": people[passage.person], "start_s": passage.start_s, "end_s": passage.end_s,
        }  # fmt: skip
        was = old.get(pid)
        if was is not None and was.text != passage.text:
            fields |= {"text": passage.text, "state": NEW | NOT_TAGGED}
        if was is None:
            added.append({"id": pid, "note_id": id_, "text": passage.text, "state": NEW | NOT_TAGGED, **fields})
        elif any(getattr(was, name) != value for name, value in fields.items()):
            if was.context != passage.context:
                fields["state"] = NEW | NOT_TAGGED
            elif was.participant_id != fields["participant_id"]:
                relabelled.append(was.row)
            changed = changed or "state" in fields or bool(relabelled)
            connection.execute(update(table).where(table.c.row == was.row).values(**fields))
    if added:
        connection.execute(insert(table), added)
    labels_changed(connection, relabelled)
    decided = {
        pid: [*((tag, False) for tag in (*note.tags, *passage.tags)), *((tag, True) for tag in passage.taken_off)]
        for pid, passage in new.items()
        if note.tags or passage.tags or passage.taken_off
    }
    if decided:
        rows = rows_of(connection, list(decided))
        for pid, row in rows.items():
            for tag, removed in decided[pid]:
                put_person_tag(connection, row, tag, removed=removed, now=now, unless_decided=True)
        labels_changed(connection, list(rows.values()))
    _carry_over_decisions(connection, vanished, added)
    delete_passages(connection, [row.row for row in vanished])
    return changed or bool(added)


def _with_ids(note_id_: str, passages: Iterable[NewPassage], taken: Collection[str]) -> dict[str, NewPassage]:
    """The passages of a note by id: the one that they bring along unless it is taken, else one made of their words."""
    found: dict[str, NewPassage] = {}
    seen: dict[tuple[str, str], int] = {}
    for passage in passages:
        again = seen[passage.text, passage.person] = seen.get((passage.text, passage.person), -1) + 1
        own = passage.id if passage.id not in taken and passage.id not in found else ""
        found[own or _digest(note_id_, passage.person, passage.text, str(again))[:24]] = passage
    return found


def _carry_over_decisions(connection: Connection, vanished: Sequence[Any], added: Sequence[Mapping[str, Any]]) -> None:
    """Move what people decided on a passage whose words were edited, its tags and what it is evidence of, to the one
    that shares most words with it."""
    tags = schema.passage_tag
    judged = insights.judged_among(connection, [row.row for row in vanished])
    for row in vanished:
        decided = connection.execute(
            select(tags.c.tag, tags.c.removed, tags.c.at).where(
                tags.c.passage_row == row.row, tags.c.source == "person"
            )
        ).all()
        if not decided and row.row not in judged:
            continue
        words = set(row.text.casefold().split())

        def shared(other: Mapping[str, Any], words: set[str] = words) -> float:
            theirs = set(other["text"].casefold().split())
            return len(words & theirs) / max(1, len(words | theirs))

        best = max(added, key=shared, default=None)
        if best is None or shared(best) < 0.5:
            continue
        target = rows_of(connection, [best["id"]])[best["id"]]
        for tag, removed, at in decided:
            put_person_tag(connection, target, tag, removed=removed, now=at)
        insights.move(connection, row.row, target)


def _participant(connection: Connection, person: Person, kept: Sight | None) -> int:
    """The number of a person, who is added when nobody is known by this label. What a study says of them that is `kept`
    from some is not said of whom these may meet: everybody would read it."""
    known = participants.by_label(connection, [person.label_hash])
    id_ = known.get(person.label_hash) or participants.add(connection, person.label_hash)
    if kept is None or not participants.met(connection, [id_], kept):
        participants.describe(connection, id_, segment=person.segment, account=person.account, role=person.role)
    if person.sealed and not identities.sealed(connection, [id_]):
        identities.put_identity(connection, id_, person.sealed, person.hashes)
    return id_


def delete_note_in(connection: Connection, id_: str) -> None:
    """Take a note out with its passages, which the indexes have to forget."""
    delete_passages(connection, connection.scalars(select(_passage.row).where(_passage.note_id == id_)).all())
    connection.execute(delete(schema.note).where(_note.id == id_))


def delete_passages(connection: Connection, rows: Sequence[int]) -> None:
    """Take passages out, and remember that the indexes still hold them."""
    if rows:
        connection.execute(insert(schema.gone), [{"passage_row": row, "state": NEW} for row in rows])
    for chunk in chunks(rows):
        connection.execute(delete(schema.passage).where(_passage.row.in_(chunk)))


def _heard_in(connection: Connection, note_ids: Iterable[str]) -> set[int]:
    """The participants of notes."""
    turns = schema.turn.c
    return {
        person
        for chunk in chunks(list(note_ids))
        for person in connection.scalars(select(turns.participant_id).where(turns.note_id.in_(chunk)).distinct())
        if person is not None
    }


def _drop_unheard(connection: Connection, heard: Iterable[int]) -> None:
    """Of these participants, those of whom no word is left go too, unless somebody has to know that they exist: they
    are on a roster, were planned to be contacted, or said something about consent or contact."""
    person = schema.participant.c
    kept_by = (
        (schema.turn, true()),
        (schema.consent, true()),
        (schema.contact, true()),
        (schema.identity, or_(schema.identity.c.email_hash.is_not(None), schema.identity.c.crm_hash.is_not(None))),
    )
    known = or_(person.mark != "", *(exists().where(t.c.participant_id == person.id, also) for t, also in kept_by))
    for chunk in chunks(sorted(heard)):
        connection.execute(delete(schema.participant).where(person.id.in_(chunk), ~known))


def _digest(*parts: str) -> str:
    return sha256("\x1f".join(parts).encode()).hexdigest()

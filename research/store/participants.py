"""Participants as a whole: where they were heard, when they were contacted, what they agreed to, and who they are."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Connection, func, or_, select, union, update

from research.access import Sight
from research.contact import Consent, Facts, Planned
from research.errors import NotFound
from research.store import schema
from research.store.access import may_be_met, may_be_read
from research.store.database import chunks, insert_row, rows_for
from research.store.index_state import relabelled
from research.store.named_values import set_setting, setting

_person, _turn, _note, _study, _team = (
    schema.participant.c, schema.turn.c, schema.note.c, schema.study.c, schema.team.c,
)  # fmt: skip
_identity, _consent, _contact, _passage = schema.identity.c, schema.consent.c, schema.contact.c, schema.passage.c
_alias = schema.alias.c

_heard = schema.turn.join(schema.note, _turn.note_id == _note.id).join(schema.study, _note.study_id == _study.id)
# Every day on which somebody was contacted: when they were asked for a study, and what was planned or noted by hand.
_days = union(
    select(_turn.participant_id, _note.date.label("day"))
    .select_from(_heard)
    .where(_study.asked, _note.date.is_not(None)),
    select(_contact.participant_id, _contact.day),
).subquery()

HIGHEST = "last_participant"  # the setting that holds the highest number ever given


@dataclass(frozen=True, slots=True)
class Known:
    """A participant with all that is known of them but who they are; `identified` says whether that is known."""

    id: int
    pseudonym: str
    segment: str
    account: str
    role: str
    facts: Facts
    first: date | None
    last: date | None
    notes: int
    passages: int
    teams: tuple[str, ...]
    identified: bool


def known(connection: Connection, sight: Sight, only: Sequence[int] | None = None) -> list[Known]:
    """Participants whom one may meet in the order they came, all or those of these ids.

    Where they were heard is what may be seen; when they were contacted counts everything, since they are to be left in
    peace whoever asked them.
    """
    met = select(*schema.participant.c).where(may_be_met(sight)).order_by(_person.id)
    people = rows_for(connection, met, _person.id, only)
    if not people:
        return []
    heard = (
        select(_turn.participant_id, func.min(_note.date), func.max(_note.date), func.count(_note.id.distinct()))
        .select_from(_heard)
        .where(_turn.participant_id.is_not(None), may_be_read(sight))
        .group_by(_turn.participant_id)
    )
    when = {id_: rest for id_, *rest in rows_for(connection, heard, _turn.participant_id, only)}
    spoken = schema.passage.join(schema.note) if sight.closed else schema.passage
    said = select(_passage.participant_id, func.count()).select_from(spoken).where(may_be_read(sight))
    said = said.group_by(_passage.participant_id)
    passages = dict(map(tuple, rows_for(connection, said, _passage.participant_id, only)))
    joined = _heard.join(schema.team, _study.team_id == _team.id)
    by_team = select(_turn.participant_id, _team.name).select_from(joined).where(may_be_read(sight)).distinct()
    teams = _lists(rows_for(connection, by_team, _turn.participant_id, only))
    days = _lists(rows_for(connection, select(_days.c.participant_id, _days.c.day), _days.c.participant_id, only))
    planned = _lists(
        (row.participant_id, Planned(row.day, row.team))
        for row in rows_for(connection, select(*schema.contact.c), _contact.participant_id, only)
    )
    consents = _lists(
        (row.participant_id, Consent(row.scope, row.given, row.expires, row.withdrawn))
        for row in rows_for(connection, select(*schema.consent.c).order_by(_consent.id), _consent.participant_id, only)
    )
    identified = {
        row[0] for row in rows_for(connection, select(_identity.participant_id), _identity.participant_id, only)
    }
    of_accounts = _account_days(connection, {row.account for row in people if row.account})
    return [
        Known(
            id=row.id, pseudonym=row.pseudonym, segment=row.segment, account=row.account, role=row.role,
            facts=Facts(
                mark=row.mark, segment=row.segment, account=row.account, contacts=tuple(days.get(row.id, ())),
                account_contacts=tuple(of_accounts.get(row.account, ())), planned=tuple(planned.get(row.id, ())),
                consents=tuple(consents.get(row.id, ())),
            ),
            first=when.get(row.id, (None,))[0], last=when.get(row.id, (None, None))[1],
            notes=when.get(row.id, (None, None, 0))[2], passages=passages.get(row.id, 0),
            teams=tuple(sorted(teams.get(row.id, ()))), identified=row.id in identified,
        )
        for row in people
    ]  # fmt: skip


def id_of(connection: Connection, pseudonym: str, sight: Sight) -> int:
    """The number of a participant whom one may meet. Raises NotFound."""
    called = func.lower(_person.pseudonym) == pseudonym.strip().lower()
    found = connection.scalar(select(_person.id).where(called, may_be_met(sight)))
    if found is None:
        raise NotFound(f"There is nobody called “{pseudonym}” in this repository; they may have been forgotten.")
    return int(found)


def met(connection: Connection, ids: Sequence[int], sight: Sight) -> set[int]:
    """Those of some participants whom one may meet."""
    query = select(_person.id).where(may_be_met(sight))
    return {id_ for part in chunks(ids) for id_ in connection.scalars(query.where(_person.id.in_(part)))}


def ids_of(connection: Connection, pseudonyms: Sequence[str]) -> list[int]:
    """The numbers of participants, in the order they came; those that are not there are left out."""
    found = [
        id_
        for part in chunks(pseudonyms)
        for id_ in connection.scalars(select(_person.id).where(_person.pseudonym.in_(part)))
    ]
    return sorted(found)


def pseudonyms(connection: Connection, label_hashes: Iterable[str]) -> dict[str, str]:
    """Label hash -> pseudonym, for labels that are known."""
    ids = by_label(connection, label_hashes)
    query = select(_person.id, _person.pseudonym)
    names = dict(map(tuple, rows_for(connection, query, _person.id, sorted(set(ids.values())))))
    return {label: names[id_] for label, id_ in ids.items()}


def add(
    connection: Connection,
    label_hash: str,
    *,
    segment: str = "",
    account: str = "",
    role: str = "",
    wanted: int = 0,
    again: bool = False,
) -> int:
    """A participant who has not been heard yet. They get the number that is `wanted` where it was never given, or where
    it was given to them and they come `again`."""
    highest = int(setting(connection, HIGHEST) or 0)
    free = wanted and connection.scalar(select(_person.id).where(_person.id == wanted)) is None
    if free and (again or wanted > highest):
        number = wanted
        set_setting(connection, HIGHEST, str(max(highest, number)))
    else:
        number = next_number(connection)
    return insert_row(
        connection, schema.participant, id=number, pseudonym=pseudonym(number), label_hash=label_hash, segment=segment,
        account=account, role=role,
    )  # fmt: skip


def pseudonym(number: int) -> str:
    """What a participant is called: "P-0007"."""
    return f"P-{number:04d}"


def next_number(connection: Connection) -> int:
    """The next participant's number; a number is never given twice, not even after its person was deleted."""
    number = int(setting(connection, HIGHEST) or 0) + 1
    set_setting(connection, HIGHEST, str(number))
    return number


def first_heard(connection: Connection, sight: Sight) -> dict[str, date]:
    """Pseudonym -> the day on which somebody was heard first, where a note that may be seen says."""
    query = select(_person.pseudonym, func.min(_note.date)).select_from(_heard.join(schema.participant))
    query = query.where(may_be_read(sight))
    return dict(map(tuple, connection.execute(query.where(_note.date.is_not(None)).group_by(_person.id))))


def segments(connection: Connection, sight: Sight) -> dict[str, int]:
    """Segment -> how many participants are known whom one may meet, heard or not."""
    query = select(_person.segment, func.count()).where(_person.segment != "", may_be_met(sight))
    return dict(map(tuple, connection.execute(query.group_by(_person.segment))))


def by_label(connection: Connection, label_hashes: Iterable[str]) -> dict[str, int]:
    """Label hash -> participant, for labels that are known, under whichever of a person's labels."""
    found: dict[str, int] = {}
    for chunk in chunks(list(label_hashes)):
        for column, id_ in ((_person.label_hash, _person.id), (_alias.label_hash, _alias.participant_id)):
            found.update(map(tuple, connection.execute(select(column, id_).where(column.in_(chunk)))))
    return found


def labels(connection: Connection, id_: int) -> list[str]:
    """All labels that a participant is known by, as keyed hashes."""
    first = select(_person.label_hash).where(_person.id == id_)
    others = select(_alias.label_hash).where(_alias.participant_id == id_)
    return [*connection.scalars(first), *connection.scalars(others)]


def numbers(connection: Connection) -> dict[int, str]:
    """Every number that was ever given -> its participant's label hash, "" where there is none any more."""
    known = dict(map(tuple, connection.execute(select(_person.id, _person.label_hash))))
    return {number: known.get(number, "") for number in range(1, int(setting(connection, HIGHEST) or 0) + 1)}


def all_labels(connection: Connection) -> dict[str, int]:
    """Every label hash -> its participant."""
    pairs = select(_person.label_hash, _person.id).union_all(select(_alias.label_hash, _alias.participant_id))
    return dict(map(tuple, connection.execute(pairs)))


def describe(connection: Connection, id_: int, **labels: str) -> bool:
    """Set a participant's segment, account or role where something is said; True when anything changed."""
    told = {name: value for name, value in labels.items() if value}
    if not told:
        return False
    different = or_(*(_person[name] != value for name, value in told.items()))
    done = connection.execute(update(schema.participant).where(_person.id == id_, different).values(**told))
    if done.rowcount:
        relabelled(connection, [id_])
    return bool(done.rowcount)


def _account_days(connection: Connection, accounts: Iterable[str]) -> dict[str, list[date]]:
    joined = _days.join(schema.participant, _days.c.participant_id == _person.id)
    query = select(_person.account, _days.c.day).select_from(joined)
    parts = (connection.execute(query.where(_person.account.in_(chunk))) for chunk in chunks(sorted(accounts)))
    return _lists(row for part in parts for row in part)


def _lists(pairs: Iterable[Any]) -> dict[Any, list[Any]]:
    found: dict[Any, list[Any]] = {}
    for key, value in pairs:
        found.setdefault(key, []).append(value)
    return found

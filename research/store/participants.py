"""Participants as a whole: where they were heard, when they were contacted, what they agreed to, and who they are."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Select, and_, delete, func, insert, or_, select, union, update

from research.contact import Consent, Facts, Mark, Planned
from research.errors import NotFound
from research.identity import By
from research.store import index_state, schema
from research.store.database import chunks, insert_row
from research.store.named_values import set_setting, setting

_person, _turn, _note, _study, _team = (
    schema.participant.c, schema.turn.c, schema.note.c, schema.study.c, schema.team.c,
)  # fmt: skip
_identity, _consent, _contact, _passage = schema.identity.c, schema.consent.c, schema.contact.c, schema.passage.c
_alias, _different = schema.alias.c, schema.different.c

_heard = schema.turn.join(schema.note, _turn.note_id == _note.id).join(schema.study, _note.study_id == _study.id)
# Every day on which somebody was contacted: when they were asked for a study, and what was planned or noted by hand.
_days = union(
    select(_turn.participant_id, _note.date.label("day"))
    .select_from(_heard)
    .where(_study.asked, _note.date.is_not(None)),
    select(_contact.participant_id, _contact.day),
).subquery()


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


def known(connection: Connection, only: Sequence[int] | None = None) -> list[Known]:
    """Participants in the order they came, all or those of these ids."""
    people = _rows(connection, select(*schema.participant.c).order_by(_person.id), _person.id, only)
    if not people:
        return []
    heard = (
        select(_turn.participant_id, func.min(_note.date), func.max(_note.date), func.count(_note.id.distinct()))
        .select_from(_heard)
        .where(_turn.participant_id.is_not(None))
        .group_by(_turn.participant_id)
    )
    when = {id_: rest for id_, *rest in _rows(connection, heard, _turn.participant_id, only)}
    said = select(_passage.participant_id, func.count()).group_by(_passage.participant_id)
    passages = dict(map(tuple, _rows(connection, said, _passage.participant_id, only)))
    joined = _heard.join(schema.team, _study.team_id == _team.id)
    by_team = select(_turn.participant_id, _team.name).select_from(joined).distinct()
    teams = _lists(_rows(connection, by_team, _turn.participant_id, only))
    days = _lists(_rows(connection, select(_days.c.participant_id, _days.c.day), _days.c.participant_id, only))
    planned = _lists(
        (row.participant_id, Planned(row.day, row.team))
        for row in _rows(connection, select(*schema.contact.c), _contact.participant_id, only)
    )
    consents = _lists(
        (row.participant_id, Consent(row.scope, row.given, row.expires, row.withdrawn))
        for row in _rows(connection, select(*schema.consent.c).order_by(_consent.id), _consent.participant_id, only)
    )
    identified = {row[0] for row in _rows(connection, select(_identity.participant_id), _identity.participant_id, only)}
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


def id_of(connection: Connection, pseudonym: str) -> int:
    """The number of a participant. Raises NotFound."""
    found = connection.scalar(select(_person.id).where(func.lower(_person.pseudonym) == pseudonym.strip().lower()))
    if found is None:
        raise NotFound(f"There is nobody called “{pseudonym}” in this repository; they may have been forgotten.")
    return int(found)


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
    names = dict(map(tuple, _rows(connection, query, _person.id, sorted(set(ids.values())))))
    return {label: names[id_] for label, id_ in ids.items()}


def add(connection: Connection, label_hash: str, *, segment: str = "", account: str = "", role: str = "") -> int:
    """A participant who has not been heard yet."""
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
    number = int(setting(connection, "last_participant") or 0) + 1
    set_setting(connection, "last_participant", str(number))
    return number


def first_heard(connection: Connection) -> dict[str, date]:
    """Pseudonym -> the day on which somebody was heard first, where a note says."""
    query = select(_person.pseudonym, func.min(_note.date)).select_from(_heard.join(schema.participant))
    return dict(map(tuple, connection.execute(query.where(_note.date.is_not(None)).group_by(_person.id))))


def segments(connection: Connection) -> dict[str, int]:
    """Segment -> how many participants are known, heard or not."""
    query = select(_person.segment, func.count()).where(_person.segment != "").group_by(_person.segment)
    return dict(map(tuple, connection.execute(query)))


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
        _relabelled(connection, [id_])
    return bool(done.rowcount)


def put_mark(connection: Connection, id_: int, mark: Mark) -> None:
    """Say what somebody said about being contacted ("" for nothing)."""
    connection.execute(update(schema.participant).where(_person.id == id_).values(mark=mark))


# -- consent ---------------------------------------------------------------------------------------------------------


def put_consent(connection: Connection, id_: int, consent: Consent) -> None:
    """Write down a consent, in place of an earlier one of the same scope."""
    where = and_(_consent.participant_id == id_, _consent.scope == consent.scope)
    connection.execute(delete(schema.consent).where(where))
    connection.execute(
        insert(schema.consent).values(
            participant_id=id_, scope=consent.scope, given=consent.given, expires=consent.expires,
            withdrawn=consent.withdrawn,
        )
    )  # fmt: skip
    _hide(connection, id_)


def withdraw(connection: Connection, id_: int, scope: str, day: date) -> int:
    """End consents on a day, one scope's or all ("" for all); returns how many."""
    where = [_consent.participant_id == id_, _consent.withdrawn.is_(None)]
    if scope:
        where.append(_consent.scope == scope)
    done = connection.execute(update(schema.consent).where(*where).values(withdrawn=day))
    _hide(connection, id_)
    return done.rowcount


def _hide(connection: Connection, id_: int) -> None:
    """Keep the day from which no consent of somebody's holds any more; None where there is none to end, or no end."""
    rows = connection.execute(select(_consent.expires, _consent.withdrawn).where(_consent.participant_id == id_)).all()
    ends = [
        min((day for day in (row.expires and row.expires + timedelta(days=1), row.withdrawn) if day), default=None)
        for row in rows
    ]
    hidden = None if not ends or None in ends else max(day for day in ends if day)
    connection.execute(update(schema.participant).where(_person.id == id_).values(hidden_from=hidden))
    _relabelled(connection, [id_])


def anybody_hidden(connection: Connection, day: date) -> bool:
    """Whether there is anybody of whom nothing may be shown on a day."""
    return connection.scalar(select(_person.id).where(_person.hidden_from <= day).limit(1)) is not None


def hidden_between(connection: Connection, first: date, last: date) -> list[tuple[int, date]]:
    """Who is hidden from a day after `first` and up to `last` on, with that day, soonest first."""
    query = select(_person.id, _person.hidden_from).where(_person.hidden_from > first, _person.hidden_from <= last)
    return [(id_, day) for id_, day in connection.execute(query.order_by(_person.hidden_from, _person.id))]


# -- contact ---------------------------------------------------------------------------------------------------------


def put_contact(connection: Connection, id_: int, day: date, team: str, purpose: str, by: str, reason: str) -> int:
    """Write down that somebody is (or was) contacted on a day; returns its number."""
    return insert_row(
        connection, schema.contact, participant_id=id_, day=day, team=team, purpose=purpose, by=by, reason=reason
    )


def contacts(connection: Connection, id_: int) -> list[Any]:
    """What was planned or noted by hand, newest first: id, day, team, purpose, by, reason."""
    query = select(*schema.contact.c).where(_contact.participant_id == id_)
    return list(connection.execute(query.order_by(_contact.day.desc(), _contact.id.desc())))


def drop_contact(connection: Connection, number: int) -> int:
    """Take a planned contact back; returns whose it was. Raises NotFound."""
    id_ = connection.scalar(select(_contact.participant_id).where(_contact.id == number))
    if id_ is None:
        raise NotFound("This contact is not planned any more.")
    connection.execute(delete(schema.contact).where(_contact.id == number))
    return int(id_)


# -- who they are ----------------------------------------------------------------------------------------------------


def sealed(connection: Connection, only: Sequence[int] | None = None) -> dict[int, str]:
    """Participant -> their sealed identity, for those that have one."""
    query = select(_identity.participant_id, _identity.sealed)
    return dict(map(tuple, _rows(connection, query, _identity.participant_id, only)))


def sealed_people(connection: Connection) -> list[tuple[str, str, str]]:
    """Pseudonym, account and sealed identity of everybody who has one, in the order they came."""
    query = select(_person.pseudonym, _person.account, _identity.sealed).join_from(schema.participant, schema.identity)
    return [(who, account, token) for who, account, token in connection.execute(query.order_by(_person.id))]


def put_identity(connection: Connection, id_: int, token: str, hashes: Mapping[By, str]) -> None:
    """Keep who somebody is, in place of what was known; `hashes` are what it is recognised by ("" for nothing)."""
    connection.execute(delete(schema.identity).where(_identity.participant_id == id_))
    by = {f"{name}_hash": value or None for name, value in hashes.items()}
    connection.execute(insert(schema.identity).values(participant_id=id_, sealed=token, **by))


def by_hash(connection: Connection, hashes: Mapping[By, str]) -> list[int]:
    """The participants who have this e-mail address or this CRM id."""
    both = ((_identity.email_hash, hashes["email"]), (_identity.crm_hash, hashes["crm"]))
    wanted = [column == value for column, value in both if value]
    return list(connection.scalars(select(_identity.participant_id).where(or_(*wanted)))) if wanted else []


def identity_hashes(connection: Connection) -> dict[By, dict[str, int]]:
    """All that participants are recognised by for certain: hash of an e-mail address or CRM id -> participant."""
    columns: dict[By, Any] = {"email": _identity.email_hash, "crm": _identity.crm_hash}
    return {
        by: dict(map(tuple, connection.execute(select(column, _identity.participant_id).where(column.is_not(None)))))
        for by, column in columns.items()
    }


def namesakes(connection: Connection) -> list[tuple[int, int, bool]]:
    """Pairs of participants with the same name, and whether they have the same account too.

    Not those of different accounts, of different e-mail addresses or CRM ids, or of whom a person said that they are
    not the same.
    """
    mine, theirs = schema.identity.alias("mine"), schema.identity.alias("theirs")
    one, other = schema.participant.alias("one"), schema.participant.alias("other")
    pairs = (
        mine.join(theirs, and_(mine.c.name_hash == theirs.c.name_hash, mine.c.participant_id < theirs.c.participant_id))
        .join(one, mine.c.participant_id == one.c.id)
        .join(other, theirs.c.participant_id == other.c.id)
    )
    apart = select(_different.one).where(_different.one == one.c.id, _different.other == other.c.id).exists()
    same = func.lower(one.c.account) == func.lower(other.c.account)
    query = (
        select(one.c.id, other.c.id, and_(same, one.c.account != ""))
        .select_from(pairs)
        .where(
            or_(same, one.c.account == "", other.c.account == ""),
            func.coalesce(mine.c.email_hash, theirs.c.email_hash, "")
            == func.coalesce(theirs.c.email_hash, mine.c.email_hash, ""),
            func.coalesce(mine.c.crm_hash, theirs.c.crm_hash, "")
            == func.coalesce(theirs.c.crm_hash, mine.c.crm_hash, ""),
            ~apart,
        )
    )
    return [(a, b, bool(alike)) for a, b, alike in connection.execute(query.order_by(one.c.id, other.c.id))]


def merge(connection: Connection, kept: int, other: int) -> None:
    """Make two participants one: all that is the other's becomes the first one's, and the other is no more.

    Their identities have to be put together before (`put_identity`).
    """
    for table in (schema.turn, schema.passage, schema.contact):
        connection.execute(update(table).where(table.c.participant_id == other).values(participant_id=kept))
    mine = select(_consent.scope).where(_consent.participant_id == kept)
    connection.execute(
        update(schema.consent)
        .where(_consent.participant_id == other, _consent.scope.not_in(mine))
        .values(participant_id=kept)
    )
    theirs = labels(connection, other)
    gone = connection.execute(select(*schema.participant.c).where(_person.id == other)).one()
    stays = connection.execute(select(*schema.participant.c).where(_person.id == kept)).one()
    told = {name: getattr(gone, name) for name in ("segment", "account", "role") if not getattr(stays, name)}
    describe(connection, kept, **told)
    if gone.mark and not stays.mark:
        put_mark(connection, kept, gone.mark)
    connection.execute(delete(schema.participant).where(_person.id == other))
    connection.execute(insert(schema.alias), [{"label_hash": label, "participant_id": kept} for label in theirs])
    _hide(connection, kept)


def say_different(connection: Connection, one: int, other: int) -> None:
    """Two participants are not the same person, whatever they have in common."""
    pair = {"one": min(one, other), "other": max(one, other)}
    if connection.execute(select(_different.one).filter_by(**pair)).first() is None:
        connection.execute(insert(schema.different).values(**pair))


# -- what was done ---------------------------------------------------------------------------------------------------


def write_down(connection: Connection, at: datetime, who: str, what: str, participant: str, detail: str) -> None:
    """Add a line to the audit; the database refuses to change or delete one."""
    connection.execute(insert(schema.audit).values(at=at, who=who, what=what, participant=participant, detail=detail))


def audit(connection: Connection, limit: int | None = None) -> list[Any]:
    """The audit, newest first: at, who, what, participant, detail."""
    return list(connection.execute(select(*schema.audit.c).order_by(schema.audit.c.id.desc()).limit(limit)))


def _account_days(connection: Connection, accounts: Iterable[str]) -> dict[str, list[date]]:
    joined = _days.join(schema.participant, _days.c.participant_id == _person.id)
    query = select(_person.account, _days.c.day).select_from(joined)
    parts = (connection.execute(query.where(_person.account.in_(chunk))) for chunk in chunks(sorted(accounts)))
    return _lists(row for part in parts for row in part)


def _relabelled(connection: Connection, ids: Sequence[int]) -> None:
    rows = connection.scalars(select(_passage.row).where(_passage.participant_id.in_(ids))).all()
    index_state.labels_changed(connection, rows)


def _rows(connection: Connection, query: Select[Any], column: Any, only: Sequence[int] | None) -> list[Any]:
    if only is None:
        return list(connection.execute(query))
    return [row for chunk in chunks(only) for row in connection.execute(query.where(column.in_(chunk)))]


def _lists(pairs: Iterable[Any]) -> dict[Any, list[Any]]:
    found: dict[Any, list[Any]] = {}
    for key, value in pairs:
        found.setdefault(key, []).append(value)
    return found

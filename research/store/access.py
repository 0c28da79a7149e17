"""Which studies somebody may not read, and who is a member: what every other question to the store begins with."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import ColumnElement, Connection, and_, delete, exists, insert, or_, select, true, update

from research.access import Member, Reader, Sight
from research.store import schema

_study, _team, _note, _turn = schema.study.c, schema.team.c, schema.note.c, schema.turn.c
_person, _identity = schema.participant.c, schema.identity.c
_member, _membership = schema.member.c, schema.membership.c


def sight(connection: Connection, reader: Reader) -> Sight:
    """What a reader may see today: not the studies that are kept to a team that they don't belong to."""
    shut = (id_ for id_, team in _closed(connection, reader.today) if not reader.member.of(team))
    return Sight(reader.today, tuple(shut))


def sight_of_anybody(connection: Connection, day: date) -> Sight:
    """What anybody may see on a day, of whichever team."""
    return Sight(day, tuple(id_ for id_, _ in _closed(connection, day)))


def _closed(connection: Connection, day: date) -> list[tuple[int, str]]:
    """Studies that are kept to a team on a day, with the team."""
    kept = select(_study.id, _team.name).select_from(schema.study.join(schema.team)).order_by(_study.id)
    return [(id_, team) for id_, team in connection.execute(kept.where(is_closed(day)))]


def is_closed(day: date) -> ColumnElement[bool]:
    """Of a study, that only its team reads it on a day."""
    return and_(_study.closed, or_(_study.opens.is_(None), _study.opens > day))


def may_be_read(sight: Sight) -> ColumnElement[bool]:
    """Of a note, that its study may be seen."""
    return _note.study_id.not_in(sight.closed) if sight.closed else true()


def may_be_met(sight: Sight) -> ColumnElement[bool]:
    """Of whom one may know that they are there: whoever spoke in a study that may be seen, is on the roster, or has not
    spoken anywhere yet."""
    if not sight.closed:
        return true()
    spoke = exists().where(_turn.participant_id == _person.id)
    here = spoke.where(_turn.note_id == _note.id, may_be_read(sight))
    known = or_(_identity.email_hash.is_not(None), _identity.crm_hash.is_not(None))
    return or_(here, exists().where(_identity.participant_id == _person.id, known), ~spoke)


def members(connection: Connection) -> list[tuple[Member, datetime | None]]:
    """Everybody who was let in or came, by address, with when they were last there."""
    teams: dict[str, set[str]] = {}
    for who, team in connection.execute(select(_membership.who, _membership.team)):
        teams.setdefault(who, set()).add(team)
    known = select(schema.member).where(or_(_member.role != "", _member.seen.is_not(None))).order_by(_member.who)
    return [
        (Member(row.who, row.role, None if row.everywhere else frozenset(teams.get(row.who, ())), row.name), row.seen)
        for row in connection.execute(known)
    ]


def member(connection: Connection, who: str) -> tuple[Member | None, datetime | None]:
    """What is kept of a member, None for whoever is not known, and when they were last there."""
    row = connection.execute(select(schema.member).where(_member.who == who)).first()
    if row is None:
        return None, None
    teams = connection.scalars(select(_membership.team).where(_membership.who == who)).all()
    return Member(who, row.role, None if row.everywhere else frozenset(teams), row.name), row.seen


def put_member(connection: Connection, told: Member) -> None:
    """Keep what somebody is, in place of what they were."""
    _there(connection, told.who)
    values = {"name": told.name, "role": told.role, "everywhere": told.teams is None}
    connection.execute(update(schema.member).where(_member.who == told.who).values(**values))
    connection.execute(delete(schema.membership).where(_membership.who == told.who))
    if told.teams:
        connection.execute(insert(schema.membership), [{"who": told.who, "team": one} for one in sorted(told.teams)])


def drop_member(connection: Connection, who: str) -> bool:
    """Forget a member, and the tokens that let programs read as them; returns whether there was one."""
    connection.execute(delete(schema.membership).where(_membership.who == who))
    connection.execute(delete(schema.token).where(schema.token.c.who == who))
    return bool(connection.execute(delete(schema.member).where(_member.who == who)).rowcount)


def note_seen(connection: Connection, who: Member, at: datetime) -> None:
    """Remember when somebody was there, and what they are called."""
    _there(connection, who.who)
    connection.execute(update(schema.member).where(_member.who == who.who).values(seen=at, name=who.name))


def _there(connection: Connection, who: str) -> None:
    if connection.scalar(select(_member.who).where(_member.who == who)) is None:
        connection.execute(insert(schema.member).values(who=who, team=""))

"""Questions that stayed open, searches that teams follow, and who reads for which team."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, delete, func, select

from research.store import schema
from research.store.dialects import upsert

_question, _saved, _member = schema.question.c, schema.saved_search.c, schema.member.c


def put_questions(connection: Connection, lines: Sequence[str], team: str, who: str, at: datetime) -> None:
    """Keep questions; one that the team keeps already stays as it is."""
    if lines:
        rows = [{"line": line, "team": team, "by": who, "at": at} for line in dict.fromkeys(lines)]
        connection.execute(upsert(connection, schema.question).on_conflict_do_nothing(), rows)


def drop_question(connection: Connection, number: int) -> bool:
    """Let a question go; returns whether it was there."""
    return bool(connection.execute(delete(schema.question).where(_question.id == number)).rowcount)


def questions(connection: Connection, teams: Sequence[str] = ()) -> Sequence[Row[Any]]:
    """The questions that are kept (by these teams, if any are given), oldest first."""
    query = select(schema.question).order_by(_question.at, _question.id)
    return connection.execute(query.where(_question.team.in_(teams)) if teams else query).all()


def put_search(connection: Connection, team: str, query: str, who: str, at: datetime) -> None:
    """Follow a search."""
    values = {"team": team, "query": query, "by": who, "at": at}
    connection.execute(upsert(connection, schema.saved_search).values(values).on_conflict_do_nothing())


def drop_search(connection: Connection, team: str, query: str) -> bool:
    """Follow a search no longer; returns whether the team did."""
    mine = _saved.team == team, _saved.query == query
    return bool(connection.execute(delete(schema.saved_search).where(*mine)).rowcount)


def searches(connection: Connection, team: str) -> Sequence[Row[Any]]:
    """The searches that a team follows, oldest first."""
    query = select(schema.saved_search).where(_saved.team == team)
    return connection.execute(query.order_by(_saved.at, _saved.query)).all()


def team_of(connection: Connection, who: str) -> str:
    """The team for which somebody reads, "" where nobody said so."""
    return str(connection.scalar(select(_member.team).where(_member.who == who)) or "")


def team_named(connection: Connection, team: str) -> str:
    """A team's name as it was first written, in any case: of those that heard, else of those that read or keep; as
    given where nobody knows it."""
    for column in (schema.team.c.name, _member.team, _saved.team, _question.team):
        if known := connection.scalar(select(column).where(func.lower(column) == team.lower()).limit(1)):
            return str(known)
    return team


def put_member(connection: Connection, who: str, team: str) -> None:
    """Say for which team somebody reads."""
    statement = upsert(connection, schema.member).values(who=who, team=team)
    connection.execute(statement.on_conflict_do_update(index_elements=["who"], set_={"team": team}))

"""What a team keeps an eye on: questions that a check left open, and searches that it follows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Engine

from research.access import Reader, needs
from research.errors import BadInput, NotFound
from research.query import parse
from research.store import kept as store
from research.store.database import writing


@dataclass(frozen=True, slots=True)
class Question:
    """A question that nobody had answered when it was kept."""

    number: int
    line: str
    team: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class SavedSearch:
    """A search that a team follows: what others hear that answers it is in the team's digest."""

    team: str
    query: str
    by: str
    at: datetime


class Kept:
    """Questions and searches of the teams (`repo.kept`)."""

    def __init__(self, engine: Engine, reader: Reader) -> None:
        self._engine, self._reader = engine, reader

    def team(self, name: str) -> str:
        """A team's name as it was first written, in any case; as given where nobody knows it."""
        with self._engine.connect() as connection:
            return store.team_named(connection, name)

    def questions(self, *, team: str | Sequence[str] = ()) -> list[Question]:
        """The questions that are kept, oldest first; of some teams if any are given."""
        teams = (team,) if isinstance(team, str) else tuple(team)
        with self._engine.connect() as connection:
            named = [store.team_named(connection, one) for one in teams if one]
            rows = store.questions(connection, named)
        return [Question(row.id, row.line, row.team, row.by, row.at) for row in rows]

    @needs("ask")
    def keep_questions(self, lines: Sequence[str], *, team: str = "") -> None:
        """Keep questions, so that planning sees whether they are answered; those kept already stay. Raises BadInput."""
        told = [" ".join(line.split()) for line in lines if line.strip()]
        if not told:
            raise BadInput("There is no question to keep. Name one, or choose a line that came back open.")
        with writing(self._engine).begin() as connection:
            of = store.team_named(connection, team)
            store.put_questions(connection, told, of, self._reader.who, self._reader.now())

    @needs("ask")
    def drop_question(self, number: int) -> None:
        """Let a question go. Raises NotFound."""
        with writing(self._engine).begin() as connection:
            if not store.drop_question(connection, number):
                raise NotFound(f"There is no question {number}. `heard questions` lists them.")

    def searches(self, team: str) -> list[SavedSearch]:
        """The searches that a team follows, oldest first."""
        with self._engine.connect() as connection:
            found = store.searches(connection, store.team_named(connection, team))
        return [SavedSearch(row.team, row.query, row.by, row.at) for row in found]

    @needs("ask")
    def follow(self, team: str, query: str) -> None:
        """Follow a search for a team. Raises BadInput where it says nothing."""
        said = " ".join(query.split())
        if not team or not parse(said).words or len(said) > 1_000:
            raise BadInput("Name a team and what it wants to hear of, in at most 1,000 characters.")
        with writing(self._engine).begin() as connection:
            store.put_search(connection, store.team_named(connection, team), said, self._reader.who, self._reader.now())

    @needs("ask")
    def unfollow(self, team: str, query: str) -> None:
        """Follow a search no longer. Raises NotFound."""
        with writing(self._engine).begin() as connection:
            if not store.drop_search(connection, store.team_named(connection, team), " ".join(query.split())):
                raise NotFound(f"{team} does not follow “{query}”. `heard follow --list` shows what it follows.")

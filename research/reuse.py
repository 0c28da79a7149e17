"""Whether what one team heard is used by others: the repository's own outcome, by month and by pair of teams."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from sqlalchemy import Engine

from research.access import Reader, needs
from research.change import Direction, difference, wilson
from research.errors import BadInput
from research.store import access, kept
from research.store import reuse as store
from research.store.database import write_at_once, writing

Kind = Literal["opened", "quoted", "linked"]


@dataclass(frozen=True, slots=True)
class Month:
    """The uses of notes in a month (`month` is its first day), those of another team's among them, and the 95% interval
    of their share (Wilson's)."""

    month: date
    uses: int
    across: int
    low: float
    high: float

    @property
    def share(self) -> float:
        """Share of the uses that were of another team's notes, 0 to 1."""
        return self.across / self.uses if self.uses else 0.0


@dataclass(frozen=True, slots=True)
class Reading:
    """How often a team used what another one heard; `linked` of these are evidence of its insights."""

    team: str
    of_team: str
    uses: int
    linked: int


@dataclass(frozen=True, slots=True)
class Used:
    """Uses by month, earliest first, and by pair of teams, most first."""

    months: tuple[Month, ...]
    readings: tuple[Reading, ...]

    @property
    def direction(self) -> Direction:
        """Whether the share of the uses that cross teams rose or fell in the last month, against the month before it
        with any: only where the 95% interval of the difference leaves out zero."""
        if len(self.months) < 2:
            return "steady"
        before, last = self.months[-2:]
        low, high = difference(last.across, last.uses, before.across, before.uses)
        return "rising" if low > 0 else "fading" if high < 0 else "steady"


class Reuse:
    """Who reads whom (`repo.reuse`)."""

    def __init__(self, engine: Engine, reader: Reader) -> None:
        self._engine, self._reader = engine, reader

    @property
    def team(self) -> str:
        """The team for which the person at work reads, "" while they have not said so; who belongs to one only, reads
        for that."""
        with self._engine.connect() as connection:
            said = kept.team_of(connection, self._reader.who)
            if said and self._reader.member.of(said):
                return said
            mine = self._reader.member.teams or ()
            return kept.team_named(connection, next(iter(mine))) if len(mine) == 1 else ""

    @needs("ask")
    def join(self, team: str) -> None:
        """Say for which team the person at work reads. Raises BadInput, Refused where it is none of theirs."""
        if not team.strip():
            raise BadInput("Name the team for which you read.")
        self._reader.hold_team(team.strip())
        with writing(self._engine).begin() as connection:
            kept.put_member(connection, self._reader.who, kept.team_named(connection, team.strip()))

    def note(self, kind: Kind, note_ids: Sequence[str]) -> None:
        """Note that the person at work used notes; nothing is noted of whoever reads for no team.

        Nobody waits for it: while another process writes, a use goes uncounted.
        """
        if note_ids and (team := self.team):
            today = self._reader.today
            write_at_once(
                self._engine, lambda connection: store.put(connection, note_ids, kind, self._reader.who, team, today)
            )

    def used(self, since: date | None = None, until: date | None = None) -> Used:
        """Who used what between two days, both counted."""
        with self._engine.connect() as connection:
            rows = store.counted(connection, since, until, access.sight(connection, self._reader))
        uses: Counter[str] = Counter()
        across: Counter[str] = Counter()
        pairs: Counter[tuple[str, str]] = Counter()
        linked: Counter[tuple[str, str]] = Counter()
        for row in rows:
            uses[row.month] += row.uses
            if row.team != row.of_team:
                across[row.month] += row.uses
                pairs[row.team, row.of_team] += row.uses
                linked[row.team, row.of_team] += row.uses if row.kind == "linked" else 0
        return Used(
            tuple(
                Month(date.fromisoformat(f"{month}-01"), count, across[month], *wilson(across[month], count))
                for month, count in sorted(uses.items())
            ),
            tuple(
                Reading(team, of_team, count, linked[team, of_team])
                for (team, of_team), count in sorted(pairs.items(), key=lambda item: (-item[1], item[0]))
            ),
        )

"""The insights of a repository: claims, what speaks for and against them, and what follows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields, replace
from datetime import date
from typing import Any

from sqlalchemy import Connection, Engine

from research import suggesting
from research.access import Reader, needs
from research.embedder import Embedder
from research.errors import BadInput, NotFound, Refused
from research.filters import Filter
from research.insight import (
    DECIDED,
    KINDS,
    REVIEW,
    SIGNS,
    STATES,
    Decided,
    Event,
    Evidence,
    Insight,
    Kata,
    Kind,
    Outcome,
    Request,
    Sign,
    State,
    state_on,
)
from research.models import Hit
from research.reuse import Reuse
from research.search_index import SearchIndex
from research.store import access, passages
from research.store import insights as store
from research.store.database import writing
from research.store.index_state import rows_of
from research.suggesting import Suggestions
from research.tuned import Tuned

_SAID = {"supported": "for", "refuted": "against"}  # what has to speak for a decision


class Insights:
    """The insights of a repository (`repo.insights`). The history names the reader.

    Claims are everybody's; what speaks for or against one is shown and counted as far as the reader may read it.
    """

    def __init__(
        self,
        engine: Engine,
        index: SearchIndex,
        embedder: Embedder,
        reuse: Reuse,
        reader: Reader,
        tuned: Tuned,
    ) -> None:
        self._engine, self._index, self._embedder, self._reuse = engine, index, embedder, reuse
        self._reader, self._tuned = reader, tuned

    # -- looking ---------------------------------------------------------------------------------------------------

    def all(
        self,
        *,
        team: str = "",
        kind: Kind | str = "",
        state: State | str = "",
        since: date | None = None,
        until: date | None = None,
        passage: str = "",
    ) -> list[Insight]:
        """Insights by state (supported, refuted, hypothesis, stale), in each the strongest first.

        `since` and `until` keep those to which something was done on these days or between them, `passage` those that
        cite it.
        """
        with self._engine.connect() as connection:
            found = self._insights(connection, passage_id=passage, since=since, until=until)
        return sorted(
            (
                one
                for one in found
                if (not team or one.team.casefold() == team.casefold())
                and (not kind or one.kind == kind)
                and (not state or one.standing.state == state)
            ),
            key=_order,
        )

    def one(self, code: str) -> Insight:
        """An insight. Raises NotFound."""
        with self._engine.connect() as connection:
            (found,) = self._insights(connection, only=store.id_of(connection, code))
        return found

    def history(self, code: str) -> list[Event]:
        """What was done to an insight, newest first. Raises NotFound."""
        with self._engine.connect() as connection:
            done = store.history(connection, store.id_of(connection, code))
            return [Event(row.at, row.who, row.what, row.detail) for row in done]

    def nearest(self, hit: Hit) -> list[Insight]:
        """All insights, those first which a passage most likely speaks for or against."""
        return suggesting.nearest(self._embedder, hit, self.all())

    def suggested(self, code: str, *, limit: int = 6) -> Suggestions:
        """Passages of which nobody has said yet whether they speak for or against an insight. Raises NotFound.

        Which of the two is for a person to say: nearness in meaning tells what a passage is about, hardly what it says
        of it (docs/insights.md has what was measured).
        """
        with self._engine.connect() as connection:
            id_ = store.id_of(connection, code)
            (insight,) = self._insights(connection, only=id_)
            judged, narrow = store.judged(connection, id_), self._visible(connection)
            return suggesting.suggested(
                connection, self._index, self._embedder, insight, judged, narrow, self._reader.today, limit,
                self._tuned.now(self._reader.today),
            )  # fmt: skip

    # -- claiming --------------------------------------------------------------------------------------------------

    @needs("research")
    def add(
        self,
        statement: str,
        *,
        kind: Kind | str = "customer",
        team: str = "",
        owner: str = "",
        contrary: str = "",
        review: date | None = None,
        request: Request | None = None,
    ) -> str:
        """Write a claim down as a hypothesis, to be looked at again by a day (in half a year); returns its code.

        What a stakeholder asks for comes in the same way, with the `request`. Raises BadInput where that does not say
        what problem it solves and how we will know.
        """
        _among(kind, KINDS)
        asked = {"requested_by": request.by, "problem": request.problem, "proof": request.proof} if request else {}
        asked = {name: value.strip() for name, value in asked.items()}
        if asked and not (asked["problem"] and asked["proof"]):
            raise BadInput(
                "A request comes in as a hypothesis: say what problem it solves, and how we will know that it does."
            )
        now = self._reader.now()
        with writing(self._engine).begin() as connection:
            id_ = store.add(
                connection, statement=_claim(statement), kind=kind, team=team.strip(),
                owner=owner.strip() or self._reader.who, contrary=" ".join(contrary.split()),
                decided="hypothesis", review=review or now.date() + REVIEW, created=now, **asked,
            )  # fmt: skip
            self._write_down(connection, id_, "requested" if request else "written down")
        return store.code(id_)

    @needs("research")
    def change(
        self,
        code: str,
        *,
        statement: str | None = None,
        kind: Kind | str | None = None,
        team: str | None = None,
        owner: str | None = None,
        contrary: str | None = None,
    ) -> None:
        """Put a claim in other words, or in other hands; the history keeps what it was."""
        said = {"statement": statement, "kind": kind, "team": team, "owner": owner, "contrary": contrary}
        with writing(self._engine).begin() as connection:
            id_ = store.id_of(connection, code)
            (was,) = self._insights(connection, only=id_)
            new = {name: " ".join(value.split()) for name, value in said.items() if value is not None}
            new = {name: value for name, value in new.items() if value != getattr(was, name)}
            if "statement" in new:
                _claim(new["statement"])
            if "kind" in new:
                _among(new["kind"], KINDS)
            if new:
                store.change(connection, id_, **new)
                before = "; ".join(f"{name} was “{getattr(was, name)}”" for name in new)
                self._write_down(connection, id_, "changed", before)

    @needs("research")
    def remove(self, code: str) -> None:
        """Take an insight out with its history; its code is not given again. Raises NotFound."""
        with writing(self._engine).begin() as connection:
            store.remove(connection, store.id_of(connection, code))

    # -- evidence --------------------------------------------------------------------------------------------------

    @needs("research")
    def link(self, code: str, passage_id: str, sign: Sign | str) -> None:
        """Say that a passage speaks for or against a claim; said again with the other sign, it changes sides."""
        _among(sign, SIGNS)
        with writing(self._engine).begin() as connection:
            id_, (row, hit) = store.id_of(connection, code), self._passage(connection, passage_id)
            before = store.link(connection, id_, row, sign, self._reader.now(), self._reader.who)
            if before != sign and self._told(connection, hit):
                self._write_down(connection, id_, "evidence linked", f"{sign}, was {before}" if before else sign)
        self._reuse.note("linked", [hit.note_id])

    @needs("research")
    def unlink(self, code: str, number: int) -> None:
        """Take a line of evidence away, by its number. Raises NotFound."""
        with writing(self._engine).begin() as connection:
            id_ = store.id_of(connection, code)
            (was,) = self._insights(connection, only=id_)
            line = next((one for one in was.evidence if one.number == number), None)
            if line is None:
                raise NotFound(f"{was.code} has no evidence {number}; it may have been taken away.")
            store.unlink(connection, number)
            if line.hit is None or self._told(connection, line.hit):
                self._write_down(connection, id_, "evidence taken away", line.sign)

    @needs("research")
    def dismiss(self, code: str, passage_id: str) -> None:
        """Say that a passage speaks neither for nor against a claim, so that it is not suggested again."""
        with writing(self._engine).begin() as connection:
            row, _ = self._passage(connection, passage_id)
            store.put_beside(connection, store.id_of(connection, code), row)

    # -- its life --------------------------------------------------------------------------------------------------

    @needs("research")
    def decide(self, code: str, decided: Decided | str, why: str) -> None:
        """Say what a claim is by now, and why. Raises Refused while no evidence speaks that way."""
        _among(decided, DECIDED)
        if not why.strip():
            raise BadInput("Say in a sentence why, for whoever reads it next year.")
        with writing(self._engine).begin() as connection:
            id_ = store.id_of(connection, code)
            (insight,) = self._insights(connection, only=id_)
            needed = _SAID.get(decided)
            if needed and not any(one.hit for one in insight.evidence if one.sign == needed):
                raise Refused(
                    f"{insight.code} can't be called {decided} while nothing speaks {needed} it. Link a passage that "
                    "does, or leave it a hypothesis."
                )
            now = self._reader.now()
            store.change(
                connection, id_, decided=decided, why=why.strip(), decided_on=now.date(), decided_by=self._reader.who
            )
            self._write_down(connection, id_, f"called {decided}", why.strip())

    @needs("research")
    def review(self, code: str, day: date) -> None:
        """Say that a claim was looked at, and by which day it is to be looked at again."""
        with writing(self._engine).begin() as connection:
            id_ = store.id_of(connection, code)
            store.change(connection, id_, review=day)
            self._write_down(connection, id_, "looked at", f"again by {day}")

    @needs("research")
    def outcome(self, code: str, metric: str, *, before: str = "", target: str = "", by: date | None = None) -> None:
        """Say what should move if the claim is right, from where to where, and by when; "" for nothing."""
        said = {"metric": metric.strip(), "before": before.strip(), "target": target.strip(), "by": by}
        with writing(self._engine).begin() as connection:
            id_ = store.id_of(connection, code)
            (was,) = self._insights(connection, only=id_)
            store.change(connection, id_, **said)
            if was.outcome.metric != said["metric"]:  # of another metric nothing has happened yet
                store.change(connection, id_, happened="", happened_on=None)
            told = " · ".join(str(value) for value in said.values() if value)
            self._write_down(connection, id_, "outcome set", told)

    @needs("research")
    def happened(self, code: str, what: str, day: date | None = None) -> None:
        """Say what happened to the outcome. Raises BadInput where nobody has said what should."""
        with writing(self._engine).begin() as connection:
            id_ = store.id_of(connection, code)
            (insight,) = self._insights(connection, only=id_)
            if not insight.outcome:
                raise BadInput(
                    f"Nobody has said yet what should move if {insight.code} is right: set the outcome first."
                )
            day = (day or self._reader.today) if what.strip() else None
            store.change(connection, id_, happened=what.strip(), happened_on=day)
            self._write_down(connection, id_, "outcome seen", what.strip())

    @needs("research")
    def kata(
        self,
        code: str,
        *,
        now: str | None = None,
        obstacle: str | None = None,
        experiment: str | None = None,
        learned: str | None = None,
    ) -> None:
        """Say where we are, what stands in the way, the next experiment, or what we learned; None leaves it."""
        said = {"now": now, "obstacle": obstacle, "experiment": experiment, "learned": learned}
        with writing(self._engine).begin() as connection:
            id_ = store.id_of(connection, code)
            (was,) = self._insights(connection, only=id_)
            new = {name: value.strip() for name, value in said.items() if value is not None}
            new = {name: value for name, value in new.items() if value != getattr(was.kata, name)}
            if new:
                store.change(connection, id_, **new)
                self._write_down(connection, id_, "next step", "; ".join(f"{name}: {new[name]}" for name in new))

    # -- inside a transaction --------------------------------------------------------------------------------------

    def _insights(self, connection: Connection, **which: Any) -> list[Insight]:
        rows = store.rows(connection, **which)
        lines: dict[int, list[Any]] = {row.id: [] for row in rows}
        sight = access.sight(connection, self._reader)
        for line in store.evidence(connection, list(lines), sight):
            lines[line.insight_id].append(line)
        cited = {line.passage for some in lines.values() for line in some if line.passage}
        today = self._reader.today
        hits = passages.hits(connection, sorted(cited), passages.visible(connection, Filter(), sight), today)
        return [_insight(row, lines[row.id], hits, today) for row in rows]

    def _passage(self, connection: Connection, passage_id: str) -> tuple[int, Hit]:
        """A passage that may be read today, with its row. Raises NotFound."""
        visible = self._visible(connection)
        hit = passages.hits(connection, [passage_id], visible, self._reader.today).get(passage_id)
        if hit is None:
            raise NotFound(f"There is no passage {passage_id} in this repository; its note may have been updated.")
        return rows_of(connection, [passage_id])[passage_id], hit

    def _visible(self, connection: Connection) -> Filter:
        return passages.visible(connection, Filter(), access.sight(connection, self._reader))

    def _told(self, connection: Connection, hit: Hit) -> bool:
        """Whether anybody may read a passage: else the history, which all read, does not tell of it."""
        anybody = access.sight_of_anybody(connection, self._reader.today)
        return hit.id in passages.hits(
            connection, [hit.id], passages.visible(connection, Filter(), anybody), anybody.day
        )

    def _write_down(self, connection: Connection, id_: int, what: str, detail: str = "") -> None:
        store.write_down(connection, id_, self._reader.now(), self._reader.who, what, detail)


def _insight(row: Any, lines: Sequence[Any], hits: dict[str, Hit], today: date) -> Insight:
    found = Insight(
        code=store.code(row.id), statement=row.statement, kind=row.kind, team=row.team, owner=row.owner,
        decided=row.decided, created=row.created, changed=row.changed, review=row.review, why=row.why,
        decided_on=row.decided_on, decided_by=row.decided_by, contrary=row.contrary,
        request=Request(row.requested_by, row.problem, row.proof) if row.problem else None,
        outcome=Outcome(**{one.name: getattr(row, one.name) for one in fields(Outcome)}),
        kata=Kata(**{one.name: getattr(row, one.name) for one in fields(Kata)}),
        evidence=tuple(
            Evidence(line.id, line.sign, hits.get(line.passage), line.at, line.who) for line in lines
        ),
    )  # fmt: skip
    return replace(found, standing=state_on(found, today))


def _order(one: Insight) -> tuple[int, int, int, str]:
    strength = one.strength
    people = strength.in_favour.people + strength.opposed.people
    return STATES.index(one.standing.state), -abs(strength.rank), -people, one.code


def _claim(statement: str) -> str:
    said = " ".join(statement.split())
    if not said:
        raise BadInput(
            "An insight is a claim in a sentence, such as “Clinics share logins because seats cost too much”."
        )
    return said


def _among(value: str, known: Sequence[str]) -> None:
    if value not in known:
        raise BadInput(f"“{value}” is none of: {', '.join(known)}.")

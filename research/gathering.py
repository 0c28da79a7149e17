"""Gathering what a brief rests on: themes, voices, insights, kept questions and who read whom, all of one window."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime

from sqlalchemy import Engine

from research import briefing, finding
from research.brief import Asked, Brief, Made
from research.embedder import Embedder
from research.filters import Filter
from research.insights import Insights
from research.kept import Kept
from research.models import Hit, NoteSummary, Voices
from research.query import parse
from research.reuse import Reuse
from research.search_index import SearchIndex
from research.store import consents, library, passages
from research.themes.heard import Themes, window
from research.theming import Theming


class Gathering:
    """Brings a brief's parts together, each from where it is kept; `research.briefing` chooses among them."""

    def __init__(
        self,
        engine: Engine,
        index: SearchIndex,
        embedder: Embedder,
        theming: Theming,
        kept: Kept,
        insights: Insights,
        reuse: Reuse,
        now: Callable[[], datetime],
    ) -> None:
        self._engine, self._index, self._embedder = engine, index, embedder
        self._theming, self._kept, self._insights, self._reuse = theming, kept, insights, reuse
        self._now = now

    def brief(self, wanted: Filter) -> Brief:
        """The brief of the filter's window, by default the last days that `window` says. Raises BadInput.

        Kept questions are checked against all that was heard until the window ends, and insights are the teams' own,
        whatever else the filter says.
        """
        today = self._now().date()
        look = window(wanted.since, wanted.until, today)
        with self._engine.connect() as connection:
            within = passages.resolve(connection, replace(wanted, since=look.since, until=look.until))
        themes = self._theming.told(within)
        questions = self._kept.questions(team=wanted.team)
        teams = {team.casefold() for team in wanted.team}
        insights = [one for one in self._insights.all() if not teams or one.team.casefold() in teams]
        used = self._reuse.used(look.since, look.until)
        with self._engine.connect() as connection:
            within = passages.visible(connection, within, today)
            anybody = passages.visible(connection, Filter(), today)
            said, reached = finding.heard(connection, self._index, self._embedder, parse(""), within, look.since)
            verdicts = finding.checked(
                connection, self._index, self._embedder, [one.line for one in questions], replace(within, since=None),
                today, listing=True,
            )  # fmt: skip
            of_whom = Filter(team=within.team, study=within.study, participant=within.participant)
            held = [
                one for one in library.notes(connection, of_whom) if one.date and look.since <= one.date <= look.until
            ]
            hidden = len(consents.hidden_between(connection, date.min, today))

            def hits(ids: Sequence[str]) -> Mapping[str, Hit]:
                return passages.hits(connection, ids, anybody)

            return briefing.brief(
                themes,
                insights,
                [Asked(question, verdict) for question, verdict in zip(questions, verdicts, strict=True)],
                reached,
                used,
                _made(themes, said, held, hidden),
                team=wanted.team,
                hits=hits,
            )


def _made(themes: Themes, said: Voices, held: Sequence[NoteSummary], hidden: int) -> Made:
    return Made(
        notes=len(held),
        interviews=themes.interviews,
        interviews_before=themes.interviews_before,
        passages=themes.passages,
        people=said.people,
        teams=tuple(sorted({one.team for one in held})),
        accounts=said.accounts,
        themes=sum(not one.hidden and one.people > 0 for one in themes),
        outside=themes.outside,
        undated=themes.undated,
        hidden=hidden,
        compared=sum(one.change.direction != "new" for one in themes) if themes.interviews_before else 0,
    )

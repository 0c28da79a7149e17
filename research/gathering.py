"""Gathering what a brief rests on: themes, voices, insights, kept questions and who read whom, all of one window."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

from research import briefing, finding
from research.brief import Asked, Brief, Made
from research.filters import Filter
from research.models import Hit, NoteSummary, Voices
from research.query import parse
from research.store import consents, library, participants, passages
from research.themes.heard import Themes, window

if TYPE_CHECKING:
    from research.repository import Repository


def brief(repo: Repository, wanted: Filter) -> Brief:
    """Bring together the brief of the filter's window, by default the last days that `window` says. Raises BadInput.

    Kept questions are checked against all that was heard until the window ends, and insights are the teams' own,
    whatever else the filter says.
    """
    today = repo.now().date()
    look = window(wanted.since, wanted.until, today)
    with repo.engine.connect() as connection:
        within = passages.resolve(connection, replace(wanted, since=look.since, until=look.until))
    themes = repo.theming.told(within)
    questions = repo.kept.questions(team=wanted.team)
    teams = {team.casefold() for team in wanted.team}
    insights = [one for one in repo.insights.all() if not teams or one.team.casefold() in teams]
    used = repo.reuse.used(look.since, look.until)
    with repo.engine.connect() as connection:
        sight = repo.sight(connection)
        within = passages.visible(connection, within, sight)
        anything = passages.visible(connection, Filter(), sight)
        said, reached = finding.heard(connection, repo.index, repo.embedder, parse(""), within, look.since, sight)
        verdicts = finding.checked(
            connection, repo.index, repo.embedder, [one.line for one in questions], replace(within, since=None),
            sight, listing=True,
        )  # fmt: skip
        of_whom = Filter(
            team=within.team, study=within.study, participant=within.participant, since=look.since, until=look.until,
            not_study=within.not_study,
        )  # fmt: skip
        held = library.notes(connection, of_whom, sight)
        ended = [id_ for id_, _ in consents.hidden_between(connection, date.min, today)]
        hidden = len(participants.met(connection, ended, sight))

        def hits(ids: Sequence[str]) -> Mapping[str, Hit]:
            return passages.hits(connection, ids, anything, today)

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

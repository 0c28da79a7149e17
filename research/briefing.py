"""Choosing what a brief holds from what was gathered for it. Pure but for `hits`, which brings passages by id."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from research.brief import Apart, Asked, Brief, Made, Surprise, Told, What
from research.insight import Insight, state_on
from research.models import Coverage, Hit
from research.reuse import Used
from research.themes.heard import Theme, Themes
from research.voices import by_different_people

Hits = Callable[[Sequence[str]], Mapping[str, Hit]]

_THEMES = 7  # themes that are told, besides those that changed
_ALONE = 5  # themes that rest on one voice
_QUOTES = 3  # of a theme
_LOOKED_AT = 24  # passages of a theme among which a quote of each team is looked for
_TELLING = 8  # and its own quotes: another team's words are no quote where they hardly tell the theme
_SHORT, _LONG = 60, 420  # characters between which a passage reads well as a quote


def brief(
    themes: Themes,
    insights: Sequence[Insight],
    questions: Sequence[Asked],
    reached: Coverage,
    used: Used,
    made: Made,
    *,
    team: tuple[str, ...],
    hits: Hits,
) -> Brief:
    """The brief of the themes' window; `used` is who read whom within it.

    An insight is learned that was decided in the window and holds on its last day; what changed is told by the rules
    of `research.change`; a theme that several teams heard is read if any of them used anything of another.
    """
    look = themes.window
    assert look is not None, "a brief is of a window"
    shown = [one for one in themes if not one.hidden]
    heard = [one for one in shown if one.people > 1]
    changed = [one for one in shown if {"rising", "fading", "new"} & set(one.marks)]
    told = [*heard[:_THEMES], *(one for one in heard[_THEMES:] if one in changed)]
    several = [one for one in heard if len(one.teams) > 1]
    one_voice = [one for one in shown if {"heard once", "leans on one account"} & set(one.marks)]
    alone = sorted(one_voice, key=lambda one: -one.voices.passages)[:_ALONE]
    known = hits([id_ for one in (*told, *changed, *several, *alone) for id_ in one.passage_ids[:_LOOKED_AT]])
    between = {frozenset((reading.team, reading.of_team)) for reading in used.readings}
    standing = {one.code: state_on(one, look.until) for one in insights}
    decided = [one for one in insights if one.decided_on and look.since <= one.decided_on <= look.until]
    learned = [one for one in decided if standing[one.code].state in ("supported", "refuted")]
    return Brief(
        window=look,
        team=team,
        learned=tuple(sorted(learned, key=lambda one: (-abs(one.strength.rank), one.code))),
        themes=tuple(Told(one, quotes(one, known)) for one in told),
        surprises=(
            *(Surprise(what, theme=one, quotes=quotes(one, known)[:1]) for what, one in _changes(changed)),
            *(_reversal(one) for one in insights if _reversed(one)),
        ),
        apart=tuple(
            Apart(one, _one_each(one, known), any(pair <= set(one.teams) for pair in between)) for one in several
        ),
        alone=tuple(Told(one, quotes(one, known)[:1]) for one in alone),
        unheard=tuple(sorted(reached.segments, key=lambda one: (one.heard / max(1, one.known), -one.known))),
        questions=tuple(questions),
        stale=tuple(one for one in insights if standing[one.code].state == "stale"),
        made=made,
    )


def quotes(theme: Theme, known: Mapping[str, Hit], most: int = _QUOTES) -> tuple[Hit, ...]:
    """A theme's quotes, the most telling first: of different people, and of different teams while there are such."""
    said = [known[id_] for id_ in theme.passage_ids[:_TELLING] if id_ in known]
    said.sort(key=lambda hit: not _SHORT <= len(hit.text) <= _LONG)
    return by_different_people(said, most)


def _one_each(theme: Theme, known: Mapping[str, Hit]) -> tuple[Hit, ...]:
    """The most telling passage of each team that heard a theme."""
    first: dict[str, Hit] = {}
    for id_ in theme.passage_ids:
        if id_ in known:
            first.setdefault(known[id_].team, known[id_])
    return tuple(first[team] for team in theme.teams if team in first)


def _changes(changed: Sequence[Theme]) -> list[tuple[What, Theme]]:
    kinds: tuple[What, ...] = ("new", "rising", "fading")
    return [(what, one) for what in kinds for one in changed if what in one.marks]


def _reversed(insight: Insight) -> bool:
    """Whether what was decided is spoken against by as many as, or more than, speak for it."""
    side = insight.strength.side
    contested = insight.strength.word == "contested"
    return (insight.decided == "supported" and (contested or side == "against")) or (
        insight.decided == "refuted" and (contested or side == "for")
    )


def _reversal(insight: Insight) -> Surprise:
    contrary = insight.of("against" if insight.decided == "supported" else "for")
    newest = sorted((one for one in contrary if one.hit), key=lambda one: (one.day, one.number), reverse=True)
    return Surprise("reversed", insight=insight, quotes=tuple(one.hit for one in newest[:2] if one.hit))

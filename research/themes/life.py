"""What becomes of themes when passages come and go, and when a person decides. Pure functions.

A theme is who is in it, not where a rerun finds it: passages that were placed stay, new ones join the theme that they
are tied to or found one with others that stayed outside. Only when there are half as many passages again as when all
were last looked at together are they grouped anew, and what is clear then is recorded as a split or a merge. Nothing
depends on the order in which passages come.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence, Set
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

from research.errors import BadInput, NotFound
from research.themes import alike
from research.themes.areas import areas
from research.themes.draft import Draft
from research.themes.models import (
    Change,
    Decision,
    Hidden,
    Kept,
    KeptTheme,
    Merged,
    NotHere,
    Passages,
    Renamed,
    Split,
)
from research.themes.placing import grown, most, regrouped, rows_by_theme

if TYPE_CHECKING:
    from research.themes.alike import Texts

_GROWN = 1.5  # times as many passages as when all were last looked at together, from which they are again
_SAYS = 0.07  # what a key phrase counts beside the cosine where quotes are chosen, by eye on samples/


def joined(before: Kept, now: Passages, today: date) -> Change:
    """The themes with all passages that there are now: those that are new have joined or founded themes, those that are
    gone have left them. The same state where `as_it_is`."""
    there = set(now.ids)
    fresh = there - before.placed.keys()
    gone = before.placed.keys() - there
    draft = Draft(before, today)
    draft.leave(gone)
    if fresh:
        texts = alike.texts(now)
        old = _by_text(draft.placed, now, texts)
        anew = len(now.ids) >= _GROWN * before.settled
        found = regrouped(draft, texts, old, now) if anew else grown(draft, texts, old)
        draft.place({id_: found[place] for id_, place in zip(now.ids, texts.of, strict=True)})
        draft.end_empty()
        members = rows_by_theme(found, draft.living())
        draft.arrange(
            areas({theme: alike.middle(texts.vectors[rows]) for theme, rows in members.items()}, draft.parents())
        )
        if anew:
            draft.settled = len(now.ids)
    draft.end_empty()
    return draft.change()


def as_it_is(before: Kept, ids: Set[str]) -> bool:
    """Whether no passage is new or gone and no theme is left empty, so that `joined` would change nothing."""
    return before.placed.keys() == ids and set(before.living) <= set(before.placed.values())


def decided(before: Kept, decision: Decision, today: date) -> Change:
    """The themes after a person's decision, which every later run respects.

    Raises NotFound for a theme that is not there or has ended, and BadInput for what cannot be done.
    """
    draft = Draft(before, today)
    match decision:
        case Renamed(theme, name):
            if _there(draft, theme).name != name:
                draft.say("renamed" if name else "unnamed", theme)
            draft.themes[theme] = replace(draft.themes[theme], name=name)
        case Hidden(theme, hidden):
            if _there(draft, theme).hidden != hidden:
                draft.say("hidden" if hidden else "shown", theme)
            draft.themes[theme] = replace(draft.themes[theme], hidden=hidden)
        case Merged(theme, into):
            _there(draft, theme), _there(draft, into)
            above = draft.above()
            if theme == into or (theme in above) != (into in above):
                raise BadInput(f"{theme} cannot be merged into {into}: choose two themes of the same level.")
            draft.merge(theme, into)
            draft.together.add(into)
        case Split(theme, passages):
            _there(draft, theme)
            mine = {id_ for id_ in passages if draft.placed.get(id_) == theme}
            if not mine or mine == {id_ for id_, other in draft.placed.items() if other == theme}:
                raise BadInput(f"Choose some of the passages of {theme}, and not all of them, to split it.")
            new = draft.split(theme, mine)
            draft.apart.add((theme, new))
            draft.together.add(new)
        case NotHere(passage, theme):
            _there(draft, theme)
            if draft.placed.get(passage) == theme:
                draft.placed[passage] = ""
            if (passage, theme) not in draft.not_here:
                draft.say("refused", theme, passages=1)
            draft.not_here.add((passage, theme))
    draft.end_empty()
    return draft.change()


def nearness(kept: Kept, now: Passages, phrases: Mapping[str, Sequence[str]]) -> dict[str, float]:
    """How well each passage that is in a theme stands for it: its cosine to the mean of the theme's passages, and a
    little more for each of the theme's key `phrases` that it says itself."""
    found: dict[str, float] = {}
    for theme, mine in kept.rows(now).items():
        cosines = now.vectors[mine] @ alike.middle(now.vectors[mine])
        known = [phrase.lower() for phrase in phrases.get(theme, ())]
        for row, cosine in zip(mine, cosines, strict=True):
            said = now.texts[row].lower()
            found[now.ids[row]] = float(cosine) + _SAYS * sum(phrase in said for phrase in known)
    return found


def _there(draft: Draft, theme: str) -> KeptTheme:
    found = draft.themes.get(theme)
    if found is None or found.ended is not None:
        raise NotFound(f"There is no theme {theme}, or it has ended. `heard themes` lists those there are.")
    return found


def _by_text(placed: Mapping[str, str], now: Passages, texts: Texts) -> list[str | None]:
    """Of each text the theme that most passages with these words are in, "" outside of all, None for a new text."""
    votes: dict[int, Counter[str]] = defaultdict(Counter)
    for id_, place in zip(now.ids, texts.of, strict=True):
        if id_ in placed:
            votes[int(place)][placed[id_]] += 1
    return [most(votes[place]) if place in votes else None for place in range(len(texts))]

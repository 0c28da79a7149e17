"""What becomes of themes when passages come and go, and when a person decides. Pure functions.

A theme is who is in it, not where a rerun finds it: passages that were placed stay, new ones join the theme that they
are tied to or found one with others that stayed outside. Only when there are half as many passages again as when all
were last looked at together are they grouped anew, and what is clear then is recorded as a split or a merge. Nothing
depends on the order in which passages come.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

import numpy as np

from research.errors import BadInput, NotFound
from research.themes import alike
from research.themes.areas import Area, areas
from research.themes.groups import groups
from research.themes.models import (
    Change,
    Decision,
    Event,
    Happening,
    Hidden,
    Kept,
    KeptTheme,
    Merged,
    NotHere,
    Passages,
    Renamed,
    Split,
)

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from research.themes.alike import Texts
    from research.themes.models import Floats

    Rows = NDArray[np.int64]

_FEWEST = 4  # different texts that make a theme
_ALIKE = 0.3  # mean cosine between the texts of a theme, and cosine of each to their middle
_AS_NEAR = 0.5  # the latter as a share of what half of the texts have
_GROWN = 1.5  # times as many passages as when all were last looked at together, from which they are again
_SURE = 0.4  # share of its ties that must lead a new text to the theme it joins, or those of a group to itself
_EDGE = 0.02  # share of a theme's own texts that a new one may be farther from its middle than
_PART = 0.25  # share of a theme that must have gone elsewhere to be split off, or of a group to make it the theme's
_MOSTLY = 0.8  # share of a theme that must have met another for both to be merged


def joined(before: Kept, now: Passages, today: date) -> Change:
    """The themes with all passages that there are now: those that are new have joined or founded themes, those that are
    gone have left them. The same state where nothing is new or gone."""
    there = set(now.ids)
    fresh = there - before.placed.keys()
    gone = before.placed.keys() - there
    if not fresh and not gone:
        return Change(before)
    draft = _Draft(before, today)
    draft.leave(gone)
    if fresh:
        texts = alike.texts(now)
        old = _by_text(draft.placed, now, texts)
        anew = len(now.ids) >= _GROWN * before.settled
        found = _regrouped(draft, texts, old, now) if anew else _grown(draft, texts, old)
        draft.place({id_: found[place] for id_, place in zip(now.ids, texts.of, strict=True)})
        draft.end_empty()
        members = _rows_by_theme(found, draft.living())
        draft.arrange(areas({theme: middle(texts.vectors[rows]) for theme, rows in members.items()}, draft.parents()))
        if anew:
            draft.settled = len(now.ids)
    draft.end_empty()
    return draft.change()


def decided(before: Kept, decision: Decision, today: date) -> Change:
    """The themes after a person's decision, which every later run respects.

    Raises NotFound for a theme that is not there or has ended, and BadInput for what cannot be done.
    """
    draft = _Draft(before, today)
    match decision:
        case Renamed(theme, name):
            draft.themes[theme] = replace(_there(draft, theme), name=name)
        case Hidden(theme, hidden):
            draft.themes[theme] = replace(_there(draft, theme), hidden=hidden)
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
            draft.apart.add((theme, draft.split(theme, mine)))
        case NotHere(passage, theme):
            _there(draft, theme)
            if draft.placed.get(passage) == theme:
                draft.placed[passage] = ""
                draft.say("left", theme, passages=1)
            draft.not_here.add((passage, theme))
    draft.end_empty()
    return draft.change()


def nearness(kept: Kept, now: Passages) -> dict[str, float]:
    """The cosine of each passage that is in a theme to the theme's middle, which is the mean of its passages."""
    rows: dict[str, list[int]] = defaultdict(list)
    for row, id_ in enumerate(now.ids):
        if theme := kept.placed.get(id_):
            rows[theme].append(row)
    found: dict[str, float] = {}
    for mine in rows.values():
        cosines = now.vectors[mine] @ middle(now.vectors[mine])
        found |= {now.ids[row]: float(cosine) for row, cosine in zip(mine, cosines, strict=True)}
    return found


def middle(vectors: Floats) -> Floats:
    """The direction of the mean of vectors, of length 1. `vectors`: shape (n, dimension)."""
    mean = vectors.mean(axis=0)
    return np.asarray(mean / max(float(np.linalg.norm(mean)), 1e-9), dtype=np.float32)


def _there(draft: _Draft, theme: str) -> KeptTheme:
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
    return [_most(votes[place]) if place in votes else None for place in range(len(texts))]


def _most(votes: Mapping[str, float]) -> str:
    return min(votes, key=lambda theme: (-votes[theme], theme))


def _rows_by_theme(found: Sequence[str | None], themes: Iterable[str]) -> dict[str, Rows]:
    rows: dict[str, list[int]] = {theme: [] for theme in themes}
    for row, theme in enumerate(found):
        if theme in rows:
            rows[theme].append(row)
    return {theme: np.array(mine, dtype=np.int64) for theme, mine in rows.items() if mine}


def _alike(vectors: Floats, rows: Sequence[int]) -> list[int]:
    """Those of a group's texts that say alike; none where they are too few, or not near enough to each other."""
    cosines = _to_others(vectors[rows])
    least = max(_ALIKE, _AS_NEAR * float(np.median(cosines)))
    near = [row for row, cosine in zip(rows, cosines.tolist(), strict=True) if cosine >= least]
    count = len(near)
    if count < _FEWEST:
        return []
    total = vectors[near].sum(axis=0)
    return near if (float(total @ total) - count) / (count * (count - 1)) >= _ALIKE else []


def _grown(draft: _Draft, texts: Texts, old: Sequence[str | None]) -> list[str]:
    """The theme of each text when only new texts are placed."""
    found = _led(
        texts, ["" if theme is None else theme for theme in old], [n for n, one in enumerate(old) if one is None]
    )
    fresh = np.array([n for n, theme in enumerate(old) if theme is None and not found[n]], dtype=np.int64)
    outside = np.array([n for n, theme in enumerate(found) if not theme], dtype=np.int64)
    near = [places.ravel() for places, _ in alike.nearest(texts, fresh, outside)]
    around = np.unique(np.concatenate([fresh, *near]))
    part = alike.part(texts, around)
    for group in _together(groups(alike.ties(part), part.vectors)):
        rows = [int(around[row]) for row in _alike(part.vectors, group)]
        if any(old[row] is None for row in rows) and _by_themselves(texts, rows):
            id_ = draft.found()
            for row in rows:
                found[row] = id_
    return found


def _by_themselves(texts: Texts, rows: Sequence[int]) -> bool:
    """Whether most ties of a group's texts to those nearest to them, whatever theme these are in, stay in the group."""
    within = total = 0.0
    everything = np.arange(len(texts))
    for places, strengths in alike.nearest(texts, np.array(rows), everything, min(alike.NEAREST, len(rows) - 1)):
        within += float(strengths[np.isin(places, rows)].sum())
        total += float(strengths.sum())
    return within >= _SURE * total


def _led(texts: Texts, placed: Sequence[str], wanted: Sequence[int]) -> list[str]:
    """The theme of each text, those that are wanted being where their ties to all others lead. They stay outside where
    too few lead to one theme, or where they are farther from its middle than nearly all of its texts are."""
    found, new = list(placed), np.array(wanted, dtype=np.int64)
    known = np.setdiff1d(np.arange(len(texts)), new)
    rows = _rows_by_theme(placed, set(placed) - {""})
    edges = {theme: _edge(texts.vectors[mine]) for theme, mine in rows.items()}
    asked = iter(wanted)
    for places, strengths in alike.nearest(texts, new, known):
        for near, strong in zip(places.tolist(), strengths.tolist(), strict=True):
            one = next(asked)
            votes: dict[str, float] = defaultdict(float)
            for place, strength in zip(near, strong, strict=True):
                votes[placed[place]] += strength
            best = _most(votes)
            if best and votes[best] >= _SURE * sum(votes.values()):
                centre, edge = edges[best]
                if float(texts.vectors[one] @ centre) >= edge:
                    found[one] = best
    return found


def _edge(vectors: Floats) -> tuple[Floats, float]:
    """A theme's middle, and the cosine that nearly all of its texts have to that of the others."""
    return middle(vectors), float(np.quantile(_to_others(vectors), _EDGE))


def _to_others(vectors: Floats) -> Floats:
    """The cosine of each vector to the middle of all others."""
    others = vectors.sum(axis=0) - vectors
    return np.asarray((vectors * others).sum(axis=1) / np.maximum(np.linalg.norm(others, axis=1), 1e-9))


def _together(labels: NDArray[np.int64]) -> list[list[int]]:
    """The rows of each group, the largest first."""
    rows: dict[int, list[int]] = defaultdict(list)
    for row, label in enumerate(labels.tolist()):
        rows[label].append(row)
    return sorted(rows.values(), key=lambda mine: (-len(mine), mine[0]))


def _regrouped(draft: _Draft, texts: Texts, old: Sequence[str | None], now: Passages) -> list[str]:
    """The theme of each text when all are grouped anew: themes that fell apart are split and those that met merged, and
    whatever else is placed stays where it was."""
    found = list(old)
    found_groups = [
        near for rows in _together(groups(alike.ties(texts), texts.vectors)) if (near := _alike(texts.vectors, rows))
    ]
    group_of = {row: n for n, rows in enumerate(found_groups) for row in rows}
    _split(draft, found, group_of, now, texts)
    _merge(draft, found, group_of)
    sizes = Counter(found)
    for rows in found_groups:
        held = Counter(theme for row in rows if (theme := found[row]))
        free = [row for row in rows if not found[row]]
        home = _most(held) if held else ""
        if not home or held[home] < _PART * min(len(rows), sizes[home]):
            if len(free) < _FEWEST:
                continue
            home = draft.found()
        for row in free:
            found[row] = home
    placed = [theme or "" for theme in found]
    return _led(texts, placed, [row for row, theme in enumerate(placed) if not theme])


def _split(draft: _Draft, found: list[str | None], group_of: Mapping[int, int], now: Passages, texts: Texts) -> None:
    """Split off what of a theme was grouped elsewhere, if it is much of it and the theme is most of what is there."""
    held: dict[int, Counter[str]] = defaultdict(Counter)
    for row, group in group_of.items():
        if theme := found[row]:
            held[group][theme] += 1
    passages: dict[int, list[str]] = defaultdict(list)
    for id_, place in zip(now.ids, texts.of, strict=True):
        passages[int(place)].append(id_)
    for theme, rows in sorted(_rows_by_theme(found, draft.living()).items()):
        if theme in draft.together:
            continue
        parts: dict[int, list[int]] = defaultdict(list)
        for row in rows.tolist():
            if row in group_of:
                parts[group_of[row]].append(row)
        for group in sorted(parts, key=lambda group: (-len(parts[group]), group))[1:]:
            mine = parts[group]
            if len(mine) >= max(_FEWEST, _PART * len(rows)) and _most(held[group]) == theme:
                moved = {id_ for row in mine for id_ in passages[row] if draft.placed.get(id_) == theme}
                id_ = draft.split(theme, moved)
                for row in mine:
                    found[row] = id_


def _merge(draft: _Draft, found: list[str | None], group_of: Mapping[int, int]) -> None:
    """Merge themes that lie mostly in one group, unless people split them or named both."""
    rows = _rows_by_theme(found, draft.living())
    mostly: dict[int, list[str]] = defaultdict(list)
    for theme, mine in sorted(rows.items()):
        in_group = Counter(group_of[row] for row in mine.tolist() if row in group_of)
        if in_group:
            group, count = in_group.most_common(1)[0]
            if count >= _MOSTLY * len(mine):
                mostly[group].append(theme)
    for met in mostly.values():
        first, *others = sorted(met, key=lambda theme: (not draft.themes[theme].name, -len(rows[theme]), theme))
        for other in others:
            if {(first, other), (other, first)} & draft.apart or draft.themes[other].name:
                continue
            draft.merge(other, first)
            for row in rows[other].tolist():
                found[row] = first


class _Draft:
    """A state while it is being changed, and what happened to it."""

    def __init__(self, before: Kept, today: date) -> None:
        self.themes, self.placed = dict(before.themes), dict(before.placed)
        self.not_here, self.apart, self.together = set(before.not_here), set(before.apart), set(before.together)
        self.settled, self._today = before.settled, today
        self._founded: dict[str, tuple[str, ...]] = {}
        self._events: list[Event] = []

    def say(self, kind: Happening, theme: str, others: tuple[str, ...] = (), passages: int = 0) -> None:
        self._events.append(Event(kind, theme, self._today, others, passages))

    def living(self) -> tuple[str, ...]:
        return Kept(self.themes).living

    def above(self) -> set[str]:
        return {one.parent for one in self.themes.values() if one.parent and one.ended is None}

    def parents(self) -> dict[str, str]:
        return {id_: self.themes[id_].parent for id_ in self.living()}

    def found(self, *, out_of: tuple[str, ...] = (), parent: str = "") -> str:
        """A new theme; its passages are counted when all are placed."""
        id_ = f"T-{max((int(one.removeprefix('T-')) for one in self.themes), default=0) + 1:04}"
        self.themes[id_] = KeptTheme(id_, self._today, parent)
        self._founded[id_] = out_of
        return id_

    def leave(self, gone: Iterable[str]) -> None:
        left = Counter(theme for id_ in gone if (theme := self.placed.pop(id_)))
        for theme, count in sorted(left.items()):
            self.say("left", theme, passages=count)

    def place(self, found: Mapping[str, str]) -> None:
        """Put passages where their texts belong, unless a person said that they do not or they are in a theme."""
        came: Counter[str] = Counter()
        for id_, theme in sorted(found.items()):
            if not self.placed.get(id_):
                self.placed[id_] = "" if (id_, theme) in self.not_here else theme
                came[self.placed[id_]] += 1
        for theme, count in sorted(came.items()):
            if theme and theme not in self._founded:
                self.say("joined", theme, passages=count)

    def split(self, theme: str, passages: Iterable[str]) -> str:
        id_ = self.found(out_of=(theme,), parent=self.themes[theme].parent)
        moved = set(passages)
        self.placed |= dict.fromkeys(moved, id_)
        self.say("split", theme, (id_,), len(moved))
        return id_

    def merge(self, theme: str, into: str) -> None:
        moved = [id_ for id_, other in self.placed.items() if other == theme]
        self.placed |= dict.fromkeys(moved, into)
        for id_, one in list(self.themes.items()):
            if one.parent == theme and one.ended is None:
                self.themes[id_] = replace(one, parent=into)
        name = self.themes[into].name or self.themes[theme].name
        self.themes[into] = replace(self.themes[into], name=name)
        self.themes[theme] = replace(self.themes[theme], ended=self._today, into=(into,))
        self.not_here |= {(id_, into) for id_, other in self.not_here if other == theme}
        self.apart = {
            (swapped[0], swapped[1])
            for pair in self.apart
            if (swapped := tuple(into if one == theme else one for one in pair))[0] != swapped[1]
        }
        if theme in self.together:
            self.together.add(into)
        self.say("merged", theme, (into,), len(moved))
        self.say("joined", into, (theme,), len(moved))

    def arrange(self, found: Iterable[Area]) -> None:
        """Make themes parts of larger ones."""
        for area in found:
            id_ = area.id or self.found()
            for theme in area.themes:
                self.themes[theme] = replace(self.themes[theme], parent=id_)

    def end_empty(self) -> None:
        """End themes that nothing is left of, and then those that they were parts of."""
        held = set(self.placed.values())
        for _ in ("themes", "larger ones"):
            for id_ in self.living():
                if id_ not in held:
                    self.themes[id_] = replace(self.themes[id_], ended=self._today)
                    self.say("ended", id_)

    def change(self) -> Change:
        counts = Counter(self.placed.values())
        for theme in self.placed.values():
            if theme and (above := self.themes[theme].parent):
                counts[above] += 1
        for id_, out_of in self._founded.items():
            self.say("founded", id_, out_of, counts[id_])
        state = Kept(
            self.themes, self.placed, frozenset(self.not_here), frozenset(self.apart), frozenset(self.together),
            self.settled,
        )  # fmt: skip
        return Change(state, tuple(self._events))

"""Where passages belong: new ones among the themes there are, or all of them looked at anew. Pure functions."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np

from research.themes import alike
from research.themes.draft import Draft
from research.themes.groups import groups
from research.themes.models import Passages

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from research.themes.alike import Texts
    from research.themes.models import Floats

    Rows = NDArray[np.int64]

_FEWEST = 4  # different texts that make a theme
_ALIKE = 0.3  # mean cosine between the texts of a theme, and cosine of each to their middle
_AS_NEAR = 0.5  # the latter as a share of what half of the texts have
_SURE = 0.4  # share of its ties that must lead a new text to the theme it joins, or those of a group to itself
_EDGE = 0.02  # share of a theme's own texts that a new one may be farther from its middle than
_PART = 0.25  # share of a theme that must have gone elsewhere to be split off, or of a group to make it the theme's
_MOSTLY = 0.8  # share of a theme that must have met another for both to be merged


def grown(draft: Draft, texts: Texts, old: Sequence[str | None]) -> list[str]:
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


def regrouped(draft: Draft, texts: Texts, old: Sequence[str | None], now: Passages) -> list[str]:
    """The theme of each text when all are grouped anew: themes that fell apart are split and those that met merged, and
    whatever else is placed stays where it was."""
    found = list(old)
    by_size = _together(groups(alike.ties(texts), texts.vectors))
    found_groups = [near for rows in by_size if (near := _alike(texts.vectors, rows))]
    group_of = {row: n for n, rows in enumerate(found_groups) for row in rows}
    _split(draft, found, group_of, now, texts)
    _merge(draft, found, group_of)
    sizes = Counter(found)
    for rows in found_groups:
        held = Counter(theme for row in rows if (theme := found[row]))
        free = [row for row in rows if not found[row]]
        home = most(held) if held else ""
        if not home or held[home] < _PART * min(len(rows), sizes[home]):
            if len(free) < _FEWEST:
                continue
            home = draft.found()
        for row in free:
            found[row] = home
    placed = [theme or "" for theme in found]
    return _led(texts, placed, [row for row, theme in enumerate(placed) if not theme])


def most(votes: Mapping[str, float]) -> str:
    return min(votes, key=lambda theme: (-votes[theme], theme))


def rows_by_theme(found: Sequence[str | None], themes: Iterable[str]) -> dict[str, Rows]:
    rows: dict[str, list[int]] = {theme: [] for theme in themes}
    for row, theme in enumerate(found):
        if theme in rows:
            rows[theme].append(row)
    return {theme: np.array(mine, dtype=np.int64) for theme, mine in rows.items() if mine}


def _led(texts: Texts, placed: Sequence[str], wanted: Sequence[int]) -> list[str]:
    """The theme of each text, those that are wanted being where their ties to all others lead. They stay outside where
    too few lead to one theme, or where they are farther from its middle than nearly all of its texts are."""
    found, new = list(placed), np.array(wanted, dtype=np.int64)
    known = np.setdiff1d(np.arange(len(texts)), new)
    rows = rows_by_theme(placed, set(placed) - {""})
    edges = {theme: _edge(texts.vectors[mine]) for theme, mine in rows.items()}
    asked = iter(wanted)
    for places, strengths in alike.nearest(texts, new, known):
        for near, strong in zip(places.tolist(), strengths.tolist(), strict=True):
            one = next(asked)
            votes: dict[str, float] = defaultdict(float)
            for place, strength in zip(near, strong, strict=True):
                votes[placed[place]] += strength
            best = most(votes)
            if best and votes[best] >= _SURE * sum(votes.values()):
                centre, edge = edges[best]
                if float(texts.vectors[one] @ centre) >= edge:
                    found[one] = best
    return found


def _by_themselves(texts: Texts, rows: Sequence[int]) -> bool:
    """Whether most ties of a group's texts to those nearest to them, whatever theme these are in, stay in the group."""
    within = total = 0.0
    everything = np.arange(len(texts))
    for places, strengths in alike.nearest(texts, np.array(rows), everything, min(alike.NEAREST, len(rows) - 1)):
        within += float(strengths[np.isin(places, rows)].sum())
        total += float(strengths.sum())
    return within >= _SURE * total


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


def _edge(vectors: Floats) -> tuple[Floats, float]:
    """A theme's middle, and the cosine that nearly all of its texts have to that of the others."""
    return alike.middle(vectors), float(np.quantile(_to_others(vectors), _EDGE))


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


def _split(draft: Draft, found: list[str | None], group_of: Mapping[int, int], now: Passages, texts: Texts) -> None:
    """Split off what of a theme was grouped elsewhere, if it is much of it and the theme is most of what is there."""
    held: dict[int, Counter[str]] = defaultdict(Counter)
    for row, group in group_of.items():
        if theme := found[row]:
            held[group][theme] += 1
    passages: dict[int, list[str]] = defaultdict(list)
    for id_, place in zip(now.ids, texts.of, strict=True):
        passages[int(place)].append(id_)
    for theme, rows in sorted(rows_by_theme(found, draft.living()).items()):
        if theme in draft.together:
            continue
        parts: dict[int, list[int]] = defaultdict(list)
        for row in rows.tolist():
            if row in group_of:
                parts[group_of[row]].append(row)
        for group in sorted(parts, key=lambda group: (-len(parts[group]), group))[1:]:
            mine = parts[group]
            if len(mine) >= max(_FEWEST, _PART * len(rows)) and most(held[group]) == theme:
                moved = {id_ for row in mine for id_ in passages[row] if draft.placed.get(id_) == theme}
                id_ = draft.split(theme, moved)
                for row in mine:
                    found[row] = id_


def _merge(draft: Draft, found: list[str | None], group_of: Mapping[int, int]) -> None:
    """Merge themes that lie mostly in one group, unless people split them, named both or hid one of them."""
    rows = rows_by_theme(found, draft.living())
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
            kept_apart = {(first, other), (other, first)} & draft.apart
            if kept_apart or draft.themes[other].name or draft.themes[other].hidden != draft.themes[first].hidden:
                continue
            draft.merge(other, first)
            for row in rows[other].tolist():
                found[row] = first

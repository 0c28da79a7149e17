"""The larger themes that themes are parts of, where there are many: two levels, and no more. Pure functions."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from math import sqrt
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from research.themes.models import Floats

_MANY = 20  # themes without a larger one from which larger ones are made


@dataclass(frozen=True, slots=True)
class Area:
    """Themes that become part of a larger one: of `id`, or of a new one where that is ""."""

    id: str
    themes: tuple[str, ...]


def areas(middles: Mapping[str, Floats], parents: Mapping[str, str]) -> list[Area]:
    """Where the themes that are part of no larger one belong; some stay by themselves. `middles` are of length 1.

    A theme joins the nearest larger one if it is as near as one of that one's own parts; the others found larger ones,
    √(2n) of n by Ward's method on their middles (J. Am. Stat. Assoc. 58, 1963), where they are many. A theme that is
    part of a larger one stays so.
    """
    found = []
    alone = sorted(theme for theme in middles if not parents.get(theme))
    parts: dict[str, list[str]] = defaultdict(list)
    for theme in sorted(middles):
        if parents.get(theme):
            parts[parents[theme]].append(theme)
    reach = {id_: _reach(np.stack([middles[one] for one in mine])) for id_, mine in parts.items() if len(mine) > 1}
    joins: dict[str, list[str]] = defaultdict(list)
    for theme in alone:
        near = {id_: float(centre @ middles[theme]) for id_, (centre, _) in reach.items()}
        best = min(near, key=lambda id_: (-near[id_], id_), default="")
        if best and near[best] >= reach[best][1]:
            joins[best].append(theme)
    found += [Area(id_, tuple(mine)) for id_, mine in sorted(joins.items())]
    rest = [theme for theme in alone if not any(theme in mine for mine in joins.values())]
    if len(rest) >= _MANY:
        found += [Area("", mine) for mine in _founded(rest, np.stack([middles[one] for one in rest]))]
    return found


def _reach(middles: Floats) -> tuple[Floats, float]:
    centre = middles.mean(axis=0)
    centre /= max(float(np.linalg.norm(centre)), 1e-9)
    return centre, float((middles @ centre).min())


def _founded(themes: list[str], middles: Floats) -> list[tuple[str, ...]]:
    from scipy.cluster.hierarchy import fcluster, linkage

    labels = fcluster(linkage(middles.astype(np.float64), "ward"), round(sqrt(2 * len(themes))), "maxclust")
    mine: dict[int, list[str]] = defaultdict(list)
    for theme, label in zip(themes, labels.tolist(), strict=True):
        mine[label].append(theme)
    large = [tuple(one) for one in mine.values() if len(one) > 1]
    return sorted(large, key=lambda one: (-len(one), one))

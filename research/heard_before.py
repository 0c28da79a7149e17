"""How likely it is that a line was heard before: three numbers that compare across repositories, and one chance.

A cosine alone says little: in a repository where everybody speaks of invoices, a question that was never answered comes
near to many invoices. So what comes nearest is held against how near those passages lie to each other: a line that
is as much at home among them as they are themselves was heard. docs/check.md tells what it is worth and on what it was
fitted; the numbers belong to MiniLM. Pure functions.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass
from math import exp
from typing import TYPE_CHECKING

import numpy as np

from research.search import rarity

if TYPE_CHECKING:
    from numpy.typing import NDArray

NEAREST = 10  # passages that a line is held against
NEIGHBOURS = 20  # and neighbours of each of these, to know how closely passages lie there
WORDED = 5  # passages in which the line's words are looked for

# Logistic regression on four collections, each counting alike, and in each the lines that were heard counting as much
# as those that were not (`make bench-check` fits it anew).
_NEAR, _CROWDED, _WORDED, _CONSTANT = 20.2, -7.7, 2.5, -5.9


@dataclass(frozen=True, slots=True)
class Evidence:
    """What speaks for a line's having been heard.

    `near` is the cosine similarity to the nearest passages, `crowded` that of these passages to their own nearest,
    both averaged with the first counting most; `worded` is the share of the line's words, rare ones counting more,
    that stand in the nearest few. All are 0 where there are no passages.
    """

    near: float = 0.0
    crowded: float = 0.0
    worded: float = 0.0


def evidence(cosines: Sequence[float], crowded: Sequence[float], worded: float) -> Evidence:
    """The evidence in the cosines of the nearest passages, nearest first, and in how crowded each one's place is."""
    return Evidence(_first_most(cosines), _first_most(crowded), worded) if len(cosines) else Evidence()


def chance(found: Evidence) -> float:
    """The chance, 0 to 1, that it was heard, if beforehand that is as likely as not.

    >>> round(chance(Evidence(near=0.6, crowded=0.5, worded=1.0)), 2)
    0.99
    >>> round(chance(Evidence(near=0.35, crowded=0.45, worded=0.3)), 2)
    0.18
    """
    if not found.near:
        return 0.0
    return 1 / (1 + exp(-(_NEAR * found.near + _CROWDED * found.crowded + _WORDED * found.worded + _CONSTANT)))


def share_worded(wanted: Set[str], held: Sequence[Set[str]], total: int, holding: Mapping[str, int]) -> float:
    """The share of the stems that are wanted which stand in any of the passages, each weighed by its rarity.

    `held` are the stems of each passage, `holding` is how many of `total` passages hold a stem. A word that nobody ever
    said weighs most: a line that has one asks for something new.

    >>> round(share_worded({"dark", "mode"}, [{"dark", "room"}], total=100, holding={"dark": 9, "mode": 0}), 2)
    0.2
    """
    weights = {stem: rarity(total, min(total, holding.get(stem, 0))) for stem in wanted}
    there = frozenset[str]().union(*held)
    everything = sum(weights.values())
    return sum(weight for stem, weight in weights.items() if stem in there) / everything if everything else 0.0


def _first_most(values: Sequence[float]) -> float:
    """A mean in which the nth value counts 1/n: what was said once counts, and what was said often counts more."""
    shares: NDArray[np.float64] = 1 / np.arange(1, len(values) + 1)
    return float(np.dot(values, shares) / shares.sum())

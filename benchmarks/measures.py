"""How good a list of hits is, how sure a difference is, and how long something took. Pure but for the clock."""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median
from typing import TYPE_CHECKING, TypeVar

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

T = TypeVar("T")
Spans = Sequence[tuple[float, float]]

_DRAWS, _SEED = 10_000, 20261122


@dataclass(frozen=True, slots=True)
class Stretch:
    """What was said between two seconds of a transcript; `words` is how many words of it were spoken."""

    start: float
    end: float
    words: int

    def share_in(self, spans: Spans) -> float:
        """The share of its time that lies inside spans that don't overlap.

        >>> Stretch(0, 10, 25).share_in([(5, 8), (9, 20)])
        0.4
        """
        if self.end <= self.start:
            return float(any(start <= self.start < end for start, end in spans))
        inside = sum(max(0.0, min(self.end, end) - max(self.start, start)) for start, end in spans)
        return min(1.0, inside / (self.end - self.start))


def joined(spans: Iterable[Sequence[float]]) -> list[tuple[float, float]]:
    """Spans in order, those that overlap made one.

    >>> joined([[5, 9], [1, 2], [8, 12]])
    [(1, 2), (5, 12)]
    """
    found: list[tuple[float, float]] = []
    for start, end in sorted((one[0], one[1]) for one in spans):
        if found and start <= found[-1][1]:
            found[-1] = (found[-1][0], max(found[-1][1], end))
        else:
            found.append((start, end))
    return found


def words_in(said: Iterable[Stretch], spans: Spans) -> float:
    """The words spoken inside the spans, a stretch's words being spread evenly over its time.

    >>> words_in([Stretch(0, 10, 20), Stretch(10, 20, 8)], [(5, 20)])
    18.0
    """
    return sum(one.words * one.share_in(spans) for one in said)


def word_r(hits: Iterable[Stretch], spans: Spans, wanted: float) -> float:
    """R-precision in words: of the first `wanted` words that the hits have, the share that lies inside the spans.

    It is 1 when the list begins with the answer and nothing else, and does not care how a transcript was cut.

    >>> word_r([Stretch(0, 10, 20), Stretch(50, 60, 30)], [(0, 20)], wanted=40)
    0.5
    """
    left, right = wanted, 0.0
    for hit in hits:
        read = min(left, hit.words)
        right += read * hit.share_in(spans)
        left -= read
        if left <= 0:
            break
    return right / wanted


def ndcg(relevant: Sequence[bool], total: int, depth: int = 10) -> float:
    """Normalised discounted cumulative gain of hits that are relevant or not; `total` is how many relevant there are.

    >>> ndcg([True, False, True], total=2)
    0.9197207891481876
    >>> ndcg([False], total=0)
    0.0
    """
    if not total:
        return 0.0
    discounts = 1 / np.log2(np.arange(2, depth + 2))
    gained = float(np.dot(relevant[:depth], discounts[: len(relevant[:depth])]))
    return gained / float(discounts[: min(total, depth)].sum())


def recall(hits: Sequence[str], relevant: Collection[str], depth: int = 20) -> float:
    """The share of the relevant ids that stand among the first `depth` hits.

    >>> recall(["a", "b", "c"], {"c", "d"}, depth=3)
    0.5
    """
    return len(set(hits[:depth]) & set(relevant)) / len(relevant)


@dataclass(frozen=True, slots=True)
class Difference:
    """How much better one system is than another over the same questions, with a 95% interval."""

    mean: float
    low: float
    high: float

    def __str__(self) -> str:
        return f"{self.mean:+.3f} [{self.low:+.3f}, {self.high:+.3f}]"


def difference(ours: Sequence[float], theirs: Sequence[float]) -> Difference:
    """The mean difference with the 95% interval of a paired bootstrap over the questions (10,000 draws).

    >>> difference([0.5, 0.5, 0.75], [0.25, 0.25, 0.5])
    Difference(mean=0.25, low=0.25, high=0.25)
    """
    apart = np.asarray(ours, dtype=np.float64) - np.asarray(theirs, dtype=np.float64)
    drawn = np.random.default_rng(_SEED).integers(0, len(apart), size=(_DRAWS, len(apart)))
    low, high = np.percentile(apart[drawn].mean(axis=1), [2.5, 97.5])
    return Difference(float(apart.mean()), float(low), float(high))


def auroc(scores: Sequence[float] | NDArray[np.float64], truth: Sequence[bool] | NDArray[np.bool_]) -> float:
    """The area under the ROC curve: how often a true one has a higher score than a false one, ties counting half.

    >>> auroc([0.9, 0.6, 0.6, 0.1], [True, True, False, False])
    0.875
    """
    values, true = np.asarray(scores, dtype=np.float64), np.asarray(truth, dtype=bool)
    ordered = np.sort(values[~true])
    below, upto = np.searchsorted(ordered, values[true]), np.searchsorted(ordered, values[true], side="right")
    return float((below + upto).mean() / 2 / max(1, len(ordered)))


def auroc_difference(
    ours: Sequence[float] | NDArray[np.float64],
    theirs: Sequence[float] | NDArray[np.float64],
    truth: Sequence[bool] | NDArray[np.bool_],
    draws: int = 2_000,
) -> Difference:
    """How much more area one score has than another, with the 95% interval of a paired bootstrap.

    True and false ones are drawn apart, so that each draw has as many of both.

    >>> auroc_difference([0.9, 0.8, 0.1, 0.2], [0.1, 0.2, 0.8, 0.9], [True, True, False, False])
    Difference(mean=1.0, low=1.0, high=1.0)
    """
    mine, other, true = np.asarray(ours), np.asarray(theirs), np.asarray(truth, dtype=bool)
    random = np.random.default_rng(_SEED)
    yes, no = np.flatnonzero(true), np.flatnonzero(~true)
    apart = []
    for _ in range(draws):
        drawn = np.concatenate([random.choice(yes, len(yes)), random.choice(no, len(no))])
        apart.append(auroc(mine[drawn], true[drawn]) - auroc(other[drawn], true[drawn]))
    low, high = np.percentile(apart, [2.5, 97.5])
    return Difference(auroc(mine, true) - auroc(other, true), float(low), float(high))


@dataclass(frozen=True, slots=True)
class Bin:
    """Predictions from `low` up to `high`: what they state on average, their number, and the share that came true;
    `balanced` is that share by weight.
    """

    low: float
    high: float
    stated: float
    lines: int
    share: float
    balanced: float


def reliability(
    stated: NDArray[np.float64], truth: NDArray[np.bool_], weights: NDArray[np.float64], edges: Sequence[float]
) -> list[Bin]:
    """What was stated against what came true; bins without any prediction are left out.

    >>> reliability(np.array([0.2, 0.4]), np.array([False, True]), np.array([2.0, 1.0]), [0, 0.5, 1])
    [Bin(low=0, high=0.5, stated=0.3, lines=2, share=0.5, balanced=0.333)]
    """
    found = []
    for low, high in pairwise(edges):
        inside = (stated >= low) & ((stated < high) | (high == edges[-1]))
        if inside.any():
            weighed = float(np.average(truth[inside], weights=weights[inside]))
            mean = float(stated[inside].mean())
            share = float(truth[inside].mean())
            found.append(Bin(low, high, round(mean, 3), int(inside.sum()), share, round(weighed, 3)))
    return found


@dataclass(frozen=True, slots=True)
class Took:
    """Seconds on the clock, and seconds of all processors that this process used."""

    wall: float
    cpu: float


def timed(work: Callable[[], object]) -> Took:
    """How long something took."""
    wall, cpu = time.perf_counter(), time.process_time()
    work()
    return Took(time.perf_counter() - wall, time.process_time() - cpu)


def middle(runs: Iterable[Took]) -> Took:
    """The median of each.

    >>> middle([Took(1, 9), Took(3, 7), Took(2, 8)])
    Took(wall=2, cpu=8)
    """
    kept = list(runs)
    return Took(median(run.wall for run in kept), median(run.cpu for run in kept))


def least(runs: Iterable[Took]) -> Took:
    """The smallest of each: what it took when nothing else kept the machine busy.

    >>> least([Took(1, 9), Took(3, 7), Took(2, 8)])
    Took(wall=1, cpu=7)
    """
    kept = list(runs)
    return Took(min(run.wall for run in kept), min(run.cpu for run in kept))

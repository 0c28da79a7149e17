"""Learning from use: a question is moved towards how people answered the questions that it is like. Pure functions.

Who links a passage to an insight, or puts a tag on one, says what a question like that is answered with. Of each such
question two points are known: where it lies among the vectors, and where its answers lie on average. A new question is
moved by what those near it were apart from their answers, the nearer the more (a kernel regression: Nadaraya, 1964;
Watson, 1964); with a single one, its own evidence, that is relevance feedback (Rocchio, 1971).

Nothing is fitted and nobody's words are in it: it is a sum over examples, and without one of them it is as if that had
never been among them. docs/tuning.md tells what it is worth, and what was tried beside it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float32]

# Chosen on the findings of docs/benchmarks.md; 10 to 20 for the first and 0.4 to 0.7 for the second are as good within
# noise. They belong to MiniLM, as the cosine does at which one example has as much say as staying put.
_NEAR = 16.0  # by this factor, as a power of e, an example loses its say from cosine 1 to 0
_FAR = 0.5  # of the way to where the answers would be
_STAYING = 0.5
_MOST = 6  # answers of one question that count: a tag may be on hundreds of passages

FEWEST = 20  # questions from which an interval over them says something
_DRAWS, _SEED = 4_000, 20261123


@dataclass(frozen=True, slots=True, eq=False)
class Tuning:
    """Examples: questions, of length 1, and the mean of each one's answers, shape (n, dimension), with how many of
    these there are, shape (n,). Without any it moves nothing, and ranks as if it were not there."""

    asked: Floats | None = None
    said: Floats | None = None
    answers: Floats | None = None

    def __bool__(self) -> bool:
        return self.asked is not None

    def moved(self, question: Floats) -> Floats:
        """A question's vector where its answers are to be expected, of length 1: shape (dimension,)."""
        if self.asked is None or self.said is None or self.answers is None:
            return question
        say = np.minimum(self.answers, _MOST) * np.exp(_NEAR * (self.asked @ question - 1))
        say /= say.sum() + np.exp(_NEAR * (_STAYING - 1))
        return _unit(question + _FAR * (say @ (self.said - self.asked)))

    def with_example(self, asked: Floats, answers: Sequence[Floats]) -> Tuning:
        """One example more; without answers it is none."""
        more = examples([(asked, answers)])
        if self.asked is None or self.said is None or self.answers is None:
            return more
        if more.asked is None or more.said is None or more.answers is None:
            return self
        return Tuning(
            np.concatenate([self.asked, more.asked]),
            np.concatenate([self.said, more.said]),
            np.concatenate([self.answers, more.answers]),
        )


def examples(known: Iterable[tuple[Floats, Sequence[Floats]]]) -> Tuning:
    """What questions and their answers teach; a question without answers teaches nothing."""
    there = [(asked, answers) for asked, answers in known if len(answers)]
    if not there:
        return AS_SHIPPED
    return Tuning(
        np.stack([asked for asked, _ in there]),
        np.stack([np.mean(answers, axis=0) for _, answers in there]),
        np.array([len(answers) for _, answers in there], dtype=np.float32),
    )


AS_SHIPPED = Tuning()


@dataclass(frozen=True, slots=True)
class Compared:
    """How well questions are answered as shipped and as learned, by nDCG@10; `low` and `high` are the 90% interval of
    the difference, by a bootstrap over the `questions`."""

    questions: int = 0
    before: float = 0.0
    after: float = 0.0
    low: float = 0.0
    high: float = 0.0

    @property
    def better(self) -> bool:
        """Whether the difference is more than noise."""
        return self.questions >= FEWEST and self.low > 0


def compared(before: Sequence[float], after: Sequence[float]) -> Compared:
    """Two rankings over the same questions.

    >>> compared([0.5, 0.25], [0.75, 0.5])
    Compared(questions=2, before=0.375, after=0.625, low=0.25, high=0.25)
    >>> compared([], [])
    Compared(questions=0, before=0.0, after=0.0, low=0.0, high=0.0)
    """
    if not before:
        return Compared()
    apart = np.asarray(after, dtype=np.float64) - np.asarray(before, dtype=np.float64)
    drawn = np.random.default_rng(_SEED).integers(0, len(apart), size=(_DRAWS, len(apart)))
    low, high = np.percentile(apart[drawn].mean(axis=1), [5, 95])
    return Compared(len(apart), float(np.mean(before)), float(np.mean(after)), float(low), float(high))


def ndcg(found: Sequence[str], relevant: Collection[str], depth: int = 10) -> float:
    """Normalised discounted cumulative gain of what was found, best first; 0 where nothing is relevant.

    >>> round(ndcg(["a", "b", "c"], {"a", "c"}), 3)
    0.92
    """
    discounts = 1 / np.log2(np.arange(2, depth + 2))
    best = float(discounts[: len(relevant)].sum())
    gained = float(sum(worth for one, worth in zip(found, discounts, strict=False) if one in relevant))
    return gained / best if best else 0.0


def reciprocal_ranks(asked: Floats, answers: Floats) -> list[float]:
    """1 over the place at which each question finds the answer of its own number among all."""
    near = asked @ answers.T
    own = near.diagonal()[:, None]
    return [1 / place for place in (near >= own).sum(axis=1).tolist()]


def _unit(vector: Floats) -> Floats:
    length = float(np.linalg.norm(vector))
    return np.asarray(vector / length if length else vector, dtype=np.float32)

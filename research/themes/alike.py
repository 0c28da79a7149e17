"""How strongly passages are tied: by what they mean, and a little by the words that they share. Pure functions."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from research.themes.models import Passages
from research.words import stems

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from research.themes.models import Floats

    Sparse = Any  # scipy.sparse.csr_matrix, which has no types
    Indices = NDArray[np.int64]

# Chosen on CLINC, where banking77 played no part (docs/benchmarks.md, Themes).
NEAREST = 15  # texts that each is tied to, or the cube root of how many there are where that is less
_LEAST = 3
_CANDIDATES = 60  # nearest in meaning, among which shared words decide too
_WORDED = 0.2  # what the cosine of two texts' words counts beside that of their vectors
_COMMON = 0.3  # share of the texts from which a word tells nothing
_SAMPLED = 16  # of so many cosines one is looked at to know which are large
_AT_ONCE = 256  # passages held against all others at once


@dataclass(frozen=True, slots=True, eq=False)
class Texts:
    """Different texts in an order of their own, so that neither the order in which passages came nor how often the same
    was said matters. `of` gives the place of each passage's text; `worded` has a row of length 1 for a text's words."""

    vectors: Floats
    worded: Sparse
    of: Indices

    def __len__(self) -> int:
        return len(self.vectors)


def texts(passages: Passages) -> Texts:
    """The different texts of passages, alphabetically."""
    different = sorted(set(passages.texts))
    place = {text: n for n, text in enumerate(different)}
    of = np.array([place[text] for text in passages.texts], dtype=np.int64)
    first = np.zeros(len(different), dtype=np.int64)
    first[of[::-1]] = np.arange(len(of))[::-1]
    return Texts(passages.vectors[first], _worded(different), of)


def part(all_: Texts, chosen: Indices) -> Texts:
    """Some of the texts by themselves, in their order."""
    return Texts(all_.vectors[chosen], all_.worded[chosen], np.arange(len(chosen)))


def ties(all_: Texts) -> Sparse:
    """A symmetric matrix: how strongly each text is tied to those nearest to it, and they to it; 0 for all others."""
    from scipy.sparse import csr_matrix

    count = min(NEAREST, max(_LEAST, round(len(all_) ** (1 / 3))))
    everything = np.arange(len(all_))
    parts = list(nearest(all_, everything, everything, count))
    if not parts:
        return csr_matrix((len(all_), len(all_)), dtype=np.float32)
    columns, weights = (np.concatenate(found) for found in zip(*parts, strict=True))
    rows = np.repeat(everything, columns.shape[1])
    one_way = csr_matrix((weights.ravel(), (rows, columns.ravel())), shape=(len(all_), len(all_)))
    return ((one_way + one_way.T) / 2).tocsr()


def nearest(
    all_: Texts, asked: Indices, among: Indices, count: int = NEAREST
) -> Iterator[tuple[Indices, NDArray[np.float32]]]:
    """For some texts the `count` nearest of others, as their places and how strong each tie is (never below 0).

    Yields blocks of both, shape (texts, count). A text is not among its own nearest.
    """
    candidates, count = min(_CANDIDATES, len(among)), min(count, len(among) - 1)
    if count < 1:
        return
    vectors = all_.vectors if len(among) == len(all_) else all_.vectors[among]
    for start in range(0, len(asked), _AT_ONCE):
        block = asked[start : start + _AT_ONCE]
        cosines = all_.vectors[block] @ vectors.T
        cosines[among[None, :] == block[:, None]] = -2
        near = _largest(cosines, candidates)
        near.sort(axis=1)
        strength = np.take_along_axis(cosines, near, axis=1)
        places = among[near]
        mine, theirs = all_.worded[np.repeat(block, candidates)], all_.worded[places.ravel()]
        shared = np.asarray(mine.multiply(theirs).sum(axis=1)).reshape(places.shape)
        strength = np.where(strength > -2, strength + _WORDED * shared, -2)
        best = np.argsort(-strength, axis=1, kind="stable")[:, :count]
        yield (
            np.take_along_axis(places, best, axis=1),
            np.maximum(np.take_along_axis(strength, best, axis=1), 0).astype(np.float32),
        )


def middle(vectors: Floats) -> Floats:
    """The direction of the mean of vectors, of length 1. `vectors`: shape (n, dimension)."""
    mean = vectors.mean(axis=0)
    return np.asarray(mean / max(float(np.linalg.norm(mean)), 1e-9), dtype=np.float32)


def _largest(values: NDArray[np.float32], count: int) -> Indices:
    """The places of the `count` largest of each row, in no order: shape (rows, count).

    Of many, only those are compared that are larger than nearly all of a sample, which is twenty times as fast.
    """
    if values.shape[1] <= _SAMPLED * count:
        return np.argpartition(-values, count - 1, axis=1)[:, :count]
    above = max(2, 3 * count // _SAMPLED)
    least = np.partition(values[:, ::_SAMPLED], -above, axis=1)[:, -above]
    found = np.empty((len(values), count), dtype=np.int64)
    for row, (mine, bar) in enumerate(zip(values, least, strict=True)):
        large = np.flatnonzero(mine > bar)
        if len(large) < count:
            large = np.arange(len(mine))
        found[row] = large[np.argpartition(-mine[large], count - 1)[:count]]
    return found


def _worded(different: Sequence[str]) -> Sparse:
    """Texts as their words: (1 + log count) · idf of each stem, a row of length 1 for each text that has any.

    Words in one text only and those in nearly every third one tell nothing.
    """
    from scipy.sparse import csr_matrix

    counts = [Counter(stems(text)) for text in different]
    held = Counter(stem for one in counts for stem in one)
    most = max(2.0, _COMMON * len(different))
    place = {stem: n for n, stem in enumerate(sorted(stem for stem, n in held.items() if 2 <= n <= most))}
    values: list[float] = []
    columns: list[int] = []
    starts = [0]
    for one in counts:
        for stem, n in one.items():
            if stem in place:
                columns.append(place[stem])
                values.append((1 + np.log(n)) * (np.log((1 + len(different)) / (1 + held[stem])) + 1))
        starts.append(len(columns))
    matrix = csr_matrix((np.array(values, np.float32), columns, starts), shape=(len(different), max(1, len(place))))
    lengths = np.sqrt(np.asarray(matrix.multiply(matrix).sum(axis=1)).ravel())
    matrix.data /= np.repeat(np.maximum(lengths, 1e-9), np.diff(matrix.indptr)).astype(np.float32)
    matrix.sort_indices()
    return matrix

"""Which passages belong together: a tree over the ties between them, cut where they stop to say alike. Pure functions.

Two passages are near when walks along ties from either end at the same places (diffusion maps: Coifman and Lafon,
Appl. Comput. Harmon. Anal. 21, 2006), which is surer than their own cosine: it hears what their neighbours say. The
tree is that of average linkage, cut at a distance and where a branch does not say alike, so that what is said elsewhere
does not decide how finely one theme is cut.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from research.themes.models import Floats

    Sparse = Any  # scipy.sparse.csr_matrix, which has no types
    Labels = NDArray[np.int64]

_STEPS = 12  # of the walk; a multiple of 4 from 8 on
_APART = 0.7  # distance (0 to √2) at which the tree is cut: about as many themes as CLINC has intents
_ALIKE = (
    0.3  # mean cosine below which what is within that distance is cut further: long talk drifts from one to another
)
_MOST = 5_000  # what a tree is made over; where there are more passages, the strongest tied become one first


def groups(ties: Sparse, vectors: Floats) -> Labels:
    """A number for each passage, the same for those that belong together.

    `ties`: symmetric, none below 0; `vectors`: a row of length 1 for each passage.
    """
    from scipy.cluster.hierarchy import linkage

    if ties.shape[0] < 2:
        return np.zeros(ties.shape[0], dtype=np.int64)
    whole, member = coarser(ties, _MOST)
    if whole.shape[0] < 2:
        return member
    return _cut(linkage(_distances(whole), "average"), _sums(vectors, member), np.bincount(member))[member]


def _sums(vectors: Floats, member: Labels) -> NDArray[np.float64]:
    """The sum of the vectors of each group's members."""
    from scipy.sparse import csr_matrix

    count = len(member)
    gather = csr_matrix((np.ones(count), (member, np.arange(count))), shape=(int(member.max()) + 1, count))
    return np.asarray(gather @ vectors, dtype=np.float64)


def _cut(tree: NDArray[np.float64], sums: NDArray[np.float64], sizes: NDArray[np.int64]) -> Labels:
    """A number for each leaf: from the top down, the first branches within which all lie near and say alike.

    `tree` is scipy's linkage; `sums` and `sizes` are those of the leaves' vectors. The mean cosine of n vectors of
    length 1 with the sum s is (s·s - n) / (n (n - 1)).
    """
    leaves = len(sums)
    total = np.vstack([sums, np.zeros((leaves - 1, sums.shape[1]))])
    count = np.concatenate([sizes, np.zeros(leaves - 1, dtype=np.int64)])
    below = tree[:, :2].astype(np.int64)
    for n, (left, right) in enumerate(below, start=leaves):
        total[n], count[n] = total[left] + total[right], count[left] + count[right]
    alike = ((total**2).sum(axis=1) - count) / np.maximum(1, count * (count - 1))
    whole = np.concatenate([np.ones(leaves, dtype=bool), (tree[:, 2] <= _APART) & (alike[leaves:] >= _ALIKE)])
    found = np.full(2 * leaves - 1, -1, dtype=np.int64)
    for n in range(2 * leaves - 2, -1, -1):  # a branch has a higher number than its parts
        if found[n] < 0 and whole[n]:
            found[n] = n
        if n >= leaves and found[n] >= 0:
            found[below[n - leaves]] = found[n]
    return np.unique(found[:leaves], return_inverse=True)[1]


def coarser(ties: Sparse, most: int) -> tuple[Sparse, Labels]:
    """Ties between at most so many groups, and the group of each passage: those that are each other's strongest tie
    become one, again and again, ties being held against all that either has. Stops where no two are tied any more."""
    from scipy.sparse import csr_matrix, diags

    member = np.arange(ties.shape[0])
    while ties.shape[0] > most:
        count = ties.shape[0]
        scale = diags(_each(ties) ** -0.5)
        between = (scale @ ties @ scale).tocsr()
        between.setdiag(0)
        best = np.asarray(between.argmax(axis=1)).ravel()
        tied = np.asarray(between.max(axis=1).todense()).ravel() > 0
        mutual = tied & (best[best] == np.arange(count))
        if not mutual.any():
            break
        joined = np.where(mutual, np.minimum(best, np.arange(count)), np.arange(count))
        kept, new = np.unique(joined, return_inverse=True)
        gather = csr_matrix((np.ones(count, np.float32), (new, np.arange(count))), shape=(len(kept), count))
        ties, member = (gather @ ties @ gather.T).tocsr(), new[member]
    return ties, member


def _distances(ties: Sparse) -> NDArray[np.float64]:
    """How far every two are apart by where walks from them end, 0 to √2, as scipy wants it: one row after the other."""
    from scipy.sparse import diags

    scale = diags(_each(ties) ** -0.5)
    step = (scale @ ties @ scale).astype(np.float32)
    two: Floats = (step @ step).toarray()
    four = two @ two.T  # symmetric, like all of them: half the work
    reached = four @ four.T
    for _ in range(_STEPS // 4 - 2):
        reached = reached @ four
    own = np.sqrt(np.maximum(np.diag(reached), 1e-12))
    reached /= own[:, None]
    reached /= own[None, :]
    above = [reached[n, n + 1 :] for n in range(len(reached))]
    return np.sqrt(np.maximum(0.0, 2.0 - 2.0 * np.concatenate(above).astype(np.float64)))


def _each(ties: Sparse) -> NDArray[np.float32]:
    return np.asarray(np.maximum(np.asarray(ties.sum(axis=1)).ravel(), 1e-9), dtype=np.float32)

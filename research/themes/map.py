"""Where passages lie beside each other, in two dimensions: near is alike, as far as two dimensions can say. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from research.themes.models import Floats

_SPREAD = 0.35  # of a theme's passages around its middle, beside the distances between themes


def places(vectors: Floats, themes: Sequence[str]) -> NDArray[np.float64]:
    """A place for each passage, shape (n, 2): its theme's, and around it its own.

    Themes lie by the first two principal components of their middles (Pearson, Philosophical Magazine 2, 1901), and
    passages by those of what tells them from their theme's middle. Nothing is random, and signs are settled, so that
    the same passages make the same picture.
    """
    names = sorted(set(themes))
    of = np.array([names.index(theme) for theme in themes], dtype=np.int64)
    middles = np.stack([vectors[of == n].mean(axis=0) for n in range(len(names))]) if names else np.zeros((0, 1))
    between = _plane(middles)
    within = _plane(vectors - middles[of])
    return np.asarray(between[of] + _SPREAD * within, dtype=np.float64)


def _plane(points: NDArray[np.floating]) -> NDArray[np.float64]:
    """Points by their first two principal components, each with a spread of 1 and its largest weight above 0."""
    if len(points) < 2:
        return np.zeros((len(points), 2))
    centred = (points - points.mean(axis=0)).astype(np.float64)
    _, axes = np.linalg.eigh(centred.T @ centred)
    first = axes[:, ::-1][:, :2]
    largest = first[np.abs(first).argmax(axis=0), range(first.shape[1])]
    found = centred @ (first * np.where(largest < 0, -1, 1))
    spread = found.std(axis=0)
    there = spread > 1e-4 * max(spread.max(initial=0.0), 1e-4)  # what is less is rounding
    return np.asarray(np.where(there, found / np.where(there, spread, 1), 0))

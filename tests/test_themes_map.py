"""The map of passages: the same passages make the same picture, and what is alike lies together."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from heard import charts
from research.themes.heard import Dot
from research.themes.map import places


def drawn(seed: int, count: int) -> np.ndarray:
    vectors = np.random.default_rng(seed).standard_normal((count, 8)).astype(np.float32)
    return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)


@given(st.integers(0, 50), st.integers(1, 30), st.integers(1, 5))
def test_every_passage_has_a_place_which_does_not_depend_on_the_order(seed: int, count: int, themes: int) -> None:
    vectors = drawn(seed, count)
    of = [f"T-{n % themes}" for n in range(count)]
    found = places(vectors, of)
    assert found.shape == (count, 2)
    assert np.isfinite(found).all()
    order = np.random.default_rng(seed + 1).permutation(count)
    assert places(vectors[order], [of[n] for n in order]) == pytest.approx(found[order], abs=1e-3)


def test_passages_of_a_theme_lie_nearer_to_each_other_than_to_other_themes() -> None:
    middles = drawn(3, 4)
    vectors = np.repeat(middles, 20, axis=0) + 0.05 * drawn(4, 80)
    of = [f"T-{n // 20}" for n in range(80)]
    found = places(vectors, of)
    inside = np.mean([np.linalg.norm(found[n * 20 : n * 20 + 20].std(axis=0)) for n in range(4)])
    between = np.linalg.norm(np.stack([found[n * 20 : n * 20 + 20].mean(axis=0) for n in range(4)]).std(axis=0))
    assert inside < between


def test_no_passages_have_no_places() -> None:
    assert places(np.zeros((0, 8), dtype=np.float32), []).shape == (0, 2)


def test_a_dot_opens_its_passage_and_the_largest_themes_have_their_names() -> None:
    dots = [Dot(f"p{n}", "n1", f"T-{n % 10}", f"theme {n % 10}", "growth", float(n), 0.0) for n in range(30)]
    text = str(charts.passages_map(dots).to_dict())
    assert "note?id=n1&passage=p0" in text
    assert "'theme': 'theme 7'" in text
    assert "'shown': ''" in text

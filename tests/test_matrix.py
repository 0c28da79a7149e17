"""The file of vectors: small, and true enough to score by."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from research.errors import IndexDamaged
from research.matrix import Matrix


def unit(count: int, dimension: int = 384, seed: int = 0) -> np.ndarray:
    vectors = np.random.default_rng(seed).standard_normal((count, dimension)).astype(np.float32)
    return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)


def test_cosines_are_right_to_a_thousandth_or_two(tmp_path: Path) -> None:
    matrix, vectors, asked = Matrix(tmp_path / "m"), unit(3_000), unit(4, seed=1)
    rows = np.arange(1, 3_001)
    matrix.write(rows.tolist(), vectors)
    wrong = matrix.cosines(rows, asked) - asked @ vectors.T
    assert np.abs(wrong).max() < 0.003
    assert wrong.std() < 0.0006
    assert np.allclose(np.linalg.norm(matrix.read(rows.tolist()), axis=1), 1, atol=1e-5)


def test_what_was_read_can_be_written_again_and_stays_the_same(tmp_path: Path) -> None:
    matrix = Matrix(tmp_path / "m")
    matrix.write([7, 3], unit(2))
    once = matrix.read([3, 7])
    matrix.write([3, 7], once)
    assert np.allclose(matrix.read([3, 7]), once, atol=1e-6)


def test_a_row_that_was_never_written_or_was_erased_has_no_vector(tmp_path: Path) -> None:
    matrix = Matrix(tmp_path / "m")
    matrix.write([2, 3], unit(2))
    matrix.erase([3])
    assert matrix.holds([1, 2, 3, 9_999_999]).tolist() == [False, True, False, False]
    assert matrix.cosines(np.array([3, 9_999_999]), unit(1)).tolist() == [[0.0, 0.0]]


def test_a_reader_sees_the_file_grow(tmp_path: Path) -> None:
    writer, reader = Matrix(tmp_path / "m"), Matrix(tmp_path / "m")
    writer.write([1], unit(1))
    assert reader.holds([1]).all()
    writer.write([50_000], unit(1))
    assert reader.holds([1, 50_000]).all()


@pytest.mark.parametrize("content", [None, b"", b"\xff\xff\xff\xff" * 9])
def test_a_file_that_is_no_matrix_says_so(tmp_path: Path, content: bytes | None) -> None:
    if content is not None:
        (tmp_path / "m").write_bytes(content)
    with pytest.raises(IndexDamaged, match="doctor --repair"):
        Matrix(tmp_path / "m").read([1])

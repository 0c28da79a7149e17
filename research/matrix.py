"""Every passage's vector in one file of 8-bit integers, addressed by row: what scores any chosen passages exactly.

A vector is kept as the 8-bit integers nearest to it on the scale of its largest number, with the factor that gives them
length 1 again. For MiniLM a cosine is off by 0.0005 (standard deviation), far less than neighbours differ by. This is
the vector from then on: the tagger and Chroma get it as it is read here, so that all of them agree.

The factor follows from the numbers, so it is their checksum too: a changed byte no longer fits (but for the one bit by
which 64 differs from -64).
"""

from __future__ import annotations

import os
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from research.disk import in_words
from research.errors import IndexDamaged

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float32]
    Rows = NDArray[np.int64]

_STEP = 4_096  # rows that the file grows by; what is not written takes no space
_WIDEST = 65_536  # numbers a vector at most: what a damaged file says otherwise is not believed
_AT_ONCE = 1_024  # rows scored at once: they stay in the processor's cache, which is ten times as fast


class Matrix:
    """The file of vectors. One process writes at a time, others read meanwhile and see each row as it is written.

    Passages are numbered from 1 and a number is never used again; the place of row 0 says how long a vector is. A row
    that was never written or was erased is all zeros, and so is its cosine with anything.
    """

    most = 50_000  # vectors that a search may score: fifty milliseconds

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lock = threading.Lock()
        self._mapped: NDArray[Any] | None = None

    def within(self, _connection: object) -> Matrix:
        """Itself: a file is part of no transaction."""
        return self

    @property
    def exists(self) -> bool:
        """Whether there is a file; whoever writes first makes it."""
        return self._path.exists()

    def close(self) -> None:
        """Let go of the file; the next call opens it anew."""
        self._mapped = None

    def clear(self) -> None:
        """Forget all vectors. Raises Unwritable."""
        self.close()
        with in_words():
            self._path.unlink(missing_ok=True)

    def replace(self, file: Path) -> None:
        """Put another file in this one's place."""
        self.close()
        file.replace(self._path)

    def write(self, rows: Sequence[int], vectors: Floats) -> None:
        """Put vectors in place and on the disk. `vectors`: shape (len(rows), dimension)."""
        if len(rows):
            self._put(rows, packed(vectors))

    def erase(self, rows: Sequence[int]) -> None:
        """Overwrite vectors with zeros; a file that is not there holds none."""
        if len(rows) and self._path.exists():
            self._put(rows, np.zeros(len(rows), dtype=self._records().dtype))

    def read(self, rows: Sequence[int] | Rows) -> Floats:
        """The vectors of rows, each of length 1, or zeros where there is none: shape (len(rows), dimension)."""
        return unpacked(self._of(rows))

    def cosines(self, rows: Rows, vectors: Floats) -> Floats:
        """The cosine of each row with each of `vectors`: shape (len(vectors), len(rows)); 0 where there is no row."""
        found = np.empty((len(vectors), len(rows)), dtype=np.float32)
        for start in range(0, len(rows), _AT_ONCE):
            found[:, start : start + _AT_ONCE] = scored(self._of(rows[start : start + _AT_ONCE]), vectors)
        return found

    def holds(self, rows: Sequence[int] | Rows) -> NDArray[np.bool_]:
        """Whether there is a vector for each row."""
        return np.asarray(self._of(rows)["factor"] != 0)

    def check(self) -> None:
        """Look whether the file, where there is one, can be read at all. Raises IndexDamaged."""
        if self.exists:
            self.holds([1])

    def damaged(self, rows: Sequence[int] | Rows) -> Rows:
        """Those of the rows whose bytes are not as they were written."""
        wanted = np.asarray(rows, dtype=np.int64)
        parts = [wanted[start : start + _AT_ONCE] for start in range(0, len(wanted), _AT_ONCE)]
        bad = [part[~fit(self._of(part))] for part in parts]
        return np.concatenate([np.zeros(0, dtype=np.int64), *bad])

    def copy(self, rows: Sequence[int] | Rows, path: Path) -> None:
        """Write a file of its own with the vectors of these rows and of no others, as they are in this moment."""
        wanted = np.sort(np.asarray(rows, dtype=np.int64))
        other = Matrix(path)
        for start in range(0, len(wanted), _STEP):
            part = wanted[start : start + _STEP]
            other._put(part, self._of(part))

    def _of(self, rows: Sequence[int] | Rows) -> NDArray[Any]:
        """A copy of the records of rows; those beyond the end are zeros like any that was never written."""
        wanted = np.asarray(rows, dtype=np.int64)
        records = self._records(int(wanted.max(initial=0)))
        inside = wanted < len(records)
        if inside.all():
            return records[wanted]
        found = np.zeros(len(wanted), dtype=records.dtype)
        found[inside] = records[wanted[inside]]
        return found

    def _records(self, row: int = 0) -> NDArray[Any]:
        """The mapped file, mapped anew when it has grown and `row` lies beyond what was mapped."""
        with self._lock:
            if self._mapped is None or row >= len(self._mapped):
                try:
                    dimension = int(np.fromfile(self._path, dtype="<i4", count=1)[0])
                    if not 0 < dimension <= _WIDEST:
                        raise ValueError(dimension)
                    whole = self._path.stat().st_size // record(dimension).itemsize
                    self._mapped = np.memmap(self._path, dtype=record(dimension), mode="r", shape=(whole,))
                except (OSError, ValueError, IndexError) as error:
                    raise IndexDamaged(
                        f"The file of vectors cannot be read ({type(error).__name__}). The notes are safe: run "
                        "`heard doctor --repair` to build it again, unless `heard reindex` is doing so."
                    ) from error
            return self._mapped

    def _put(self, rows: Sequence[int] | Rows, records: NDArray[Any]) -> None:
        size = records.dtype.itemsize
        wanted = np.asarray(rows, dtype=np.int64)
        order = np.argsort(wanted)
        wanted, records = wanted[order], records[order]
        needed = (int(wanted[-1]) // _STEP + 1) * _STEP * size
        with in_words(), os.fdopen(os.open(self._path, os.O_RDWR | os.O_CREAT, 0o600), "r+b") as file:
            end = file.seek(0, os.SEEK_END)
            file.seek(0)
            file.write(np.int32(records["numbers"].shape[1]).astype("<i4").tobytes())
            file.flush()  # first of all: whoever reads meanwhile has to know how long a vector is
            if end < needed:
                file.truncate(needed)
            for run in np.split(np.arange(len(wanted)), np.flatnonzero(np.diff(wanted) != 1) + 1):
                file.seek(int(wanted[run[0]]) * size)
                file.write(records[run].tobytes())
            file.flush()
            os.fsync(file.fileno())


def record(dimension: int) -> np.dtype[Any]:
    """A packed vector: the factor that gives it length 1, and its integers."""
    return np.dtype([("factor", "<f4"), ("numbers", "i1", (dimension,))])


def packed(vectors: Floats) -> NDArray[Any]:
    """Vectors as records of 8-bit integers."""
    records = np.zeros(len(vectors), dtype=record(vectors.shape[1]))
    largest = np.abs(vectors).max(axis=1, keepdims=True)
    records["numbers"] = np.rint(vectors * (127 / np.maximum(largest, 1e-9)))
    records["factor"] = _factors(records["numbers"])
    return records


def unpacked(records: NDArray[Any]) -> Floats:
    """Records as vectors of length 1, or of zeros where there is none."""
    return np.asarray(records["numbers"] * records["factor"][:, None], dtype=np.float32)


def scored(records: NDArray[Any], vectors: Floats) -> Floats:
    """The cosine of each record with each vector: shape (len(vectors), len(records)); quickest for some hundreds."""
    return np.asarray((vectors @ records["numbers"].astype(np.float32).T) * records["factor"], dtype=np.float32)


def fit(records: NDArray[Any]) -> NDArray[np.bool_]:
    """Whether each record's factor is that of its numbers, up to how processors round: shape (len(records),)."""
    due = _factors(records["numbers"])
    return np.asarray(np.abs(records["factor"] - due) <= 2e-7 * due)


def _factors(numbers: NDArray[np.int8]) -> Floats:
    """What gives each row of numbers length 1: shape (len(numbers),), 0 for a row of zeros."""
    lengths: Floats = np.sqrt(np.square(numbers.astype(np.float32)).sum(axis=1, dtype=np.float32))
    factors = np.zeros_like(lengths)
    np.divide(np.float32(1.0), lengths, out=factors, where=lengths > 0)
    return factors

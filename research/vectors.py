"""The vector index: the one module that knows Chroma. It can always be rebuilt from SQL and the file of vectors."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from research.errors import IndexDamaged

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Rows = NDArray[np.int64]
    Floats = NDArray[np.float32]

_COLLECTION = "passages"
_WRITTEN = 2_000  # changes after which Chroma writes its graph out; until then it makes them again whenever it opens
_PAGE = 2_000  # ids a call: below Chroma's own limit and SQLite's number of variables


class VectorIndex:
    """Cosine similarity over passages by row, in one Chroma collection in a folder. It holds vectors and nothing else.

    Measured with chromadb 1.5.9: asked for distances alone, a reader goes on answering while another process writes,
    but knows nothing of what is new. Anything else it asks for then fails, and is tried again after reopening.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._lock = threading.RLock()
        self._client: Any = None
        self._collection: Any = None

    @property
    def exists(self) -> bool:
        """Whether there are files; whoever writes first makes them."""
        return (self._folder / "chroma.sqlite3").exists()

    @property
    def is_open(self) -> bool:
        """Whether what it answers is as of an earlier moment."""
        return self._collection is not None

    def _open(self, *, create: bool = False) -> Any:
        with self._lock:
            if self._collection is None:
                if not create and not self.exists:
                    raise _damaged(FileNotFoundError())
                import chromadb
                from chromadb.config import Settings

                try:
                    self._folder.mkdir(parents=True, exist_ok=True)
                    self._client = chromadb.PersistentClient(
                        path=str(self._folder), settings=Settings(anonymized_telemetry=False)
                    )
                    self._collection = self._client.get_or_create_collection(
                        _COLLECTION,
                        embedding_function=None,
                        configuration={"hnsw": {"space": "cosine", "sync_threshold": _WRITTEN}},
                    )
                except Exception as error:  # Chroma's Rust core raises many kinds; the way out is the same for all
                    self._close_client()
                    raise _damaged(error) from error
            return self._collection

    def _close_client(self) -> None:
        if self._client is not None:
            self._client.close()
        self._client = self._collection = None

    def close(self) -> None:
        """Let go of the files; the next call opens them anew and sees what others wrote meanwhile."""
        with self._lock:
            self._close_client()

    def upsert(self, rows: Sequence[int], vectors: Floats) -> None:
        """Put passages in, replacing those of the same row. `vectors`: shape (len(rows), dimension)."""
        with self._lock:
            collection = self._open(create=True)
            for part in _parts(len(rows)):
                collection.upsert(ids=[str(row) for row in rows[part]], embeddings=vectors[part])

    def delete(self, rows: Sequence[int]) -> None:
        """Take passages out; rows that are not there are passed over."""
        with self._lock:
            collection = self._open(create=True)
            for part in _parts(len(rows)):
                collection.delete(ids=[str(row) for row in rows[part]])

    def nearest(self, vectors: Floats, count: int) -> list[tuple[Rows, Floats]]:
        """For each row of `vectors` the `count` nearest passages as (rows, cosines), nearest first."""
        answer = self._read(
            lambda collection: collection.query(query_embeddings=vectors, n_results=count, include=["distances"])
        )
        return [
            (np.array(ids, dtype=np.int64), 1.0 - np.array(distances, dtype=np.float32))
            for ids, distances in zip(answer["ids"], answer["distances"], strict=True)
        ]

    def rows(self) -> Iterator[int]:
        """Every row in the index."""
        offset = 0
        while True:
            page = self._read(lambda collection, at=offset: collection.get(limit=_PAGE, offset=at, include=[]))["ids"]
            yield from map(int, page)
            if len(page) < _PAGE:
                return
            offset += len(page)

    def clear(self) -> None:
        """Empty the index, so that it can be built anew; also one that cannot be read any more."""
        import shutil

        with self._lock:
            self._close_client()
            shutil.rmtree(self._folder, ignore_errors=True)

    def _read(self, ask: Callable[..., Any]) -> Any:
        """Ask Chroma, and once more after reopening: another process may have written since this one opened."""
        for attempt in range(4):
            try:
                with self._lock:
                    return ask(self._open())
            except IndexDamaged:
                raise
            except Exception as error:  # Chroma's Rust core raises InternalError and others for a stale reader
                self.close()
                if attempt == 3:
                    raise _damaged(error) from error
                time.sleep(0.05 * 4**attempt)
        raise AssertionError("unreachable")


def _parts(total: int) -> Iterator[slice]:
    return (slice(start, start + _PAGE) for start in range(0, total, _PAGE))


def _damaged(error: Exception) -> IndexDamaged:
    return IndexDamaged(
        f"The search index cannot be read ({type(error).__name__}). The notes are safe: run `heard doctor --repair` to "
        "build the index again."
    )

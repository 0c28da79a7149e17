"""The vector index: the one module that knows Chroma. It can always be rebuilt from SQL."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from research.errors import IndexDamaged
from research.filters import Filter

if TYPE_CHECKING:
    from numpy.typing import NDArray

_COLLECTION = "passages"
_PAGE = 2_000  # ids a call: below Chroma's own limit and SQLite's number of variables


@dataclass(frozen=True, slots=True)
class Labels:
    """What the index knows of a passage besides its vector, to filter by. `day` is the note's date."""

    team: str
    study: str
    note: str
    participant: str
    segment: str
    account: str
    day: date | None
    tags: tuple[str, ...]

    def as_metadata(self) -> dict[str, Any]:
        metadata: dict[str, Any] = {
            "team": self.team,
            "study": self.study,
            "note": self.note,
            "participant": self.participant,
            "segment": self.segment,
            "account": self.account,
            "day": self.day.toordinal() if self.day else 0,
        }
        # Chroma refuses an empty list, and an update merges: without this value an old list would stay.
        metadata["tags"] = list(self.tags) or [""]
        return metadata


class VectorIndex:
    """Cosine similarity over the passages of one repository, in one Chroma collection in a folder.

    Measured with chromadb 1.5.9: a reader that is open while another process writes fails on every new id. So whoever
    writes raises a generation number that is kept in SQL, and a reader that sees a new one calls `close` first.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._lock = threading.RLock()
        self._client: Any = None
        self._collection: Any = None

    def _open(self) -> Any:
        with self._lock:
            if self._collection is None:
                import chromadb
                from chromadb.config import Settings

                self._folder.mkdir(parents=True, exist_ok=True)
                try:
                    self._client = chromadb.PersistentClient(
                        path=str(self._folder), settings=Settings(anonymized_telemetry=False)
                    )
                    self._collection = self._client.get_or_create_collection(
                        _COLLECTION, embedding_function=None, configuration={"hnsw": {"space": "cosine"}}
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

    def upsert(self, ids: Sequence[str], vectors: NDArray[np.float32], labels: Sequence[Labels]) -> None:
        """Put passages in, replacing those of the same id. `vectors`: shape (len(ids), dimension)."""
        with self._lock:
            collection = self._open()
            for part in _parts(len(ids)):
                collection.upsert(
                    ids=list(ids[part]),
                    embeddings=vectors[part],
                    metadatas=[label.as_metadata() for label in labels[part]],
                )

    def relabel(self, ids: Sequence[str], labels: Sequence[Labels]) -> None:
        """Change what passages can be filtered by, leaving their vectors."""
        with self._lock:
            collection = self._open()
            for part in _parts(len(ids)):
                collection.update(ids=list(ids[part]), metadatas=[label.as_metadata() for label in labels[part]])

    def delete(self, ids: Sequence[str]) -> None:
        """Take passages out; ids that are not there are passed over."""
        with self._lock:
            collection = self._open()
            for part in _parts(len(ids)):
                collection.delete(ids=list(ids[part]))

    def nearest(
        self, vectors: NDArray[np.float32], count: int, where: Filter | None = None
    ) -> list[list[tuple[str, float]]]:
        """For each row of `vectors` the `count` nearest passages as (id, cosine similarity), nearest first."""
        if not len(vectors):
            return []
        answer = self._read(
            lambda collection: collection.query(
                query_embeddings=vectors, n_results=count, where=_where(where) if where else None, include=["distances"]
            )
        )
        return [
            [(id_, 1.0 - distance) for id_, distance in zip(ids, distances, strict=True)]
            for ids, distances in zip(answer["ids"], answer["distances"], strict=True)
        ]

    def get(self, ids: Sequence[str]) -> dict[str, NDArray[np.float32]]:
        """The vectors of passages by id; those that the index does not hold are left out."""
        found: dict[str, NDArray[np.float32]] = {}
        for part in _parts(len(ids)):
            wanted = list(ids[part])
            answer = self._read(lambda collection, wanted=wanted: collection.get(ids=wanted, include=["embeddings"]))
            found.update(zip(answer["ids"], np.asarray(answer["embeddings"], dtype=np.float32), strict=True))
        return found

    def ids(self) -> Iterator[str]:
        """Every id in the index."""
        offset = 0
        while True:
            page = self._read(lambda collection, at=offset: collection.get(limit=_PAGE, offset=at, include=[]))["ids"]
            yield from page
            if len(page) < _PAGE:
                return
            offset += len(page)

    def count(self) -> int:
        return int(self._read(lambda collection: collection.count()))

    def clear(self) -> None:
        """Empty the index, so that it can be built anew; also one that cannot be read any more."""
        import shutil

        with self._lock:
            self._close_client()
            shutil.rmtree(self._folder, ignore_errors=True)

    def _read(self, ask: Any) -> Any:
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


def _where(narrow: Filter) -> dict[str, Any] | None:
    """A Filter in Chroma's words."""
    parts: list[dict[str, Any]] = [
        {name: {"$in": list(chosen)}}
        for name in ("team", "study", "note", "participant", "segment", "account")
        if (chosen := getattr(narrow, name))
    ]
    parts += [
        {name: {"$nin": list(chosen)}}
        for name, chosen in (("team", narrow.not_team), ("note", narrow.not_note))
        if chosen
    ]
    if narrow.tag:
        tags = [{"tags": {"$contains": tag}} for tag in narrow.tag]
        parts.append(tags[0] if len(tags) == 1 else {"$or": tags})
    if narrow.since:
        parts.append({"day": {"$gte": narrow.since.toordinal()}})
    if narrow.until:
        parts.append({"day": {"$lte": narrow.until.toordinal()}})
        if not narrow.since:
            parts.append({"day": {"$gt": 0}})
    if not parts:
        return None
    return parts[0] if len(parts) == 1 else {"$and": parts}


def _damaged(error: Exception) -> IndexDamaged:
    return IndexDamaged(
        f"The search index cannot be read ({type(error).__name__}). The notes are safe: run `heard doctor --repair` to "
        "build the index again."
    )

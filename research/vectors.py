"""The vector index: the one module that knows Chroma. It can always be rebuilt from SQL and the file of vectors."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import numpy as np

from research.config import Servers
from research.errors import BadInput, IndexAway, IndexDamaged

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

    patient = True  # it is told of changes seldom, since that takes seconds where it holds many passages
    deepest = 3_000  # neighbours it may be asked for
    _page = _PAGE

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._name = _COLLECTION
        self._configuration: dict[str, Any] = {"hnsw": {"space": "cosine", "sync_threshold": _WRITTEN}}
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
                try:
                    self._client = self._connected()
                    self._collection = self._client.get_or_create_collection(
                        self._name, embedding_function=None, configuration=self._configuration
                    )
                except Exception as error:  # Chroma's Rust core raises many kinds; the way out is the same for all
                    self._close_client()
                    raise self._failed(error) from error
            return self._collection

    def _connected(self) -> Any:
        import chromadb
        from chromadb.config import Settings

        self._folder.mkdir(parents=True, exist_ok=True)
        return chromadb.PersistentClient(path=str(self._folder), settings=Settings(anonymized_telemetry=False))

    def _failed(self, error: Exception) -> IndexDamaged:
        return _damaged(error)

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
            for part in self._parts(len(rows)):
                collection.upsert(ids=[str(row) for row in rows[part]], embeddings=vectors[part])

    def delete(self, rows: Sequence[int]) -> None:
        """Take passages out; rows that are not there are passed over."""
        with self._lock:
            collection = self._open(create=True)
            for part in self._parts(len(rows)):
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
            got = self._read(lambda collection, at=offset: collection.get(limit=self._page, offset=at, include=[]))
            yield from map(int, got["ids"])
            if len(got["ids"]) < self._page:
                return
            offset += len(got["ids"])

    def holding(self, rows: Sequence[int]) -> set[int]:
        """Those of the rows that are in the index."""
        found: set[int] = set()
        for part in self._parts(len(rows)):
            ids = [str(row) for row in rows[part]]
            answer = self._read(lambda collection, ids=ids: collection.get(ids=ids, include=[]))
            found.update(map(int, answer["ids"]))
        return found

    def count(self) -> int:
        """How many passages the index holds."""
        return int(self._read(lambda collection: collection.count()))

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
                    raise self._failed(error) from error
                time.sleep(0.05 * 4**attempt)
        raise AssertionError("unreachable")

    def _parts(self, total: int) -> Iterator[slice]:
        return (slice(start, start + self._page) for start in range(0, total, self._page))


class VectorServer(VectorIndex):
    """The same on a server: `chroma run`, or Chroma Cloud where there is a key. `name` is the repository's collection.

    It always answers as of now, and any number of processes may write to it.
    """

    patient = False

    def __init__(self, servers: Servers, name: str) -> None:
        super().__init__(Path())
        self._servers, self._name = servers, name
        if servers.chroma_key:  # what Chroma Cloud allows, and the index that it has (docs/scale.md)
            self.deepest = self._page = 300
            self._configuration = {"spann": {"space": "cosine"}}

    @property
    def exists(self) -> bool:
        """Whether the collection is there. Raises IndexAway."""
        from chromadb.errors import NotFoundError

        with self._lock:
            try:
                self._client = self._client or self._connected()
                self._client.get_collection(self._name, embedding_function=None)
            except NotFoundError:
                return False
            except Exception as error:
                self.close()
                raise self._failed(error) from error
        return True

    @property
    def is_open(self) -> bool:
        """No: what it answers is never as of an earlier moment."""
        return False

    def clear(self) -> None:
        """Drop the collection, so that it can be filled anew."""
        from chromadb.errors import NotFoundError

        with self._lock:
            try:
                self._client = self._client or self._connected()
                with suppress(NotFoundError):
                    self._client.delete_collection(self._name)
            except Exception as error:
                raise self._failed(error) from error
            finally:
                self.close()

    def _connected(self) -> Any:
        import chromadb
        from chromadb.config import DEFAULT_DATABASE, DEFAULT_TENANT, Settings

        at = urlsplit(self._servers.chroma)
        secure = at.scheme == "https"
        return chromadb.HttpClient(
            host=str(at.hostname), port=at.port or (443 if secure else 80), ssl=secure,
            headers={"x-chroma-token": self._servers.chroma_key} if self._servers.chroma_key else None,
            settings=Settings(anonymized_telemetry=False),
            tenant=self._servers.chroma_tenant or DEFAULT_TENANT, database=self._servers.chroma_database or DEFAULT_DATABASE,
        )  # fmt: skip

    def _failed(self, error: Exception) -> IndexDamaged:
        from chromadb.errors import ChromaError, NotFoundError

        if isinstance(error, NotFoundError):
            return _damaged(error)
        said = f": {error}" if isinstance(error, ChromaError) else ""
        return IndexAway(f"The Chroma server at {self._servers.chroma} does not answer ({type(error).__name__}{said}).")

    def _close_client(self) -> None:
        self._client = self._collection = None


def chroma_url(given: str) -> str:
    """The address of a Chroma server, "" for none. Raises BadInput."""
    at = urlsplit(given)
    if (given and not (at.scheme in ("http", "https") and at.hostname)) or at.password:
        raise BadInput(
            "HEARD_CHROMA_URL is not the address of a Chroma server, such as http://chroma.example:8000; "
            "its key goes into HEARD_CHROMA_KEY."
        )
    return given


def _damaged(error: Exception) -> IndexDamaged:
    return IndexDamaged(
        f"The search index cannot be read ({type(error).__name__}). The notes are safe: run `heard doctor --repair` to "
        "build the index again."
    )

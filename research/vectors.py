"""The vector index: the one module that knows Chroma. It can always be rebuilt from SQL and the file of vectors."""

from __future__ import annotations

import json
import os
import sqlite3
import struct
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, nullcontext, suppress
from http.client import HTTPException
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit
from urllib.request import urlopen

import numpy as np

from research import folders
from research.checksum import checksum
from research.config import Servers
from research.disk import in_words, little_room, no_room, refused
from research.errors import BadInput, HeardError, IndexAway, IndexDamaged, panicked

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Rows = NDArray[np.int64]
    Floats = NDArray[np.float32]

_COLLECTION = "passages"
# Changes after which Chroma writes its graph out: at once. It could wait, and make them again whenever it opens; but a
# graph that it never wrote out it makes anew on opening, in a file with whatever was in memory.
_WRITTEN = 2
_PATIENCE = 60.0  # seconds for an answer of Chroma's server
_PAGE = 2_000  # ids a call: below Chroma's own limit and SQLite's number of variables
_SQL, _SEAL = "chroma.sqlite3", "seal.json"
_METADATA, _UNREAD = "index_metadata.pickle", "length.bin"  # of a graph that was written out


class VectorIndex:
    """Cosine similarity over passages by row, in one Chroma collection in a folder. It holds vectors and nothing else.

    Measured with chromadb 1.5.9: asked for distances alone, a reader goes on answering while another process writes,
    but knows nothing of what is new. Anything else it asks for then fails, and is tried again after reopening.

    Chroma writes its graph in place, and opening one that is cut off or damaged may end the process (its issue 7238) or
    bring wrong neighbours. So writing breaks a seal, checksums of the graph's files, which `seal` puts back; a folder
    without its seal, or with another than its files have, is never opened.
    """

    place = ""  # that of the database
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
        self._unusable: IndexDamaged | None = None  # why it was not opened: looking again takes a second at a million

    @property
    def exists(self) -> bool:
        """Whether there are files; whoever writes first makes them."""
        return (self._folder / _SQL).exists()

    @property
    def sealed(self) -> bool:
        """Whether what was last begun to be written was also finished."""
        return (self._folder / _SEAL).exists()

    @property
    def damage(self) -> str:
        """What was found wrong when it was to be opened, for a reader; "" while it is open, or just cannot be."""
        return str(self._unusable) if self._unusable and self.sealed and folders.writable(self._folder) else ""

    @property
    def is_open(self) -> bool:
        """Whether what it answers is as of an earlier moment."""
        return self._collection is not None

    def reach(self) -> None:
        """Nothing: files are always there to be asked."""

    def answer(self, within: float) -> None:
        """Nothing, for the same reason."""

    def _open(self, *, create: bool = False) -> Any:
        with self._lock:
            if self._collection is None:
                if self._unusable and not create:
                    raise self._unusable
                self._look(create)
                try:
                    self._client = self._client or self._connected()
                    self._collection = self._client.get_or_create_collection(
                        self._name, embedding_function=None, configuration=self._configuration
                    )
                except BaseException as error:
                    self._close_client()
                    raise self._told(error) from error
            return self._collection

    def _connected(self) -> Any:
        import chromadb
        from chromadb.config import Settings

        self._folder.mkdir(parents=True, exist_ok=True)
        return chromadb.PersistentClient(path=str(self._folder), settings=Settings(anonymized_telemetry=False))

    def _told(self, error: BaseException) -> BaseException:
        """What to raise for something that was raised; Chroma raises many kinds, its Rust core more."""
        if isinstance(error, HeardError) or not (isinstance(error, Exception) or panicked(error)):
            return error
        return self._failed(error)

    def _failed(self, error: BaseException) -> HeardError:
        moved = "(code: 1032)" in str(error)  # what SQLite calls read-only when its file was deleted meanwhile
        return (None if moved else refused(error)) or _damaged(type(error).__name__)

    def check(self) -> None:
        """Look at all files, where there are any, and at how many passages they hold. Raises IndexDamaged."""
        if self.exists:
            self.close()
            self.count()

    def _look(self, create: bool) -> None:
        """Before anything is opened: is it as it was left? Raises IndexDamaged."""
        if self.exists or not create:
            self._check()

    def _check(self) -> None:
        """Raises IndexDamaged unless all files are as they were left."""
        try:
            if not folders.writable(self._folder):
                raise IndexDamaged("The vector index cannot be opened in a folder that is read-only.")
            try:
                seal = json.loads((self._folder / _SEAL).read_text())
            except FileNotFoundError:
                raise IndexDamaged(
                    "The vector index is being written, or its writing was cut off. If nothing is being added right "
                    "now, run `heard doctor --repair`."
                ) from None
            if seal != self._sums():
                raise _damaged("its files have changed")
            with closing(sqlite3.connect(self._folder / _SQL)) as connection:
                (said,) = connection.execute("PRAGMA quick_check(1)").fetchone()
            if said != "ok":
                raise _damaged("its table of ids is malformed")
        except (OSError, ValueError, sqlite3.Error) as error:
            self._unusable = _damaged(type(error).__name__)
            raise self._unusable from error
        except IndexDamaged as error:
            self._unusable = error
            raise

    def _sums(self) -> dict[str, str]:
        """The checksum of each file of the graph by its name.

        Not of those that Chroma writes when it is only opened: its SQLite, and a graph that it has never written out
        (one without metadata), which it makes again from there.
        """
        graphs = [file.parent for file in self._folder.glob(f"*/{_METADATA}")]
        files = [file for graph in graphs for file in graph.iterdir() if file.name != _UNREAD]
        return {file.relative_to(self._folder).as_posix(): checksum(file) for file in sorted(files)}

    def seal(self) -> None:
        """Say that all is written that was begun, and what the files have to be from now on."""
        with self._lock, in_words():
            for graph in self._folder.glob(f"*/{_METADATA}"):
                _wipe_unused(graph.parent)
            new = self._folder / f"{_SEAL}.new"
            new.write_text(json.dumps(self._sums()))
            new.replace(self._folder / _SEAL)

    def _write(self, write: Callable[[Any], None]) -> None:
        with self._lock:
            collection = self._open(create=True)
            (self._folder / _SEAL).unlink(missing_ok=True)
            try:
                write(collection)
            except BaseException as error:
                self._close_client()
                if isinstance(error, Exception) and little_room(self._folder):
                    raise no_room() from error  # Chroma does not always say so
                raise self._told(error) from error

    def _close_client(self) -> None:
        if self._client is not None:
            self._client.close()
        self._client = self._collection = self._unusable = None

    def close(self) -> None:
        """Let go of the files; the next call opens them anew and sees what others wrote meanwhile."""
        with self._lock:
            self._close_client()

    def upsert(self, rows: Sequence[int], vectors: Floats) -> None:
        """Put passages in, replacing those of the same row. `vectors`: shape (len(rows), dimension)."""

        def write(collection: Any) -> None:
            for part in self._parts(len(rows)):
                collection.upsert(ids=[str(row) for row in rows[part]], embeddings=vectors[part])

        self._write(write)

    def delete(self, rows: Sequence[int]) -> None:
        """Take passages out; rows that are not there are passed over."""

        def write(collection: Any) -> None:
            for part in self._parts(len(rows)):
                collection.delete(ids=[str(row) for row in rows[part]])

        self._write(write)

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

    def count(self) -> int:
        """How many passages the index holds."""
        return int(self._read(lambda collection: collection.count()))

    def clear(self) -> None:
        """Empty the index, so that it can be built anew; also one that cannot be read any more. Raises Unwritable."""
        with self._lock:
            self._close_client()
            folders.remove(self._folder)

    def _read(self, ask: Callable[..., Any]) -> Any:
        """Ask Chroma, and once more after reopening: another process may have written since this one opened."""
        for attempt in range(4):
            try:
                with self._lock if self.patient else nullcontext():  # a server answers many at once
                    return ask(self._open())
            except IndexDamaged:
                raise
            except BaseException as error:  # Chroma's Rust core raises InternalError and others for a stale reader
                self.close()
                if attempt == 3 or not isinstance(error, Exception):
                    raise self._told(error) from error
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
        self._servers, self._name, self.place = servers, name, servers.chroma
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
                raise self._told(error) from error
        return True

    def reach(self) -> None:
        """Raises IndexAway where the server does not answer."""
        _ = self.exists

    def answer(self, within: float) -> None:
        """Raises IndexAway where the server says nothing for so many seconds; asks it by a connection of its own."""
        at = urlsplit(self._servers.chroma)
        try:
            with urlopen(f"{at.scheme}://{at.netloc}/api/v2/heartbeat", timeout=within):
                pass
        except (OSError, HTTPException) as error:
            raise self._failed(error) from error

    @property
    def sealed(self) -> bool:
        """Yes: the server looks after its files."""
        return True

    def seal(self) -> None:
        """Nothing: the server looks after its files."""

    def check(self) -> None:
        """Nothing: the server looks after its files."""

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
                raise self._told(error) from error
            finally:
                self.close()

    def _connected(self) -> Any:
        import chromadb
        from chromadb.config import DEFAULT_DATABASE, DEFAULT_TENANT, Settings

        self.answer(_PATIENCE)  # the client asks for things at once, before it can be told not to wait for ever
        at = urlsplit(self._servers.chroma)
        secure = at.scheme == "https"
        client = chromadb.HttpClient(
            host=str(at.hostname),
            port=at.port or (443 if secure else 80),
            ssl=secure,
            headers={"x-chroma-token": self._servers.chroma_key} if self._servers.chroma_key else None,
            settings=Settings(anonymized_telemetry=False),
            tenant=self._servers.chroma_tenant or DEFAULT_TENANT,
            database=self._servers.chroma_database or DEFAULT_DATABASE,
        )
        for session in _sessions(client):
            session.timeout = _PATIENCE
        return client

    def _close_client(self) -> None:
        if self._client is not None:
            for session in _sessions(self._client):
                session.close()
        super()._close_client()

    def _look(self, create: bool) -> None:
        if not create and not self.exists:
            raise _damaged("its collection is gone")

    def _write(self, write: Callable[[Any], None]) -> None:
        with self._lock:
            try:
                write(self._open(create=True))
            except BaseException as error:
                self.close()
                raise self._told(error) from error

    def _failed(self, error: BaseException) -> HeardError:
        from chromadb.errors import ChromaError, NotFoundError

        if isinstance(error, NotFoundError):
            return _damaged("its collection is gone")
        said = f": {error}" if isinstance(error, ChromaError) else ""
        return IndexAway(f"The Chroma server at {self._servers.chroma} does not answer ({type(error).__name__}{said}).")


def _sessions(client: Any) -> list[Any]:
    """The HTTP sessions of a client, which it lets wait for ever and never closes (chromadb 1.5.9)."""
    return [one._server._session for one in (client, client._admin_client)]


def chroma_url(given: str) -> str:
    """The address of a Chroma server, "" for none. Raises BadInput."""
    at = urlsplit(given)
    if (given and not (at.scheme in ("http", "https") and at.hostname)) or at.password:
        raise BadInput(
            "HEARD_CHROMA_URL is not the address of a Chroma server, such as http://chroma.example:8000; "
            "its key goes into HEARD_CHROMA_KEY."
        )
    return given


def _wipe_unused(graph: Path) -> None:
    """Zero the room for passages to come: Chroma writes it out as it was in memory, where anybody's words may have
    been. hnswlib's header holds after four bytes the offset of the first record, how many there is room for, how many
    there are, and the size of one, in eight bytes each."""
    offset, _, used, size = struct.unpack("<4x4Q", (graph / "header.bin").read_bytes()[:36])
    for name, record in (("data_level0.bin", size), (_UNREAD, 4)):
        with (graph / name).open("r+b") as file:
            end = file.seek(0, os.SEEK_END)
            for start in range(offset + used * record, end, _PAGE * record):
                file.seek(start)
                file.write(bytes(min(_PAGE * record, end - start)))


def _damaged(why: str) -> IndexDamaged:
    return IndexDamaged(
        f"The vector index cannot be used ({why}). The notes are safe: run `heard doctor --repair` to build it again."
    )

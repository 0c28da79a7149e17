"""The keyword index: the one module that knows tantivy. It can always be rebuilt from SQL."""

from __future__ import annotations

import json
import struct
import tempfile
import threading
import zlib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np

from research import folders
from research.disk import refused
from research.errors import KeywordsDamaged, panicked
from research.words import IN_CONTEXT, stems

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from tantivy import Index, IndexWriter, Query, Searcher

T = TypeVar("T")

_PARTS = ("fast", "fieldnorm", "idx", "pos", "store", "term")  # the files of each segment
_FOOTER = 1337  # ends every file of tantivy
_HEAP = 32_000_000  # bytes of new words that are held before they are written


@dataclass(frozen=True, slots=True)
class Words:
    """A passage as the keyword index takes it in."""

    row: int
    note: str
    text: str
    context: str


class KeywordIndex:
    """Best matches first (BM25) over the words of passages, in a folder.

    Texts come in as stems with spaces between them, so that Python alone decides what a word is (`research.words`).
    Readers may go on while another process writes; `reload` shows them what is new.
    """

    in_sql = False

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._lock = threading.RLock()
        self._index: Index | None = None
        self._writer: IndexWriter | None = None
        self._mirror: tempfile.TemporaryDirectory[str] | None = None  # links to the files of a read-only folder

    def within(self, _connection: object) -> KeywordIndex:
        """Itself: files are part of no transaction."""
        return self

    @property
    def exists(self) -> bool:
        """Whether there are files; whoever writes first makes them."""
        return (self._folder / "meta.json").exists()

    def put(self, passages: Iterable[Words], gone: Iterable[int] = ()) -> None:
        """Take passages in, replacing those of the same row, and others out; on the disk when it returns."""

        def write(index: Index) -> None:
            import tantivy

            if self._writer is None:
                self._writer = index.writer(heap_size=_HEAP, num_threads=1)
            for row in gone:
                self._writer.delete_documents_by_term("row", row)
            for one in passages:
                self._writer.delete_documents_by_term("row", one.row)
                self._writer.add_document(
                    tantivy.Document(
                        text=" ".join(stems(one.text)), context=" ".join(stems(one.context)), note=one.note, row=one.row
                    )
                )
            self._writer.commit()
            index.reload()

        self._ask(write, create=True)

    def release(self) -> None:
        """End writing, so that another process may write; small parts are merged first."""
        with self._lock:
            writer, self._writer = self._writer, None
            if writer is not None:
                self._ask(lambda _: writer.wait_merging_threads())
                self.reload()

    def reload(self) -> None:
        """See what other processes have written."""
        with self._lock:
            if self._mirror is not None:
                self.close()
            if self._index is not None:
                self._ask(lambda index: index.reload())

    def close(self) -> None:
        """Let go of the files; the next call opens them anew."""
        with self._lock:
            self._index = self._writer = None
            mirror, self._mirror = self._mirror, None
            if mirror is not None:
                mirror.cleanup()

    def clear(self) -> None:
        """Empty the index, also one that cannot be read any more. Raises Unwritable."""
        with self._lock:
            self.close()
            folders.remove(self._folder)

    def check(self) -> None:
        """Hold every file there is against the checksum that tantivy wrote at its end. Raises KeywordsDamaged.

        It does not look at them itself when it opens them, and a changed byte may bring wrong passages.
        """
        if not self.exists:
            return
        try:
            meta = json.loads((self._folder / "meta.json").read_text())
            segments = {part["segment_id"].replace("-", "") for part in meta["segments"]}
            files = {file for file in self._folder.iterdir() if file.name.partition(".")[0] in segments}
            files |= {self._folder / f"{segment}.{part}" for segment in segments for part in _PARTS}
            whole = all(_whole(file) for file in files)
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise _damaged(type(error).__name__) from error
        if not whole:
            raise _damaged("its files have changed")

    def search(
        self,
        wanted: Iterable[str],
        phrases: Sequence[str],
        count: int,
        *,
        notes: Sequence[str] | None = None,
    ) -> NDArray[np.int64]:
        """Rows of the `count` best passages with any of the wanted stems and all of the phrases, best first.

        With `notes` only passages of these; quick for some hundreds of notes.
        """
        query = self._query(list(wanted), phrases)
        if query is None:
            return np.zeros(0, dtype=np.int64)

        def find(index: Index) -> NDArray[np.int64]:
            from tantivy import Occur, Query

            narrowed = query(index)
            if notes is not None:
                among = Query.const_score_query(Query.term_set_query(index.schema, "note", list(notes)), 0.0)
                narrowed = Query.boolean_query([(Occur.Must, narrowed), (Occur.Must, among)])
            found = index.searcher()
            hits = found.search(narrowed, count, count=False).hits
            rows = np.array(_rows(found, [address for _, address in hits]), dtype=np.int64)
            scores = np.array([score for score, _ in hits], dtype=np.float64)
            return rows[
                np.lexsort((rows, -scores))
            ]  # equal scores in the order of the passages, however they are stored

        return self._ask(find)

    def holding(self, wanted: Iterable[str], notes: Sequence[str] | None = None) -> tuple[int, dict[str, int]]:
        """How many passages there are, of all or of some notes, and how many of them hold each stem in their own
        words."""

        def count(index: Index) -> tuple[int, dict[str, int]]:
            found = index.searcher()
            if notes is None:
                return found.num_docs, {stem: found.doc_freq("text", stem) for stem in wanted}
            from tantivy import Occur, Query

            among = Query.term_set_query(index.schema, "note", list(notes))

            def number(query: Query) -> int:
                return int(found.search(query, 1, count=True).count)  # type: ignore[attr-defined]  # not in its stubs

            held = {
                stem: number(
                    Query.boolean_query(
                        [(Occur.Must, Query.term_query(index.schema, "text", stem, "basic")), (Occur.Must, among)]
                    )
                )
                for stem in wanted
            }
            return number(among), held

        return self._ask(count)

    def rows(self) -> NDArray[np.int64]:
        """All rows that the index holds."""

        def find(index: Index) -> NDArray[np.int64]:
            from tantivy import Query

            found = index.searcher()
            hits = found.search(Query.all_query(), max(1, found.num_docs), count=False).hits
            return np.array(_rows(found, [address for _, address in hits]), dtype=np.int64)

        return self._ask(find)

    def _query(self, single: Sequence[str], phrases: Sequence[str]) -> Callable[[Index], Query] | None:
        """The stems and phrases as tantivy asks for them; None when there is no word in them."""
        together = [found for phrase in phrases if (found := stems(phrase))]
        if not single and not together:
            return None

        def build(index: Index) -> Query:
            from tantivy import Occur, Query

            def term(field: str, stem: str) -> Query:
                return Query.term_query(index.schema, field, stem, "freq")

            parts = [
                (
                    Occur.Should,
                    Query.boolean_query(
                        [
                            (Occur.Should, term("text", stem)),
                            (Occur.Should, Query.boost_query(term("context", stem), IN_CONTEXT)),
                        ]
                    ),
                )
                for stem in single
            ]
            parts += [
                (
                    Occur.Must,
                    Query.phrase_query(index.schema, "text", list(found)) if len(found) > 1 else term("text", found[0]),
                )
                for found in together
            ]
            return Query.boolean_query(parts)

        return build

    def _ask(self, what: Callable[[Index], T], *, create: bool = False) -> T:
        """Do something with the open index; whatever tantivy raises about its files means that they are damaged."""
        try:
            with self._lock:
                if self._index is None:
                    self._index = _open(self._readable(), create and not self.exists)
                index = self._index
            return what(index)
        except BaseException as error:
            if not (isinstance(error, (ValueError, OSError, TypeError)) or panicked(error)):
                raise
            self.close()
            raise (refused(error) or _damaged(type(error).__name__)) from error

    def _readable(self) -> Path:
        """A folder to open the index in: where none can be written to, one of links, since tantivy makes a lock file
        to read too."""
        if folders.writable(self._folder) or not self.exists:
            return self._folder
        self._mirror = tempfile.TemporaryDirectory(prefix="heard-keywords-")
        for file in self._folder.iterdir():
            if file.suffix != ".lock":
                (Path(self._mirror.name) / file.name).symlink_to(file)
        return Path(self._mirror.name)


def _whole(file: Path) -> bool:
    """Whether a file has the CRC that stands in its footer: JSON, the length of that, and a number that is always the
    same, as tantivy's `directory::footer` writes them."""
    content = memoryview(file.read_bytes())
    length, magic = struct.unpack("<II", content[-8:]) if len(content) > 8 else (0, 0)
    if magic != _FOOTER or length > len(content) - 8:
        return False
    footer = json.loads(bytes(content[-8 - length : -8]))
    return bool(footer["crc"] == zlib.crc32(content[: -8 - length]))


def _damaged(why: str) -> KeywordsDamaged:
    return KeywordsDamaged(
        f"The keyword index cannot be used ({why}). The notes are safe: run `heard doctor --repair` to build it again."
    )


def _open(folder: Path, create: bool) -> Index:
    from tantivy import Index, SchemaBuilder

    if not create:
        return Index.open(str(folder))
    folder.mkdir(parents=True, exist_ok=True)
    schema = SchemaBuilder()
    schema.add_text_field("text", tokenizer_name="whitespace", index_option="position")
    schema.add_text_field("context", tokenizer_name="whitespace", index_option="freq")
    schema.add_text_field("note", tokenizer_name="raw", index_option="basic")
    schema.add_integer_field("row", indexed=True, fast=True)
    return Index(schema.build(), path=str(folder))


def _rows(found: Searcher, addresses: Sequence[Any]) -> list[Any]:
    return list(found.fast_field_values("row", list(addresses))) if addresses else []

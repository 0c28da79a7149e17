"""The indexes of a repository, words and vectors, kept in agreement with SQL by one writer at a time."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from datetime import datetime
from typing import TYPE_CHECKING, Any

import numpy as np
from sqlalchemy import Connection, Engine, Row

from research.embedder import Embedder
from research.errors import Busy, IndexAway, IndexDamaged, KeywordsDamaged, ModelMismatch
from research.filters import Filter
from research.index_reader import MOST_UNTOLD, Indexes, IndexReader, check_model
from research.keywords import Words
from research.models import TagAssignment
from research.store import assignments, index_state, named_values, passages
from research.store.database import compact, learn_sizes, place, write_lock, writing
from research.store.erasure import TO_PURGE
from research.store.schema import NEW, NO_VECTOR, NO_WORDS, NOT_IN_CHROMA
from research.words import in_plain_words

if TYPE_CHECKING:
    from numpy.typing import NDArray

# Gives the tags of passages from their ids, their words and their vectors.
Tagger = Callable[[Sequence[str], Sequence[str], "NDArray[np.float32]"], Mapping[str, Sequence[TagAssignment]]]

_KEYWORDS, _MATRIX, _CHROMA = "keywords", "vectors", "index"  # what may be damaged

_BATCH = 1_024  # passages between two commits
_TOLD = 2_000  # passages that Chroma is told of at once: it writes its graph out each time
_EMBEDDED = 256  # passages embedded at once: enough to sort by length, few enough to show progress

# Chroma opens in seconds where there are a million passages, so it is told of new ones when they are one in a hundred
# of all (at once in a repository of less than a hundred). Until then they are scored from the matrix.
_SHARE = 100


def embedded_text(text: str, context: str) -> str:
    """What a passage's vector is made from: the question it answers, then the words."""
    return in_plain_words(f"{context}\n{text}" if context else text)


class SearchIndex:
    """Words and vectors of all passages, with a mark in SQL on every passage that they do not agree with yet.

    Reading (`reading`) is safe beside a writer in this or another process. Writing happens inside `writer`.
    """

    def __init__(
        self, indexes: Indexes, engine: Engine, embedder: Embedder, now: Callable[[], datetime], lock_timeout: float
    ) -> None:
        self.embedder = embedder
        self._indexes, self._engine, self._now, self._lock_timeout = indexes, engine, now, lock_timeout

    def close(self) -> None:
        """Let go of the files."""
        self._indexes.close()

    @contextmanager
    def reading(self, connection: Connection | None = None) -> Iterator[IndexReader]:
        """The indexes as they stand now, in a transaction of its own or in that of `connection`."""
        if connection is None:
            with self._engine.connect() as own, self.reading(own) as reader:
                yield reader
        else:
            yield IndexReader(connection, self._indexes, self._indexes.refresh(connection), self.embedder.name)

    def warm_up(self) -> None:
        """Open everything, so that the first question is answered as fast as the others."""
        with self.reading() as reader:
            reader.indexes.labels.keeps(reader.connection, Filter(), reader.now.generation)
            if reader.now.dimension:
                reader.nearest(np.ones((1, reader.now.dimension), dtype=np.float32), 1, Filter())

    def place(self) -> str:
        """Where the repository and its indexes are, as people may be told."""
        return " and ".join(filter(None, (place(self._engine), self._indexes.chroma.place)))

    def reach(self) -> None:
        """Raises IndexAway where a server is needed that does not answer."""
        self._indexes.chroma.reach()

    def answer(self, within: float) -> None:
        """Raises IndexAway where such a server says nothing for so many seconds, whatever it is at."""
        self._indexes.chroma.answer(within)

    def pending(self) -> int:
        """How many passages are stored but not yet (or no longer) as the index has them."""
        with self._engine.connect() as connection:
            return sum(index_state.waiting(connection))

    def untagged(self) -> bool:
        """Whether some passages can be found that no tagger has seen as they are."""
        with self._engine.connect() as connection:
            return bool(index_state.untagged(connection, 1))

    def model(self) -> tuple[str, int]:
        """The model that the index was made with and its dimension; the one that is set, before there is an index."""
        with self._engine.connect() as connection:
            now = index_state.standing(connection)
        return now.model or self.embedder.name, now.dimension

    # -- writing ---------------------------------------------------------------------------------------------------

    @contextmanager
    def writer(
        self, what: str, *, wait: float | None = None, on_wait: Callable[[str], None] | None = None
    ) -> Iterator[None]:
        """Hold the repository for writing; others wait, and read `what` meanwhile. Raises Busy, ModelMismatch."""
        timeout = self._lock_timeout if wait is None else wait
        with write_lock(self._engine, what, timeout, on_wait):
            self._check_model()
            try:
                yield
            finally:
                self._indexes.keywords.release()
                learn_sizes(self._engine)

    def sync(
        self,
        *,
        tagger: Tagger | None = None,
        on_progress: Callable[[int], None] | None = None,
        known: SearchIndex | None = None,
    ) -> int:
        """Work off everything that is pending, in batches that each end in a commit; only inside `writer`.

        With a `tagger`, new and changed passages are tagged from the same vectors; those that another index `known` of
        the same passages holds are taken from there. Returns how many passages were
        dealt with. A crash at any point leaves passages pending, and the next call goes on from there.
        """
        with self._engine.connect() as connection:
            now = self._indexes.refresh(connection)
        self._replace_lost(now)
        self._forget_gone()
        total = 0
        while True:
            with self._engine.connect() as connection:
                batch = index_state.pending(connection, _BATCH)
            if batch:
                self._take_in(batch, tagger, known, _after(total, on_progress))
                total += len(batch)
            with suppress(IndexAway):
                self._tell_chroma()
            if not batch:
                if tagger:
                    self._tag_left(tagger)
                return total

    def catch_up(self) -> None:
        """Work off what a small change left pending, unless somebody is writing: they will do it then."""
        with suppress(Busy, IndexDamaged, KeywordsDamaged, ModelMismatch), self.writer("A change on a page", wait=0):
            self.sync()

    def mend(self, missing: Sequence[str], extra: Sequence[int], unworded: Sequence[str] = ()) -> None:
        """Embed the passages `missing`, take in the words of those `unworded`, and take out rows; inside `writer`."""
        with writing(self._engine).begin() as connection:
            index_state.mark(connection, list(index_state.rows_of(connection, missing).values()), NEW)
            index_state.mark(connection, list(index_state.rows_of(connection, unworded).values()), NO_WORDS)
            index_state.mark_gone(connection, extra)
        self.sync()

    def rebuild(self, on_progress: Callable[[int, int], None] | None = None) -> int:
        """Build all indexes anew from SQL, with the model that is set. Returns the number of passages.

        Words come first, while the vectors are as they were: at any time all can be found by the one or by the other.
        """
        with write_lock(self._engine, "heard reindex", self._lock_timeout):
            self.reach()  # where its server does not answer, nothing is emptied
            try:
                self._rebuild_words()
                index_state.mark_all(self._engine, NO_VECTOR)
                index_state.chroma_emptied(self._engine)
                self._indexes.chroma.clear()
                self._indexes.matrix.clear()
                self._remember_model()
                total = self.pending()
                return self.sync(on_progress=(lambda done: on_progress(done, total)) if on_progress else None)
            finally:
                self._indexes.keywords.release()

    def damage(self) -> dict[str, str]:
        """What of the indexes' files is damaged, by its name, with a sentence that names the way out. Each file is read
        through once; servers look after theirs."""
        self._indexes.close()  # what is open may have been deleted
        with self._engine.connect() as connection:
            now = self._indexes.refresh(connection)
        checks: dict[str, Callable[[], None]] = {_CHROMA: self._indexes.chroma.check}
        if now.generation:
            checks |= {_KEYWORDS: self._indexes.keywords.check, _MATRIX: self._indexes.matrix.check}
        found = {}
        for name, check in checks.items():
            try:
                check()
            except (KeywordsDamaged, IndexDamaged) as error:
                found[name] = str(error)
        return found

    def rebuild_damaged(self, which: Collection[str]) -> None:
        """Build anew what `damage` found, each from what is whole; only inside `writer`."""
        if _KEYWORDS in which:
            index_state.mark_all(self._engine, NO_WORDS)
            self._indexes.keywords.clear()
        if _MATRIX in which:
            index_state.mark_all(self._engine, NO_VECTOR | NOT_IN_CHROMA)
            self._indexes.matrix.clear()
        if _CHROMA in which:
            index_state.chroma_emptied(self._engine)
            self._indexes.chroma.clear()
        self.sync()

    def take_over(self) -> None:
        """Make all indexes anew for a database that has come from elsewhere, with the vectors that came with it, if
        there is such a file; while the write lock is held."""
        indexes = self._indexes
        try:
            if indexes.matrix.exists:
                with self._engine.connect() as connection:
                    rows = np.array(index_state.all_rows(connection), dtype=np.int64)
                kept = rows[indexes.matrix.holds(rows)] if len(rows) else rows
                index_state.mark_vectors_there(self._engine, kept.tolist())
            indexes.chroma.clear()
            self.purge()
        finally:
            indexes.keywords.release()

    def rebuild_keywords(self) -> None:
        """Build the keyword index anew from SQL; only inside `writer`."""
        self._rebuild_words()
        self.sync()

    def purge(self) -> None:
        """Write both indexes and the database anew, so that no file holds a byte of what was erased; inside `writer`.

        Until then tantivy, Chroma and SQLite's file of recent changes only mark what is gone. Raises Busy when somebody
        has been reading for more than a minute.
        """
        if not self._indexes.keywords.in_sql:  # a table is written anew with all others
            self._rebuild_words()
        self.rebuild_chroma()
        compact(self._engine)
        with writing(self._engine).begin() as connection:  # only now: whoever is cut off before has not finished
            named_values.set_setting(connection, TO_PURGE, "")

    def _rebuild_words(self) -> None:
        """Empty the keyword index, and take in the words of every passage there is, whether it has a vector or not."""
        index_state.mark_all(self._engine, NO_WORDS)
        self._indexes.keywords.clear()
        while True:
            with self._engine.connect() as connection:
                batch = index_state.unworded(connection, _BATCH)
            self._indexes.keywords.put(Words(row.row, row.note_id, row.text, row.context) for row in batch)
            if not batch:  # it was put in all the same: an index of nothing is there too
                return
            with writing(self._engine).begin() as connection:
                index_state.mark_worded(connection, [row.row for row in batch])

    @property
    def to_purge(self) -> bool:
        """Whether something was erased of which the files may still hold something."""
        with self._engine.connect() as connection:
            return bool(named_values.setting(connection, TO_PURGE))

    def rebuild_chroma(self) -> None:
        """Build Chroma's index anew from the matrix, without embedding anything it holds; only inside `writer`."""
        with self._engine.connect() as connection:
            rows = list(index_state.rows_of(connection, passages.passage_ids(connection)).values())
        lost = rows
        with suppress(IndexDamaged):
            lost = np.array(rows, dtype=np.int64)[~self._indexes.matrix.holds(rows)].tolist()
        self._indexes.chroma.clear()  # first: where its server does not answer, nothing is marked
        index_state.chroma_emptied(self._engine)
        with writing(self._engine).begin() as connection:
            index_state.mark(connection, lost, NO_VECTOR)
        self.sync()

    def _replace_lost(self, now: index_state.Standing) -> None:
        """Mark what was in an index whose files somebody has deleted, or whose writing was cut off."""
        if now.generation and not self._indexes.keywords.exists:
            index_state.mark_all(self._engine, NO_WORDS)
        if now.generation and not self._indexes.matrix.exists:
            index_state.mark_all(self._engine, NO_VECTOR | NOT_IN_CHROMA)
        with suppress(IndexAway):
            if not self._indexes.chroma.sealed and self._indexes.chroma.exists:
                self._indexes.chroma.clear()
            if now.chroma and not self._indexes.chroma.exists:
                index_state.chroma_emptied(self._engine)

    def _take_in(
        self, batch: Sequence[Row[Any]], tagger: Tagger | None, known: SearchIndex | None, done: Callable[[int], None]
    ) -> None:
        """Make a batch of passages findable: vectors into the matrix, words into the keyword index, tags into SQL."""
        tags: dict[str, Sequence[TagAssignment]] = {}
        fresh = [row for row in batch if row.state & NO_VECTOR]
        if known and fresh:
            fresh = self._copied(fresh, known)
        if fresh:
            self._check_model(self.embedder.dimension)
        for start in range(0, len(fresh), _EMBEDDED):
            part = fresh[start : start + _EMBEDDED]
            rows = [row.row for row in part]
            self._indexes.matrix.write(
                rows, self.embedder.embed([embedded_text(row.text, row.context) for row in part])
            )
            if tagger:
                tags.update(
                    tagger([row.id for row in part], [row.text for row in part], self._indexes.matrix.read(rows))
                )
            done(start + len(part))
        unworded = [row for row in batch if row.state & NO_WORDS]
        if unworded:
            self._indexes.keywords.put(Words(row.row, row.note_id, row.text, row.context) for row in unworded)
        with writing(self._engine).begin() as connection:
            assignments.replace_tagger_tags(connection, tags, self._now())
            tagged = {row.row for row in fresh} if tagger else set()
            index_state.mark_found(connection, {row.row: row.state for row in batch}, tagged)
        done(len(batch))

    def _tag_left(self, tagger: Tagger) -> None:
        """Tag what was taken in without a tagger: by a repair, or by a small change, after an ingest was cut off."""
        while True:
            with self._engine.connect() as connection:
                batch = index_state.untagged(connection, _BATCH)
            if not batch:
                return
            rows = [row.row for row in batch]
            tags = tagger([row.id for row in batch], [row.text for row in batch], self._indexes.matrix.read(rows))
            with writing(self._engine).begin() as connection:
                assignments.replace_tagger_tags(connection, tags, self._now())
                index_state.mark_tagged(connection, rows)

    def _copied(self, batch: Sequence[Row[Any]], known: SearchIndex) -> list[Row[Any]]:
        """Take the vectors that another index of the same passages holds; returns the passages without any."""
        rows = [row.row for row in batch]
        try:
            vectors = known._indexes.matrix.read(rows)
            damaged = known._indexes.matrix.damaged(rows)
        except IndexDamaged:
            return list(batch)
        there = (np.any(vectors != 0, axis=1) & ~np.isin(rows, damaged)).tolist()
        self._indexes.matrix.write([row.row for row, held in zip(batch, there, strict=True) if held], vectors[there])
        return [row for row, held in zip(batch, there, strict=True) if not held]

    def _forget_gone(self) -> None:
        """Take deleted passages out of the words and the vectors."""
        with self._engine.connect() as connection:
            rows = index_state.gone(connection, in_chroma_only=False)
        if not rows:
            return
        self._indexes.matrix.erase(rows)
        self._indexes.keywords.put((), gone=rows)
        with writing(self._engine).begin() as connection:
            index_state.mark_forgotten(connection, rows)

    def _tell_chroma(self) -> None:
        """Bring Chroma up to date once enough has changed that it does not know, and its server answers: until then
        what is new is scored from the matrix."""
        with self._engine.connect() as connection:
            untold, gone, highest = index_state.untold(connection)
            patience = min(highest // _SHARE, MOST_UNTOLD) if self._indexes.chroma.patient else 0
            if untold + gone <= patience:
                return None
            now = index_state.standing(connection)
        if (
            now.chroma > self._indexes.chroma_as_of
        ):  # another process has written since: what is open here must not write
            self._indexes.chroma.close()
        while True:
            with self._engine.connect() as connection:
                rows = index_state.rows_for_chroma(connection, _TOLD)
                left = index_state.gone(connection, in_chroma_only=True)
            if not rows and not left:
                return self._indexes.chroma.seal()
            if rows:
                self._indexes.chroma.upsert(rows, self._indexes.matrix.read(rows))
            if left:
                self._indexes.chroma.delete(left)
            with writing(self._engine).begin() as connection:
                self._indexes.chroma_as_of = index_state.mark_told(connection, rows, left)

    # -- agreement -------------------------------------------------------------------------------------------------

    def _check_model(self, dimension: int | None = None) -> None:
        """The index has to be the model's that is set, or else it is from now on. Raises ModelMismatch."""
        with self._engine.connect() as connection:
            now = index_state.standing(connection)
        check_model(now, self.embedder.name, dimension)
        if dimension and not now.dimension:
            self._remember_model()

    def _remember_model(self) -> None:
        with writing(self._engine).begin() as connection:
            named_values.set_setting(connection, "model", self.embedder.name)
            named_values.set_setting(connection, "dimension", str(self.embedder.dimension))


def _after(already: int, on_progress: Callable[[int], None] | None) -> Callable[[int], None]:
    """What tells of progress within a batch, when so many are done already."""
    return lambda done: on_progress(already + done) if on_progress else None

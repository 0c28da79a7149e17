"""The indexes of a repository, words and vectors, kept in agreement with SQL by one writer at a time."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from datetime import datetime
from math import ceil
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from sqlalchemy import Connection, Engine, Row

from research.embedder import Embedder
from research.errors import Busy, IndexDamaged, KeywordsDamaged, ModelMismatch
from research.filters import Filter
from research.keywords import KeywordIndex, Words
from research.lock import write_lock
from research.matrix import Matrix
from research.models import TagAssignment
from research.store import assignments, index_state, named_values, passages
from research.store.database import writing
from research.store.row_labels import RowLabels
from research.store.schema import NEW, NO_VECTOR, NO_WORDS, NOT_IN_CHROMA
from research.vectors import VectorIndex
from research.words import stem

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float32]
    Rows = NDArray[np.int64]
    Mask = NDArray[np.bool_]

# Gives the tags of passages from their ids, their words and their vectors.
Tagger = Callable[[Sequence[str], Sequence[str], "NDArray[np.float32]"], Mapping[str, Sequence[TagAssignment]]]

_BATCH = 1_024  # passages between two commits
_EMBEDDED = 256  # passages embedded at once: enough to sort by length, few enough to show progress

# Chroma opens in seconds where there are a million passages, so it is told of new ones when they are one in a hundred
# of all (at once in a repository of less than a hundred). Until then they are scored from the matrix.
_SHARE, _MOST_UNTOLD = 100, 20_000

_EXACT = 50_000  # passages that a filter leaves to be scored one by one; of more, Chroma's nearest are looked through
_DEEPER = 2.5  # how many more neighbours Chroma is asked for than are wanted: its search is approximate
_LEAST, _DEEPEST = 100, 3_000  # neighbours it is asked for at least, since fewer cost the same, and at most
_NOTES = 500  # notes that keywords are looked for in by name; in more, the best matches of all are looked through
_MATCHES = 20_000  # at most that many of them


def embedded_text(text: str, context: str) -> str:
    """What a passage's vector is made from: the question it answers, then the words."""
    return f"{context}\n{text}" if context else text


class SearchIndex:
    """Words and vectors of all passages, with a mark in SQL on every passage that they do not agree with yet.

    A passage is found once its words are in the keyword index and its vector in the matrix; Chroma, which finds the
    nearest among many, takes it in later. Reading is safe beside a writer in this or another process. Writing happens
    inside `writer`.
    """

    def __init__(
        self, home: Path, engine: Engine, embedder: Embedder, now: Callable[[], datetime], lock_timeout: float
    ) -> None:
        self.embedder = embedder
        self._home, self._engine, self._now, self._lock_timeout = home, engine, now, lock_timeout
        self._chroma = VectorIndex(home / "index")
        self._matrix = Matrix(home / "vectors.i8")
        self._keywords = KeywordIndex(home / "keywords")
        self._labels = RowLabels()
        self._lock = threading.RLock()
        self._seen = -1  # the generation that the words and `_fresh` are of
        self._chroma_as_of = -1  # the generation in which Chroma was opened or last written to
        self._fresh: Rows = np.zeros(0, dtype=np.int64)  # passages that the open Chroma may not know as they are

    def close(self) -> None:
        """Let go of the files."""
        self._chroma.close()
        self._matrix.close()
        self._keywords.close()
        self._labels.forget()
        self._seen = self._chroma_as_of = -1

    def warm_up(self) -> None:
        """Open everything, so that the first question is answered as fast as the others."""
        with self._engine.connect() as connection:
            now = self._refresh(connection)
            self._labels.keeps(connection, Filter(), now.generation)
        if now.dimension:
            self.nearest(np.ones((1, now.dimension), dtype=np.float32), 1, Filter())

    # -- reading ---------------------------------------------------------------------------------------------------

    def nearest(self, vectors: Floats, count: int, narrow: Filter) -> list[list[tuple[str, float]]]:
        """For each row of `vectors` the `count` nearest passages as (id, cosine similarity), nearest first.

        Raises ModelMismatch when the vectors are another model's, IndexDamaged when the index cannot be read.
        """
        self._check_model(vectors.shape[1])
        if not len(vectors):
            return []
        with self._engine.connect() as connection:
            now = self._refresh(connection)
            mask = self._labels.keeps(connection, narrow, now.generation) if narrow else None
            kept = int(np.count_nonzero(mask)) if mask is not None else 0
            if mask is not None and not kept:
                return [[] for _ in vectors]
            if mask is not None and kept <= _EXACT:
                found = self._nearest_of(np.flatnonzero(mask), vectors, count)
            elif now.chroma:
                found = self._nearest_of_all(vectors, count, mask, kept)
            else:
                found = self._nearest_of(self._fresh[_inside(mask, self._fresh)], vectors, count)
            ids = index_state.ids_of(connection, np.unique(np.concatenate([rows for rows, _ in found])).tolist())
        return [
            [(ids[row], cosine) for row, cosine in zip(rows.tolist(), cosines.tolist(), strict=True) if row in ids][
                :count
            ]
            for rows, cosines in found
        ]

    def by_words(
        self,
        words: Sequence[str],
        count: int,
        narrow: Filter,
        *,
        phrases: Sequence[str] = (),
    ) -> list[tuple[str, float]]:
        """The `count` passages that match words best, as (id, BM25 score): any inflection of any word.

        Each of `phrases` must stand in the passage's own words as it is, in any case. Raises KeywordsDamaged.
        """
        with self._engine.connect() as connection:
            now = self._refresh(connection)
            mask = self._labels.keeps(connection, narrow, now.generation) if narrow else None
            deep = count if not phrases else max(count, _DEEPEST)
            notes = None
            if mask is not None:
                kept = int(np.count_nonzero(mask))
                notes = self._labels.notes(mask, _NOTES) if kept <= _EXACT else None
                deep = min(_MATCHES, ceil(deep * len(mask) / kept * _DEEPER)) if kept else 0
            if not deep or notes == [] or not now.generation:
                return []
            rows, scores = self._keywords.search(words, phrases, max(deep, count), notes=notes)
            inside = _inside(mask, rows)
            rows, scores = rows[inside], scores[inside]
            if not phrases:
                rows, scores = rows[: _some_more(count)], scores[: _some_more(count)]
            ids = index_state.ids_of(connection, rows.tolist())
            if phrases:
                texts = passages.texts(connection, list(ids.values()))
                wanted = [phrase.casefold() for phrase in phrases]
                ids = {row: id_ for row, id_ in ids.items() if all(one in texts[id_].casefold() for one in wanted)}
        found = zip(rows.tolist(), scores.tolist(), strict=True)
        return [(ids[row], score) for row, score in found if row in ids][:count]

    def holding(self, words: Sequence[str]) -> tuple[int, dict[str, int]]:
        """How many passages there are, and how many of them hold each word's stem. Raises KeywordsDamaged."""
        with self._engine.connect() as connection:
            now = self._refresh(connection)
        return self._keywords.holding([stem(word) for word in words]) if now.generation else (0, {})

    def vectors(self, ids: Sequence[str]) -> dict[str, Floats]:
        """The vectors of passages by id; those that the index does not hold are left out."""
        with self._engine.connect() as connection:
            self._refresh(connection)
            rows = index_state.rows_of(connection, ids)
        if not rows:
            return {}
        vectors = self._matrix.read(list(rows.values()))
        there: Mask = np.any(vectors != 0, axis=1)
        return {id_: vectors[n] for n, id_ in enumerate(rows) if there[n]}

    def ids(self) -> set[str]:
        """All passages that can be found by their vector."""
        rows = np.array(sorted(self._rows_by_vector()), dtype=np.int64)
        if not len(rows):
            return set()
        with self._engine.connect() as connection:
            return set(index_state.ids_of(connection, rows[self._matrix.holds(rows)].tolist()).values())

    def worded_ids(self) -> set[str]:
        """All passages that can be found by their words."""
        rows = list(self._rows_by_words())
        with self._engine.connect() as connection:
            return set(index_state.ids_of(connection, rows).values())

    def strays(self) -> list[int]:
        """Rows in the indexes that are no passage, nor known to be gone."""
        held = self._rows_by_vector()
        with suppress(KeywordsDamaged):  # that is found by itself
            held |= self._rows_by_words()
        with self._engine.connect() as connection:
            held -= set(index_state.ids_of(connection, list(held)))
            held -= {row for only in (True, False) for row in index_state.gone(connection, in_chroma_only=only)}
        return sorted(held)

    def count(self) -> int:
        """How many passages can be found by their vector."""
        with self._engine.connect() as connection:
            now = self._refresh(connection)
            untold = index_state.rows_for_chroma(connection, None)
            gone = index_state.gone(connection, in_chroma_only=True)
        if not now.chroma:
            return len(untold)
        known = self._chroma.holding([*untold, *gone])
        return self._chroma.count() - len(known.intersection(gone)) + len(set(untold) - known)

    def pending(self) -> int:
        """How many passages are stored but not yet (or no longer) as the index has them."""
        with self._engine.connect() as connection:
            return sum(index_state.waiting(connection))

    def behind(self) -> str:
        """A sentence for a reader when some passages cannot be found yet, "" when all can."""
        with self._engine.connect() as connection:
            count, _ = index_state.waiting(connection)
        if not count:
            return ""
        return (
            f"{count} passages cannot be found yet. If nothing is being added right now, run `heard doctor --repair`."
        )

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
        with write_lock(self._home, what, timeout, on_wait):
            self._check_model()
            try:
                yield
            finally:
                self._keywords.release()

    def sync(self, *, tagger: Tagger | None = None, on_progress: Callable[[int], None] | None = None) -> int:
        """Work off everything that is pending, in batches that each end in a commit; only inside `writer`.

        With a `tagger`, new and changed passages are tagged from the same vectors. Returns how many passages were
        dealt with. A crash at any point leaves passages pending, and the next call goes on from there.
        """
        with self._engine.connect() as connection:
            now = self._refresh(connection)
        self._replace_lost(now)
        self._forget_gone()
        total = 0
        while True:
            with self._engine.connect() as connection:
                batch = index_state.pending(connection, _BATCH)
            if batch:
                self._take_in(batch, tagger, _after(total, on_progress))
                total += len(batch)
            self._tell_chroma()
            if not batch:
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
        """Build all indexes anew from SQL, with the model that is set. Returns the number of passages."""
        with write_lock(self._home, "heard reindex", self._lock_timeout):
            index_state.mark_all(self._engine, NEW)
            self._chroma.clear()
            self._matrix.clear()
            self._keywords.clear()
            self._remember_model()
            total = self.pending()
            try:
                return self.sync(on_progress=(lambda done: on_progress(done, total)) if on_progress else None)
            finally:
                self._keywords.release()

    def rebuild_keywords(self) -> None:
        """Build the keyword index anew from SQL; only inside `writer`."""
        index_state.mark_all(self._engine, NO_WORDS)
        self._keywords.clear()
        self.sync()

    def rebuild_chroma(self) -> None:
        """Build Chroma's index anew from the matrix, without embedding anything it holds; only inside `writer`."""
        with self._engine.connect() as connection:
            rows = list(index_state.rows_of(connection, passages.passage_ids(connection)).values())
        lost = rows
        with suppress(IndexDamaged):
            lost = np.array(rows, dtype=np.int64)[~self._matrix.holds(rows)].tolist()
        index_state.mark_all(self._engine, NOT_IN_CHROMA)
        with writing(self._engine).begin() as connection:
            index_state.mark(connection, lost, NO_VECTOR)
        self._chroma.clear()
        self.sync()

    def _replace_lost(self, now: index_state.Standing) -> None:
        """Mark what was in an index whose files somebody has deleted."""
        if now.generation and not self._keywords.exists:
            index_state.mark_all(self._engine, NO_WORDS)
        if now.generation and not self._matrix.exists:
            index_state.mark_all(self._engine, NO_VECTOR | NOT_IN_CHROMA)
        if now.chroma and not self._chroma.exists:
            index_state.mark_all(self._engine, NOT_IN_CHROMA)

    def _take_in(self, batch: Sequence[Row[Any]], tagger: Tagger | None, done: Callable[[int], None]) -> None:
        """Make a batch of passages findable: vectors into the matrix, words into the keyword index, tags into SQL."""
        tags: dict[str, Sequence[TagAssignment]] = {}
        fresh = [row for row in batch if row.state & NO_VECTOR]
        if fresh:
            self._check_model(self.embedder.dimension)
        for start in range(0, len(fresh), _EMBEDDED):
            part = fresh[start : start + _EMBEDDED]
            rows = [row.row for row in part]
            self._matrix.write(rows, self.embedder.embed([embedded_text(row.text, row.context) for row in part]))
            if tagger:
                tags.update(tagger([row.id for row in part], [row.text for row in part], self._matrix.read(rows)))
            done(start + len(part))
        unworded = [row for row in batch if row.state & NO_WORDS]
        if unworded:
            self._keywords.put(Words(row.row, row.note_id, row.text, row.context) for row in unworded)
        with writing(self._engine).begin() as connection:
            assignments.replace_tagger_tags(connection, tags, self._now())
            index_state.mark_found(connection, {row.row: row.state for row in batch})
        done(len(batch))

    def _forget_gone(self) -> None:
        """Take deleted passages out of the words and the vectors."""
        with self._engine.connect() as connection:
            rows = index_state.gone(connection, in_chroma_only=False)
        if not rows:
            return
        self._matrix.erase(rows)
        self._keywords.put((), gone=rows)
        with writing(self._engine).begin() as connection:
            index_state.mark_forgotten(connection, rows)

    def _tell_chroma(self) -> None:
        """Bring Chroma up to date once enough has changed that it does not know."""
        with self._engine.connect() as connection:
            untold, gone, highest = index_state.untold(connection)
            if untold + gone <= min(highest // _SHARE, _MOST_UNTOLD):
                return
            now = index_state.standing(connection)
        if now.chroma > self._chroma_as_of:  # another process has written since: what is open here must not write
            self._chroma.close()
        while True:
            with self._engine.connect() as connection:
                rows = index_state.rows_for_chroma(connection, _BATCH)
                left = index_state.gone(connection, in_chroma_only=True)
            if not rows and not left:
                return
            if rows:
                self._chroma.upsert(rows, self._matrix.read(rows))
            if left:
                self._chroma.delete(left)
            with writing(self._engine).begin() as connection:
                self._chroma_as_of = index_state.mark_told(connection, rows, left)

    # -- agreement -------------------------------------------------------------------------------------------------

    def _refresh(self, connection: Connection) -> index_state.Standing:
        """See what other processes have changed: the words by reloading, vectors by knowing which are new."""
        with self._lock:
            now = index_state.standing(connection)
            if now.generation != self._seen:
                if now.cleared > self._seen >= 0:
                    self.close()
                with suppress(KeywordsDamaged):  # said when they are asked for
                    self._keywords.reload()
                if not self._chroma.is_open:
                    self._chroma_as_of = now.generation
                self._fresh = np.array(index_state.fresh(connection, self._chroma_as_of), dtype=np.int64)
                if len(self._fresh) > 2 * _MOST_UNTOLD:
                    self._chroma.close()
                    self._chroma_as_of = now.generation
                    self._fresh = np.array(index_state.fresh(connection, now.generation), dtype=np.int64)
                self._seen = now.generation
            return now

    def _nearest_of(self, rows: Rows, vectors: Floats, count: int) -> list[tuple[Rows, Floats]]:
        """The nearest of some rows, each scored."""
        cosines = self._matrix.cosines(rows, vectors) if len(rows) else np.zeros((len(vectors), 0), np.float32)
        return [_best(rows, of_one, _some_more(count)) for of_one in cosines]

    def _nearest_of_all(self, vectors: Floats, count: int, mask: Mask | None, kept: int) -> list[tuple[Rows, Floats]]:
        """The nearest that Chroma knows and a mask keeps, with those that it does not know as they are."""
        share = kept / len(mask) if mask is not None else 1.0
        deep = max(count, min(_DEEPEST, max(_LEAST, ceil(_DEEPER * count / share))))
        answers = self._chroma.nearest(vectors, deep)
        fresh = self._fresh
        new = self._nearest_of(fresh[_inside(mask, fresh)], vectors, count)
        found = []
        for (rows, cosines), (new_rows, new_cosines) in zip(answers, new, strict=True):
            known = _inside(mask, rows) & ~np.isin(rows, fresh)
            rows, cosines = np.concatenate([rows[known], new_rows]), np.concatenate([cosines[known], new_cosines])
            found.append(_best(rows, cosines, _some_more(count)))
        return found

    def _rows_by_vector(self) -> set[int]:
        """Rows that Chroma holds, or that it is yet to be told of."""
        with self._engine.connect() as connection:
            now = self._refresh(connection)
            untold = set(index_state.rows_for_chroma(connection, None))
            gone = set(index_state.gone(connection, in_chroma_only=True))
        return ((set(self._chroma.rows()) if now.chroma else set()) | untold) - gone

    def _rows_by_words(self) -> set[int]:
        """Rows that the keyword index holds."""
        with self._engine.connect() as connection:
            now = self._refresh(connection)
        return set(self._keywords.rows().tolist()) if now.generation else set()

    def _check_model(self, dimension: int | None = None) -> None:
        """The index was made with one model; another one's vectors mean nothing beside it.

        Asked for the `dimension` too only where the model is loaded anyway: loading takes seconds.
        """
        model, stored = self.model()
        if model != self.embedder.name or (stored and dimension not in (None, stored)):
            raise ModelMismatch(
                f"This repository was indexed with {model} ({stored} numbers a passage), but {self.embedder.name} "
                f"{f'({dimension}) ' if dimension else ''}is set. Set HEARD_MODEL back, or run `heard reindex` to "
                "embed all passages with the new model."
            )
        if dimension and not stored:
            self._remember_model()

    def _remember_model(self) -> None:
        with writing(self._engine).begin() as connection:
            named_values.set_setting(connection, "model", self.embedder.name)
            named_values.set_setting(connection, "dimension", str(self.embedder.dimension))


def _after(already: int, on_progress: Callable[[int], None] | None) -> Callable[[int], None]:
    """What tells of progress within a batch, when so many are done already."""
    return lambda done: on_progress(already + done) if on_progress else None


def _some_more(count: int) -> int:
    """What to look up for `count` answers: a few may have been deleted that an index still holds."""
    return count + count // 20 + 10


def _inside(mask: Mask | None, rows: Rows) -> Mask:
    """Which of the rows a mask keeps; all when there is none. A row that came after the mask was made is not kept."""
    if mask is None:
        return np.ones(len(rows), dtype=bool)
    return np.asarray(mask[np.minimum(rows, len(mask) - 1)] & (rows < len(mask)))


def _best(rows: Rows, cosines: Floats, count: int) -> tuple[Rows, Floats]:
    """The rows of the highest cosines, highest first; a cosine of 0 is what a row without a vector has."""
    if len(rows) > count:
        top = np.argpartition(-cosines, count - 1)[:count]
        rows, cosines = rows[top], cosines[top]
    order = np.lexsort((rows, -cosines))
    order = order[cosines[order] != 0]
    return rows[order], cosines[order]

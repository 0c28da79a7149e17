"""Reading the indexes of a repository, words and vectors, beside whoever writes them: by row, as SQL numbers passages.

A passage is found once its words are in the keyword index and its vector in the matrix; Chroma, which finds the
nearest among many, takes it in later (`research.search_index` writes).
"""

from __future__ import annotations

import threading
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from math import ceil
from typing import TYPE_CHECKING

import numpy as np
from sqlalchemy import Connection

from research.errors import IndexAway, IndexDamaged, KeywordsDamaged, ModelMismatch
from research.filters import Filter
from research.keywords import KeywordIndex
from research.matrix import Matrix
from research.store import index_state, passages
from research.store.index_state import Standing
from research.store.row_labels import RowLabels
from research.store.vector_table import VectorTable
from research.store.word_table import WordTable
from research.vectors import VectorIndex

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float32]
    Rows = NDArray[np.int64]
    Mask = NDArray[np.bool_]
    Found = tuple[Rows, Floats]

MOST_UNTOLD = 20_000  # passages that Chroma may not have been told of
EXACT = 50_000  # passages that are scored one by one; of more, Chroma's nearest are looked through
_DEEPER = 2.5  # how many more neighbours Chroma is asked for than are wanted: its search is approximate
_LEAST, _DEEPEST = 1_000, 3_000  # neighbours it is asked for: among fewer it misses near ones (docs/benchmarks.md)
_NOTES = 500  # notes that keywords are looked for in by name; in more, the best matches of all are looked through
_MATCHES = 20_000  # at most that many of them


class Indexes:
    """A repository's indexes, open, and the labels of passages, kept as new as SQL says they are."""

    def __init__(self, chroma: VectorIndex, matrix: Matrix | VectorTable, keywords: KeywordIndex | WordTable) -> None:
        self.chroma, self.matrix, self.keywords = chroma, matrix, keywords
        self.labels = RowLabels()
        self.chroma_as_of = -1  # the generation in which Chroma was opened or last written to
        self.fresh: Rows = np.zeros(0, dtype=np.int64)  # passages that the open Chroma may not know as they are
        self._seen = -1  # the generation that the words and `fresh` are of
        self._lock = threading.RLock()

    def close(self) -> None:
        """Let go of the files; whoever asks next opens them anew."""
        self.chroma.close()
        self.matrix.close()
        self.keywords.close()
        self.labels.forget()
        self._seen = self.chroma_as_of = -1

    def refresh(self, connection: Connection) -> Standing:
        """See what other processes have changed: the words by reloading, vectors by knowing which are new."""
        with self._lock:
            now = index_state.standing(connection)
            if now.generation != self._seen:
                if now.cleared > self._seen >= 0:
                    self.close()
                with suppress(KeywordsDamaged):  # said when they are asked for
                    self.keywords.reload()
                if not self.chroma.is_open:
                    self.chroma.close()  # what could not be opened may be there again
                    self.chroma_as_of = now.generation
                self.fresh = np.array(index_state.fresh(connection, self.chroma_as_of), dtype=np.int64)
                if len(self.fresh) > 2 * MOST_UNTOLD:
                    self.chroma.close()
                    self.chroma_as_of = now.generation
                    self.fresh = np.array(index_state.fresh(connection, now.generation), dtype=np.int64)
                self._seen = now.generation
            return now


@dataclass(frozen=True, slots=True)
class IndexReader:
    """The indexes as they stand in one connection's transaction.

    Rows that it brings may be of passages deleted since, which SQL then does not know. `model` embeds the questions.
    """

    connection: Connection
    indexes: Indexes
    now: Standing
    model: str

    def nearest(self, vectors: Floats, count: int, narrow: Filter) -> list[Found]:
        """For each row of `vectors` the (rows, cosine similarities) of the `count` nearest passages, nearest first.

        All that there are, or that a filter leaves, are scored where they are few; of more, Chroma's nearest are.
        Where Chroma's files cannot be opened, all that the filter leaves are scored, which at a million takes a second
        or two. Raises ModelMismatch when the vectors are another model's, IndexDamaged when the matrix cannot be read,
        IndexAway when Chroma's server does not answer.
        """
        check_model(self.now, self.model, vectors.shape[1])
        few = min(EXACT, self.indexes.matrix.most)
        mask = self._mask(narrow) if narrow or index_state.highest_row(self.connection) > few else self._all()
        kept = int(np.count_nonzero(mask)) if mask is not None else 0
        if mask is not None and kept <= max(few, 0):
            return self._nearest_of(np.flatnonzero(mask), vectors, count)
        if not self.now.chroma:
            return self._nearest_of(self.indexes.fresh[_inside(mask, self.indexes.fresh)], vectors, count)
        share = kept / len(mask) if mask is not None else 1.0
        deep = max(count, min(_DEEPEST, max(_LEAST, ceil(_DEEPER * count / share))))
        deep = min(deep, self.indexes.chroma.deepest)
        fresh = self.indexes.fresh
        try:
            answers = self.indexes.chroma.nearest(vectors, deep) if len(vectors) else []
        except IndexAway:
            raise
        except IndexDamaged:
            return self._nearest_of(np.flatnonzero(self._all() if mask is None else mask), vectors, count)
        new = self._nearest_of(fresh[_inside(mask, fresh)], vectors, count)
        found = []
        for (rows, cosines), (new_rows, new_cosines) in zip(answers, new, strict=True):
            known = _inside(mask, rows) & ~np.isin(rows, fresh)
            rows, cosines = np.concatenate([rows[known], new_rows]), np.concatenate([cosines[known], new_cosines])
            found.append(_best(rows, cosines, count))
        return found

    def named(self, found: Sequence[Found]) -> list[list[tuple[str, float]]]:
        """What `nearest` brought as (id, cosine similarity), without passages that have been deleted since."""
        ids = index_state.ids_of(self.connection, [row for rows, _ in found for row in rows.tolist()])
        return [
            [(ids[row], cosine) for row, cosine in zip(rows.tolist(), cosines.tolist(), strict=True) if row in ids]
            for rows, cosines in found
        ]

    def by_words(self, wanted: Iterable[str], count: int, narrow: Filter, *, phrases: Sequence[str] = ()) -> Rows:
        """The `count` passages that match words best, by BM25, best first: any of the stems that are wanted.

        Each of `phrases` must stand in the passage's own words as it is, in any case. Raises KeywordsDamaged.
        """
        mask = self._mask(narrow)
        deep = count if not phrases else max(count, _DEEPEST)
        notes = None
        if mask is not None:
            kept = int(np.count_nonzero(mask))
            notes = self.indexes.labels.notes(mask, _NOTES) if kept <= EXACT else None
            deep = min(_MATCHES, ceil(deep * len(mask) / kept * _DEEPER)) if kept else 0
        if not deep or notes == [] or not self.now.generation:
            return np.zeros(0, dtype=np.int64)
        rows = self._words.search(wanted, phrases, max(deep, count), notes=notes)
        rows = rows[_inside(mask, rows)]
        if phrases:
            texts = passages.texts(self.connection, rows.tolist())
            quoted = [phrase.casefold() for phrase in phrases]
            held = [all(one in texts.get(row, "").casefold() for one in quoted) for row in rows.tolist()]
            rows = rows[np.array(held, dtype=bool)]
        return rows[:count]

    def holding(self, wanted: Iterable[str], narrow: Filter) -> tuple[int, Mapping[str, int]]:
        """How many passages there are, and how many of them hold each stem: of the whole repository, so that a word is
        as rare to every question, but without studies that the filter leaves out. Raises KeywordsDamaged."""
        if not self.now.generation:
            return 0, {}
        wanted = set(wanted)
        total, holding = self._words.holding(wanted)
        if not narrow.not_study:
            return total, holding
        left_out = passages.notes_of(self.connection, narrow.not_study)
        count, held = self._words.holding(wanted, left_out)
        return total - count, {stem: number - held[stem] for stem, number in holding.items()}

    def cosines(self, rows: Sequence[int], vector: Floats) -> dict[int, float]:
        """Row -> cosine similarity with a vector, for the rows that have one. Raises IndexDamaged."""
        if not rows or not self.now.generation:
            return {}
        found = self._vectors.cosines(np.array(rows, dtype=np.int64), vector[None, :])[0]
        return {row: cosine for row, cosine in zip(rows, found.tolist(), strict=True) if cosine}

    def vectors(self, ids: Sequence[str]) -> dict[str, Floats]:
        """The vectors of passages by id; those that the index does not hold are left out."""
        rows = index_state.rows_of(self.connection, ids)
        if not rows:
            return {}
        vectors = self._vectors.read(list(rows.values()))
        there: Mask = np.any(vectors != 0, axis=1)
        return {id_: vectors[n] for n, id_ in enumerate(rows) if there[n]}

    def crowded(self, rows: Sequence[int], neighbours: int, narrow: Filter) -> dict[int, float]:
        """Row -> mean cosine similarity of a passage to the nearest others that the filter leaves, 0 without any."""
        known = sorted(set(rows))
        if not known:
            return {}
        vectors = self._vectors.read(known)
        found: dict[int, float] = {}
        for row, (others, cosines) in zip(known, self.nearest(vectors, neighbours + 1, narrow), strict=True):
            apart = cosines[others != row][:neighbours]
            found[row] = float(apart.mean()) if len(apart) else 0.0
        return found

    def behind(self) -> str:
        """A sentence for a reader when some passages cannot be found yet, "" when all can."""
        unfound, half = index_state.half_found(self.connection)
        if (
            not unfound and not half
        ):  # how many is nobody's to know: they may be of a study that is kept to another team
            return ""
        what = "cannot be found yet" if unfound else "can be found by their words only"
        return f"Some passages {what}. If nothing is being added or built anew right now, run `heard doctor --repair`."

    # -- for the check-up ------------------------------------------------------------------------------------------

    def ids(self) -> set[str]:
        """All passages that can be found by their vector."""
        rows = np.array(sorted(self._rows_by_vector()), dtype=np.int64)
        if not len(rows):
            return set()
        return set(index_state.ids_of(self.connection, rows[self._vectors.holds(rows)].tolist()).values())

    def worded_ids(self) -> set[str]:
        """All passages that can be found by their words."""
        return set(index_state.ids_of(self.connection, list(self._rows_by_words())).values())

    def strays(self) -> list[int]:
        """Rows in the indexes that are no passage, nor known to be gone."""
        held = self._rows_by_vector()
        with suppress(KeywordsDamaged):  # that is found by itself
            held |= self._rows_by_words()
        held -= set(index_state.ids_of(self.connection, list(held)))
        held -= {row for only in (True, False) for row in index_state.gone(self.connection, in_chroma_only=only)}
        return sorted(held)

    def damage(self) -> str:
        """A sentence for a reader when Chroma's files are damaged, though all was found without them."""
        said = self.indexes.chroma.damage
        return f"Searching takes longer than it should. {said}" if said else ""

    def damaged(self) -> set[str]:
        """Passages whose vectors are not as they were written."""
        rows = np.array(index_state.settled(self.connection), dtype=np.int64)
        if not len(rows):
            return set()
        bad = self._vectors.damaged(rows).tolist()
        return set(index_state.ids_of(self.connection, bad).values())

    @property
    def _words(self) -> KeywordIndex | WordTable:
        return self.indexes.keywords.within(self.connection)

    @property
    def _vectors(self) -> Matrix | VectorTable:
        return self.indexes.matrix.within(self.connection)

    def _all(self) -> Mask:
        return self.indexes.labels.keeps(self.connection, Filter(), self.now.generation)

    def _mask(self, narrow: Filter) -> Mask | None:
        return self.indexes.labels.keeps(self.connection, narrow, self.now.generation) if narrow else None

    def _nearest_of(self, rows: Rows, vectors: Floats, count: int) -> list[Found]:
        """The nearest of some rows, each scored."""
        matrix = self._vectors
        cosines = matrix.cosines(rows, vectors) if len(rows) else np.zeros((len(vectors), 0), np.float32)
        return [_best(rows, of_one, count) for of_one in cosines]

    def _rows_by_vector(self) -> set[int]:
        """Rows that Chroma holds, or that it is yet to be told of."""
        untold = set(index_state.rows_for_chroma(self.connection, None))
        gone = set(index_state.gone(self.connection, in_chroma_only=True))
        return ((set(self.indexes.chroma.rows()) if self.now.chroma else set()) | untold) - gone

    def _rows_by_words(self) -> set[int]:
        """Rows that the keyword index holds."""
        return set(self._words.rows().tolist()) if self.now.generation else set()


def check_model(now: Standing, model: str, dimension: int | None = None) -> None:
    """The index was made with one model; another one's vectors mean nothing beside it. Raises ModelMismatch.

    Asked for the `dimension` too only where the model is loaded anyway: loading takes seconds.
    """
    if (now.model or model) != model or (now.dimension and dimension not in (None, now.dimension)):
        raise ModelMismatch(
            f"This repository was indexed with {now.model} ({now.dimension} numbers a passage), but {model} "
            f"{f'({dimension}) ' if dimension else ''}is set. Set HEARD_MODEL back, or run `heard reindex` to "
            "embed all passages with the new model."
        )


def _inside(mask: Mask | None, rows: Rows) -> Mask:
    """Which of the rows a mask keeps; all when there is none. A row that came after the mask was made is not kept."""
    if mask is None:
        return np.ones(len(rows), dtype=bool)
    return np.asarray(mask[np.minimum(rows, len(mask) - 1)] & (rows < len(mask)))


def _best(rows: Rows, cosines: Floats, count: int) -> Found:
    """The rows of the highest cosines, highest first; a cosine of 0 is what a row without a vector has."""
    if len(rows) > count:
        top = np.argpartition(-cosines, count - 1)[:count]
        rows, cosines = rows[top], cosines[top]
    order = np.lexsort((rows, -cosines))
    order = order[cosines[order] != 0]
    return rows[order], cosines[order]

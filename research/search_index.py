"""The search index of a repository: Chroma's vectors kept in agreement with SQL, by one writer at a time."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from sqlalchemy import Engine

from research.embedder import Embedder
from research.errors import Busy, IndexDamaged, ModelMismatch
from research.filters import Filter
from research.lock import write_lock
from research.models import TagAssignment
from research.store import assignments, index_state, named_values, passages
from research.store.database import writing
from research.store.schema import NEEDS_VECTOR
from research.vectors import VectorIndex

if TYPE_CHECKING:
    from numpy.typing import NDArray

# Gives the tags of passages from their ids, their words and their vectors.
Tagger = Callable[[Sequence[str], Sequence[str], "NDArray[np.float32]"], Mapping[str, Sequence[TagAssignment]]]

_BATCH = 256  # passages between two commits: enough to sort by length, few enough to show progress


def embedded_text(text: str, context: str) -> str:
    """What a passage's vector is made from: the question it answers, then the words."""
    return f"{context}\n{text}" if context else text


class SearchIndex:
    """Vectors of all passages, with a mark in SQL on every passage that they do not agree with yet.

    Reading is safe beside a writer in this or another process. Writing happens inside `writer`.
    """

    def __init__(
        self, home: Path, engine: Engine, embedder: Embedder, now: Callable[[], datetime], lock_timeout: float
    ) -> None:
        self.embedder = embedder
        self._home, self._engine, self._now, self._lock_timeout = home, engine, now, lock_timeout
        self._vectors = VectorIndex(home / "index")
        self._seen_generation = -1

    def close(self) -> None:
        """Let go of the files."""
        self._vectors.close()

    # -- reading ---------------------------------------------------------------------------------------------------

    def nearest(self, vectors: NDArray[np.float32], count: int, narrow: Filter) -> list[list[tuple[str, float]]]:
        """For each row of `vectors` the `count` nearest passages as (id, cosine similarity), nearest first.

        Raises ModelMismatch when the vectors are another model's, IndexDamaged when the index cannot be read.
        """
        self._check_model(vectors.shape[1])
        self._refresh()
        return self._vectors.nearest(vectors, count, narrow)

    def vectors(self, ids: Sequence[str]) -> dict[str, NDArray[np.float32]]:
        """The vectors of passages by id; those that the index does not hold are left out."""
        self._refresh()
        return self._vectors.get(ids)

    def ids(self) -> set[str]:
        """All that the index holds."""
        self._refresh()
        return set(self._vectors.ids())

    def count(self) -> int:
        """How many passages the index holds."""
        self._refresh()
        return self._vectors.count()

    def pending(self) -> int:
        """How many passages are stored but not yet (or no longer) as the index has them."""
        with self._engine.connect() as connection:
            return sum(index_state.waiting(connection))

    def model(self) -> tuple[str, int]:
        """The model that the index was made with and its dimension; the one that is set, before there is an index."""
        with self._engine.connect() as connection:
            name, dimension = (named_values.setting(connection, key) for key in ("model", "dimension"))
        return name or self.embedder.name, int(dimension or 0)

    # -- writing ---------------------------------------------------------------------------------------------------

    @contextmanager
    def writer(
        self, what: str, *, wait: float | None = None, on_wait: Callable[[str], None] | None = None
    ) -> Iterator[None]:
        """Hold the repository for writing; others wait, and read `what` meanwhile. Raises Busy, ModelMismatch."""
        timeout = self._lock_timeout if wait is None else wait
        with write_lock(self._home, what, timeout, on_wait):
            self._check_model()
            self._refresh()
            yield

    def sync(self, *, tagger: Tagger | None = None, on_progress: Callable[[int], None] | None = None) -> int:
        """Work off everything that is pending, in batches that each end in a commit; only inside `writer`.

        With a `tagger`, new and changed passages are tagged from the same vectors. Returns how many passages were
        dealt with. A crash at any point leaves passages pending, and the next call goes on from there.
        """
        self._delete_gone()
        total = 0
        while True:
            with self._engine.connect() as connection:
                batch = index_state.pending(connection, _BATCH)
            if not batch:
                return total
            fresh = [row for row in batch if row.state == NEEDS_VECTOR]
            vectors = np.zeros((0, 0), dtype=np.float32)
            tags: Mapping[str, Sequence[TagAssignment]] = {}
            if fresh:
                self._check_model(self.embedder.dimension)
                vectors = self.embedder.embed([embedded_text(row.text, row.context) for row in fresh])
                tags = tagger([row.id for row in fresh], [row.text for row in fresh], vectors) if tagger else {}
            with writing(self._engine).begin() as connection:
                assignments.replace_tagger_tags(connection, tags, self._now())
                labels = passages.labels(connection, [row.id for row in batch])
                kept = [n for n, row in enumerate(fresh) if row.id in labels]
                self._vectors.upsert([fresh[n].id for n in kept], vectors[kept], [labels[fresh[n].id] for n in kept])
                stale = [row.id for row in batch if row.state != NEEDS_VECTOR and row.id in labels]
                self._vectors.relabel(stale, [labels[id_] for id_ in stale])
                index_state.mark_cleared(connection, {row.id: row.state for row in batch})
                mine = index_state.raise_generation(connection)
            self._seen_generation = mine  # our own writes need no reopening
            total += len(batch)
            if on_progress:
                on_progress(total)

    def catch_up(self) -> None:
        """Work off what a small change left pending, unless somebody is writing: they will do it then."""
        with suppress(Busy, IndexDamaged, ModelMismatch), self.writer("A change on a page", wait=0):
            self.sync()

    def mend(self, missing: Sequence[str], extra: Sequence[str]) -> None:
        """Embed the passages that the index lacks and take out what is no passage any more; only inside `writer`."""
        index_state.mark_for_embedding(self._engine, missing)
        self._vectors.delete(extra)
        self.sync()

    def rebuild(self, on_progress: Callable[[int, int], None] | None = None) -> int:
        """Build the index anew from SQL, with the model that is set. Returns the number of passages."""
        with write_lock(self._home, "heard reindex", self._lock_timeout):
            index_state.mark_all_for_embedding(self._engine)
            self._vectors.clear()
            self._remember_model()
            total = self.pending()
            return self.sync(on_progress=(lambda done: on_progress(done, total)) if on_progress else None)

    def _delete_gone(self) -> None:
        with self._engine.connect() as connection:
            ids = index_state.gone(connection)
        if not ids:
            return
        self._vectors.delete(ids)  # one that was deleted and has come again since is pending, and so put back later
        with writing(self._engine).begin() as connection:
            index_state.forget_gone(connection, ids)
            self._seen_generation = index_state.raise_generation(connection)

    def _refresh(self) -> None:
        """Reopen the index if another process has changed it since (see `research.vectors.VectorIndex`)."""
        with self._engine.connect() as connection:
            now = index_state.generation(connection)
        if now != self._seen_generation:
            self._vectors.close()
            self._seen_generation = now

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

"""Bringing the vector index into agreement with SQL: what is pending is embedded, labelled, tagged and cleared."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

import numpy as np
from sqlalchemy import Engine

from research.embedder import Embedder
from research.models import TagAssignment
from research.store import read, write
from research.store.database import writing
from research.store.schema import NEEDS_VECTOR
from research.vectors import VectorIndex

if TYPE_CHECKING:
    from numpy.typing import NDArray

# Gives the tags of passages from their words and their vectors.
Tagger = Callable[[Sequence[str], Sequence[str], "NDArray[np.float32]"], Mapping[str, Sequence[TagAssignment]]]

_BATCH = 256  # passages between two commits: enough to sort by length, few enough to show progress


def embedded_text(text: str, context: str) -> str:
    """What a passage's vector is made from: the question it answers, then the words."""
    return f"{context}\n{text}" if context else text


def sync(
    engine: Engine,
    index: VectorIndex,
    embedder: Embedder,
    now: datetime,
    *,
    tagger: Tagger | None = None,
    on_progress: Callable[[int], None] | None = None,
) -> int:
    """Work off everything that is pending, in batches that each end in a commit; the caller holds the write lock.

    With a `tagger`, new and changed passages are tagged from the same vectors. Returns how many passages were dealt
    with. A crash at any point leaves passages pending, and the next call goes on from there.
    """
    _delete_gone(engine, index)
    total = 0
    while True:
        with engine.connect() as connection:
            batch = read.pending(connection, _BATCH)
        if not batch:
            return total
        fresh = [row for row in batch if row.state == NEEDS_VECTOR]
        vectors = embedder.embed([embedded_text(row.text, row.context) for row in fresh])
        tags: Mapping[str, Sequence[TagAssignment]] = {}
        if tagger and fresh:
            tags = tagger([row.id for row in fresh], [row.text for row in fresh], vectors)
        with writing(engine).begin() as connection:
            write.replace_tagger_tags(connection, tags, now)
            labels = read.labels(connection, [row.id for row in batch])
            kept = [n for n, row in enumerate(fresh) if row.id in labels]
            index.upsert([fresh[n].id for n in kept], vectors[kept], [labels[fresh[n].id] for n in kept])
            stale = [row.id for row in batch if row.state != NEEDS_VECTOR and row.id in labels]
            index.relabel(stale, [labels[id_] for id_ in stale])
            write.mark_cleared(connection, {row.id: row.state for row in batch})
            write.raise_generation(connection)
        total += len(batch)
        if on_progress:
            on_progress(total)


def _delete_gone(engine: Engine, index: VectorIndex) -> None:
    with engine.connect() as connection:
        ids = read.gone(connection)
    if not ids:
        return
    index.delete(ids)  # one that was deleted and has come again since is pending, and so put back below
    with writing(engine).begin() as connection:
        write.forget_gone(connection, ids)
        write.raise_generation(connection)

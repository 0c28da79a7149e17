"""The ranking that is in use: as shipped, or with the examples that `heard tune` took up."""

from __future__ import annotations

import base64
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
from sqlalchemy import Connection, Engine

from research.errors import IndexDamaged
from research.filters import Filter
from research.phrases import count
from research.search_index import SearchIndex
from research.store import access, passages, tunings
from research.store.database import Watch
from research.tuning import AS_SHIPPED, Tuning, examples

AS_IT_CAME = "as shipped"
_AGAIN = "`heard tune` learns anew."
_ERASED = f"{AS_IT_CAME}: what was learned went with an erasure; {_AGAIN}"


@dataclass(frozen=True, slots=True)
class InUse:
    """How questions are ranked today: `search` moves them, `claims` says whether suggestions for a claim follow the
    evidence that it has, and `told` says it in a sentence."""

    search: Tuning = AS_SHIPPED
    claims: bool = False
    told: str = AS_IT_CAME


class Tuned:
    """Knows which ranking is in use, the same for every reader: it is looked up again after a write and on another day.

    Examples are kept as the rows of passages. Those that are gone, or that not everybody may read today, are not among
    them, so that neither what was erased nor a study that is kept to a team can be told from an order.
    """

    def __init__(self, engine: Engine, index: SearchIndex, watch: Watch) -> None:
        self._engine, self._index, self._watch = engine, index, watch
        self._known: tuple[tuple[str, date], InUse] | None = None

    def now(self, day: date) -> InUse:
        """The ranking on a day. It is read by a connection of its own: one that is open may see what was before."""
        at = (self._watch.version(), day)
        known = self._known
        if known is None or known[0] != at:
            with self._engine.connect() as connection:
                known = self._known = (at, self._looked_up(connection, day))
        return known[1]

    def _looked_up(self, connection: Connection, day: date) -> InUse:
        kept = tunings.kept(connection)
        taken = kept.get("now")
        if not taken:
            return InUse(told=_ERASED if kept.get("erased") else AS_IT_CAME)
        if taken["model"] != self._index.embedder.name:
            return InUse(told=f"{AS_IT_CAME}: what was learned belongs to the model {taken['model']}; {_AGAIN}")
        try:
            search = self._tuning(connection, taken, day) if taken["search"] else AS_SHIPPED
        except IndexDamaged:
            return InUse(told=f"{AS_IT_CAME}, since the vectors cannot be read: run `heard doctor --repair`")
        what = [f"search by {count(len(search.asked), 'example')}"] if search.asked is not None else []
        what += ["suggestions for insights by the evidence that each has"] if taken["claims"] else []
        told = f"as learned on {taken['at'][:10]}: {', '.join(what) or 'nothing is left of it'}"
        return InUse(search, taken["claims"], told)

    def _tuning(self, connection: Connection, taken: Mapping[str, Any], day: date) -> Tuning:
        return tuning(connection, self._index, unpacked(taken["asked"], len(taken["rows"])), taken["rows"], day)


def tuning(connection: Connection, index: SearchIndex, asked: Any, rows: Sequence[Sequence[int]], day: date) -> Tuning:
    """Examples of questions by vector and of their answers by row, as far as anybody may read these on a day."""
    anybody = passages.visible(connection, Filter(), access.sight_of_anybody(connection, day))
    ids = tunings.ids_left(connection, sorted({row for some in rows for row in some}), anybody)
    with index.reading(connection) as reader:
        vectors = reader.vectors(list(ids.values()))
    known = {row: vectors[id_] for row, id_ in ids.items() if id_ in vectors}
    return examples(
        (vector, [known[row] for row in some if row in known]) for vector, some in zip(asked, rows, strict=True)
    )


def packed(vectors: Any) -> str:
    """Vectors as text: 16-bit numbers in base64."""
    return base64.b64encode(np.asarray(vectors, dtype="<f2").tobytes()).decode()


def unpacked(text: str, count: int) -> Any:
    """Such a text as `count` vectors of length 1 or nearly."""
    return np.frombuffer(base64.b64decode(text), dtype="<f2").reshape(count, -1).astype(np.float32)

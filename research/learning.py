"""What the ranking learns from passages that people linked to insights and tagged: measured, then taken up or not."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from statistics import mean
from typing import TYPE_CHECKING, Any

import numpy as np
from sqlalchemy import Connection, Engine

from research import finding, tuned
from research.access import Reader, needs
from research.embedder import Embedder
from research.errors import Refused
from research.filters import Filter
from research.general import PAIRS
from research.phrases import count
from research.query import parse
from research.search_index import SearchIndex
from research.store import access, passages, tunings
from research.store.database import writing
from research.store.insights import code
from research.suggesting import question
from research.taxonomy import Taxonomy
from research.tuning import AS_SHIPPED, FEWEST, Compared, Tuning, compared, examples, ndcg, reciprocal_ranks

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float32]

PAIRS_NEEDED = 50  # to say whether suggestions are better; and twice as many for search: with fewer, what looked
_FOR_SEARCH = 100  # better within the pairs was worth nothing on other studies (docs/tuning.md)
_UNLEARNED = 0.02  # what the general questions may lose (mean reciprocal rank)
_HELD_OUT = 6  # lines of evidence of one insight that are looked for in turn


@dataclass(frozen=True, slots=True)
class Learned:
    """What there is to learn from, what it is worth, and whether it is in use from now on.

    `search` compares questions that nobody linked anything to yet, each insight and tag being one, and the studies that
    it rests on having taught nothing; `claims` compares suggestions for an insight that has evidence, one line of it
    being looked for with the others known. `general` are the invented questions (`research.general`), by mean
    reciprocal rank.
    """

    pairs: int
    insights: int
    tags: int
    search: Compared
    claims: Compared
    general: tuple[float, float]
    taken: bool = False

    @property
    def unlearned(self) -> bool:
        """Whether general questions are answered worse."""
        return self.general[1] < self.general[0] - _UNLEARNED

    @property
    def for_search(self) -> bool:
        """Whether search is better with it."""
        return self.pairs >= _FOR_SEARCH and self.search.better and not self.unlearned

    @property
    def for_claims(self) -> bool:
        """Whether suggestions for insights are better with it."""
        return self.claims.better


@dataclass(frozen=True, slots=True)
class _Asked:
    """A question that people answered by linking or tagging: an insight or, with `code` "", a tag."""

    code: str
    text: str
    rows: tuple[int, ...]
    ids: tuple[str, ...]
    studies: tuple[int, ...]  # of each of these

    def apart_from(self, other: _Asked) -> list[str]:
        """Its passages in studies that another question does not rest on: what is left to teach about that."""
        return [id_ for id_, study in zip(self.ids, self.studies, strict=True) if study not in other.studies]


class Learning:
    """Learning from use (`repo.learning`): one ranking for all, so it learns only from what anybody may read."""

    def __init__(
        self,
        engine: Engine,
        index: SearchIndex,
        embedder: Embedder,
        taxonomy: Callable[[], Taxonomy],
        reader: Reader,
    ) -> None:
        self._engine, self._index, self._embedder, self._taxonomy = engine, index, embedder, taxonomy
        self._reader = reader

    @needs("administer")
    def look(self, on_progress: Callable[[int, int], None] | None = None) -> Learned:
        """What would be gained; nothing is changed. Raises Refused where there is too little to learn from."""
        return self._look(on_progress)[0]

    @needs("administer")
    def tune(self, on_progress: Callable[[int, int], None] | None = None) -> Learned:
        """Rank by what was learned, as far as that is better by more than noise; else nothing is changed. Raises
        Refused where there is too little to learn from."""
        learned, asked, vectors = self._look(on_progress)
        if not (learned.for_search or learned.for_claims):
            return learned
        now = {
            "model": self._embedder.name, "at": self._reader.now().isoformat(timespec="seconds"),
            "search": learned.for_search, "claims": learned.for_claims,
            "asked": tuned.packed(vectors if learned.for_search else []),
            "rows": [one.rows for one in asked] if learned.for_search else [],
        }  # fmt: skip
        with writing(self._engine).begin() as connection:
            tunings.keep(connection, now=now, before=tunings.kept(connection).get("now"))
        return replace(learned, taken=True)

    @needs("administer")
    def back(self) -> None:
        """Rank as before the last `tune`: as that had found it. Raises Refused where nothing was taken up."""
        with writing(self._engine).begin() as connection:
            known = tunings.kept(connection)
            if not known.get("now"):
                raise Refused("Passages are ranked as shipped already; there is nothing to go back to.")
            tunings.keep(connection, now=known.get("before"), before=None)

    def _look(self, on_progress: Callable[[int, int], None] | None) -> tuple[Learned, list[_Asked], Floats]:
        with self._engine.connect() as connection:
            anybody = passages.visible(connection, Filter(), access.sight_of_anybody(connection, self._reader.today))
            asked = self._asked(connection, anybody)
            pairs = sum(len(one.ids) for one in asked)
            if pairs < PAIRS_NEEDED or len(asked) < FEWEST:
                raise Refused(
                    f"There is too little to learn from: {count(pairs, 'passage')} that anybody may read and somebody "
                    f"linked to an insight or tagged, of {count(len(asked), 'insight or tag', 'insights and tags')}. "
                    f"It takes {PAIRS_NEEDED} of {FEWEST}: link evidence, and put tags right. Nothing was changed."
                )
            vectors = self._embedder.embed([question(one.text).voice for one in asked])
            search, claims = self._compared(connection, anybody, asked, vectors, on_progress)
            every = tuned.tuning(connection, self._index, vectors, [one.rows for one in asked], self._reader.today)
        insights = sum(bool(one.code) for one in asked)
        learned = Learned(pairs, insights, len(asked) - insights, search, claims, self._general(every))
        return learned, asked, vectors

    def _asked(self, connection: Connection, anybody: Filter) -> list[_Asked]:
        """All insights with their evidence, and tags with the passages on which a person put them."""
        meant = {tag.name: tag.description or tag.name for tag in self._taxonomy().tags}
        lines = [(code(row.insight_id), row.statement, row) for row in tunings.cited(connection, anybody)]
        lines += [("", meant.get(row.tag, row.tag), row) for row in tunings.tagged(connection, anybody)]
        found: dict[tuple[str, str], list[Any]] = {}
        for called, text, row in lines:
            found.setdefault((called, text), []).append(row)
        return [
            _Asked(
                called,
                text,
                tuple(row.row for row in rows),
                tuple(row.id for row in rows),
                tuple(row.study_id for row in rows),
            )
            for (called, text), rows in found.items()
        ]

    def _compared(
        self,
        connection: Connection,
        anybody: Filter,
        asked: Sequence[_Asked],
        vectors: Floats,
        on_progress: Callable[[int, int], None] | None,
    ) -> tuple[Compared, Compared]:
        """Each question answered as shipped and by what the others teach, and each claim by what is left of its own."""
        with self._index.reading(connection) as reader:
            said = reader.vectors(sorted({id_ for one in asked for id_ in one.ids}))

        def found(one: _Asked, tuning: Tuning) -> list[str]:
            answers = finding.answers(
                connection, self._index, self._embedder, question(one.text), anybody, listing=False, tuning=tuning
            ).answers
            return [answer.said.id for answer in answers]

        search: list[tuple[float, float]] = []
        claims: list[tuple[float, float]] = []
        for n, one in enumerate(asked):
            own, shipped = set(one.ids), found(one, AS_SHIPPED)
            answers = [[said[id_] for id_ in two.apart_from(one) if id_ in said] for two in asked]
            if others := examples(zip(vectors, answers, strict=True)):
                search.append((ndcg(shipped, own), ndcg(found(one, others), own)))
            turns = []
            for id_ in one.ids[:_HELD_OUT] if one.code else ():
                rest = [said[other] for other in one.ids if other != id_ and other in said]
                if rest:
                    followed = found(one, examples([(vectors[n], rest)]))
                    left = (
                        [other for other in some if other == id_ or other not in own] for some in (shipped, followed)
                    )
                    turns.append([ndcg(some, {id_}) for some in left])
            if turns:
                before, after = (mean(scores) for scores in zip(*turns, strict=True))
                claims.append((before, after))
            if on_progress:
                on_progress(n + 1, len(asked))
        return _compared(search), _compared(claims)

    def _general(self, tuning: Tuning) -> tuple[float, float]:
        """How well the general questions find their answers, as shipped and as learned."""
        vectors = self._embedder.embed([parse(text).voice for text, _ in PAIRS])
        answers = self._embedder.embed([answer for _, answer in PAIRS])
        moved = np.stack([tuning.moved(vector) for vector in vectors])
        return mean(reciprocal_ranks(vectors, answers)), mean(reciprocal_ranks(moved, answers))


def _compared(scores: Sequence[tuple[float, float]]) -> Compared:
    return compared([before for before, _ in scores], [after for _, after in scores])

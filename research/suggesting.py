"""What may speak for or against a claim, for a person to judge; and which claims a passage may speak of."""

from __future__ import annotations

from collections.abc import Sequence, Set
from dataclasses import dataclass
from datetime import date

import numpy as np
from sqlalchemy import Connection

from research import finding
from research.checking import as_words
from research.embedder import Embedder
from research.filters import Filter
from research.insight import Insight
from research.models import Hit
from research.query import Query, parse
from research.search import Ranked, shown
from research.search_index import SearchIndex, embedded_text
from research.store import passages
from research.tuned import InUse
from research.tuning import Tuning

_AMONG = 4  # of how many times as many passages those of people not heard yet come first


@dataclass(frozen=True, slots=True)
class Suggestions:
    """Passages to judge, one a person; of the nearest those of people who are not among the evidence come first.

    `alike` lie nearer to the statement, `otherwise` nearer to what somebody would say who disagrees (`contrary`); where
    nobody has written that down, all are in `alike`.
    """

    alike: tuple[Hit, ...] = ()
    otherwise: tuple[Hit, ...] = ()


def suggested(
    connection: Connection,
    index: SearchIndex,
    embedder: Embedder,
    insight: Insight,
    judged: Set[str],
    narrow: Filter,
    day: date,
    limit: int,
    ranking: InUse = InUse(),  # noqa: B008  # frozen
) -> Suggestions:
    """What searches for a claim and for its contrary find, without passages that were `judged`; up to `limit` each.

    Where `ranking` has learned that it helps, a claim is looked for near the evidence that it has.
    """

    def found(text: str, tuning: Tuning) -> list[Ranked]:
        if not text:
            return []
        answers = finding.answers(
            connection, index, embedder, question(text), narrow, listing=False, tuning=tuning
        ).answers
        return [one for one in answers if one.said.id not in judged]

    learned = _with_evidence(connection, index, embedder, insight, ranking.search) if ranking.claims else ranking.search
    alike, otherwise = found(insight.statement, learned), found(insight.contrary, ranking.search)
    near, far = ({one.said.id: one.why.cosine or 0.0 for one in some} for some in (alike, otherwise))
    chosen = (
        [one for one in alike if near[one.said.id] >= far.get(one.said.id, 0.0)],
        [one for one in otherwise if far[one.said.id] > near.get(one.said.id, 0.0)],
    )
    heard = {one.hit.participant for one in insight.evidence if one.hit}
    ids = [_spread(some, heard, limit) for some in chosen]
    known = passages.hits(connection, [id_ for some in ids for id_ in some], narrow, day)
    return Suggestions(*(tuple(known[id_] for id_ in some if id_ in known) for some in ids))


def nearest(embedder: Embedder, hit: Hit, insights: Sequence[Insight]) -> list[Insight]:
    """Insights, those first to whose statement, or to whose contrary where that is nearer, a passage lies nearest."""
    if not insights:
        return []
    said = [(n, text) for n, one in enumerate(insights) for text in (one.statement, one.contrary) if text]
    mine, *theirs = embedder.embed([embedded_text(hit.text, hit.context), *(question(text).voice for _, text in said)])
    near = np.full(len(insights), -1.0)
    np.maximum.at(near, [n for n, _ in said], np.array(theirs) @ mine)
    return [insights[n] for n in np.argsort(-near, kind="stable")]


def _with_evidence(
    connection: Connection, index: SearchIndex, embedder: Embedder, insight: Insight, tuning: Tuning
) -> Tuning:
    """What was learned, and what the evidence that an insight has adds to it."""
    with index.reading(connection) as reader:
        said = list(reader.vectors([one.hit.id for one in insight.evidence if one.hit]).values())
    if not said:
        return tuning
    (asked,) = embedder.embed([question(insight.statement).voice])
    return tuning.with_example(asked, said)


def _spread(found: Sequence[Ranked], heard: Set[str], limit: int) -> list[str]:
    """The ids of the best passages, one a person; among the first few those of people not heard yet come first."""
    order = sorted(found[: _AMONG * limit], key=lambda one: one.said.participant in heard)
    return [one.said.id for one, _ in shown(order, limit, 1, lambda one: one.said.participant, lambda one: one.stems)]


def question(text: str) -> Query:
    """A statement as a question to search for."""
    return parse(as_words(text))

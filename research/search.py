"""Ranking: two lists of passages, by words and by meaning, become one that is spread over people. Pure functions."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from typing import TypeVar

from research.models import Hit, Voices

T = TypeVar("T")

# Reciprocal rank fusion with its authors' constant: Cormack, Clarke and Büttcher, SIGIR 2009.
_RRF = 60


def fuse(*rankings: Sequence[str]) -> dict[str, float]:
    """Reciprocal rank fusion, best first: an id's score is the sum of 1 / (60 + rank) over its rankings.

    Equal scores stay in the order of the earlier ranking: ids are hashes, and their order would mean nothing.
    """
    scores: dict[str, float] = {}
    for ranking in rankings:
        for rank, id_ in enumerate(ranking, start=1):
            scores[id_] = scores.get(id_, 0.0) + 1.0 / (_RRF + rank)
    return dict(sorted(scores.items(), key=lambda item: -item[1]))


def relevant(similarities: Iterable[tuple[str, float]], floor: float, reach: float) -> list[str]:
    """The ids whose cosine similarity is at least `floor` and at least `reach` times the best one's, nearest first.

    A vector index always answers; what it answers to nonsense, or far below its best answer, nobody asked for.
    """
    found = list(similarities)
    best = max((similarity for _, similarity in found), default=0.0)
    return [id_ for id_, similarity in found if similarity >= max(floor, reach * best)]


def spread(items: Iterable[T], per_person: int | None, person: Callable[[T], str]) -> list[T]:
    """The items in their order with at most `per_person` of one person (None for no limit)."""
    if per_person is None:
        return list(items)
    heard: Counter[str] = Counter()
    kept = []
    for item in items:
        heard[person(item)] += 1
        if heard[person(item)] <= per_person:
            kept.append(item)
    return kept


def voices(found: Iterable[Hit]) -> Voices:
    """Count the people, teams and accounts behind passages."""
    all_ = list(found)
    return Voices(
        passages=len(all_),
        people=len({hit.participant for hit in all_}),
        teams=len({hit.team for hit in all_}),
        accounts=len({hit.account for hit in all_ if hit.account}),
        latest=max((hit.date for hit in all_ if hit.date), default=None),
    )

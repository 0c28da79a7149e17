"""Ranking: passages that share words or meaning with a question, in the order in which to read them. Pure functions.

A passage's *mass* says how much it speaks of the question by itself, by words and by meaning. Mass then spreads to what
is said nearby, since people come to a point, leave it and come back to it, in short turns that alone say little.
docs/benchmarks.md holds what each step was worth, and what was tried and left out.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, TypeVar

import numpy as np

from research.models import Why
from research.words import IN_CONTEXT, stems

if TYPE_CHECKING:
    from numpy.typing import NDArray

T = TypeVar("T")

# BM25 (Robertson and Zaragoza, 2009) with its usual k1. Passages are cut to a like length, and short turns are short
# because people are, so that length counts less than its usual b of 0.75. A rare word counts more than BM25 has it:
# questions are whole sentences here, and what they are about is in one or two of their words.
_K1, _B, _RARE = 1.2, 0.4, 1.75
_UNRELATED = 0.1  # cosine of two texts that have nothing to do with each other, for MiniLM
# Characters over which what is said nearby loses its say (by a factor of e), about 550 and 350 words: people name what
# they come to and then speak of it, so that a word says more about what follows it than about what came before.
_AFTER, _BEFORE = 3_000, 2_000
_ASKED_FOR = 2  # what counts a passage of those who were asked for by their role, segment or account
_ALONE = 0.75  # share of a passage's own mass in its score; the rest is what is said nearby
_ALIKE = 0.9  # share of stems in common from which two passages say the same


@dataclass(frozen=True, slots=True)
class Said:
    """A passage as ranking sees it; `place` is where its middle stands in the note, in characters."""

    id: str
    note_id: str
    place: float
    text: str
    context: str
    participant: str = ""
    team: str = ""
    account: str = ""
    date: date | None = None
    role: str = ""
    segment: str = ""


@dataclass(frozen=True, slots=True)
class Ranked:
    """A passage with its score, what that is made of, and the stems of its words."""

    said: Said
    score: float
    why: Why
    stems: frozenset[str]


def ranked(
    wanted: Mapping[str, str],
    said: Sequence[Said],
    cosines: Mapping[str, float],
    holding: tuple[int, Mapping[str, int]] | None = None,
    *,
    reading: bool = False,
    tuned: Mapping[str, float] | None = None,
) -> list[Ranked]:
    """Passages, best first, for the words that are wanted (by stem) and the cosine similarities that are known (by id).

    `holding` is the number of passages there are and how many of them hold each stem; without it the passages given are
    all there are. `reading` is for a search within one note, whose reader goes on from where it was spoken of: there
    what is said nearby counts alone, so that a stretch of talk is found as one. `tuned` are the cosines with the
    question as it was moved by what people linked (`research.tuning`): they order the passages, and nothing else.
    """
    own = [stems(passage.text) for passage in said]
    context = [stems(passage.context) for passage in said]
    held = [[one for one in words if one in wanted] for words in own]
    asked = [[one for one in words if one in wanted] for words in context]
    total, known = holding or (len(said), Counter(one for words in held for one in set(words)))
    weights = {one: rarity(total, min(total, known.get(one, 0))) for one in wanted}
    near = cosines if tuned is None else tuned
    of_words = in_units(by_words(weights, list(map(_counts, held, asked)), [len(words) for words in own]))
    of_meaning = in_units(by_meaning(np.array([near.get(passage.id, 0.0) for passage in said])))
    asked_for = _asked_for(wanted, said)
    louder = np.array([_ASKED_FOR if label else 1.0 for label in asked_for])
    of_words, of_meaning = of_words * louder, of_meaning * louder
    mass = of_words + of_meaning
    around = nearby(mass, [p.note_id for p in said], [p.place for p in said])
    share = 0.0 if reading else _ALONE
    alone = share / max(mass.max(initial=0.0), 1e-9)
    together = (1 - share) / max(around.max(initial=0.0), 1e-9)
    parts = np.column_stack(
        [of_words * (alone + together), of_meaning * (alone + together), (around - mass) * together]
    )
    scores = parts.sum(axis=1).round(9)  # what is far away adds too little to part equals
    found = []
    for n in np.argsort(-scores, kind="stable"):
        of_own_words, of_own_meaning, of_others = parts[n].tolist()
        why = Why(
            by_words=of_own_words,
            by_meaning=of_own_meaning,
            nearby=of_others,
            words=_asked(wanted, held[n]),
            context_words=_asked(wanted, set(asked[n]).difference(held[n])),
            cosine=cosines.get(said[n].id),
            voice=asked_for[n],
        )
        found.append(Ranked(said[n], float(scores[n]), why, frozenset(own[n])))
    return found


def _counts(own: Sequence[str], context: Sequence[str]) -> dict[str, float]:
    """How often each stem stands in a passage, with those in the question that it answers."""
    return {one: own.count(one) + IN_CONTEXT * context.count(one) for one in {*own, *context}}


def _asked_for(wanted: Mapping[str, str], said: Sequence[Said]) -> list[str]:
    """For each passage the role, segment or account of its speaker that the question names in whole, "" if none.

    "What did the project manager think of the budget" asks for what the project manager said.
    """
    labels = {label for one in said for label in (one.role, one.segment, one.account) if label}
    named = {label for label in labels if (found := stems(label)) and wanted.keys() >= set(found)}
    return [next((label for label in (one.role, one.segment, one.account) if label in named), "") for one in said]


def _asked(wanted: Mapping[str, str], held: Collection[str]) -> tuple[str, ...]:
    """The words that were asked for of which a passage holds the stems, in the order of the question."""
    return tuple([word for one, word in wanted.items() if one in held]) if held else ()


def rarity(total: int, holding: int) -> float:
    """The weight of a word that `holding` of `total` passages hold: BM25's idf, sharpened."""
    return float(np.log(1 + (total - holding + 0.5) / (holding + 0.5)) ** _RARE)


def by_words(
    weights: Mapping[str, float], counts: Sequence[Mapping[str, float]], lengths: Sequence[int]
) -> NDArray[np.float64]:
    """BM25 of passages: one number each. `weights`: stem -> rarity; `counts`: stem -> times, for each passage."""
    if not counts:
        return np.zeros(0)
    asked = list(weights)
    times = np.array([[held.get(stem, 0.0) for stem in asked] for held in counts]).reshape(len(counts), len(asked))
    length = np.maximum(1.0, np.asarray(lengths, dtype=np.float64))
    damped = times * (_K1 + 1) / (times + _K1 * (1 - _B + _B * length / length.mean())[:, None])
    return np.asarray(damped @ np.array([weights[stem] for stem in asked], dtype=np.float64))


def by_meaning(cosines: NDArray[np.floating]) -> NDArray[np.float64]:
    """What cosine similarities say about relevance: nothing up to that of unrelated texts, then ever more."""
    return np.asarray(np.maximum(0.0, cosines - _UNRELATED) ** 2, dtype=np.float64)


def in_units(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Values between 0 and 1, the best being 1."""
    best = values.max(initial=0.0)
    return values / best if best > 0 else values


def nearby(mass: NDArray[np.float64], notes: Sequence[str], places: Sequence[float]) -> NDArray[np.float64]:
    """For each passage the mass of its note's passages, its own included, less the farther away (in characters)."""
    sums = np.array(mass)
    at = np.asarray(places, dtype=np.float64)
    of_note: dict[str, list[int]] = {}
    for n, note in enumerate(notes):
        of_note.setdefault(note, []).append(n)
    for members in (several for several in of_note.values() if len(several) > 1):
        apart = at[members][:, None] - at[members][None, :]  # how far each row's passage comes after each column's
        sums[members] = np.exp(-np.maximum(apart / _AFTER, -apart / _BEFORE)) @ mass[members]
    return sums


def near_enough(cosines: Mapping[str, float], floor: float, reach: float) -> set[str]:
    """The ids whose cosine similarity is at least `reach` times the best one's; none if that is below `floor`.

    A vector index always answers; what it answers to nonsense, or far below its best answer, nobody asked for.
    """
    best = max(cosines.values(), default=0.0)
    return {id_ for id_, cosine in cosines.items() if best >= floor and cosine >= reach * best}


def shown(
    items: Iterable[T],
    limit: int,
    per_person: int | None,
    person: Callable[[T], str],
    stems: Callable[[T], frozenset[str]],
) -> list[tuple[T, list[T]]]:
    """The first `limit` items in their order, at most `per_person` of one person (None for no limit), each with all
    those further down that say the same in (nearly) the same words: their stems have a Jaccard similarity of 0.9.
    """
    kept: list[tuple[T, list[T], frozenset[str]]] = []
    heard: Counter[str] = Counter()
    for item in items:
        mine = stems(item)
        fewest, most = _ALIKE * len(mine), len(mine) / _ALIKE
        for _, alike, theirs in kept:
            if fewest <= len(theirs) <= most and _similarity(mine, theirs) >= _ALIKE:
                alike.append(item)
                break
        else:
            if len(kept) < limit and (per_person is None or heard[person(item)] < per_person):
                heard[person(item)] += 1
                kept.append((item, [], mine))
    return [(item, alike) for item, alike, _ in kept]


def _similarity(mine: frozenset[str], theirs: frozenset[str]) -> float:
    """Jaccard's; two empty sets are alike."""
    common = len(mine & theirs)
    return common / (len(mine) + len(theirs) - common) if mine or theirs else 1.0

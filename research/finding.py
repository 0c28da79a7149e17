"""What a question brings: the store and the indexes are asked, and `research.search` ranks what they bring."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

import numpy as np
from sqlalchemy import Connection

from research import checking
from research.access import Sight
from research.check import Check
from research.embedder import Embedder
from research.errors import IndexDamaged, KeywordsDamaged
from research.filters import Filter
from research.models import Coverage, Hit, Hits, Voices, Why
from research.query import Query
from research.search import Ranked, near_enough, ranked, shown
from research.search_index import SearchIndex, embedded_text
from research.store import participants, passages
from research.tuning import AS_SHIPPED, Tuning
from research.voices import coverage, voices
from research.words import marked

_CANDIDATES = 200  # passages that each half of the search brings
_WHOLE = 3_000  # and up to which the passages of the notes that were named are all looked at
_FLOOR = 0.28  # cosine that the best answer must reach: below it MiniLM's neighbours mean nothing (docs/search.md)
_REACH = 0.4  # share of the best cosine that a passage must reach to be listed too
_SURE = 0.6  # and to be counted: of what lies between the two, about half is no answer on the samples
_ALIKE = 0.5  # cosine from which two passages may say alike: of 40 sample pairs read, half of those just above did
_ECHO = 0.55  # cosine from which two passages surely say alike: all of 40 sample pairs read did


@dataclass(frozen=True, slots=True)
class Found:
    """The relevant passages, best first; `reading` when they are a note's, to be read as one; `notices` to readers."""

    answers: list[Ranked]
    reading: bool
    notices: list[str] = field(default_factory=list)

    def sure(self, asked: Query) -> list[Ranked]:
        """Those among them that are surely answers, and so count."""
        return _near(self.answers, _SURE, len(asked.words))


def search(
    connection: Connection,
    index: SearchIndex,
    embedder: Embedder,
    asked: Query,
    narrow: Filter,
    day: date,
    *,
    listing: bool,
    limit: int,
    per_person: int | None,
    tuning: Tuning = AS_SHIPPED,
) -> Hits:
    """The first `limit` answers to a question, at most `per_person` of one person (None for no limit).

    A phrase that nobody said word for word is looked for as words. `listing` says whether no words at all stand for
    the latest passages that the filter leaves; else they bring nothing.
    """
    found = answers(connection, index, embedder, asked, narrow, listing=listing, tuning=tuning)
    if asked.phrases and not found.answers:
        quoted = " and ".join(f"“{phrase}”" for phrase in asked.phrases)
        asked = replace(asked, phrases=())
        found = answers(connection, index, embedder, asked, narrow, listing=listing, tuning=tuning)
        if found.answers:
            found.notices.append(f"Nobody said {quoted} word for word; this is what comes near.")
    groups = shown(
        found.answers, limit, per_person, lambda one: one.said.participant,
        lambda one: frozenset((one.said.id,)) if found.reading else one.stems,
    )  # fmt: skip
    known = passages.hits(connection, [one.said.id for one, _ in groups], narrow, day)
    items = tuple(
        replace(
            known[one.said.id], score=one.score, why=one.why, alike=tuple(other.said.id for other in alike),
            marks=marked(known[one.said.id].text, asked.words, asked.phrases),
        )
        for one, alike in groups
        if one.said.id in known  # another process may have deleted it meanwhile
    )  # fmt: skip
    return Hits(
        items=items,
        voices=voices(one.said for one in found.sure(asked)),
        more=len(found.answers) - sum(1 + len(alike) for _, alike in groups),
        notice=" ".join(found.notices),
    )


def answers(
    connection: Connection,
    index: SearchIndex,
    embedder: Embedder,
    asked: Query,
    narrow: Filter,
    *,
    listing: bool,
    tuning: Tuning = AS_SHIPPED,
) -> Found:
    """All passages that answer a question, best first: of a large repository the best 400 at most.

    `tuning` orders them, but for those of a note that is read as one. Which ones they are, and which of them are sure,
    it does not touch: what counts rests on cosines as they are.
    """
    if not asked.words:
        latest = passages.latest_rows(connection, narrow, _CANDIDATES) if listing and not asked.text.strip() else []
        said = passages.said(connection, latest)
        in_order = [Ranked(one, 1 / place, Why(), frozenset()) for place, one in enumerate(said.values(), start=1)]
        return Found(in_order, reading=True)
    within = passages.rows_within(connection, narrow, _WHOLE + 1) if narrow.note and not asked.phrases else []
    reading = 0 < len(within) <= _WHOLE
    with index.reading(connection) as reader:
        notices = [behind] if (behind := reader.behind()) else []
        matching: list[int] = []
        holding: tuple[int, Mapping[str, int]] | None = None
        try:
            if not reading:
                matching = reader.by_words(asked.words, _CANDIDATES, narrow, phrases=asked.phrases).tolist()
                holding = reader.holding(asked.words, narrow)
        except KeywordsDamaged as error:
            notices.append(f"Only meaning was searched. {error}")
        cosines: dict[int, float] = {}
        moved: dict[int, float] = {}
        damaged = False
        try:
            vector = embedder.embed([asked.voice])
            if not reading and not asked.phrases:
                rows, near = reader.nearest(vector, _CANDIDATES, narrow)[0]
                cosines = dict(zip(rows.tolist(), near.tolist(), strict=True))
            cosines |= reader.cosines([row for row in [*within, *matching] if row not in cosines], vector[0])
            if tuning and not reading:
                moved = reader.cosines(list(cosines), tuning.moved(vector[0]))
            notices += [damage] if (damage := reader.damage()) else []
        except IndexDamaged as error:
            damaged = True
            notices.append(f"Only exact words were searched. {error}")
    said = passages.said(connection, within if reading else list(dict.fromkeys([*matching, *cosines])))
    known = {one.id: cosines[row] for row, one in said.items() if row in cosines}
    tuned = {one.id: moved[row] for row, one in said.items() if row in moved} if moved else None
    best = ranked(asked.words, list(said.values()), known, holding, reading=reading, tuned=tuned)
    if not (reading or asked.phrases or damaged):
        # A word in common is no answer where there are better ones: near in meaning, or with all the words.
        close = _near(best, _REACH, len(asked.words))
        matched = {said[row].id for row in matching if row in said}
        best = close or [one for one in best if one.said.id in matched]
    return Found(best, reading, notices)


def sure(hits: Sequence[Hit], best: Sequence[Hit], words: int) -> list[Hit]:
    """Those of some hits that are surely answers beside the best there are, as `Found.sure` counts them: what comes
    nearest within a week may be far from what was asked. `words` is how many were asked for."""
    cosines = {hit.id: hit.why.cosine for hit in (*hits, *best) if hit.why.cosine is not None}
    close = near_enough(cosines, _FLOOR, _SURE)
    return [hit for hit in hits if hit.id in close or hit.why.holds == words]


def heard(
    connection: Connection,
    index: SearchIndex,
    embedder: Embedder,
    asked: Query,
    narrow: Filter,
    since: date | None,
    sight: Sight,
) -> tuple[Voices, Coverage]:
    """Whose voices the sure answers to a question, or with no words all that the filter leaves, rest on; who was first
    heard on or after `since` counts as new."""
    if asked.words:
        found = answers(connection, index, embedder, asked, narrow, listing=False)
        said = [one.said for one in found.sure(asked)]
    else:
        said = passages.spoken(connection, narrow)
    first, known = participants.first_heard(connection, sight), participants.segments(connection, sight)
    return voices(said), coverage(said, first, known, since)


def checked(
    connection: Connection,
    index: SearchIndex,
    embedder: Embedder,
    lines: Sequence[str],
    narrow: Filter,
    sight: Sight,
    *,
    listing: bool,
) -> Check:
    """The verdict on each line (`research.checking`), with the answers that a search for it brings."""

    def search(asked: Query) -> list[Ranked]:
        return answers(connection, index, embedder, asked, narrow, listing=listing).answers

    with index.reading(connection) as reader:
        return checking.check(lines, narrow, reader, search=search, embedder=embedder, sight=sight)


def like(
    connection: Connection, index: SearchIndex, embedder: Embedder, mine: Hit, narrow: Filter, day: date, limit: int
) -> Hits:
    """Passages that the filter leaves and that say alike, nearest first, one a person."""
    with index.reading(connection) as reader:
        vector = reader.vectors([mine.id]).get(mine.id)
        if vector is None:
            vector = embedder.embed([embedded_text(mine.text, mine.context)])[0]
        near = reader.named(reader.nearest(vector[None, :], limit * 4, narrow))[0]
    close = {id_: score for id_, score in near if score >= _ALIKE}
    known = passages.hits(connection, list(close), narrow, day)
    found = [replace(known[id_], score=score) for id_, score in close.items() if id_ in known]
    first = {hit.participant: hit for hit in reversed(found)}
    items = [hit for hit in found if first[hit.participant] is hit][:limit]
    return Hits(items=tuple(items), voices=voices(found), more=len(found) - len(items))


def echoes(
    connection: Connection,
    index: SearchIndex,
    note_ids: Sequence[str],
    narrow: Filter,
    day: date,
    limit: int,
    among: Filter = Filter(),  # noqa: B008  # frozen
) -> list[tuple[Hit, Hit]]:
    """For some notes: pairs of (a passage of theirs, the closest that another team heard), closest first.

    No passage stands in two pairs, and no two pairs show the same two people. `narrow` says who may be read, `among`
    in what of the others' to look.
    """
    ids = passages.passage_ids(connection, note_ids)
    mine = passages.hits(connection, ids, narrow, day)
    long_enough = sorted((id_ for id_ in ids if id_ in mine), key=lambda id_: -len(mine[id_].text))[:400]
    pairs: list[tuple[float, str, str]] = []
    with index.reading(connection) as reader:
        vectors = reader.vectors(long_enough)
        for team in sorted({mine[id_].team for id_ in vectors}):
            own = [id_ for id_ in vectors if mine[id_].team == team]
            others = replace(narrow.and_also(among), not_team=(team,))
            near = reader.nearest(np.stack([vectors[id_] for id_ in own]), 3, others)
            pairs += [
                (similarity, id_, other)
                for id_, found in zip(own, reader.named(near), strict=True)
                for other, similarity in found
                if similarity >= _ECHO
            ]
    theirs = passages.hits(connection, [other for _, _, other in pairs], narrow, day)
    chosen: list[tuple[Hit, Hit]] = []
    used: set[object] = set()
    for similarity, id_, other in sorted(pairs, key=lambda pair: (-pair[0], pair[1])):
        if len(chosen) == limit or other not in theirs:
            continue
        left, right = mine[id_], replace(theirs[other], score=similarity)
        marks = {left.id, right.id, (left.participant, right.participant)}
        if not marks & used:
            used |= marks
            chosen.append((left, right))
    return chosen


def _near(found: Sequence[Ranked], reach: float, words: int) -> list[Ranked]:
    """The answers that are near the best one in meaning, or hold all of so many words that were asked for."""
    cosines = {one.said.id: one.why.cosine for one in found if one.why.cosine is not None}
    close = near_enough(cosines, _FLOOR, reach)
    return [one for one in found if one.said.id in close or one.why.holds == words]

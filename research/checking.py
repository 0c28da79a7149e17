"""Gathering what verdicts on a list of lines rest on: the nearest passages and theirs, words in common, and answers."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np
from sqlalchemy import Connection

from research import answers, heard_before
from research.access import Sight
from research.check import HEARD, Answer, Check, Reading, Verdict, reservations, word, worth_reading
from research.embedder import Embedder
from research.filters import Filter
from research.heard_before import Evidence
from research.index_reader import IndexReader
from research.models import Hit
from research.query import Query, parse
from research.search import Ranked
from research.store import library, passages
from research.voices import voices
from research.words import marked, stems

_AT_ONCE = 200  # lines whose neighbours are asked for together
_LOOKED_AT = 40  # answers to a line that are told apart; beyond these, passages hardly speak of it
_SHOWN = 5  # distinct answers that are quoted, besides those that say otherwise
_NEAREST_SHOWN = 2  # quotes beside an open line

Search = Callable[[Query], Sequence[Ranked]]


def check(
    lines: Sequence[str], narrow: Filter, index: IndexReader, *, search: Search, embedder: Embedder, sight: Sight
) -> Check:
    """A verdict for each line on what the filter leaves of what may be seen; blank lines are left out.

    `search` brings the passages that a question finds, best first. Raises IndexDamaged, KeywordsDamaged, ModelMismatch.
    """
    kept = [stripped for line in lines if (stripped := " ".join(line.split()))]
    asked = [parse(as_words(line)) for line in kept]
    segments = narrow.segment or library.segments(index.connection, sight)
    verdicts: list[Verdict] = []
    answering: dict[str, dict[str, float]] = {}
    place: dict[str, str] = {}  # note -> a passage of it
    for first in range(0, len(asked), _AT_ONCE):
        some = asked[first : first + _AT_ONCE]
        for line, query, found in zip(kept[first:], some, evidence(some, narrow, index, embedder), strict=False):
            brought = search(query)
            verdict, counted = _verdict(
                line, query, heard_before.chance(found), brought, index, segments, narrow, sight
            )
            verdicts.append(verdict)
            if verdict.verdict != "open":
                of_note = answering.setdefault(line, {})
                for one in counted:
                    of_note[one.said.note_id] = max(one.score, of_note.get(one.said.note_id, 0.0))
                    place.setdefault(one.said.note_id, one.said.id)
    return Check(
        tuple(verdicts), _reading(answering, place, index.connection, narrow, sight), tuple(segments), index.behind()
    )


def evidence(asked: Sequence[Query], narrow: Filter, index: IndexReader, embedder: Embedder) -> list[Evidence]:
    """What speaks for each question's having been heard; it costs a few searches for neighbours, however many passages
    there are."""
    if not asked:
        return []
    found = index.nearest(embedder.embed([one.voice for one in asked]), heard_before.NEAREST, narrow)
    crowded = index.crowded(np.concatenate([rows for rows, _ in found]).tolist(), heard_before.NEIGHBOURS, narrow)
    total, holding = index.holding({stem for one in asked for stem in one.words}, narrow)
    closest = {row for rows, _ in found for row in rows[: heard_before.WORDED].tolist()}
    held = {
        row: {*stems(one.text), *stems(one.context)}
        for row, one in passages.said(index.connection, sorted(closest)).items()
    }
    gathered = []
    for one, (rows, cosines) in zip(asked, found, strict=True):
        nearest = rows.tolist()
        words = [held[row] for row in nearest[: heard_before.WORDED] if row in held]
        share = heard_before.share_worded(one.words.keys(), words, total, holding)
        gathered.append(heard_before.evidence(cosines.tolist(), [crowded[row] for row in nearest], share))
    return gathered


def as_words(line: str) -> str:
    """A line as a question to search for; what looks like a filter or a quoted phrase is only text here."""
    return re.sub(r"(?<=\w):(?=\S)", ": ", re.sub(r'["“”]', " ", line))


def _verdict(
    line: str,
    query: Query,
    confidence: float,
    brought: Sequence[Ranked],
    index: IndexReader,
    segments: Sequence[str],
    narrow: Filter,
    sight: Sight,
) -> tuple[Verdict, list[Ranked]]:
    """The verdict on one line, and the passages that are taken for answers to it."""
    counted = answers.counted(brought) if confidence >= HEARD else []
    behind = voices(one.said for one in counted)
    account = {one.said.participant: one.said.account for one in counted}
    reserved = reservations(confidence, behind.people, list(account.values()), behind.latest, sight.day)
    verdict = word(confidence, behind.people, reserved)
    if verdict == "open":
        near = tuple(_quotes(brought[:_NEAREST_SHOWN], query, index.connection, narrow, sight).values())
        return Verdict(line, verdict, confidence, missing_segments=tuple(segments), nearest=near), []
    distinct = _answers(counted[:_LOOKED_AT], query, index, narrow, sight)
    heard = {one.said.segment for one in counted}
    found = Verdict(
        line=line, verdict=verdict, confidence=confidence, people=behind.people, teams=behind.teams,
        accounts=behind.accounts, latest=behind.latest, answers=distinct,
        more=len(counted) - sum(len(answer.ids) for answer in distinct),
        reservations=reserved, missing_segments=tuple(segment for segment in segments if segment not in heard),
    )  # fmt: skip
    return found, counted


def _answers(
    counted: Sequence[Ranked], query: Query, index: IndexReader, narrow: Filter, sight: Sight
) -> tuple[Answer, ...]:
    """The distinct answers, best first, each with its best quote; whoever says otherwise is never left out."""
    contrary = answers.otherwise([one.said for one in counted], query.words.keys())
    counted = sorted(counted, key=lambda one: -one.why.own)  # a quote stands alone: what is said nearby is not read
    vectors = index.vectors([one.said.id for one in counted])
    agreeing = answers.apart([one.said.id for one in counted if one.said.id not in contrary], vectors)[:_SHOWN]
    groups = [*agreeing, *answers.apart([one.said.id for one in counted if one.said.id in contrary], vectors)]
    person = {one.said.id: one.said.participant for one in counted}
    first = {group[0] for group in groups}
    quotes = _quotes([one for one in counted if one.said.id in first], query, index.connection, narrow, sight)
    return tuple(
        Answer(quotes[group[0]], len({person[id_] for id_ in group}), tuple(group), group[0] in contrary)
        for group in groups
        if group[0] in quotes
    )


def _quotes(
    found: Sequence[Ranked], query: Query, connection: Connection, narrow: Filter, sight: Sight
) -> dict[str, Hit]:
    """Passages as they are shown, by id, in the order given."""
    known = passages.hits(connection, [one.said.id for one in found], narrow, sight.day)
    return {
        one.said.id: replace(
            known[one.said.id], score=one.score, why=one.why, marks=marked(known[one.said.id].text, query.words)
        )
        for one in found
        if one.said.id in known
    }


def _reading(
    answering: dict[str, dict[str, float]], place: dict[str, str], connection: Connection, narrow: Filter, sight: Sight
) -> tuple[Reading, ...]:
    """The notes to read, with what one needs to find them."""
    chosen = worth_reading(answering)
    hits = passages.hits(connection, [place[note] for note, _ in chosen], narrow, sight.day)
    return tuple(
        Reading(note, hit.note_title, hit.team, hit.study, hit.date, tuple(lines), hit.closed, hit.opens)
        for note, lines in chosen
        if (hit := hits.get(place[note]))
    )

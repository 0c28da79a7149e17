"""From blocks to passages: what one person said, with the question it answers, short enough for the model."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache
from itertools import groupby
from typing import Any

from ingest.models import Block, Selection
from research.importing import without_torch
from research.litter import without_runs

# Counts the model's tokens of each text.
TokenCounter = Callable[[Sequence[str]], list[int]]

_AIM = 130  # tokens of a passage, about 100 words: long enough to stand alone, short enough to be about one thing
_CONTEXT = 60  # tokens of a passage's context
_FILLERS = frozenset(
    """a ah alright and cool erm exactly fine good great haha hm hmm i it's just know like mhm mm mm-hm n/a na nah no
    none nope not of oh ok okay really right so sorry sure thank thanks that that's the there they uh uh-huh um very
    well wow
    yeah yep yes you""".split()  # noqa: SIM905  # a list of words reads better without 45 pairs of quotes
)


@dataclass(frozen=True, slots=True)
class Span:
    """A passage in the making: `text[start:end]` of the composed text, its context, the block it begins in, and what
    people had selected of it."""

    start: int
    end: int
    context: str
    block: int
    start_s: float | None
    end_s: float | None
    selections: tuple[Selection, ...] = ()


@dataclass(frozen=True, slots=True)
class _Unit:
    """A sentence or a short block: what is never split unless it is too long by itself."""

    start: int
    end: int
    block: int
    tokens: int = 0


def compose(blocks: Sequence[Block]) -> tuple[str, list[tuple[int, int]]]:
    """The note's text, its blocks one after the other with a blank line between, and each block's offsets in it."""
    offsets: list[tuple[int, int]] = []
    at = 0
    for block in blocks:
        offsets.append((at, at + len(block.text)))
        at += len(block.text) + 2
    return "\n\n".join(block.text for block in blocks), offsets


def segment(blocks: Sequence[Block], count_tokens: TokenCounter, max_tokens: int) -> list[Span]:
    """The passages of a note, in order, over the text that `compose` makes of the same blocks.

    A passage is one speaker's words under one question: consecutive blocks of one speaker are joined up to about 100
    words and split at sentences. With its context it has at most `max_tokens` tokens. What the research team said is
    context only. A turn that means nothing alone ("Yeah.") joins what the same person says next to it, or is no
    passage. What a person selected is one, widened to whole sentences, or several where it is too long or overlaps
    another.
    """
    text, offsets = compose(blocks)
    runs = list(_runs(blocks))
    contexts = _contexts(blocks, runs)
    room = _contexts_within(contexts, count_tokens, _CONTEXT)
    units = [_units(blocks, offsets, run) for run in runs]
    counted = iter(count_tokens([text[unit.start : unit.end] for of_run in units for unit in of_run]))
    found: list[Span] = []
    for run, of_run, (context, used) in zip(runs, units, room, strict=True):
        limit = max(16, max_tokens - used - 1)
        sized = [replace(unit, tokens=next(counted)) for unit in of_run]
        fitting = [part for unit in sized for part in _fit(unit, text, limit, count_tokens)]
        for selections, together in _selected(fitting, blocks, offsets):
            short = bool(selections) and sum(unit.tokens + 2 for unit in together) <= limit
            for start, end, first in _pack(together, text, limit if short else min(_AIM, limit), limit):
                in_writing = bool(blocks[first].heading) or len(blocks) == 1
                if selections or _says_something(text[start:end], in_writing):
                    span = Span(start, end, context, first, None, None, selections)
                    found.append(_timed(span, blocks, offsets, run))
    return found


def as_selected(blocks: Sequence[Block], count_tokens: TokenCounter) -> list[Span]:
    """The passages of a note as somebody cut them: its selections, and nothing else; each with its question as ever."""
    _, offsets = compose(blocks)
    runs = list(_runs(blocks))
    contexts = _contexts_within(_contexts(blocks, runs), count_tokens, _CONTEXT)
    found: list[Span] = []
    for run, (context, _) in zip(runs, contexts, strict=True):
        parts: dict[str, list[tuple[int, Selection]]] = {}
        for n in run:
            for one in blocks[n].selections:
                parts.setdefault(one.id, []).append((n, one))
        for (first, one), *rest in parts.values():
            last, other = rest[-1] if rest else (first, one)
            start, end = offsets[first][0] + one.start, offsets[last][0] + other.end
            found.append(_timed(Span(start, end, context, first, None, None, (one,)), blocks, offsets, run))
    return sorted(found, key=lambda span: (span.start, span.end))


def _runs(blocks: Sequence[Block]) -> Iterator[range]:
    """Stretches of blocks in a row by one speaker under one heading, without the research team's."""
    start = 0
    for n in range(1, len(blocks) + 1):
        same = (
            n < len(blocks)
            and blocks[n].role == blocks[start].role
            and blocks[n].speaker == blocks[start].speaker
            and blocks[n].heading == blocks[start].heading
        )
        if not same:
            if blocks[start].role != "interviewer":
                yield range(start, n)
            start = n


def _contexts(blocks: Sequence[Block], runs: Sequence[range]) -> list[str]:
    """For each run what it answers: the last question that was asked aloud under the same heading, else the heading."""
    found: list[str] = []
    asked, under = "", ""
    at = 0
    for run in runs:
        heading = blocks[run.start].heading
        for block in blocks[at : run.start]:
            if block.role == "interviewer" and ("?" in block.text or len(_telling(block.text)) > 1):
                asked, under = question(block.text), block.heading
        at = run.stop
        found.append(asked if asked and (under == heading or not heading) else heading)
    return found


def question(said: str, longest: int = 300) -> str:
    """The question in what an interviewer said: the last sentence with a question mark and the one before it."""
    sentences: list[str] = re.findall(r"[^.!?…]+[.!?…]*\s*", said[-4 * longest :]) or [said]
    last = max((n for n, sentence in enumerate(sentences) if "?" in sentence), default=len(sentences) - 1)
    asked = sentences[last].strip()
    if last and len(sentences[last - 1]) + len(asked) < longest // 2:
        asked = f"{sentences[last - 1].strip()} {asked}"
    return asked if len(asked) <= longest else "…" + asked[-longest:].split(" ", 1)[-1]


def _contexts_within(contexts: Sequence[str], count_tokens: TokenCounter, limit: int) -> list[tuple[str, int]]:
    """Each context, cut from the left to at most `limit` tokens, with its number of tokens."""
    known: dict[str, tuple[str, int]] = {}
    distinct = list(dict.fromkeys(contexts))
    for context, tokens in zip(distinct, count_tokens(distinct), strict=True):
        short, size = context, tokens
        while size > limit:
            words = short.split()
            short = " ".join(words[len(words) // 3 or 1 :]) if len(words) > 1 else short[len(short) // 2 + 1 :]
            size = count_tokens([short])[0] if short else 0
        known[context] = (short, size)
    return [known[context] for context in contexts]


@cache
def _sentencizer() -> Any:
    with without_torch():
        import spacy

    nlp = spacy.blank("en")
    nlp.add_pipe("sentencizer")
    return nlp


def _selected(
    units: Sequence[_Unit], blocks: Sequence[Block], offsets: Sequence[tuple[int, int]]
) -> Iterator[tuple[tuple[Selection, ...], list[_Unit]]]:
    """Units in a row of which people selected the same, with what they selected.

    A selection takes in a unit of which it has half, or which has half of it; where that is none, the one which has
    most of it.
    """
    taken: dict[int, list[Selection]] = {}
    for n, of_block in groupby(range(len(units)), key=lambda at: units[at].block):
        those = list(of_block)
        for one in blocks[n].selections:
            start, end = one.start + offsets[n][0], one.end + offsets[n][0]
            shared = {at: min(end, units[at].end) - max(start, units[at].start) for at in those}
            most = max(those, key=shared.__getitem__)
            for at, length in shared.items():
                if length > 0 and (at == most or 2 * length >= min(end - start, units[at].end - units[at].start)):
                    taken.setdefault(at, []).append(one)
    ids = [tuple(sorted(one.id for one in taken.get(at, ()))) for at in range(len(units))]
    for _, together in groupby(range(len(units)), key=ids.__getitem__):
        places = list(together)
        yield tuple(taken.get(places[0], ())), [units[at] for at in places]


def _units(blocks: Sequence[Block], offsets: Sequence[tuple[int, int]], run: Iterable[int]) -> list[_Unit]:
    """The sentences of a run; a block short enough for one passage, and of which nobody selected a part, stays
    whole."""
    found: list[_Unit] = []
    for n in run:
        said, (start, _) = blocks[n].text, offsets[n]
        if len(said) <= 400 and all(one.end - one.start >= len(said) for one in blocks[n].selections):
            found.append(_Unit(start, start + len(said), n))
            continue
        for piece_start in range(0, len(said), 100_000):  # spaCy reads at most a million characters at once
            piece = said[piece_start : piece_start + 100_000]
            for sentence in _sentencizer()(without_runs(piece)).sents:
                stripped = sentence.text.strip()
                if stripped:
                    lead = len(sentence.text) - len(sentence.text.lstrip())
                    at = start + piece_start + sentence.start_char + lead
                    found.append(_Unit(at, at + len(stripped), n))
    return found


def _fit(unit: _Unit, text: str, limit: int, count_tokens: TokenCounter) -> Iterator[_Unit]:
    """The unit, or parts of it that each have at most `limit` tokens, cut at a space where there is one."""
    if unit.tokens <= limit:
        yield unit
        return
    middle = (unit.start + unit.end) // 2
    space = text.rfind(" ", unit.start + 1, middle)
    cut = space if space > unit.start + (middle - unit.start) // 2 else middle
    for start, end in ((unit.start, cut), (cut, unit.end)):
        part = text[start:end]
        start += len(part) - len(part.lstrip())
        end = start + len(part.strip())
        if end > start:
            whole = replace(unit, start=start, end=end, tokens=count_tokens([text[start:end]])[0])
            yield from _fit(whole, text, limit, count_tokens)


def _pack(units: Sequence[_Unit], text: str, aim: int, limit: int) -> Iterator[tuple[int, int, int]]:
    """Units in a row joined to passages of about `aim` tokens and never more than `limit`: (start, end, first block).

    A run is shared out evenly, so that no passage ends as a leftover of three words.
    """
    total = sum(unit.tokens for unit in units)
    share = total / max(1, -(-total // aim))
    start, used, before, due = 0, 0, 0, share
    for n, unit in enumerate(units):
        if n > start and (used + unit.tokens + 2 > limit or before + unit.tokens / 2 > due):
            yield units[start].start, units[n - 1].end, units[start].block
            start, used = n, 0
            due = max(due + share, before + share / 2)
        used += unit.tokens + 2
        before += unit.tokens
    if units:
        yield units[start].start, units[-1].end, units[start].block


def _says_something(said: str, in_writing: bool) -> bool:
    """Whether words mean something alone: three telling words, or one in writing (an answer, a whole ticket)."""
    if len(_telling(said)) >= (1 if in_writing else 3):
        return True
    return sum(1 for character in said if character > "\u2e7f") >= 4  # scripts without spaces: words are not counted


def _telling(said: str) -> list[str]:
    """The words that are more than an "uh-huh"."""
    without_links = re.sub(r"https?://\S+|www\.\S+", " ", said.lower())
    return [word for word in re.findall(r"[^\W_]+(?:['’/-]\w+)*", without_links) if word not in _FILLERS]


def _timed(span: Span, blocks: Sequence[Block], offsets: Sequence[tuple[int, int]], run: range) -> Span:
    """The span with its seconds: those of its blocks, in proportion where it begins or ends within one."""

    def at(position: int, block: int) -> float | None:
        start_s, end_s = blocks[block].start_s, blocks[block].end_s
        if start_s is None or end_s is None:
            return start_s
        start, end = offsets[block]
        return round(start_s + (end_s - start_s) * (position - start) / max(1, end - start), 3)

    last = max((n for n in run if offsets[n][0] < span.end), default=span.block)
    return replace(span, start_s=at(span.start, span.block), end_s=at(span.end, last))

"""Where what was selected in a file stands in the blocks that were read from it, told by the words."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import accumulate

from ingest.models import Block, Document, Unplaced
from ingest.segment import Span

_WORD = re.compile(r"\w+")
_NEAR, _TELLING = 40, 4  # words: a label or a time is passed over; four in a row say where they stand
_ENOUGH = 0.5  # of a selection's words have to be found for it to be taken as found


@dataclass(frozen=True, slots=True)
class Part:
    """A stretch of a block: `blocks[block].text[start:end]`."""

    block: int
    start: int
    end: int


class Words:
    """The words of blocks, to find others among them."""

    def __init__(self, blocks: Sequence[Block]) -> None:
        self._blocks = blocks
        self._there = [Part(n, *found.span()) for n, block in enumerate(blocks) for found in _WORD.finditer(block.text)]
        self.said = [blocks[part.block].text[part.start : part.end].casefold() for part in self._there]
        self._joined = "".join(f" {word}" for word in self.said) + " "
        self._at = list(accumulate((len(word) + 1 for word in self.said), initial=0))

    def find(self, said: str) -> list[Part]:
        """Where words stand for the first time, whatever signs are between them, a part a block; nothing where they do
        not."""
        words = [word.casefold() for word in _WORD.findall(said)]
        at = self._joined.find(f" {' '.join(words)} ") if words else -1
        if at < 0:
            return []
        first = bisect_right(self._at, at) - 1
        return self.parts(range(first, first + len(words)))

    def parts(self, words: Iterable[int]) -> list[Part]:
        """The stretches, a part a block, from the first to the last of some words, with the signs at them."""
        parts: dict[int, Part] = {}
        for n in words:
            one = self._there[n]
            before = parts.get(one.block)
            both = (before or one, one)
            parts[one.block] = Part(one.block, min(p.start for p in both), max(p.end for p in both))
        return [self._with_signs(part) for part in parts.values()]

    def block_of(self, word: int) -> int:
        """The block that a word stands in."""
        return self._there[word].block

    def _with_signs(self, part: Part) -> Part:
        text, start, end = self._blocks[part.block].text, part.start, part.end
        while start and not text[start - 1].isspace():
            start -= 1
        while end < len(text) and not text[end].isspace():
            end += 1
        return Part(part.block, start, end)


class Places:
    """The words of a file and of the blocks that its reader made of it, side by side.

    A reader takes away speakers' names, times and markup, joins lines and may leave parts out, so that places in the
    file mean nothing in the blocks; but the words that stay do so, nearly all in their order.
    """

    def __init__(self, text: str, blocks: Sequence[Block]) -> None:
        self.words = Words(blocks)
        here = list(_WORD.finditer(text))
        self._ends = [found.end() for found in here]
        self._starts = [found.start() for found in here]
        self._of = _aligned([found[0].casefold() for found in here], self.words.said)

    def stretch(self, start: int, end: int) -> list[Part]:
        """Where `text[start:end]` stands in the blocks, a part a block; nothing where most of its words are gone."""
        first, last = bisect_right(self._ends, start), bisect_right(self._starts, end - 1)
        found = [self._of[n] for n in range(first, last) if self._of[n] >= 0]
        return self.words.parts(found) if found and len(found) >= _ENOUGH * (last - first) else []

    def block_at(self, place: int) -> int | None:
        """The block that goes on at a place in the file, or the first one behind it; None behind all."""
        after = range(bisect_right(self._ends, place), len(self._of))
        return next((self.words.block_of(self._of[n]) for n in after if self._of[n] >= 0), None)


def _aligned(here: Sequence[str], said: Sequence[str]) -> list[int]:
    """For each word of a file the number of the word in its blocks that it is, or -1.

    Goes along both. Where they part, what was taken away is passed over: up to where the next two words stand, if that
    is near, else to where the next four do, wherever that is, since a table's columns may have been read as blocks. In
    a time that grows with the words, which difflib's does not.
    """
    places: dict[tuple[str, ...], list[int]] = {}
    for at in range(len(here) - _TELLING + 1):
        places.setdefault(tuple(here[at : at + _TELLING]), []).append(at)
    of = [-1] * len(here)
    at = 0
    for n, word in enumerate(said):
        if at >= len(here) or here[at] != word:
            ahead = list(said[n : n + 2])
            near = range(at, min(at + _NEAR, len(here)))
            found = next((p for p in near if here[p] == word and list(here[p : p + 2]) == ahead), None)
            if found is None:
                there = places.get(tuple(said[n : n + _TELLING]), ())
                found = next(iter(there[bisect_left(there, at) :] or there), None)
            if found is None:
                continue
            at = found
        of[at] = n
        at += 1
    return of


def placed(document: Document, blocks: Sequence[Block], spans: Sequence[Span]) -> tuple[int, tuple[Unplaced, ...]]:
    """How many of the selections that people made became passages, and the others."""
    placed = {one.id for span in spans for one in span.selections}
    lost: dict[str, Unplaced] = {}
    for block in blocks:
        for one in block.selections:
            if one.id not in placed:
                before = lost.get(one.id)
                words = (
                    f"{before.text} {block.text[one.start : one.end]}" if before else block.text[one.start : one.end]
                )
                lost[one.id] = Unplaced(words, one.tags, "no customer said it")
    return len(placed), (*document.unplaced, *lost.values())

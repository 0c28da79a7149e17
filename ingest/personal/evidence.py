"""How likely a word is a name, by all the places of a text where it stands: a product is taken for a person here and
there, a person nearly everywhere."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ingest.personal import lexicon
from ingest.personal.cues import BRANDS, DAYS, FUNCTION, TIMES
from ingest.personal.reading import Piece, is_cased, is_unreadable

# Mentions from which a word that is in no list of given names is judged by all of them, and the mean it needs then.
_OFTEN = ((4, 0.6), (2, 0.4))
_ONCE = 0.9  # probability of one of few mentions from which the others cannot speak against it
_FAMILY_MOSTLY = 0.3  # mean probability that it needs if it is in a list of family names
_LOW_CASED = 0.85  # probability that an unlisted word in lower case needs in a text with capitals
_ORDINARY_CASED = 0.98  # probability that an ordinary word, or one as often ordinary, needs in lower case there
_INSIDE = 0.5  # probability that an ordinary word needs that is a given name and has a capital inside a sentence
_STARTS = re.compile(r"(?:^|[.!?:\n“\"‘(\[•*|>-])\s*$")
_ORDINARY = (lexicon.COMMON, lexicon.WORD, lexicon.BOTH)


@dataclass(frozen=True, slots=True)
class Graded:
    """A word of a text, where it stands, and how likely the tagger takes it there for part of a name."""

    start: int
    end: int
    said: str
    score: float


class Evidence:
    """The words that were graded in a text, and what their grades come to."""

    def __init__(self, text: str, pieces: Sequence[Piece]) -> None:
        self._text, self._cased = text, is_cased(text)
        self.words = tuple(_graded(pieces))
        self._scores = {word.start: word.score for word in self.words}
        self._all: dict[str, list[float]] = {}
        for word in self.words:
            self._all.setdefault(word.said.lower(), []).append(word.score)

    def of(self, start: int) -> float:
        """The probability of the word that stands there; 0 where none was graded."""
        return self._scores.get(start, 0.0)

    def mean(self, low: str) -> float:
        """The mean probability of a word in lower case over its mentions, however written; 1 if it has none."""
        scores = self._all.get(low)
        return sum(scores) / len(scores) if scores else 1.0

    def denied(self, word: str) -> bool:
        """Whether a word is no name anywhere in the text: written like a product, or mostly taken for another."""
        kind, low = lexicon.kind(word), word.lower()
        if lexicon.GIVEN in kind and lexicon.PLACE not in kind:
            return False
        if is_unreadable(word) or lexicon.is_written_like_a_product(word):
            return True
        scores = self._all.get(low, ())
        mostly = next((mean for often, mean in _OFTEN if len(scores) >= often), 0.0)
        if len(scores) < _OFTEN[0][0] and kind[0] != lexicon.BOTH and max(scores, default=0.0) >= _ONCE:
            return False
        return self.mean(low) < (min(mostly, _FAMILY_MOSTLY) if lexicon.FAMILY in kind else mostly)

    def enough(self, word: Graded) -> float:
        """The probability from which a word counts as a name here; above 1 for one that never does."""
        if self.denied(word.said):
            return 2.0
        kind, needed = lexicon.kind(word.said), enough(word.said)
        if word.said[0].islower() and self._cased:
            if kind[0] in _ORDINARY:
                return _ORDINARY_CASED
            return max(needed, _LOW_CASED) if len(kind) == 1 else needed
        low = word.said.lower()
        inside = (
            word.said.istitle()
            and low not in FUNCTION | TIMES | BRANDS
            and not _STARTS.search(self._text[max(0, word.start - 4) : word.start])
        )
        return min(needed, _INSIDE) if inside and lexicon.GIVEN in kind else needed


def enough(word: str) -> float:
    """The probability from which a word counts as a name: low, since what leaks is worse than what is masked, but
    ordinary words and what is known as something else take more."""
    kind = lexicon.kind(word)
    if word.lower() in DAYS:
        return 0.98
    if word.lower() in TIMES or word.lower() in BRANDS:
        return 0.7
    if kind[0] == lexicon.COMMON:
        return 0.85
    if kind[0] == lexicon.WORD:
        return 0.3 if len(kind) > 1 else 0.6
    if lexicon.PLACE in kind:
        return 0.6
    return 0.2 if len(kind) > 1 else 0.35


def _graded(pieces: Sequence[Piece]) -> Iterator[Graded]:
    """Each word once, though pieces may overlap."""
    last = -1
    for piece in pieces:
        if piece.scores is None:
            continue
        for token, score in zip(piece.doc, piece.scores, strict=True):
            start = piece.start + token.idx
            if start > last and not token.is_space:
                last = start
                yield Graded(start, start + len(token.text), token.text, float(score))

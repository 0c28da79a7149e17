"""Words as search sees them: cut where the keyword index cuts and stemmed as it stems."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from functools import lru_cache

import Stemmer

_WORD = re.compile(r"[^\W_]+")
_stemmer = Stemmer.Stemmer("porter")  # the stemmer of FTS5's `porter` tokenizer


def words(text: str) -> list[str]:
    """The words of a text in lower case, as FTS5's unicode61 tokenizer cuts them."""
    return _WORD.findall(text.lower())


@lru_cache(maxsize=100_000)
def stem(word: str) -> str:
    """The stem of a lower-case word."""
    return str(_stemmer.stemWord(word))


def stems(text: str) -> list[str]:
    """The stems of a text's words, in their order."""
    return [stem(word) for word in words(text)]


def marked(text: str, asked: Collection[str], phrases: Sequence[str] = ()) -> tuple[tuple[int, int], ...]:
    """Where words of these stems, and these phrases in any case, stand in a text: (start, end), none overlapping."""
    spans = [match.span() for match in _WORD.finditer(text) if stem(match[0].lower()) in asked]
    spans += [match.span() for phrase in phrases for match in re.finditer(re.escape(phrase), text, re.IGNORECASE)]
    joined: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if joined and start < joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return tuple(joined)

"""Words and their stems: one way of cutting a text up, for finding passages and for marking what was found."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection
from functools import lru_cache

from Stemmer import Stemmer

# Letters and digits, each with the accents that may follow it as characters of their own.
_WORD = re.compile(r"(?:[^\W_][\u0300-\u036f]*)+")
_LONGEST = 64  # characters of a stem that count; longer ones are pasted data and no words

_english = Stemmer("english", 0)  # without a cache of its own: `_stem` has one


def stems(text: str) -> list[str]:
    """The words of a text in order, each by its English stem (Porter 2), in lower case and without accents."""
    return [_stem(word) for word in _WORD.findall(text)]


def marked(text: str, wanted: Collection[str]) -> tuple[tuple[int, int], ...]:
    """(start, end) of every word of a text whose stem is wanted: what a reader sees as the reason it was found."""
    return tuple(word.span() for word in _WORD.finditer(text) if _stem(word[0]) in wanted)


@lru_cache(maxsize=100_000)
def _stem(word: str) -> str:
    word = word.casefold()
    if not word.isascii():
        word = "".join(c for c in unicodedata.normalize("NFKD", word) if not unicodedata.combining(c))
    return str(_english.stemWord(word[:_LONGEST]))

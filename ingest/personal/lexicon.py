"""What is known about single words: how people write them, and whether anybody is called so (see docs/redaction.md)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path

_WORDS = Path(__file__).parent / "words.txt"

# The kinds' letters. First how a word is mostly written, then whether it is in a list of names or towns.
COMMON, WORD, BOTH, NAME, UNKNOWN = "W", "w", "b", "n", "u"
GIVEN, FAMILY, PLACE = "g", "f", "p"


def word_set(words: str) -> frozenset[str]:
    """The words of a string.

    >>> sorted(word_set("mr  mrs"))
    ['mr', 'mrs']
    """
    return frozenset(words.split())


_ENDINGS = word_set("s ers er ists ist ing ed ings ly ness ation ations ability able isation ization ised ized")


@cache
def words() -> Mapping[str, str]:
    """Word in lower case -> the letters of its kind."""
    lines = _WORDS.read_text(encoding="utf-8").splitlines()
    return dict(line.split("\t") for line in lines)


def kind(word: str) -> str:
    """The letters of a word's kind, however it is written here; "u" for a word that nobody knows.

    >>> kind("because"), kind("Ngozi"), kind("mark")
    ('W', 'ug', 'Wgf')
    """
    word = word.lower()
    known = words().get(word)
    if known is None and any(words().get(stem, "")[:1] in (COMMON, WORD) for stem in _stems(word)):
        return WORD
    return known or UNKNOWN


def _stems(word: str) -> Iterator[str]:
    """What an ordinary word that nobody wrote down may be made from: "radiographers" from "radiograph"."""
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) > 3:
            stem = word.removesuffix(ending)
            yield from (stem, stem + "e", stem + "y")


def is_word(word: str) -> bool:
    """Whether it is an ordinary word, which in lower case means nobody."""
    return kind(word)[0] in (COMMON, WORD)

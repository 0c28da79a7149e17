"""What is known about single words: how people write them, and whether anybody is called so (see docs/redaction.md)."""

from __future__ import annotations

import re
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


# A capital inside a word is how products are written ("OpenFGA"), but for names that begin like this.
_INNER = re.compile(r"[^\W\d_]*?(?:[^\W\d_A-Z][A-Z]|[A-Z]{2}[^\W\d_A-Z])")
_PREFIX = re.compile(r"(?:Ma?c|De|Di|D[aeiou]s?|La|Le|Van|Von|Fitz|[Aa]l|[Ee]l|Ab[du]|O|St|San|Bin|Ben|Ap)[A-Z]")
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


def is_written_like_a_product(word: str) -> bool:
    """Whether there is a capital inside a word, and it does not begin like a name.

    >>> [is_written_like_a_product(word) for word in ("OpenFGA", "KServe", "McLeod", "Ngozi", "NGOZI")]
    [True, True, False, False, False]
    """
    return bool(_INNER.match(word)) and not _PREFIX.match(word)


def is_word(word: str) -> bool:
    """Whether it is an ordinary word, which in lower case means nobody."""
    return kind(word)[0] in (COMMON, WORD)

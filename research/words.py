"""Words and their stems: one way of cutting a text up, for finding passages and for marking what was found."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Sequence
from functools import lru_cache

from Stemmer import Stemmer

# Letters and digits, each with the accents that may follow it as characters of their own.
_WORD = re.compile(r"(?:[^\W_][\u0300-\u036f]*)+")
_PRINTED = re.compile("[‘’“”–—…]")  # what typesetting puts between words: nearly all that is not ASCII in English
_PLAIN = {n: chr(n).lower() if chr(n).isalnum() else " " for n in range(128)}  # ASCII's words, with spaces between
# What redaction left, and who took part: what a note says of people without saying who they are.
_MARK = re.compile(r"\[[A-Z]+(?:_[A-Z]+)*\]")
_SOMEBODY = re.compile(r"\[PERSON\]|\bP-\d{4,}\b")
IN_CONTEXT = 0.5  # what a word counts that stands in the question which a passage answers, beside one in the answer
_LONGEST = 64  # characters of a stem that count; longer ones are pasted data and no words

_english = Stemmer("english", 0)  # without a cache of its own: `stem` has one


def words(text: str) -> list[str]:
    """The words of a text in order, in lower case; a mark such as [PERSON] is none."""
    if "[" in text:
        text = _MARK.sub(" ", text)
    plain = text if text.isascii() else _PRINTED.sub(" ", text)
    if plain.isascii():  # three times as fast, and a search cuts up hundreds of passages
        return plain.translate(_PLAIN).split()
    return [word.lower() for word in _WORD.findall(text)]


def stems(text: str) -> list[str]:
    """The words of a text in order, each by its English stem (Porter 2), in lower case and without accents."""
    return list(map(stem, words(text)))


def marked(text: str, wanted: Collection[str], phrases: Sequence[str] = ()) -> tuple[tuple[int, int], ...]:
    """Where words whose stem is wanted stand in a text, and phrases in any case: (start, end), none overlapping."""
    left_out = [mark.span() for mark in _MARK.finditer(text)] if "[" in text else []
    spans = [
        word.span()
        for word in _WORD.finditer(text)
        if stem(word[0]) in wanted and not any(start < word.start() < end for start, end in left_out)
    ]
    spans += [found.span() for phrase in phrases for found in re.finditer(re.escape(phrase), text, re.IGNORECASE)]
    joined: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if joined and start < joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return tuple(joined)


def in_plain_words(text: str) -> str:
    """A text with "somebody" for people and "phone" for [PHONE], since a model of language knows no marks."""
    said = _SOMEBODY.sub("somebody", text)
    return _MARK.sub(lambda mark: mark[0][1:-1].replace("_", " ").lower(), said) if "[" in said else said


@lru_cache(maxsize=100_000)
def stem(word: str) -> str:
    """The stem of one word."""
    word = word.casefold()
    if not word.isascii():
        word = "".join(c for c in unicodedata.normalize("NFKD", word) if not unicodedata.combining(c))
    return str(_english.stemWord(word[:_LONGEST]))

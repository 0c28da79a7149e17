"""A pipeline's reading of texts: only of what stands around words that may name somebody, which is much less."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from ingest.personal import lexicon
from ingest.personal.edges import WORD, is_contraction, is_no_name
from research.litter import without_runs

_AROUND = 6  # words on either side; the name finder sees four (its encoder's depth) of a word's neighbours
_LONGEST = 200  # words of a stretch: what is read together should stay in the processor's cache
_TOGETHER = 48  # stretches
_LAST_LETTER = "\u2e7f"  # behind it come the scripts that put no spaces between words, which nothing here can read
_PIECE = re.compile(r"\S+")
_CASED = 0.6  # share of a text's "I" that has a capital, from which it is written by somebody who uses them


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of a text from `start` on as a pipeline reads it; `scores` say of each of its words how likely it is
    part of a name (None if the pipeline can't say)."""

    start: int
    doc: Any
    scores: Any


def read(nlp: Any, texts: Sequence[str], *, whole: bool = False) -> Iterator[list[Piece]]:
    """The pieces of each text: around what may be names, or (`whole`, or a pipeline that does not grade words) all."""
    tagger = nlp.get_pipe("tagger") if nlp.has_pipe("tagger") else None
    if tagger is None or "NAME" not in tagger.labels:
        yield from ([Piece(0, doc, None)] for doc in nlp.pipe(texts, batch_size=8))
        return
    waiting: list[tuple[int, int]] = []  # (text, start) of each of the stretches that are read together
    said: list[str] = []
    pieces: list[list[Piece]] = [[] for _ in texts]
    done = 0
    for n, text in enumerate(texts):
        for start, end in [(0, len(text))] if whole else stretches(text):
            waiting.append((n, start))
            said.append(text[start:end])
            if len(said) == _TOGETHER:
                _read_together(nlp, tagger, said, waiting, pieces)
                waiting, said = [], []
        while done < (waiting[0][0] if waiting else n + 1):
            yield pieces[done]
            done += 1
    if said:
        _read_together(nlp, tagger, said, waiting, pieces)
    yield from pieces[done:]


def _read_together(
    nlp: Any, tagger: Any, said: Sequence[str], where: Sequence[tuple[int, int]], pieces: Sequence[list[Piece]]
) -> None:
    docs = [nlp.make_doc(without_runs(one)) for one in said]
    encoder, recognizer = nlp.get_pipe("tok2vec"), nlp.get_pipe("ner")
    encoder.set_annotations(docs, encoder.predict(docs))
    recognizer.set_annotations(docs, recognizer.predict(docs))
    column = tagger.labels.index("NAME")
    for doc, grades, (n, start) in zip(docs, tagger.model.predict(docs), where, strict=True):
        powers = np.exp(grades - grades.max(axis=1, keepdims=True))
        pieces[n].append(Piece(start, doc, powers[:, column] / powers.sum(axis=1)))


def stretches(text: str) -> Iterator[tuple[int, int]]:
    """Where a text has to be read: some words around each that may be part of a name, joined where they meet.

    >>> list(stretches("We gave up, because it was slow and asked for columns that nobody has. Ngozi said so."))
    [(36, 85)]
    """
    words = [found.span() for found in _PIECE.finditer(text)]
    upper = is_cased(text)
    first = last = -1  # words
    for n, (start, end) in enumerate(words):
        if not any(may_name(word, cased=upper) for word in WORD.findall(text[start:end])):
            continue
        if last >= 0 and (n - _AROUND > last + 1 or n - first > _LONGEST):
            yield words[first][0], words[min(last, len(words) - 1)][1]
            first = -1
        if first < 0:
            first = max(0, n - _AROUND)
        last = n + _AROUND
    if last >= 0:
        yield words[first][0], words[min(last, len(words) - 1)][1]


def may_name(word: str, *, cased: bool) -> bool:
    """Whether a word may be part of a name at all: none that is ordinary, unless people are called so and it is written
    like a name, or in a text without capitals.

    >>> [may_name(word, cased=True) for word in ("because", "Ngozi", "mark", "Mark", "we're", "Friday")]
    [False, True, False, True, False, False]
    """
    bare = word[:-2] if word.endswith(("'s", "’s")) else word
    if is_unreadable(bare):
        return False
    kind = lexicon.kind(bare)
    if kind[0] not in (lexicon.COMMON, lexicon.WORD):
        return len(bare) > 1 and not is_contraction(bare) and not is_no_name(bare)
    if lexicon.GIVEN in kind:
        return bare[0].isupper() or not cased or kind[0] == lexicon.WORD
    return lexicon.FAMILY in kind and bare[0].isupper()


def is_unreadable(word: str) -> bool:
    """Whether a word is of a script without spaces between words, whose "words" are whole sentences."""
    return max(word) > _LAST_LETTER


_I = re.compile(r"\b[Ii]\b")
_STARTS = re.compile(r"(?:^|[.!?]\s|\n)\s*([^\W\d_])")


def is_cased(text: str) -> bool:
    """Whether a text is written with capitals, so that a name in it would have one, too.

    >>> is_cased("I asked Ngozi. She left."), is_cased("i asked ngozi and she left")
    (True, False)
    """
    signs = _I.findall(text) + _STARTS.findall(text)
    return bool(signs) and sum(sign.isupper() for sign in signs) >= _CASED * len(signs)

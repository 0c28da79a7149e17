"""Who is named in a text: what the name finder sees, what the words around a name say, and the same names again."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any

from ingest.personal import lexicon
from ingest.personal.addresses import is_street, street_only
from ingest.personal.cues import BRANDS, DAYS, TIMES, cued
from ingest.personal.edges import WORD, is_contraction, is_no_name, persons, without_edges
from ingest.personal.lexicon import word_set
from ingest.personal.models import Kind, Span, touches

_SEEN = 0.9  # score of what the entity recognizer finds, which gives none itself
_LISTED = 0.6  # of a word that stands in a list of given names and is no other word
_HARDLY = 0.02  # probability below which even a word from that list is no name here
_AGAIN = 0.7  # of a part of a name that was found elsewhere in the text
_KINDS: dict[str, Kind] = {"PERSON": "PERSON", "PER": "PERSON", "ORG": "ORGANIZATION", "ADDRESS": "ADDRESS"}
_PARTICLES = word_set("van von der den bin ibn bint ben del della dos ter ten mac and the")
_LEGAL_FORM = re.compile(
    r",? (?:Ltd|Limited|LLC|Inc|Corp|PLC|plc|GmbH|AG|KG|BV|NV|SA|SARL|SAS|AB|AS|Oy|SpA|SL|Pty)\b\.?"
)


def find_names(text: str, readings: Sequence[tuple[Any, Any]]) -> list[Span]:
    """The persons, organisations and addresses in a text that pipelines have read: (their doc, their name scores)."""
    spans = [span for doc, scores in readings for span in _seen(doc, scores)]
    first, scores = readings[0]
    spans += _listed(first, scores)
    spans += cued(text)
    trimmed = [span for one in spans for span in _trimmed(text, one)]
    return [*trimmed, *_again(text, trimmed)]


def _seen(doc: Any, scores: Any) -> Iterator[Span]:
    """What a pipeline's recognizer finds, and runs of words that its tagger takes for names."""
    for entity in doc.ents:
        kind = _KINDS.get(entity.label_)
        if kind == "ADDRESS" and not is_street(entity.text):
            continue
        if kind == "PERSON" and scores is not None and _unlikely(entity, scores):
            continue
        if kind:
            yield Span(entity.start_char, entity.end_char, kind, _SEEN)
    if scores is None:
        return
    start: int | None = None
    for n in range(len(doc) + 1):
        named = n < len(doc) and scores[n] >= _enough(doc[n].text)
        if named and start is None and not doc[n].is_space:
            start = n
        elif not named and start is not None:
            yield Span(
                doc[start].idx, doc[n - 1].idx + len(doc[n - 1].text), "PERSON", min(1.0, float(max(scores[start:n])))
            )
            start = None


def _unlikely(entity: Any, scores: Any) -> bool:
    """Whether what the recognizer takes for a person is ordinary words that the tagger takes for none."""
    return all(
        scores[token.i] < (0.98 if token.lower_ in DAYS else 0.5)
        and (lexicon.is_word(token.text) or token.lower_ in TIMES or token.lower_ in BRANDS)
        for token in entity
    )


def _enough(word: str) -> float:
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
    return 0.2 if len(kind) > 1 else 0.35


def _listed(doc: Any, scores: Any) -> Iterator[Span]:
    """Words that are given names and hardly anything else, where nothing says that they are something else."""
    others = {token.i for entity in doc.ents if entity.label_ != "PERSON" for token in entity}
    for token in doc:
        kind = lexicon.kind(token.text)
        if lexicon.GIVEN not in kind or kind[0] not in "un" or lexicon.PLACE in kind or token.i in others:
            continue
        if scores is not None and scores[token.i] < _HARDLY:
            continue
        capital = token.text[0].isupper() and not token.text.isupper()
        if token.lower_ in BRANDS or token.lower_ in TIMES or len(token) < (3 if capital else 4):
            continue
        if capital or kind[0] == lexicon.UNKNOWN:
            yield Span(token.idx, token.idx + len(token), "PERSON", _LISTED)


def _trimmed(text: str, span: Span) -> Iterator[Span]:
    """A span without what is no part of it, or none if nobody is left; a firm with its legal form."""
    firm = span.kind == "PERSON" and _LEGAL_FORM.search(text[span.start : span.end + 8])
    if firm and firm.end() + span.start >= span.end:
        span = Span(span.start, span.end, "ORGANIZATION", span.score)
    if span.kind == "PERSON":
        yield from persons(text, span)
        return
    start, end = without_edges(text, span.start, span.end)
    if span.kind == "ADDRESS":
        end = start + len(street_only(text[start:end]))
    if span.kind == "ORGANIZATION" and (form := _LEGAL_FORM.match(text, end)):
        end = form.end()
    if end > start:
        yield Span(start, end, span.kind, span.score)


def _again(text: str, spans: Sequence[Span]) -> Iterator[Span]:
    """The parts of every name that was found, wherever else they stand: with a capital, or in lower case when they are
    no ordinary word."""
    parts: set[str] = set()
    for span in spans:
        if span.kind == "PERSON":
            parts |= {word.lower() for word in WORD.findall(text[span.start : span.end]) if len(word) > 2}
    for word in WORD.finditer(text):
        said = re.sub(r"['’]s?$", "", word.group())
        low = said.lower()
        if low not in parts or is_contraction(said) or is_no_name(said):
            continue
        if any(touches(span, word.start(), word.end()) for span in spans):
            continue
        kind = lexicon.kind(low)
        ordinary = kind[0] in "Wwb" or low in TIMES or low in BRANDS or low in _PARTICLES
        if not ordinary or (said[0].isupper() and kind[0] not in "Ww" and low not in _PARTICLES | TIMES | BRANDS):
            yield Span(word.start(), word.start() + len(said), "PERSON", _AGAIN)


_PARTICLES = word_set("van von der den bin ibn bint ben del della dos ter ten mac and the")

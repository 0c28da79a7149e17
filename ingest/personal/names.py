"""Who is named in a text: what the name finder sees, what the words around a name say, and the same names again."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any

from ingest.personal import lexicon
from ingest.personal.addresses import is_street, street_only
from ingest.personal.cues import BRANDS, TIMES, cued
from ingest.personal.edges import WORD, is_contraction, is_no_name, persons, without_edges
from ingest.personal.evidence import Evidence, Graded, enough
from ingest.personal.lexicon import word_set
from ingest.personal.models import Kind, Span, touches
from ingest.personal.reading import Piece

_SEEN = 0.9  # score of what the entity recognizer finds, which gives none itself
_LISTED = 0.6  # of a word that stands in a list of given names and is no other word
_HARDLY = 0.02  # probability below which even a word from that list is no name here
_AGAIN = 0.7  # of a part of a name that was found elsewhere in the text
_AGREED = 0.5  # share of the probability that is enough by itself, from which a word confirms the recognizer's find
_KINDS: dict[str, Kind] = {"PERSON": "PERSON", "PER": "PERSON", "ORG": "ORGANIZATION", "ADDRESS": "ADDRESS"}
_PARTICLES = word_set("van von der den bin ibn bint ben del della dos ter ten mac and the")
_LEGAL_FORM = re.compile(
    r",? (?:Ltd|Limited|LLC|Inc|Corp|PLC|plc|GmbH|AG|KG|BV|NV|SA|SARL|SAS|AB|AS|Oy|SpA|SL|Pty)\b\.?"
)


def find_names(text: str, readings: Sequence[Sequence[Piece]]) -> list[Span]:
    """The persons, organisations and addresses in a text as pipelines have read it, the one that ships first."""
    evidence = Evidence(text, readings[0])
    spans = [span for pieces in readings for piece in pieces for span in _seen(piece, evidence)]
    spans += [span for piece in readings[0] for span in _listed(piece)]
    spans += _tagged(text, evidence)
    certain = list(cued(text))
    trimmed = [span for one in [*spans, *certain] for span in _trimmed(text, one)]
    return [*trimmed, *_again(text, trimmed, evidence)]


def _seen(piece: Piece, evidence: Evidence) -> Iterator[Span]:
    """What a pipeline's recognizer finds, unless the words, wherever they stand, are hardly anybody's name."""
    for entity in piece.doc.ents:
        kind = _KINDS.get(entity.label_)
        if kind == "ADDRESS" and not is_street(entity.text):
            continue
        if kind == "PERSON" and piece.scores is not None and not _agreed(piece, entity, evidence):
            continue
        if kind:
            yield Span(piece.start + entity.start_char, piece.start + entity.end_char, kind, _SEEN)


def _agreed(piece: Piece, entity: Any, evidence: Evidence) -> bool:
    """Whether the tagger, too, takes a word of what the recognizer found for a name, if with less certainty."""
    return any(
        evidence.of(piece.start + token.idx) >= _AGREED * enough(token.text) and not evidence.denied(token.text)
        for token in entity
    )


def _tagged(text: str, evidence: Evidence) -> Iterator[Span]:
    """Runs of words that the tagger takes for names."""
    run: list[Graded] = []
    for word in [*(one for one in evidence.words if one.score >= evidence.enough(one)), None]:
        if run and (word is None or not _beside(text, run[-1], word)):
            yield Span(run[0].start, run[-1].end, "PERSON", min(1.0, max(one.score for one in run)))
            run = []
        if word:
            run.append(word)


def _beside(text: str, one: Graded, other: Graded) -> bool:
    return not text[one.end : other.start].strip(" \t")


def _listed(piece: Piece) -> Iterator[Span]:
    """Words that are given names and hardly anything else, where nothing says that they are something else."""
    others = {token.i for entity in piece.doc.ents if entity.label_ != "PERSON" for token in entity}
    for token in piece.doc:
        kind = lexicon.kind(token.text)
        if lexicon.GIVEN not in kind or kind[0] not in "un" or lexicon.PLACE in kind or token.i in others:
            continue
        if piece.scores is not None and piece.scores[token.i] < _HARDLY:
            continue
        capital = token.text[0].isupper() and not token.text.isupper()
        if token.lower_ in BRANDS or token.lower_ in TIMES or len(token) < (3 if capital else 4):
            continue
        if capital or kind[0] == lexicon.UNKNOWN:
            yield Span(piece.start + token.idx, piece.start + token.idx + len(token), "PERSON", _LISTED)


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


def _again(text: str, spans: Sequence[Span], evidence: Evidence) -> Iterator[Span]:
    """The parts of every name that was found, wherever else they stand: with a capital, or in lower case when they are
    no ordinary word; but not where most of the text takes that word for something else."""
    parts: set[str] = set()
    for span in spans:
        if span.kind == "PERSON":
            parts |= {word.lower() for word in WORD.findall(text[span.start : span.end]) if len(word) > 2}
    parts = {part for part in parts if not evidence.denied(part)}
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

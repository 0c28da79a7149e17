"""Finding personal data: everything that finds, one after the other, and one answer where they overlap."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any

from ingest.personal.addresses import find_addresses
from ingest.personal.model import name_finder
from ingest.personal.models import Span, touches
from ingest.personal.names import find_names
from ingest.personal.numbers import find_numbers
from ingest.personal.online import find_online
from ingest.personal.phones import find_phones
from ingest.personal.recognizers import find_recognized

# What is nobody's any more: marks that redaction left, and pseudonyms.
_MARKS = re.compile(r"\[[A-Z][A-Z_]+\]|\[?\bP-\d{4,}\b\]?")
# Where two kinds claim the same characters, the one that stands first here is right; of one kind, both are.
_ORDER = {
    kind: rank
    for rank, kind in enumerate(
        "URL_TOKEN SECRET EMAIL IBAN CARD DATE_OF_BIRTH NATIONAL_ID IP ADDRESS ACCOUNT_NUMBER PHONE PERSON ORGANIZATION".split()
    )
}


def find_personal_data(text: str, *, organizations: bool = False, also: str = "") -> tuple[Span, ...]:
    """The personal data in a text, in order and without overlaps; `text[span.start:span.end]` is what it is.

    `organizations` finds firms too, which say where somebody works. `also` names an installed spaCy pipeline, such as
    "en_core_web_sm", whose names are found beside those of the one that comes with Heard.
    """
    return next(find_in_many([text], organizations=organizations, also=also))


def find_in_many(
    texts: Sequence[str], *, organizations: bool = False, also: str = ""
) -> Iterator[tuple[Span, ...]]:
    """The same for many texts, whose names are looked for together; an answer a text, in their order."""
    pipelines = [name_finder(), *([name_finder(also)] if also else [])]
    readings = [_read(nlp, texts) for nlp in pipelines]
    for text, *read in zip(texts, *readings, strict=True):
        spans = [*find_online(text), *find_phones(text), *find_numbers(text), *find_addresses(text)]
        spans += [*find_recognized(text), *find_names(text, read)]
        if not organizations:
            spans = [span for span in spans if span.kind != "ORGANIZATION"]
        yield settled(text, spans)


def _read(nlp: Any, texts: Sequence[str]) -> Iterator[tuple[Any, Any]]:
    """Each text as a pipeline reads it, and how likely each of its words is part of a name (None if it can't say)."""
    tagger = nlp.get_pipe("tagger") if nlp.has_pipe("tagger") else None
    column = tagger.labels.index("NAME") if tagger and "NAME" in tagger.labels else None
    for doc in nlp.pipe(texts, batch_size=64):
        yield doc, tagger.model.predict([doc])[0][:, column] if tagger and column is not None and len(doc) else None


def settled(text: str, spans: Sequence[Span]) -> tuple[Span, ...]:
    """Spans that do not overlap each other or any mark: those of one kind joined, and of two kinds the first by order
    kept, the other cut down to what it has besides (and dropped if that says nothing)."""
    marks = [found.span() for found in _MARKS.finditer(text)]
    kept: list[Span] = []
    for span in sorted(_joined(text, spans), key=lambda one: (_ORDER[one.kind], -(one.end - one.start), one.start)):
        if span.kind == "ADDRESS":
            span = _behind_names(text, span, spans)
        taken = [(one.start, one.end) for one in kept if touches(one, span.start, span.end)]
        taken += [mark for mark in marks if touches(span, *mark)]
        kept += _rest(text, span, taken)
    return tuple(sorted(kept))


def _joined(text: str, spans: Sequence[Span]) -> list[Span]:
    """Spans of one kind that overlap made one; addresses also across a comma or the end of a line, and names across
    a space."""
    found: list[Span] = []
    for kind in _ORDER:
        last: Span | None = None
        for span in sorted(one for one in spans if one.kind == kind and one.end > one.start):
            if last and _belongs(text, last, span):
                last = Span(last.start, max(last.end, span.end), last.kind, max(last.score, span.score))
                found[-1] = last
            else:
                last = span
                found.append(span)
    return found


def _belongs(text: str, last: Span, span: Span) -> bool:
    if span.start < last.end:
        return True
    between = text[last.end : span.start]
    if span.kind == "ADDRESS":
        return bool(re.fullmatch(r"[ \t]*,?[ \t]*\n?[ \t]*", between))
    return span.kind == "PERSON" and bool(re.fullmatch(r"[ \t]|-|\.[ \t]?", between))


def _behind_names(text: str, span: Span, spans: Sequence[Span]) -> Span:
    """An address without the name of whoever lives there."""
    for name in sorted(one for one in spans if one.kind == "PERSON" and touches(one, span.start, span.end)):
        between = text[span.start : name.start]
        after = re.match(r"\s*[,\n]\s*", text[name.end : span.end])
        if name.start <= span.start or not re.search(r"\w", between):
            if after and re.search(r"\d", text[name.end : span.end]):
                span = Span(name.end + after.end(), span.end, span.kind, span.score)
    return span


def _rest(text: str, span: Span, taken: Sequence[tuple[int, int]]) -> Iterator[Span]:
    """What is left of a span beside stretches that are taken; of names and addresses only is a part worth keeping."""
    if not taken:
        yield span
    elif span.kind in ("PERSON", "ADDRESS"):
        at = span.start
        for start, end in [*sorted(taken), (span.end, span.end)]:
            part = text[at : max(at, start)]
            bare = part.strip(" ,.;:()<>[]\n\t-|'’\"")
            if len(bare) > 1 and any(character.isalpha() for character in bare):
                begin = at + part.index(bare)
                yield Span(begin, begin + len(bare), span.kind, span.score)
            at = max(at, end)

"""Finding personal data: everything that finds, one after the other, and one answer where they overlap."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence

from ingest.personal.addresses import find_addresses
from ingest.personal.known import Known, KnownPerson
from ingest.personal.model import name_finder
from ingest.personal.models import KINDS, Kind, Span, touches
from ingest.personal.names import find_names
from ingest.personal.numbers import find_numbers, is_label
from ingest.personal.online import find_online
from ingest.personal.phones import find_phones
from ingest.personal.reading import read
from ingest.personal.recognizers import find_recognized

# What is nobody's any more: marks that redaction left, and pseudonyms.
_MARKS = re.compile(rf"\[(?:{'|'.join(KINDS)})\]|\bP-\d{{4,}}\b")
# Where two kinds claim the same characters, the one that stands first here is right; of one kind, both are.
_FIRST: tuple[Kind, ...] = (
    "URL_TOKEN", "SECRET", "EMAIL", "IBAN", "CARD", "DATE_OF_BIRTH", "NATIONAL_ID", "IP", "ADDRESS", "ACCOUNT_NUMBER",
    "PHONE", "PERSON", "ORGANIZATION",
)  # fmt: skip
_ORDER: dict[Kind, int] = {kind: rank for rank, kind in enumerate(_FIRST)}


def find_personal_data(
    text: str, *, known: Sequence[KnownPerson] = (), organizations: bool = False, also: str = ""
) -> tuple[Span, ...]:
    """The personal data in a text, in order and without overlaps; `text[span.start:span.end]` is what it is.

    Whoever is `known` is found as themselves (`span.who`). `organizations` finds firms too, which say where somebody
    works. `also` names an installed spaCy pipeline, such as "en_core_web_sm", whose names are found beside those of the
    one that comes with Heard.
    """
    return next(find_in_many([text], known=known, organizations=organizations, also=also))


def find_in_many(
    texts: Sequence[str], *, known: Sequence[KnownPerson] = (), organizations: bool = False, also: str = ""
) -> Iterator[tuple[Span, ...]]:
    """The same for many texts, whose names are looked for together; an answer a text, in their order."""
    pipelines = [name_finder(), *([name_finder(also)] if also else [])]
    readings = [read(nlp, texts, whole=organizations) for nlp in pipelines]
    people = Known(known)
    for text, *pieces in zip(texts, *readings, strict=True):
        spans = [*find_online(text), *find_phones(text), *find_numbers(text), *find_addresses(text)]
        spans += [*find_recognized(text), *find_names(text, pieces), *people.find(text)]
        if not organizations:
            spans = [span for span in spans if span.kind != "ORGANIZATION"]
        yield settled(text, spans)


def settled(text: str, spans: Sequence[Span]) -> tuple[Span, ...]:
    """Spans that overlap neither each other nor a mark: those of one kind joined; of two kinds the one that `_ORDER`
    has first kept, and of the other what it has besides."""
    taken = [found.span() for found in _MARKS.finditer(text)]  # in order, none touching another
    kept: list[Span] = []
    for span in sorted(_joined(text, spans), key=lambda one: (_ORDER[one.kind], -len(one.who), one.start - one.end)):
        left = _behind_names(text, span, spans) if span.kind == "ADDRESS" else span
        first = bisect_right(taken, left.start, key=lambda stretch: stretch[1])
        after = bisect_left(taken, left.end, key=lambda stretch: stretch[0])
        new = list(_rest(text, left, taken[first:after]))
        kept += new
        taken[first:after] = sorted([*taken[first:after], *((one.start, one.end) for one in new)])
    return tuple(sorted(kept))


def _joined(text: str, spans: Sequence[Span]) -> list[Span]:
    """Spans of one kind that belong together made one; never those of two people who are known."""
    found: list[Span] = []
    for kind in _ORDER:
        mine = sorted(
            _without_space(text, one) for one in spans if one.kind == kind and text[one.start : one.end].strip()
        )
        known = [one for one in mine if one.who]
        last: Span | None = None
        for span in mine:
            whos = {one.who for one in known if touches(one, span.start, span.end)}
            if last and _belongs(text, last, span) and len({last.who, span.who, *whos} - {""}) <= 1:
                last = Span(
                    last.start, max(last.end, span.end), kind, max(last.score, span.score), last.who or span.who
                )
                found[-1] = last
            else:
                last = span
                found.append(span)
    return found


def _without_space(text: str, span: Span) -> Span:
    said = text[span.start : span.end]
    start, end = span.start + len(said) - len(said.lstrip()), span.start + len(said.rstrip())
    return span if (start, end) == (span.start, span.end) else Span(start, end, span.kind, span.score, span.who)


def _belongs(text: str, last: Span, span: Span) -> bool:
    """Whether two spans of a kind overlap, or, of an address or a name, have no more than a space or so between."""
    if span.start < last.end:
        return True
    between = text[last.end : span.start]
    if span.kind == "ADDRESS":
        return bool(re.fullmatch(r"[ \t]*,?[ \t]*\n?[ \t]*", between))
    return span.kind == "PERSON" and bool(re.fullmatch(r"[ \t]|-|\.[ \t]?", between))


def _behind_names(text: str, span: Span, spans: Sequence[Span]) -> Span:
    """An address without the name of whoever lives there, which stands before it."""
    for name in sorted(one for one in spans if one.kind == "PERSON" and touches(one, span.start, span.end)):
        after = re.match(r"\s*[,\n]\s*", text[name.end : span.end])
        first = not re.search(r"\w", text[span.start : name.start])
        if first and after and re.search(r"\d", text[name.end : span.end]):
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
            if len(bare) > 1 and any(character.isalpha() for character in bare) and not is_label(bare):
                begin = at + part.index(bare)
                yield Span(begin, begin + len(bare), span.kind, span.score, span.who)
            at = max(at, end)

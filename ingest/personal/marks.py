"""A text without what is personal in it, and the marks in its place."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from ingest.personal.models import KINDS, Kind, Span, touches
from research.edits import Edited, edited
from research.errors import BadInput


@dataclass(frozen=True, slots=True)
class Replacement:
    """A mark in the redacted text: where it stands there, what stood in its place, and how sure that was.

    `who` is the pseudonym that it is, or "". What it replaced is kept nowhere.
    """

    start: int
    end: int
    kind: Kind
    score: float
    who: str = ""


@dataclass(frozen=True, slots=True)
class Redacted:
    """A redacted text and its marks, in order; `edited` knows where everything else went."""

    text: str
    replacements: tuple[Replacement, ...]
    edited: Edited


@dataclass(frozen=True, slots=True)
class Decision:
    """What a person changed about the spans that were found: stretches to leave as they are, and spans to add."""

    keep: tuple[tuple[int, int], ...] = ()
    add: tuple[Span, ...] = ()


def mark(span: Span) -> str:
    """What stands for a span: the pseudonym of somebody who is known, else its kind.

    >>> mark(Span(0, 5, "PERSON", 0.9)), mark(Span(0, 5, "PERSON", 1.0, "P-0007"))
    ('[PERSON]', 'P-0007')
    """
    return span.who or f"[{span.kind}]"


def redact(text: str, spans: Sequence[Span]) -> Redacted:
    """The text with every span replaced by its mark; spans must not overlap."""
    ordered = sorted(spans)
    for span in ordered:
        _check(text, span.start, span.end)
    if any(after.start < span.end for span, after in pairwise(ordered)):
        raise BadInput("Two stretches to be replaced overlap. Leave out one of them.")
    done = edited(text, [(span.start, span.end, mark(span)) for span in ordered])
    made = zip(ordered, done.stretches, strict=True)
    return Redacted(done.text, tuple(Replacement(*at, span.kind, span.score, span.who) for span, at in made), done)


def decided(text: str, proposed: Sequence[Span], decision: Decision) -> tuple[Span, ...]:
    """The spans to replace after a person has looked: without those that touch a stretch to keep, with those added.

    An added span goes before proposed ones that it touches; they keep what they have besides, so that adding a word
    to a name never brings the rest of the name back.
    """
    for start, end in decision.keep:
        _check(text, start, end)
    for span in decision.add:
        _check(text, span.start, span.end)
        if span.kind not in KINDS:
            raise BadInput(f"{span.kind} is no kind of personal data. Choose one of {', '.join(KINDS)}.")
    left = [span for span in proposed if not any(touches(span, start, end) for start, end in decision.keep)]
    spans: list[Span] = []
    for span in sorted(decision.add, key=lambda one: (one.start, -one.end)):
        if not any(touches(one, span.start, span.end) for one in spans):
            spans.append(span)
    for span in left:
        at = span.start
        for added in sorted(one for one in decision.add if touches(one, span.start, span.end)):
            if text[at : added.start].strip():
                spans.append(Span(at, added.start, span.kind, span.score, span.who))
            at = max(at, added.end)
        if text[at : span.end].strip():
            spans.append(Span(at, span.end, span.kind, span.score, span.who))
    return tuple(sorted(spans))


def _check(text: str, start: int, end: int) -> None:
    if not 0 <= start < end <= len(text):
        raise BadInput(f"{start} to {end} is no stretch of a text of {len(text)} characters. Load the text anew.")

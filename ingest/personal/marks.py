"""A text without what is personal in it: marks in its place, and where every character went."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

from ingest.personal.models import KINDS, Kind, Span, touches
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
class Offsets:
    """Where the characters of a text are once stretches of it are replaced; stretches as (start, end, length now)."""

    stretches: tuple[tuple[int, int, int], ...] = ()

    def __call__(self, offset: int, *, end: bool = False) -> int:
        """The offset now of what was at `offset`; inside a replaced stretch the start of its mark, or with `end` its
        end, so that a passage keeps every mark it touches."""
        return self._moved(offset, [(start, stop, size) for start, stop, size in self.stretches], end)

    def before(self, offset: int, *, end: bool = False) -> int:
        """The offset before of what is at `offset` now; inside a mark the start of what it replaced, or its end."""
        back, shift = [], 0
        for start, stop, size in self.stretches:
            back.append((start + shift, start + shift + size, stop - start))
            shift += size - (stop - start)
        return self._moved(offset, back, end)

    @staticmethod
    def _moved(offset: int, stretches: Sequence[tuple[int, int, int]], end: bool) -> int:
        passed = bisect_right(stretches, offset, key=lambda stretch: stretch[0])
        shift = 0
        for start, stop, size in stretches[:passed]:
            if offset < stop:
                if offset == start:
                    return start + shift
                return start + shift + (size if end else 0)
            shift += size - (stop - start)
        return offset + shift


@dataclass(frozen=True, slots=True)
class Redacted:
    """A redacted text, its marks in order, and the way from old offsets to new ones."""

    text: str
    replacements: tuple[Replacement, ...]
    offsets: Offsets


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
    parts: list[str] = []
    made: list[Replacement] = []
    stretches: list[tuple[int, int, int]] = []
    at = now = 0
    for span in sorted(spans):
        _check(text, span.start, span.end)
        if span.start < at:
            raise BadInput("Two stretches to be replaced overlap. Leave out one of them.")
        kept, new = text[at : span.start], mark(span)
        now += len(kept)
        parts += [kept, new]
        made.append(Replacement(now, now + len(new), span.kind, span.score, span.who))
        stretches.append((span.start, span.end, len(new)))
        at, now = span.end, now + len(new)
    return Redacted("".join([*parts, text[at:]]), tuple(made), Offsets(tuple(stretches)))


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

"""Text from the repository on its way to a browser: everything that people wrote is escaped here, and only here."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from html import escape

_MARKDOWN = re.compile(r"([\\`*_{}\[\]()<>#+\-.!|~$:^&@/])")
_SENTENCE_END = re.compile(r"(?<=[.!?…])[\"”')]*\s+")

Span = tuple[int, int]


def esc(text: object) -> str:
    """Text as HTML, safe inside an element and inside a double-quoted attribute."""
    return escape(str(text).replace("\0", ""), quote=True)


def md(text: object) -> str:
    """Text as Markdown that shows exactly these characters: for labels, which Streamlit reads as Markdown."""
    return _MARKDOWN.sub(r"\\\1", " ".join(str(text).split()))


def marked(text: str, marks: Sequence[Span], start: int = 0, end: int | None = None) -> str:
    """`text[start:end]` as HTML with the marked spans (offsets into the whole text) in <mark>."""
    end = len(text) if end is None else end
    out: list[str] = []
    at = start
    for left, right in sorted(marks):
        left, right = max(left, at), min(right, end)
        if left >= right:
            continue
        out.append(esc(text[at:left]))
        out.append(f"<mark>{esc(text[left:right])}</mark>")
        at = right
    out.append(esc(text[at:end]))
    return "".join(out).replace("\n", "<br>")


def excerpt(text: str, marks: Sequence[Span], length: int = 420) -> Span:
    """The part of a long passage to show first: whole sentences, about `length` characters, with the first mark in."""
    if len(text) <= length * 1.3:
        return 0, len(text)
    starts = [0, *(found.end() for found in _SENTENCE_END.finditer(text))]
    first = min((left for left, _ in marks), default=0)
    begin = 0 if first < length * 0.8 else max(start for start in starts if start <= first)
    end = max((start for start in starts if begin < start <= begin + length), default=0)
    if not end:  # one very long sentence: cut between words
        end = text.rfind(" ", begin, begin + length)
        end = end if end > begin else begin + length
    return begin, min(end, len(text))


def joined(parts: Iterable[str], between: str = " · ") -> str:
    """Pieces of HTML with a separator between those that are not empty."""
    return between.join(part for part in parts if part)


def sentence(text: str) -> str:
    """A phrase with a capital and a full stop; "" stays so."""
    return f"{text[:1].upper()}{text[1:]}." if text else ""

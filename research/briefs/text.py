"""What people wrote, made fit for a document: no characters that a file refuses, escaped for Markdown, shortened."""

from __future__ import annotations

import re
from dataclasses import fields, is_dataclass, replace
from itertools import pairwise
from typing import Any, TypeVar

_Value = TypeVar("_Value")

# What XML 1.0 cannot hold, and marks that turn the direction of the text after them.
_REFUSED = re.compile(
    r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufffe\uffff\u202a-\u202e\u2066-\u2069]"
)
_MARKDOWN = re.compile(r"([\\`*_\[\]<>|~]|&(?=#?\w+;))")
# “[PERSON]” is no link unless a bracket or a colon follows; “[x]” and “[^1]” are a box and a footnote to some readers.
_PLAIN = re.compile(r"\[(?:\d+|[A-Za-z][A-Za-z0-9 ,.'’-]+)\](?![(\[:])")
_OPENING = re.compile(r"^(?:#{1,6}(?=\s|$)|[-+=]|\d+[.)](?=\s|$))")
_SENTENCE = re.compile(r"[.!?…][\"'”’)\]]*(?=\s)")
_ENOUGH = 1 / 3  # share of what there is room for from which ending with a whole sentence is worth it


def clean(text: str) -> str:
    """Text in one line, without the characters that XML refuses or that would turn a line around."""
    return " ".join(_REFUSED.sub("", text).split())


def cleaned(value: _Value) -> _Value:
    """A frozen value with every text in it made clean, however deep it lies."""
    return _cleaned(value)  # type: ignore[no-any-return]


def _cleaned(value: Any) -> Any:
    if isinstance(value, str):
        return clean(value)
    if isinstance(value, tuple):
        return tuple(_cleaned(one) for one in value)
    if is_dataclass(value) and not isinstance(value, type):
        held = {field.name: getattr(value, field.name) for field in fields(value)}
        changed = {name: new for name, old in held.items() if (new := _cleaned(old)) != old}
        return replace(value, **changed) if changed else value
    return value


def markdown(text: str, *, opening: bool = True) -> str:
    """Text as Markdown that shows these characters; where it opens a line, it starts no list, heading or rule."""
    said, escaped, at = clean(text), "", 0
    for plain in _PLAIN.finditer(said):
        escaped += _MARKDOWN.sub(r"\\\1", said[at : plain.start()]) + plain[0]
        at = plain.end()
    escaped += _MARKDOWN.sub(r"\\\1", said[at:])
    return _OPENING.sub(lambda found: found[0][:-1] + "\\" + found[0][-1], escaped) if opening else escaped


def sentences(text: str) -> list[str]:
    """The sentences of a text.

    >>> sentences("You export 3.5 a day? I see. Why")
    ['You export 3.5 a day?', 'I see.', 'Why']
    """
    said = clean(text)
    ends = [0, *(found.end() for found in _SENTENCE.finditer(said)), len(said)]
    return [one for begin, end in pairwise(ends) if (one := said[begin:end].strip())]


def shortened(text: str, most: int) -> str:
    """Text of at most `most` characters: whole sentences where enough is left of them, else whole words, and then “…”.

    >>> shortened("We export it. Then we fix it by hand, every month.", 36)
    'We export it. …'
    >>> shortened("We export it and then we fix it by hand.", 20)
    'We export it and …'
    """
    said = clean(text)
    if len(said) <= most:
        return said
    room = said[: max(1, most - 1)]
    ends = [found.end() for found in _SENTENCE.finditer(said) if found.end() + 2 <= most]
    if ends and ends[-1] >= _ENOUGH * most:
        return f"{said[: ends[-1]]} …"
    cut = room.rfind(" ")
    return f"{room[:cut]} …" if cut > 0 else f"{room}…"

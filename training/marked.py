"""A text with the stretches of it that are to be found; what is made of corpora and templates, and taught."""

from __future__ import annotations

import random
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from research.edits import Edit, edited

Stretch = tuple[int, int, str]  # start, end and label


@dataclass(frozen=True, slots=True)
class Marked:
    """A text, the labelled stretches in it, and, from a corpus, each word's start and part of speech."""

    text: str
    spans: tuple[Stretch, ...] = ()
    tags: tuple[tuple[int, str], ...] = ()


def joined(parts: Sequence[Marked], between: str) -> Marked:
    """Texts one after the other."""
    text, spans, tags = "", [], []
    for n, part in enumerate(parts):
        text += between if n else ""
        spans += [(start + len(text), end + len(text), label) for start, end, label in part.spans]
        tags += [(start + len(text), tag) for start, tag in part.tags]
        text += part.text
    return Marked(text, tuple(spans), tuple(tags))


def with_spans_replaced(marked: Marked, new: Sequence[str | None]) -> Marked:
    """The text with other words in its labelled stretches, span by span; None leaves one as it is. Tags are lost."""
    said = [
        (start, end, marked.text[start:end] if words is None else words)
        for (start, end, _), words in zip(marked.spans, new, strict=True)
    ]
    done = edited(marked.text, said)
    spans = zip(done.stretches, marked.spans, strict=True)
    return Marked(done.text, tuple((start, end, label) for (start, end), (*_, label) in spans))


def lower(marked: Marked) -> Marked:
    """In lower case (letter by letter, so that no offset moves)."""
    text = "".join(low if len(low := letter.lower()) == 1 else letter for letter in marked.text)
    return Marked(text, marked.spans, marked.tags)


def upper(marked: Marked) -> Marked:
    """In capitals."""
    text = "".join(up if len(up := letter.upper()) == 1 else letter for letter in marked.text)
    return Marked(text, marked.spans, marked.tags)


def without_marks(marked: Marked) -> Marked:
    """Without diacritics, as people type names that are not theirs."""
    return Marked("".join(_plain(letter) for letter in marked.text), marked.spans, marked.tags)


def _plain(letter: str) -> str:
    made = {"ø": "o", "Ø": "O", "ł": "l", "Ł": "L", "đ": "d", "Đ": "D", "ı": "i", "ə": "e", "Ə": "E"}.get(letter)
    if made:
        return made
    base = unicodedata.normalize("NFD", letter)[0]
    return base if ord(letter) < 0x2000 else letter


def without_punctuation(marked: Marked) -> Marked:
    """Without the punctuation that no speech-to-text writes: . , ? ! ; : and quotes, not those inside a word."""
    return _edited(marked, [(m.start(), m.end(), "") for m in re.finditer(r"[.,?!;:\"“”](?=\s|$)|[\"“”]", marked.text)])


def with_fillers(marked: Marked, rng: random.Random, share: float = 0.12) -> Marked:
    """With "um", "you know" and their like between words, not inside what is labelled."""
    fillers = ("um", "uh", "like", "you know", "so", "er", "i mean", "well", "uhm", "okay")
    edits = []
    for space in re.finditer(r" ", marked.text):
        at = space.start()
        if rng.random() < share and not any(start <= at < end for start, end, _ in marked.spans):
            edits.append((at, at, " " + rng.choice(fillers)))
    return _edited(marked, edits)


def _edited(marked: Marked, edits: Sequence[Edit]) -> Marked:
    """The text with stretches replaced (in order, none overlapping), labels and tags moved along."""
    done = edited(marked.text, edits)
    spans = tuple((done.place(s), done.place(e, before=True), label) for s, e, label in marked.spans)
    spans = tuple((s, min(e, len(done.text)), label) for s, e, label in spans)
    return Marked(done.text, spans, tuple((done.place(s), tag) for s, tag in marked.tags))

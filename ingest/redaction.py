"""Redaction at the door: what is personal in a note is replaced before anything else is done with it."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import cast

from ingest.models import Block, Marked, Selection
from ingest.personal.directory import Directory, strongest
from ingest.personal.find import find_in_many, settled
from ingest.personal.known import KnownPerson, find_known
from ingest.personal.marks import Decision, Redacted, Replacement, decided, mark, redact
from ingest.personal.models import KINDS, Kind, Span
from ingest.segment import compose
from research.edits import Edited, edited

_APART = "\n\n"
_PSEUDONYM = re.compile(r"(?<!\w)P-\d{4,}(?!\w)")
_MARK = re.compile(rf"\[(?P<kind>{'|'.join(KINDS)})\]|(?P<who>{_PSEUDONYM.pattern})")


@dataclass(frozen=True, slots=True)
class Plain:
    """A note as it was read, with the people who are known by name in it, and the accounts it is about."""

    blocks: tuple[Block, ...]
    title: str
    known: tuple[KnownPerson, ...] = ()
    accounts: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        """Its words as they are composed, which spans and decisions point into."""
        return compose(self.blocks)[0]

    @property
    def headings(self) -> tuple[str, ...]:
        """What stands over its blocks, each once."""
        return tuple(dict.fromkeys(block.heading for block in self.blocks if block.heading))

    @property
    def everything(self) -> str:
        """Its text, then its headings, then its title: one text to look through, so that a name that is found in one
        of them is found in all."""
        return _APART.join((self.text, *self.headings, self.title))


@dataclass(frozen=True, slots=True)
class Redaction:
    """A note without what was personal in it; `marks` stand in the composed text, and say not what they replaced.

    `named` are the words that were taken for people's names, to look for them in the file's name; they are not kept.
    """

    blocks: tuple[Block, ...]
    title: str
    marks: tuple[Replacement, ...]
    named: frozenset[str] = frozenset()


def proposed(
    notes: Sequence[Plain],
    nobody: Collection[str] = (),
    directory: Directory = Directory(),  # noqa: B008  # empty
) -> list[tuple[Span, ...]]:
    """What is personal in each note, as spans of its `everything`. Names are looked for in all of them together.

    `nobody` are words that look like names and are a product's or an account's: alone, they stay. Of everybody in the
    `directory` the full name is found, and of those of the note's accounts each part of it.
    """
    texts = [note.everything for note in notes]
    kept = {_bare(words) for words in nobody}
    found = []
    for note, text, spans in zip(notes, texts, find_in_many(texts), strict=True):
        known = known_in(text, note, directory)
        found.append(
            tuple(
                span
                for span in (settled(text, [*spans, *known]) if known else spans)
                if span.who or span.kind != "PERSON" or _bare(text[span.start : span.end]) not in kept
            )
        )
    return found


def known_in(text: str, note: Plain, directory: Directory) -> list[Span]:
    """Where people who are known are named in a text of a note: its own people before others of their account, and
    those before everybody else; but who is named with more words before who is named with fewer."""
    colleagues = directory.find_colleagues(text, note.accounts)
    return strongest(find_known(text, note.known), colleagues, list(directory.find(text)))


def redacted(note: Plain, spans: Sequence[Span], decision: Decision = Decision()) -> Redaction:  # noqa: B008  # frozen
    """The note with what was proposed, and a person decided, replaced. Its blocks stay as many and in their order."""
    left = spans_of(note, spans, decision)
    _, offsets = compose(note.blocks)
    at = len(note.text) + len(_APART)
    headings = {}
    for heading in note.headings:
        headings[heading] = _part(heading, left, at).text
        at += len(heading) + len(_APART)
    blocks, marks, moved = [], [], 0
    for block, (start, _) in zip(note.blocks, offsets, strict=True):
        part = _part(block.text, left, start)
        selections = tuple(_moved(one, part) for one in block.selections)
        heading = headings.get(block.heading, "")
        blocks.append(replace(block, text=part.text, heading=heading, selections=selections))
        marks += [replace(m, start=m.start + start + moved, end=m.end + start + moved) for m in part.replacements]
        moved += len(part.text) - len(block.text)
    text = note.everything
    named = frozenset(text[span.start : span.end] for span in left if span.kind == "PERSON")
    return Redaction(tuple(blocks), _part(note.title, left, at).text, tuple(marks), named)


def called_here(text: str, called: Mapping[str, str], *, here: bool) -> str:
    """What Heard handed out with its participants called as they are here. Who is mentioned and is none of them stays
    nameless, unless it comes back to where it is from (`here`): elsewhere their pseudonym is somebody else's."""
    return _PSEUDONYM.sub(lambda found: _instead(found, called, here), text)


def renamed(note: Plain, called: Mapping[str, str], *, here: bool, marks: Sequence[Marked] | None = None) -> Redaction:
    """A note that Heard handed out, its participants `called_here` as they are, with its `marks`, or where nobody knows
    these with those that its text shows."""
    blocks: list[Block] = []
    moved: list[Edited] = []
    for block in note.blocks:
        others = ((found, _instead(found, called, here)) for found in _PSEUDONYM.finditer(block.text))
        done = edited(block.text, [(*found.span(), other) for found, other in others if other != found[0]])
        selections = tuple(
            replace(one, start=at[0], end=at[1])
            for one in block.selections
            for at in [done.stretch(one.start, one.end)]
        )
        heading = called_here(block.heading, called, here=here)
        blocks.append(replace(block, text=done.text, heading=heading, selections=selections))
        moved.append(done)
    text, offsets = compose(blocks)
    if marks is None:
        there = tuple(
            Replacement(*found.span(), cast("Kind", found["kind"] or "PERSON"), 1.0, found["who"] or "")
            for found in _MARK.finditer(text)
        )
    else:
        places = ((one, moved[one.block].stretch(one.start, one.end), offsets[one.block][0]) for one in marks)
        there = tuple(Replacement(a + at, b + at, cast("Kind", one.kind), one.score) for one, (a, b), at in places)
    return Redaction(tuple(blocks), called_here(note.title, called, here=here), there)


def _instead(found: re.Match[str], called: Mapping[str, str], here: bool) -> str:
    return called.get(found[0], found[0] if here else mark(Span(0, 1, "PERSON", 1.0)))


def without_names(name: str, note: Plain, named: Collection[str], directory: Directory) -> str:
    """A file's name without anybody who is known, or who was `named` in its note."""
    others = find_known(name, [KnownPerson("", (words,)) for words in sorted(named)])
    return redact(name, strongest(known_in(name, note, directory), others)).text


def decision_about(
    note: Plain, spans: Sequence[Span], keep: Collection[str] = (), add: Sequence[tuple[str, str]] = ()
) -> Decision:
    """A person's decision about words, wherever they stand in the note, in any case: to `keep` what was to be replaced,
    and to `add` words that were not, each with its kind."""
    text = note.everything
    kept = {_bare(words) for words in keep}
    held = [(one.start, one.end) for one in spans if _bare(text[one.start : one.end]) in kept]
    added = [
        Span(found.start(), found.end(), cast("Kind", kind), 1.0)
        for words, kind in add
        for found in re.finditer(rf"(?<!\w){re.escape(words)}(?!\w)", text, re.IGNORECASE)
    ]
    return Decision(tuple(held), tuple(added))


def spans_of(note: Plain, spans: Sequence[Span], decision: Decision) -> tuple[Span, ...]:
    """What is replaced in the note's `everything` after a person has decided."""
    return decided(note.everything, spans, decision)


def _bare(words: str) -> str:
    return " ".join(words.split()).casefold()


def _moved(selection: Selection, part: Redacted) -> Selection:
    start, end = part.edited.stretch(selection.start, selection.end)
    return replace(selection, start=start, end=end)


def _part(text: str, spans: Sequence[Span], start: int) -> Redacted:
    """A stretch of a note that begins at `start`, with the parts of spans that lie in it replaced."""
    end = start + len(text)
    mine = [
        replace(span, start=max(span.start, start) - start, end=min(span.end, end) - start)
        for span in spans
        if span.start < end and start < span.end
    ]
    return redact(text, mine)

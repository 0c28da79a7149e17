"""What the store is given to keep: notes from one source, with no name of anybody in them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from research.identity import By

SavedStatus = Literal["added", "updated", "unchanged"]


@dataclass(frozen=True, slots=True)
class Person:
    """Who said something: a keyed hash of the label in the source, never the label itself.

    `sealed` is who that is, and `hashes` what it is recognised by, where the source gives a name. `wanted` is the
    number that they had in the repository that they come from; `own` says that it was this one.
    """

    label_hash: str
    segment: str = ""
    account: str = ""
    role: str = ""
    sealed: str = ""
    hashes: Mapping[By, str] = field(default_factory=dict)
    wanted: int = 0
    own: bool = False


@dataclass(frozen=True, slots=True)
class NewTurn:
    """A stretch of the note's text; `person` is a label hash, or None for the research team."""

    start: int
    end: int
    person: str | None
    heading: str
    start_s: float | None = None
    end_s: float | None = None


@dataclass(frozen=True, slots=True)
class NewPassage:
    """A passage before it has an id, or with the one that it had in another repository; `tags` are a person's own, from
    the source, and so are those `taken_off`."""

    start: int
    end: int
    text: str
    context: str
    person: str
    start_s: float | None = None
    end_s: float | None = None
    tags: tuple[str, ...] = ()
    taken_off: tuple[str, ...] = ()
    id: str = ""


@dataclass(frozen=True, slots=True)
class NewNote:
    """A note ready to be stored. `row` tells the notes of one source apart, `id` is the one that it had in another
    repository ("" for none).

    `tags` are a person's own and go on every passage. `redactions` are (start, end, kind, score) of the marks in the
    text that stand for something personal.
    """

    row: str
    title: str
    date: date | None
    format: str
    text: str
    origins: Mapping[str, str]
    people: tuple[Person, ...]
    turns: tuple[NewTurn, ...]
    passages: tuple[NewPassage, ...]
    tags: tuple[str, ...] = ()
    redactions: tuple[tuple[int, int, str, float], ...] = ()
    id: str = ""


@dataclass(frozen=True, slots=True)
class NewSource:
    """The file that notes come from; see `research.store.schema.source`. `intake` is the run of ingest that brings it,
    by `who`. One that is `partial` may hold some of its notes now and others later."""

    key: str
    name: str
    fingerprint: str
    intake: str = ""
    who: str = ""
    partial: bool = False


@dataclass(frozen=True, slots=True)
class Saved:
    """What storing one note came to."""

    note_id: str
    title: str
    status: SavedStatus
    passages: int

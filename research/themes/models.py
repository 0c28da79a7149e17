"""Themes as values: what lasts of them, what a person may decide, and what happens to them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float32]


@dataclass(frozen=True, slots=True, eq=False)
class Passages:
    """All passages that themes are found in, in any order: `vectors` has a row of length 1 for each."""

    ids: tuple[str, ...]
    texts: tuple[str, ...]
    vectors: Floats


def code(id_: int) -> str:
    """A theme's name in addresses and lists, such as T-0007."""
    return f"T-{id_:04}"


def number(wanted: str) -> int:
    """The number of a theme by its code; 0 where it is no code."""
    digits = wanted.strip().upper().removeprefix("T-")
    return int(digits) if digits.isdecimal() and len(digits) < 10 else 0


@dataclass(frozen=True, slots=True)
class KeptTheme:
    """What lasts of a theme. Its passages are in `Kept.placed`; its middle is theirs and is not kept.

    `name` is a person's ("" where none gave one). `parent` is the larger theme that it is a part of ("" for none); no
    passage is placed in a larger theme itself. A theme that `ended` stays, with the ids of those it went `into`.
    """

    id: str
    founded: date
    parent: str = ""
    name: str = ""
    hidden: bool = False
    ended: date | None = None
    into: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Kept:
    """All that is known of themes from one run to the next; `Kept()` before the first.

    `placed` holds every passage that was looked at, with its theme or "" where it stays outside. By people's decisions
    a passage and a theme in `not_here` never come together, nor do two themes in `apart`, and a theme in `together`
    (merged or split off by a person) is not split. `settled` is how many passages there were when all were last looked
    at together.
    """

    themes: Mapping[str, KeptTheme] = field(default_factory=dict)
    placed: Mapping[str, str] = field(default_factory=dict)
    not_here: frozenset[tuple[str, str]] = frozenset()
    apart: frozenset[tuple[str, str]] = frozenset()
    together: frozenset[str] = frozenset()
    settled: int = 0

    @property
    def living(self) -> tuple[str, ...]:
        """The ids of themes that passages may be placed in: neither ended nor made of other themes."""
        above = self.above
        return tuple(sorted(id_ for id_, one in self.themes.items() if one.ended is None and id_ not in above))

    @property
    def above(self) -> frozenset[str]:
        """The ids of themes that are made of others."""
        return frozenset(one.parent for one in self.themes.values() if one.parent and one.ended is None)

    def rows(self, now: Passages) -> dict[str, list[int]]:
        """The rows of passages by the theme that they are placed in; those outside of all are in none."""
        found: dict[str, list[int]] = {}
        for row, id_ in enumerate(now.ids):
            if theme := self.placed.get(id_):
                found.setdefault(theme, []).append(row)
        return found


Happening = Literal[
    "founded", "joined", "left", "split", "merged", "ended", "renamed", "unnamed", "hidden", "shown", "refused"
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened to a theme, to so many passages.

    *split*: part of it became `others`. *merged*: it was taken into `others`. *founded*: new, `others` being what it
    was split from, if anything. *left*: passages of it are gone. Only people cause these: *renamed* (to what is not
    kept: a name that was changed may have held a customer's), *unnamed* (called by its key phrases again), *hidden*,
    *shown*, and *refused* (a passage was said not to belong).
    """

    kind: Happening
    theme: str
    others: tuple[str, ...] = ()
    passages: int = 0


@dataclass(frozen=True, slots=True)
class Change:
    """What themes have become, and what happened to them on the way."""

    state: Kept
    events: tuple[Event, ...] = ()


@dataclass(frozen=True, slots=True)
class Renamed:
    """A person's name for a theme; "" takes it back."""

    theme: str
    name: str


@dataclass(frozen=True, slots=True)
class Merged:
    """A theme is the same as another, which keeps its id and name."""

    theme: str
    into: str


@dataclass(frozen=True, slots=True)
class Split:
    """Some passages of a theme are a theme of their own."""

    theme: str
    passages: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Hidden:
    """A theme is not to be shown, or (`hidden` false) is again."""

    theme: str
    hidden: bool = True


@dataclass(frozen=True, slots=True)
class NotHere:
    """A passage does not belong to a theme."""

    passage: str
    theme: str


Decision = Renamed | Merged | Split | Hidden | NotHere


@dataclass(frozen=True, slots=True)
class Label:
    """What to call a theme: phrases as people wrote them, the most telling first, and of how many passages."""

    phrases: tuple[str, ...]
    passages: int

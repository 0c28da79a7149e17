"""Replacing stretches of a text, and where everything else of it stands afterwards."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate

Edit = tuple[int, int, str]  # what stands from one place to another in a text is replaced


@dataclass(frozen=True, slots=True)
class Edited:
    """A text after its edits; `moved` says by how many characters what stands before the first has moved (0), and what
    stands behind each."""

    text: str
    edits: tuple[Edit, ...]
    moved: tuple[int, ...]

    def place(self, at: int, *, before: bool = False) -> int:
        """Where a place outside the edits is now. An edit that ends at the place stands before it, or with `before`
        behind it, so that what ends there does not take in what is put there."""
        find = bisect_left if before else bisect_right
        return at + self.moved[find(self.edits, at, key=lambda edit: edit[1])]

    def stretch(self, start: int, end: int) -> tuple[int, int]:
        """Where a stretch stands now, with the whole of every edit that it touches."""
        touched = [(a, b) for a, b, _ in self.edits if a < end and start < b]
        if touched:
            start, end = min(start, touched[0][0]), max(end, touched[-1][1])
        return self.place(start), self.place(end)

    @property
    def stretches(self) -> tuple[tuple[int, int], ...]:
        """Where what was put in stands now, edit by edit."""
        moved = zip(self.edits, self.moved, strict=False)
        return tuple((start + by, start + by + len(new)) for (start, _, new), by in moved)


def edited(text: str, edits: Sequence[Edit]) -> Edited:
    """A text after its edits, which are in order and do not overlap.

    >>> done = edited("Ann said yes", [(0, 3, "P-0001")])
    >>> done.text, done.place(4), done.stretches
    ('P-0001 said yes', 7, ((0, 6),))
    >>> done.stretch(1, 8)
    (0, 11)
    """
    pieces, at = [], 0
    for start, end, new in edits:
        pieces += [text[at:start], new]
        at = end
    moved = accumulate((len(new) - (end - start) for start, end, new in edits), initial=0)
    return Edited("".join([*pieces, text[at:]]), tuple(edits), tuple(moved))

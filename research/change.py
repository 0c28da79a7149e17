"""Whether a theme comes up more or less than before: its share of the interviews, with an interval. Pure functions."""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt
from typing import Literal

Direction = Literal["rising", "fading", "steady", "new", "quiet"]

_Z = 1.96  # 95 in 100


@dataclass(frozen=True, slots=True)
class Change:
    """In how many interviews a theme came up, of all that were held in the window, and in the window before.

    An interview is one person in one note, so that a quarter in which twice as many were held is no trend. `low` to
    `high` is the interval that holds the difference of the two shares 95 times in 100. `direction` is rising or fading
    only where that interval leaves out zero, new where nobody had ever spoken of it before the window, quiet where
    nobody did within it, else steady.
    """

    interviews: int
    held: int
    interviews_before: int
    held_before: int
    low: float
    high: float
    direction: Direction

    @property
    def share(self) -> float:
        """Share of the interviews in the window, 0 to 1."""
        return self.interviews / self.held if self.held else 0.0

    @property
    def share_before(self) -> float:
        """Share of the interviews in the window before, 0 to 1."""
        return self.interviews_before / self.held_before if self.held_before else 0.0


def change(interviews: int, held: int, before: int, held_before: int, *, known_before: bool) -> Change:
    """The change from `before` of `held_before` interviews to `interviews` of `held`; `known_before` says whether
    anybody spoke of it at any time before the window.

    >>> change(3, 40, 2, 40, known_before=True).direction
    'steady'
    >>> change(16, 40, 3, 40, known_before=True).direction
    'rising'
    """
    low, high = difference(interviews, held, before, held_before)
    direction: Direction = "steady"
    if not interviews:
        direction = "fading" if high < 0 else "quiet"
    elif not known_before:
        direction = "new"
    elif held_before and low > 0:
        direction = "rising"
    elif held_before and high < 0:
        direction = "fading"
    return Change(interviews, held, before, held_before, low, high, direction)


def difference(count: int, of: int, count_before: int, of_before: int) -> tuple[float, float]:
    """The 95% interval of the difference of two independent proportions, the second taken from the first.

    Newcombe's hybrid score interval (Statistics in Medicine 17, 1998, method 10), made of the two Wilson intervals: it
    keeps its promise with the few interviews that a quarter has. With nothing held on a side, any share is possible.
    """
    now, before = count / of if of else 0.0, count_before / of_before if of_before else 0.0
    low, high = wilson(count, of)
    low_before, high_before = wilson(count_before, of_before)
    by = now - before
    return by - sqrt((now - low) ** 2 + (high_before - before) ** 2), by + sqrt(
        (high - now) ** 2 + (before - low_before) ** 2
    )


def wilson(count: int, of: int) -> tuple[float, float]:
    """The 95% interval of a proportion (Wilson, Journal of the American Statistical Association 22, 1927)."""
    if not of:
        return 0.0, 1.0
    share = count / of
    middle = share + _Z**2 / (2 * of)
    reach = _Z * sqrt(share * (1 - share) / of + _Z**2 / (4 * of**2))
    scale = 1 + _Z**2 / of
    return max(0.0, (middle - reach) / scale), min(1.0, (middle + reach) / scale)

"""Text on slides that must fit: paragraphs that belong together, in the largest size for which there is room."""

from __future__ import annotations

from collections.abc import Sequence

from research.briefs import fit
from research.briefs.office import FAINT
from research.briefs.parts import Run, plain
from research.briefs.slides import Look

Block = list[tuple[Sequence[Run], Look, float]]  # runs, how they are set, and the points below them

_SIZES = (22, 20, 18, 16, 14)
_LINES = 5  # of an item
_TWO = 4  # items from which they stand in two columns
_BETWEEN = 14.0  # points below an item


def block(runs: Sequence[Run]) -> Block:
    """A paragraph whose size is not settled yet."""
    return [(runs, Look(0), 0.0)]


def height(blocks: Sequence[Block], room: float) -> float:
    """How high blocks stand below each other in a column `room` points wide, in points."""
    told = [one for found in blocks for one in found]
    need = sum(fit.height(plain(runs), look.size, room, serif=look.serif) + below for runs, look, below in told)
    return need - (told[-1][2] if told else 0)


def sized(blocks: Sequence[Block], sizes: Sequence[float], room: float, space: float, gap: float = 8) -> float:
    """The largest of the sizes (largest first) in which blocks fit in `space` points, else the smallest."""

    return next((one for one in sizes if height(sized_as(blocks, one, gap), room) <= space), sizes[-1])


def sized_as(blocks: Sequence[Block], size: float, gap: float) -> list[Block]:
    """Blocks in a size, with `gap` points below each paragraph."""
    return [[(runs, Look(size), gap) for runs, _, _ in one] for one in blocks]


def columns(
    items: Sequence[tuple[Sequence[Run], str]], room: float, space: float, *, one: bool = False
) -> tuple[int, list[Block]]:
    """Items with their quotes ("" for none) in one column or two, in the largest size in which all fit.

    Gives how many items are shown, the last being left out where there is no room, and each column's paragraphs.
    `room` and `space` are points; half an inch stays free between two columns.
    """
    for many in range(len(items), 0, -1):
        count = 1 if one or many < _TWO else 2
        wide = (room - 36 * (count - 1)) / count
        for size in _SIZES:
            told = [_item(runs, words, size, wide, 2 if many > _TWO else 4) for runs, words in items[:many]]
            first = next(
                (place for place in range(-(-many // count), many + 1) if height(told[place:], wide) <= space), many
            )
            split = [told[:first], told[first:]] if count == 2 else [told]
            if all(height(column, wide) <= space for column in split):
                return many, [[one for found in column for one in found] for column in split if column]
    return 0, []


def quoted(lead: str, words: str, size: float, room: float, most: int) -> str:
    """Words in quotation marks, shortened to at most `most` lines of the serif."""
    least = fit.fitted(words, size, room - fit.width(f"{lead}“”", size, serif=True) / most, most, serif=True)
    return f"{lead}“{least}”"


def _item(runs: Sequence[Run], words: str, size: float, room: float, most: int) -> Block:
    told: Block = [(fit.fitted_runs(runs, size, room, _LINES), Look(size), 4.0 if words else _BETWEEN)]
    if words:
        told.append(((Run(quoted("", words, size - 2, room, most)),), Look(size - 2, FAINT, serif=True), _BETWEEN))
    return told

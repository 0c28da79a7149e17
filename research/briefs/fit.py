"""How much room text takes on a slide, so that none runs out of its box: measured by rough widths, a little too wide.

The widths are those of Arial in parts of the size; a serif is held to be wider. A program that shows the slides may
have other fonts, so what fits here fits there with something left.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import replace

from research.briefs.parts import Run, plain
from research.briefs.text import shortened

LINE = 1.22  # height of a line in parts of the size
_SERIF = 1.14
_WIDTHS = {
    0.25: "iljI.,:;'|!’‘ ",
    0.34: 'ftr()[]/\\-“”"`',
    0.5: "ckszvxyJ",
    0.57: "abdeghnopqu0123456789–_?*«»",
    0.7: "ABCDEFGHKLNOPQRSTUVXYZ&+=<>~#$€",
    0.9: "mwMW%@—…",
}
_WIDTH = {char: width for width, chars in _WIDTHS.items() for char in chars}


def width(text: str, size: float, *, serif: bool = False) -> float:
    """How wide text is in points, at a size in points."""
    return sum(_width(char) for char in text) * size * (_SERIF if serif else 1)


def lines(text: str, size: float, room: float, *, serif: bool = False) -> int:
    """How many lines text takes in a box `room` points wide, broken at spaces and within words that are too long."""
    found, at = 1, 0.0
    space = width(" ", size, serif=serif)
    for word in text.split():
        wide = width(word, size, serif=serif)
        if at and at + space + wide > room:
            found, at = found + 1, 0.0
        at += (space if at else 0) + wide
        while at > room:
            found, at = found + 1, at - room
    return found


def height(text: str, size: float, room: float, *, serif: bool = False) -> float:
    """How high text stands in points."""
    return lines(text, size, room, serif=serif) * size * LINE


def fitted(text: str, size: float, room: float, most: int, *, serif: bool = False) -> str:
    """Text that takes at most `most` lines: shortened where a sentence ends, else between words, and then “…”."""
    low, high = 1, len(text)
    if lines(text, size, room, serif=serif) <= most:
        return text
    while low < high:
        middle = (low + high + 1) // 2
        if lines(shortened(text, middle), size, room, serif=serif) <= most:
            low = middle
        else:
            high = middle - 1
    return shortened(text, low)


def fitted_runs(runs: Sequence[Run], size: float, room: float, most: int) -> tuple[Run, ...]:
    """Runs that together take at most `most` lines; the longest gives way, and numbers of passages never do."""
    kept = list(runs)
    while lines(plain(kept), size, room) > most:
        place = max(range(len(kept)), key=lambda n: 0 if kept[n].cites else len(kept[n].text))
        run = kept[place]
        if len(run.text) < 12 or run.cites:
            break
        lead = " " if run.text.startswith(" ") else ""
        end = " " if run.text.endswith(" ") else ""
        kept[place] = replace(run, text=lead + shortened(run.text, len(run.text) * 9 // 10) + end)
    return tuple(kept)


def _width(char: str) -> float:
    if known := _WIDTH.get(char):
        return known
    if unicodedata.combining(char):
        return 0.0
    return 1.05 if unicodedata.east_asian_width(char) in "WF" or ord(char) > 0xFFFF else 0.72

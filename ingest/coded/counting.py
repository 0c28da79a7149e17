"""Places in a text as other tools count them: not all of them count the same characters."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate, product


@dataclass(frozen=True, slots=True)
class Way:
    """A way to count: a mark at the file's beginning counts (`bom`), a line end of two characters counts as one
    (`crlf`), a character beyond the first 65,536 counts as two (`utf16`)."""

    bom: bool = False
    crlf: bool = False
    utf16: bool = False


@dataclass(frozen=True, slots=True)
class Told:
    """A selection by the places that a tool gives, and the name it has, which often is what was selected."""

    start: int
    end: int
    name: str


def stretches(text: str, told: Sequence[Told], *, bom: bool, origin: str) -> list[tuple[int, int]]:
    """For each selection the (start, end) in the text, by the way of counting that most of their names agree with.

    REFI-QDA counts code points. ATLAS.ti counts a line end of two characters as one; tools on .NET and Java count
    UTF-16. Where names do not tell, the standard's way is taken, for ATLAS.ti its own.
    """
    ways = [
        Way(*way)
        for way in product(
            (False, True) if bom else (False,),
            (False, True) if "\r\n" in text else (False,),
            (False, True) if any(one > "\uffff" for one in text) else (False,),
        )
    ]
    atlas = origin.casefold().startswith("atlas")
    ways.sort(key=lambda way: (way.crlf != (atlas and "\r\n" in text), way.utf16, way.bom))
    found = {way: _counted(text, told, way) for way in ways}
    agreeing = {
        way: sum(_agrees(one.name, text[start:end]) for one, (start, end) in zip(told, places, strict=True))
        for way, places in found.items()
    }
    return found[max(ways, key=lambda way: agreeing[way])]


def _counted(text: str, told: Sequence[Told], way: Way) -> list[tuple[int, int]]:
    if way == Way():
        return [(min(max(0, one.start), len(text)), min(max(0, one.end), len(text))) for one in told]

    def size(at: int) -> int:
        if way.crlf and text[at] == "\r" and text[at + 1 : at + 2] == "\n":
            return 0
        return 2 if way.utf16 and text[at] > "\uffff" else 1

    counted = list(accumulate((size(at) for at in range(len(text))), initial=int(way.bom)))
    return [tuple(min(len(text), bisect_left(counted, at)) for at in (one.start, one.end)) for one in told]  # type: ignore[misc]


def _agrees(name: str, said: str) -> bool:
    begins = " ".join(name.rstrip("….").split()).casefold()
    return len(begins) > 2 and " ".join(said.split()).casefold().startswith(begins)

"""A note as plain text that people read, and that can be read back without loss: a line a turn.

    # How do you hand over the keys?
    Interviewer: Tell me.
    P-0007 [12.5–20 s]: I hide them under the mat.

A heading holds for the turns below it; a lone “#” ends it. A turn's further lines are indented. Blank lines between
turns, which make paragraphs of them where Markdown is shown, say nothing.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from research.models import Passage, Turn

_TURN = re.compile(r"(?P<who>[^:\[\]\n]+?)(?: \[(?P<start>[\d.e+-]*)–(?P<end>[\d.e+-]*) s\])?: (?P<text>.*)")
_INDENT = "    "


@dataclass(frozen=True, slots=True)
class Said:
    """A turn as it stands in the written text, whose words begin `at`."""

    speaker: str
    heading: str
    text: str
    start_s: float | None
    end_s: float | None
    at: int

    def place(self, offset: int) -> int:
        """Where a place in the words is in the written text."""
        return self.at + offset + len(_INDENT) * self.text.count("\n", 0, offset)

    def offset(self, place: int) -> int:
        """Where a place in the written text is in the words; the nearest end of them where it is outside."""
        end = 0
        for number, line in enumerate(self.text.split("\n")):
            begin = self.at + end + len(_INDENT) * number
            if place <= begin + len(line):
                return max(end, end + place - begin)
            end += len(line) + 1
        return len(self.text)


def written(turns: Sequence[Turn], *, apart: bool = False) -> tuple[str, list[Said]]:
    """The text of some turns, and where each stands in it; with blank lines between what is to stand `apart`."""
    end = "\n\n" if apart else "\n"
    pieces: list[str] = []
    found: list[Said] = []
    at, heading = 0, ""

    def put(piece: str) -> None:
        nonlocal at
        pieces.append(piece)
        at += len(piece)

    for turn in turns:
        if turn.heading != heading:
            heading = turn.heading
            put(f"# {heading}{end}" if heading else f"#{end}")
        timed = turn.start_s is not None or turn.end_s is not None
        put(turn.speaker + (f" [{_seconds(turn.start_s)}–{_seconds(turn.end_s)} s]" if timed else "") + ": ")
        found.append(Said(turn.speaker, heading, turn.text, turn.start_s, turn.end_s, at))
        put(turn.text.replace("\n", f"\n{_INDENT}") + end)
    return "".join(pieces), found


def places(passage: Passage, turns: Sequence[Turn], said: Sequence[Said]) -> tuple[int, int]:
    """Where a passage of a note begins and ends in the text that was written of its turns."""
    start = next(n for n, turn in enumerate(turns) if turn.start <= passage.start < turn.end)
    end = next(n for n, turn in enumerate(turns) if turn.start < passage.end <= turn.end)
    return said[start].place(passage.start - turns[start].start), said[end].place(passage.end - turns[end].start)


def read(text: str) -> list[Said]:
    """The turns of a text that was `written`; lines that are none are passed over."""
    found: list[Said] = []
    at, heading = 0, ""
    for line in text.split("\n"):
        if line.startswith(_INDENT) and found:
            last = found[-1]
            found[-1] = Said(
                last.speaker, heading, f"{last.text}\n{line[len(_INDENT) :]}", last.start_s, last.end_s, last.at
            )
        elif line == "#" or line.startswith("# "):
            heading = line[2:]
        elif turn := _TURN.fullmatch(line):
            times = (_number(turn["start"]), _number(turn["end"]))
            found.append(Said(turn["who"], heading, turn["text"], *times, at + turn.start("text")))
        at += len(line) + 1
    return found


def _seconds(value: float | None) -> str:
    return "" if value is None else repr(float(value))


def _number(said: str | None) -> float | None:
    try:
        return float(said) if said else None
    except ValueError:
        return None

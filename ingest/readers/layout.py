"""Where in a document the reading is, and what single lines of notes are to it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from ingest.models import Block
from ingest.readers.lines import Line
from ingest.readers.speakers import Label
from research.models import Role

_SESSION = re.compile(
    r"(?:\W*)((?:session|interview|participant|p|user|customer|respondent|interviewee|caller|tester|"
    r"tp)\s*[#_]?\s*(\d{1,3}))\b(?!\s*[-–]\s*\d)(.*)",
    re.I | re.S,
)


@dataclass(slots=True)
class State:
    """Where in the document the reading is."""

    headings: list[tuple[int, str]] = field(default_factory=list)
    bold: str = ""
    ask: str = ""
    ask_kind: str = ""
    ask_level: int = 0
    voice: str = ""
    role: Role | None = None
    talking: bool = False
    person: str = ""
    person_level: int = 0
    time: float | None = None
    quote_from: int | None = None
    unanswered: int = 0
    fresh: bool = True
    opens: bool = False

    def heading(self) -> str:
        """The closest thing that a block stands under."""
        return self.ask or self.bold or (self.headings[-1][1] if self.headings else "")

    def quiet(self) -> None:
        """Nobody holds the floor."""
        self.voice, self.role, self.talking = "", None, False


def sessions(lines: Sequence[Line]) -> dict[tuple[int, str], str]:
    """Headings that each open the notes of another participant, where at least two do so on one level."""
    by_level: dict[int, dict[str, str]] = {}
    for line in lines:
        if line.kind != "heading" and not line.all_bold:
            continue
        found = _SESSION.match(line.text) if len(line.text) < 90 else None
        if found and not line.text.rstrip().endswith("?"):
            by_level.setdefault(line.level if line.kind == "heading" else 9, {})[line.text] = found.group(1).strip()
    return {
        (level, text): label
        for level, texts in by_level.items()
        if len(set(texts.values())) > 1
        for text, label in texts.items()
    }


def next_roles(lines: Sequence[Line], roles: Sequence[Role | None], labels: Sequence[Label | None]) -> list[str]:
    """For each line whose label comes next before a heading: "interviewer", "other", or "" for nobody's."""
    upcoming = ""
    found: list[str] = []
    for line, role, label in zip(reversed(lines), reversed(roles), reversed(labels), strict=True):
        found.append(upcoming)
        if label is not None:
            upcoming = "interviewer" if role == "interviewer" else "other"
        elif line.kind == "heading":
            upcoming = ""
    return found[::-1]


def leaves(line: Line, state: State) -> bool:
    """Whether a line no longer belongs to the written question above it."""
    if state.ask_kind == "bullet":
        return (line.kind == "bullet" and line.level <= state.ask_level) or (
            line.kind == "text" and state.fresh and line.level <= state.ask_level
        )
    if state.ask_kind == "number":
        return line.kind == "number" and line.level <= state.ask_level
    return False


def is_lead(line: Line) -> bool:
    """Whether a short line such as "On notifications:" only introduces what follows."""
    text = line.text
    return (
        line.kind == "text" and text.endswith(":") and len(text.split()) <= 6
        and not re.search(r"\b(?:I|my|me|we|our|he|she|they)\b", text, re.I)
    )  # fmt: skip


def is_subheading(text: str) -> bool:
    return (
        len(text) <= 160
        and (len(text.split()) <= 14 or text.endswith(("?", ":")))
        and not text.endswith((".", "!", "”", '"'))
    )


def timed(found: Sequence[Block]) -> list[Block]:
    """Blocks whose end is where the next known time begins; times that run backwards are dropped."""
    timed: list[Block] = []
    latest = -1.0
    for block in found:
        if block.start_s is not None and block.start_s < latest:
            block = replace(block, start_s=None)
        latest = block.start_s if block.start_s is not None else latest
        timed.append(block)
    upcoming: float | None = None
    for index in range(len(timed) - 1, -1, -1):
        start = timed[index].start_s
        if start is None:
            continue
        timed[index] = replace(timed[index], end_s=upcoming if upcoming is not None and upcoming > start else None)
        if upcoming is None or start < upcoming:
            upcoming = start
    return timed

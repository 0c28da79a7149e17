"""A list to be checked before anybody asks: a guide, a survey, hypotheses, requests; pasted or from a file.

Nothing of it is stored. What is no question (a heading, the moderator's words, "Why?" below a question) is kept where
it stands, so that the guide can still be recognised, but it is not judged.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from ingest.models import ReadOptions, Source
from ingest.readers import extension
from ingest.readers.clean import squeezed
from ingest.readers.decode import decode
from ingest.readers.docx import lines_of
from ingest.readers.guides import is_script
from ingest.readers.lines import Line, from_markdown
from ingest.readers.workbook import rows_of
from research.errors import BadInput
from research.litter import normalise

Kind = Literal["line", "heading", "aside"]

MOST = 200  # lines that are checked at once
FORMATS = (".md", ".markdown", ".txt", ".text", ".docx", ".csv", ".tsv", ".xlsx")
_FULL = 55  # characters from which a line may go on in the next; in a list of short lines each stands for itself
_ALONE = 5  # words that a follow-up has at least to be understood without the question it follows
_TITLE = 8  # words of a heading that nothing marks as one
_LABEL = re.compile(
    r"(?:intro(?:duction)?|welcome|opening|consent|warm[- ]?up|background|closing|close|wrap[- ]?up|outro|thanks|"
    r"(?:note|instruction)s?(?: (?:to|for) (?:self|the moderator|moderator|interviewer))?|moderator|interviewer|"
    r"participant|date|time|duration|goals?|objectives?)\s*(?:\(.{1,20}\))?\s*[:–—]\s*",
    re.I,
)
_PROBE = re.compile(r"(?:probes?|prompts?|follow[- ]?ups?|if (?:yes|no|so|not))\s*[:,–—]\s*", re.I)
_NUMBERED = re.compile(r"(?:q(?:uestion)?\s?\d{1,3}|h(?:ypothesis\s?)?\d{1,3}|rq\s?\d{1,2})\s*[.:)–—-]\s*", re.I)
_MINUTES = re.compile(r"\s*[(\[]?\b\d{1,3}(?:\s?[-–]\s?\d{1,3})?\s?(?:min(?:ute)?s?\b|['’])[)\]]?\s*$", re.I)
_ASKING = ("question", "questions", "line", "text", "item", "hypothesis", "statement", "request", "prompt", "summary")


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of a list: a "line" to be checked, a "heading", or an "aside" that is none of both."""

    kind: Kind
    text: str


@dataclass(frozen=True, slots=True)
class Guide:
    """A list as it was given, each line once; `repeated` is how many stood there again."""

    entries: tuple[Entry, ...]
    repeated: int = 0

    @property
    def lines(self) -> tuple[str, ...]:
        """What is to be checked, in order."""
        return tuple(entry.text for entry in self.entries if entry.kind == "line")


def parse_guide(text: str, name: str = "The list") -> Guide:
    """The entries of a pasted text: numbers, bullets and Markdown taken off. Raises BadInput where nothing is asked, or
    too much at once; `name` is what the sentence calls it."""
    return _guide(from_markdown(normalise(text)), name)


def read_guide(source: Source, options: ReadOptions | None = None) -> Guide:
    """The entries of a file: Markdown, text, Word, or a column of a spreadsheet. Raises BadInput."""
    options = options or ReadOptions()
    form = extension(source.name)
    if form not in FORMATS:
        raise BadInput(
            f"{source.name} is of a kind that no list can be read from. These can: {', '.join(FORMATS)}. Or paste it."
        )
    if form == ".docx":
        return _guide(lines_of(source, options), source.name)
    if form in (".csv", ".tsv", ".xlsx"):
        return _guide([Line("bullet", cell) for cell in _column(source, options)], source.name)
    return parse_guide(decode(source.data, source.name), source.name)


def as_text(guide: Guide) -> str:
    """A list as Markdown that `parse_guide` reads again, for people to change."""
    lead = {"line": "- ", "heading": "\n# ", "aside": "  - "}
    return "\n".join(lead[entry.kind] + entry.text for entry in guide.entries).strip() + "\n"


def joined(guides: Iterable[Guide]) -> Guide:
    """Several lists as one, each line once. Raises BadInput where it comes to too much at once."""
    several = list(guides)
    found = _once([entry for guide in several for entry in guide.entries], "The list")
    return replace(found, repeated=found.repeated + sum(guide.repeated for guide in several))


def _guide(lines: Sequence[Line], name: str) -> Guide:
    return _once(_entries(list(_joined(lines))), name)


def _once(all_entries: Iterable[Entry], name: str) -> Guide:
    """Entries without the lines that stood there before, in any case and with any punctuation."""
    entries: list[Entry] = []
    seen: set[str] = set()
    repeated = 0
    for entry in all_entries:
        known = " ".join(re.findall(r"\w+", entry.text.casefold()))
        if entry.kind == "line" and known in seen:
            repeated += 1
            continue
        if entry.kind == "line":
            seen.add(known)
        entries.append(entry)
    count = sum(entry.kind == "line" for entry in entries)
    if not count:
        raise BadInput(f"{name} holds nothing to check. Put each question on a line of its own.")
    if count > MOST:
        raise BadInput(f"{name} has {count} lines to check, and {MOST} go at once. Split it.")
    return Guide(tuple(entries), repeated)


def _joined(lines: Iterable[Line]) -> Iterator[Line]:
    """Lines with what was wrapped put together again, and a table's rows as lines of their own."""
    held: Line | None = None
    for line in lines:
        if line.kind == "table":
            if held:
                yield held
            held = None
            for cell in _best_column(line.rows):
                yield Line("bullet", cell)
        elif line.wrapped and held and len(held.text) >= _FULL and held.text[-1] not in "?.!:;":
            held = replace(held, text=f"{held.text} {line.text}")
        else:
            if held:
                yield held
            held = line
    if held:
        yield held


def _entries(lines: Sequence[Line]) -> Iterator[Entry]:
    parent: Line | None = None  # the question that deeper items ask more about
    for at, line in enumerate(lines):
        if line.kind == "blank" or not line.text.strip():
            continue
        text = squeezed(_NUMBERED.sub("", line.text, count=1) if _NUMBERED.match(line.text) else line.text)
        if _is_heading(line, text, lines[at + 1] if at + 1 < len(lines) else None):
            if named := _MINUTES.sub("", text).rstrip(": "):
                yield Entry("heading", named)
            parent = None
            continue
        label = _LABEL.match(text)
        if label:
            text = text[label.end() :]
        below = parent is not None and line.kind in ("bullet", "number") and line.level > parent.level
        probe = _PROBE.match(text)
        text = text[probe.end() :] if probe else text
        if ("?" not in text and (label or is_script(text))) or ((below or probe) and len(text.split()) < _ALONE):
            yield Entry("aside", squeezed(line.text))
        elif text:
            yield Entry("line", text)
            if not (below or probe):
                parent = line


def _is_heading(line: Line, text: str, following: Line | None) -> bool:
    """Whether a line names a part of the list: marked as a heading, or short and no question with a list beneath it."""
    if "?" in text:
        return False
    if line.kind == "heading" or line.all_bold:
        return True
    short = len(text.split()) <= _TITLE and text[-1:] not in ".!,;"
    if short and (text.endswith(":") or _MINUTES.search(text)):
        return True
    return short and line.kind == "text" and following is not None and following.kind in ("bullet", "number")


def _column(source: Source, options: ReadOptions) -> list[str]:
    """The cells of the column that holds the questions."""
    rows = rows_of(source, options)
    return _best_column(rows) if rows else []


def _best_column(rows: Sequence[Sequence[str]]) -> list[str]:
    """The column that is named for questions, or else the one that says most; its cells without an empty one."""
    head = [cell.strip().casefold() for cell in rows[0]]
    named = next((at for name in _ASKING for at, cell in enumerate(head) if cell == name), None)
    if named is not None:
        return [row[named] for row in rows[1:] if len(row) > named and row[named].strip()]
    widest = max(range(len(rows[0])), key=lambda at: sum(len(row[at]) for row in rows if len(row) > at), default=0)
    return [row[widest] for row in rows if len(row) > widest and row[widest].strip()]

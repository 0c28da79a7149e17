"""The common shape that every document takes before its layout is read: lines with what they are."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Literal

from ingest.readers.clean import macros_removed, marked_up, plain, spans_removed

Kind = Literal["text", "heading", "bullet", "number", "quote", "table", "blank"]


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a document, its markup read and removed.

    `level` is the heading's rank, else the indent. `bold` is what the line opens with in bold. `wrapped` says that it
    goes on with the line before, `italic` that it is all in italics (a stage direction). `rows` is set for a table,
    `ticked` for an item of a checklist.
    """

    kind: Kind
    text: str = ""
    level: int = 0
    bold: str = ""
    italic: bool = False
    wrapped: bool = False
    ticked: bool | None = None
    rows: tuple[tuple[str, ...], ...] = ()

    @property
    def all_bold(self) -> bool:
        """Whether the whole line is bold, so that it serves as a heading."""
        return bool(self.bold) and self.text.rstrip(" :") == self.bold.rstrip(" :")


BLANK = Line("blank")
_HEADING = re.compile(r"\s{0,3}(#{1,6})(\s+|(?<=##)(?=[A-Za-z]))(.*)")
_BULLET = re.compile(r"(\s*)(?:[-*+•●▪◦‣·○■□►➢]|[–—](?!-)|o(?=\t))\s+(.*)|(\s*)\*(?=[^*\s][^*]*$)(.*)|(\s*)•(.*)")
_NUMBER = re.compile(r"(\s*)(?:\d{1,3}|[a-h])[.)]\s+(.*)")
_QUOTE = re.compile(r"(\s*)((?:>\s?)+)(.*)")
_TICK = re.compile(r"\[([ xX✓✔])\]\s+(.*)")
_TICK_SIGN = re.compile(r"([☐☑☒✅])\s*(.*)")
_RULE = re.compile(r"\s*(?:(?:-\s*){3,}|(?:\*\s*){3,}|(?:_\s*){3,}|(?:=\s*){3,}|(?:⸻|⠀)+)\s*$")
_DELIMITERS = re.compile(r"\s*\|?\s*:?-{2,}:?\s*(?:\|\s*:?-{2,}:?\s*)*\|?\s*$")
_FENCE = re.compile(r"\s*(`{3,}|~{3,}|:{3,})\s*(.*)")
_REFERENCE = re.compile(r"\s{0,3}\[(?!\^)[^\[\]]{1,80}\]:\s*\S+")
_ADMONITION = re.compile(r"\[!\w+\]\s*")
_BOLD = re.compile(r"(\*\*\*?|__)(?=\S)([^*\n]{1,300}?)\1")


_ITALIC = re.compile(r"([*_])(?![*_\s])[^*_]+\1")


def from_markdown(text: str) -> list[Line]:
    """Markdown, or plain text that half looks like it, as lines; never fails, whatever the text is."""
    text = spans_removed(text, "<!--", "-->")
    text = macros_removed(spans_removed(text, "{%", "%}"))
    for tag in ("style", "script"):
        text = spans_removed(text, f"<{tag}", f"</{tag}>")
    raw = marked_up(text).split("\n")
    found: list[Line] = []
    index, hidden = 0, False
    while index < len(raw):
        line = raw[index]
        index += 1
        fence = _FENCE.match(line)
        if fence:
            info = fence.group(2).strip().lower()
            hidden = not hidden and ((info.startswith("{") and not info.startswith("{note")) or info == "mermaid")
            continue
        if hidden:
            continue
        if "|" in line and (table := _table(raw, index - 1)):
            rows, index = table
            found.append(Line("table", rows=rows))
            continue
        found.append(_line(line, found))
    return wrapped_marked(found)


def _line(raw: str, before: list[Line]) -> Line:
    stripped = raw.strip()
    if not stripped or _REFERENCE.match(raw):
        return BLANK
    if _RULE.match(raw):
        if before and before[-1].kind == "text" and stripped[0] in "=-" and _titled(before[-1].text):
            before[-1] = replace(before[-1], kind="heading", level=1 if stripped[0] == "=" else 2)
        return BLANK
    if heading := _HEADING.match(raw):
        body = heading.group(3).rstrip().rstrip("#")
        return Line("heading", plain(body), len(heading.group(1))) if plain(body) else BLANK
    if quote := _QUOTE.match(raw):
        return item("quote", _ADMONITION.sub("", quote.group(3)), _width(quote.group(1)))
    if bullet := _BULLET.match(raw):
        indent = bullet.group(1) or bullet.group(3) or bullet.group(5) or ""
        return item("bullet", bullet.group(2) or bullet.group(4) or bullet.group(6) or "", _width(indent))
    if number := _NUMBER.match(raw):
        return item("number", number.group(2), _width(number.group(1)))
    return item("text", raw, _width(raw[: len(raw) - len(raw.lstrip())]))


def item(kind: Kind, raw: str, level: int = 0) -> Line:
    """A line from its Markdown, with its opening bold words and its tick read."""
    ticked: bool | None = None
    if kind == "bullet" and (tick := _TICK.match(raw)):
        ticked, raw = tick.group(1) != " ", tick.group(2)
    elif tick := _TICK_SIGN.match(raw.lstrip()):
        ticked, raw = tick.group(1) != "☐", tick.group(2)
    strong = _BOLD.match(raw.lstrip())
    text = plain(raw)
    if not text and kind != "quote":
        return BLANK
    italic = _ITALIC.fullmatch(raw.strip()) is not None if len(raw) < 300 else False
    return Line(kind, text, level, plain(strong.group(2)) if strong else "", italic, ticked=ticked)


def _table(raw: list[str], start: int) -> tuple[tuple[tuple[str, ...], ...], int] | None:
    """The rows of a pipe table that begins at `start`, and the index of the line after it."""
    first = raw[start].strip()
    delimited = start + 1 < len(raw) and _DELIMITERS.match(raw[start + 1]) is not None and "|" in raw[start + 1] + first
    piped = first.startswith("|") and first.count("|") > 1
    if not (delimited or (piped and start + 1 < len(raw) and raw[start + 1].strip().startswith("|"))):
        return None
    rows: list[tuple[str, ...]] = []
    index = start
    while index < len(raw) and "|" in raw[index]:
        if not _DELIMITERS.match(raw[index]):
            rows.append(tuple(plain(cell) for cell in _cells(raw[index])))
        index += 1
    return tuple(rows), index


def _cells(row: str) -> list[str]:
    row = row.strip().replace("\\|", "\x00")
    row = row.removeprefix("|").removesuffix("|")
    return [cell.replace("\x00", "|") for cell in row.split("|")]


def _titled(text: str) -> bool:
    return len(text) < 90 and text[-1:] not in '.!,;”"'


def _width(indent: str) -> int:
    return len(indent.expandtabs(4))


def wrapped_marked(lines: list[Line]) -> list[Line]:
    """Lines with `wrapped` set where one is the rest of the one before.

    A line goes on when it starts in lower case, or when the document is hard-wrapped: nearly every line is followed by
    one whose first word would not have fitted. Notes with a statement on each line are thereby left apart.
    """
    pairs = [(before, line) for before, line in pairwise(lines) if _adjacent(before, line)]
    lengths = sorted(len(before.text) for before, _ in pairs)
    width = lengths[int(len(lengths) * 0.9)] if lengths else 0
    tight = sum(_tight(before, line, width) for before, line in pairs)
    hard = len(pairs) >= 4 and 45 <= width <= 120 and tight > 0.6 * len(pairs)
    marked = lines[:1]
    for before, line in pairwise(lines):
        goes_on = _adjacent(before, line) and (_starts_low(line.text) or (hard and _tight(before, line, width)))
        marked.append(replace(line, wrapped=True) if goes_on else line)
    return marked


def _adjacent(before: Line, line: Line) -> bool:
    if line.kind == "quote":
        return before.kind == "quote" and bool(before.text and line.text)
    return line.kind == "text" and before.kind in ("text", "bullet", "number") and not line.bold and not before.all_bold


def _tight(before: Line, line: Line, width: int) -> bool:
    return len(before.text) + 1 + len(line.text[:40].split(" ", 1)[0]) > width - 8


def _starts_low(text: str) -> bool:
    return text[:1].islower() or (text[:1] in ",;)" and len(text) > 1)

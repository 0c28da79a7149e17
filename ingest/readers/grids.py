"""Tables inside documents: a question column with a column per participant, a transcript in columns, or plain rows."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence

from ingest.models import Block
from ingest.readers.clean import has_words, shortened
from ingest.readers.speakers import is_numbered, is_role_word, role_of
from ingest.readers.times import seconds

Rows = Sequence[Sequence[str]]
_QUESTION = re.compile(r"(?:interview |research |guide )?(?:questions?|prompts?|topics?|tasks?|themes?|q)\b.*", re.I)
_SPEAKER = re.compile(r"(?:speakers?|who|name|participant|voice)$", re.I)
_SAID = re.compile(
    r"(?:text|transcript|utterance|said|speech|content|dialogue|response|what was said|comment)s?$", re.I
)
_TIME = re.compile(r"(?:time|timestamp|start|timecode|time code)s?$", re.I)
_ANSWER = re.compile(r"(?:answers?|responses?|notes?|what (?:they|was) said|feedback|quotes?|comments?)$", re.I)
_NOTHING = frozenset(("", "n/a", "na", "-", "--", "–", "—", "nan", "null", "#n/a", ".", "…", "..."))


def said(cell: str) -> bool:
    """Whether a cell holds anything that somebody may have said."""
    return cell.strip().casefold() not in _NOTHING and has_words(cell)


def blocks(rows: Rows, heading: str, interviewers: Collection[str]) -> list[Block]:
    """The blocks of one table, by the layout that its first row and first column show."""
    rows = [[cell.strip() for cell in row] for row in rows if any(said(cell) for cell in row)]
    if not rows:
        return []
    width = max(len(row) for row in rows)
    rows = [[*row, *[""] * (width - len(row))] for row in rows]
    head, body = rows[0], rows[1:]
    people = [column for column in range(width) if is_numbered(head[column])]
    if people and body:
        return _matrix(head, body, people, heading)
    if body and sum(is_numbered(row[0]) for row in body) >= max(1, 0.6 * len(body)) and width > 1:
        return _by_person(head, body, heading)
    if (voice := _column(head, _SPEAKER)) is not None and (text := _column(head, _SAID)) is not None and body:
        return _transcript(body, voice, text, _column(head, _TIME), heading, interviewers)
    if width == 2:
        if sum(is_role_word(row[0]) for row in rows) >= max(2, 0.6 * len(rows)):
            return _transcript(rows, 0, 1, None, heading, interviewers)
        if body and _QUESTION.match(head[0]) and len(head[0]) < 40 and (_ANSWER.match(head[1]) or len(head[1]) < 40):
            return _pairs(body, heading)
        if sum(row[0].endswith("?") for row in rows) >= max(1, 0.5 * len(rows)):
            return _pairs(rows, heading)
    return _plain(head, body, heading)


def _matrix(head: Sequence[str], body: Rows, people: Sequence[int], heading: str) -> list[Block]:
    asked = next((column for column in range(len(head)) if _QUESTION.match(head[column])), 0)
    if asked in people:
        asked = -1
    return [
        Block(row[column], head[column], "participant", shortened(row[asked] if asked >= 0 else heading))
        for column in people
        for row in body
        if said(row[column])
    ]


def _by_person(head: Sequence[str], body: Rows, heading: str) -> list[Block]:
    return [
        Block(row[column], row[0], "participant", shortened(head[column] or heading))
        for row in body
        for column in range(1, len(row))
        if said(row[column])
    ]


def _transcript(
    body: Rows, voice: int, text: int, time: int | None, heading: str, interviewers: Collection[str]
) -> list[Block]:
    people = {row[voice].casefold() for row in body if row[voice]}
    return [
        Block(row[text], row[voice], role_of(row[voice], people, interviewers) if row[voice] else None, heading,
              seconds(row[time]) if time is not None else None)
        for row in body
        if said(row[text])
    ]  # fmt: skip


def _pairs(body: Rows, heading: str) -> list[Block]:
    return [Block(row[1], heading=shortened(row[0] or heading)) for row in body if said(row[1])]


def _plain(head: Sequence[str], body: Rows, heading: str) -> list[Block]:
    """A table of another kind: a block a row, each cell after its column's name; a lone row as it is."""
    if not body:
        return [Block(" – ".join(cell for cell in head if said(cell)), heading=heading)]
    found: list[Block] = []
    for row in body:
        cells = [
            f"{head[column]}: {cell}" if column and head[column] else cell
            for column, cell in enumerate(row)
            if said(cell)
        ]
        if cells:
            found.append(Block("; ".join(cells), heading=heading))
    return found


def _column(head: Sequence[str], pattern: re.Pattern[str]) -> int | None:
    return next((index for index, cell in enumerate(head) if pattern.match(cell)), None)

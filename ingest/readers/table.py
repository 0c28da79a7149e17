"""Spreadsheets: a row per note or quote, or a matrix of questions by participants; unknown columns are asked about."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import PurePosixPath

from ingest.coded import taguette
from ingest.models import NO_COLUMN, Block, Document, Metadata, ReadOptions, Source, TableMapping
from ingest.readers import cues, metadata
from ingest.readers.clean import a_name, shortened, squeezed
from ingest.readers.dates import as_date, days_first
from ingest.readers.frontmatter import listed
from ingest.readers.grids import said
from ingest.readers.speakers import is_numbered
from ingest.readers.times import seconds
from ingest.readers.workbook import Rows, header_and_body, rows_of
from research.errors import BadInput

CANONICAL = ("text", "title", "participant", "segment", "account", "role", "team", "study", "date", "tags")
_ID = re.compile(
    r"(?:(?:respondent|response|ticket|case|row|record|submission|note|quote|participant)[ _]?)?id$|^key$|^ticket$",
    re.I,
)


class NeedsMapping(BadInput):
    """A person has to say which columns of a spreadsheet mean what; `columns` are those it has."""

    def __init__(self, message: str, columns: tuple[str, ...]) -> None:
        super().__init__(message)
        self.columns = columns


@dataclass(frozen=True, slots=True)
class _Table:
    """A spreadsheet with its columns, and their `places` by lower-case name: there may be thousands."""

    name: str
    form: str
    columns: tuple[str, ...]
    rows: Rows
    places: Mapping[str, int]

    def at(self, column: str) -> int:
        """The position of a column, or -1."""
        return self.places.get(" ".join(column.split()).casefold(), -1)


def read_table(source: Source, options: ReadOptions) -> list[Document]:
    """The documents of a .csv, .tsv or .xlsx file.

    Columns named as in CANONICAL are taken as they are, and so is a "question" column beside P1, P2, ...; start, end,
    text (and speaker) is a transcript; anything else needs `options.mapping`, or NeedsMapping is raised. A mapping that
    does not say which columns hold words adds to what the table says itself. Rows with the same title and the same
    participant are one document, so that a person's quotes stay together.
    """
    rows = rows_of(source, options)
    if not rows:
        raise BadInput(f"{source.name} is empty. Check that it is the right file and was saved with its rows.")
    columns, body = header_and_body(rows)
    places = {name.casefold(): at for at, name in reversed(list(enumerate(columns)))}
    table = _Table(source.name, source.name.rsplit(".", 1)[-1].lower(), columns, body, places)
    if not body:
        raise BadInput(f"{source.name} has a header but no rows. Fill it in, or leave it out.")
    said_where = options.mapping if options.mapping and options.mapping.says_where_words_are else None
    if not said_where and (coded := taguette.documents(columns, body, _stem(source.name))) is not None:
        return coded
    mapping = _checked(table, said_where) if said_where else _own_mapping(table, options.mapping)
    if mapping is None:
        if (transcript := _transcript(table, options)) is not None:
            return [transcript]
        raise _needs_mapping(table)
    documents = _matrix(table, mapping) if mapping.question else _by_row(table, mapping)
    if not documents:
        raise BadInput(
            f"{source.name} has rows, but nothing stands in {_listing(mapping.participants or mapping.text)}. Choose "
            f"other columns."
        )
    return documents


def _own_mapping(table: _Table, said: TableMapping | None) -> TableMapping | None:
    """The mapping that the header itself spells out, if it does, with what a person said of columns that it has."""
    people = tuple(column for column in table.columns if is_numbered(column))
    question = next((column for column in table.columns if column.casefold() in ("question", "questions")), "")
    if question and people:
        return TableMapping(question=question, participants=people)
    if table.at("text") < 0 or table.at("speaker") >= 0 or (table.at("start") >= 0 and table.at("end") >= 0):
        return None
    own = {name: table.columns[at] for name in CANONICAL if (at := table.at(name)) >= 0}
    for name in CANONICAL[1:] if said else ():
        column = getattr(said, name)
        if column == NO_COLUMN or (column and table.at(column) >= 0):
            own[name] = column
    return TableMapping(
        text=(own["text"],), title=own.get("title", ""), participant=own.get("participant", ""),
        segment=own.get("segment", ""), account=own.get("account", ""), role=own.get("role", ""),
        team=own.get("team", ""), study=own.get("study", ""), date=own.get("date", ""), tags=own.get("tags", ""),
    )  # fmt: skip


def _checked(table: _Table, mapping: TableMapping) -> TableMapping:
    """The mapping with this table's own spelling of its columns; a required one that is missing is named."""
    missing = [name for name in (*mapping.text, *mapping.participants, mapping.question) if name and table.at(name) < 0]
    if missing:
        raise NeedsMapping(
            f"{table.name} has no column {_quoted(missing)}. It has {_listing(table.columns)}.", table.columns
        )
    if mapping.question and not mapping.participants:
        raise NeedsMapping(
            f"{table.name}: say which columns are participants beside the question column. It has "
            f"{_listing(table.columns)}.",
            table.columns,
        )
    if not mapping.question and not mapping.text:
        raise _needs_mapping(table)
    return mapping


def _needs_mapping(table: _Table) -> NeedsMapping:
    sample = table.rows[:200]
    wordy = max(range(len(table.columns)), key=lambda at: sum(len(row[at].split()) for row in sample))
    example = f'--column text="{shortened(table.columns[wordy], 60)}"'
    return NeedsMapping(
        f"{table.name} has the columns {_listing(table.columns)}, and none of them says what people said. "
        f"Name it, for example {example}, or choose it on the upload page.",
        table.columns,
    )


def _by_row(table: _Table, mapping: TableMapping) -> list[Document]:
    """A document a row, or for all rows of one title and participant; keys stay when other rows come in between."""
    texts = [table.at(column) for column in mapping.text]
    order = days_first([row[at] for row in table.rows[:5000]]) if (at := table.at(mapping.date)) >= 0 else None
    identity = next((at for at, column in enumerate(table.columns) if _ID.search(column)), -1)
    made: dict[str, Document] = {}
    counts: dict[str, int] = {}
    spoken_of: dict[str, list[Block]] = {}
    tags_of: dict[str, dict[str, None]] = {}
    for row in table.rows:
        blocks = tuple(
            Block(squeezed(row[at]), heading=shortened(table.columns[at]) if len(texts) > 1 else "")
            for at in texts
            if said(row[at])
        )
        if not blocks:
            continue
        facts = _facts(table, mapping, row, order)
        together = bool(facts.title and facts.participant)
        parts = (
            [facts.title, facts.participant]
            if together
            else [facts.title, facts.participant, str(facts.date or ""), row[identity] if identity >= 0 else ""]
        )
        base = "|".join(part.casefold() for part in parts) if any(parts) else " ".join(block.text for block in blocks)
        hashed = hashlib.sha256(base.encode("utf-8", "replace")).hexdigest()[:16]
        counts[hashed] = counts.get(hashed, 0) + 1
        key = f"{hashed}-1" if together else f"{hashed}-{counts[hashed]}"
        spoken = (
            tuple(replace(block, speaker=facts.participant, role="participant") for block in blocks)
            if facts.participant
            else blocks
        )
        spoken_of.setdefault(key, []).extend(spoken)
        tags_of.setdefault(key, {}).update(dict.fromkeys(facts.tags))
        if key not in made:
            made[key] = _document(table, spoken, facts, key)
    return [
        replace(one, blocks=tuple(spoken_of[key]), metadata=replace(one.metadata, tags=tuple(tags_of[key])))
        for key, one in made.items()
    ]


def _facts(table: _Table, mapping: TableMapping, row: Sequence[str], order: bool | None) -> Metadata:
    def cell(column: str) -> str:
        at = table.at(column)
        return a_name(row[at]) if at >= 0 and said(row[at]) else ""

    return Metadata(
        title=cell(mapping.title), date=as_date(cell(mapping.date), order) if cell(mapping.date) else None,
        participant=cell(mapping.participant), segment=cell(mapping.segment), account=cell(mapping.account),
        role=cell(mapping.role), team=cell(mapping.team), study=cell(mapping.study),
        tags=tuple(dict.fromkeys(listed(cell(mapping.tags)))),
    )  # fmt: skip


def _matrix(table: _Table, mapping: TableMapping) -> list[Document]:
    """A document a participant: their column read down, each answer under its question."""
    question = table.at(mapping.question)
    found: list[Document] = []
    for column in mapping.participants:
        at = table.at(column)
        blocks = tuple(
            Block(squeezed(row[at]), column, "participant", shortened(squeezed(row[question])))
            for row in table.rows
            if said(row[at])
        )
        if blocks:
            key = hashlib.sha256(f"column|{column.casefold()}".encode()).hexdigest()[:16]
            who = column if is_numbered(column) else f"participant {len(found) + 1}"
            found.append(
                _document(table, blocks, Metadata(participant=column), f"{key}-1", f"{_stem(table.name)}: {who}")
            )
    return found


def _document(table: _Table, blocks: tuple[Block, ...], facts: Metadata, key: str, title: str = "") -> Document:
    """A document of some rows, its metadata from the cells and, where they do not say, from the file's name."""
    origins = {name: "column" for name in CANONICAL[1:] if getattr(facts, name)}
    named = metadata.from_name(table.name)
    if not facts.title:  # the first words, and never the participant's name: a title is shown to everybody
        facts = replace(facts, title=title or shortened(blocks[0].text, 60))
        origins["title"] = "file name" if title else "opening words"
    if not facts.date and named.date:
        facts = replace(facts, date=named.date)
        origins["date"] = "file name"
    return Document(blocks, facts, table.form, key, origins)


def _transcript(table: _Table, options: ReadOptions) -> Document | None:
    """Whisper's start, end, text (milliseconds or clock times), or a text column beside a speaker's."""
    text, speaker = table.at("text"), table.at("speaker")
    start, end = table.at("start"), table.at("end")
    if text < 0 or (speaker < 0 and (start < 0 or end < 0)):
        return None
    starts = [_time(row[start]) for row in table.rows] if start >= 0 else []
    known = [value for value in starts if value is not None]
    milli = (
        start >= 0
        and len(known) > 1
        and all(re.fullmatch(r"\d+", row[start]) for row in table.rows if row[start])
        and known[-1] > 20 * len(known)
    )
    scale = 1000.0 if milli else 1.0

    def clock(row: Sequence[str], at: int) -> float | None:
        value = _time(row[at]) if at >= 0 else None
        return value / scale if value is not None else None

    spoken = [
        cues.Cue(
            clock(row, start), clock(row, end), squeezed(row[speaker]) if speaker >= 0 else "", squeezed(row[text])
        )
        for row in table.rows
        if said(row[text])
    ]
    named = metadata.from_name(table.name)
    blocks, left_out = cues.turns(cues.sound_times(spoken), options.interviewers)
    origins = {name: "file name" for name in ("title", "date", "participant") if getattr(named, name)}
    return Document(tuple(blocks), named, table.form, origins=origins, left_out=tuple(left_out)) if blocks else None


def _time(cell: str) -> float | None:
    if re.fullmatch(r"\d{1,12}(?:\.\d{1,9})?", cell):
        return float(cell)
    return seconds(cell)


def _stem(name: str) -> str:
    return PurePosixPath(name).stem


def _listing(columns: Sequence[str]) -> str:
    shown = _quoted([shortened(column, 60) for column in columns[:8]])
    return f"{shown} and {len(columns) - 8} more" if len(columns) > 8 else shown


def _quoted(names: Sequence[str]) -> str:
    return ", ".join(f'"{name}"' for name in names)

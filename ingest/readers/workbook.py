"""Rows of cells out of .csv, .tsv and .xlsx files, as text and dates, before anything is known of their meaning."""

from __future__ import annotations

import csv
import io
import sys
from collections.abc import Iterator, Sequence
from datetime import date, datetime

from ingest.models import ReadOptions, Source
from ingest.readers import ooxml
from ingest.readers.decode import decode
from research.errors import BadInput
from research.litter import normalise

Rows = list[list[str]]
_MOST_ROWS = 1_048_576
_MOST_CELLS = 4_000_000
_MOST_EMPTY = 20_000_000  # cells that are passed over in a workbook whose rows are said to be wide, or far apart
_DELIMITERS = ",;\t|"


def rows_of(source: Source, options: ReadOptions) -> Rows:
    """The rows that hold anything, cells stripped, all equally long."""
    if source.name.lower().endswith(".xlsx"):
        return _squared(_from_xlsx(source, options), source.name)
    return _squared(_from_text(decode(source.data, source.name), source.name), source.name)


def _from_text(text: str, name: str) -> Iterator[list[str]]:
    csv.field_size_limit(min(sys.maxsize, 2**31 - 1))
    delimiter = "\t" if name.lower().endswith(".tsv") and "\t" in text[:20_000] else _delimiter(text)
    try:
        yield from csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, skipinitialspace=delimiter != "\t")
    except csv.Error as error:
        raise BadInput(
            f"{name} cannot be read as a table. Open it in a spreadsheet program and export it as CSV again."
        ) from error


def _delimiter(text: str) -> str:
    """The mark that splits the first rows into the most even columns."""
    best, score = ",", 0.0
    sample = text[:40_000]
    if len(text) > len(sample) and "\n" in sample:
        sample = sample[: sample.rfind("\n")]
    for mark in _DELIMITERS:
        try:
            widths = [len(row) for row in csv.reader(io.StringIO(sample, newline=""), delimiter=mark) if row][:60]
        except csv.Error:
            continue
        if not widths or max(widths) < 2:
            continue
        head = widths[0] if widths[0] > 1 else max(widths)
        even = sum(width == head for width in widths) / len(widths)
        if even * min(head, 8) > score:
            best, score = mark, even * min(head, 8)
    return best


def _from_xlsx(source: Source, options: ReadOptions) -> Iterator[list[str]]:
    """The first sheet with anything in it: dates as dates, formulas by the value that Excel last saw."""
    ooxml.checked(source, options, "xl/", ".xlsx", _MOST_CELLS)
    import warnings

    import openpyxl

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # openpyxl warns of styles and validations it does not know
            book = openpyxl.load_workbook(io.BytesIO(source.data), read_only=True, data_only=True)
            for sheet in book.worksheets:
                rows: list[list[str]] = []
                passed = 0
                for row in sheet.iter_rows(values_only=True, max_row=_MOST_ROWS):
                    passed += len(row)
                    if passed > _MOST_EMPTY:
                        raise BadInput(_too_many(source.name))
                    cells = [_cell(value) for value in row] if any(value is not None for value in row) else []
                    if any(cells):
                        rows.append(cells)
                if rows:
                    yield from rows
                    return
    except BadInput:
        raise
    except Exception as error:  # openpyxl raises whatever a broken workbook runs it into
        raise BadInput(
            f"{source.name} is damaged and cannot be read as a workbook. Open it, save it again and retry."
        ) from error


def _cell(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, datetime):
        return (
            value.date().isoformat()
            if value.time() == value.time().min
            else value.isoformat(sep=" ", timespec="minutes")
        )
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    return normalise(str(value)).strip()


def _squared(rows: Iterator[list[str]], name: str) -> Rows:
    """The rows that hold anything, equally long. Raises BadInput where that comes to too many cells: one long row makes
    all others as long."""
    kept: Rows = []
    width = 0
    for row in rows:
        cells = [cell.strip() for cell in row]
        while cells and not cells[-1]:
            cells.pop()
        if cells:
            kept.append(cells)
            width = max(width, len(cells))
        if len(kept) * width > _MOST_CELLS:
            raise BadInput(_too_many(name))
    return [row + [""] * (width - len(row)) for row in kept]


def _too_many(name: str) -> str:
    return (
        f"{name} has more than {_MOST_CELLS:,} cells in its rows and columns. Take out the columns that hold nothing "
        f"people said, or split it."
    )


def header_and_body(rows: Rows) -> tuple[tuple[str, ...], Rows]:
    """The header, its names made distinct and never empty, and the rows below it; title rows above are passed over."""
    start = 0
    usual = max((sum(bool(cell) for cell in row) for row in rows[:20]), default=0)
    while start < len(rows) - 1 and usual > 2 and sum(bool(cell) for cell in rows[start]) == 1:
        start += 1
    return _distinct(rows[start] if rows else []), rows[start + 1 :]


def _distinct(names: Sequence[str]) -> tuple[str, ...]:
    seen: dict[str, int] = {}
    taken: set[str] = set()
    made: list[str] = []
    for position, raw in enumerate(names, 1):
        name = " ".join(raw.split()) or f"Column {position}"
        count = seen.get(name.casefold(), 0) + 1
        unique = name if count == 1 else f"{name} ({count})"
        while unique.casefold() in taken:
            count += 1
            unique = f"{name} ({count})"
        seen[name.casefold()] = count
        taken.add(unique.casefold())
        made.append(unique)
    return tuple(made)

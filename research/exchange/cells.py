"""Tables as CSV that spreadsheet programs open without harm, and that reads back as it was."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Sequence

from research.errors import BadInput

# What a spreadsheet program would take for a formula, also behind spaces, and what looks like the same made harmless.
_FORMULA = re.compile(r"'*(?:[\t\r]|\s*[=+@＝＋－＠-])")


def harmless(cell: str) -> str:
    """A cell that no spreadsheet program takes for a formula: such a one begins with an apostrophe.

    >>> harmless("=1+1"), meant(harmless("=1+1")), harmless("'tis"), meant(harmless("'=1"))
    ("'=1+1", '=1+1', "'tis", "'=1")
    """
    return f"'{cell}" if _FORMULA.match(cell) else cell


def meant(cell: str) -> str:
    """What a cell was before it was made `harmless`."""
    return cell[1:] if cell.startswith("'") and _FORMULA.match(cell, 1) else cell


def csv_text(header: Sequence[str], rows: Iterable[Sequence[object]], end: str = "\r\n") -> str:
    """Rows as CSV, each cell `harmless`."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator=end)
    writer.writerow(header)
    writer.writerows([harmless(str(cell)) for cell in row] for row in rows)
    return out.getvalue()


def csv_rows(text: str, name: str) -> list[dict[str, str]]:
    """The rows of a CSV text as its heading calls the cells, without blank ones; commas or semicolons between them.
    Raises BadInput, which tells of it by `name`."""
    first = text.split("\n", 1)[0]
    delimiter = ";" if first.count(";") > first.count(",") else ","
    read = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    csv.field_size_limit(2**31 - 1)
    try:
        header = [heading.strip() for heading in next(read, [])]
        return [dict(zip(header, map(meant, row), strict=False)) for row in read if any(row)]
    except csv.Error as error:
        raise BadInput(f"{name} cannot be read: {error}, in line {read.line_num}. Save it again.") from None


def in_cell(values: Sequence[str]) -> str:
    """Several values in one cell.

    >>> in_cell(["pain", "a; b"]), from_cell(in_cell(["pain", "a; b"]))
    ('pain;"a; b"', ['pain', 'a; b'])
    """
    if not values:
        return ""
    out = io.StringIO()
    csv.writer(out, delimiter=";", lineterminator="").writerow(values)
    return out.getvalue()


def from_cell(cell: str) -> list[str]:
    """The values in one cell."""
    rows = csv.reader(io.StringIO(cell, newline=""), delimiter=";", skipinitialspace=True)
    return [value for row in rows for value in row if value.strip()]

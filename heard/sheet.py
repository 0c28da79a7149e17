"""Tables for spreadsheet programs."""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from research.briefs.office import ACCENT
from research.briefs.text import clean
from research.exchange.cells import csv_text, harmless
from research.person import Done

Cell = str | int | float | date | None


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a workbook: its heading, how many characters it is wide, and whether its cells are addresses that
    open."""

    heading: str
    width: int = 16
    opens: bool = False


def workbook(name: str, columns: Sequence[Column], rows: Iterable[Sequence[Cell]]) -> bytes:
    """Rows as a sheet of an xlsx file, whose heading stays in sight and can be filtered by. Dates and numbers are such;
    a text is never a formula, also when somebody edits its cell."""
    from openpyxl import Workbook
    from openpyxl.cell import Cell as Written
    from openpyxl.styles import Alignment, Font
    from openpyxl.utils import get_column_letter

    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title, book.properties.creator = name, "Heard"
    sheet.append([column.heading for column in columns])
    for number, row in enumerate(rows, start=2):
        for place, (column, value) in enumerate(zip(columns, row, strict=True), start=1):
            cell = sheet.cell(number, place)
            assert isinstance(cell, Written)
            cell.alignment = Alignment(vertical="top", wrap_text=not column.opens)
            if not isinstance(value, str):
                cell.value = value
            elif said := clean(value):
                cell.value = said
                cell.data_type = "s"  # openpyxl takes “=1” for a formula and “#N/A” for an error
                cell.quotePrefix = harmless(said) != said
                if column.opens:
                    cell.hyperlink = said
                    cell.font = Font(color=ACCENT, underline="single")
    for place, column in enumerate(columns, start=1):
        sheet.column_dimensions[get_column_letter(place)].width = column.width
        sheet.cell(1, place).font = Font(bold=True)
    sheet.freeze_panes = "A2"
    sheet.auto_filter.ref = sheet.dimensions
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def audit_csv(done: Iterable[Done]) -> str:
    """The audit as CSV."""
    rows = ((f"{one.at:%Y-%m-%d %H:%M:%S}", one.who, one.what, one.about, one.detail) for one in done)
    return csv_text(("at", "who", "what", "participant", "detail"), rows)

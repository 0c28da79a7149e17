"""Make the .docx and .xlsx samples from the plain text in samples/sources/.

    python samples/make_office_files.py

The text is kept plain so that it can be read and reviewed; the office files are made from it and committed beside the
other samples. The same sources always give the same bytes. Needs python-docx and openpyxl, which Heard installs.
"""

from __future__ import annotations

import io
import re
import zipfile
from datetime import datetime
from pathlib import Path

from docx import Document
from openpyxl import Workbook
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter

HERE = Path(__file__).parent
SOURCES = HERE / "sources"
NOTES = HERE / "interviews"
MADE = {
    "2026-06-25-harbour-street-manager.md": "billing/invoice-clarity",
    "2026-07-21-invoice-walkthrough.txt": "billing/invoice-clarity",
    "2026-09-15-bellweather-manager.md": "integrations/month-end-reporting",
    "2026-09-17-meridian-operations.md": "growth/onboarding-q3",
    "2026-10-27-monthly-numbers-written-round.txt": "integrations/month-end-reporting",
}


def day_of(source: Path) -> datetime:
    """The date that a file name begins with."""
    return datetime.strptime(source.name[:10], "%Y-%m-%d")


def still(data: bytes, day: datetime) -> bytes:
    """The same zip with one fixed time for all its parts and in its properties, so that it never differs."""
    stamp = day.strftime("%Y-%m-%dT12:00:00Z").encode()
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(made, "w") as new:
        for name in sorted(old.namelist()):
            part = old.read(name)
            if name == "docProps/core.xml":
                part = re.sub(rb"\d{4}-\d\d-\d\dT[\d:.]+Z", stamp, part)
            info = zipfile.ZipInfo(name, (day.year, day.month, day.day, 12, 0, 0))
            info.compress_type = zipfile.ZIP_DEFLATED
            new.writestr(info, part)
    return made.getvalue()


def docx_from(source: Path) -> bytes:
    """A Word file: `# title`, `## heading`, `| a | b |` table rows, and paragraphs with **bold** parts."""
    document = Document()
    document.core_properties.author = "Tidewater research"
    table = None
    for line in source.read_text(encoding="utf-8").splitlines():
        if line.startswith("|"):
            cells = [cell.strip() for cell in line.strip("| ").split(" | ")]
            if table is None:
                table = document.add_table(rows=0, cols=len(cells), style="Table Grid")
            for cell, text in zip(table.add_row().cells, cells, strict=True):
                cell.text = text
            continue
        table = None
        if line.startswith("# "):
            document.core_properties.title = line[2:]
            document.add_heading(line[2:], level=1)
        elif line.startswith("## "):
            document.add_heading(line[3:], level=2)
        elif line.strip():
            paragraph = document.add_paragraph()
            for number, part in enumerate(line.split("**")):
                paragraph.add_run(part).bold = bool(number % 2)
    out = io.BytesIO()
    document.save(out)
    return still(out.getvalue(), day_of(source))


def xlsx_from(source: Path) -> bytes:
    """A workbook with a row for each `# question` and a column for each person's `P1: answer`."""
    rows: list[dict[str, str]] = []
    for line in source.read_text(encoding="utf-8").splitlines():
        if line.startswith("# "):
            rows.append({"Question": line[2:]})
        elif line.strip():
            person, _, answer = line.partition(": ")
            rows[-1][person] = answer
    columns = list(rows[0])
    book = Workbook()
    book.properties.creator = "Tidewater research"
    sheet = book.worksheets[0]
    sheet.title = "Answers"
    sheet.append(columns)
    for row in rows:
        sheet.append([row.get(column, "") for column in columns])
    for cells in sheet.iter_rows():
        for cell in cells:
            cell.alignment = Alignment(wrap_text=True, vertical="top")
            cell.font = Font(bold=cell.row == 1 or cell.column == 1)
    for number in range(1, len(columns) + 1):
        sheet.column_dimensions[get_column_letter(number)].width = 32 if number == 1 else 56
    sheet.freeze_panes = "B2"
    out = io.BytesIO()
    book.save(out)
    return still(out.getvalue(), day_of(source))


def main() -> None:
    for name, folder in MADE.items():
        source = SOURCES / name
        make, ending = (docx_from, ".docx") if source.suffix == ".md" else (xlsx_from, ".xlsx")
        target = NOTES / folder / (source.stem + ending)
        target.write_bytes(make(source))
        print(target.relative_to(HERE))


if __name__ == "__main__":
    main()

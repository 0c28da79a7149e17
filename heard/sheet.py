"""Tables for spreadsheet programs."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Sequence

from research.person import Done

_FORMULA = re.compile(r"[\t\r]|\s*[=+@＝＋－＠-]")  # behind spaces too, which some programs pass over


def csv_text(header: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """Rows as CSV. A cell that a spreadsheet program would take for a formula begins with an apostrophe."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(header)
    writer.writerows([_harmless(str(cell)) for cell in row] for row in rows)
    return out.getvalue()


def audit_csv(done: Iterable[Done]) -> str:
    """The audit as CSV."""
    rows = ((f"{one.at:%Y-%m-%d %H:%M:%S}", one.who, one.what, one.about, one.detail) for one in done)
    return csv_text(("at", "who", "what", "participant", "detail"), rows)


def _harmless(cell: str) -> str:
    return f"'{cell}" if _FORMULA.match(cell) else cell

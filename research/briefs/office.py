"""What Word and slides have in common: how they look, and files that are the same, byte for byte, whenever written."""

from __future__ import annotations

import io
import re
import zipfile
from datetime import date, datetime
from typing import Any

from research.briefs.text import shortened

SERIF, SANS = "Georgia", "Arial"
INK, FAINT, ACCENT, PAPER, RULE = "24211C", "69635A", "0F5F5C", "FBF9F5", "DDD6C8"

_EPOCH = (1980, 1, 1, 0, 0, 0)  # the earliest that a zip can hold
_TIME = re.compile(rb"(<dcterms:(created|modified)[^>]*>)[^<]*(</dcterms)")


def describe(properties: Any, title: str, day: date) -> None:
    """Set a document's core properties from what it holds: its dates are the last day it looks at."""
    properties.title, properties.author, properties.last_modified_by = shortened(title, 255), "Heard", "Heard"
    properties.subject, properties.comments, properties.keywords, properties.revision = "Brief", "", "", 1
    properties.created = properties.modified = datetime(day.year, day.month, day.day)


def settled(file: bytes, day: date) -> bytes:
    """An office file without the moment in which it was written, in it or in a workbook inside of it."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(file)) as found, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        for name in found.namelist():
            held = found.read(name)
            if name.endswith(".xlsx"):
                held = settled(held, day)
            elif name == "docProps/core.xml":
                held = _TIME.sub(rb"\g<1>%sT00:00:00Z\g<3>" % day.isoformat().encode(), held)
            entry = zipfile.ZipInfo(name, _EPOCH)
            entry.compress_type = zipfile.ZIP_DEFLATED
            made.writestr(entry, held)
    return out.getvalue()

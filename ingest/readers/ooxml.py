"""What .docx and .xlsx share: they are zips, so a password, damage and a zip bomb are told before they are parsed."""

from __future__ import annotations

import io
import re
import zipfile

from ingest.models import ReadOptions, Source
from research.errors import BadInput

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_WORST_RATIO = 300
_SMALL = 20 * 1024 * 1024
_CHUNK = 1024 * 1024
_DECLARES = re.compile(rb"<\0?!\0?(?:D\0?O\0?C|E\0?N\0?T)", re.I)  # in any encoding that an XML part may have


def checked(source: Source, options: ReadOptions, part: str, kind: str, most: int) -> None:
    """Raise BadInput unless the bytes are a zip of sane size that holds `part`, such as "word/", and in its XML no
    entities and at most `most` elements, each of which takes some hundred bytes of memory."""
    name = source.name
    if source.data.startswith(_OLE):
        raise BadInput(
            f"{name} is password-protected or in an old Office format: remove the password, save it as {kind} and "
            f"try again."
        )
    try:
        with zipfile.ZipFile(io.BytesIO(source.data)) as archive:
            members = archive.infolist()
    except Exception as error:  # zipfile raises what a broken zip runs it into
        raise BadInput(f"{name} is damaged or no {kind} file. Open it, save it again and retry.") from error
    unfolded = sum(member.file_size for member in members)
    packed = sum(member.compress_size for member in members)
    if unfolded > options.max_unzipped_bytes or (unfolded > _SMALL and unfolded > _WORST_RATIO * max(packed, 1)):
        raise BadInput(
            f"{name} unfolds to {unfolded / 1024 / 1024:,.0f} MB, as a zip bomb does, and was not opened. Save it "
            f"again without what is not needed."
        )
    if not any(member.filename.startswith(part) for member in members):
        raise BadInput(f"{name} is no {kind} file. Give it its real file ending, or save it again.")
    try:
        elements, declares = _looked_through(source.data)
    except Exception as error:
        raise BadInput(f"{name} is damaged and cannot be unpacked. Open it, save it again and retry.") from error
    if declares:
        raise BadInput(f"{name} declares entities, which no {kind} file needs, and was not opened. Save it again.")
    if elements > most:
        raise BadInput(f"{name} has {elements:,} pieces, more than the {most:,} that are read. Split it and try again.")


def _looked_through(data: bytes) -> tuple[int, bool]:
    """How many elements there are in all parts, whatever these call themselves, and whether the XML declares a type."""
    elements = 0
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        for member in archive.infolist():
            is_xml = member.filename.lower().endswith((".xml", ".rels"))
            with archive.open(member) as stream:
                last = b""
                while chunk := stream.read(_CHUNK):
                    elements += chunk.count(b"<") - chunk.count(b"</")
                    if is_xml and _DECLARES.search(last + chunk):
                        return elements, True
                    last = chunk[-32:]
    return elements, False

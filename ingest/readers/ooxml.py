"""What .docx and .xlsx share: they are zips, so a password, damage and a zip bomb are told before they are parsed."""

from __future__ import annotations

import io
import zipfile

from ingest.models import ReadOptions, Source
from research.errors import BadInput

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_WORST_RATIO = 300
_SMALL = 20 * 1024 * 1024


def checked(source: Source, options: ReadOptions, part: str, kind: str) -> None:
    """Raise BadInput unless the bytes are a zip of sane size that holds `part`, such as "word/"."""
    name = source.name
    if source.data.startswith(_OLE):
        raise BadInput(
            f"{name} is password-protected or in an old Office format: remove the password, save it as {kind} and "
            f"try again."
        )
    try:
        with zipfile.ZipFile(io.BytesIO(source.data)) as archive:
            members = archive.infolist()
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError, UnicodeDecodeError, OverflowError) as error:
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

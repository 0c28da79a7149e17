"""Files together in a zip that is the same for the same files, whenever it is made."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping


def zipped(files: Mapping[str, bytes], *, packed: bool = True) -> bytes:
    """The bytes of a zip of files by name, in their order; not `packed` it is made faster, and as large as they are."""
    stream = io.BytesIO()
    how = zipfile.ZIP_DEFLATED if packed else zipfile.ZIP_STORED
    with zipfile.ZipFile(stream, "w") as archive:
        for name, data in files.items():
            archive.writestr(zipfile.ZipInfo(name), data, how)  # without the moment of writing
    return stream.getvalue()

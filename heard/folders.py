"""Folders of notes as they are handed out, also over an earlier one of the same repository."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from heard.command import writing
from research.errors import BadInput
from research.exchange.folder import CONTENTS, NOTES


def write(folder: Path, files: Mapping[str, bytes]) -> None:
    """Write the files to a folder that is new or empty, or that was written so before: then what is no more goes. It is
    known as whole only once all is there. Raises BadInput."""
    with writing(folder):
        if folder.exists() and not folder.is_dir():
            raise BadInput(f"{folder} is a file. Give a folder, or a name that ends in .zip or .qdpx.")
        if folder.exists() and any(folder.iterdir()) and not (folder / CONTENTS).exists():
            raise BadInput(f"{folder} holds other files. Give a folder that is new or empty.")
        (folder / CONTENTS).unlink(missing_ok=True)
        for name, data in files.items():
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data)
        for old in (folder / NOTES).rglob("*.md"):
            if old.relative_to(folder).as_posix() not in files:
                old.unlink()


def notes(files: Mapping[str, bytes]) -> int:
    """How many notes there are among the files."""
    return sum(name.startswith(f"{NOTES}/") for name in files)

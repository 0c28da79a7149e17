"""Folders of an index that go away whole: whoever is cut off meanwhile leaves none that is half there."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

from research.disk import in_words


def remove(folder: Path) -> None:
    """Take a folder away, with what an earlier removal that was cut off left of it. Raises Unwritable."""
    aside = folder.with_name(f"{folder.name}.gone")
    with in_words():
        _delete(aside)
        if folder.exists():
            folder.rename(aside)
            _delete(aside)


def writable(folder: Path) -> bool:
    """Whether files can be made in a folder; one that is not there yet is judged by the one it would lie in."""
    return os.access(folder if folder.exists() else folder.parent, os.W_OK)


def _delete(folder: Path) -> None:
    if folder.exists():
        shutil.rmtree(folder)

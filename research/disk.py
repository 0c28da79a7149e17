"""What a disk refuses, in words: the one place that knows how each library says that it is full or read-only."""

from __future__ import annotations

import errno
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from research.errors import Unwritable

_LITTLE = 32_000_000  # bytes
_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
_SHUT = (errno.EROFS, errno.EACCES, errno.EPERM)
_SAID_FULL = ("no space left", "disk is full", "os error 28", "file too large", "quota exceeded")
_SAID_SHUT = ("readonly database", "read-only file system", "permission denied", "os error 30", "os error 13")


def refused(error: BaseException) -> Unwritable | None:
    """What to say when a disk would not take something; None for any other error."""
    said = str(error).casefold()
    number = error.errno if isinstance(error, OSError) else None
    if number in _FULL or any(phrase in said for phrase in _SAID_FULL):
        return no_room()
    if number in _SHUT or any(phrase in said for phrase in _SAID_SHUT):
        return Unwritable(
            "The folder of the repository cannot be written to: it is read-only, or belongs to somebody else. It can "
            "be searched as it is. To change something, make it writable, or give another folder with HEARD_HOME."
        )
    if number == errno.EIO or "disk i/o error" in said:
        return Unwritable(
            f"The disk of the repository gave an error ({error}). What was reported done is stored; look after the "
            "disk, then run `heard doctor`."
        )
    return None


def no_room() -> Unwritable:
    """What to say of a full disk."""
    return Unwritable(
        "There is no room left on the disk of the repository. What was reported done is stored; make room and do the "
        "rest again, it goes on from there."
    )


def little_room(folder: Path) -> bool:
    """Whether a disk has so little room left that this explains an error which does not say why."""
    return folder.exists() and shutil.disk_usage(folder).free < _LITTLE


@contextmanager
def in_words() -> Iterator[None]:
    """Whatever a disk refuses within is raised as Unwritable."""
    try:
        yield
    except (OSError, sqlite3.Error) as error:
        if told := refused(error):
            raise told from error
        raise

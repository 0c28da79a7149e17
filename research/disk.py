"""What a disk refuses, in words: the one place that knows how each library says that it is full or read-only."""

from __future__ import annotations

import errno
from collections.abc import Iterator
from contextlib import contextmanager

from research.errors import Unwritable

_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
_SHUT = (errno.EROFS, errno.EACCES, errno.EPERM)
_SAID_FULL = ("no space left", "disk is full", "os error 28", "file too large", "quota exceeded")
_SAID_SHUT = ("readonly database", "read-only file system", "permission denied", "os error 30", "os error 13")


def refused(error: BaseException) -> Unwritable | None:
    """What to say when a disk would not take something; None for any other error."""
    said = str(error).casefold()
    number = error.errno if isinstance(error, OSError) else None
    if number in _FULL or any(phrase in said for phrase in _SAID_FULL):
        return Unwritable(
            "There is no room left on the disk of the repository. What was reported done is stored; make room and do "
            "the rest again, it goes on from there."
        )
    if number in _SHUT or any(phrase in said for phrase in _SAID_SHUT):
        return Unwritable(
            "The folder of the repository cannot be written to: it is read-only, or belongs to somebody else. It can "
            "be searched as it is. To change something, make it writable, or give another folder with HEARD_HOME."
        )
    return None


@contextmanager
def in_words() -> Iterator[None]:
    """Whatever a disk refuses within is raised as Unwritable."""
    try:
        yield
    except OSError as error:
        if told := refused(error):
            raise told from error
        raise

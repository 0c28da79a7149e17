"""One writer at a time, across processes: a lock that says who holds it."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Protocol

import filelock

from research.disk import in_words
from research.errors import Busy

_EACH = 0.5  # seconds between two tries


class Lock(Protocol):
    """What one process at a time holds; it is free again when the process dies."""

    def take(self, what: str) -> bool:
        """Take it, saying what for, unless somebody else holds it; without waiting. Returns whether it was taken."""

    def held(self) -> bool:
        """Whether anybody holds it just now, this process or another; a process that was killed does not."""

    def who(self) -> str:
        """A sentence about who holds it, as far as it can be known."""

    def release(self) -> None:
        """Let it go."""


@contextmanager
def write_lock(lock: Lock, what: str, timeout: float, on_wait: Callable[[str], None] | None = None) -> Iterator[None]:
    """Hold the repository's write lock while in the block.

    `what` is what this process is about to do, for others who wait to read. `on_wait` is called once with a sentence
    when somebody else holds the lock. Raises Busy after `timeout` seconds (0: at once), Unwritable.
    """
    began = time.monotonic()
    told = False
    while not lock.take(what):
        if time.monotonic() - began >= timeout:
            raise Busy(f"{lock.who()} Try again when it has finished.")
        if on_wait and not told:
            on_wait(f"{lock.who()} Waiting for it to finish.")
            told = True
        time.sleep(min(_EACH, timeout))
    try:
        yield
    finally:
        lock.release()


def writing_now(lock: Lock) -> str:
    """A sentence about who holds the lock; "" when nobody does."""
    return lock.who() if lock.held() else ""


def holder(what: str, machine: str = "") -> str:
    """What is written down about the process that takes a lock; `machine` where others may be on another one."""
    return json.dumps({"what": what, "pid": os.getpid(), "on": machine, "since": time.strftime("%H:%M")})


def sentence(held: str) -> str:
    """The same for somebody who waits."""
    try:
        said = json.loads(held)
        where = f" on {said['on']}" if said.get("on") else ""
        return f"{said['what']} (process {said['pid']}{where}, since {said['since']}) is writing to this repository."
    except (ValueError, KeyError, TypeError):
        return "Another process is writing to this repository."


class FileLock:
    """A lock on a file in a folder that all processes share."""

    def __init__(self, folder: Path) -> None:
        self._lock = filelock.FileLock(folder / "write.lock", thread_local=False)
        self._holder = folder / "write.lock.json"

    def take(self, what: str) -> bool:
        """Take it unless somebody else holds it. Raises Unwritable."""
        with in_words():
            try:
                self._lock.acquire(timeout=0)
            except filelock.Timeout:
                return False
            try:
                self._holder.write_text(holder(what))
            except BaseException:
                self.release()
                raise
        return True

    def held(self) -> bool:
        """Whether anybody holds it. It is taken for a moment where somebody left a note and may have been killed."""
        if not self._holder.exists():
            return False
        try:
            self._lock.acquire(timeout=0)
        except filelock.Timeout:
            return True
        except OSError:  # whoever may not write here cannot ask
            return False
        self._lock.release()
        return False

    def who(self) -> str:
        """A sentence about who holds it."""
        with suppress(OSError):
            return sentence(self._holder.read_text())
        return sentence("")

    def release(self) -> None:
        """Let it go."""
        with suppress(OSError):
            self._holder.unlink()
        self._lock.release()

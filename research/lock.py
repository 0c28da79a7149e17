"""One writer at a time, across processes: a file lock that says who holds it."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from filelock import FileLock, Timeout

from research.errors import Busy

_EACH = 0.5  # seconds between two tries


@contextmanager
def write_lock(home: Path, what: str, timeout: float, on_wait: Callable[[str], None] | None = None) -> Iterator[None]:
    """Hold the repository's write lock while in the block.

    `what` is what this process is about to do, for others who wait to read. `on_wait` is called once with a sentence
    when somebody else holds the lock. Raises Busy after `timeout` seconds (0: at once).
    """
    lock = FileLock(home / "write.lock", thread_local=False)
    holder = home / "write.lock.json"
    began = time.monotonic()
    told = False
    while True:
        try:
            lock.acquire(timeout=0)
            break
        except Timeout:
            who = _who(holder)
            if time.monotonic() - began >= timeout:
                raise Busy(f"{who} Try again when it has finished.") from None
            if on_wait and not told:
                on_wait(f"{who} Waiting for it to finish.")
                told = True
            time.sleep(min(_EACH, timeout))
    try:
        holder.write_text(json.dumps({"what": what, "pid": os.getpid(), "since": time.strftime("%H:%M")}))
        yield
    finally:
        with suppress(OSError):
            holder.unlink()
        lock.release()


def writing_now(home: Path) -> str:
    """A sentence about who holds the lock; "" when nobody does, or only a process that was killed did."""
    holder = home / "write.lock.json"
    if not holder.exists():
        return ""
    lock = FileLock(home / "write.lock", thread_local=False)
    try:
        lock.acquire(timeout=0)
    except Timeout:
        return _who(holder)
    lock.release()
    return ""


def _who(holder: Path) -> str:
    """A sentence about who is writing, as far as it can be known."""
    try:
        said = json.loads(holder.read_text())
        return f"{said['what']} (process {said['pid']}, since {said['since']}) is writing to this repository."
    except (OSError, ValueError, KeyError):
        return "Another process is writing to this repository."

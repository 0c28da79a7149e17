"""A watched folder: which of its files are new or have changed, and have stopped growing."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from pathlib import Path

from watchfiles import watch

from research.errors import BadInput

_TICK = 0.5  # seconds between two looks at what still grows


def settled(folder: Path, seconds: float, stop: threading.Event) -> Iterator[frozenset[Path]]:
    """Files below a folder, first all that are there, then those that come or change, once nothing was written to them
    for some seconds; until `stop` is set.

    A file that is being copied, downloaded or synchronised has a size that grows for a while; what was read of it then
    would be half a call. Raises BadInput where the folder is none.
    """
    folder = folder.expanduser().resolve()
    if not folder.is_dir():
        raise BadInput(f"{folder} is no folder. Give the folder that files are put into.")
    growing = {path: (_state(path), time.monotonic()) for path in _files(folder)}
    tick = max(50, round(min(_TICK, seconds / 2) * 1000))
    changes = watch(
        folder, watch_filter=None, stop_event=stop, rust_timeout=tick, yield_on_timeout=True, step=50, debounce=tick,
        raise_interrupt=False, ignore_permission_denied=True,
    )  # fmt: skip
    for changed in changes:
        now = time.monotonic()
        for path in (below for _, name in changed for below in _files(Path(name))):
            growing.setdefault(path, (None, now))
        ready = set()
        for path, (before, since) in list(growing.items()):
            state = _state(path)
            if state is None:
                del growing[path]  # gone again, as a download's first name is
            elif state != before:
                growing[path] = (state, now)
            elif now - since >= seconds:
                ready.add(path)
                del growing[path]
        if ready:
            yield frozenset(ready)


def _files(path: Path) -> list[Path]:
    """A file, or all below a folder: one that is moved here is one change."""
    return [one for one in (path.rglob("*") if path.is_dir() else (path,)) if one.is_file()]


def _state(path: Path) -> tuple[int, int] | None:
    """What changes when a file is written to; None when it is not there."""
    try:
        facts = path.stat()
    except OSError:
        return None
    return facts.st_size, facts.st_mtime_ns

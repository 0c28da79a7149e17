"""Importing what is large when it is first needed, and without the larger that it would take along unasked."""

from __future__ import annotations

import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec

_UNASKED = ("torch", "transformers")
_WANT_THEM = ("spacy_transformers", "spacy_curated_transformers")  # with these, pipelines may be made of them
_lock = threading.RLock()


@contextmanager
def with_torch() -> Iterator[None]:
    """Where sentence-transformers is imported: not while another thread imports without torch."""
    with _lock:
        yield


@contextmanager
def without_torch() -> Iterator[None]:
    """Where spaCy and Presidio are imported, which take torch and transformers along wherever they are installed,
    though no pipeline of ours is made of them: seconds at each start of the command, and 150 MB for good."""
    with _lock:
        away = [name for name in _UNASKED if name not in sys.modules] if not any(map(find_spec, _WANT_THEM)) else []
        for name in away:
            sys.modules[name] = None  # type: ignore[assignment]  # what Python takes for "not installed"
        try:
            yield
        finally:
            for name in away:
                del sys.modules[name]

"""The repository of what customers said: what is kept, found and planned from."""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from research.config import Settings
from research.embedder import Embedder
from research.errors import HeardError
from research.repository import Repository

__all__ = ["HeardError", "Repository", "Settings", "open"]


def open(
    home: str | Path | None = None,
    *,
    settings: Settings | None = None,
    embedder: Embedder | None = None,
    now: Callable[[], datetime] = datetime.now,
) -> Repository:
    """The repository in the folder `home` (else HEARD_HOME, else the user's data directory); created on first use."""
    return Repository(settings or Settings.from_env(os.environ, home), embedder=embedder, now=now)

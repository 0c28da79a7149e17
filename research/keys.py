"""The repository's secret key, and the keyed hash by which a person is recognised without keeping the name."""

from __future__ import annotations

import hmac
import os
import secrets
from pathlib import Path


def repository_key(home: Path) -> bytes:
    """The key of a repository, 32 bytes; made on first use in a file that only its owner can read."""
    path = home / "key"
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_bytes()
    key = secrets.token_bytes(32)
    with os.fdopen(handle, "wb") as file:
        file.write(key)
    return key


def label_hash(key: bytes, *parts: str) -> str:
    """HMAC-SHA256 of a label and the scope it holds in, as 64 hex digits; spaces and case do not matter."""
    said = "\x1f".join(" ".join(part.split()).casefold() for part in parts)
    return hmac.new(key, said.encode(), "sha256").hexdigest()

"""The repository's secret key, and the keyed hash by which a person is recognised without keeping the name."""

from __future__ import annotations

import hmac
import os
import secrets
from hashlib import sha256
from pathlib import Path

from research.errors import BadInput

_SHORTEST = 32  # characters of a key from the environment: what is shorter can be guessed


def repository_key(home: Path, given: str = "", *, shared: bool = False) -> bytes:
    """The key of a repository, 32 bytes: from what is `given`, else from a file that only its owner can read.

    That is made on first use, but not where the repository is `shared` by several machines, each with a folder of its
    own. Raises BadInput for a given key that is too short, or for none.
    """
    if given:
        if len(given) < _SHORTEST:
            raise BadInput(f"HEARD_KEY has {len(given)} characters; it needs {_SHORTEST} or more, best random ones.")
        return sha256(given.encode()).digest()
    path = home / "key"
    if shared and not path.exists():
        raise BadInput(
            f"A repository on PostgreSQL has to be given its key: set HEARD_KEY, or put the file `key` into {home}."
        )
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

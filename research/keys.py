"""The repository's secret key, and the keyed hash by which a person is recognised without keeping the name."""

from __future__ import annotations

import hmac
import os
import secrets
from contextlib import suppress
from hashlib import sha256
from pathlib import Path

from research.disk import in_words
from research.errors import BadInput, HeardError

_SHORTEST = 32  # characters of a key from the environment: what is shorter can be guessed
_BYTES = 32


def repository_key(home: Path, given: str = "", *, shared: bool = False, begun: bool = False) -> bytes:
    """The key of a repository, 32 bytes: from what is `given`, or made on first use in a file that only its owner can
    read. None is made for a repository that was `begun` with a key, nor where it is `shared` by several machines, each
    with a folder of its own. Raises BadInput for a given key that is too short, or for none where it is shared,
    HeardError for a file that is lost or damaged, Unwritable."""
    if given:
        if len(given) < _SHORTEST:
            raise BadInput(f"HEARD_KEY has {len(given)} characters; it needs {_SHORTEST} or more, best random ones.")
        return sha256(given.encode()).digest()
    path = home / "key"
    if not path.exists():
        if shared:
            raise BadInput(
                f"A repository on PostgreSQL has to be given its key: set HEARD_KEY, or put the file `key` into {home}."
            )
        if begun:
            raise HeardError(
                f"The key of this repository is missing: the file {path}. Put it back from where it is kept, or set "
                "HEARD_KEY to what it was. Everything can be searched and read meanwhile; people's names cannot be "
                "opened, and nothing can be taken in."
            )
        _made(path)
    key = path.read_bytes()
    if len(key) != _BYTES:
        raise HeardError(f"The file {path} is damaged: it has {len(key)} bytes, not {_BYTES}. Put a copy of it back.")
    return key


def put_key(home: Path, key: bytes) -> None:
    """Keep a key that is known as the repository's, whatever was there."""
    _written(home, key).replace(home / "key")


def _made(path: Path) -> None:
    """A new key, there whole or not at all, whoever is cut off; of two who make one, the first one's."""
    new = _written(path.parent, secrets.token_bytes(_BYTES))
    try:
        with suppress(FileExistsError):
            os.link(new, path)
    except OSError:  # a file system without links
        new.replace(path)
    new.unlink(missing_ok=True)


def _written(home: Path, key: bytes) -> Path:
    """A file of its own with a key, on the disk."""
    path = home / f"key.{secrets.token_hex(4)}"
    with in_words(), os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(key)
        file.flush()
        os.fsync(file.fileno())
    return path


def label_hash(key: bytes, *parts: str) -> str:
    """HMAC-SHA256 of a label and the scope it holds in, as 64 hex digits; spaces and case do not matter."""
    said = "\x1f".join(" ".join(part.split()).casefold() for part in parts)
    return hmac.new(key, said.encode(), "sha256").hexdigest()

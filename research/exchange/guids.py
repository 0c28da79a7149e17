"""The GUIDs under which what Heard hands out is known again when it comes back."""

from __future__ import annotations

import hmac
from uuid import UUID, uuid5

ORIGIN = "Heard"  # what a project says that it is from
TAGGER = UUID("6b1f6a1e-6d0c-5c4e-9a3f-2f1d0b8f7a01")  # who put on the tags that nobody confirmed
PERSON = UUID("6b1f6a1e-6d0c-5c4e-9a3f-2f1d0b8f7a02")  # and the others; of whom Heard says no more
_HEARD = UUID("6b1f6a1e-6d0c-5c4e-9a3f-2f1d0b8f7a00")


def guid(kind: str, *what: str) -> str:
    """The GUID of a thing by what tells it apart, always the same."""
    return str(uuid5(_HEARD, "\x1f".join((kind, *what))))


def case_guid(key: bytes, pseudonym: str) -> str:
    """The GUID of a participant: only who has the repository's key can tell which one it is."""
    return str(UUID(bytes=hmac.new(key, f"case {pseudonym}".encode(), "sha256").digest()[:16], version=4))

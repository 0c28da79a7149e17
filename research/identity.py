"""Who somebody really is: sealed before it is stored, and recognised by keyed hashes that tell nobody."""

from __future__ import annotations

import base64
import hmac
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from typing import Literal

from research.errors import HeardError

By = Literal["email", "crm", "name"]


@dataclass(frozen=True, slots=True)
class Identity:
    """A participant's name and how to reach them; "" where it is not known. `crm` is an id in another system, `note`
    what else one has to know to reach them; nobody is recognised by it."""

    name: str = ""
    email: str = ""
    crm: str = ""
    note: str = ""

    def __bool__(self) -> bool:
        return bool(self.name or self.email or self.crm or self.note)

    def and_also(self, other: Identity) -> Identity:
        """Both together; where they differ, the other one's word."""
        return Identity(**{one.name: getattr(other, one.name) or getattr(self, one.name) for one in fields(self)})


class Sealer:
    """Seals identities with a key that lies outside the database (Fernet: AES-128 in CBC mode with HMAC-SHA256)."""

    def __init__(self, key: bytes) -> None:
        from cryptography.fernet import Fernet

        # One secret a repository, a key for each purpose derived from it (HKDF's expand step with one block, RFC 5869).
        self._hashing = hmac.new(key, b"recognise\x01", "sha256").digest()
        self._fernet = Fernet(base64.urlsafe_b64encode(hmac.new(key, b"seal identities\x01", "sha256").digest()))

    def seal(self, identity: Identity) -> str:
        """The identity as a token that only this repository's key opens."""
        return self._fernet.encrypt(json.dumps(asdict(identity)).encode()).decode()

    def open(self, token: str) -> Identity:
        """The identity in a token. Raises HeardError when the key is another one."""
        from cryptography.fernet import InvalidToken

        try:
            told: Mapping[str, str] = json.loads(self._fernet.decrypt(token.encode()))
        except InvalidToken as error:
            raise HeardError(
                "The names in this repository were sealed with another key. Put the file `key` back that it was made "
                "with, or set HEARD_KEY to it."
            ) from error
        return Identity(**told)

    def hashes(self, identity: Identity) -> dict[By, str]:
        """What an identity is recognised by; case and spaces do not matter. "" where nothing is known."""
        return {"email": self._hash("email", identity.email), "crm": self._hash("crm", identity.crm),
                "name": self._hash("name", identity.name)}  # fmt: skip

    def _hash(self, by: By, value: str) -> str:
        said = "".join(value.split()).casefold()
        return hmac.new(self._hashing, f"{by}\x1f{said}".encode(), "sha256").hexdigest() if said else ""

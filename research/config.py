"""Settings: read once, at the edge, from the environment and passed in from there on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from platformdirs import user_data_dir


@dataclass(frozen=True, slots=True)
class Chroma:
    """Where a Chroma server is found and how it lets in; all "" where Chroma runs inside Heard."""

    url: str = ""
    key: str = field(default="", repr=False)
    tenant: str = ""
    database: str = ""


@dataclass(frozen=True, slots=True)
class Settings:
    """Where a repository lives and what it runs on.

    `model` is a sentence-transformers name or folder ("" for all-MiniLM-L6-v2 as installed). `lock_timeout` is how
    many seconds a writer waits for another before it gives up. `user` is who works, as the audit names them. `key` is
    the repository's secret ("" for one in a file beside it, made on first use). `url` is where the app is found, for
    links in what is mailed ("" where nobody says). `database` and `chroma` are the addresses of PostgreSQL and of
    Chroma's server, both or neither ("" for files in `home`); the key, tenant and database of Chroma Cloud go with the
    latter.
    """

    home: Path
    model: str = ""
    lock_timeout: float = 3600.0
    user: str = ""
    key: str = field(default="", repr=False)
    url: str = ""
    database: str = field(default="", repr=False)
    chroma: Chroma = field(default_factory=Chroma)

    @classmethod
    def from_env(cls, env: Mapping[str, str], home: str | Path | None = None) -> Settings:
        """Settings from HEARD_HOME, HEARD_MODEL, HEARD_USER, HEARD_KEY, HEARD_URL, HEARD_DATABASE_URL and
        HEARD_CHROMA_URL, _KEY, _TENANT and _DATABASE; a given `home` goes first."""
        chosen = home or env.get("HEARD_HOME") or user_data_dir("heard", appauthor=False)
        return cls(
            home=Path(chosen).expanduser().resolve(),
            model=env.get("HEARD_MODEL", ""),
            user=env.get("HEARD_USER") or env.get("USER") or env.get("USERNAME") or "somebody",
            key=env.get("HEARD_KEY", ""),
            url=env.get("HEARD_URL", ""),
            database=env.get("HEARD_DATABASE_URL", ""),
            chroma=Chroma(
                url=env.get("HEARD_CHROMA_URL", ""),
                key=env.get("HEARD_CHROMA_KEY", ""),
                tenant=env.get("HEARD_CHROMA_TENANT", ""),
                database=env.get("HEARD_CHROMA_DATABASE", ""),
            ),
        )

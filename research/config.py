"""Settings: read once, at the edge, from the environment and passed in from there on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal, get_args

from platformdirs import user_data_dir

from research.access import ROLES, Role
from research.errors import BadInput

Log = Literal["json", "text", "off"]


@dataclass(frozen=True, slots=True)
class Watching:
    """What those who look after the app see of it.

    `log` is how events are written to standard error ("off": the app writes errors only, the command nothing).
    `metrics` is the address at which Prometheus finds numbers, as (host, port); None for nowhere.
    """

    log: Log = "off"
    metrics: tuple[str, int] | None = None


@dataclass(frozen=True, slots=True)
class SignIn:
    """What decides who somebody is who signs in (`research.signing_in`).

    `admins` are e-mail addresses in small letters. `role_claim` and `teams_claim` name claims of the identity provider
    ("" where the members page decides), `default_role` is what everybody is who can sign in ("": nobody without more).
    Who signed in more than so many `hours` ago signs in again: until then the claims are what they were.
    """

    admins: tuple[str, ...] = ()
    role_claim: str = ""
    teams_claim: str = ""
    default_role: Role = ""
    hours: int = 12


@dataclass(frozen=True, slots=True)
class Servers:
    """Where PostgreSQL and Chroma's server are found, and how the latter lets in; all "" for files in one folder."""

    database: str = field(default="", repr=False)  # it may hold a password
    chroma: str = field(default="", repr=False)
    chroma_key: str = field(default="", repr=False)
    chroma_tenant: str = ""
    chroma_database: str = ""

    @classmethod
    def from_env(cls, env: Mapping[str, str]) -> Servers:
        """The servers of HEARD_DATABASE_URL and HEARD_CHROMA_URL, HEARD_CHROMA_KEY, _TENANT and _DATABASE."""
        return cls(
            database=env.get("HEARD_DATABASE_URL", ""),
            chroma=env.get("HEARD_CHROMA_URL", ""),
            chroma_key=env.get("HEARD_CHROMA_KEY", ""),
            chroma_tenant=env.get("HEARD_CHROMA_TENANT", ""),
            chroma_database=env.get("HEARD_CHROMA_DATABASE", ""),
        )


@dataclass(frozen=True, slots=True)
class Settings:
    """Where a repository lives and what it runs on.

    `model` is a sentence-transformers name or folder ("" for all-MiniLM-L6-v2 as installed). `lock_timeout` is how
    many seconds a writer waits for another before it gives up. `user` is who works, as the audit names them. `key` is
    the repository's secret ("" for one in a file beside it, made on first use). `url` is where the app is found, for
    links in what is mailed ("" where nobody says). `sign_in` is for an app that people sign in to;
    `without_sign_in` says outright that whoever can reach the app may do everything. `servers` take the place of the
    files in `home`. `upload_files` and `upload_mb` are how much goes into one upload.
    """

    home: Path
    model: str = ""
    lock_timeout: float = 3600.0
    user: str = ""
    key: str = field(default="", repr=False)
    url: str = ""
    sign_in: SignIn = SignIn()
    without_sign_in: bool = False
    servers: Servers = Servers()
    upload_files: int = 500
    upload_mb: int = 400
    watching: Watching = Watching()

    @classmethod
    def from_env(cls, env: Mapping[str, str], home: str | Path | None = None) -> Settings:
        """Settings from HEARD_HOME, HEARD_MODEL, HEARD_USER, HEARD_KEY, HEARD_URL, HEARD_ADMINS, HEARD_ROLE_CLAIM,
        HEARD_TEAMS_CLAIM, HEARD_DEFAULT_ROLE, HEARD_SIGN_IN_HOURS, HEARD_WITHOUT_SIGN_IN, HEARD_UPLOAD_FILES,
        HEARD_UPLOAD_MB, HEARD_LOG, HEARD_METRICS and those of the servers; a given `home` goes first. Raises
        BadInput."""
        _texts(env)
        chosen = home or env.get("HEARD_HOME") or user_data_dir("heard", appauthor=False)
        return cls(
            home=Path(chosen).expanduser().resolve(),
            model=env.get("HEARD_MODEL", ""),
            user=env.get("HEARD_USER") or env.get("USER") or env.get("USERNAME") or "somebody",
            key=env.get("HEARD_KEY", ""),
            url=env.get("HEARD_URL", ""),
            sign_in=SignIn(
                admins=tuple(filter(None, (one.strip().casefold() for one in env.get("HEARD_ADMINS", "").split(",")))),
                role_claim=env.get("HEARD_ROLE_CLAIM", ""),
                teams_claim=env.get("HEARD_TEAMS_CLAIM", ""),
                default_role=_role(env.get("HEARD_DEFAULT_ROLE", "")),
                hours=_whole(env, "HEARD_SIGN_IN_HOURS", 12, "whole hours", 720),
            ),
            without_sign_in=env.get("HEARD_WITHOUT_SIGN_IN", "").casefold() in ("yes", "true", "1"),
            servers=Servers.from_env(env),
            upload_files=_whole(env, "HEARD_UPLOAD_FILES", 500, "a number of files", 100_000),
            upload_mb=_whole(env, "HEARD_UPLOAD_MB", 400, "whole megabytes", 4_000),
            watching=Watching(_log(env.get("HEARD_LOG", "")), _address(env.get("HEARD_METRICS", ""))),
        )


def _texts(env: Mapping[str, str]) -> None:
    """Every setting is text, but for places on the disk."""
    for name, said in env.items():
        if name.startswith("HEARD_") and name not in ("HEARD_HOME", "HEARD_MODEL") and not _is_text(said):
            otherwise = " The file `key` goes into HEARD_HOME as it is." if name == "HEARD_KEY" else ""
            raise BadInput(f"{name} holds bytes that are no text (UTF-8).{otherwise}")


def _is_text(said: str) -> bool:
    try:
        said.encode()
    except UnicodeEncodeError:  # what the system's bytes become where they are no UTF-8
        return False
    return True


def _role(said: str) -> Role:
    if said not in ("", *ROLES):
        raise BadInput(f"HEARD_DEFAULT_ROLE is “{said}”, which is no role. Roles are {', '.join(ROLES)}.")
    return said


def _whole(env: Mapping[str, str], name: str, otherwise: int, what: str, most: int) -> int:
    said = env.get(name) or str(otherwise)
    if not said.isdecimal() or len(said) > 9 or not 1 <= int(said) <= most:
        raise BadInput(f"{name} is “{said[:40]}”. Give {what}, from 1 to {most}.")
    return int(said)


def _log(said: str) -> Log:
    known: dict[str, Log] = {name: name for name in get_args(Log)}
    if said and said not in known:
        raise BadInput(f"HEARD_LOG is “{said}”. It is json, text or off.")
    return known.get(said, "off")


def _address(said: str) -> tuple[str, int] | None:
    """A port of this machine alone, or of an address: "9464", "0.0.0.0:9464"."""
    if not said:
        return None
    host, _, port = said.rpartition(":")
    if not port.isdigit() or not 0 < int(port) < 65536:
        raise BadInput(f"HEARD_METRICS is “{said}”. Give a port, such as 9464, or an address and a port.")
    return host.strip("[]") or "127.0.0.1", int(port)

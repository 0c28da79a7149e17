"""YAML front matter as metadata; whatever is wrong with it, the note itself is still read."""

from __future__ import annotations

import re
from collections.abc import Mapping

from ingest.models import Metadata
from ingest.readers.clean import a_name
from ingest.readers.dates import as_date
from research import plain_yaml

_OPEN = re.compile(r"\s*---[ \t]*\n")
_CLOSE = re.compile(r"^(?:---|\.\.\.)[ \t]*$", re.M)
_MAX = 64 * 1024
_KEYS: dict[str, tuple[str, ...]] = {
    "title": ("title", "name"),
    "date": (
        "date",
        "interview date",
        "session date",
        "interview_date",
        "session_date",
        "pub_date",
        "published",
        "recorded",
    ),
    "participant": ("participant", "participant id", "participant_id", "interviewee", "respondent"),
    "segment": ("segment", "persona"),
    "role": ("role", "job title", "job_title", "occupation", "position"),
    "account": ("account", "company", "organization", "organisation"),
    "team": ("team",),
    "study": ("study", "project"),
}
_INTERVIEWERS = ("interviewer", "interviewers", "moderator", "moderators", "facilitator", "researcher", "researchers")


def split(text: str) -> tuple[str, str]:
    """(front matter, the rest); front matter is "" where there is none or it never closes."""
    opened = _OPEN.match(text)
    if not opened:
        return "", text
    closed = _CLOSE.search(text, opened.end(), opened.end() + _MAX)
    if not closed:
        return "", text
    block = text[opened.end() : closed.start()]
    first = block.lstrip().split("\n", 1)[0]
    if block.strip() and not re.match(r"[\"']?[\w][\w .:\-]{0,60}[\"']?\s*:(?:\s|$)|#", first):
        return "", text
    return block, text[closed.end() :]


def metadata(block: str) -> Metadata:
    """What the front matter says in the words that Heard knows; other keys and broken YAML say nothing."""
    return from_mapping(_loaded(block))


def from_mapping(values: Mapping[str, object]) -> Metadata:
    """Metadata from named values as YAML gives them."""
    texts = {field: _first(values, keys) for field, keys in _KEYS.items()}
    names = [name for key in _INTERVIEWERS for name in listed(values.get(key))]
    return Metadata(
        title=_text(texts["title"]),
        date=as_date(texts["date"]) if texts["date"] is not None else None,
        participant=_text(texts["participant"]),
        segment=_text(texts["segment"]),
        role=_text(texts["role"]),
        account=_text(texts["account"]),
        team=_text(texts["team"]),
        study=_text(texts["study"]),
        tags=tuple(dict.fromkeys(listed(values.get("tags")))),
        interviewers=tuple(dict.fromkeys(names)),
    )


def listed(value: object) -> list[str]:
    """A list of strings from a YAML list, or from "a, b; c | d"."""
    if value is None:
        return []
    items = value if isinstance(value, list | tuple) else re.split(r"[,;|]", str(value))
    return [text for item in items if (text := _text(item))]


def _first(values: Mapping[str, object], keys: tuple[str, ...]) -> object:
    return next((values[key] for key in keys if values.get(key) not in (None, "", [])), None)


def _text(value: object) -> str:
    """A short text; nested values say nothing."""
    if value is None or isinstance(value, dict):
        return ""
    if isinstance(value, list | tuple):
        return a_name(", ".join(str(item) for item in value if not isinstance(item, dict | list)))
    return a_name(str(value))


def _loaded(block: str) -> dict[str, object]:
    try:
        value = plain_yaml.load(block)
    except plain_yaml.NotPlain:
        return _by_line(block)
    if not isinstance(value, dict):
        return {}
    return {str(key).strip().casefold(): item for key, item in value.items()}


def _by_line(block: str) -> dict[str, object]:
    """Broken YAML, read a simple "key: value" line at a time."""
    pairs = (
        line.split(":", 1) for line in block.split("\n") if re.match(r"[A-Za-z_][\w \-]{0,40}:\s*[^\s{[&*|>]", line)
    )
    return {key.strip().casefold(): value.strip().strip("\"'") for key, value in pairs}

"""What a document says about itself: front matter, then header lines, then the first heading, then the file's name."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, fields, replace
from pathlib import PurePosixPath

from ingest.models import Metadata
from ingest.readers.clean import shortened, squeezed
from ingest.readers.dates import as_date, date_in, is_date
from ingest.readers.frontmatter import listed
from ingest.readers.lines import Line
from ingest.readers.speakers import is_interviewer_word, is_participant_word
from ingest.roles import role_of_label

_HEADER = re.compile(r"(?:\W*)([A-Za-z][A-Za-z _/\-]{1,30}?)\s*[:：]\s*(.*)", re.S)
_FIELD_WORDS = {
    "date": "date|"
    "interview date|session date|meeting date|meeting time|date of interview|date of session|date and time|"
    "interviewed on|recorded|recorded on|recording date|call date|when",
    "interviewers": "interviewer|interviewers|moderator|moderators|facilitator|facilitators|researcher|researchers|"
    "interviewed by|conducted by|moderated by|facilitated by|host|hosts",
    "participant": "participant|participant id|participant name|interviewee|respondent|customer|client|user|guest",
    "segment": "segment|persona|user type|customer segment",
    "role": "role|job role|job title|job|occupation|position|profession",
    "account": "account|company|organization|organisation|customer account",
    "study": "study|project|research project",
    "team": "team",
    "tags": "tags",
    "title": "title",
    "": "note taker|notetaker|note-taker|notes by|notes submitted by|observer|observers|duration|length|url|link|"
    "recording|video|attendees|participants|invited|present|attachments|published|time|session|transcribed by|"
    "version|transcript|author",
}
_KEYS = {word: field for field, words in _FIELD_WORDS.items() for word in words.split("|")}
_PERSON = re.compile(
    r"(?<![A-Za-z0-9])(?:participant|p|respondent|interviewee)[ _\-#]?0*(\d{1,3})"
    r"(?!\d|\s*[-–]\s*\d{1,2}(?!\d)|\s*(?:to|and|&)\s*\d)(?=\b|_|[A-Z])",
    re.I,
)
_SAID = re.compile(
    r"\b(?:[Ii]nterviewers?|[Mm]oderators?|[Ff]acilitators?|[Hh]osts?)\s+(?:is|are|was|were)\s+((?:[A-Z][\w.'’\-]*|"
    r"and|&|,)(?:[ ,]+(?:[A-Z][\w.'’\-]*|and|&))*)"
)
_HELD = re.compile(
    r"\b(?:interview|session|call|meeting|recorded|published|conducted|held|took place)\b.{0,40}?\bon\b", re.I
)
_WITH = re.compile(
    r"\b(?i:interview|session|conversation)s? with ([A-Z][\w.'’\-]*+(?: [A-Z][\w.'’\-]*+){0,2})(?=\s*(?:$|"
    r"[,(|–—-]|at |from |of |on |about ))"
)
_SMALL = frozenset(("and", "&", "of", "at", "de", "van", "der", "the", "von", "la"))
_ATTENDANCE = frozenset(("attendees", "participants", "invited", "present", "attachments"))
_ZONE = 14


@dataclass(frozen=True, slots=True)
class Found:
    """Metadata so far, where each value came from, and which lines were header and no text."""

    metadata: Metadata
    origins: dict[str, str] = field(default_factory=dict)
    used: frozenset[int] = frozenset()


def gathered(lines: Sequence[Line], name: str, front: Metadata, front_origin: str = "front matter") -> Found:
    """All that a document says about itself, an earlier source winning over a later one."""
    found = Found(Metadata())
    found = _with(found, front, front_origin)
    header, used = from_header(lines, name)
    found = _with(found, header, "header")
    found = _with(found, from_heading(lines), "heading")
    found = _with(found, from_name(name), "file name")
    return replace(found, used=used)


def from_header(lines: Sequence[Line], name: str = "") -> tuple[Metadata, frozenset[int]]:
    """Metadata from "Date: ..." lines and bare dates before the first thing said, and which lines they were."""
    values: dict[str, object] = {}
    used: set[int] = set()
    seen = 0
    people_list = False
    for index, line in enumerate(lines):
        if line.kind == "blank":
            continue
        seen += 1
        if seen > _ZONE or (line.kind == "heading" and seen > 3 and line.level > 1 and index > 12):
            break
        if line.kind in ("heading", "table"):
            people_list = False
            continue
        pair = _HEADER.match(line.text) if len(line.text) < 200 else None
        key = pair.group(1).strip().casefold() if pair else ""
        if pair and key in _KEYS and _plausible(key, pair.group(2), lines):
            used.add(index)
            people_list = key in _ATTENDANCE and not pair.group(2).strip()
            if _KEYS[key] and pair.group(2).strip():
                values.setdefault(_KEYS[key], pair.group(2).strip())
            continue
        if people_list and line.kind in ("bullet", "number") and len(line.text.split()) <= 8:
            used.add(index)
            continue
        people_list = False
        if "?" in line.text or (pair and (is_interviewer_word(key) or is_participant_word(key))):
            break  # from here on people talk
        if seen == 1 and line.kind == "text" and _is_title(line.text, name):
            values.setdefault("title", line.text)
            if day := date_in(line.text):
                values.setdefault("date", day)
            used.add(index)
        if line.kind == "text" and is_date(line.text):
            values.setdefault("date", line.text)
            values.setdefault("participant", _person(line.text))
            used.add(index)
        elif len(line.text) < 400:
            _from_sentence(line.text, values)
    return _as_metadata(values), frozenset(used)


def from_heading(lines: Sequence[Line]) -> Metadata:
    """Title, participant and date from the first heading."""
    first = next((line for line in lines if line.kind == "heading"), None)
    if first is None:
        return Metadata()
    return Metadata(
        title=shortened(first.text, 200),
        participant=_person(first.text) or _partner(first.text),
        date=date_in(first.text),
    )


def from_name(name: str) -> Metadata:
    """Title, participant and date from a file's name."""
    stem = PurePosixPath(name.replace("!", "/")).name
    stem = re.sub(r"\.(?:md|markdown|txt|text|vtt|srt|docx|pdf|html?|csv|tsv|xlsx)$", "", stem, flags=re.I)
    return Metadata(
        title=shortened(squeezed(stem.replace("_", " ")) or name, 200), participant=_person(stem), date=date_in(stem)
    )


def _with(found: Found, extra: Metadata, origin: str) -> Found:
    """`found` with those fields of `extra` that it lacks."""
    new = {
        item.name: getattr(extra, item.name)
        for item in fields(Metadata)
        if getattr(extra, item.name) and not getattr(found.metadata, item.name)
    }
    if not new:
        return found
    return replace(
        found, metadata=replace(found.metadata, **new), origins={**found.origins, **dict.fromkeys(new, origin)}
    )


def _plausible(key: str, value: str, lines: Sequence[Line]) -> bool:
    """Whether "Moderator: ..." is a header with names and not the moderator's first words."""
    kind = _KEYS[key]
    value = value.strip()
    if key in ("when", "recorded", "recorded on", "recording", "session", "transcript", "host", "link", "video"):
        return len(value) < 80 and (date_in(value) is not None or value.startswith(("http", "www.")) or key == "host")
    if kind == "date":
        return len(value) < 80
    if kind in ("interviewers", "participant"):
        words = value.split()
        if not words:
            return key.endswith("s")
        first = re.split(r"\s*[,(–—]|\s-\s", value)[0].strip()
        parts = [word for word in re.split(r"[\s,]+", first) if word]
        named = all(word[0].isupper() or word[0].isdigit() or word in _SMALL for word in parts)
        if not named or value.endswith(("?", "!")) or len(words) > 14 or (value.endswith(".") and len(words) < 3):
            return False
        again = sum(1 for line in lines[:400] if line.text.casefold().startswith(key + ":"))
        return again < 2 or len(words) >= 2 or bool(re.search(r"\d", value))
    if key in _ATTENDANCE:
        return len(value) < 300 and not value.endswith((".", "?", "!"))
    return bool(value) and len(value.split()) <= 12 and not value.endswith((".", "?", "!"))


def _from_sentence(text: str, values: dict[str, object]) -> None:
    """Names and dates that an opening sentence gives ("Interview took place on March 2. Interviewer is Ana Silva.")."""
    if len(text) < 120 and (person := _partner(text)):
        values.setdefault("participant", person)
    if said := _SAID.search(text):
        values.setdefault("interviewers", re.sub(r"\s+(?:and|&)\s+", ", ", said.group(1)).rstrip(" ,."))
    if (held := _HELD.search(text)) and (day := date_in(text[held.end() : held.end() + 40])):
        values.setdefault("date", day)


def _is_title(line: str, name: str) -> bool:
    """Whether a first line without a heading's mark is one: the file's name again, or "Interview with ..."."""
    stem = re.sub(r"\W+|_", "", PurePosixPath(name).stem.casefold())
    bare = re.sub(r"\W+|_", "", line.casefold())
    if len(line) > 120 or line.endswith((".", "?", "!")):
        return False
    return (len(bare) > 4 and bare in stem) or bool(_WITH.match(line)) or (date_in(line) is not None and len(line) < 90)


def _as_metadata(values: dict[str, object]) -> Metadata:
    raw_date = values.get("date")
    day = as_date(raw_date)
    names = re.sub(r"\s+(?:and|&)\s+", ", ", str(values.get("interviewers", "")))
    people = [squeezed(re.split(r"\(|\s[-–—]\s", name)[0]) for name in listed(names)]
    return Metadata(
        title=shortened(str(values.get("title", "")), 200),
        date=day,
        participant=_who(str(values.get("participant", ""))),
        segment=str(values.get("segment", "")),
        account=str(values.get("account", "")),
        role=str(values.get("role", "")) or _what(str(values.get("participant", ""))),
        team=str(values.get("team", "")),
        study=str(values.get("study", "")),
        tags=tuple(listed(values.get("tags"))),
        interviewers=tuple(person for person in people if person[:1].isupper()),
    )


def _who(value: str) -> str:
    """ "Mevin Zhang, Software Architect" is Mevin Zhang; "Participant 4" is P4."""
    return _person(value) or squeezed(re.split(r"[,(;]|\s[-–—]\s", value)[0])[:80]


def _what(value: str) -> str:
    """ "Mevin Zhang, Software Architect" is a software architect."""
    return next(filter(None, map(role_of_label, re.split(r"[,(;)]|\s[-–—]\s", value)[1:])), "")


def _partner(text: str) -> str:
    found = _WITH.search(text)
    return found.group(1) if found and not re.search(r"\b(?:and|&)\b", text[found.end() :]) else ""


def _person(text: str) -> str:
    found = _PERSON.findall(text)
    return f"P{int(found[0])}" if len(set(found)) == 1 else ""

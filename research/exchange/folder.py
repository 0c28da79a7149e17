"""Notes as a folder that needs no program: Markdown with front matter, and tables as CSV. Heard reads it back."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import yaml

from research.exchange import notation
from research.exchange.cells import csv_text, in_cell
from research.models import Note, Passage
from research.phrases import count
from research.taxonomy import Taxonomy

CONTENTS = "contents.heard"  # by which such a folder is known
PASSAGES, MARKS, TAXONOMY = "passages", "marks", "taxonomy.yaml"
NOTES = "notes"
CASE = "known here as"  # by which a participant is known again where they are from
COLUMNS = (
    "passage", "note", "file", "participant", "question", "words", "tags", "tags by Heard", "tags taken off", "start",
    "end",
)  # fmt: skip
_LONGEST = 80  # characters of a file's name, so that a path fits where paths are short
_RESERVED = re.compile(r"(?:con|prn|aux|nul|com\d|lpt\d)(?:\..*)?", re.I)  # on Windows
_EXPLAINED = {
    "studies": "what each study was about, how long its notes are kept, and who reads it",
    PASSAGES: "every passage with its tags; `start` and `end` are places in its note's text, behind the front matter",
    MARKS: "where something personal stood in a note, and of which kind",
    "participants": "who was heard, by pseudonym; none of their names is in this folder",
    "consents": "what participants agreed to",
    "contacts": "when somebody was or is to be contacted",
    "different": "participants of whom a person said that they are not the same",
    "insights": "claims, and what follows from them",
    "evidence": "passages that speak for or against an insight; without a passage where its words are gone",
    "beside": "passages that speak neither for nor against an insight",
    "insight history": "what was done with insights",
    "questions": "what teams want to hear answered",
    "searches": "what teams want to be told of",
    "themes": "what comes up, with the names that people gave",
    "theme passages": "which passage belongs to which theme, and how well it stands for it",
    "theme refusals": "passages of which a person said that they do not belong to a theme",
    "themes apart": "themes that a person split",
    "theme history": "what happened to themes",
    "mappings": "how the columns of spreadsheets are read",
    "settings": "rules on how often people are contacted, and words that are nobody's name",
}


@dataclass(frozen=True, slots=True)
class Table:
    """A table of a folder: what its columns are called, and its rows."""

    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


def files(
    notes: Sequence[Note],
    taxonomy: Taxonomy,
    taken_off: Mapping[str, Sequence[str]],
    tables: Mapping[str, Table],
    now: datetime,
    *,
    whole: bool,
) -> dict[str, bytes]:
    """Name -> content of every file. `taken_off` are the tags that people took off, by passage id, `tables` all others
    by name; `whole` says that these are all that a repository has to say. The file by which the folder is known is the
    last, so that one that was cut off is not taken for whole."""
    named = _names(notes)
    written = {named[note.summary.id]: _note(note) for note in notes}
    passages = Table(COLUMNS, tuple(row for note in notes for row in _passages(note, named, taken_off)))
    marks = Table(("note", "start", "end", "kind", "score"), tuple(row for note in notes for row in _marks(note)))
    every = {PASSAGES: passages, MARKS: marks, **tables}
    return {
        **{name: text.encode() for name, text in written.items()},
        **{file_of(name): csv_text(one.columns, one.rows, "\n").encode("utf-8-sig") for name, one in every.items()},
        TAXONOMY: taxonomy.source.encode(),
        "README.md": _readme(len(notes), every, now, whole).encode(),
        CONTENTS: _yaml({"format": 1, "written": now.isoformat(timespec="seconds"), "whole": whole}).encode(),
    }


def is_part(name: str) -> bool:
    """Whether a file in such a folder, by its path in it, is one of those that are written."""
    if name.startswith(f"{NOTES}/"):
        return name.endswith(".md")
    return name in (CONTENTS, TAXONOMY) or ("/" not in name and name.endswith(".csv"))


def file_of(table: str) -> str:
    """The file that a table is in."""
    return f"{table.replace(' ', '-')}.csv"


def _note(note: Note) -> str:
    about, shown = note.summary, {turn.speaker for turn in note.turns}
    said = {
        "note": about.id,
        "title": about.title,
        "date": about.date,
        "team": about.team,
        "study": about.study,
        "participants": [person.pseudonym for person in about.participants if person.pseudonym in shown],
        "keywords": note.origins.get("keywords"),
    }
    front = _yaml({name: value for name, value in said.items() if value})
    return f"---\n{front}---\n\n{notation.written(note.turns, apart=True)[0]}"


def _passages(
    note: Note, named: Mapping[str, str], taken_off: Mapping[str, Sequence[str]]
) -> Iterable[tuple[str, ...]]:
    _, said = notation.written(note.turns, apart=True)
    for passage in note.passages:
        start, end = notation.places(passage, note.turns, said)
        yield (
            passage.id, note.summary.id, named[note.summary.id], passage.participant, passage.context, passage.text,
            _tags(passage, "person"), _tags(passage, "tagger"), in_cell(taken_off.get(passage.id, ())), str(start),
            str(end),
        )  # fmt: skip


def _marks(note: Note) -> Iterable[tuple[str, ...]]:
    _, said = notation.written(note.turns, apart=True)
    for mark in note.redactions:
        for turn, written in zip(note.turns, said, strict=True):
            if turn.start <= mark.start and mark.end <= turn.end:
                places = (written.place(at - turn.start) for at in (mark.start, mark.end))
                yield note.summary.id, *map(str, places), mark.kind, str(mark.score)


def _tags(passage: Passage, source: str) -> str:
    return in_cell([tag.tag for tag in passage.tags if tag.source == source])


def _names(notes: Sequence[Note]) -> dict[str, str]:
    """Note id -> the path of its file; no two are one where case does not count."""
    found: dict[str, str] = {}
    given: set[str] = set()
    for note in notes:
        about = note.summary
        day = f"{about.date} " if about.date else ""
        path = "/".join((NOTES, _plain(about.team), _plain(about.study), _plain(f"{day}{about.title}")))
        name, number = path, 1
        while name.casefold() in given:
            number += 1
            name = f"{path} ({number})"
        given.add(name.casefold())
        found[about.id] = f"{name}.md"
    return found


def _plain(name: str) -> str:
    """A name that every system takes for a file's."""
    kept = " ".join(re.sub(r'[\x00-\x1f\x7f<>:"/\\|?*]', " ", name).split())[:_LONGEST].strip(" .~")
    return f"{kept}_" if _RESERVED.fullmatch(kept) else kept or "untitled"


def _readme(notes: int, tables: Mapping[str, Table], now: datetime, whole: bool) -> str:
    held = [
        f"- `{NOTES}/`: {count(notes, 'note')}, a file each, by team and study. Participants have pseudonyms.",
        *(f"- `{file_of(name)}`: {_EXPLAINED[name]} ({count(len(one.rows), 'row')})." for name, one in tables.items()),
        f"- `{TAXONOMY}`: the tags, what they mean, and how they are recognised.",
    ]
    what = "All that a research repository knows" if whole else "Notes from a research repository"
    return (
        f"# {what}\n\nWritten by Heard on {now:%Y-%m-%d}. `heard ingest` takes the folder in again, or a zip of it: "
        "notes that are there already get the tags, others come in as they were.\n\n" + "\n".join(held) + "\n"
    )


def _yaml(values: Mapping[str, object]) -> str:
    return yaml.safe_dump(dict(values), sort_keys=False, allow_unicode=True, width=1_000_000)

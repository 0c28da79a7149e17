"""Folders that Heard handed out (Markdown, CSV and contents.heard): notes as they were, and all that came with them."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cache
from typing import Any

from ingest.coded.own import blocks_of, parts
from ingest.coded.placing import Part, Words
from ingest.models import Document, Kept, Marked, Metadata, ReadOptions, Selection, Source, Unplaced, Voice
from ingest.personal.models import KINDS
from ingest.readers import frontmatter, ooxml
from ingest.readers.clean import shortened, squeezed
from ingest.readers.dates import as_date
from ingest.readers.decode import decode
from research import plain_yaml
from research.errors import BadInput
from research.exchange import folder, notation
from research.exchange.cells import csv_rows, from_cell
from research.exchange.notation import Said
from research.exchange.refi import FACTS
from research.store.sheets import ALL, PEOPLE, STUDIES, Rows, checked
from research.taxonomy import Tag, Taxonomy, parse_taxonomy

_MOST = 20_000_000  # angle brackets, of which words have few
_NOTE_ID = re.compile(r"[0-9a-f]{16}")


def read_folder(source: Source, options: ReadOptions) -> list[Document]:
    """A document for each note of a folder, which comes as a zip; where the folder is a whole repository, another for
    what else it knows. Raises BadInput."""
    if not source.data.startswith(b"PK"):
        raise BadInput(f"{source.name} is a list of contents. Give the whole folder that it lies in, or a zip of it.")
    ooxml.checked(source, options, folder.CONTENTS, ".heard", _MOST)
    with zipfile.ZipFile(io.BytesIO(source.data)) as archive:
        files = {member.filename: member for member in archive.infolist()}

        def text(name: str) -> str:
            return decode(archive.read(files[name]), f"{source.name}: {name}") if name in files else ""

        contents = _contents(text(folder.CONTENTS), source.name)
        if folder.file_of(folder.PASSAGES) not in files:
            raise BadInput(f"{source.name} lies beside no {folder.file_of(folder.PASSAGES)}. Give the folder whole.")
        names = (folder.PASSAGES, folder.MARKS, *(sheet.name for sheet in ALL))
        tables = {name: folder.file_of(name) for name in names}
        sheets = {name: csv_rows(text(file), f"{source.name}: {file}") for name, file in tables.items()}
        passages, marks = _by_note(sheets.pop(folder.PASSAGES)), _by_note(sheets.pop(folder.MARKS))
        voices = tuple(_voices(sheets[PEOPLE.name]))
        studies = {(row.get("team", ""), row.get("study", "")): row for row in sheets[STUDIES.name]}
        notes, unknown = [], []
        for name in sorted(name for name in files if name.startswith(f"{folder.NOTES}/")):
            about, body = _split(text(name))
            mine = _NOTE_ID.fullmatch(about.get("note", ""))
            note = _note(about, body, passages, marks, voices, studies) if mine else None
            if note and note.blocks:
                notes.append(note)
            else:
                why = "it has no turns" if note else "it is no note that Heard wrote; put it in by itself"
                unknown.append(f"{squeezed(name)}: {why}")
        taxonomy = parse_taxonomy(text(folder.TAXONOMY)) if folder.TAXONOMY in files else None
    if notes and unknown:
        notes[0] = replace(notes[0], left_out=tuple(unknown))
    if taxonomy and contents.get("whole") is True:
        whole = Kept(taxonomy, checked(sheets))
        beside = Document((), Metadata(voices=voices), "heard", codes=taxonomy.tags, kept=whole)
        return [*notes, beside]
    if notes and taxonomy:
        notes[0] = replace(notes[0], codes=_used(taxonomy, passages))
    return notes


def _contents(text: str, name: str) -> Mapping[str, Any]:
    try:
        contents = plain_yaml.load(text)
    except plain_yaml.NotPlain as error:
        raise BadInput(f"{name} cannot be read{error.where}: {error.problem}. Export the folder again.") from error
    if not isinstance(contents, dict) or contents.get("format") != 1:
        raise BadInput(f"{name} was written by another version of Heard. Update Heard, or export the folder again.")
    return contents


def _split(text: str) -> tuple[dict[str, str], str]:
    """What stands before a note as texts, and the text behind it."""
    front, body = frontmatter.split(text)
    try:
        said = plain_yaml.load(front)
    except plain_yaml.NotPlain:
        said = {}
    about = {name: squeezed(str(value)) for name, value in said.items()} if isinstance(said, dict) else {}
    return {name: value for name, value in about.items() if value}, body.lstrip("\n").replace("\t", " ")


def _voices(people: Rows) -> Iterator[Voice]:
    for row in people:
        if (called := squeezed(row.get("participant", ""))) and (case := row.get(folder.CASE, "")):
            facts = {name: squeezed(row.get(name, "")) for name in ("segment", "account", "role")}
            yield Voice(called, case=case, **facts)


def _note(
    about: Mapping[str, str],
    body: str,
    passages: Mapping[str, Rows],
    marks: Mapping[str, Rows],
    voices: Sequence[Voice],
    studies: Mapping[tuple[str, str], Mapping[str, str]],
) -> Document:
    turns = (replace(one, heading=shortened(one.heading), text=squeezed(one.text)) for one in notation.read(body))
    said = [turn for turn in turns if turn.text]
    words = cache(lambda: Words(blocks_of(said, {})))
    selected: dict[int, list[Selection]] = {}
    lost: list[Unplaced] = []
    for row in passages.get(about["note"], ()):
        tags, taken_off = (tuple(map(squeezed, from_cell(row.get(name, "")))) for name in ("tags", "tags taken off"))
        found = _placed(said, row, words)
        for part in found:
            id_ = row.get("passage", "")
            selected.setdefault(part.block, []).append(Selection(id_, part.start, part.end, tags, taken_off))
        if not found:
            lost.append(Unplaced(row.get("words", ""), tags, "its words are not in its note any more"))
    there = {turn.speaker for turn in said}
    team, study = about.get("team", ""), about.get("study", "")
    metadata = Metadata(
        title=about.get("title", ""), date=as_date(about.get("date")), team=team, study=study,
        voices=tuple(voice for voice in voices if voice.label in there),
    )  # fmt: skip
    known = studies.get((team, study), {})
    return Document(
        blocks_of(said, selected), metadata, "heard", row=about["note"], unplaced=tuple(lost), settled=True,
        facts={name: known[name] for name in FACTS if known.get(name)}, id=about["note"],
        origins={"keywords": about["keywords"]} if "keywords" in about else {},
        marks=tuple(_marks(said, marks.get(about["note"], ()))),
    )  # fmt: skip


def _by_note(rows: Rows) -> dict[str, list[Mapping[str, str]]]:
    found: dict[str, list[Mapping[str, str]]] = {}
    for row in rows:
        found.setdefault(row.get("note", ""), []).append(row)
    return found


def _marks(said: Sequence[Said], rows: Rows) -> Iterator[Marked]:
    for row in rows:
        kind, at = row.get("kind", ""), _stretch(row)
        sure = re.fullmatch(r"[01](?:\.\d{1,20})?", row.get("score", ""))
        if at and sure and kind in KINDS:
            for part in [*parts(said, *at)][:1]:
                yield Marked(part.block, part.start, part.end, kind, float(sure[0]))


def _stretch(row: Mapping[str, str]) -> tuple[int, int] | None:
    start, end = row.get("start", ""), row.get("end", "")
    return (int(start), int(end)) if start.isdecimal() and end.isdecimal() and len(start + end) < 20 else None


def _placed(said: Sequence[Said], row: Mapping[str, str], words: Callable[[], Words]) -> list[Part]:
    """Where a passage stands: at the places that the row has, where its words are there, else where they are now."""
    wanted = row.get("words", "")
    if at := _stretch(row):
        found = list(parts(said, *at))
        if " ".join(said[one.block].text[one.start : one.end] for one in found).split() == wanted.split():
            return found
    return words().find(wanted)


def _used(taxonomy: Taxonomy, passages: Mapping[str, Rows]) -> tuple[Tag, ...]:
    """The tags that people put on passages, as the taxonomy explains them."""
    used = {tag for rows in passages.values() for row in rows for tag in from_cell(row.get("tags", ""))}
    return tuple(tag for tag in taxonomy.tags if tag.name in used)

"""What Heard handed out, read back as it was: turns, passages, who said what, and the study."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ingest.coded.codes import tags_of
from ingest.coded.placing import Part
from ingest.coded.project import Project, Selected, Text
from ingest.models import Block, Document, Metadata, Selection, Voice
from ingest.readers.dates import as_date
from research.exchange import notation
from research.exchange.guids import case_guid
from research.exchange.notation import Said
from research.exchange.refi import FACTS, TAKEN_OFF
from research.keys import label_hash
from research.store import audit, participants
from research.store.library import INTERVIEWER
from research.store.new import Person
from research.taxonomy import Tag

if TYPE_CHECKING:
    from sqlalchemy import Connection


def handed_out(found: Project) -> list[Document]:
    """A document for each note of a QDA project."""
    tags = tags_of(found.codes)
    voices = [
        Voice(
            case.name, segment=case.facts.get("Segment", ""), account=case.facts.get("Account", ""),
            role=case.facts.get("Role", ""), case=case.id,
        )
        for case in found.cases
    ]  # fmt: skip
    facts = {source: _facts(description) for description, sources in found.sets for source in sources}
    codes = tuple(dict.fromkeys(tags.values()))
    return [
        _document(text, tags, voices, facts.get(text.id, {}), codes if number == 0 else ())
        for number, text in enumerate(found.texts)
    ] or [Document((), Metadata(title="codes"), "codebook", codes=codes)]


@dataclass(frozen=True, slots=True)
class Come:
    """The participants of what Heard handed out, by the GUID of their case, and those of them whom the
    repository has forgotten, by label hash."""

    people: Mapping[str, Person]
    forgotten: frozenset[str]


def coming(connection: Connection, documents: Sequence[Document], key: bytes) -> Come:
    """Who is who in documents that Heard handed out: somebody whom this repository knows, or knew, by the key that only
    it has; else somebody new, who keeps their number where nobody has it."""
    voices = {voice.case: voice for document in documents for voice in document.metadata.voices if voice.case}
    ours = participants.numbers(connection) if voices else {}
    mine = {case_guid(key, participants.pseudonym(number)): number for number in ours}
    people: dict[str, Person] = {}
    gone: set[str] = set()
    for case, voice in voices.items():
        number = mine.get(case, 0)
        label = ours.get(number) or label_hash(key, "case", case)
        said = re.fullmatch(r"P-(\d{4,9})", voice.label)
        wanted = number or (int(said[1]) if said else 0)
        people[case] = Person(label, voice.segment, voice.account, voice.role, wanted=wanted, own=bool(number))
        if number and audit.says(connection, "forgotten", participants.pseudonym(number)):
            gone.add(label)
    return Come(people, frozenset(gone))


def parts(said: Sequence[Said], start: int, end: int) -> Iterator[Part]:
    """What stands from one place to another in a text that was `notation.written`, a part a turn."""
    for n, turn in enumerate(said):
        first, last = turn.offset(max(start, turn.at)), turn.offset(max(end, turn.at))
        if start < turn.place(len(turn.text)) and turn.at < end and first < last:
            yield Part(n, first, last)


def blocks_of(said: Sequence[Said], selected: Mapping[int, Sequence[Selection]]) -> tuple[Block, ...]:
    """Turns as blocks, with what was selected of each by its number."""
    return tuple(
        Block(
            turn.text, turn.speaker, "interviewer" if turn.speaker == INTERVIEWER else "participant", turn.heading,
            turn.start_s, turn.end_s, tuple(selected.get(n, ())),
        )
        for n, turn in enumerate(said)
    )  # fmt: skip


def _document(
    text: Text, tags: Mapping[str, Tag], voices: Sequence[Voice], facts: Mapping[str, str], codes: tuple[Tag, ...]
) -> Document:
    said = notation.read(text.text)
    selected: dict[int, list[Selection]] = {}
    for one in text.selected:
        names = tuple(dict.fromkeys(tags[code].name for code in one.codes if code in tags))
        for part in parts(said, one.start, one.end):
            selection = Selection(one.id, part.start, part.end, names, _taken_off(one))
            selected.setdefault(part.block, []).append(selection)
    blocks = blocks_of(said, selected)
    labels = {turn.speaker for turn in said}
    metadata = Metadata(
        title=text.name, date=as_date(text.facts.get("Date")), team=facts.get("team", ""), study=facts.get("study", ""),
        voices=tuple(voice for voice in voices if voice.label in labels),
    )  # fmt: skip
    known = {name: facts[name] for name in FACTS if name in facts}
    return Document(blocks, metadata, "qdpx", row=text.id, codes=codes, settled=True, facts=known)


def _taken_off(one: Selected) -> tuple[str, ...]:
    first, *rest = one.comment.split("\n")
    return tuple(rest) if first == TAKEN_OFF else ()


def _facts(description: str) -> dict[str, str]:
    """What is said of a study, a line a fact; further lines go on with the last."""
    found: dict[str, str] = {}
    last = ""
    for line in description.split("\n"):
        name, colon, said = line.partition(": ")
        if colon and name in ("team", "study", *FACTS) and name not in found:
            found[name] = said
            last = name
        elif last:
            found[last] += f"\n{line}"
    return found

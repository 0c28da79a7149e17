"""Selections of a document that the repository holds already: their tags go on its passages."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from ingest.coded.placing import Part, Words
from ingest.models import Block, Document, Outcome, Selection, Unplaced
from research.exchange.guids import guid
from research.exchange.refi import source_guid
from research.models import Note, NoteSummary, Passage

if TYPE_CHECKING:
    from research.repository import Repository


class Notes:
    """The notes that a repository has, to find the one that a document is about, `without` those of its own source."""

    def __init__(self, repo: Repository, without: Collection[str] = ()) -> None:
        self._repo, self._without = repo, frozenset(without)
        self._of_team: dict[str, list[NoteSummary]] = {}
        self._by_id: dict[str, dict[str, str]] = {}

    def about(self, document: Document, team: str, study: str) -> str:
        """The id of the team's note that Heard handed out as this document, or that a list of quotes is from; "" where
        there is none."""
        if document.id or document.format == "qdpx":
            if team not in self._by_id:
                ids = {note.id for note in self._of(team)} - self._without
                self._by_id[team] = {known: id_ for id_ in ids for known in (id_, source_guid(id_))}
            return self._by_id[team].get(document.id or document.row, "")
        return self._quoted(document, team, study) if document.about else ""

    def _of(self, team: str) -> list[NoteSummary]:
        if team not in self._of_team:
            self._of_team[team] = self._repo.notes(team=team)
        return self._of_team[team]

    def _quoted(self, document: Document, team: str, study: str) -> str:
        """The note that has the name of the document, or of its file; else the one of the study that has most of the
        quotes, and half of them."""
        wanted = _bare(document.about)
        named = [note.id for note in self._of(team) if wanted in (_bare(note.title), _bare(note.source))]
        if len(named) == 1:
            return named[0]
        best, most = "", len(document.blocks) / 2
        for note in self._repo.notes(team=team, study=study):
            words = Words([Block(self._repo.note(note.id).text)])
            if (found := sum(bool(words.find(block.text)) for block in document.blocks)) >= most:
                best, most = note.id, found + 0.5
        return best


@dataclass(frozen=True, slots=True)
class Attached:
    """What selections of a document come to on a note that is there: tags to put on and to take off, (passage id, tag)
    each, and how many selections found their place."""

    put_on: tuple[tuple[str, str], ...]
    take_off: tuple[tuple[str, str], ...]
    placed: int
    lost: tuple[Unplaced, ...]


def attached(blocks: Sequence[Block], note: Note) -> Attached:
    """The tags of what was selected, on the passages of a note in which these words stand; nothing is stored."""
    words = cache(lambda: Words([Block(note.text)]))
    by_id = {id_: passage for passage in note.passages for id_ in (passage.id, guid("passage", passage.id))}
    put_on: dict[tuple[str, str], None] = {}
    take_off: dict[tuple[str, str], None] = {}
    lost: list[Unplaced] = []
    placed = 0
    for id_, parts in _selections(blocks).items():
        tags, taken_off = parts[0][1].tags, parts[0][1].taken_off
        if not tags and not taken_off:
            continue
        said = " ".join(block.text[one.start : one.end] for block, one in parts)
        passages = [by_id[id_]] if id_ in by_id else []
        passages = passages or [passage for part in words().find(said) for passage in _within(part, note)]
        if not passages:
            lost.append(Unplaced(said, tags, f"its words are not among what customers said in “{note.summary.title}”"))
        placed += bool(passages)
        for passage in passages:
            there = {one.tag: one.source for one in passage.tags}
            put_on |= {(passage.id, tag): None for tag in tags if there.get(tag) != "person"}
            take_off |= {(passage.id, tag): None for tag in taken_off if tag in there}
    return Attached(tuple(put_on), tuple(take_off), placed, tuple(lost))


def attach(blocks: Sequence[Block], note_id: str, repo: Repository, path: str) -> Outcome:
    """Put the tags of what was selected on the passages of a note, and take off what was taken off."""
    note = repo.note(note_id)
    done = attached(blocks, note)
    for passage, tag in done.put_on:
        repo.tag(passage, tag)
    for passage, tag in done.take_off:
        repo.untag(passage, tag)
    return Outcome(
        path, note.summary.title, "updated" if done.put_on or done.take_off else "unchanged", note_id,
        len(note.passages), selections=done.placed, unplaced=done.lost,
    )  # fmt: skip


def _selections(blocks: Sequence[Block]) -> dict[str, list[tuple[Block, Selection]]]:
    """The parts of each selection with their blocks."""
    found: dict[str, list[tuple[Block, Selection]]] = {}
    for block in blocks:
        for one in block.selections:
            found.setdefault(one.id, []).append((block, one))
    return found


def _within(part: Part, note: Note) -> list[Passage]:
    """The passages of which a stretch has half, or which have half of it."""

    def shared(passage: Passage) -> int:
        return min(part.end, passage.end) - max(part.start, passage.start)

    return [
        passage
        for passage in note.passages
        if shared(passage) > 0 and 2 * shared(passage) >= min(part.end - part.start, passage.end - passage.start)
    ]


def _bare(name: str) -> str:
    return PurePosixPath(name.replace("\\", "/")).stem.casefold().strip()

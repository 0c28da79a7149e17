"""Selections of a document that the repository holds already: their tags go on its passages."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from ingest.coded.placing import Part, Words
from ingest.models import Block, Document, Outcome, Selection, Unplaced
from research.exchange.guids import guid
from research.exchange.refi import source_guid
from research.models import Note, Passage

if TYPE_CHECKING:
    from research.repository import Repository


def note_about(document: Document, team: str, study: str, repo: Repository) -> str:
    """The id of the note that a list of quotes is from: the one of a team that has the document's name, or its file's,
    else the one of the study that has most of the quotes, and half of them; "" where there is none."""
    if document.format == "qdpx":
        handed_out = (note.id for note in repo.notes(team=team) if source_guid(note.id) == document.row)
        return next(handed_out, "")
    if not document.about:
        return ""
    wanted = _bare(document.about)
    named = [note.id for note in repo.notes(team=team) if wanted in (_bare(note.title), _bare(note.source))]
    if len(named) == 1:
        return named[0]
    best, most = "", len(document.blocks) / 2
    for note in repo.notes(team=team, study=study):
        words = Words([Block(repo.note(note.id).text)])
        if (found := sum(bool(words.find(block.text)) for block in document.blocks)) >= most:
            best, most = note.id, found + 0.5
    return best


def attach(blocks: Sequence[Block], note_id: str, repo: Repository, path: str) -> Outcome:
    """Put the tags of what was selected on the passages of a note in which these words stand, and take off what was
    taken off."""
    note = repo.note(note_id)
    words = Words([Block(note.text)])
    by_guid = {guid("passage", passage.id): passage for passage in note.passages}
    placed, changed = 0, False
    lost: list[Unplaced] = []
    for id_, parts in _selections(blocks).items():
        tags, taken_off = parts[0][1].tags, parts[0][1].taken_off
        if not tags and not taken_off:
            continue
        said = " ".join(block.text[one.start : one.end] for block, one in parts)
        passages = [by_guid[id_]] if id_ in by_guid else []
        passages = passages or [passage for part in words.find(said) for passage in _within(part, note)]
        if not passages:
            lost.append(Unplaced(said, tags, f"its words are not among what customers said in “{note.summary.title}”"))
            continue
        placed += 1
        for passage in passages:
            there = {one.tag: one.source for one in passage.tags}
            for tag in tags:
                if there.get(tag) != "person":
                    repo.tag(passage.id, tag)
                    changed = True
            for tag in taken_off:
                if tag in there:
                    repo.untag(passage.id, tag)
                    changed = True
    return Outcome(
        path, note.summary.title, "updated" if changed else "unchanged", note_id, len(note.passages),
        selections=placed, unplaced=tuple(lost),
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

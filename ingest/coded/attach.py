"""Selections of a document that the repository holds already: their tags go on its passages."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from ingest.coded.placing import Part, Words
from ingest.models import Block, Document, Outcome, Unplaced
from research.models import Note, Passage

if TYPE_CHECKING:
    from research.repository import Repository


def note_about(document: Document, team: str, study: str, repo: Repository) -> str:
    """The id of the note that a list of quotes is from: the one of a team that has the document's name, or its file's,
    else the one of the study that has most of the quotes, and half of them; "" where there is none."""
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
    """Put the tags of what was selected, a block each, on the passages of a note in which these words stand."""
    note = repo.note(note_id)
    words = Words([Block(note.text)])
    placed, changed = 0, False
    lost: list[Unplaced] = []
    for block in blocks:
        tags = tuple(dict.fromkeys(tag for one in block.selections for tag in one.tags))
        passages = [passage for part in words.find(block.text) for passage in _within(part, note)]
        if not passages:
            lost.append(
                Unplaced(block.text, tags, f"its words are not among what customers said in “{note.summary.title}”")
            )
            continue
        placed += 1
        for passage in passages:
            said = {one.tag for one in passage.tags if one.source == "person"}
            for tag in tags:
                if tag not in said:
                    repo.tag(passage.id, tag)
                    changed = True
    return Outcome(
        path, note.summary.title, "updated" if changed else "unchanged", note_id, len(note.passages),
        selections=placed, unplaced=tuple(lost),
    )  # fmt: skip


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

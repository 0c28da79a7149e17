"""Erasing a person, and notes that are kept no longer, from SQL and from every file; each with a line in the audit."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from research.phrases import count
from research.register import Register
from research.search_index import SearchIndex
from research.store import erasure, identities, library, participants
from research.store.database import writing


@dataclass(frozen=True, slots=True)
class Receipt:
    """What was erased of somebody, without saying whose or what: notes of theirs alone, notes that others spoke in too,
    passages, and places where somebody had said or written their name."""

    pseudonym: str
    at: datetime
    notes_deleted: int
    notes_cut: int
    passages: int
    names_replaced: int


def forget(register: Register, index: SearchIndex, pseudonym: str) -> Receipt:
    """Take somebody out of SQL, and then of every file. Raises NotFound."""
    with index.writer(f"Forgetting {pseudonym}"):
        with writing(register.engine).begin() as connection:
            id_ = register.id_of(connection, pseudonym)
            whose = participants.pseudonym(id_)
            sealed = identities.sealed(connection, [id_]).get(id_)
            names = [register.sealer().open(sealed).name] if sealed else []
            done = erasure.erase(connection, id_, names, whose)
            receipt = Receipt(
                whose, register.reader.now(), done.notes_deleted, done.notes_cut, done.passages, done.names_replaced
            )
            register.write_down(connection, "forgotten", id_, _told(receipt))
        index.purge()
    return receipt


def erase_overdue(register: Register, index: SearchIndex, only: Collection[str] | None) -> int:
    """Take the notes that their studies keep no longer out of SQL, and then of every file; how many they were. With
    `only` no others than these, by id."""
    with index.writer("Erasing what is kept no longer"):
        with writing(register.engine).begin() as connection:
            overdue = library.overdue(connection, register.sight(connection))
            due = [note.id for note in overdue if only is None or note.id in only]
            for id_ in due:
                erasure.erase_note(connection, id_)
            if due:
                detail = f"{count(len(due), 'note')} of studies that keep them no longer"
                register.write_down(connection, "kept no longer", detail=detail)
        if due:
            index.purge()
    return len(due)


def _told(receipt: Receipt) -> str:
    return (
        f"notes deleted: {receipt.notes_deleted}, cut: {receipt.notes_cut}; passages: {receipt.passages}; "
        f"mentions replaced: {receipt.names_replaced}"
    )

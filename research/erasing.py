"""Erasing from SQL: a person, and notes that are kept no longer; each with a line in the audit."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from research.register import Register
from research.store import erasure, identities, participants
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


def erase_person(register: Register, pseudonym: str) -> Receipt:
    """Take somebody out of SQL; `Repository.forget` does so everywhere. Raises NotFound."""
    with writing(register.engine).begin() as connection:
        id_ = participants.id_of(connection, pseudonym)
        whose = participants.pseudonym(id_)
        sealed = identities.sealed(connection, [id_]).get(id_)
        names = [register.sealer().open(sealed).name] if sealed else []
        done = erasure.erase(connection, id_, names, whose)
        receipt = Receipt(whose, register.now(), done.notes_deleted, done.notes_cut, done.passages, done.names_replaced)
        register.write_down(connection, "forgotten", id_, _told(receipt))
    return receipt


def erase_notes(register: Register, note_ids: Sequence[str]) -> int:
    """Take notes out of SQL because they are kept no longer; `Repository.erase_overdue` does so everywhere."""
    with writing(register.engine).begin() as connection:
        for id_ in note_ids:
            erasure.erase_note(connection, id_)
        if note_ids:
            many = f"{len(note_ids)} note{'s' if len(note_ids) > 1 else ''}"
            register.write_down(connection, "kept no longer", detail=f"{many} of studies that keep them no longer")
    return len(note_ids)


def _told(receipt: Receipt) -> str:
    return (
        f"notes deleted: {receipt.notes_deleted}, cut: {receipt.notes_cut}; passages: {receipt.passages}; "
        f"mentions replaced: {receipt.names_replaced}"
    )

"""What a repository that Heard handed out knows besides its notes: put in with them, as far as it is not there yet."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from ingest.models import Outcome
from ingest.redacting import called_among
from ingest.redaction import called_here
from ingest.settling import Prepared
from research.phrases import count
from research.store import sheets
from research.store.sheets import Rows

if TYPE_CHECKING:
    from sqlalchemy import Connection

TITLE = "What people made of the notes"


def beside(prepared: Sequence[Prepared], reserved: Mapping[str, str]) -> Beside | None:
    """What is among prepared documents besides notes, with everybody called as they are here; `reserved` are pseudonyms
    by label hash."""
    found = next((one for one in prepared if one.document.kept), None)
    if found is None or found.document.kept is None:
        return None
    called, here = called_among(prepared, reserved)
    rows = {
        name: [{column: called_here(cell, called, here=here) for column, cell in row.items()} for row in sheet]
        for name, sheet in found.document.kept.sheets.items()
    }
    return Beside(rows, {reserved[who.person.label_hash]: who.person.label_hash for who in found.who.values()})


class Beside:
    """Tables of another repository, or of this one, on their way in, and what came of them; `labels` are the label
    hashes of their participants by pseudonym."""

    def __init__(self, rows: Mapping[str, Rows], labels: Mapping[str, str]) -> None:
        self._rows, self._labels = rows, labels
        self._done: list[sheets.Put] = []

    def before(self, connection: Connection) -> None:
        """Put in what has to be known before the notes are there."""
        self._done = [sheets.put_first(connection, self._rows, self._labels)]

    def after(self, connection: Connection) -> None:
        """Put in the rest."""
        self._done.append(sheets.put_rest(connection, self._rows, self._labels))

    def outcome(self, path: str) -> Outcome:
        """What came of them."""
        rows = {name: many for done in self._done for name, many in done.rows.items() if many}
        there = {name: many for done in self._done for name, many in done.left_out.items() if many}
        left_out = tuple(f"{name} ({count(many, 'row')}): this repository has its own" for name, many in there.items())
        return Outcome(path, TITLE, "added" if rows else "unchanged", brought=told(rows), left_out=left_out)


def told(rows: Mapping[str, int]) -> tuple[str, ...]:
    """How many rows of each table, in phrases."""
    return tuple(f"{name}: {many:,}" for name, many in rows.items() if many)

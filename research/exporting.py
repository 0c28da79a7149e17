"""What goes out of a repository to be worked on elsewhere, as far as whoever asks may read it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from research.errors import NotFound
from research.exchange import folder, refi
from research.exchange.folder import Table
from research.exchange.guids import case_guid
from research.models import NoteSummary
from research.phrases import listed
from research.store import assignments, sheets
from research.store.index_state import rows_of

if TYPE_CHECKING:
    from research.repository import Repository


def qda_project(repo: Repository, chosen: Sequence[NoteSummary]) -> bytes:
    """Notes as a REFI-QDA project that is named after their studies. Raises NotFound where there are none."""
    _some(chosen)
    notes = [repo.note(one.id) for one in chosen]
    of = {one.study_id for one in chosen}
    studies = [study for study in repo.studies() if study.id in of]
    with repo.engine.connect() as connection:
        taken_off = assignments.taken_off(connection, [one.id for one in chosen])
    key = repo.key
    return refi.project(
        listed([study.title for study in studies]), notes, studies, repo.taxonomy, taken_off,
        lambda pseudonym: case_guid(key, pseudonym), repo.now(),
    )  # fmt: skip


def as_files(repo: Repository, chosen: Sequence[NoteSummary], *, whole: bool) -> dict[str, bytes]:
    """Name -> content of the files of a folder with notes and what is known of them, or with all that the repository
    knows but who works with it, who is behind a pseudonym, and what may not be shown today. Raises NotFound where there
    are no notes."""
    _some(chosen)
    every = (repo.note(one.id) for one in sorted(chosen, key=_in_order))
    notes = [note for note in every if note.turns]  # without those of whom nothing may be shown today
    shown = [passage.id for note in notes for passage in note.passages]
    with repo.engine.connect() as connection:
        taken_off = assignments.taken_off(connection, [one.id for one in chosen])
        passages = {row: id_ for id_, row in rows_of(connection, shown).items()}
        only = sheets.ALL if whole else (sheets.STUDIES, sheets.PEOPLE)
        rows = sheets.out_of(connection, repo.sight(connection), passages, only)
    tables = {sheet.name: Table(sheet.headings, tuple(rows[sheet.name])) for sheet in only}
    if not whole:
        studies: set[tuple[str, ...]] = {(one.team, one.study) for one in chosen}
        tables["studies"] = _kept(tables["studies"], studies, "team", "study")
        heard: set[tuple[str, ...]] = {(person.pseudonym,) for one in chosen for person in one.participants}
        tables["participants"] = _kept(tables["participants"], heard, "participant")
    tables["participants"] = _with_cases(tables["participants"], repo.key)
    return folder.files(notes, repo.taxonomy, taken_off, tables, repo.now(), whole=whole)


def _some(chosen: Sequence[NoteSummary]) -> None:
    if not chosen:
        raise NotFound("There are no such notes to hand out. Choose another team, study or time.")


def _in_order(note: NoteSummary) -> tuple[str, ...]:
    return note.team, note.study, str(note.date or ""), note.title, note.id


def _kept(table: Table, wanted: set[tuple[str, ...]], *columns: str) -> Table:
    places = [table.columns.index(column) for column in columns]
    return Table(table.columns, tuple(row for row in table.rows if tuple(row[at] for at in places) in wanted))


def _with_cases(people: Table, key: bytes) -> Table:
    """Participants with what they are known by if they come back."""
    at = people.columns.index("participant")
    return Table((*people.columns, folder.CASE), tuple((*row, case_guid(key, row[at])) for row in people.rows))

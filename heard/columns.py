"""What the columns of a spreadsheet or the variables of a project mean, as a command is told."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Any

import click

from heard.command import options
from research.errors import BadInput

if TYPE_CHECKING:
    from ingest.models import TableMapping
    from research.repository import Repository

# As `columns` and `mapping_name`.
column_options = options(
    click.option("--column", "columns", multiple=True, metavar="MEANING=COLUMN",
                 help="What a spreadsheet's column or a project's variable means: text=\"Your answer\", "
                 "participant=ID, segment=\"Customer type\"; segment= leaves it out. May be repeated. "
                 "Meanings: text (several allowed), title, participant, segment, account, role, team, study, date, "
                 "tags; question and participants (several) for a row per question and a column per participant."),
    click.option("--mapping", "mapping_name", default="", help="Use the columns that were remembered under this name."),
)  # fmt: skip


def mapping_of(repo: Repository, columns: tuple[str, ...], name: str) -> TableMapping | None:
    """What the options say of columns and variables, or what is remembered of them. Raises BadInput where the two are
    given at once, nothing is remembered under that name, or a column stands for nothing."""
    from ingest.models import NO_COLUMN, TableMapping, remembered

    if columns and name:
        raise BadInput("Give --column or --mapping, not both.")
    if name:
        known = repo.mappings()
        if name not in known:
            there = ", ".join(known) or "none yet"
            raise BadInput(f"No columns are remembered as “{name}” (remembered: {there}). Give them with --column.")
        return remembered(known[name])
    if not columns:
        return None
    meanings = {field.name for field in dataclasses.fields(TableMapping)}
    chosen: dict[str, Any] = {"text": (), "participants": ()}
    for given in columns:
        meaning, equals, column = given.partition("=")
        required = meaning in ("text", "question", "participants")
        if not equals or meaning not in meanings or (required and not column):
            raise BadInput(f"--column {given} is not MEANING=COLUMN; meanings are {', '.join(sorted(meanings))}.")
        several = meaning in ("text", "participants")
        chosen[meaning] = (*chosen[meaning], column) if several else column or NO_COLUMN
    return TableMapping(**chosen)

"""A repository that any released Heard left behind keeps all its data, is brought up to date and found in."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import Boolean, Date, DateTime, Float, Integer, MetaData, Table, create_engine

from research.repository import Repository
from research.store import database

CONFIG = Config()
CONFIG.set_main_option("script_location", str(Path(database.__file__).parent / "migrations"))
RELEASED = sorted(script.revision for script in ScriptDirectory.from_config(CONFIG).walk_revisions())

TEXTS = (
    "Importing the patient list took us four days, and nobody told us which row was wrong.",
    "We share one login, since paying per seat for a morning a week is silly.",
    "The reminders stopped on Friday and nobody noticed until patients did not show up.",
)
DROPPED = {"theme_event": {"detail"}}  # columns that a later version does without on purpose
# What a column has to hold, where any invented value would not do: it points at something, or is read by rules.
SAID: dict[str, Any] = {
    "note.text": lambda n: TEXTS[n], "passage.text": lambda n: TEXTS[n], "passage.start": lambda n: 0,
    "passage.end": lambda n: len(TEXTS[n]), "turn.start": lambda n: 0, "turn.end": lambda n: len(TEXTS[n]),
    "turn.ordinal": lambda n: 0, "passage.context": lambda n: "And then?", "passage.state": lambda n: 0,
    "participant.pseudonym": lambda n: f"P-{n + 1:04d}", "participant.mark": lambda n: "", "participant.hidden_from": lambda n: None,
    "study.keep_days": lambda n: 300 + n, "passage_tag.source": lambda n: "person", "passage_tag.removed": lambda n: False,
    "note.origins": lambda n: {}, "note.redactions": lambda n: [], "mapping.columns": lambda n: {"text": ["Answer"]},
    "insight.kind": lambda n: "problem", "insight.decided": lambda n: "", "evidence.sign": lambda n: "for",
    "theme.phrases": lambda n: [["word", 1]], "theme.into": lambda n: [], "theme.parent": lambda n: "", "theme.ended": lambda n: None,
    "theme_event.others": lambda n: [], "consent.withdrawn": lambda n: None, "consent.expires": lambda n: None,
    "different.other": lambda n: (n + 1) % 3 + 1, "theme_apart.other": lambda n: (n + 1) % 3 + 1,
    "gone.passage_row": lambda n: 900 + n, "gone.passage_id": lambda n: f"vanished{n}", "setting.key": lambda n: f"invented{n}",
    "member.role": lambda n: "viewer", "study.closed": lambda n: False,
}  # fmt: skip


def invented(table: Table, n: int) -> dict[str, Any]:
    """The n-th row of a table, with something in every column."""
    row: dict[str, Any] = {}
    for column in table.columns:
        name = f"{table.name}.{column.name}"
        (key,) = column.foreign_keys or (None,)
        if name in SAID:
            row[column.name] = SAID[name](n)
        elif key is not None:
            row[column.name] = invented(key.column.table, n)[key.column.name]
        elif isinstance(column.type, Boolean):
            row[column.name] = True
        elif isinstance(column.type, Integer):
            row[column.name] = n + 1
        elif isinstance(column.type, Float):
            row[column.name] = 0.5
        elif isinstance(column.type, DateTime):
            row[column.name] = datetime(2026, 3, 1 + n, 9)
        elif isinstance(column.type, Date):
            row[column.name] = date(2026, 2, 1 + n)
        else:
            row[column.name] = f"{column.name} {n}"
    return row


def filled(path: Path, version: str) -> dict[str, list[dict[str, Any]]]:
    """A database as a version left it, with three invented rows in every table; what stands in it."""
    engine = create_engine(f"sqlite:///{path}")
    with engine.begin() as connection:
        CONFIG.attributes["connection"] = connection
        command.upgrade(CONFIG, version)
    tables = MetaData()
    tables.reflect(engine)
    mine = [table for table in tables.sorted_tables if not table.name.startswith(("passage_fts", "alembic"))]
    with engine.begin() as connection:
        for table in mine:
            connection.execute(table.insert(), [invented(table, n) for n in range(3)])
    engine.dispose()
    return {table.name: rows(path, table.name) for table in mine}


def rows(path: Path, table: str) -> list[dict[str, Any]]:
    with closing(sqlite3.connect(path)) as connection:
        connection.row_factory = sqlite3.Row
        return [dict(row) for row in connection.execute(f'SELECT * FROM "{table}"')]


@pytest.mark.parametrize("version", RELEASED)
def test_nothing_is_lost_on_the_way_here(tmp_path: Path, open_repo: Callable[..., Repository], version: str) -> None:
    home = tmp_path / "home"
    home.mkdir()
    before = filled(home / "heard.db", version)
    assert all(len(held) == 3 for held in before.values())
    repo = open_repo(home)
    for table, held in before.items():
        if table == "gone":  # what the indexes of that version still held: they are made anew
            continue
        now = rows(home / "heard.db", table)
        kept = {column for row in now for column in row} - {"state", "stamp"}
        assert len(now) >= len(held), table
        for row in held:
            same = {column: value for column, value in row.items() if column in kept}
            assert any(all(one[column] == value for column, value in same.items()) for one in now), (table, same)
            assert set(row) - set(now[0]) <= DROPPED.get(table, set()), table
    assert [finding for finding in repo.doctor(repair=True) if not finding.ok] == []
    assert [finding for finding in repo.doctor() if not finding.ok] == []
    for n, text in enumerate(TEXTS):
        hit = repo.search(text)[0]
        assert (hit.text, hit.participant, hit.note_id) == (text, f"P-{n + 1:04d}", f"id {n}")
        assert f"tag {n}" in hit.tags
    assert len(repo.studies()) == 3


def test_a_version_is_tried_for_every_migration_there_is() -> None:
    files = list((Path(database.__file__).parent / "migrations" / "versions").glob("0*.py"))
    assert len(RELEASED) == len(files) > 9

"""What people said, who they are and the repository's key are in no log, also when something fails halfway."""

from __future__ import annotations

import logging
import subprocess
import sys
import traceback
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.exc import DatabaseError

import ingest
from research.config import Settings
from research.identity import Identity
from research.repository import Repository

KEY = "c2VjcmV0LWtleS1vZi10aGUtcmVwb3NpdG9yeS0wMDE="
NAME = "Ngozi Quillfeather"
WORDS = "The zeppelin export eats our Tuesdays"
NOTE = f"---\nparticipant: {NAME}\naccount: Northwind\n---\nInterviewer: And?\n\n{NAME}: {WORDS}, every single week.\n"
SECRETS = (KEY, NAME, "Quillfeather", "zeppelin", "ngozi@example.com")


def spoil(engine: Engine, table: str) -> None:
    """Let every insert into a table fail."""
    with engine.begin() as connection:
        connection.execute(
            text(f"CREATE TRIGGER spoiled BEFORE INSERT ON {table} BEGIN SELECT RAISE(ABORT, 'no'); END")
        )


def none_of(said: str) -> None:
    for secret in SECRETS:
        assert secret.casefold() not in said.casefold(), secret


Put = Callable[..., list[ingest.Outcome]]


def test_at_the_most_talkative_no_library_logs_words_or_names(
    repo: Repository, put: Put, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    with caplog.at_level(logging.DEBUG):
        put(repo, {"talk.md": NOTE})
        repo.people.identify("P-0001", Identity(NAME, "ngozi@example.com", "", ""))
        assert repo.search("zeppelin export")
        assert repo.people.identity("P-0001").name == NAME
        assert repo.doctor()
        repo.members.put("lea@example.com", role="viewer")
        token = repo.tokens.add("lea@example.com", name="assistant")
        assert repo.tokens.member(token)
        assert not repo.tokens.member(f"{token}x")
    said = caplog.text + "".join(capfd.readouterr())
    none_of(said)
    assert token not in said


@pytest.mark.parametrize("table", ["passage", "note", "participant", "identity"])
def test_an_error_in_sql_says_nothing_of_what_was_to_be_stored(
    table: str, repo: Repository, put: Put, caplog: pytest.LogCaptureFixture
) -> None:
    spoil(repo.engine, table)
    said = ""
    try:
        outcomes = put(repo, {"talk.md": NOTE})
        said = " ".join(one.error or "" for one in outcomes)
        repo.people.identify("P-0001", Identity(NAME, "ngozi@example.com", "", ""))
    except Exception:
        said += traceback.format_exc()
    assert said
    none_of(said)
    none_of(caplog.text)


def test_a_failing_statement_hides_its_parameters(repo: Repository) -> None:
    spoil(repo.engine, "setting")
    with repo.engine.connect() as connection, pytest.raises(DatabaseError) as raised:
        connection.execute(text("INSERT INTO nowhere VALUES (:words)"), {"words": WORDS})
    none_of(str(raised.value))


@pytest.mark.model
@pytest.mark.xdist_group("model")
def test_a_command_that_breaks_down_prints_no_secret(tmp_path: Path) -> None:
    """The whole command, with the key in its environment, on a repository whose table is gone halfway."""
    home, file = tmp_path / "home", tmp_path / "talk.md"
    file.write_text(NOTE, encoding="utf-8")
    repo_of = {"PATH": "/usr/bin:/bin", "HOME": str(tmp_path), "HEARD_HOME": str(home), "HEARD_KEY": KEY}

    def heard(*words: str) -> str:
        done = subprocess.run(
            [sys.executable, "-m", "heard", *words], capture_output=True, text=True, check=False, env=repo_of,
            cwd=Path(__file__).parent.parent,
        )  # fmt: skip
        return done.stdout + done.stderr

    assert "1 added" in heard("ingest", str(file), "--team", "Growth", "--study", "Talks")
    import sqlite3

    (database,) = home.glob("*.db")
    with sqlite3.connect(database) as connection:
        connection.execute("CREATE TRIGGER spoiled BEFORE INSERT ON passage BEGIN SELECT RAISE(ABORT, 'no'); END")
    connection.close()
    file.write_text(NOTE + f"\n{NAME}: {WORDS} again, and {WORDS} for ever.\n", encoding="utf-8")
    for words in (("ingest", str(file), "--team", "Growth", "--study", "Talks"), ("status",), ("doctor",)):
        none_of(heard(*words).replace(str(file), ""))


def test_settings_do_not_show_the_key() -> None:
    none_of(repr(Settings.from_env({"HEARD_KEY": KEY}, "/nowhere")))

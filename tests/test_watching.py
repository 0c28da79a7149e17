"""What those who look after Heard see of it: events without content, numbers, and whether people can work."""

from __future__ import annotations

import json
import logging
import os
import socket
import subprocess
import sys
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import servers
from filelock import FileLock
from repository_support import WordEmbedder, heard

from heard import logs, metrics
from research import health
from research.config import Settings, Watching
from research.errors import BadInput
from research.repository import Repository
from research.restore import restore
from research.store.database import writing

Put = Callable[..., object]

# Words that stand in notes, questions, names, studies and paths of this test, and nowhere in the code.
MARKED = ("zeppelin", "quillfeather", "fernhollow", "marzipan", "tungsten")
NOTE = """---
title: A call with Ottoline Quillfeather
---
Interviewer: What is slow?

Ottoline Quillfeather: The zeppelin export, and the one at Fernhollow. Write to ottoline@fernhollow.example.
"""


class Lines(logging.Handler):
    """Keeps what would be written of every record there is, down to the finest, in both forms."""

    def __init__(self) -> None:
        super().__init__(logging.NOTSET)
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.lines += [logs.Line(as_json).format(record) for as_json in (True, False)]

    def events(self, name: str) -> list[dict[str, object]]:
        told = [json.loads(line) for line in self.lines if line.startswith("{")]
        return [one for one in told if one["event"] == name]


@pytest.fixture
def logged() -> Iterator[Lines]:
    root, lines = logging.getLogger(), Lines()
    before = root.level
    root.addHandler(lines)
    root.setLevel(logging.DEBUG)
    yield lines
    root.removeHandler(lines)
    root.setLevel(before)


def test_the_log_tells_what_happened_in_numbers_and_never_what_was_said(
    repo: Repository, put: Put, logged: Lines
) -> None:
    put(repo, {"marzipan.md": NOTE, "broken.vtt": "tungsten"}, team="Growth", study="Zeppelin study")
    assert repo.search("what about the zeppelin", study="Zeppelin study")
    repo.voices("the zeppelin at fernhollow")
    repo.check(["Is the zeppelin export slow?"])
    repo.brief()
    repo.forget(repo.people.all()[0].pseudonym)
    assert not [line for line in logged.lines for word in MARKED if word in line.lower()]
    (ingested,) = logged.events("ingest")
    assert (ingested["added"], ingested["failed"], ingested["passages"]) == (1, 1, 1)
    assert {"search", "check", "brief", "erasure"} <= {one["event"] for one in map(json.loads, logged.lines[::2])}
    assert logged.events("search")[0]["hits"] == 1


def test_an_event_that_ended_in_an_error_says_which(repo: Repository, logged: Lines) -> None:
    with pytest.raises(BadInput):
        repo.search("export after:tungsten-day")
    assert logged.events("search")[0]["error"] == "BadInput"
    assert not [line for line in logged.lines if "tungsten" in line]


def test_a_new_database_tells_of_its_migration(
    on: Callable[[Path], Settings], tmp_path: Path, open_repo: Callable[..., Repository], logged: Lines
) -> None:
    if address := on(tmp_path / "home").servers.database:
        servers.empty(address)
    repo = open_repo()
    (told,) = logged.events("migration")
    assert (told["since"], told["to"]) == ("", repo.health().schema)


@pytest.mark.embedded
def test_a_backup_and_putting_it_back_are_told_in_numbers(
    sample_repo: Repository, tmp_path: Path, embedder: WordEmbedder, logged: Lines
) -> None:
    sample_repo.backup(tmp_path / "marzipan.heard")
    restore(tmp_path / "marzipan.heard", Settings(tmp_path / "other"), embedder=embedder)
    assert [logged.events(name)[0]["notes"] for name in ("backup", "restore")] == [5, 5]
    assert not [line for line in logged.lines if "marzipan" in line]


OUTBURST = """
import logging, sys, threading, warnings
chatty = logging.getLogger("chatty.library")
chatty.propagate = False
chatty.addHandler(logging.StreamHandler())
from heard import logs
logs.write(sys.argv[1])
late = logging.getLogger("late.library")
late.propagate = False
late.addHandler(logging.StreamHandler())
def fail():
    raise ValueError("tungsten")
for logger in (chatty, late):
    try:
        fail()
    except ValueError as error:
        logger.exception("could not read %s", "tungsten")
    logger.info("tungsten")
    logger.warning("tungsten %s", "tungsten")
warnings.warn("tungsten")
thread = threading.Thread(target=fail)
thread.start()
thread.join()
import research
research.open(sys.argv[2]).search("before:tungsten")
"""


def outburst(how: str, home: Path) -> list[str]:
    """What a process writes in which everything goes wrong, with marked words in every message."""
    command = [sys.executable, "-c", OUTBURST, how, str(home)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert not done.stdout
    assert "tungsten" not in done.stderr
    return done.stderr.splitlines()


def test_libraries_and_errors_are_told_by_type_and_place_alone(tmp_path: Path) -> None:
    told = [one for one in map(json.loads, outburst("json", tmp_path)) if one["level"] != "info"]
    assert [(one["event"], one.get("logger", ""), one.get("type", "")) for one in told] == [
        ("logged", "chatty.library", "ValueError"),
        ("logged", "chatty.library", ""),
        ("logged", "late.library", "ValueError"),
        ("logged", "late.library", ""),
        ("logged", "py.warnings", ""),
        ("error", "", "ValueError"),
        ("error", "", "BadInput"),
    ]
    assert told[-1]["place"].startswith("research/filters.py:")
    assert told[-2]["place"].endswith(" fail")


def test_without_a_log_errors_are_told_still(tmp_path: Path) -> None:
    lines = outburst("off", tmp_path)
    assert len(lines) == 4
    assert all(" error " in line for line in lines)


def test_the_command_writes_the_log_where_it_is_asked_to(tmp_path: Path) -> None:
    (tmp_path / "marzipan.md").write_text(NOTE)
    known = {name: value for name, value in os.environ.items() if not name.startswith("HEARD_")}
    command = [
        sys.executable,
        "-m",
        "heard",
        "redaction",
        str(tmp_path / "marzipan.md"),
        "--home",
        str(tmp_path / "home"),
    ]
    quiet = subprocess.run(command, capture_output=True, text=True, check=True, env=known)
    assert not quiet.stderr
    told = subprocess.run([*command[:-1], str(tmp_path / "other")], capture_output=True, text=True, check=True,
                          env={**known, "HEARD_LOG": "json"})  # fmt: skip
    assert [json.loads(line)["event"] for line in told.stderr.splitlines()] == ["migration"]


# -- settings ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("env", "watching"),
    [
        ({}, Watching("off", None)),
        ({"HEARD_LOG": "json", "HEARD_METRICS": "9464"}, Watching("json", ("127.0.0.1", 9464))),
        ({"HEARD_METRICS": "0.0.0.0:9464"}, Watching("off", ("0.0.0.0", 9464))),
        ({"HEARD_METRICS": "[::1]:9464"}, Watching("off", ("::1", 9464))),
    ],
)
def test_what_is_seen_is_set_by_two_variables(env: dict[str, str], watching: Watching) -> None:
    assert Settings.from_env(env).watching == watching


@pytest.mark.parametrize("env", [{"HEARD_LOG": "loud"}, {"HEARD_METRICS": "yes"}, {"HEARD_METRICS": "localhost:99999"}])
def test_a_setting_that_is_none_is_refused(env: dict[str, str]) -> None:
    with pytest.raises(BadInput, match=next(iter(env))):
        Settings.from_env(env)


# -- numbers -----------------------------------------------------------------------------------------------------------


@pytest.fixture
def free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


@pytest.mark.usefixtures("logged")  # so that events are told at all
def test_prometheus_finds_how_often_and_how_long(repo: Repository, put: Put, free_port: int) -> None:
    stop = metrics.serve(("127.0.0.1", free_port), repo.health)
    try:
        put(repo, {"a.txt": "P1: The export is slow."})
        repo.search("export")
        repo.search("import")
        with urllib.request.urlopen(f"http://127.0.0.1:{free_port}/metrics") as answer:
            found = dict(line.rsplit(" ", 1) for line in answer.read().decode().splitlines() if line[:1] != "#")
    finally:
        stop()
    assert found['heard_event_seconds_count{event="search"}'] == "2.0"
    assert found['heard_notes_total{status="added"}'] == "1.0"
    assert (found["heard_ok"], found["heard_pending_passages"]) == ("1.0", "0.0")
    assert "process_resident_memory_bytes" in found


# -- health ------------------------------------------------------------------------------------------------------------


def test_a_repository_in_order_says_so_and_ends_with_0(repo: Repository, put: Put) -> None:
    put(repo, {"a.txt": "P1: The export is slow."})
    answer = heard(repo.home, "status", "--json")
    told = json.loads(answer.stdout)
    assert (answer.exit_code, told["ok"], told["problems"], told["warnings"]) == (1, False, told["problems"], {})
    assert list(told["problems"]) == ["model"]  # the command has another model than this test
    healthy = repo.health()
    assert healthy.ok
    assert healthy.schema == told["schema"]
    assert healthy.generation > 0
    assert healthy.last_added == repo.now()
    assert (healthy.disk_free is None) == bool(repo.settings.servers.database), "servers watch over their own disks"


@pytest.mark.embedded
def test_a_damaged_database_is_a_problem_and_ends_with_1(repo: Repository) -> None:
    repo.close()
    for file in repo.home.glob("heard.db*"):
        file.unlink()
    (repo.home / "heard.db").write_bytes(b"not a database, whatever it is called" * 100)
    answer = heard(repo.home, "status", "--json")
    told = json.loads(answer.stdout)
    assert (answer.exit_code, told["ok"], list(told["problems"])) == (1, False, ["repository"])


def test_a_database_that_goes_away_while_it_is_open_is_a_problem(repo: Repository) -> None:
    with writing(repo.engine).begin() as connection:
        connection.exec_driver_sql("ALTER TABLE setting RENAME TO gone_away")
    assert list(repo.health().problems) == ["database"]
    with writing(repo.engine).begin() as connection:
        connection.exec_driver_sql("ALTER TABLE gone_away RENAME TO setting")
    assert repo.health().ok


@pytest.mark.embedded
def test_little_room_on_the_disk_is_a_warning_and_then_a_problem(
    repo: Repository, monkeypatch: pytest.MonkeyPatch
) -> None:
    free = repo.health().disk_free
    assert free
    monkeypatch.setattr(health, "_EASY", free * 2)
    assert (repo.health().ok, list(repo.health().warnings)) == (True, ["disk"])
    monkeypatch.setattr(health, "_LEAST", free * 2)
    assert (list(repo.health().problems), repo.health().warnings) == (["disk"], {})


def test_who_writes_is_told(repo: Repository) -> None:
    assert not repo.health().writer
    with repo.index.writer("An ingest"):
        assert repo.health().writer.startswith(f"An ingest (process {os.getpid()}")
    assert not repo.health().writer


@pytest.mark.embedded
def test_who_was_killed_while_writing_is_not_told(repo: Repository) -> None:
    (repo.home / "write.lock.json").write_text(json.dumps({"what": "An ingest", "pid": 1, "since": "09:30"}))
    assert not repo.health().writer
    with FileLock(repo.home / "write.lock"):
        assert "since 09:30" in repo.health().writer


def test_what_waits_and_nobody_works_at_is_a_warning(repo: Repository, put: Put) -> None:
    put(repo, {"a.txt": "P1: The export is slow."})
    with writing(repo.engine).begin() as connection:
        connection.exec_driver_sql("UPDATE passage SET state = 7")
    assert list(repo.health().warnings) == ["index"]
    with repo.index.writer("An ingest"):
        assert not repo.health().warnings
    assert repo.health().ok

"""Several who write and several who read one repository at the same time, each a process of its own, as in a company."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path

import pytest

import research

pytestmark = pytest.mark.model

EACH = 5  # notes in a folder

# Like the app: opens the repository once and asks for everything again and again. A note is there whole or not at all.
READER = """
import json, sys, time
from pathlib import Path
import research
home, stop = sys.argv[1], Path(sys.argv[2])
repo = research.open(home)
rounds, most = 0, 0
while not stop.exists():
    notes = repo.notes()
    wrong = [note.title for note in notes if note.passages != 2 or len(repo.note(note.id).passages) != 2]
    hits = repo.search("which harbour was closed in the morning", limit=50, per_person=None)
    known = {note.id for note in repo.notes()}
    wrong += [hit.id for hit in hits if hit.note_id not in known]
    wrong += [] if len(notes) >= most else ["a note that was there is gone"]
    wrong += [] if hits or hits.notice or not notes else ["nothing is found, and nothing says why"]
    assert not wrong, wrong
    most, rounds = len(notes), rounds + 1
    time.sleep(0.02)
print(json.dumps({"rounds": rounds, "notes": most}))
"""


def folder(path: Path, *names: str) -> Path:
    """Notes of two passages each; every note has a word that no other has."""
    path.mkdir()
    for name in names:
        for number in range(EACH):
            text = (
                f"Interviewer: What went wrong?\n\nP{number}: The harbour {name}{number} was closed in the morning, and "
                f"nobody had told the drivers.\n\nInterviewer: And then?\n\nP{number}: We waited at gate {name}{number} "
                "until somebody came with the papers.\n"
            )
            (path / f"{name}{number}.txt").write_text(text)
    return path


def test_nobody_who_reads_or_writes_disturbs_another(tmp_path: Path) -> None:
    home, stop = tmp_path / "home", tmp_path / "stop"
    env = {name: value for name, value in os.environ.items() if not name.startswith("HEARD_")}
    left, right = folder(tmp_path / "left", "amber"), folder(tmp_path / "right", "birch")
    both, last = folder(tmp_path / "both", "cedar"), folder(tmp_path / "last", "dahlia")
    runs = {"one": (left, both), "two": (right,), "three": (both, last)}

    with ExitStack() as open_files:

        def start(name: str, *command: str) -> subprocess.Popen[bytes]:
            written = [open_files.enter_context((tmp_path / f"{name}.{kind}").open("wb")) for kind in ("out", "err")]
            return subprocess.Popen([sys.executable, *command], stdout=written[0], stderr=written[1], env=env)

        def told(name: str) -> str:
            return (tmp_path / f"{name}.err").read_text()

        repo = research.open(home)
        with repo.index.writer("The first of all"):  # until every other has begun to wait
            beside = {"reader": start("reader", "-c", READER, str(home), str(stop))}
            ingests = {
                name: start(name, "-m", "heard", "ingest", *map(str, paths), "--team", "Growth", "--study", "Harbours",
                            "--json", "--home", str(home))
                for name, paths in runs.items()
            }  # fmt: skip
            _until(lambda: all("Waiting for it to finish." in told(name) for name in runs))
        for name in runs:
            assert f"The first of all (process {os.getpid()}, since " in told(name)
        beside |= {words: start(words, "-m", "heard", words, "--home", str(home)) for words in ("brief", "themes")}
        for one in ingests.values():
            one.wait(120)
        stop.touch()
        for name, one in {**ingests, **beside}.items():
            assert one.wait(60) == 0, told(name)

    statuses = Counter(
        (outcome["path"].rpartition("/")[2], outcome["status"])
        for name in runs
        for outcome in map(json.loads, (tmp_path / f"{name}.out").read_text().splitlines())
    )
    names = [f"{name}{number}.txt" for name in ("amber", "birch", "cedar", "dahlia") for number in range(EACH)]
    assert {name: statuses[name, "added"] for name in names} == dict.fromkeys(names, 1)
    assert {name: statuses[name, "unchanged"] for name in names if "cedar" in name} == dict.fromkeys(
        (name for name in names if "cedar" in name), 1
    )
    read = json.loads((tmp_path / "reader.out").read_text())
    assert read["rounds"] > 3
    assert sorted(note.title for note in repo.notes()) == sorted(name.removesuffix(".txt") for name in names)
    assert repo.status().passages == 2 * len(names)
    assert [finding.message for finding in repo.doctor() if not finding.ok] == []
    for name in names:  # each is found by its own word, and once
        found = repo.search(f'"gate {name.removesuffix(".txt")}"', per_person=None)
        assert [hit.note_title for hit in found] == [name.removesuffix(".txt")]
    repo.close()


def _until(true: Callable[[], bool], seconds: float = 60) -> None:
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end
        time.sleep(0.05)

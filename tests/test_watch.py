"""`heard watch`: what is dropped into a folder goes in once it has stopped growing."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from repository_support import NOTES

from ingest.watching import settled
from research.errors import BadInput
from research.repository import Repository

MARTA = NOTES["Growth", "Onboarding Q3"]["marta.md"]


@contextmanager
def watched(folder: Path, seconds: float = 0.4) -> Iterator[list[str]]:
    """The names of the files that have settled so far, in a list that grows."""
    stop, found = threading.Event(), list[str]()

    def run() -> None:
        for files in settled(folder, seconds, stop):
            found.extend(sorted(path.name for path in files))

    thread = threading.Thread(target=run)
    thread.start()
    try:
        yield found
    finally:
        stop.set()
        thread.join(10)


def until(holds: Callable[[], object], seconds: float = 15) -> None:
    end = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < end, "it did not come to that"
        time.sleep(0.05)


def test_what_is_there_and_what_comes_is_given_once(tmp_path: Path) -> None:
    (tmp_path / "there.md").write_text("P1: It is slow.")
    with watched(tmp_path) as found:
        until(lambda: found == ["there.md"])
        (tmp_path / "new.md").write_text("P1: It is slow.")
        until(lambda: found == ["there.md", "new.md"])
        time.sleep(1)
        assert found == ["there.md", "new.md"]
        (tmp_path / "there.md").write_text("P1: It is very slow.")
        until(lambda: found == ["there.md", "new.md", "there.md"])


def test_a_file_that_still_grows_is_waited_for(tmp_path: Path) -> None:
    with watched(tmp_path, seconds=0.8) as found, (tmp_path / "call.txt").open("w") as file:
        for _ in range(8):
            file.write("P1: and on and on.\n")
            file.flush()
            time.sleep(0.25)
            assert found == []
        until(lambda: found == ["call.txt"])


def test_a_folder_that_is_moved_here_is_looked_into(tmp_path: Path) -> None:
    (tmp_path / "elsewhere" / "calls").mkdir(parents=True)
    (tmp_path / "elsewhere" / "calls" / "one.md").write_text("P1: It is slow.")
    (tmp_path / "here").mkdir()
    with watched(tmp_path / "here") as found:
        time.sleep(0.5)
        (tmp_path / "elsewhere" / "calls").rename(tmp_path / "here" / "calls")
        until(lambda: found == ["one.md"])


def test_a_name_that_goes_again_is_nothing(tmp_path: Path) -> None:
    with watched(tmp_path, seconds=0.6) as found:
        (tmp_path / "call.txt.part").write_text("P1: It is")
        time.sleep(0.3)
        (tmp_path / "call.txt.part").rename(tmp_path / "call.txt")
        until(lambda: found == ["call.txt"])


def test_what_is_no_folder_is_told(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="is no folder"):
        next(settled(tmp_path / "nowhere", 1, threading.Event()))


@pytest.mark.model
def test_the_command_puts_in_what_is_dropped_and_ends_with_a_sentence(
    tmp_path: Path, open_repo: Callable[..., Repository]
) -> None:
    folder, home = tmp_path / "drop", tmp_path / "watched"
    (folder / "Onboarding").mkdir(parents=True)
    command = [
        sys.executable,
        "-m",
        "heard",
        "watch",
        str(folder),
        "--team",
        "Growth",
        "--settle",
        "0.4",
        "--column",
        "text=What hinders you",
        "--home",
        str(home),
    ]
    with (tmp_path / "out.txt").open("w+") as told:
        running = subprocess.Popen(command, stdout=told, stderr=told, env={**os.environ, "PYTHONUNBUFFERED": "1"})
        try:
            (folder / "Onboarding" / "marta.md").write_text(MARTA)
            (folder / "broken.pdf").write_bytes(b"nothing")
            (folder / "weekly.csv").write_text("Nr,What hinders you\n1,The import of our patients takes days.\n")
            until(lambda: sum(map(int, re.findall(r"(\d) added", Path(told.name).read_text()))) == 2, 60)
            until(lambda: "broken.pdf" in Path(told.name).read_text())
        finally:
            running.send_signal(signal.SIGINT)
            assert running.wait(20) == 0
        said = Path(told.name).read_text()
    assert "No longer watching." in said
    assert "drop/broken.pdf" in said
    assert "Traceback" not in said
    formats = {note.format: note.passages for note in open_repo(home).notes()}
    assert formats["csv"] == 1

"""A process that is killed loses nothing: a few points of what `make kills` does at two hundred."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
OPERATIONS = ("ingest", "erasure", "migration", "reindex", "backup", "restore")


@pytest.mark.model
@pytest.mark.parametrize("operation", OPERATIONS)
def test_what_was_reported_done_is_there_and_the_rest_is_finished(operation: str) -> None:
    """In a process of its own, since it forks: nothing may have been opened there before."""
    args = ["--points", "60" if operation in ("backup", "restore") else "16", "--only", operation, "--seed", "5"]
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.kills", *args], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    (line,) = (line for line in done.stdout.splitlines() if line.startswith(f"| {operation} |"))
    cells = [cell.strip() for cell in line.strip("|").split("|")]
    assert (int(cells[1]), cells[-1]) == (3 if operation in ("backup", "restore") else 4, "0")

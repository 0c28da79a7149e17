"""A process that is killed loses nothing: a few points of what `make kills` does at two hundred."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent


@pytest.mark.model
@pytest.mark.parametrize(
    ("operations", "points", "of_each"),
    [
        (("ingest", "erasure"), 8, 2),
        (("migration", "reindex"), 8, 2),
        (("backup", "restore"), 40, 2),
    ],
    ids=["ingest and erasure", "migration and reindex", "backup and restore"],
)
def test_what_was_reported_done_is_there_and_the_rest_is_finished(
    operations: tuple[str, ...], points: int, of_each: int
) -> None:
    """In a process of its own, since it forks: nothing may have been opened there before."""
    args = ["--points", str(points), "--seed", "5", *(arg for one in operations for arg in ("--only", one))]
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.kills", *args], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    for operation in operations:
        (line,) = (line for line in done.stdout.splitlines() if line.startswith(f"| {operation} |"))
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        assert (int(cells[1]), cells[-1]) == (of_each, "0")

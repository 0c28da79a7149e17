"""The app as a process of its own, as `heard serve` starts it."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).parents[2]


@contextmanager
def serving(home: Path) -> Iterator[str]:
    """The app on the repository in home/heard, at a free port; what it says is in home/log.txt."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    env = {name: value for name, value in os.environ.items() if not name.startswith("HEARD_")}
    with (home / "log.txt").open("wb") as log:
        app = subprocess.Popen(
            [sys.executable, "-m", "streamlit", "run", "streamlit_app.py", "--server.port", str(port)],
            cwd=ROOT, env={**env, "HEARD_HOME": str(home / "heard")}, stdout=log, stderr=log,
        )  # fmt: skip
        try:
            _wait(f"http://127.0.0.1:{port}/_stcore/health", home / "log.txt")
            yield f"http://127.0.0.1:{port}"
        finally:
            app.terminate()
            app.wait(20)


def _wait(url: str, log: Path) -> None:
    for _ in range(150):
        try:
            with urllib.request.urlopen(url, timeout=1):
                return
        except OSError:
            time.sleep(0.2)
    raise AssertionError(log.read_text(errors="replace"))

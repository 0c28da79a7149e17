"""`heard serve`: whoever stops it stops the app."""

from __future__ import annotations

import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable
from pathlib import Path

import pytest

from heard.serve import free


def until(holds: Callable[[], bool], seconds: float) -> bool:
    end = time.monotonic() + seconds
    while not (held := holds()) and time.monotonic() < end:
        time.sleep(0.1)
    return held


@pytest.mark.embedded
@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGINT])
def test_a_stopped_command_leaves_no_app_behind(how: signal.Signals, tmp_path: Path) -> None:
    with socket.socket() as some:
        some.bind(("127.0.0.1", 0))
        port = some.getsockname()[1]
    command = [sys.executable, "-m", "heard", "serve", "--port", str(port), "--home", str(tmp_path / "home")]
    with (tmp_path / "log.txt").open("w") as log:
        running = subprocess.Popen(command, stdout=log, stderr=log)
        try:
            assert until(lambda: _answers(port), 60), (tmp_path / "log.txt").read_text()
            running.send_signal(how)
            running.wait(20)
            assert until(lambda: free(port), 10)
        finally:
            running.kill()


def _answers(port: int) -> bool:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=2):
            return True
    except OSError:
        return False

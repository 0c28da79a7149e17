"""Nothing leaves the machine: every connection that a process asks the kernel for, whatever library it comes from."""

from __future__ import annotations

import asyncio
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest
from websockets.asyncio.client import connect
from websockets.exceptions import InvalidStatus
from websockets.typing import Origin

from benchmarks.visitor import Visitor

ROOT = Path(__file__).parents[1]
STRACE = shutil.which("strace")

pytestmark = [
    pytest.mark.model,
    pytest.mark.skipif(STRACE is None, reason="no strace found, which watches what processes ask the kernel for"),
]

NOTE = "Interviewer: What was slow?\n\nP1: Importing the patient list. Mail me at someone@example.com, or see https://example.com.\n"
ALONE = ("127.0.0.1", "::1")
ENV = {name: value for name, value in os.environ.items() if not name.startswith(("HEARD_", "ANONYMIZED"))}


def watched(log: Path, *command: str) -> list[str]:
    """The command, with every address that it or a child connects or sends to written to a log."""
    return [str(STRACE), "-f", "--seccomp-bpf", "-e", "trace=connect,sendto,sendmsg,sendmmsg", "-o", str(log), *command]


def elsewhere(log: Path) -> list[str]:
    """What was sent or connected to an address of another machine."""
    lines = log.read_text(errors="replace").splitlines()
    sent = [line for line in lines if re.search(r"AF_INET6?\b", line)]
    return [line for line in sent if not any(f'"{address}"' in line for address in ALONE)]


def heard(log: Path, home: Path, *words: str) -> None:
    command = watched(log, sys.executable, "-m", "heard", *words, "--home", str(home))
    subprocess.run(command, check=True, capture_output=True, env=ENV, cwd=ROOT)


def test_this_watch_sees_who_calls_elsewhere(tmp_path: Path) -> None:
    call = "import socket; socket.socket(socket.AF_INET, socket.SOCK_DGRAM).connect(('192.0.2.1', 9))"
    subprocess.run(watched(tmp_path / "log", sys.executable, "-c", call), check=False)
    assert len(elsewhere(tmp_path / "log")) == 1


def test_the_command_calls_nobody(tmp_path: Path) -> None:
    home, log = tmp_path / "home", tmp_path / "log"
    (tmp_path / "marta.md").write_text(NOTE)
    heard(log, home, "ingest", str(tmp_path / "marta.md"), "--team", "Growth", "--study", "S")
    assert not elsewhere(log)
    for words in (("search", "why is setting up slow?"), ("brief",), ("status",), ("doctor",)):
        heard(log, home, *words)
        assert not elsewhere(log), words


def test_the_app_calls_nobody_also_where_others_can_reach_it_and_a_page_of_elsewhere_tries_to(tmp_path: Path) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    log, address = tmp_path / "log", f"http://127.0.0.1:{port}"
    command = [sys.executable, "-m", "heard", "serve", "--port", str(port), "--home", str(tmp_path / "home")]
    command += ["--host", "0.0.0.0"]
    env = ENV | {"HEARD_WITHOUT_SIGN_IN": "yes"}
    app = subprocess.Popen(watched(log, *command), env=env, cwd=ROOT, stdout=subprocess.DEVNULL, start_new_session=True)
    try:
        _wait(f"{address}/healthz")
        asyncio.run(_visit(address))
        asyncio.run(_try_from_elsewhere(port))
    finally:
        os.killpg(app.pid, signal.SIGINT)
        app.wait(60)
    assert "AF_INET" in log.read_text()  # `heard serve` looks whether the app answers
    assert not elsewhere(log)


def test_a_server_for_programs_and_assistants_calls_nobody(tmp_path: Path) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    home, log, address = tmp_path / "home", tmp_path / "log", f"http://127.0.0.1:{port}"
    (tmp_path / "marta.md").write_text(NOTE)
    heard(log, home, "ingest", str(tmp_path / "marta.md"), "--team", "Growth", "--study", "S")
    heard(log, home, "members", "add", "lea@example.com")
    made = [sys.executable, "-m", "heard", "token", "add", "lea@example.com", "--name", "x", "--home", str(home)]
    token = subprocess.run(made, check=True, capture_output=True, text=True, env=ENV, cwd=ROOT).stdout.strip()
    command = [sys.executable, "-m", "heard", "api", "--port", str(port), "--home", str(home)]
    server = subprocess.Popen(
        watched(log, *command), env=ENV, cwd=ROOT, stdout=subprocess.DEVNULL, start_new_session=True
    )
    try:
        _wait(f"{address}/docs")
        call = {"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": {"name": "brief", "arguments": {}}}
        for path, body in (("/v1/search?q=slow", None), ("/v1/themes", None), ("/mcp", json.dumps(call).encode())):
            kinds = {"Content-Type": "application/json", "Accept": "application/json, text/event-stream"}
            asks = urllib.request.Request(address + path, body, {"Authorization": f"Bearer {token}", **kinds})
            with urllib.request.urlopen(asks, timeout=60) as answer:
                assert answer.status == 200
    finally:
        os.killpg(server.pid, signal.SIGINT)
        server.wait(60)
    assert "AF_INET" in log.read_text()  # `heard api` looks whether its port is free
    assert not elsewhere(log)


async def _visit(address: str) -> None:
    """Put a note in on the upload page, find it, and look at the pages."""
    visitor = Visitor(address)
    await visitor.open("upload", {})
    await visitor.say("Team", "Growth")
    await visitor.say("Study", "S")
    await visitor.hand_over("marta.md", NOTE.encode())
    await visitor.say("Put 1 note in")
    await visitor.until("1 note is in.")
    assert "patient list" in (await visitor.open("", {"q": "why is setting up slow?"})).html
    for page in (
        "library",
        "voices",
        "themes",
        "brief",
        "insights",
        "people",
        "silos",
        "check",
        "tags",
        "rules",
        "status",
    ):
        await visitor.open(page, {})
    await visitor.close()


async def _try_from_elsewhere(port: int) -> None:
    """What a page of another site would do to read along, which is refused."""
    with pytest.raises(InvalidStatus) as refused:
        await connect(f"ws://127.0.0.1:{port}/_stcore/stream", origin=Origin("https://elsewhere.example"))
    assert refused.value.response.status_code == 403


def _wait(url: str) -> None:
    for _ in range(300):
        try:
            with urllib.request.urlopen(url, timeout=5):
                return
        except OSError:
            time.sleep(0.2)
    raise AssertionError("The app does not answer.")

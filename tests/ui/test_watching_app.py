"""The app as a load balancer and Prometheus see it."""

from __future__ import annotations

import json
import time
import urllib.error
import urllib.request
from pathlib import Path

from browsing import free_port, running


def ask(address: str) -> tuple[int, str]:
    """Status and body of what an address answers."""
    try:
        with urllib.request.urlopen(address, timeout=20) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.read().decode()


def test_the_app_says_whether_it_is_well_and_nothing_else(tmp_path: Path) -> None:
    port = free_port()
    with running(tmp_path, HEARD_LOG="json", HEARD_METRICS=str(port)) as address:
        assert ask(f"{address}/healthz") == (200, '{"ok":true}')
        assert "heard_ok 1.0" in ask(f"http://127.0.0.1:{port}/metrics")[1]
        for file in (tmp_path / "heard").glob("heard.db*"):
            file.write_bytes(b"gone" * 4096)
        time.sleep(2.1)  # for so long an answer holds
        assert ask(f"{address}/healthz") == (503, '{"ok":false}')
        assert "heard_ok 0.0" in ask(f"http://127.0.0.1:{port}/metrics")[1]
    told = [json.loads(line) for line in (tmp_path / "log.txt").read_text().splitlines() if line.startswith("{")]
    assert [one["event"] for one in told] == ["app started", "migration", "not well", "app stopped"]
    assert told[2]["problems"] == "database"


def test_whoever_can_reach_the_app_finds_no_number_of_it_there(tmp_path: Path) -> None:
    with running(tmp_path, "--server.address", "0.0.0.0", HEARD_METRICS=str(free_port())) as address:
        assert ask(f"{address}/healthz") == (200, '{"ok":true}')
        for path in ("metrics", "healthz/metrics", "healthz?all=yes"):
            assert "heard_" not in ask(f"{address}/{path}")[1]


def test_an_app_that_cannot_open_its_repository_says_so(tmp_path: Path) -> None:
    (tmp_path / "heard").mkdir()
    (tmp_path / "heard" / "heard.db").write_bytes(b"not a database" * 1000)
    with running(tmp_path) as address:
        assert ask(f"{address}/healthz") == (503, '{"ok":false}')
        assert ask(f"{address}/_stcore/health")[0] == 200  # the server answers all the same

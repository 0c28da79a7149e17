"""A real browser on the app: the marks of such tests, and the way notes go in."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page

ROOT = Path(__file__).parents[2]
CHROMIUM = os.environ.get("CHROMIUM") or next(
    filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None
)
QUIET = ("--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update")

MARKS = [
    pytest.mark.browser,
    pytest.mark.model,
    pytest.mark.xdist_group("browser"),  # one after the other: each starts an app and a browser
    pytest.mark.skipif(CHROMIUM is None, reason="no chromium, chromium-browser or google-chrome found; set CHROMIUM"),
]


def free_port() -> int:
    """A port of this machine that nothing listens at."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


@contextmanager
def running(folder: Path, *options: str, port: int = 0, **env: str) -> Iterator[str]:
    """The app on the repository folder/heard, started in `folder`, where its secrets are; its address."""
    port = port or free_port()
    known = {name: value for name, value in os.environ.items() if not name.startswith("HEARD_")}
    command = [sys.executable, "-m", "streamlit", "run", str(ROOT / "heard_server.py")]
    with process(
        [*command, "--server.port", str(port), *options], folder, f"http://127.0.0.1:{port}/_stcore/health",
        {**known, "PYTHONPATH": str(ROOT), "HEARD_HOME": str(folder / "heard"), **env},
    ):  # fmt: skip
        yield f"http://127.0.0.1:{port}"


@contextmanager
def process(command: list[str], folder: Path, answers: str, env: dict[str, str] | None = None) -> Iterator[None]:
    """A program that runs in a folder while in the block, from when an address of its answers."""
    with (folder / "log.txt").open("ab") as log:
        started = subprocess.Popen(command, cwd=folder, env=env, stdout=log, stderr=log)
        try:
            _wait(answers, folder / "log.txt")
            yield
        finally:
            started.terminate()
            started.wait(20)


def _wait(url: str, log: Path) -> None:
    for _ in range(150):
        try:
            with urllib.request.urlopen(url, timeout=1):
                return
        except OSError:
            time.sleep(0.2)
    raise AssertionError(log.read_text(errors="replace"))


def choose(page: Page, file: Path, study: str, team: str = "Growth") -> None:
    """Say on the upload page who heard it, and hand a file over."""
    for label, value in (("Team", team), ("Study", study)):
        page.get_by_role("combobox", name=label).fill(value)
        page.keyboard.press("Enter")
        page.wait_for_timeout(500)
    page.set_input_files("input[type=file]", str(file))


def put_in(page: Page, address: str, file: Path, study: str, team: str = "Growth") -> None:
    """Upload a file, whatever is in the repository already."""
    page.goto(f"{address}/upload")
    choose(page, file, study, team)
    page.get_by_role("button", name="Put 1 note in").click()
    page.get_by_text("1 note is in.").wait_for()


def follow(link: Locator) -> None:
    """Click a link in a page once the page is done: while it still changes, what is under a click may be replaced. As
    one event, since a page may begin to change again between a mouse's down and up."""
    link.page.locator("[data-test-script-state=notRunning]").wait_for()
    link.click(trial=True)
    link.evaluate("one => one.click()")

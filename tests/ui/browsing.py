"""A real browser on the app: the marks of such tests, and the way notes go in."""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page

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
    """Click a link in a page once the page is done: while it still changes, what is under a click may be replaced."""
    link.page.locator("[data-test-script-state=notRunning]").wait_for()
    link.click()

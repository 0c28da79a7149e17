"""Hostile text everywhere, in a real browser: nothing of it runs, loads anything, becomes an element, or reaches the log."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from urllib.parse import urlencode

import pytest
from browsing import MARKS, running
from hostile_support import EVIL, addresses, poison

import research

sync_api = pytest.importorskip("playwright.sync_api")
pytestmark = MARKS

# What the hostile text would have made: each of these is nowhere in the app itself.
_INJECTED = """() => [...document.querySelectorAll(
    'img[src="x"], img[onerror], [onload], iframe:not([title^="st."]), a[href^="javascript"], [src*="evil"], [href*="//evil"], .stMain script, .stMain b > b'
)].map((one) => one.outerHTML.slice(0, 200))"""


@dataclass(frozen=True)
class App:
    """The app on a poisoned repository: where it is, each page's address, and its log."""

    url: str
    pages: dict[str, dict[str, str]]
    log: Path


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[App]:
    home = tmp_path_factory.mktemp("hostile")
    with closing(research.open(home / "heard")) as repo:
        at = poison(repo, date.today())
        assert at.theme
    with running(home) as url:
        yield App(url, addresses(at), home / "log.txt")


def test_no_page_runs_or_loads_anything(app: App, browser: sync_api.Browser) -> None:
    page = browser.new_context(viewport={"width": 1280, "height": 900}).new_page()
    page.set_default_timeout(60_000)
    elsewhere: list[str] = []
    page.on(
        "request", lambda one: None if one.url.startswith((app.url, "data:", "blob:")) else elsewhere.append(one.url)
    )
    page.on("dialog", lambda dialog: pytest.fail(dialog.message))
    for name, params in app.pages.items():
        page.goto(f"{app.url}/{'' if name == 'search' else name}?{urlencode(params)}")
        page.locator("[data-test-script-state=notRunning]").wait_for()
        page.wait_for_timeout(500)  # what would load, loads after the page is drawn
        shown = page.locator("[data-testid=stMain]").inner_text()
        assert "encountered an error" not in shown, name
        assert len(shown) > 60, name
        assert page.evaluate("window.hacked") is None, name
        assert page.evaluate(_INJECTED) == [], name
        # A word of three thousand letters makes no page wider than the window.
        assert page.evaluate("document.querySelector('[data-testid=stMain]').scrollWidth") <= 1280, name
    assert elsewhere == []
    assert "Traceback" not in app.log.read_text(errors="replace")


def test_a_file_with_a_hostile_name_is_looked_over_and_put_in(
    app: App, browser: sync_api.Browser, tmp_path: Path
) -> None:
    file = tmp_path / "<img src=x onerror=window.hacked=9> =1+1 :red[x].md"
    file.write_text(
        f"---\ntitle: '=HYPERLINK(1) <img src=x onerror=window.hacked=8>'\n---\nP1: The import failed {EVIL}\n"
    )
    page = browser.new_context().new_page()
    page.set_default_timeout(60_000)
    page.goto(f"{app.url}/upload")
    for label in ("Team", "Study"):
        page.get_by_role("combobox", name=label).fill("Growth <img src=x onerror=window.hacked=7>")
        page.keyboard.press("Enter")
        page.wait_for_timeout(500)
    page.set_input_files("input[type=file]", str(file))
    page.get_by_role("button", name="Put 1 note in").wait_for()
    page.locator("[data-testid=stDataFrame]").hover()
    # The table offers no download: a spreadsheet program would take its cells for formulas.
    assert page.get_by_role("button", name="Download as CSV").count() == 0
    page.get_by_role("button", name="Put 1 note in").click()
    page.get_by_text("1 note is in.").wait_for()
    assert page.evaluate("window.hacked") is None
    assert page.evaluate(_INJECTED) == []

"""Planning in a real browser: themes that people change stay changed, and a brief opens by its address."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest
from browsing import MARKS, follow, put_in

sync_api = pytest.importorskip("playwright.sync_api")
pytestmark = MARKS

IMPORT = (
    "I tried to import the spreadsheet with our patients and every second row was refused",
    "Importing the old patient list took three tries because the columns never matched",
    "Our import of patients made duplicates of every row that was in the list",
    "The patient import wants columns which our old system has never had",
)
REMINDERS = (
    "The text reminders do not reach our older clients, so they miss the appointment",
    "Since we turned on reminders by text, fewer people forget their appointment",
    "A reminder went out for an appointment that was cancelled the day before",
    "Clients answer the reminder text and nobody at the desk sees the answer",
    "The reminder says the wrong time for the appointment when the clocks change",
)
MORE = "After the import half of the patient list was missing and no row said so"


def talk(path: Path, said: tuple[str, ...], first: int) -> Path:
    """A transcript in which everybody says one thing."""
    turns = "\n\n".join(f"P{n}: {text}." for n, text in enumerate(said, start=first))
    path.write_text(f"Interview date: {date.today() - timedelta(days=2)}\n\n{turns}\n", encoding="utf-8")
    return path


def test_a_theme_keeps_what_people_decide_and_the_brief_tells_it(
    address: str, browser: sync_api.Browser, tmp_path: Path
) -> None:
    context = browser.new_context(viewport={"width": 1280, "height": 1000})
    page = context.new_page()
    page.set_default_timeout(60_000)
    put_in(page, address, talk(tmp_path / "planning.txt", (*IMPORT, *REMINDERS), 31), "Planning")

    # A theme is renamed, and another made part of it.
    follow(page.get_by_role("link", name="Themes"))
    follow(page.locator(".hd-theme", has_text="import").locator("a.hd-study").first)
    name = page.get_by_role("textbox", name="Name")
    name.fill("Getting patients in")
    name.press("Enter")
    page.get_by_text("The name is kept.").wait_for()
    theme = page.url
    page.get_by_role("combobox", name="Same as").click()
    page.get_by_role("option").filter(has_text="remind").first.click()
    page.get_by_role("button", name="Make one of both").click()
    page.get_by_role("heading", name="History").wait_for()
    page.wait_for_timeout(1500)

    # More notes come; the name and the merge stay, and the old address opens what the theme went into.
    put_in(page, address, talk(tmp_path / "more.txt", (MORE,), 51), "Planning, again")
    page.goto(f"{address}/themes")
    page.locator(".hd-theme").first.wait_for()
    page.goto(theme)
    page.locator(".hd-member", has_text="remind").first.wait_for()

    # The brief tells it, in the window that its address names, and its quotes open.
    page.goto(f"{address}/brief")
    page.get_by_role("heading", name="In short").wait_for()
    follow(page.get_by_role("link", name="The address of this brief"))
    page.wait_for_url("**/brief?since=*")
    page.get_by_role("heading", name="In short").wait_for()
    again = context.new_page()
    again.set_default_timeout(60_000)
    again.goto(page.url)
    again.get_by_role("heading", name="In short").wait_for()
    sync_api.expect(again.locator(".hd-brief")).to_have_text(
        page.locator(".hd-brief").inner_text(), use_inner_text=True
    )
    page.locator("[data-test-script-state=notRunning]").wait_for()
    with page.expect_download() as download:
        page.get_by_role("button", name="Markdown").click()
    assert "## " in Path(download.value.path()).read_text(encoding="utf-8")
    follow(page.locator(".hd-brief a.cite").first)
    page.locator(".hd-chosen").wait_for()

    # On a phone the brief needs no scrolling sideways.
    again.set_viewport_size({"width": 390, "height": 844})
    again.wait_for_timeout(1000)
    main = "document.querySelector('[data-testid=stMain]')"
    assert again.evaluate(f"{main}.scrollWidth <= {main}.clientWidth")
    context.close()

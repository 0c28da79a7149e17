"""Silos in a real browser: a question is kept, a search is followed, another team hears both, and the digest says so."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest
from browsing import MARKS, follow, put_in

sync_api = pytest.importorskip("playwright.sync_api")
pytestmark = MARKS

OURS = """Interview date: 2026-10-14

Interviewer: What was hard when you set everything up?

P7: Importing the patient list took us four days. The spreadsheet kept failing and nobody told us why.

Interviewer: How do you prepare the monthly numbers?

P7: I export the monthly report to a spreadsheet, fix the numbers there by hand and paste them back.
"""
HEARD = """Interview date: {day}

Interviewer: What do you do where there is no signal?

P1: Where there is no signal I write everything on paper, and type it in at night when I am home.

Interviewer: How do you sign in?

P1: All five of us share one login, since a seat for everybody costs too much.
"""


def test_what_a_team_waits_for_is_in_its_digest(address: str, browser: sync_api.Browser, tmp_path: Path) -> None:
    ours, theirs = tmp_path / "ours.txt", tmp_path / "visit.txt"
    ours.write_text(OURS, encoding="utf-8")
    theirs.write_text(HEARD.format(day=date.today() - timedelta(days=1)), encoding="utf-8")
    context = browser.new_context(viewport={"width": 1280, "height": 1000})
    page = context.new_page()
    page.set_default_timeout(60_000)
    put_in(page, address, ours, "Onboarding")

    # A check leaves a question open; it is kept for the team that one says one reads for.
    page.goto(f"{address}/check?text=What%20do%20people%20do%20where%20there%20is%20no%20signal%3F")
    page.locator(".hd-open").first.wait_for()
    page.get_by_role("combobox", name="You read for").click()
    page.get_by_role("option", name="Growth").click()
    page.get_by_role("button", name="Keep the open question").click()
    page.get_by_text("1 open question kept for Growth.").wait_for()
    page.get_by_text("Still open").wait_for()

    # Nobody said it yet: the search is followed.
    page.goto(f"{address}/?q=sharing+one+login")
    page.get_by_role("button", name="Follow this search").click()
    page.get_by_text("Growth follows this search.").wait_for()

    # Another team hears both.
    put_in(page, address, theirs, "Visits", "Billing")
    page.goto(f"{address}/check")
    page.get_by_text("Partly since").wait_for()
    sync_api.expect(page.get_by_text("Still open")).not_to_be_visible()
    follow(page.get_by_role("link", name="Silos"))
    page.get_by_text("1 person told Billing what touches the work of Growth").wait_for()
    for heading, words in (
        ("You follow: sharing one login", "share one login"),
        ("You want to know: What", "on paper"),
    ):
        page.get_by_role("heading", name=heading).wait_for()
        page.locator(".hd-aside", has_text=words).first.wait_for()
    with page.expect_download() as download:
        page.get_by_role("button", name="Page to mail").click()
    mail = Path(download.value.path()).read_text(encoding="utf-8")
    assert "share one login" in mail

    # What is downloaded and what is opened counts: who reads whom, as a picture with its words.
    silos = page.url
    page.goto(f"{address}/check?text=Why%20do%20people%20share%20one%20login%3F")
    with page.expect_download() as download:
        page.get_by_role("button", name="Markdown").click()
    assert "share one login" in Path(download.value.path()).read_text(encoding="utf-8")
    page.goto(silos)
    follow(page.locator(".hd-aside", has_text="share one login").get_by_role("link", name="open").first)
    page.locator(".hd-chosen").wait_for()
    follow(page.get_by_role("link", name="Silos"))
    page.get_by_text("2 of 2 uses in").wait_for()
    page.locator("[data-testid=stVegaLiteChart] canvas, [data-testid=stVegaLiteChart] svg").first.wait_for()
    page.get_by_text("As a table").first.click()
    page.get_by_role("cell", name="Billing").wait_for()

    # The mail stands by itself, on a small screen too.
    small = browser.new_context(viewport={"width": 390, "height": 844}).new_page()
    small.set_content(mail)
    assert small.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.set_viewport_size({"width": 390, "height": 844})
    main = "document.querySelector('[data-testid=stMain]')"
    page.wait_for_timeout(1000)
    assert page.evaluate(f"{main}.scrollWidth <= {main}.clientWidth")
    context.close()

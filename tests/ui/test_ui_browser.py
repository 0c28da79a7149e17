"""The main job in a real browser: upload, search, open, tag, go back, and send a colleague the link."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from browsing import MARKS, choose, follow, put_in

sync_api = pytest.importorskip("playwright.sync_api")
pytestmark = MARKS

INTERVIEW = (
    """---
title: Setting up at Northwind
date: 2026-10-14
participant: Marta Quillfeather
segment: clinic manager
account: Northwind
---
Interviewer: Tell me about the week you set everything up. What was hard?

Marta: Importing the patient list took us four days. The spreadsheet kept failing and nobody told us why.

"""
    + "".join(
        f"Interviewer: And what about site number {n}?\n\nMarta: Site {n} was calm, people there have time for coffee.\n\n"
        for n in range(60)
    )
    + """Interviewer: How do you prepare the monthly numbers?

Marta: I export the monthly report to a spreadsheet, fix the numbers there by hand and paste them back.
"""
)


def test_the_main_job(address: str, browser: sync_api.Browser, tmp_path: Path) -> None:
    file = tmp_path / "northwind.md"
    file.write_text(INTERVIEW, encoding="utf-8")
    mine = browser.new_context(viewport={"width": 1280, "height": 900})
    page = mine.new_page()
    page.set_default_timeout(60_000)
    elsewhere: list[str] = []
    page.on("request", lambda request: elsewhere.append(request.url) if _leaves(request.url, address) else None)

    # An empty repository says what to do.
    page.goto(address)
    follow(page.get_by_role("link", name="Upload interviews or notes"))

    # Upload: looked over, put in.
    choose(page, file, "Onboarding Q3")
    page.get_by_role("button", name="Put 1 note in").click()
    page.get_by_text("1 note is in.").wait_for()
    sync_api.expect(page.get_by_role("link", name="Setting up at Northwind")).to_be_visible()

    # Search: the words, and who said them; the question stands in the address.
    follow(page.get_by_role("link", name="Search", exact=True))
    box = page.get_by_role("searchbox").or_(page.get_by_role("textbox", name="What do you want to know?")).first
    box.fill("preparing monthly numbers by hand")
    box.press("Enter")
    hit = page.locator(".hd-hit", has_text="I export the monthly report")
    hit.wait_for()
    page.wait_for_url("**/?q=preparing*")
    assert "clinic manager · Northwind" in hit.inner_text()
    sync_api.expect(page.get_by_text("Only one person said this")).to_be_visible()

    # Open: the passage is marked and in view though it stands far down; no reload on the way.
    page.evaluate("window.stillHere = true")
    follow(hit.get_by_role("link", name="open"))
    chosen = page.locator(".hd-chosen")
    chosen.wait_for()
    sync_api.expect(chosen).to_be_in_viewport()
    assert "I export the monthly report" in chosen.inner_text()
    assert page.evaluate("window.stillHere")

    # Tag it in place.
    page.get_by_role("button", name="delight", exact=True).click()
    page.get_by_text("set by a person").wait_for()

    # A colleague opens the link and sees the same.
    shared = page.url
    assert re.search(r"/note\?id=\w+&passage=\w+$", shared)
    other = browser.new_context(viewport={"width": 390, "height": 844}, color_scheme="dark")
    theirs = other.new_page()
    theirs.set_default_timeout(60_000)
    theirs.goto(shared)
    seen = theirs.locator(".hd-chosen")
    seen.wait_for()
    sync_api.expect(seen).to_be_in_viewport()
    assert "I export the monthly report" in seen.inner_text()
    theirs.get_by_text("set by a person").wait_for()
    main = "document.querySelector('[data-testid=stMain]')"
    assert theirs.evaluate(f"{main}.scrollWidth <= {main}.clientWidth")

    # Back is the search as it was.
    page.go_back()
    page.locator(".hd-hit", has_text="I export the monthly report").wait_for()
    assert box.input_value() == "preparing monthly numbers by hand"

    # A filter goes into the address, and the link restores it elsewhere.
    page.get_by_role("button", name="Team").click()
    page.get_by_role("button", name="Growth", exact=True).click()
    page.wait_for_url("**team=Growth*")
    theirs.goto(page.url)
    theirs.locator(".hd-hit", has_text="I export the monthly report").wait_for()
    sync_api.expect(theirs.get_by_role("button", name="Growth")).to_be_visible()

    assert elsewhere == []
    mine.close()
    other.close()


def test_before_you_ask(address: str, browser: sync_api.Browser, tmp_path: Path) -> None:
    """A guide is pasted, judged, opened at a quote, and sent to a colleague as a link and as a file."""
    file = tmp_path / "northwind.md"
    file.write_text(INTERVIEW, encoding="utf-8")
    context = browser.new_context(viewport={"width": 1440, "height": 900})
    page = context.new_page()
    page.set_default_timeout(60_000)
    put_in(page, address, file, "Check")
    page.goto(f"{address}/check")
    box = page.get_by_label("Your list")
    box.fill("# Numbers\n- How do you prepare the monthly numbers?\n- Would you buy a zeppelin?")
    page.get_by_role("button", name="Check").click()
    lines = page.locator(".hd-checked")
    sync_api.expect(lines).to_have_count(2)
    sync_api.expect(lines.nth(0)).to_contain_text("Partly")
    assert "one person alone says so" in lines.nth(0).inner_text()
    assert "Open" in lines.nth(1).inner_text()
    with page.expect_download() as download:
        page.get_by_role("button", name="Markdown").click()
    assert "How do you prepare" in Path(download.value.path()).read_text(encoding="utf-8")
    shared = page.url
    follow(lines.nth(0).get_by_role("link", name="open").first)
    page.locator(".hd-chosen").wait_for()
    page.go_back()
    sync_api.expect(page.locator(".hd-checked")).to_have_count(2)

    small = browser.new_context(viewport={"width": 390, "height": 844}, color_scheme="dark").new_page()
    small.goto(shared)
    small.locator(".hd-checked").first.wait_for(timeout=60_000)
    assert small.evaluate("document.documentElement.scrollWidth <= innerWidth")


def _leaves(url: str, address: str) -> bool:
    return not url.startswith((address, address.replace("http", "ws"), "data:", "blob:"))

"""An insight made from a search result, in a real browser: two clicks link a passage, and the brief tells of it."""

from __future__ import annotations

import io
from datetime import date, timedelta
from pathlib import Path

import pytest
from browsing import MARKS, follow, put_in
from openpyxl import load_workbook

sync_api = pytest.importorskip("playwright.sync_api")
pytestmark = MARKS

CALL = f"""Interview date: {date.today() - timedelta(days=3)}

Interviewer: How do you prepare the monthly numbers?

Ottoline Varga: I export the monthly report to a spreadsheet and repair the dates by hand, every single month.

Interviewer: And you, Ruben?

Ruben Okafor: We never export the report, we print it as it is and everybody signs the paper.
"""
CLAIM = "Clinics repair the monthly report in a spreadsheet."


def test_an_insight_is_made_from_a_search_result(address: str, browser: sync_api.Browser, tmp_path: Path) -> None:
    file = tmp_path / "call.txt"
    file.write_text(CALL)
    context = browser.new_context(viewport={"width": 1280, "height": 1000})
    page = context.new_page()
    page.set_default_timeout(60_000)
    put_in(page, address, file, "Numbers")

    # A passage begins an insight.
    found = f"{address}/?q=export+the+monthly+report"
    page.goto(found)
    follow(page.locator(".hd-hit", has_text="repair the dates").get_by_role("link", name="as evidence"))
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("textbox", name="The claim, in a sentence").fill(CLAIM)
    dialog.get_by_role("button", name="Write it down, with this for it").click()
    page.get_by_text("I-0001 is written down, with this for it.").wait_for()
    dialog.wait_for(state="detached")
    assert "cite=" not in page.url
    assert "q=export" in page.url

    # Another passage is linked in two clicks; a dialog that is closed asks for nothing.
    other = page.locator(".hd-hit", has_text="everybody signs").get_by_role("link", name="as evidence").first
    follow(other)
    page.get_by_role("dialog").get_by_role("button", name="Close").click()
    page.wait_for_url(lambda url: "cite=" not in url)
    follow(other)
    page.get_by_role("dialog").get_by_role("button", name="Against").click()
    page.get_by_text("Linked: it speaks against").wait_for()

    # What was found is taken along.
    page.get_by_role("button", name="Take along").click()
    with page.expect_download() as waiting:
        page.get_by_role("button", name="CSV", exact=True).click()
    assert waiting.value.suggested_filename == "export-the-monthly-report.csv"
    assert "repair the dates" in waiting.value.path().read_text("utf-8-sig")
    page.keyboard.press("Escape")

    # The insight has both; a decision asks for a reason and is kept with it.
    follow(page.get_by_role("link", name="Insights", exact=True))
    follow(page.get_by_role("link", name=CLAIM))
    page.wait_for_url("**/insight?id=I-0001")
    page.get_by_text("Contested: one person speaks for it, one against.").wait_for()
    page.get_by_role("button", name="Take along").click()
    with page.expect_download() as waiting:
        page.get_by_role("button", name="Excel", exact=True).click()
    sheet = load_workbook(io.BytesIO(waiting.value.path().read_bytes()))["Evidence"]
    assert [row[0] for row in sheet.iter_rows(min_row=2, values_only=True)] == ["for", "against"]
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Decide").click()
    page.get_by_role("radio", name="supported").click()
    page.get_by_role("textbox", name="Why, for whoever reads it next year").fill("Seen on her screen.")
    page.get_by_role("button", name="Decide", exact=True).last.click()
    page.get_by_text("Seen on her screen. (").first.wait_for()

    # A quote opens its note, and the browser's way back leads here again.
    follow(page.get_by_role("link", name="open", exact=True).first)
    page.wait_for_url("**/note?*")
    page.go_back()
    page.wait_for_url("**/insight?id=I-0001")
    page.get_by_role("heading", name=CLAIM).wait_for()

    # The quarter begins with it: the brief tells what was decided, on whose words, and leads to both.
    follow(page.get_by_role("link", name="Brief", exact=True))
    brief = page.locator(".hd-brief")
    sync_api.expect(brief).to_contain_text(CLAIM)
    sync_api.expect(brief).to_contain_text("Seen on her screen.")
    sync_api.expect(brief).to_contain_text("repair the dates by hand")
    follow(brief.get_by_role("link", name=CLAIM).first)
    page.wait_for_url("**/insight?id=I-0001")
    page.get_by_role("heading", name=CLAIM).wait_for()
    context.close()

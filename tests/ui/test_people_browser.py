"""Whom may we ask, in a real browser: a roster goes in, a rest is refused, and overridden with a reason."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest
from browsing import MARKS, choose, follow, put_in

sync_api = pytest.importorskip("playwright.sync_api")
pytestmark = MARKS


def test_a_rest_is_overridden_with_a_reason(address: str, browser: sync_api.Browser, tmp_path: Path) -> None:
    recently = date.today() - timedelta(days=10)
    roster = tmp_path / "roster.csv"
    roster.write_text(
        "Name,E-mail,Company,Segment,Last contacted,Status\n"
        f"Dana Whitlock,dana@fernhollow.example,Fernhollow,dentist,{recently},active\n"
        "Sam Oduya,sam@fernhollow.example,Fernhollow,nurse,,opted out\n"
    )
    context = browser.new_context(viewport={"width": 1280, "height": 1000})
    page = context.new_page()
    page.set_default_timeout(60_000)

    # A roster: looked over, taken in.
    page.goto(address)
    follow(page.get_by_role("link", name="People", exact=True))
    follow(page.get_by_role("link", name="Import a roster"))
    page.set_input_files("input[type=file]", str(roster))
    page.get_by_text("2 rows: 2 new.").wait_for()
    page.get_by_role("button", name="Take 2 people in").click()
    page.get_by_text("The roster is in: 2 new.").wait_for()

    # Whoever rests is refused without a reason, in a sentence; with one it is done and written down.
    follow(page.get_by_role("link", name="dentist, Fernhollow"))
    page.wait_for_url("**/person?id=P-*")
    free = recently + timedelta(days=90)
    page.get_by_text(f"Resting until {free.day} {free:%b}: contacted on").wait_for()
    assert "Whitlock" not in page.content()
    page.get_by_role("button", name="Reserve this day").click()
    page.get_by_text("Ask somebody else, or give a reason.").wait_for()
    page.get_by_role("textbox", name="Reason").fill("asked us to call back")
    page.get_by_role("button", name="Override with a reason").click()
    page.get_by_text("although at rest: asked us to call back").wait_for()

    # Who they are shows on demand.
    page.get_by_role("button", name="Show who this is").click()
    sync_api.expect(page.get_by_role("textbox", name="Name", exact=True)).to_have_value("Dana Whitlock")

    # No reason helps with who opted out.
    follow(page.get_by_role("link", name="People", exact=True).first)
    follow(page.get_by_role("link", name="nurse, Fernhollow"))
    page.get_by_text("Opted out: asked not to be contacted.").wait_for()
    page.get_by_role("button", name="Reserve this day").click()
    page.get_by_text("No reason overrides that").wait_for()
    sync_api.expect(page.get_by_role("button", name="Override with a reason")).not_to_be_visible()

    # All of it is in the audit.
    follow(page.get_by_role("link", name="Rules and audit"))
    page.get_by_role("cell", name="rest overridden").wait_for()
    follow(page.get_by_role("link", name="identity seen"))
    page.wait_for_url("**/rules?what=identity*")
    page.get_by_role("cell", name="identity seen").first.wait_for()
    with page.expect_download() as download:
        page.get_by_role("button", name="Download as CSV").click()
    assert "identity seen" in Path(download.value.path()).read_text()
    context.close()


CALL = """Interviewer: How do you prepare the monthly numbers?

Ottoline Varga: I export them and ask Ruben Okafor, and then I repair the dates by hand, every single month again.
"""


def test_an_upload_shows_what_will_be_replaced_and_a_person_is_erased(
    address: str, browser: sync_api.Browser, tmp_path: Path
) -> None:
    file = tmp_path / "call.txt"
    file.write_text(CALL)
    context = browser.new_context(viewport={"width": 1280, "height": 1000})
    page = context.new_page()
    page.set_default_timeout(60_000)

    # The dry run, side by side; one replacement is undone.
    page.goto(f"{address}/upload")
    choose(page, file, "Redaction")
    page.get_by_role("combobox", name="File").click()
    page.get_by_role("option", name="call.txt").click()
    stored = page.locator(".hd-pair > div").nth(1)
    sync_api.expect(stored).to_contain_text("ask [PERSON], and then", timeout=60_000)
    page.get_by_role("combobox", name="Leave as it is").click()
    page.get_by_role("option", name="Ruben Okafor (1×)").click()
    sync_api.expect(stored).to_contain_text("ask Ruben Okafor, and then", timeout=20_000)
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Put 1 note in").click()
    page.get_by_text("1 note is in.").wait_for()

    # What was put in is found; the person behind it is erased, typed out.
    page.goto(f"{address}/?q=repair+the+dates+by+hand&study=Redaction")
    hit = page.locator(".hd-hit", has_text="ask Ruben Okafor")
    hit.wait_for()
    person = hit.get_by_text("P-").first.inner_text().split()[0]
    page.goto(f"{address}/person?id={person}")
    page.get_by_role("button", name="Forget this person").click()
    erase = page.get_by_role("button", name="Erase", exact=True)
    sync_api.expect(erase).to_be_disabled()
    page.get_by_role("textbox", name=f"Type {person} to go on").fill(person)
    page.keyboard.press("Enter")
    sync_api.expect(erase).to_be_enabled()
    erase.click()
    page.get_by_text(f"{person} is forgotten").wait_for()
    page.goto(f"{address}/?q=repair+the+dates+by+hand&study=Redaction")
    page.get_by_text("Nobody has said anything").wait_for()
    context.close()


def test_a_study_keeps_its_notes_for_a_time_and_what_is_overdue_is_erased(
    address: str, browser: sync_api.Browser, tmp_path: Path
) -> None:
    file = tmp_path / "call.md"
    file.write_text("---\ntitle: A call\ndate: 2025-01-10\nparticipant: Dana\n---\nDana: The marmalade is too slow.\n")
    context = browser.new_context(viewport={"width": 390, "height": 844})
    page = context.new_page()
    page.set_default_timeout(60_000)
    put_in(page, address, file, "Kept")

    # On a phone, whether to contact somebody stands above what they said.
    page.goto(f"{address}/?q=marmalade&study=Kept")
    hit = page.locator(".hd-hit", has_text="marmalade")
    hit.wait_for()
    page.goto(f"{address}/person?id={hit.get_by_text('P-').first.inner_text().split()[0]}")
    said = page.get_by_role("heading", name="What they said")
    said.wait_for()
    contact = page.get_by_role("heading", name="Contact", exact=True)
    assert _top(contact) < _top(said)
    page.set_viewport_size({"width": 1440, "height": 900})
    sync_api.expect(said).to_be_in_viewport()
    assert _top(contact) == _top(said)

    # The study says for how long its notes are kept; nothing goes until the number is typed.
    page.goto(f"{address}/library?team=Growth&study=Kept")
    page.get_by_role("button", name="How long it is kept").click()
    page.get_by_role("spinbutton").fill("30")
    page.get_by_role("button", name="Save").click()
    page.get_by_text("Notes kept for 30 days. 1 note is overdue.").wait_for()
    page.goto(f"{address}/rules")
    page.get_by_role("button", name="Erase what is overdue").click()
    erase = page.get_by_role("button", name="Erase", exact=True)
    sync_api.expect(erase).to_be_disabled()
    page.get_by_role("textbox", name="Type 1 note to go on").fill("1 Note")
    page.keyboard.press("Enter")
    sync_api.expect(erase).to_be_enabled()
    erase.click()
    page.get_by_text("1 note is erased.").wait_for()
    page.get_by_role("cell", name="kept no longer").wait_for()
    page.goto(f"{address}/?q=marmalade&study=Kept")
    page.get_by_text("Nobody has said anything").wait_for()

    # With no number they are kept always.
    page.goto(f"{address}/library?team=Growth&study=Kept")
    page.get_by_role("button", name="How long it is kept").click()
    page.get_by_role("spinbutton").fill("")
    page.get_by_role("button", name="Save").click()
    page.get_by_text("Notes kept always.").wait_for()
    context.close()


def _top(where: sync_api.Locator) -> float:
    box = where.bounding_box()
    assert box is not None
    return box["y"]

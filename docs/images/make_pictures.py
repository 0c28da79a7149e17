"""Take the pictures of README and docs anew: fill a demo repository, start the app on it, look at it in a browser.

    python docs/images/make_pictures.py [folder of a demo repository]

Needs Chromium (on PATH, or named by CHROMIUM) and Playwright's Python package.
"""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path
from urllib.parse import quote

from playwright.sync_api import Page, sync_playwright

HERE = Path(__file__).parent
QUESTION = "why do people export reports to a spreadsheet?"
LINES = "Why do people share a login?\nDo they trust the numbers in our reports?\nDo they use a screen reader?"
PAGES = (
    ("brief", "brief", ".hd-title"),
    ("themes", "themes", ".hd-title"),
    ("insight", "insight?id=I-0001", ".hd-claim"),
    ("check", f"check?text={quote(LINES)}", ".hd-verdict, .hd-hit, .hd-row"),
)
VISIT = b"""---
date: 2026-11-16
---
Interviewer: What do you do when somebody moves their appointment?
Dana Whitlock: I write it on a sticky note first, since the calendar takes so long.
Interviewer: And then?
Dana Whitlock: Then I ring them back from the desk, 020 7946 0958, and ask whether they can wait.
"""


def main(home: Path) -> None:
    env = {**os.environ, "HEARD_HOME": str(home)}
    if not (home / "heard.db").exists():
        subprocess.run([sys.executable, "-m", "heard", "demo", "--no-serve"], env=env, check=True)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "streamlit", "run", "heard_server.py", "--server.port", str(port)]
    app = subprocess.Popen(command, env=env, cwd=HERE.parents[1], stdout=subprocess.DEVNULL)
    try:
        wait(f"http://127.0.0.1:{port}/_stcore/health")
        take(f"http://127.0.0.1:{port}")
    finally:
        app.terminate()
        app.wait(20)


def wait(url: str) -> None:
    for _ in range(150):
        try:
            urllib.request.urlopen(url, timeout=1).close()
        except OSError:
            time.sleep(0.2)
        else:
            return
    raise SystemExit("The app did not start.")


def take(address: str) -> None:
    chromium = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-gpu"])
        page = browser.new_context(viewport={"width": 1440, "height": 900}).new_page()
        page.goto(f"{address}/?q={QUESTION.replace(' ', '%20')}")
        settled(page, ".hd-hit")
        page.screenshot(path=HERE / "search.png")
        page.locator(".hd-hit a", has_text="open").nth(1).click()
        settled(page, ".st-key-hd-side .hd-aside, .st-key-hd-side .hd-small")
        page.screenshot(path=HERE / "note.png")
        for name, path, selector in PAGES:
            page.goto(f"{address}/{path}")
            settled(page, selector)
            page.screenshot(path=HERE / f"{name}.png")
        look_over(page, address)
        page.screenshot(path=HERE / "upload.png")
        browser.close()


def look_over(page: Page, address: str) -> None:
    """The upload page with a note that is not in yet; nothing is put in."""
    page.goto(f"{address}/upload")
    for label, value in (("Team", "Growth"), ("Study", "Onboarding Q3")):
        page.get_by_role("combobox", name=label).fill(value)
        page.keyboard.press("Enter")
        page.wait_for_timeout(800)
    page.set_input_files(
        "input[type=file]", [{"name": "monday-visit.md", "mimeType": "text/markdown", "buffer": VISIT}]
    )
    settled(page, "[data-testid=stDataFrame]")
    page.get_by_role("button", name="Put 1 note in").wait_for()


def settled(page: Page, selector: str) -> None:
    page.locator(selector).first.wait_for(timeout=60_000)
    page.locator("[data-test-script-state=notRunning]").wait_for(timeout=60_000)
    page.wait_for_timeout(1500)


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else Path(tempfile.mkdtemp()) / "demo")

"""The page that describes the API, in a real browser: it is drawn whole, from its own files alone."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from beside_support import filled, serving
from browsing import MARKS

from heard import api

pytestmark = MARKS


def test_the_page_that_describes_the_api_is_drawn_from_its_own_files(browser: Any, tmp_path: Path) -> None:
    repo = filled(tmp_path)
    with serving(api.app(repo)) as address:
        page = browser.new_page()
        asked: list[str] = []
        said: list[str] = []
        page.on("request", lambda request: asked.append(request.url))
        page.on("console", lambda message: said.append(message.text))  # what the policy refuses is said here
        page.goto(f"{address}/docs")
        page.locator(".opblock").first.wait_for()
        page.locator(".opblock-summary-control").first.click()
        page.get_by_text("Try it out").first.wait_for()
        assert page.locator(".opblock").count() == 7
        assert [url for url in asked if not url.startswith((address, "data:"))] == []
        assert said == []
        page.close()
    repo.close()

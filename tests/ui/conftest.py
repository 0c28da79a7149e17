"""What tests of the pages stand on."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import streamlit as st
from browsing import CHROMIUM, QUIET, running
from streamlit.testing.v1 import AppTest
from visiting import Visit

from heard.ui import session
from research.repository import Repository

if TYPE_CHECKING:
    from playwright.sync_api import Browser

ROOT = Path(__file__).parents[2]


@pytest.fixture
def visit(monkeypatch: pytest.MonkeyPatch) -> Iterator[Visit]:
    """Opens a page of the app on a repository, as an address bar would: visit(repo, "note", id="...")."""
    monkeypatch.setattr(session, "today", lambda: date(2026, 11, 22))

    def go(repo: Repository, page: str = "search", /, **params: str | list[str]) -> AppTest:
        monkeypatch.setattr(session, "repository", lambda: repo)
        at = AppTest.from_file(str(ROOT / "streamlit_app.py"), default_timeout=30)
        if page != "search":
            at.run()
            at.switch_page(f"heard/ui/pages/{page}.py")
        for name, value in params.items():
            at.query_params[name] = value
        return at.run()

    yield go
    st.cache_resource.clear()


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The app on an empty repository, at a free port."""
    with running(tmp_path_factory.mktemp("home")) as started:
        yield started


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """The browser that is installed, driven by Playwright; without Playwright, what asks for it is skipped."""
    sync_api = pytest.importorskip("playwright.sync_api")
    with sync_api.sync_playwright() as playwright:
        sync_api.expect.set_options(timeout=60_000)
        started = playwright.chromium.launch(executable_path=CHROMIUM, args=list(QUIET))
        yield started
        started.close()

"""Signing in, in a real browser against an OpenID provider in a process of its own: who comes in, as what, to read what."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from browsing import CHROMIUM, MARKS, QUIET, free_port, process, running

import ingest
import research
from research.repository import Repository

sync_api = pytest.importorskip("playwright.sync_api")
pytestmark = MARKS

USERS = (
    {"sub": "ada", "email": "Ada@example.com", "email_verified": True, "name": "Ada Quist"},
    {"sub": "ben", "email": "ben@example.com", "email_verified": True, "name": "Ben Oduya"},
    {"sub": "eve", "email": "eve@example.com", "email_verified": True, "name": "Eve Marr"},
    {"sub": "mal", "email": "ada@example.com", "email_verified": False, "name": "Mal"},
)
NOTES = {
    "Growth": "---\ntitle: Setting up\ndate: 2026-10-01\n---\nInterviewer: Well?\n\nMarta: The import took us four days.\n",
    "Legal": "---\ntitle: The merger\ndate: 2026-10-02\n---\nInterviewer: Well?\n\nJoel: The import stops at the merger.\n",
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A repository in which one study is kept to a team."""
    folder = tmp_path_factory.mktemp("team")
    repo = research.open(folder / "heard")
    for team, text in NOTES.items():
        (folder / f"{team}.md").write_text(text)
        assert [one.error for one in ingest.ingest_paths([folder / f"{team}.md"], repo, team=team, study="Talks")] == [
            None
        ]
    repo.keep_to_team("Legal", "Talks")
    repo.members.put("ben@example.com", role="viewer", teams=["Growth"])
    repo.close()
    return folder


@pytest.fixture(scope="module")
def app(folder: Path) -> Iterator[str]:
    """The app as a company runs it: every address of the machine, and an identity provider."""
    port, provider = free_port(), free_port()
    (folder / ".streamlit").mkdir()
    (folder / ".streamlit" / "secrets.toml").write_text(
        f"""[auth]
redirect_uri = "http://localhost:{port}/oauth2callback"
cookie_secret = "a secret of this test alone, made up"
client_id = "heard"
client_secret = "made up too"
server_metadata_url = "http://localhost:{provider}/.well-known/openid-configuration"
"""
    )
    users = [part for user in USERS for part in ("--user-claims", json.dumps(user))]
    program = [sys.executable, "-W", "ignore", "-m", "oidc_provider_mock", "--port", str(provider), *users]
    with (
        process(program, folder, f"http://localhost:{provider}/.well-known/openid-configuration"),
        running(folder, "--server.address", "0.0.0.0", port=port, HEARD_ADMINS="ada@example.com"),
    ):
        yield f"http://localhost:{port}"


@pytest.fixture
def page(browser: sync_api.Browser) -> Iterator[sync_api.Page]:
    """A browser that has never been here."""
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    page = context.new_page()
    page.set_default_timeout(60_000)
    yield page
    context.close()


def sign_in(page: sync_api.Page, who: str) -> None:
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.get_by_role("button", name=who, exact=True).click()


def opened(folder: Path) -> Repository:
    return research.open(folder / "heard")


def test_the_link_one_followed_opens_after_signing_in(app: str, page: sync_api.Page) -> None:
    page.goto(f"{app}/library?team=Growth")
    page.get_by_role("button", name="Sign in", exact=True).wait_for()
    assert "Growth" not in page.inner_text("body")
    sign_in(page, "ada")
    page.wait_for_url(f"{app}/library?team=Growth")
    page.get_by_role("link", name="Talks").first.wait_for()
    assert "Ada Quist\nadmin, no team" in page.inner_text("[data-testid=stSidebar]")
    page.get_by_role("button", name="Sign out").click()
    page.get_by_role("button", name="End session").click()  # which the provider asks
    page.get_by_role("button", name="Sign in", exact=True).wait_for()
    page.goto(f"{app}/library?team=Growth")
    page.get_by_role("button", name="Sign in", exact=True).wait_for()


def test_what_is_kept_to_another_team_is_nowhere(app: str, page: sync_api.Page, folder: Path) -> None:
    repo = opened(folder)
    (theirs,) = repo.notes(team="Legal")
    page.goto(f"{app}/?q=import")
    sign_in(page, "ben")
    page.get_by_text("The import took us four days").wait_for()
    assert "merger" not in page.content()
    page.goto(f"{app}/note?id={theirs.id}")
    page.get_by_text("There is no note").wait_for()
    assert "merger" not in page.content().lower()
    # Who joins the team reads it at the next click, and is out again when they leave it.
    repo.members.put("ben@example.com", role="viewer", teams=["Legal"])
    page.reload()
    page.get_by_text("The import stops at the merger").first.wait_for()
    repo.members.remove("ben@example.com")
    page.reload()
    page.get_by_text("not a member yet").wait_for()
    assert "merger" not in page.content().lower()
    repo.members.put("ben@example.com", role="viewer", teams=["Growth"])
    repo.close()


def test_a_viewer_is_not_offered_what_a_researcher_may(app: str, page: sync_api.Page) -> None:
    page.goto(app)
    sign_in(page, "ben")
    page.get_by_role("link", name="Library").wait_for()
    for name in ("Upload", "Rules and audit", "Status"):
        assert page.get_by_role("link", name=name, exact=True).count() == 0
    page.goto(f"{app}/upload")
    page.get_by_text("is for a researcher").wait_for()
    assert page.locator("input[type=file]").count() == 0


@pytest.mark.parametrize(("who", "why"), [("eve", "not a member yet"), ("mal", "has not verified")])
def test_whom_nobody_let_in_sees_nothing(app: str, page: sync_api.Page, who: str, why: str) -> None:
    page.goto(f"{app}/?q=import")
    sign_in(page, who)
    page.get_by_text(why).wait_for()
    assert "four days" not in page.content()
    page.get_by_role("button", name="Sign in as somebody else").wait_for()


def test_without_sign_in_the_app_answers_to_this_machine_alone(
    folder: Path, tmp_path: Path, browser: sync_api.Browser
) -> None:
    """Not to a page elsewhere that has its name point at this machine, either."""
    (tmp_path / "heard").symlink_to(folder / "heard")
    there = "heard.attacker.example"
    rules = (*QUIET, f"--host-resolver-rules=MAP {there} 127.0.0.1")
    misled = browser.browser_type.launch(executable_path=CHROMIUM, args=list(rules))
    with running(tmp_path) as alone:
        page = misled.new_page()
        page.set_default_timeout(60_000)
        page.goto(f"{alone}/?q=import")
        page.get_by_text("The import took us four days").wait_for()
        page.goto(f"{alone.replace('127.0.0.1', there)}/?q=import")
        page.wait_for_timeout(5_000)
        assert "four days" not in page.content()
    misled.close()


def test_an_app_that_others_can_reach_shows_nothing_without_sign_in(
    folder: Path, tmp_path: Path, browser: sync_api.Browser
) -> None:
    (tmp_path / "heard").symlink_to(folder / "heard")
    with running(tmp_path, "--server.address", "0.0.0.0") as reachable:
        page = browser.new_page()
        page.goto(f"{reachable}/?q=import")
        page.get_by_text("can be reached from other machines").wait_for()
        assert "four days" not in page.content()
        page.close()

"""The commands of a team that wants to know what the others hear."""

from __future__ import annotations

import json
from datetime import date, timedelta
from pathlib import Path

import pytest
from repository_support import heard

pytestmark = [pytest.mark.model, pytest.mark.xdist_group("model")]

LINES = ("Do people share a login?", "Would you buy a zeppelin?")


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Growth heard about setting up, two people told Billing yesterday that they share a login."""
    folder = tmp_path_factory.mktemp("files")
    day = date.today() - timedelta(days=1)
    said = {
        "Growth": {"setup.txt": "P1: Importing the patient list took us four days.\n"},
        "Billing": {
            "one.txt": "P2: All five of us share one login, since a seat costs too much.\n",
            "two.txt": "P3: Yes, we share a login. The password is on the inside of the cupboard.\n",
        },
    }
    for team, files in said.items():
        for name, text in files.items():
            (folder / team).mkdir(exist_ok=True)
            (folder / team / name).write_text(f"Interview date: {day}\n\nInterviewer: How do you work?\n{text}")
        done = heard(folder / "home", "ingest", str(folder / team), "--team", team)
        assert done.exit_code == 0, done.output
    return folder / "home"


def test_one_says_for_which_team_one_reads(home: Path) -> None:
    assert "Say for which team" in heard(home, "team").stdout
    assert heard(home, "team", "growth").stdout == "You read for Growth.\n"
    assert heard(home, "team").stdout == "You read for Growth.\n"
    assert "Planning has heard nobody yet." in heard(home, "team", "Planning").stdout
    assert "You read for Growth." in heard(home, "team", "GROWTH").stdout


def test_open_questions_are_kept_and_let_go(home: Path) -> None:
    done = heard(home, "check", "--line", LINES[1], "--keep", "--for", "billing")
    assert "1 open question kept." in done.stdout
    (kept,) = [json.loads(line) for line in heard(home, "questions", "--team", "Billing", "--json").stdout.splitlines()]
    assert (kept["line"], kept["team"], kept["verdict"]) == (LINES[1], "Billing", "open")
    assert f"Still open      {LINES[1]}" in heard(home, "questions").stdout
    assert "is let go" in heard(home, "questions", "--drop", str(kept["number"])).stdout
    assert "No question is kept." in heard(home, "questions", "--team", "Billing").stdout
    again = heard(home, "questions", "--drop", str(kept["number"]))
    assert (again.exit_code, "There is no question" in again.stderr) == (1, True)


def test_a_search_is_followed_until_it_is_dropped(home: Path) -> None:
    assert "Billing follows 1 search." in heard(home, "follow", "slow", "pages", "--team", "billing").stdout
    assert "slow pages" in heard(home, "follow", "--list", "--team", "Billing").stdout
    assert "follows 0 searches" in heard(home, "follow", "--drop", "slow pages", "--team", "Billing").stdout
    assert heard(home, "follow", "--drop", "slow pages", "--team", "Billing").exit_code == 1
    assert "Say what to follow" in heard(home, "follow", "--team", "Billing").stderr


def test_a_digest_is_printed_written_and_linked(home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    heard(home, "follow", "sharing a login", "--team", "growth")
    printed = heard(home, "digest", "--team", "growth")
    assert printed.stdout.startswith("# What others heard, for Growth\n\n2 people told Billing")
    assert "## You follow: sharing a login" in printed.stdout
    assert heard(home, "digest", "--team", "growth").stdout == printed.stdout
    assert "Nothing that others heard" in heard(home, "digest", "--team", "growth", "--since", "0d").stdout
    paths = tmp_path / "d.html", tmp_path / "d.md"
    monkeypatch.setenv("HEARD_URL", "https://heard.example")
    done = heard(home, "digest", "--team", "growth", "--html", str(paths[0]), "--markdown", str(paths[1]))
    assert (done.exit_code, done.stdout) == (0, "")
    assert paths[0].read_text(encoding="utf-8").startswith("<!doctype html>")
    assert "[open](<https://heard.example/note?id=" in paths[1].read_text(encoding="utf-8")
    assert (
        "https://other.example/note"
        in heard(home, "digest", "--team", "growth", "--url", "https://other.example").stdout
    )


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("--team", "Nobody"), "The team “Nobody” heard nothing here"),
        (("--team", "Growth", "--since", "soon"), "is not a date"),
        (("--team", "Growth", "--url", "heard.example"), "begins with http"),
        (("--team", "Growth", "--html", "/nowhere/d.html"), "cannot be written"),
    ],
)
def test_what_cannot_be_made_is_a_sentence(home: Path, words: tuple[str, ...], sentence: str) -> None:
    done = heard(home, "digest", *words)
    assert done.exit_code == 1
    assert sentence in done.stderr


def test_without_a_team_one_is_asked_for(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HEARD_USER", "nobody in particular")
    for words in (("digest",), ("follow", "--list"), ("check", "--line", LINES[1], "--keep")):
        done = heard(home, *words)
        assert (done.exit_code, "Name the team." in done.stderr) == (1, True)


def test_a_document_that_quotes_others_counts_as_use(home: Path, tmp_path: Path) -> None:
    import research

    heard(home, "team", "growth")
    heard(home, "check", "--line", LINES[0], "--markdown", str(tmp_path / "check.md"))
    repo = research.open(home)
    try:
        (reading,) = repo.reuse.used().readings
    finally:
        repo.close()
    assert (reading.team, reading.of_team, reading.uses) == ("Growth", "Billing", 1)

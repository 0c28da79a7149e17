"""`heard insight`: what people type, and what it answers."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from repository_support import heard

# One worker runs these: they load the real model.
pytestmark = [pytest.mark.model, pytest.mark.xdist_group("model")]

TALK = """Interviewer: How do you prepare the monthly numbers?

P3: I export the monthly report to a spreadsheet and repair the dates there by hand.

P4: We never export anything, we print the report as it is and sign it.
"""


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A repository with one conversation."""
    folder = tmp_path_factory.mktemp("insights")
    (folder / "talk.txt").write_text(TALK)
    done = heard(folder / "home", "ingest", str(folder / "talk.txt"), "--team", "Growth", "--study", "Numbers")
    assert done.exit_code == 0, done.output
    return folder / "home"


def insight(home: Path, *words: str) -> str:
    done = heard(home, "insight", *words)
    assert done.exit_code == 0, done.output
    return done.stdout


def test_a_claim_goes_from_a_hypothesis_to_a_decision(home: Path) -> None:
    said = insight(home, "add", "Clinics repair the monthly report in a spreadsheet.", "--team", "Growth")
    assert said.startswith("I-0001 is a hypothesis.")
    insight(home, "change", "I-0001", "--contrary", "We print the report as it is.")

    # What may speak for or against it, and what a person says of that.
    found = [json.loads(line) for line in insight(home, "suggest", "I-0001", "--json").splitlines()]
    assert [(one["near"], one["text"][:8]) for one in found] == [("statement", "I export"), ("contrary", "We never")]
    assert "Said like the claim" in insight(home, "suggest", "I-0001")
    refused = heard(home, "insight", "decide", "I-0001", "supported", "--why", "It is plain.")
    assert (refused.exit_code, "while nothing speaks for it" in refused.output) == (1, True)
    assert "One voice for it" in insight(home, "link", "I-0001", found[0]["id"], "for")
    assert "Contested" in insight(home, "link", "I-0001", found[1]["id"], "against")
    assert "Nothing that nobody has judged yet comes close." in insight(home, "suggest", "I-0001")
    assert "One voice for it" in insight(home, "unlink", "I-0001", "2")
    assert "not suggested again" in insight(home, "link", "I-0001", found[1]["id"], "neither")
    refused = heard(home, "insight", "decide", "I-0001", "supported")
    assert "Say in a sentence why" in refused.output
    assert insight(home, "decide", "I-0001", "supported", "--why", "Seen on screen.") == "I-0001 is supported.\n"

    # What follows.
    moved = insight(home, "outcome", "I-0001", "--metric", "reports exported", "--from", "41%", "--to", "20%",
                    "--by", "2027-03-31")  # fmt: skip
    assert moved == "Reports exported: from 41% to 20% by 31 Mar 2027\n"
    assert ": 31%" in insight(home, "outcome", "I-0001", "--happened", "31%")
    assert "The obstacle: dates come out as text" in insight(
        home, "kata", "I-0001", "--obstacle", "dates come out as text"
    )
    assert "by 1 Jun 2027" in insight(home, "review", "I-0001", "2027-06-01")

    # All of it is shown.
    shown = insight(home, "show", "i-1")
    for told in (
        "Supported: Seen on screen.",
        "from 41% to 20%",
        "“I export the monthly",
        "called supported",
        "P-0001",
    ):
        assert told in shown
    as_json = json.loads(insight(home, "show", "I-0001", "--json"))
    assert (as_json["strength"]["word"], as_json["standing"]["state"]) == ("one voice", "supported")
    assert len(as_json["history"]) > 5
    insight(home, "review", "I-0001", "2026-01-01")
    assert "Stale, was supported" in insight(home, "list")
    insight(home, "remove", "I-0001", "--yes")
    assert "no insight I-0001" in heard(home, "insight", "show", "I-0001").output


def test_a_request_says_what_problem_it_solves_and_how_we_will_know(home: Path) -> None:
    refused = heard(home, "insight", "request", "Build a dark mode.", "--by", "Sales")
    assert (refused.exit_code, "how we will know" in refused.output) == (1, True)
    code = insight(home, "request", "Build a dark mode.", "--by", "Sales", "--problem", "Demos look dated.", "--proof",
                   "More demos won.", "--kind", "market").split()[0]  # fmt: skip
    assert "how will we know: More demos won." in insight(home, "show", code)
    (listed,) = insight(home, "list", "--kind", "market", "--state", "hypothesis", "--json").splitlines()
    assert json.loads(listed)["request"]["by"] == "Sales"
    assert "no evidence yet" in insight(home, "list")
    assert "No insights. Use fewer filters" in insight(home, "list", "--team", "Nobody")
    assert heard(home, "insight", "outcome", code).exit_code == 1

"""Members and who reads a study by command; and docs/access.md, which says what each role may do."""

from __future__ import annotations

import json
import re
from datetime import date, timedelta
from pathlib import Path

import pytest
from repository_support import heard

from research.access import NEEDS
from research.insights import Insights
from research.kept import Kept
from research.learning import Learning
from research.members import Members
from research.people import People
from research.repository import Repository
from research.reuse import Reuse
from research.theming import Theming
from research.tokens import Tokens

ROOT = Path(__file__).parent.parent
BESIDE = {"ingest", "take_in", "retag"}  # functions, which ask for a right by themselves: test_access.py presses them


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("files")
    (folder / "calls.txt").write_text("P1: Importing the patient list took us four days.\n")
    done = heard(folder / "home", "ingest", str(folder / "calls.txt"), "--team", "Legal", "--study", "Merger calls")
    assert done.exit_code == 0, done.output
    return folder / "home"


def test_members_are_let_in_listed_and_removed(home: Path) -> None:
    assert "Nobody yet." in heard(home, "members", "list").stdout
    added = heard(
        home, "members", "add", "Lea@Example.com", "--role", "researcher", "--team", "Growth", "--team", "Legal"
    )
    assert added.stdout == "lea@example.com is in: researcher, Growth and Legal.\n"
    heard(home, "members", "add", "ada@example.com", "--role", "admin", "--every-team")
    told = [json.loads(line) for line in heard(home, "members", "list", "--json").stdout.splitlines()]
    assert [(one["who"], one["role"], one["teams"], one["seen"]) for one in told] == [
        ("ada@example.com", "admin", None, None),
        ("lea@example.com", "researcher", ["Growth", "Legal"], None),
    ]
    listed = heard(home, "members", "list").stdout
    assert "lea@example.com  researcher; Growth and Legal; never here yet" in listed
    assert heard(home, "members", "remove", "lea@example.com").exit_code == 0
    assert "lea" not in heard(home, "members", "list").stdout
    assert "There is no member" in heard(home, "members", "remove", "lea@example.com").stderr
    assert "is no e-mail address" in heard(home, "members", "add", "lea").stderr
    assert heard(home, "members", "add", "lea@example.com", "--team", "Legal", "--every-team").exit_code == 2


def test_a_study_is_kept_to_its_team_and_opened(home: Path) -> None:
    assert "only" not in heard(home, "study", "Merger calls").stdout
    day = date.today() + timedelta(days=90)
    kept = heard(home, "study", "merger calls", "--team", "legal", "--only-team", "--until", str(day), "--json")
    told = json.loads(kept.stdout)["study"]
    assert (told["closed"], told["opens"]) == (True, str(day))
    assert "Merger calls  notes kept always; only Legal reads this until" in heard(home, "studies").stdout
    assert "only Legal reads this" in heard(home, "search", "patient list").stdout
    assert "only" not in heard(home, "study", "Merger calls", "--open").stdout
    assert [line for line in heard(home, "people", "audit").stdout.splitlines() if "study shared" in line]


@pytest.mark.parametrize(
    ("words", "status", "sentence"),
    [
        (("--only-team", "--open"), 2, "not both"),
        (("--until", "2030-01-01"), 2, "goes with --only-team"),
        (("--only-team", "--until", "2020-01-01"), 1, "a day to come"),
    ],
)
def test_what_cannot_be_said_of_a_study_is_a_sentence(
    home: Path, words: tuple[str, ...], status: int, sentence: str
) -> None:
    done = heard(home, "study", "Merger calls", *words)
    assert (done.exit_code, sentence in done.stderr) == (status, True)


def test_the_table_of_roles_names_every_method_that_needs_one() -> None:
    page = (ROOT / "docs" / "access.md").read_text(encoding="utf-8")
    rows = dict(re.findall(r"^\| (viewer|researcher|lead|admin) \| .+ \| (.+) \|$", page, re.MULTILINE))
    told = {name: role for role, names in rows.items() for name in re.findall(r"`([\w.]+)`", names)}
    classes = {"": Repository, "people.": People, "insights.": Insights, "theming.": Theming, "kept.": Kept,
               "reuse.": Reuse, "members.": Members, "tokens.": Tokens, "learning.": Learning}  # fmt: skip
    needed = {
        prefix + name: NEEDS[member.needs]
        for prefix, class_ in classes.items()
        for name, member in vars(class_).items()
        if hasattr(member, "needs")
    }
    assert {name: role for name, role in told.items() if name not in BESIDE} == needed
    assert told.keys() >= BESIDE

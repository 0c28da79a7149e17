"""The command: what people type, what it prints, and how it ends."""

from __future__ import annotations

import csv
import json
import re
import shutil
import subprocess
import sys
from datetime import date, timedelta
from pathlib import Path
from typing import cast

import click
import pytest
from click.testing import CliRunner
from qdpx_support import guid, qde, qdpx, text_source
from repository_support import heard

from heard.cli import main

# One worker runs these: they load the real model.
pytestmark = [pytest.mark.model, pytest.mark.xdist_group("model")]


def test_demo_ends_yesterday_and_answers_a_question(demo_home: Path) -> None:
    said = (demo_home / "said.txt").read_text()
    assert "spreadsheet?" in said
    assert "people" in said
    assert f"--home {demo_home}\n" in said
    status = json.loads(heard(demo_home, "status", "--json").stdout)
    assert status["last"] == str(date.today() - timedelta(days=1))
    assert status["notes"] >= 40
    assert status["teams"] == 5
    assert status["pending"] == 0


def test_demo_never_goes_into_a_repository_with_notes_of_ones_own(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("P1: The parrot on the desk keeps calling patients by name.")
    heard(tmp_path / "home", "ingest", str(tmp_path / "a.txt"), "--team", "Growth", "--study", "Desks")
    refused = heard(tmp_path / "home", "demo", "--no-serve")
    assert refused.exit_code == 1
    assert "This repository has notes of your own (“Desks”)." in refused.output
    assert "1" in re.findall(r"notes +(\d+)", heard(tmp_path / "home", "status").stdout)


def test_search_prints_words_people_and_place(demo_home: Path) -> None:
    plain = heard(demo_home, "search", "importing the patient list")
    assert plain.exit_code == 0
    assert "P-0" in plain.stdout
    lines = heard(demo_home, "search", "importing the patient list", "--limit", "3", "--json").stdout.splitlines()
    assert len(lines) == 3
    assert {"text", "context", "note_id", "participant", "team", "study", "date", "tags", "start", "end"} <= set(
        json.loads(lines[0])
    )


def test_check_prints_what_to_ask_and_writes_documents(demo_home: Path, tmp_path: Path) -> None:
    guide = Path(__file__).parent.parent / "samples" / "guide.md"
    paths = tmp_path / "out.md", tmp_path / "out.docx"
    done = heard(demo_home, "check", str(guide), "--markdown", str(paths[0]), "--docx", str(paths[1]))
    assert done.exit_code == 0, done.output
    assert "13 lines:" in done.stdout
    assert done.stdout.index("Ask\n") < done.stdout.index("Drop\n") < done.stdout.index("Read first\n")
    assert "Answered  Do people share a login, and why?" in done.stdout
    assert paths[0].read_text(encoding="utf-8").startswith("# Before you ask")
    assert paths[1].read_bytes().startswith(b"PK")


def test_check_takes_lines_and_standard_input_and_prints_json(demo_home: Path) -> None:
    done = CliRunner().invoke(
        main, ["check", "-", "--line", "Do people share a login?", "--team", "growth", "--json", "--home", str(demo_home)],
        input="- How did the pandemic change your work?\n",
    )  # fmt: skip
    assert done.exit_code == 0, done.output
    told = json.loads(done.stdout)
    assert told["to_ask"][0] == "How did the pandemic change your work?"
    assert [one["line"] for one in told["verdicts"]][1] == "Do people share a login?"
    assert {"verdict", "confidence", "people", "teams", "accounts", "latest", "answers"} <= set(told["verdicts"][0])
    quoted = [answer["quote"]["team"] for one in told["verdicts"] for answer in one["answers"]]
    assert set(quoted) <= {"Growth"}


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        ((), "Nothing to check"),
        (("nowhere.md",), "cannot be read"),
        (("--line", " "), "holds nothing to check"),
        (("--line", "Who pays?", "--since", "soon"), "is not a date"),
        (("--line", "Who pays?", "--markdown", "/nowhere/at/all.md"), "cannot be written"),
    ],
)
def test_check_says_what_is_wrong(demo_home: Path, words: tuple[str, ...], sentence: str) -> None:
    done = heard(demo_home, "check", *words)
    assert done.exit_code == 1
    assert sentence in done.output
    assert "Traceback" not in done.output


def test_ingest_prints_a_line_of_json_a_note_and_fails_when_one_did(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "good.txt").write_text("Interviewer: Why?\nP1: Because the export is far too slow for us.")
    (tmp_path / "in" / "bad.pdf").write_bytes(b"%PDF-1.7 nothing")
    done = heard(tmp_path / "home", "ingest", str(tmp_path / "in"), "--team", "Growth", "--json")
    assert done.exit_code == 1
    told = [json.loads(line) for line in done.stdout.splitlines()]
    assert {one["status"] for one in told} == {"added", "failed"}
    (tmp_path / "in" / "bad.pdf").unlink()
    again = heard(tmp_path / "home", "ingest", str(tmp_path / "in"), "--team", "Growth")
    assert again.exit_code == 0
    assert "1 unchanged" in again.stdout


def test_columns_are_remembered_by_name(tmp_path: Path) -> None:
    sheet = tmp_path / "survey.csv"
    sheet.write_text("Who,What hinders you?\nR1,The export is slow every month\n")
    home = tmp_path / "home"
    refused = heard(home, "ingest", str(sheet), "--team", "G")
    assert refused.exit_code == 1
    assert "--column" in refused.output
    columns = ("--column", "text=What hinders you?", "--column", "participant=Who", "--save-mapping", "survey")
    assert heard(home, "ingest", str(sheet), "--team", "G", *columns).exit_code == 0
    assert "1 unchanged" in heard(home, "ingest", str(sheet), "--team", "G", "--mapping", "survey").stdout
    assert "remembered: survey" in heard(home, "ingest", str(sheet), "--team", "G", "--mapping", "other").output


def test_one_mapping_is_for_a_project_and_for_the_spreadsheets_beside_it(tmp_path: Path) -> None:
    variables = f'<Variable guid="{guid(70)}" name="Kind of shop"/>', f'<Variable guid="{guid(71)}" name="Role"/>'
    said = "".join(
        f'<VariableValue><VariableRef targetGUID="{guid(n)}"/><TextValue>{value}</TextValue></VariableValue>'
        for n, value in ((70, "host"), (71, "cleaner"))
    )
    orla = f'<Case guid="{guid(60)}" name="Orla">{said}<SourceRef targetGUID="{guid(10)}"/></Case>'
    whole = qde(sources=[text_source(10, "Visit")], cases=[orla], variables=variables)
    folder, home = tmp_path / "in", tmp_path / "home"
    folder.mkdir()
    (folder / "keys.qdpx").write_bytes(qdpx(whole, {10: "I hide the key under the mat.\n"}))
    (folder / "tickets.csv").write_text("Body,Status\nIt is too slow for us on Mondays,open\n")
    (folder / "quotes.csv").write_text("text,role\nThe mat is always wet,neighbour\n")

    def known(*columns: str) -> dict[str, list[list[str]]]:
        done = heard(home, "ingest", str(folder), "--team", "G", "--dry-run", "--json", *columns)
        return {one["path"].rpartition("/")[2]: one["known"] for one in map(json.loads, done.stdout.splitlines())}

    project = [["segment", "host"], ["role", "cleaner"]]
    quotes = [["role", "neighbour"]]
    told = known("--column", "segment=Kind of shop")
    assert told == {"keys.qdpx": project, "quotes.csv": quotes, "tickets.csv": []}
    assert known("--column", "role=") == {"keys.qdpx": [], "quotes.csv": [], "tickets.csv": []}
    (folder / "quotes.csv").unlink()
    told = known("--column", "text=Body", "--column", "segment=Status")
    assert told == {"keys.qdpx": [["role", "cleaner"]], "tickets.csv": [["segment", "open"]]}
    dry = heard(home, "ingest", str(folder), "--team", "G", "--dry-run", "--column", "segment=Kind of shop").stdout
    assert "segment host, role cleaner" in dry


def test_taxonomy_is_printed_replaced_and_used(tmp_path: Path) -> None:
    home = tmp_path / "home"
    (tmp_path / "a.txt").write_text("P1: The parrot on the desk keeps calling patients by name.")
    heard(home, "ingest", str(tmp_path / "a.txt"), "--team", "G")
    assert "tags:" in heard(home, "taxonomy").stdout
    (tmp_path / "own.yaml").write_text("tags:\n- name: birds\n  phrases: [parrot]\n")
    assert heard(home, "taxonomy", str(tmp_path / "own.yaml")).exit_code == 0
    assert heard(home, "tag").exit_code == 0
    assert json.loads(heard(home, "search", "parrot", "--json").stdout)["tags"] == ["birds"]
    (tmp_path / "own.yaml").write_text("tags:\n- name: [broken\n")
    refused = heard(home, "taxonomy", str(tmp_path / "own.yaml"))
    assert refused.exit_code == 1
    assert "line" in refused.output


def test_errors_are_sentences(tmp_path: Path, demo_home: Path) -> None:
    wrong = heard(demo_home, "search", "x", "--since", "last week")
    assert wrong.exit_code == 1
    assert "2026-08-01" in wrong.output
    assert "Traceback" not in wrong.output


def test_doctor_says_that_all_is_well(demo_home: Path) -> None:
    done = heard(demo_home, "doctor")
    assert done.exit_code == 0
    assert "Every passage can be found" in done.stdout


def test_python_m_ingest_is_heard_ingest(tmp_path: Path) -> None:
    (tmp_path / "empty.txt").write_text("")
    command = [
        sys.executable,
        "-m",
        "ingest",
        str(tmp_path / "empty.txt"),
        "--team",
        "G",
        "--home",
        str(tmp_path / "home"),
    ]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "empty.txt is empty" in done.stderr


def test_people_are_listed_planned_and_known_by_pseudonym(demo_home: Path, tmp_path: Path) -> None:
    home = Path(shutil.copytree(demo_home, tmp_path / "demo"))
    listed = heard(home, "people", "--state", "free")
    assert "free to ask." in listed.stdout
    assert "resting" not in listed.stdout
    free = [
        json.loads(line)["pseudonym"] for line in heard(home, "people", "--state", "free", "--json").stdout.splitlines()
    ]
    day = str(date.today() + timedelta(days=3))
    planned = heard(home, "people", "plan", free[0], day, "--team", "Growth", "--purpose", "pricing test")
    number = planned.stdout.split()[1]
    refused = heard(home, "people", "plan", free[0], day, "--team", "Billing")
    assert refused.exit_code == 1
    assert "Growth planned" in refused.output
    assert heard(home, "people", "plan", free[0], day, "--reason", "they asked us to").exit_code == 0
    assert "pricing test" in heard(home, "people", "show", free[0]).stdout
    assert heard(home, "people", "unplan", number).exit_code == 0
    assert "opted out" in heard(home, "people", "mark", free[0], "opted out").stdout
    assert heard(home, "people", "plan", free[0], day, "--reason", "please").exit_code == 1
    assert "nobody called" in heard(home, "people", "show", "P-9999").output


def test_who_people_are_what_they_agreed_to_and_the_audit(demo_home: Path, tmp_path: Path) -> None:
    home = Path(shutil.copytree(demo_home, tmp_path / "demo"))
    pair = json.loads(heard(home, "people", "suggestions", "--json").stdout.splitlines()[0])
    one, other = pair["one"], pair["other"]
    name = json.loads(heard(home, "people", "identity", one, "--json").stdout)["name"]
    assert name == json.loads(heard(home, "people", "identity", other, "--json").stdout)["name"]
    assert name not in heard(home, "people", "show", one, "--json").stdout
    assert "e@x.example" in heard(home, "people", "identity", one, "--email", "e@x.example").stdout
    assert heard(home, "people", "merge", one, other, "--yes").exit_code == 0
    assert heard(home, "people", "show", other).exit_code == 1
    agreed = heard(
        home, "people", "consent", one, "--given", "2026-01-10", "--expires", "2099-01-10", "--scope", "calls"
    )
    assert "calls: from 10 Jan 2026 until 10 Jan 2099" in agreed.stdout
    assert "withdrawn" in heard(home, "people", "withdraw", one, "--yes").stdout
    assert heard(home, "people", "audit", "--csv", str(tmp_path / "audit.csv")).exit_code == 0
    done = {row["what"] for row in csv.DictReader((tmp_path / "audit.csv").read_text().splitlines())}
    assert {"identity seen", "identity changed", "merged", "consent given", "consent withdrawn"} <= done
    assert name not in (tmp_path / "audit.csv").read_text()
    assert one in heard(home, "people", "audit").stdout


def test_rules_are_printed_and_set(tmp_path: Path) -> None:
    home = tmp_path / "home"
    assert "rest_days: 90" in heard(home, "people", "rules").stdout
    (tmp_path / "rules.yaml").write_text("rest_days: 30\nsegments:\n  owner: {contacts_a_year: 2}\n")
    assert (
        "Whoever is owner: at most twice in any year"
        in heard(home, "people", "rules", "--set", str(tmp_path / "rules.yaml")).stdout
    )
    (tmp_path / "rules.yaml").write_text("rest_dayz: 30\n")
    refused = heard(home, "people", "rules", "--set", str(tmp_path / "rules.yaml"))
    assert refused.exit_code == 1
    assert "rest_dayz" in refused.output


def test_a_roster_is_imported_after_a_dry_run(tmp_path: Path) -> None:
    home, roster = tmp_path / "home", tmp_path / "r.csv"
    roster.write_text("Wer,E-mail,Company\nDana Whitlock,dana@northwind.example,Northwind\n,,Harbour\n")
    dry = heard(home, "people", "import", str(roster), "--column", "name=Wer", "--dry-run")
    assert dry.exit_code == 1
    assert "2 rows: 1 added, 1 failed. Nothing was changed." in dry.output
    assert "Row 3 has no name" in dry.output
    done = heard(home, "people", "import", str(roster), "--column", "name=Wer", "--json")
    assert [json.loads(line)["status"] for line in done.stdout.splitlines()] == ["added", "failed"]
    assert "P-0001, Northwind" in heard(home, "people").stdout
    wrong = heard(home, "people", "import", str(roster), "--column", "phone=Wer")
    assert wrong.exit_code == 1
    assert "Known are: name" in wrong.output


def test_a_study_says_how_long_it_is_kept_and_that_nobody_was_asked(demo_home: Path, tmp_path: Path) -> None:
    home = Path(shutil.copytree(demo_home, tmp_path / "demo"))
    told = [json.loads(line) for line in heard(home, "studies", "--json").stdout.splitlines()]
    one = next(each["study"] for each in told if each["study"]["asked"])
    changed = heard(home, "study", one["title"].upper(), "--team", one["team"], "--keep-days", "1", "--asked-nobody")
    assert "notes kept for 1 day, nobody was contacted for it; " in changed.stdout
    assert "heard forget --overdue" in changed.stdout
    shown = json.loads(heard(home, "study", one["title"], "--team", one["team"], "--json").stdout)
    assert (shown["study"]["asked"], shown["study"]["keep_days"]) == (False, 1)
    assert shown["overdue"]
    assert f"{one['team']} / {one['title']}  notes kept for 1 day" in heard(home, "studies").stdout
    always = heard(home, "study", one["title"], "--team", one["team"], "--keep-always").stdout
    assert "notes kept always, nobody was contacted for it." in always
    assert "study changed" in heard(home, "people", "audit").stdout
    assert heard(home, "study", "Astronauts").exit_code == 1
    assert heard(home, "study", one["title"], "--keep-days", "1", "--keep-always").exit_code == 2
    assert "No studies" in heard(tmp_path / "empty", "studies").stdout


_PEOPLE = [f"people {name}" for name in sorted(cast("click.Group", main.commands["people"]).commands)]


@pytest.mark.parametrize("command", ["", *sorted(main.commands), *_PEOPLE])
def test_every_command_has_help(command: str) -> None:
    done = CliRunner().invoke(main, [*command.split(), "--help"])
    assert done.exit_code == 0
    assert len(done.stdout.splitlines()) > 5


def test_forget_asks_for_the_pseudonym_to_be_typed(tmp_path: Path) -> None:
    note = tmp_path / "note.txt"
    note.write_text("P3: We gave up during setup, twice, because of the columns that it asks for.")
    heard(tmp_path / "home", "ingest", str(note), "--team", "Growth")
    command = ["forget", "P-0001", "--home", str(tmp_path / "home")]
    assert CliRunner().invoke(main, command, input="P-0002\n").exit_code == 1
    done = CliRunner().invoke(main, command, input="p-0001\n")
    assert "1 note deleted, 0 notes of several people cut, 1 passage" in " ".join(done.stdout.split()), done.output
    again = CliRunner().invoke(main, command)
    assert "nobody called “P-0001”" in " ".join(again.output.split())
    assert "0 notes erased" in heard(tmp_path / "home", "forget", "--overdue").stdout
    assert heard(tmp_path / "home", "forget").exit_code == 2

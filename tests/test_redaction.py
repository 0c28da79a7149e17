"""Redaction at the door: nothing after it sees a name, an address or a number of somebody's."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import ingest
from ingest.looking import dry_run
from ingest.models import Block, Source
from ingest.personal.known import KnownPerson
from ingest.redaction import Plain, decision_about, proposed, redacted
from ingest.roster import read_roster
from ingest.settling import Intake
from research.repository import Repository
from research.roster import take_in
from research.store.library import INTERVIEWER

Put = Callable[..., list[ingest.Outcome]]

CALL = """---
title: Call with Ottoline Varga about invoices
date: 2026-10-01
participant: Ottoline Varga
interviewer: Nadia Fennimore
---

## What ottoline does on Mondays

Nadia Fennimore: Hi Ottoline, how do you prepare the monthly numbers?

Ottoline: Thanks, Nadia. I export them, then ask Ruben Okafor, and Otoline's spreadsheet goes to ruben.okafor@harbour.example.

Nadia Fennimore: And where do I reach you, Ms Varga?

Ottoline: My name is Ottoline Varga, my number is +44 20 7946 0958, and the card was 4111 1111 1111 1111.
"""
NEVER = (b"ottoline", b"otoline", b"varga", b"fennimore", b"ruben", b"okafor", b"7946", b"4111 1111")


def test_nothing_that_is_stored_says_who_it_was(repo: Repository, put: Put) -> None:
    (done,) = put(repo, {"ottoline-varga.md": CALL})
    note = repo.note(done.note_id or "")
    assert note.summary.title == "Call with P-0001 about invoices"
    assert "ask [PERSON], and P-0001's spreadsheet goes to [EMAIL]." in note.text
    assert f"Thanks, {INTERVIEWER}." in note.text
    assert "My name is P-0001, my number is [PHONE], and the card was [CARD]." in note.text
    assert note.turns[0].heading == "What P-0001 does on Mondays"
    assert all(note.text[one.start : one.end] == one.text for one in note.passages)
    repo.close()
    for file in repo.home.rglob("*"):
        held = file.read_bytes().lower() if file.is_file() else b""
        assert not [word for word in NEVER if word in held], file


def test_what_was_replaced_keeps_its_kind_and_place_and_not_its_words(repo: Repository, put: Put) -> None:
    (done,) = put(repo, {"call.md": CALL})
    note = repo.note(done.note_id or "")
    kinds = {note.text[one.start : one.end]: one.kind for one in note.redactions}
    assert kinds == {
        "P-0001": "PERSON", INTERVIEWER: "PERSON", "[PERSON]": "PERSON", "[EMAIL]": "EMAIL", "[PHONE]": "PHONE",
        "[CARD]": "CARD",
    }  # fmt: skip
    assert all(0 < one.score <= 1 for one in note.redactions)


def test_each_row_of_a_spreadsheet_is_redacted_with_its_own_people(repo: Repository, put: Put) -> None:
    rows = (
        "participant,text\nOttoline Varga,I told ottoline everything.\nRuben Okafor,I have never met Ottoline Varga.\n"
    )
    put(repo, {"rows.csv": rows})
    texts = {passage.text for note in repo.notes() for passage in repo.note(note.id).passages}
    assert texts == {"I told P-0001 everything.", "I have never met [PERSON]."}


def test_a_person_can_undo_and_add_a_replacement(repo: Repository) -> None:
    source = Source("a.md", "a.md", CALL.encode())
    ((row, note, spans),) = dry_run(source, repo, Intake(team="Growth", study="S"))
    said = [note.everything[span.start : span.end] for span in spans]
    assert "Ruben Okafor" in said
    assert not repo.notes()
    assert not repo.people.all()
    decision = decision_about(note, spans, keep=["ruben  OKAFOR"], add=[("monthly numbers", "ACCOUNT_NUMBER")])
    (done,) = ingest.ingest_sources([source], repo, team="Growth", study="S", decisions={("a.md", row): decision})
    text = repo.note(done.note_id or "").text
    assert "then ask Ruben Okafor" in text
    assert "prepare the [ACCOUNT_NUMBER]?" in text
    (again,) = ingest.ingest_sources([source], repo, team="Growth", study="S")
    assert again.status == "updated"
    assert "Ruben" not in repo.note(again.note_id or "").text


def test_a_product_that_looks_like_a_person_stays_once_somebody_said_so(repo: Repository, put: Put) -> None:
    question = "P4: I asked Tilly what to do, and Tilly sent me an article on importing."
    put(repo, {"a.txt": question})
    assert "[PERSON]" in repo.note(repo.notes()[0].id).text
    repo.set_nobodys_names([" Tilly ", "", "Tilly"])
    assert repo.nobodys_names == ("Tilly",)
    put(repo, {"b.txt": question.replace("article", "answer")})
    assert any("I asked Tilly" in repo.note(note.id).text for note in repo.notes())


def test_redaction_can_be_left_out(repo: Repository, put: Put) -> None:
    (done,) = put(repo, {"call.md": CALL}, redact=False)
    note = repo.note(done.note_id or "")
    assert "ask Ruben Okafor" in note.text
    assert note.redactions == ()


def test_a_file_that_holds_nothing_leaves_nobody_behind(repo: Repository, put: Put) -> None:
    (done,) = put(repo, {"a.txt": "Interviewer: And what about Ottoline Varga?\n"})
    assert done.status == "failed"
    assert not repo.people.all()


@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None, max_examples=40)
@given(
    parts=st.lists(
        st.sampled_from(["Ottoline Varga said so.", "we export", "mail jo@x.example", "on Mondays", "ok", "Ask ottoline!"]),
        min_size=1, max_size=6,
    ),
    heading=st.sampled_from(["", "About Ottoline", "Export"]),
)  # fmt: skip
def test_marks_stand_where_they_say_and_nothing_else_changes(parts: list[str], heading: str) -> None:
    note = Plain(
        tuple(Block(part, heading=heading) for part in parts), "Call", (KnownPerson("P-0007", ("Ottoline Varga",)),)
    )
    (spans,) = proposed([note])
    done = redacted(note, spans)
    text = Plain(done.blocks, done.title).text
    assert len(done.blocks) == len(parts)
    assert "ttoline" not in text + done.blocks[0].heading
    assert [text[one.start : one.end] for one in done.marks] == [one.who or f"[{one.kind}]" for one in done.marks]
    undone = redacted(note, spans, decision_about(note, spans, keep=["Ottoline Varga", "Ottoline", "jo@x.example"]))
    assert undone.blocks == note.blocks
    assert not undone.marks


def test_the_command_says_what_would_be_replaced(tmp_path: Path) -> None:
    from click.testing import CliRunner

    from heard.cli import main

    (tmp_path / "call.md").write_text(CALL)
    home = str(tmp_path / "home")
    done = CliRunner().invoke(main, ["redaction", str(tmp_path / "call.md"), "--home", home, "--nobody", "Nadia"])
    assert "Ruben Okafor → [PERSON]" in done.output
    assert "Nobody's names: Nadia" in done.output


@pytest.mark.parametrize("kind", ["title", "text"])
def test_a_note_of_nobody_personal_stays_as_it_is(repo: Repository, put: Put, kind: str) -> None:
    (done,) = put(repo, {"a.txt": "P3: We gave up during setup, twice, because of the columns that it asks for."})
    note = repo.note(done.note_id or "")
    assert (note.summary.title if kind == "title" else note.text) == (
        "a" if kind == "title" else "We gave up during setup, twice, because of the columns that it asks for."
    )


ROSTER = """Name,Company
Ottoline Varga,Harbour
Grace Field,Harbour
Sizwe Mabena,Northwind
Will Long,Northwind
Ottoline Varga-Brook,Northwind
"""


def about(repo: Repository, put: Put, words: str, account: str = "") -> str:
    """What is stored of these words, said in a note of an account, with the roster taken in."""
    take_in(repo, read_roster(Source("roster.csv", "roster.csv", ROSTER.encode())).rows)
    head = f"---\naccount: {account}\n---\n\n" if account else ""
    (done,) = put(repo, {"hearsay.md": f"{head}P3: {words}\n"})
    return repo.note(done.note_id or "").text


ROSTERED = [
    ("I asked Sizwe Mabena twice.", "", "I asked P-0003 twice."),
    ("It was mabena, sizwe I think.", "", "It was P-0003 I think."),
    ("Then Sizwe Mabenna rang.", "", "Then P-0003 rang."),
    ("I asked Sizwe, a friend.", "", "I asked [PERSON], a friend."),
    ("I asked Sizwe, a colleague.", "Northwind", "I asked P-0003, a colleague."),
    ("I asked Sizwe, a competitor.", "Harbour", "I asked [PERSON], a competitor."),
    ("We asked Grace Field again.", "", "We asked P-0002 again."),
    ("There is a grace field in the form, and a will long gone.", "", "There is a grace field in the form, and a will long gone."),
    ("Will long calls be recorded?", "", "Will long calls be recorded?"),
    ("Ottoline Varga-Brook came.", "", "P-0005 came."),
]  # fmt: skip


@pytest.mark.parametrize(("words", "account", "stored"), ROSTERED)
def test_who_is_in_the_roster_is_replaced_by_their_pseudonym(
    repo: Repository, put: Put, words: str, account: str, stored: str
) -> None:
    """In full anywhere, and by a part of their name in a note of their account."""
    assert about(repo, put, words, account) == stored


def test_two_people_of_one_name_are_nobody_in_particular(repo: Repository, put: Put) -> None:
    take_in(repo, read_roster(Source("more.csv", "more.csv", b"Name,Company\nSizwe Mabena,Pinebrook\n")).rows)
    assert about(repo, put, "I asked Sizwe Mabena.") == "I asked [PERSON]."


def test_who_speaks_goes_before_their_namesake_in_the_roster(repo: Repository, put: Put) -> None:
    take_in(repo, read_roster(Source("roster.csv", "roster.csv", ROSTER.encode())).rows)
    head = "---\nparticipant: Sizwe Mabena\n---\n\n"
    (done,) = put(repo, {"a.md": f"{head}Sizwe Mabena: My name is Sizwe Mabena, I work with Grace Field.\n"})
    assert repo.note(done.note_id or "").text == "My name is P-0006, I work with P-0002."


def test_what_the_dry_run_shows_is_what_is_stored(repo: Repository) -> None:
    take_in(repo, read_roster(Source("roster.csv", "roster.csv", ROSTER.encode())).rows)
    ((_, note, spans),) = dry_run(Source("a.txt", "a.txt", b"P3: I asked Grace Field.\n"), repo, Intake(team="Growth"))
    assert [(span.who, note.everything[span.start : span.end]) for span in spans] == [("P-0002", "Grace Field")]


def test_names_are_unsealed_once_for_all_files_that_are_looked_through(
    repo: Repository, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    take_in(repo, read_roster(Source("roster.csv", "roster.csv", ROSTER.encode())).rows)
    times, names = [], repo.people.names

    def counted() -> list[tuple[str, str, str]]:
        times.append(1)
        return names()

    monkeypatch.setattr(repo.people, "names", counted)
    for name in ("a.txt", "b.txt", "c.txt"):
        (tmp_path / name).write_text("P3: I asked Grace Field.\n", encoding="utf-8")
    done = list(ingest.dry_runs([tmp_path / "a.txt", tmp_path / "b.txt", tmp_path / "c.txt"], repo))
    assert [found for _, found in done] == [[("Grace Field", "P-0002", 1)]] * 3
    assert len(times) == 1

"""Erasure that erases: afterwards no file of the repository holds a byte of somebody's words or name."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from threading import Timer

import pytest
import servers
from sqlalchemy import select

import ingest
from research.errors import BadInput, NotFound
from research.identity import Identity
from research.insight import Request
from research.repository import Repository
from research.store import schema

Put = Callable[..., list[ingest.Outcome]]

ALONE = """---
date: 2026-10-01
participant: Ottoline Varga
---

Interviewer: How do you prepare the monthly numbers?

Ottoline: The xylophone spreadsheet devours my quincunx every zephyrous month.
"""
TOGETHER = """Interviewer: What do you both do on Mondays?

Ottoline Varga: I quarantine the bezique invoices until somebody calls.

Ruben Okafor: I print the lists. Ottoline Varga always waits for somebody, and so do I on Mondays.

Ottoline Varga: The flummery import never finishes.

Ruben Okafor: Mine does, because I split the file into three before the import.
"""
ELSEWHERE = "P4: It was ottoline varga who told me that the spreadsheet is broken, and she was right about it."
WORDS = (b"xylophone", b"quincunx", b"zephyr", b"bezique", b"flummeri", b"flummery", b"ottoline", b"varga")


@pytest.fixture
def heard(repo: Repository, put: Put) -> Repository:
    put(repo, {"a.md": ALONE, "b.txt": TOGETHER}, team="Growth", redact=False)  # as older notes are
    put(repo, {"c.txt": ELSEWHERE}, team="Support", redact=False)
    repo.people.identify("P-0001", Identity("Ottoline Varga", "ottoline@varga.example", "CRM-5"))
    repo.people.consent("P-0001", given=date(2026, 1, 1))
    repo.people.plan("P-0001", date(2027, 6, 1), team="Growth")
    return repo


def held(repo: Repository) -> list[tuple[str, bytes]]:
    """The files that hold one of her words or her name, with it; PostgreSQL's too, but not its log of changes."""
    files = {file.name: file.read_bytes() for file in repo.home.rglob("*") if file.is_file()}
    if repo.settings.servers.database:
        files |= servers.files(repo.settings.servers.database)
    return [(name, word) for name, content in files.items() for word in WORDS if word in content.lower()]


def test_afterwards_no_file_holds_a_byte_of_it(heard: Repository) -> None:
    assert heard.search("spreadsheet devours")[0].participant == "P-0001"
    assert held(heard)
    receipt = heard.forget("P-0001")
    assert not held(heard)  # while everything is open
    heard.close()
    assert not held(heard)
    assert (receipt.notes_deleted, receipt.notes_cut, receipt.names_replaced) == (1, 1, 2)


def test_nor_does_anything_that_is_written_about_insights(heard: Repository) -> None:
    named = "what ottoline  varga asked for"
    code = heard.insights.add(named, owner=named, contrary=named, request=Request("Ottoline Varga", named, f"{named}."))
    (hit, *_) = heard.search("spreadsheet devours my quincunx")
    heard.insights.link(code, hit.id, "for")
    heard.insights.decide(code, "supported", named)
    heard.insights.outcome(code, named, before=named, target=named)
    heard.insights.happened(code, named)
    heard.insights.kata(code, now=named, obstacle=named, experiment=named, learned=named)
    heard.insights.change(code, statement=f"{named}, again")
    heard.forget("P-0001")
    assert not held(heard)
    one = heard.insights.one(code)
    assert one.statement == "what P-0001 asked for, again"
    assert [(line.sign, line.hit) for line in one.evidence] == [("for", None)]


def test_the_others_keep_what_they_said_and_are_found_by_it(heard: Repository) -> None:
    heard.forget("P-0001")
    texts = {hit.text for hit in heard.search("Mondays split the file before the import")}
    assert "Mine does, because I split the file into three before the import." in texts
    assert "I print the lists. P-0001 always waits for somebody, and so do I on Mondays." in texts
    (hit, *_) = heard.search("who told me that the spreadsheet is broken")
    assert hit.text == "It was P-0001 who told me that the spreadsheet is broken, and she was right about it."
    assert all(finding.ok for finding in heard.doctor())
    assert heard.status().pending == 0


def test_nobody_can_be_asked_about_them_any_more_but_the_audit_says_that_it_was_done(heard: Repository) -> None:
    heard.forget("p-0001")
    with pytest.raises(NotFound):
        heard.people.one("P-0001")
    with pytest.raises(NotFound):
        heard.forget("P-0001")
    assert (heard.people.audit()[0].what, heard.people.audit()[0].about) == ("forgotten", "P-0001")


def test_an_erasure_that_was_cut_off_is_found_and_finished(heard: Repository, monkeypatch: pytest.MonkeyPatch) -> None:
    def cut_off() -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as broken:
        broken.setattr(heard.index, "purge", cut_off)
        with pytest.raises(KeyboardInterrupt):
            heard.forget("P-0001")
    assert not heard.search("spreadsheet devours my quincunx", participant="P-0001")
    assert next(finding.check for finding in heard.doctor() if not finding.ok) == "erasure"
    assert held(heard)
    assert all(finding.ok for finding in heard.doctor(repair=True))
    assert not held(heard)


def test_notes_are_kept_as_long_as_their_study_says(heard: Repository) -> None:
    heard.keep_study("Growth", "Study", asked=True, keep_days=30)
    (due,) = heard.overdue()  # the other note has no date
    assert due.title == "a"
    assert heard.erase_overdue() == 1
    assert not heard.overdue()
    assert not [word for _, word in held(heard) if word in (b"xylophone", b"quincunx")]
    assert heard.people.audit()[0].detail == "1 note of studies that keep them no longer"


def test_only_what_somebody_has_looked_at_is_erased(heard: Repository) -> None:
    heard.keep_study("Growth", "Study", keep_days=30)
    assert heard.erase_overdue(only=[]) == 0
    assert heard.erase_overdue(only=[note.id for note in heard.notes()]) == 1  # the others are not overdue


def test_what_is_due_is_told_before_it_is(heard: Repository) -> None:
    growth, support = heard.retention()
    assert (growth.overdue, growth.coming, growth.undated) == (0, (), 0)
    heard.keep_study("Growth", "Study", keep_days=52)  # a day more than have passed
    growth, support = heard.retention()
    assert (growth.overdue, growth.coming, growth.undated) == (0, ((date(2026, 11, 23), 1),), 1)
    assert not heard.overdue()
    heard.keep_study("Growth", "Study", keep_days=51)
    assert (heard.retention()[0].overdue, len(heard.overdue())) == (1, 1)
    assert support.study.keep_days is None


def test_one_thing_that_a_study_says_leaves_the_other(heard: Repository) -> None:
    heard.keep_study("Growth", "Study", asked=False)
    heard.keep_study("Growth", "Study", keep_days=9)
    study = heard.studies()[0]
    assert (study.asked, study.keep_days) == (False, 9)


def test_studies_that_asked_nobody_are_no_contact(heard: Repository) -> None:
    heard.people.unplan(heard.people.contacts("P-0001")[0].number)
    assert heard.people.one("P-0001").standing.state == "resting"
    heard.keep_study("Growth", "Study", asked=False, keep_days=None)
    assert heard.people.one("P-0001").standing.state == "free"
    with pytest.raises(BadInput, match="at least one day"):
        heard.keep_study("Growth", "Study", asked=True, keep_days=0)
    with pytest.raises(NotFound):
        heard.keep_study("Growth", "Nothing", asked=True, keep_days=1)


def test_the_same_files_do_not_bring_them_back(heard: Repository, put: Put) -> None:
    heard.forget("P-0001")
    put(heard, {"a.md": ALONE, "b.txt": TOGETHER}, team="Growth")
    assert "quarantine" not in " ".join(hit.text for hit in heard.search("Mondays invoices quarantine", limit=50))
    assert not [word for _, word in held(heard) if word not in (b"ottoline", b"varga")]


def test_questions_and_searches_about_somebody_go_with_them(heard: Repository) -> None:
    heard.kept.keep_questions(["What does Ottoline Varga do on Mondays?", "Who pays?"], team="Growth")
    heard.kept.follow("Growth", "ottoline varga spreadsheet")
    heard.forget("P-0001")
    assert [one.line for one in heard.kept.questions()] == ["Who pays?"]
    assert not heard.kept.searches("Growth")
    assert held(heard) == []


def test_an_erasure_waits_for_who_still_sees_what_was_erased(heard: Repository) -> None:
    reading = heard.engine.connect()
    reading.execute(select(schema.passage.c.text)).all()
    Timer(1, reading.close).start()
    heard.forget("P-0001")
    assert reading.closed
    assert not held(heard)


def test_a_repository_in_which_nothing_is_left_is_whole_and_takes_notes_again(heard: Repository, put: Put) -> None:
    for person in heard.people.all():
        heard.forget(person.pseudonym)
    with heard.index.writer("Purging again"):  # as after one that was cut off, which has told Chroma all
        heard.index.purge()
    assert not heard.search("spreadsheet")
    assert all(finding.ok for finding in heard.doctor())
    put(heard, {"d.txt": "P9: The calendar swallows every second appointment."})
    assert len(heard.search("calendar")) == 1
    assert all(finding.ok for finding in heard.doctor())

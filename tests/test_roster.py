"""Rosters: read with all their oddities, taken in as a whole or not at all, and no name in plain words anywhere."""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Callable
from datetime import date
from pathlib import Path

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import ingest
import research
from ingest.models import Source
from ingest.readers import NeedsMapping
from ingest.roster import MEANINGS, read_roster, recognised
from research.contact import Consent
from research.errors import BadInput
from research.identity import Identity
from research.repository import Repository
from research.roster import Imported, RosterRow, take_in

Put = Callable[..., list[ingest.Outcome]]

HEAD = "Name,E-mail,CRM ID,Company,Segment,Job title,Do not contact,Consent given,Consent expires,Last contacted,Notes"
DANA = "Dana Whitlock,dana@northwind.example,C-1,Northwind,clinic manager,,no,2026-01-10,2026-12-01,2026-10-02,mornings"
SAM = "Sam Oduya,sam@harbour.example,C-2,Harbour,front desk,,yes,,,,"
KIM = "Kim Varga,,,Pinebrook,owner,dentist,,,,,"


def sheet(*rows: str, head: str = HEAD, name: str = "roster.csv") -> Source:
    return Source(name, name, "\n".join((head, *rows)).encode())


def taken(repo: Repository, *rows: str, head: str = HEAD, dry_run: bool = False) -> Imported:
    return take_in(repo, read_roster(sheet(*rows, head=head)).rows, dry_run=dry_run)


def counts(done: Imported) -> dict[str, int]:
    return dict(Counter(row.status for row in done.rows))


# -- reading -----------------------------------------------------------------------------------------------------------


def test_usual_headers_say_what_they_mean() -> None:
    assert recognised(HEAD.split(",")) == {
        "name": "Name", "email": "E-mail", "crm": "CRM ID", "account": "Company", "segment": "Segment",
        "role": "Job title", "no_contact": "Do not contact", "given": "Consent given", "expires": "Consent expires",
        "contacted": "Last contacted", "note": "Notes",
    }  # fmt: skip
    assert recognised(["ID", "Phone", "Full name", "name"]) == {"name": "Full name"}
    headers = [header for headers in MEANINGS.values() for header in headers]
    assert len(headers) == len(set(headers))


def test_a_row_is_read_whole() -> None:
    (row,) = read_roster(sheet(DANA)).rows
    assert row == RosterRow(
        2, Identity("Dana Whitlock", "dana@northwind.example", "C-1", "mornings"), "clinic manager",
        "Northwind", "", "", Consent("research", date(2026, 1, 10), date(2026, 12, 1)), date(2026, 10, 2),
    )  # fmt: skip


def test_columns_are_mapped_by_hand_and_left_out() -> None:
    source = sheet("Dana,lead,VIP", head="Wer,Rolle,Status")
    with pytest.raises(NeedsMapping, match="says who somebody is") as raised:
        read_roster(source)
    assert raised.value.columns == ("Wer", "Rolle", "Status")
    roster = read_roster(source, {"name": "wer", "role": "Rolle", "status": ""})
    assert (roster.rows[0].identity.name, roster.rows[0].role, roster.unused) == ("Dana", "lead", ("Status",))
    with pytest.raises(BadInput, match="has no column “Nom”"):
        read_roster(source, {"name": "Nom"})
    with pytest.raises(BadInput, match="nothing that a column can mean"):
        read_roster(source, {"phone": "Wer"})


def test_first_and_last_names_are_one_name_and_nothing_is_what_n_a_says() -> None:
    (row,) = read_roster(sheet("Dana,Whitlock,n/a,-", head="First name,Last name,E-mail,Company")).rows
    assert (row.identity, row.account) == (Identity("Dana Whitlock"), "")


@pytest.mark.parametrize(
    ("head", "cell", "mark"),
    [
        ("Status", "Opted out", "opted out"),
        ("Status", "do_not_contact", "do not contact"),
        ("Status", "active", ""),
        ("DNC", "x", "do not contact"),
        ("DNC", "no", ""),
        ("Unsubscribed", "2026-03-01", "opted out"),
    ],
)
def test_what_people_said_about_contact_is_understood(head: str, cell: str, mark: str) -> None:
    (row,) = read_roster(sheet(f"Dana,{cell}", head=f"Name,{head}")).rows
    assert (row.mark, row.error) == (mark, "")


@pytest.mark.parametrize(
    ("head", "cell", "sentence"),
    [
        ("Last contacted", "last week", "Row 2: the last contact is not a date"),
        ("Consent given", "31.31.2026", "Row 2: the day of consent is not a date"),
        ("Consent expires", "2026-03-01", "a consent needs the day on which it was given"),
        ("E-mail", "dana at northwind", "the e-mail address is none"),
        ("Status", "VIP", "the status is none that Heard knows"),
        ("DNC", "perhaps", "neither yes nor no"),
        ("Company", "x" * 201, "more than 200 characters"),
    ],
)
def test_a_row_that_cannot_be_used_says_why_and_quotes_no_name(head: str, cell: str, sentence: str) -> None:
    (row,) = read_roster(sheet(f"Dana Whitlock,{cell}", head=f"Name,{head}")).rows
    assert sentence in row.error
    assert "Dana" not in row.error
    assert "at northwind" not in row.error


@pytest.mark.parametrize(
    ("cell", "consent"),
    [
        ("yes,2026-01-10", Consent("research", date(2026, 1, 10))),
        ("interviews,2026-01-10", Consent("interviews", date(2026, 1, 10))),
        ("2026-01-10,", Consent("research", date(2026, 1, 10))),
        ("no,2026-01-10", None),
        (",", None),
    ],
)
def test_a_consent_is_read_from_a_yes_a_purpose_or_a_day(cell: str, consent: Consent | None) -> None:
    assert read_roster(sheet(f"Dana,{cell}", head="Name,Consent,Consent given")).rows[0].consent == consent


def test_days_are_read_in_the_order_that_their_column_shows() -> None:
    rows = read_roster(sheet("A,03/04/2026", "B,25/04/2026", head="Name,Last contacted")).rows
    assert [row.contacted for row in rows] == [date(2026, 4, 3), date(2026, 4, 25)]


def test_workbooks_and_tabs_are_read_alike() -> None:
    book = openpyxl.Workbook()
    assert book.active is not None
    book.active.append(HEAD.split(","))
    book.active.append([*DANA.split(",")[:7], date(2026, 1, 10), date(2026, 12, 1), date(2026, 10, 2), "mornings"])
    held = io.BytesIO()
    book.save(held)
    rows = read_roster(Source("r.xlsx", "r.xlsx", held.getvalue())).rows
    tabs = sheet(DANA.replace(",", "\t"), head=HEAD.replace(",", "\t"), name="r.tsv")
    assert rows == read_roster(tabs).rows == read_roster(sheet(DANA)).rows


@pytest.mark.parametrize("name", ["r.csv", "r.xlsx", "r.tsv", "r.docx"])
def test_what_is_no_roster_is_a_sentence(name: str) -> None:
    for data in (b"", b"\x00\x01\x02", b"Name\n", b"PK\x03\x04 nothing"):
        with pytest.raises(BadInput):
            read_roster(Source(name, name, data))


# -- taking in ---------------------------------------------------------------------------------------------------------


def test_who_is_on_a_roster_becomes_a_participant(repo: Repository) -> None:
    done = taken(repo, DANA, SAM, KIM)
    assert counts(done) == {"added": 3}
    dana, sam, kim = repo.people.all()
    assert (dana.pseudonym, dana.account, dana.segment, dana.notes) == ("P-0001", "Northwind", "clinic manager", 0)
    assert repo.people.identity("P-0001") == Identity("Dana Whitlock", "dana@northwind.example", "C-1", "mornings")
    assert (dana.standing.state, dana.contacts) == ("resting", 1)
    assert [(one.pseudonym, day) for one, day in repo.people.expiring()] == [("P-0001", date(2026, 12, 2))]
    assert sam.standing.state == "do not contact"
    assert (kim.role, kim.standing.state) == ("dentist", "free")


def test_the_same_roster_again_changes_nothing(repo: Repository) -> None:
    taken(repo, DANA, SAM, KIM)
    audit = repo.people.audit()
    assert counts(taken(repo, DANA, SAM, KIM)) == {"unchanged": 3}
    assert repo.people.audit() == audit


def test_a_dry_run_says_the_same_and_changes_nothing(repo: Repository) -> None:
    taken(repo, SAM)
    dry = taken(repo, DANA, SAM.replace("front desk", "owner"), ",,,,,,,,,,x", dry_run=True)
    assert counts(dry) == {"added": 1, "updated": 1, "failed": 1}
    assert [one.segment for one in repo.people.all()] == ["front desk"]
    assert len(repo.people.audit()) == 2
    real = taken(repo, DANA, SAM.replace("front desk", "owner"), ",,,,,,,,,,x")
    assert counts(real) == counts(dry)
    assert real.rows[0].participant == "P-0002"


def test_somebody_is_known_again_by_address_by_id_or_by_name_and_account(repo: Repository) -> None:
    taken(repo, DANA, KIM)
    assert counts(taken(repo, "D. Whitlock,DANA@Northwind.example,,,,,,,,,")) == {"updated": 1}
    assert counts(taken(repo, ",dana.w@northwind.example,c-1,,,,,,,,")) == {"updated": 1}
    assert repo.people.identity("P-0001") == Identity("D. Whitlock", "dana.w@northwind.example", "c-1", "mornings")
    assert counts(taken(repo, "kim varga,kim@pinebrook.example,,pinebrook,,,,,,,")) == {"updated": 1}
    assert len(repo.people.all()) == 2


def test_namesakes_with_other_addresses_are_other_people(repo: Repository) -> None:
    first = "Kim Varga,a@x.example,,Pinebrook,,,,,,,"
    second = "Kim Varga,b@x.example,,Pinebrook,,,,,,,"
    assert counts(taken(repo, first, second)) == {"added": 2}
    assert counts(taken(repo, first, second)) == {"unchanged": 2}


def test_a_blank_cell_erases_nothing(repo: Repository) -> None:
    taken(repo, DANA)
    assert counts(taken(repo, "Dana Whitlock,dana@northwind.example,,,,,,2026-01-10,,,")) == {"unchanged": 1}
    assert repo.people.one("P-0001").segment == "clinic manager"
    assert repo.people.one("P-0001").consents == (Consent("research", date(2026, 1, 10), date(2026, 12, 1)),)


def test_an_opt_out_is_never_taken_back_and_goes_before_any_other_mark(repo: Repository) -> None:
    taken(repo, DANA, SAM)
    repo.people.mark("P-0001", "opted out")
    assert counts(taken(repo, DANA)) == {"unchanged": 1}
    taken(repo, DANA.replace(",no,", ",yes,"), "Sam,sam@harbour.example,,,,,no,,,,")
    assert [one.standing.state for one in repo.people.all()] == ["opted out", "do not contact"]
    assert counts(taken(repo, "sam@harbour.example,opted out", head="E-mail,Status")) == {"updated": 1}
    assert repo.people.one("P-0002").standing.state == "opted out"


def test_a_withdrawn_consent_comes_back_by_a_later_one_only(repo: Repository) -> None:
    taken(repo, DANA)
    repo.people.withdraw("P-0001")
    assert counts(taken(repo, DANA)) == {"unchanged": 1}
    assert counts(taken(repo, "dana@northwind.example,interviews,2026-02-01", head="E-mail,Consent,Given")) == {
        "unchanged": 1
    }
    assert repo.people.one("P-0001").standing.why == "consent was withdrawn"
    taken(repo, DANA.replace("2026-01-10,2026-12-01", "2026-11-23,2027-12-01"))
    assert repo.people.one("P-0001").standing.state == "resting"


def test_rows_at_odds_are_sentences_and_the_others_are_taken_in(repo: Repository) -> None:
    taken(repo, DANA, SAM)
    done = taken(
        repo,
        "X,dana@northwind.example,C-2,,,,,,,,",
        "Y,dana@northwind.example,C-9,,,,,,,,",
        ",,,Northwind,,,,,,,",
        "Z,z@x.example,,,,,,,,2027-01-01,",
        "Sam Oduya,sam@harbour.example,,,,,,,,,",
        "Sam O.,,C-2,,,,,,,,",
        KIM,
    )
    assert [row.status for row in done.rows] == [*["failed"] * 4, "unchanged", "failed", "added"]
    sentences = [row.error for row in done.of("failed")]
    assert "the e-mail address is P-0001's and the CRM id is P-0002's" in sentences[0]
    assert "who has another CRM id" in sentences[1]
    assert "has no name, no e-mail address and no CRM id" in sentences[2]
    assert "lies in the future" in sentences[3]
    assert sentences[4] == "Row 7 is about the same person as row 6. Leave one of them out."


def test_a_name_that_was_heard_before_is_a_suggestion_and_no_more(repo: Repository, put: Put) -> None:
    put(repo, {"a.md": "---\nparticipant: Dana Whitlock\naccount: Northwind\n---\nDana: The export is far too slow.\n"})
    done = taken(repo, DANA, SAM)
    assert (counts(done), done.suggested) == ({"added": 2}, 1)
    (pair,) = repo.people.suggestions()
    assert (pair.one.pseudonym, pair.other.pseudonym, pair.alike) == ("P-0001", "P-0002", True)
    repo.people.merge("P-0001", "P-0002")
    assert taken(repo, DANA).rows[0].participant == "P-0001"
    assert repo.people.one("P-0001").notes == 1


def test_who_was_forgotten_is_not_brought_back(repo: Repository) -> None:
    taken(repo, DANA, SAM, ",anon@x.example,,,,,,,,,")
    for pseudonym in ("P-0001", "P-0003"):
        repo.forget(pseudonym)
    done = taken(repo, DANA, SAM, ",anon@x.example,,,,,,,,,")
    assert [row.status for row in done.rows] == ["failed", "unchanged", "failed"]
    assert "somebody who was forgotten" in done.rows[0].error


def test_when_anything_breaks_nothing_was_taken_in(repo: Repository, monkeypatch: pytest.MonkeyPatch) -> None:
    taken(repo, SAM)
    rows = read_roster(sheet(DANA, KIM)).rows
    put_contact = research.roster.contacts.put_contact

    def breaks(*_: object) -> int:
        raise RuntimeError("the disk is full")

    monkeypatch.setattr(research.roster.contacts, "put_contact", breaks)
    with pytest.raises(RuntimeError):
        take_in(repo, rows)
    monkeypatch.setattr(research.roster.contacts, "put_contact", put_contact)
    assert len(repo.people.all()) == 1
    assert take_in(repo, rows).rows[0].participant == "P-0002"


_cells = st.one_of(
    st.text(max_size=20),
    st.sampled_from(
        ["", "yes", "opted out", "2026-03-01", "n/a", "=1+1", "Kim", "k@x.example", "\x00", "'\"", "P-0001"]
    ),
)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=st.lists(st.lists(_cells, min_size=11, max_size=11), min_size=1, max_size=6), number=st.integers(0, 10**6))
def test_any_text_in_any_cell_is_taken_in_or_a_sentence_and_no_identity_is_in_plain_words(
    rows: list[list[str]], number: int, open_repo: Callable[..., Repository], tmp_path: Path
) -> None:
    named = f"Zqx{number}wv Ykjh{number}"
    rows[0][:3] = [named, f"zqx{number}wv@ykjh.example", f"Crm{number}zqx"]
    out = io.StringIO()
    csv.writer(out).writerows([HEAD.split(","), *rows])
    repo = open_repo(tmp_path / f"home-{number}-{hash(out.getvalue())}")
    try:
        roster = read_roster(Source("r.csv", "r.csv", out.getvalue().encode("utf-8", "surrogatepass")))
    except BadInput:
        return
    done = take_in(repo, roster.rows)
    assert len(done.rows) == len(roster.rows)
    again = take_in(repo, roster.rows)
    assert {row.status for row in again.rows} <= {"unchanged", "failed"}
    assert all(named not in row.error for row in done.rows)
    repo.close()
    held = b"".join(file.read_bytes() for file in repo.home.rglob("*") if file.is_file()).lower()
    for word in (f"zqx{number}wv", f"ykjh{number}", f"crm{number}zqx"):
        assert word.encode() not in held

"""People, a person's page, importing a roster, rules and audit: as whoever plans research clicks through them."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable
from datetime import date
from urllib.parse import quote

import pytest
from visiting import Visit, click, shown

import ingest
from ingest.models import Source
from ingest.roster import read_roster
from research.identity import Identity
from research.repository import Repository
from research.roster import take_in

Put = Callable[..., list[ingest.Outcome]]
NOTE = "---\ndate: {}\nparticipant: Dana Whitlock\naccount: Northwind\n---\nDana: The export is far too slow, {}.\n"


@pytest.fixture
def asked(sample_repo: Repository, put: Put) -> Repository:
    """The samples, and Dana, whom two teams heard: P-0006 and P-0007."""
    put(sample_repo, {"dana.md": NOTE.format("2026-10-01", "every month")}, "Growth", "Exports")
    put(sample_repo, {"dana.md": NOTE.format("2026-03-02", "as ever")}, "Support", "Calls")
    return sample_repo


def test_one_sentence_says_who_is_there_and_whom_one_may_ask(asked: Repository, visit: Visit) -> None:
    asked.people.consent("P-0001", given=date(2026, 1, 1), expires=date(2026, 12, 1))
    html = shown(visit(asked, "people"))
    assert "7 people, " in html
    assert '<a class="hd-a " href="people?state=free">1 free to ask</a>; nobody is over-asked and ' in html
    assert 'href="people?only=ending">the consent of 1 ends within 30 days</a>' in html
    rows = re.findall(r'class="hd-a hd-study" href="person\?id=(P-\d+)"', html)
    assert rows[0] == "P-0007"
    assert "resting until 12 Jan</span>" in html
    assert "contacted on 14 Oct 2026" in html


def test_the_address_narrows_the_list_and_pills_write_it(asked: Repository, visit: Visit) -> None:
    asked.people.merge("P-0006", "P-0007")
    at = visit(asked, "people", account="northwind", only="several")
    assert shown(at).count("hd-study") == 1
    assert "P-0006, Northwind" in shown(at)
    assert [one.label for one in at.button if str(one.key).startswith("hd-on-")] == [
        "northwind",
        "heard by several teams",
    ]
    at = visit(asked, "people")
    at.pills(key="hd_p_state").set_value(["resting"]).run()
    assert at.query_params["state"] == "resting"
    at = visit(asked, "people", segment="astronaut")
    assert "Nobody is like that." in shown(at)


def test_three_thousand_people_come_in_pages(repo: Repository, visit: Visit) -> None:
    rows = "\n".join(f"Person {n},Account {n % 40},segment {n % 20}" for n in range(120))
    take_in(repo, read_roster(Source("r.csv", "r.csv", f"Name,Account,Segment\n{rows}".encode())).rows)
    first, third = (shown(visit(repo, "people", page=page)) for page in ("1", "3"))
    assert (first.count("hd-study"), third.count("hd-study")) == (50, 20)
    assert "page 1 of 3" in first
    assert "Before" in third
    assert shown(visit(repo, "people", page="99")).count("hd-study") == 20


def test_namesakes_are_asked_about_once(asked: Repository, visit: Visit) -> None:
    at = visit(asked, "people")
    assert "have the same name and account: one person?" in shown(at)
    at = click(at, "One person")
    assert "cannot be undone" in shown(at)
    assert len(asked.people.all()) == 7
    at.button(key="hd_merge").click().run()
    assert asked.people.one("P-0006").teams == ("Growth", "Support")
    assert "one person?" not in shown(visit(asked, "people"))


def test_who_is_two_people_is_not_asked_about_again(asked: Repository, visit: Visit) -> None:
    at = click(visit(asked, "people", view="pairs"), "Two people")
    assert "are two people" in shown(at).replace("\\", "")
    assert not asked.people.suggestions()
    assert "No two participants look like one person" in shown(visit(asked, "people", view="pairs"))


def test_a_pair_of_whom_one_must_not_be_contacted_comes_first(asked: Repository, visit: Visit) -> None:
    asked.people.mark("P-0007", "opted out")
    assert "<b>P-0007 has opted out</b>" in shown(visit(asked, "people"))


# -- a person's page ---------------------------------------------------------------------------------------------------


def test_a_person_page_says_what_they_said_and_whether_they_may_be_asked(asked: Repository, visit: Visit) -> None:
    html = shown(visit(asked, "person", id="P-0002"))
    assert "P-0002, clinic manager, Northwind" in html
    assert "Resting until 12 Jan: contacted on 14 Oct 2026." in html
    assert "Importing the patient list took us four days" in html
    assert "Setting up at Northwind" in html
    assert "Quillfeather" not in html
    assert "This person is not here" in shown(visit(asked, "person", id="P-9999"))


def test_a_day_is_reserved_and_taken_back(asked: Repository, visit: Visit) -> None:
    at = visit(asked, "person", id="P-0007")
    at.date_input(key="hd_day").set_value(date(2026, 12, 3)).run()
    at.selectbox(key="hd_plan_team").set_value("Billing").run()
    at.text_input(key="hd_purpose").set_value("pricing test").run()
    at.button(key="hd_reserve").click().run()
    assert "is reserved for 3 Dec 2026" in shown(at).replace("\\", "")
    (contact,) = asked.people.contacts("P-0007")
    assert (contact.day, contact.team, contact.purpose) == (date(2026, 12, 3), "Billing", "pricing test")
    assert "planned for 3 Dec 2026" in shown(visit(asked, "people", state="resting"))
    click(visit(asked, "person", id="P-0007"), "Take back")
    assert not asked.people.contacts("P-0007")


def test_a_rest_is_overridden_with_a_reason_only(asked: Repository, visit: Visit) -> None:
    at = visit(asked, "person", id="P-0002")
    at.button(key="hd_reserve").click().run()
    assert "P-0002 is resting until 12 Jan " in shown(at)
    at.button(key="hd_override").click().run()
    assert not asked.people.contacts("P-0002")
    at.text_input(key="hd_reason").set_value("asked us to call back").run()
    at.button(key="hd_override").click().run()
    assert asked.people.contacts("P-0002")[0].reason == "asked us to call back"
    assert asked.people.audit()[0].what == "rest overridden"
    assert "although at rest: asked us to call back" in shown(at)


def test_no_reason_is_offered_for_who_opted_out(asked: Repository, visit: Visit) -> None:
    at = visit(asked, "person", id="P-0007")
    at.pills(key="hd_mark").set_value("opted out").run()
    assert asked.people.one("P-0007").standing.state == "opted out"
    at.button(key="hd_reserve").click().run()
    assert "No reason overrides that" in shown(at)
    assert not [one for one in at.button if one.key == "hd_override"]
    at = visit(asked, "person", id="P-0007")
    at.pills(key="hd_mark").set_value("").run()
    assert asked.people.one("P-0007").standing.state == "free"


def test_consent_is_written_down_and_withdrawn_after_asking(asked: Repository, visit: Visit) -> None:
    at = visit(asked, "person", id="P-0001")
    at.date_input(key="hd_given").set_value(date(2026, 2, 1)).run()
    at.date_input(key="hd_expires").set_value(date(2026, 1, 1)).run()
    at.button(key="hd_consent").click().run()
    assert "Check the two dates" in shown(at)
    at.date_input(key="hd_expires").set_value(date(2027, 1, 1)).run()
    at.button(key="hd_consent").click().run()
    assert "research: from 1 Feb 2026 until 1 Jan 2027" in shown(at)
    at = click(at, "Withdraw")
    assert "nothing that <b>P-0001</b> said is shown any more" in shown(at)
    assert asked.people.one("P-0001").standing.state == "resting"
    at.button(key="hd_withdrawn").click().run()
    assert "consent was withdrawn" in shown(visit(asked, "person", id="P-0001"))
    assert "It is not shown, because their consent has ended" in shown(visit(asked, "person", id="P-0001"))


def test_who_somebody_is_shows_on_demand_and_is_written_down(asked: Repository, visit: Visit) -> None:
    at = visit(asked, "person", id="P-0002")
    assert "Looking is written in the audit" in shown(at)
    at.button(key="hd_show").click().run()
    assert at.text_input(key="hd_name_P-0002").value == "Marta Quillfeather"
    assert [one.what for one in asked.people.audit()] == ["identity seen"]
    at.text_input(key="hd_email_P-0002").set_value("marta@northwind.example")
    click(at, "Save who this is")
    assert asked.people.identity("P-0002") == Identity("Marta Quillfeather", "marta@northwind.example")
    assert "Quillfeather" not in shown(visit(asked, "person", id="P-0003"))


# -- wherever people are shown -----------------------------------------------------------------------------------------


def test_search_note_and_library_say_whether_one_may_ask(asked: Repository, visit: Visit) -> None:
    asked.people.mark("P-0002", "opted out")
    link = r'<a class="hd-a hd-ask hd-never" href="person\?id=P-0002" title="[^"]+">opted out</a>'
    assert re.search(link, shown(visit(asked, q="importing the patient list")))
    assert re.search(link, shown(visit(asked, "library", team="Growth", study="Onboarding Q3")))
    (note,) = asked.notes(participant="P-0002")
    assert re.search(link, shown(visit(asked, "note", id=note.id)))


def test_a_note_says_how_much_of_it_is_hidden(asked: Repository, visit: Visit) -> None:
    (note,) = asked.notes(participant="P-0002")
    asked.people.withdraw("P-0002")
    html = shown(visit(asked, "note", id=note.id))
    assert "3 turns are not shown because their speakers’ consent has ended." in html
    assert "patient list" not in html


# -- a roster ----------------------------------------------------------------------------------------------------------


def test_a_roster_is_looked_over_before_it_is_taken_in(repo: Repository, visit: Visit) -> None:
    at = visit(repo, "people", view="roster")
    data = b"Name,E-mail,Firm\nDana Whitlock,dana@northwind.example,Northwind\nSam,not an address,Harbour\n"
    at.file_uploader[0].set_value([("r.csv", data, "text/csv")]).run()
    html = shown(at)
    assert "2 rows: 1 cannot be used and 1 new." in html
    assert "the e-mail address is none" in html
    assert not repo.people.all()
    account = next(one for one in at.selectbox if one.label == "Account")
    account.set_value("Firm").run()
    assert "<td>Northwind</td>" in shown(at)
    at.button(key="hd_take_in").click().run()
    assert "The roster is in" in shown(at).replace("\\", "")
    assert [one.account for one in repo.people.all()] == ["Northwind"]


def test_a_roster_whose_columns_nobody_knows_asks_for_them(repo: Repository, visit: Visit) -> None:
    at = visit(repo, "people", view="roster")
    at.file_uploader[0].set_value([("r.csv", b"Wer,Wo\nDana,Northwind\n", "text/csv")]).run()
    assert "says who somebody is" in shown(at)
    next(one for one in at.selectbox if one.label == "Name").set_value("Wer").run()
    assert "1 row: 1 new." in shown(at)
    at.file_uploader[0].set_value([("r.csv", b"\x00\x01", "text/csv")]).run()
    assert "hd_take_in" not in {one.key for one in at.button}
    assert not at.exception


# -- rules and audit ---------------------------------------------------------------------------------------------------


def test_rules_are_said_in_words_and_changed(asked: Repository, visit: Visit) -> None:
    at = visit(asked, "rules")
    assert "Everybody rests 90 days after a contact." in shown(at)
    at.text_area(key="hd-yaml").set_value("rest_days: soon").run()
    at.button(key="hd_rules").click().run()
    assert "whole number from 0 on for rest" in shown(at).replace("\\", "")
    source = "rest_days: 7\ncontacts_a_year: 2\naccounts:\n  Northwind: {rest_days: 180}\nconsent_required: true\n"
    at.text_area(key="hd-yaml").set_value(source).run()
    at.button(key="hd_rules").click().run()
    html = shown(at)
    assert "Everybody rests 7 days after a contact and is contacted at most twice in any year." in html
    assert "People of Northwind: 180 days of rest instead." in html
    assert "Who rests, never gave consent, or gave one that has expired is contacted only with a reason." in html
    assert asked.people.rules.limits.rest_days == 7


def test_the_audit_is_filtered_and_downloaded_without_formulas(asked: Repository, visit: Visit) -> None:
    asked.people.identity("P-0001")
    asked.people.plan("P-0001", date(2026, 11, 22), reason="=HYPERLINK(1)")
    asked.people.consent("P-0002", given=date(2026, 1, 1), scope="@SUM(1)")
    at = visit(asked, "rules", what="identity seen")
    html = shown(at)
    assert "<td>identity seen</td>" in html
    assert "<td>rest overridden</td>" not in html
    assert f'href="rules?what={quote("rest overridden")}"' in html
    from heard.sheet import audit_csv

    cells = [cell for row in csv.reader(io.StringIO(audit_csv(asked.people.audit()))) for cell in row]
    assert "'@SUM(1)" in cells
    assert not [cell for cell in cells if cell.startswith(("=", "+", "-", "@"))]


# -- how long notes are kept -------------------------------------------------------------------------------------------


def test_a_study_says_on_its_page_how_long_it_is_kept(asked: Repository, visit: Visit) -> None:
    at = visit(asked, "library", team="Growth", study="Exports")
    assert "Notes kept always." in shown(at)
    (study,) = (one for one in asked.studies() if one.title == "Exports")
    at.number_input(key=f"hd_keep_{study.id}").set_value(30)
    at.checkbox(key=f"hd_asked_{study.id}").uncheck()
    html = shown(click(at, "Save"))
    assert "Notes kept for 30 days, nobody was contacted for it. 1 note is overdue." in html
    assert asked.people.audit()[0].what == "study changed"
    assert "notes kept for 30 days, nobody was contacted for it" in shown(visit(asked, "library"))


def test_what_is_overdue_is_named_and_erasing_it_asks_for_its_number(asked: Repository, visit: Visit) -> None:
    html = shown(visit(asked, "rules"))
    assert "Every study keeps its notes always." in html
    assert "overdue:" not in html
    asked.keep_study("Growth", "Exports", keep_days=30)
    asked.keep_study("Billing", "Invoice clarity", keep_days=30)
    at = visit(asked, "rules")
    html = shown(at)
    assert "<b>1 overdue</b>" in html
    assert "due 4 Dec: 1 note" in html
    assert "1 note is overdue: " in html
    at = at.button(key="hd_overdue").click().run()
    assert "<b>1 note</b> of Growth / Exports is erased from every file" in shown(at)
    assert at.button(key="hd_erase").disabled  # until it is typed: test_people_browser.py

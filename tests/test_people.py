"""Participants: recognised again, asked as often as the rules allow, and never named to who has no business with it."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy.exc import DatabaseError

import ingest
import research
from research.embedder import Embedder
from research.errors import BadInput, HeardError, NotFound, Refused
from research.identity import Identity
from research.repository import Repository
from research.roster import RosterRow, take_in
from research.store.database import writing

Put = Callable[..., list[ingest.Outcome]]
TODAY = date(2026, 11, 22)

DANA = """---
date: {date}
participant: Dana Whitlock
account: {account}
interviewer: Nadia
---

Nadia: How do you prepare the monthly numbers?

Dana: {said}
"""
EXPORTS = "I export everything into a spreadsheet and repair the dates by hand, every single month."
REMINDS = "The reminders go out at nine and nobody reads them before the doors open at eight."


def _keep_and_erase(repo: Repository) -> None:
    repo.keep_study("Growth", "Study", keep_days=1)
    repo.erase_overdue()


def dana(said: str = EXPORTS, date: str = "2026-10-01", account: str = "Northwind") -> str:
    return DANA.format(said=said, date=date, account=account)


@pytest.fixture
def clock() -> list[datetime]:
    """The repository's clock; what it holds first is now."""
    return [datetime(2026, 11, 22, 9)]


@pytest.fixture
def repo(tmp_path: Path, embedder: Embedder, clock: list[datetime]) -> Iterator[Repository]:
    repo = research.open(tmp_path / "home", embedder=embedder, now=lambda: clock[0])
    yield repo
    repo.close()


@pytest.fixture
def heard(repo: Repository, put: Put) -> Repository:
    """Dana, whom two teams heard without knowing of each other, and Sam, of whom only Growth knows."""
    put(repo, {"call.md": dana()}, team="Growth")
    put(repo, {"call.md": dana(REMINDS, "2026-11-10")}, team="Support")
    put(repo, {"visit.md": dana("We never export, we print.", "2026-03-01").replace("Dana", "Sam")}, team="Growth")
    return repo


def test_a_participant_shows_where_and_when_they_were_heard(heard: Repository) -> None:
    first, second, third = heard.people.all()
    assert (first.pseudonym, first.account, first.teams, first.notes) == ("P-0001", "Northwind", ("Growth",), 1)
    assert (first.first, first.last) == (date(2026, 10, 1), date(2026, 10, 1))
    assert (second.standing.state, second.standing.until) == ("resting", date(2026, 11, 10) + timedelta(days=90))
    assert third.standing.state == "free"
    assert [one.pseudonym for one in heard.people.all(team="support")] == ["P-0002"]
    assert [one.pseudonym for one in heard.people.all(state="free")] == ["P-0003"]
    assert [one.pseudonym for one in heard.people.least_heard()] == ["P-0003"]


def test_two_teams_that_heard_one_person_are_told_and_a_person_says_whether_it_is_one(heard: Repository) -> None:
    (found,) = heard.people.suggestions()
    assert (found.one.pseudonym, found.other.pseudonym, found.alike) == ("P-0001", "P-0002", True)
    heard.people.merge("P-0001", "P-0002")
    one = heard.people.one("P-0001")
    assert (one.teams, one.notes) == (("Growth", "Support"), 2)
    assert {hit.participant for hit in heard.search("reminders before the doors open")} == {"P-0001"}
    assert not heard.people.suggestions()
    with pytest.raises(NotFound):
        heard.people.one("P-0002")


def test_a_merged_person_is_known_by_both_labels(heard: Repository, put: Put) -> None:
    heard.people.merge("P-0001", "P-0002")
    put(heard, {"again.md": dana("Once more about the spreadsheet.", "2026-11-20")}, team="Support")
    assert heard.people.one("P-0001").notes == 3
    assert len(heard.people.all()) == 2


def test_who_is_said_to_be_somebody_else_is_not_suggested_again(heard: Repository) -> None:
    heard.people.not_same("P-0002", "P-0001")
    heard.people.not_same("P-0002", "P-0001")
    assert not heard.people.suggestions()


def test_namesakes_of_other_accounts_or_addresses_are_not_suggested(repo: Repository, put: Put) -> None:
    put(repo, {"a.md": dana()}, team="Growth")
    put(repo, {"b.md": dana(account="Harbour")}, team="Support")
    assert not repo.people.suggestions()
    put(repo, {"c.md": dana()}, team="Sales")
    repo.people.identify("P-0001", Identity("Dana Whitlock", "dana@northwind.example"))
    assert len(repo.people.suggestions()) == 1
    repo.people.identify("P-0003", Identity("Dana Whitlock", "d.whitlock@northwind.example"))
    assert not repo.people.suggestions()


def test_who_somebody_is_stands_nowhere_in_plain_words(heard: Repository) -> None:
    heard.people.identify("P-0003", Identity("Sam Whitlock", "sam@northwind.example", "CRM-77"))
    assert heard.people.identity("P-0003") == Identity("Sam Whitlock", "sam@northwind.example", "CRM-77")
    assert heard.people.identity("P-0001").name == "Dana Whitlock"
    heard.close()
    for file in heard.home.rglob("*"):
        held = file.read_bytes().lower() if file.is_file() else b""
        assert not any(name in held for name in (b"whitlock", b"sam@", b"crm-77")), file


def test_an_address_belongs_to_one_person(heard: Repository) -> None:
    heard.people.identify("P-0001", Identity("Dana Whitlock", "dana@northwind.example"))
    with pytest.raises(BadInput, match="is P-0001's"):
        heard.people.identify("P-0003", Identity("Sam", "Dana@Northwind.example"))


def test_looking_at_an_identity_is_written_down_and_the_audit_is_only_added_to(heard: Repository) -> None:
    heard.people.identity("P-0001")
    (done,) = heard.people.audit()
    assert (done.what, done.about, bool(done.who)) == ("identity seen", "P-0001", True)
    with pytest.raises(DatabaseError, match="only ever added to"), writing(heard.engine).begin() as connection:
        connection.exec_driver_sql("DELETE FROM audit")


def _let_in_and_out(repo: Repository) -> None:
    repo.members.put("ada@example.com", role="viewer")
    repo.members.remove("Ada@example.com")


def _make_a_token(repo: Repository) -> None:
    repo.members.put("ada@example.com", role="viewer")
    repo.tokens.add("Ada@example.com", name="her  assistant")


def _token_in_and_out(repo: Repository) -> None:
    _make_a_token(repo)
    repo.tokens.remove(repo.tokens.all()[0].number)


_DONE: dict[str, tuple[Callable[[Repository], object], str, str]] = {
    "identity seen": (lambda repo: repo.people.identity("P-0001"), "P-0001", ""),
    "identity changed": (lambda repo: repo.people.identify("P-0003", Identity("Sam", crm="CRM-7")), "P-0003", ""),
    "merged": (lambda repo: repo.people.merge("P-0001", "P-0002"), "P-0001", "with P-0002"),
    "said to be two": (lambda repo: repo.people.not_same("P-0001", "P-0002"), "P-0001", "not P-0002"),
    "contact rules changed": (lambda repo: repo.people.set_rules("rest_days: 3"), "", ""),
    "marked": (lambda repo: repo.people.mark("P-0003", "opted out"), "P-0003", "opted out"),
    "contact planned": (lambda repo: repo.people.plan("P-0003", TODAY), "P-0003", "2026-11-22"),
    "rest overridden": (
        lambda repo: repo.people.plan("P-0002", TODAY, reason="they called"), "P-0002", "2026-11-22: they called",
    ),
    "contact taken back": (lambda repo: repo.people.unplan(repo.people.plan("P-0003", TODAY)), "P-0003", ""),
    "consent given": (lambda repo: repo.people.consent("P-0001", given=TODAY, scope="calls"), "P-0001", "calls"),
    "consent withdrawn": (lambda repo: repo.people.withdraw("P-0001", scope="calls"), "P-0001", "calls"),
    "study changed": (
        lambda repo: repo.keep_study("growth", "study", keep_days=30), "S-0001",
        "Growth / Study: notes kept for 30 days, people were contacted for it",
    ),
    "study shared": (
        lambda repo: repo.keep_to_team("growth", "study", until=date(2027, 1, 31)), "S-0001",
        "kept to Growth until 31 Jan 2027",
    ),
    "member changed": (
        lambda repo: repo.members.put("Ada@Example.com", role="lead", teams=["Growth"]), "",
        "ada@example.com: lead, Growth",
    ),
    "member removed": (_let_in_and_out, "", "ada@example.com"),
    "token made": (_make_a_token, "", "ada@example.com: her assistant"),
    "token removed": (_token_in_and_out, "", "ada@example.com: her assistant"),
    "kept no longer": (_keep_and_erase, "", "2 notes of studies that keep them no longer"),
    "forgotten": (
        lambda repo: repo.forget("P-0003"), "P-0003", "notes deleted: 1, cut: 0; passages: 1; mentions replaced: 0",
    ),
    "roster imported": (
        lambda repo: take_in(repo, [RosterRow(2, Identity("Kim"))]), "", "1 added, 0 updated",
    ),
}  # fmt: skip


@pytest.mark.parametrize("what", _DONE)
def test_whatever_changes_people_is_written_down_with_who_did_it(heard: Repository, what: str) -> None:
    does, participant, detail = _DONE[what]
    does(heard)
    done = heard.people.audit()[0]
    assert (done.what, done.about, done.detail) == (what, participant, detail)
    assert done.who == heard.settings.user
    assert done.at == heard.now()


def test_every_kind_of_change_is_looked_at() -> None:
    package = Path(research.__file__).parent
    calls = [
        node
        for path in package.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and getattr(node.func, "attr", "") == "write_down"
    ]
    said = [[arg.value for arg in call.args if isinstance(arg, ast.Constant)] for call in calls]
    assert {constants[0] for constants in said if constants} <= {*_DONE, "restored"}  # that one: tests/test_backup.py
    assert len(said) > 12


def test_a_name_in_lower_case_is_written_down_as_it_is_said(heard: Repository) -> None:
    heard.people.mark("p-0003", "do not contact")
    assert heard.people.audit()[0].about == "P-0003"


def test_what_does_not_change_a_study_is_not_written_down(heard: Repository) -> None:
    heard.keep_study("Growth", "Study", asked=True, keep_days=None)
    assert not heard.people.audit()


def test_everybody_is_looked_up_again_only_after_somebody_wrote(heard: Repository, embedder: Embedder) -> None:
    before = heard.people.all()
    assert all(one is other for one, other in zip(before, heard.people.all(), strict=True))
    assert heard.people.all(day=date(2027, 6, 1))[1].standing.state == "free"
    assert heard.people.all()[1].standing.state == "resting"
    heard.people.mark("P-0001", "opted out")
    assert heard.people.all()[0].standing.state == "opted out"
    elsewhere = research.open(heard.home, embedder=embedder, now=heard.now)
    elsewhere.people.mark("P-0003", "do not contact")
    elsewhere.close()
    assert heard.people.all()[2].standing.state == "do not contact"


def test_everybody_is_looked_up_again_on_another_day(heard: Repository, clock: list[datetime]) -> None:
    assert heard.people.all()[1].standing.state == "resting"
    clock[0] = datetime(2027, 6, 1, 9)
    assert heard.people.all()[1].standing.state == "free"


def test_another_key_is_refused_before_everybody_is_taken_for_somebody_new(heard: Repository, put: Put) -> None:
    (heard.home / "key").write_bytes(b"x" * 32)
    with pytest.raises(HeardError, match="another key"):
        put(heard, {"new.md": dana()})
    with pytest.raises(HeardError, match="another key"):
        heard.people.identity("P-0001")


def test_a_key_may_come_from_the_environment(tmp_path: Path, embedder: research.embedder.Embedder) -> None:
    settings = research.Settings.from_env({"HEARD_KEY": "a key of more than thirty-two characters"}, tmp_path / "home")
    repo = research.open(settings=settings, embedder=embedder)
    assert repo.key == repo.key
    assert not (repo.home / "key").exists()
    repo.close()
    short = research.open(
        settings=research.Settings.from_env({"HEARD_KEY": "short"}, tmp_path / "b"), embedder=embedder
    )
    with pytest.raises(BadInput, match="needs 32 or more"):
        _ = short.key
    short.close()


# -- contact -----------------------------------------------------------------------------------------------------------


def test_a_planned_contact_keeps_other_teams_away(heard: Repository) -> None:
    heard.people.plan("P-0003", date(2026, 11, 25), team="Growth", purpose="pricing test")
    with pytest.raises(Refused, match=r"Growth planned 25 Nov 2026\)\. Ask somebody else, or give a reason"):
        heard.people.plan("P-0003", date(2026, 11, 27), team="Support")
    (planned,) = heard.people.contacts("P-0003")
    heard.people.unplan(planned.number)
    assert heard.people.one("P-0003").standing.state == "free"


def test_a_rest_is_overridden_with_a_reason_that_is_written_down(heard: Repository) -> None:
    with pytest.raises(Refused, match="resting until 8 Feb "):
        heard.people.plan("P-0002", TODAY, team="Growth", reason="  ")
    heard.people.plan("P-0002", TODAY, team="Growth", reason="she asked us to call back")
    assert (heard.people.audit()[0].what, "call back" in heard.people.audit()[0].detail) == ("rest overridden", True)


@pytest.mark.parametrize("mark", ["opted out", "do not contact"])
def test_no_reason_overrides_what_people_said_themselves(heard: Repository, mark: str) -> None:
    heard.people.mark("P-0003", mark)  # type: ignore[arg-type]
    with pytest.raises(Refused, match="No reason overrides that"):
        heard.people.plan("P-0003", TODAY, reason="it is important")
    heard.people.mark("P-0003", "")
    heard.people.plan("P-0003", TODAY)


def test_withdrawn_consent_is_not_overridden(heard: Repository) -> None:
    heard.people.withdraw("P-0003")
    with pytest.raises(Refused, match="consent was withdrawn"):
        heard.people.plan("P-0003", TODAY, reason="it is important")


def test_what_was_planned_and_has_been_is_a_contact(heard: Repository) -> None:
    heard.people.plan("P-0003", date(2026, 11, 1), team="Growth")
    one = heard.people.one("P-0003")
    assert (one.standing.why, one.contacts, one.planned) == ("contacted on 1 Nov 2026", 2, ())


def test_tickets_are_no_contacts(heard: Repository) -> None:
    heard.keep_study("Support", "Study", asked=False)
    one = heard.people.one("P-0002")
    assert (one.contacts, one.standing.state, one.notes) == (0, "free", 1)


def test_who_is_contacted_as_often_as_allowed_is_asked_too_often(heard: Repository) -> None:
    assert not any(one.often for one in heard.people.all())
    heard.people.set_rules("contacts_a_year: 4\naccounts:\n  northwind: {contacts_a_year: 1}")
    assert [one.often for one in heard.people.all()] == [True, True, True]
    heard.people.set_rules("rest_days: 0")
    for day in (1, 2, 3):
        heard.people.plan("P-0003", date(2026, 11, day))
    assert [one.often for one in heard.people.all()] == [False, False, True]


def test_rules_that_are_none_change_nothing(heard: Repository) -> None:
    with pytest.raises(BadInput):
        heard.people.set_rules("rest_days: soon")
    heard.people.set_rules("rest_days: 7")
    assert [one.standing.state for one in heard.people.all()] == ["free", "free", "free"]


def test_a_mark_outlives_the_last_note(heard: Repository) -> None:
    heard.people.mark("P-0003", "opted out")
    (note,) = heard.notes(participant="P-0003")
    heard.delete_note(note.id)
    assert heard.people.one("P-0003").standing.state == "opted out"
    (other,) = heard.notes(participant="P-0002")
    heard.delete_note(other.id)
    assert [one.pseudonym for one in heard.people.all()] == ["P-0001", "P-0003"]


# -- consent -----------------------------------------------------------------------------------------------------------


def test_what_somebody_said_is_hidden_from_the_day_their_consent_ends(heard: Repository, clock: list[datetime]) -> None:
    heard.people.consent("P-0001", given=date(2026, 1, 1), expires=date(2026, 11, 30))
    assert [(one.pseudonym, day) for one, day in heard.people.expiring()] == [("P-0001", date(2026, 12, 1))]
    (hit, *_) = heard.search("export into a spreadsheet")
    assert hit.participant == "P-0001"
    clock[0] = datetime(2026, 11, 30, 23)
    assert heard.search("export into a spreadsheet")[0].participant == "P-0001"
    clock[0] = datetime(2026, 12, 1, 0)
    assert "P-0001" not in {one.participant for one in heard.search("export into a spreadsheet")}
    assert "P-0001" not in {one.participant for one in heard.search("", team="Growth")}
    assert not heard.passages([hit.id])
    assert "P-0001" not in {one.participant for one in heard.like(heard.search("print")[0].id)}
    note = heard.note(hit.note_id)
    assert (note.hidden, note.passages, "spreadsheet" in note.text) == (1, (), False)
    assert [turn.role for turn in note.turns] == ["interviewer"]


def test_renewed_consent_shows_it_again(heard: Repository, clock: list[datetime]) -> None:
    heard.people.consent("P-0001", given=date(2025, 1, 1), expires=date(2026, 1, 1))
    assert "P-0001" not in {one.participant for one in heard.search("export into a spreadsheet")}
    heard.people.consent("P-0001", given=TODAY)
    assert "P-0001" in {one.participant for one in heard.search("export into a spreadsheet")}
    heard.people.withdraw("P-0001")
    assert "P-0001" not in {one.participant for one in heard.search("export into a spreadsheet")}


def test_a_consent_cannot_end_before_it_begins(heard: Repository) -> None:
    with pytest.raises(BadInput, match="Check the two dates"):
        heard.people.consent("P-0001", given=date(2026, 2, 1), expires=date(2026, 1, 1))


def test_what_is_open_is_asked_of_who_is_free_and_least_heard(heard: Repository) -> None:
    check = heard.check(["How do you train new colleagues?"])
    asking = heard.people.for_check(check)
    assert [one.pseudonym for one in asking.whom] == ["P-0003"]
    assert [one.pseudonym for one in asking.leave] == ["P-0001", "P-0002"]
    assert not heard.people.for_check(heard.check([])).leave

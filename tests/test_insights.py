"""Insights: a claim gets evidence, is decided, goes stale, and keeps no word of whoever is gone."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime

import pytest

import ingest
from research.errors import BadInput, NotFound, Refused
from research.insight import Kata, Outcome, Request
from research.repository import Repository

Put = Callable[..., list[ingest.Outcome]]
CLAIM = "Clinics export the monthly report to a spreadsheet and fix it there."


@pytest.fixture
def clock(sample_repo: Repository) -> list[datetime]:
    """The repository's clock; what it holds first is now."""
    now = [datetime(2026, 11, 22, 9)]
    sample_repo.now = lambda: now[0]
    sample_repo._work_for(sample_repo.member)
    return now


@pytest.fixture
def repo(sample_repo: Repository, clock: list[datetime]) -> Repository:
    """The samples of the tests and one claim, I-0001."""
    sample_repo.insights.add(CLAIM, kind="product", team="Growth")
    return sample_repo


def said(repo: Repository, words: str) -> str:
    """The passage that holds these words."""
    return next(hit.id for hit in repo.search(words, limit=50, per_person=None) if words in hit.text)


def cite(repo: Repository, words: str, sign: str = "for", code: str = "I-0001") -> str:
    passage = said(repo, words)
    repo.insights.link(code, passage, sign)
    return passage


# -- claims ------------------------------------------------------------------------------------------------------------


def test_a_claim_begins_as_a_hypothesis_that_is_looked_at_again_in_half_a_year(repo: Repository) -> None:
    one = repo.insights.one("i-1")
    assert (one.code, one.statement, one.kind, one.team) == ("I-0001", CLAIM, "product", "Growth")
    assert (one.standing.state, one.strength.word, one.review) == ("hypothesis", "none", date(2027, 5, 23))
    assert one.owner


def test_a_code_is_never_given_twice(repo: Repository) -> None:
    assert repo.insights.add("The phone app is used on the way.") == "I-0002"
    repo.insights.remove("I-0002")
    assert repo.insights.add("The phone app is used in bed.") == "I-0003"
    for gone in ("I-0002", "I-9999", "nonsense", ""):
        with pytest.raises(NotFound, match="no insight"):
            repo.insights.one(gone)


def test_what_is_no_claim_is_refused_in_a_sentence(repo: Repository) -> None:
    with pytest.raises(BadInput, match="a claim in a sentence"):
        repo.insights.add("  \n ")
    with pytest.raises(BadInput, match="“feature” is none of: customer, product"):
        repo.insights.add("A claim.", kind="feature")
    with pytest.raises(BadInput, match="none of: for, against"):
        repo.insights.link("I-0001", said(repo, "Every single month"), "beside")
    with pytest.raises(NotFound, match="no passage"):
        repo.insights.link("I-0001", "nowhere", "for")
    assert len(repo.insights.all()) == 1


def test_a_request_comes_in_as_a_hypothesis_with_its_problem_and_its_proof(repo: Repository) -> None:
    with pytest.raises(BadInput, match="what problem it solves, and how we will know"):
        repo.insights.add("Build a dark mode.", request=Request("Sales", "Demos look dated.", " "))
    request = Request("Sales", "Demos look dated.", "More demos won.")
    code = repo.insights.add("Build a dark mode.", request=request)
    one = repo.insights.one(code)
    assert (one.standing.state, one.request) == ("hypothesis", request)


def test_the_history_keeps_what_a_claim_was(repo: Repository, clock: list[datetime]) -> None:
    clock[0] = datetime(2026, 11, 23, 10)
    repo.insights.change("I-0001", statement="Reports  leave\nfor a spreadsheet.", owner="Imke")
    repo.insights.change("I-0001", statement="Reports leave for a spreadsheet.")
    new, old = repo.insights.history("I-0001")
    assert (new.what, new.at.date()) == ("changed", date(2026, 11, 23))
    assert f"statement was “{CLAIM}”" in new.detail
    assert old.what == "written down"
    assert repo.insights.one("I-0001").changed == clock[0]


def test_lists_are_narrowed_by_team_kind_state_days_and_passage(repo: Repository, clock: list[datetime]) -> None:
    clock[0] = datetime(2026, 12, 1, 9)
    repo.insights.add("Seats cost too much.", kind="pricing", team="Billing")
    passage = cite(repo, "Paying per seat", code="I-0002")
    repo.insights.decide("I-0002", "supported", "One clinic said so plainly.")

    def codes(**narrow: object) -> list[str]:
        return [one.code for one in repo.insights.all(**narrow)]  # type: ignore[arg-type]

    assert codes() == ["I-0002", "I-0001"]  # what is supported comes first
    assert codes(team="growth") == ["I-0001"]
    assert codes(kind="pricing") == codes(state="supported") == codes(passage=passage) == ["I-0002"]
    assert codes(since=date(2026, 12, 1)) == codes(since=date(2026, 12, 1), until=date(2026, 12, 1)) == ["I-0002"]
    assert codes(until=date(2026, 11, 30)) == ["I-0001"]
    assert codes(team="Nobody") == []


# -- evidence ----------------------------------------------------------------------------------------------------------


def test_evidence_of_both_sides_makes_the_strength(repo: Repository) -> None:
    cite(repo, "Every single month")
    cite(repo, "I never trust it")
    one = repo.insights.one("I-0001")
    assert (one.strength.word, one.strength.side, one.strength.in_favour.teams) == ("thin", "for", 2)
    cite(repo, "A person on the phone", "against")
    assert repo.insights.one("I-0001").strength.word == "contested"
    number = repo.insights.one("I-0001").of("against")[0].number
    repo.insights.unlink("I-0001", number)
    assert repo.insights.one("I-0001").strength.word == "thin"
    with pytest.raises(NotFound, match="no evidence"):
        repo.insights.unlink("I-0001", number)


def test_a_passage_changes_sides_instead_of_standing_on_both(repo: Repository) -> None:
    cite(repo, "Every single month")
    cite(repo, "Every single month", "against")
    cite(repo, "Every single month", "against")
    assert [one.sign for one in repo.insights.one("I-0001").evidence] == ["against"]
    assert [one.detail for one in repo.insights.history("I-0001")][:2] == ["against, was for", "for"]


def test_a_claim_is_decided_by_who_has_evidence_for_it(repo: Repository) -> None:
    with pytest.raises(Refused, match="can't be called supported while nothing speaks for it"):
        repo.insights.decide("I-0001", "supported", "Everybody knows.")
    cite(repo, "Every single month")
    with pytest.raises(BadInput, match="Say in a sentence why"):
        repo.insights.decide("I-0001", "supported", "")
    repo.insights.decide("I-0001", "supported", "Two teams heard it.")
    with pytest.raises(Refused, match="nothing speaks against it"):
        repo.insights.decide("I-0001", "refuted", "Nobody does.")
    one = repo.insights.one("I-0001")
    assert (one.standing.state, one.why, one.decided_on) == ("supported", "Two teams heard it.", date(2026, 11, 22))
    repo.insights.decide("I-0001", "hypothesis", "We asked leading questions.")
    assert repo.insights.one("I-0001").standing.state == "hypothesis"


def test_it_is_stale_after_its_review_date_until_somebody_looks_at_it(repo: Repository, clock: list[datetime]) -> None:
    repo.insights.review("I-0001", date(2026, 12, 1))
    clock[0] = datetime(2026, 12, 2)
    assert [one.code for one in repo.insights.all(state="stale")] == ["I-0001"]
    repo.insights.review("I-0001", date(2027, 3, 1))
    assert repo.insights.one("I-0001").standing.state == "hypothesis"


# -- what is gone --------------------------------------------------------------------------------------------------------


def test_evidence_of_a_deleted_note_is_withdrawn_and_no_word_of_it_is_kept(repo: Repository) -> None:
    cite(repo, "Every single month")
    repo.insights.decide("I-0001", "supported", "Heard once.")
    (note,) = repo.notes(title="Setting up")
    repo.delete_note(note.id)
    one = repo.insights.one("I-0001")
    assert [line.hit for line in one.evidence] == [None]
    assert (one.standing.state, one.withdrawn, one.strength.word) == ("stale", 1, "none")
    repo.insights.unlink("I-0001", one.evidence[0].number)
    assert not repo.insights.one("I-0001").evidence


def test_evidence_is_withdrawn_on_the_day_its_speakers_consent_ends(repo: Repository, clock: list[datetime]) -> None:
    passage = cite(repo, "Every single month")
    (who,) = {hit.participant for hit in repo.passages([passage])}
    repo.people.consent(who, given=date(2026, 1, 1), expires=date(2026, 11, 30))
    assert repo.insights.one("I-0001").withdrawn == 0
    clock[0] = datetime(2026, 12, 1)
    assert repo.insights.one("I-0001").withdrawn == 1
    with pytest.raises(NotFound):
        repo.insights.link("I-0001", passage, "against")
    repo.people.consent(who, given=date(2026, 12, 1))
    assert repo.insights.one("I-0001").withdrawn == 0


TALK = "Interviewer: How do you prepare the numbers?\nP3: I export the report and repair {} by hand, every month.\n"


def test_evidence_follows_a_passage_whose_words_were_edited(repo: Repository, put: Put) -> None:
    put(repo, {"talk.txt": TALK.format("the dates")}, "Growth", "Numbers")
    cite(repo, "repair the dates")
    repo.insights.add("Nobody exports.")
    repo.insights.dismiss("I-0002", said(repo, "repair the dates"))
    put(repo, {"talk.txt": TALK.format("all the dates")}, "Growth", "Numbers")
    (line,) = repo.insights.one("I-0001").evidence
    assert line.hit is not None
    assert "repair all the dates" in line.hit.text
    suggested = repo.insights.suggested("I-0002")
    assert not any("repair" in hit.text for hit in (*suggested.alike, *suggested.otherwise))
    put(repo, {"talk.txt": "P3: Something else entirely was said here on that day."}, "Growth", "Numbers")
    assert [one.hit for one in repo.insights.one("I-0001").evidence] == [None]


def test_what_a_forgotten_person_was_evidence_of_says_so(repo: Repository) -> None:
    passage = cite(repo, "Every single month")
    (who,) = {hit.participant for hit in repo.passages([passage])}
    repo.forget(who)
    assert [(one.sign, one.hit) for one in repo.insights.one("I-0001").evidence] == [("for", None)]


# -- what to judge -------------------------------------------------------------------------------------------------------


def test_suggestions_are_passages_nobody_judged_one_a_person(repo: Repository) -> None:
    repo.insights.change("I-0001", contrary="Paying per seat is fine, logins are not shared.")
    found = repo.insights.suggested("I-0001")
    assert {hit.account for hit in found.alike} >= {"Northwind"}
    assert len({hit.participant for hit in found.alike}) == len(found.alike)
    assert any("per seat" in hit.text for hit in found.otherwise)
    assert not {hit.id for hit in found.alike} & {hit.id for hit in found.otherwise}
    first, second = found.alike[:2]
    repo.insights.link("I-0001", first.id, "for")
    repo.insights.dismiss("I-0001", second.id)
    repo.insights.dismiss("I-0001", second.id)
    left = {hit.id for hit in repo.insights.suggested("I-0001").alike}
    assert not left & {first.id, second.id}


def test_without_a_contrary_statement_all_suggestions_are_of_one_list(repo: Repository) -> None:
    assert repo.insights.suggested("I-0001").otherwise == ()
    repo.insights.change("I-0001", statement='team:Nobody after:soon "monthly report" spreadsheet')
    assert repo.insights.suggested("I-0001").alike  # it is a sentence, not a query


def test_insights_nearest_to_what_somebody_said_come_first(repo: Repository) -> None:
    repo.insights.add("Seats cost too much for people who work one morning.", kind="pricing")
    (seats,) = repo.passages([said(repo, "Paying per seat")])
    (report,) = repo.passages([said(repo, "Every single month")])
    assert [one.code for one in repo.insights.nearest(seats)] == ["I-0002", "I-0001"]
    assert [one.code for one in repo.insights.nearest(report)] == ["I-0001", "I-0002"]
    repo.insights.change("I-0001", contrary="Paying per seat for people who work one morning a week is silly.")
    assert repo.insights.nearest(seats)[0].code == "I-0001"


def test_an_empty_repository_suggests_nothing(open_repo: Callable[..., Repository]) -> None:
    repo = open_repo()
    code = repo.insights.add("A claim about nothing at all.")
    assert repo.insights.suggested(code).alike == ()


# -- what follows --------------------------------------------------------------------------------------------------------


def test_an_outcome_says_what_should_move_and_what_happened(repo: Repository) -> None:
    with pytest.raises(BadInput, match="set the outcome first"):
        repo.insights.happened("I-0001", "52%")
    repo.insights.outcome("I-0001", "reports pasted back", before="41%", target="20%", by=date(2026, 12, 31))
    repo.insights.happened("I-0001", "31%, still falling")
    expected = Outcome(
        "reports pasted back", "41%", "20%", date(2026, 12, 31), "31%, still falling", date(2026, 11, 22)
    )
    assert repo.insights.one("I-0001").outcome == expected
    repo.insights.outcome("I-0001", "reports pasted back", before="41%", target="10%")
    assert repo.insights.one("I-0001").outcome.happened == "31%, still falling"
    repo.insights.outcome("I-0001", "another metric")
    assert repo.insights.one("I-0001").outcome == Outcome("another metric")


def test_the_next_step_is_said_in_the_katas_terms(repo: Repository) -> None:
    repo.insights.kata("I-0001", now="Nine of ten export.", experiment="Print from the report page.")
    repo.insights.kata("I-0001", learned="They print to check, not to keep.")
    assert repo.insights.one("I-0001").kata == Kata(
        "Nine of ten export.", "", "Print from the report page.", "They print to check, not to keep."
    )
    assert repo.insights.history("I-0001")[0].detail == "learned: They print to check, not to keep."

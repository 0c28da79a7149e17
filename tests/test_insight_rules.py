"""What an insight is on a day, and how strong its evidence is: pure rules."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from research.insight import Evidence, Insight, Outcome, Sign, state_on, strength
from research.models import Hit

TODAY = date(2026, 11, 22)
NOW = datetime(2026, 11, 22, 9)


def said(who: int, sign: Sign = "for", account: str = "", team: str = "Growth", day: date | None = TODAY) -> Evidence:
    hit = Hit(
        id=f"p{who}", text="It is slow.", context="", note_id="n", note_title="t", participant=f"P-{who:04}",
        speaker=f"P-{who:04}", segment="", account=account, team=team, study="S", date=day, tags=(), score=0.0,
        start=0, end=11,
    )  # fmt: skip
    return Evidence(who, sign, hit, NOW, "Nadia")


def gone(sign: Sign = "for") -> Evidence:
    return Evidence(99, sign, None, NOW, "Nadia")


def people(count: int, sign: Sign = "for", first: int = 1) -> list[Evidence]:
    """As many people, of three accounts, heard by two teams."""
    return [said(n, sign, f"account {n % 3}", f"team {n % 2}") for n in range(first, first + count)]


@pytest.mark.parametrize(
    ("evidence", "word", "side"),
    [
        ([], "none", ""),
        ([gone(), gone("against")], "none", ""),
        ([said(1), said(1), said(1)], "one voice", "for"),
        (people(2), "thin", "for"),
        (people(3), "fair", "for"),
        ([said(n, account="Northwind") for n in range(9)], "thin", "for"),
        ([said(n) for n in range(3)], "fair", "for"),  # whose accounts nobody knows
        (people(6), "strong", "for"),
        ([said(n) for n in range(20)], "fair", "for"),  # which one team alone heard
        ([*people(6), *people(1, "against", 50)], "fair", "for"),
        ([*people(3), *people(1, "against", 50)], "thin", "for"),
        ([*people(6), *people(3, "against", 50)], "contested", ""),
        ([*people(1), *people(1, "against")], "contested", ""),
        (people(7, "against"), "strong", "against"),
    ],
)
def test_strength_is_a_word(evidence: list[Evidence], word: str, side: str) -> None:
    found = strength(evidence)
    assert (found.word, found.side) == (word, side)


def test_strength_names_whose_voices_it_rests_on() -> None:
    found = strength([*people(4), said(2, "against"), gone()])
    assert (found.in_favour.people, found.in_favour.teams, found.in_favour.accounts) == (4, 2, 3)
    assert (found.opposed.people, found.both) == (1, ("P-0002",))


lines = st.builds(
    said,
    st.integers(1, 12),
    st.sampled_from(["for", "against"]),
    st.sampled_from(["", "Northwind", "Harbour", "Pinebrook"]),
    st.sampled_from(["Growth", "Billing"]),
)
many = st.lists(lines, max_size=20)


def of_one_account_each(evidence: list[Evidence]) -> list[Evidence]:
    """Whoever speaks twice has one account."""
    accounts = {one.hit.participant: one.hit.account for one in evidence if one.hit}
    return [replace(one, hit=replace(one.hit, account=accounts[one.hit.participant])) for one in evidence if one.hit]


@given(many, lines)
def test_who_joins_a_side_never_weakens_it(evidence: list[Evidence], other: Evidence) -> None:
    *before, new = of_one_account_each([*evidence, other])
    more, less = strength([*before, new]).rank, strength(before).rank
    assert more >= less if new.sign == "for" else more <= less


@given(many, st.randoms())
def test_neither_order_nor_repetition_matters(evidence: list[Evidence], chance: object) -> None:
    again = [*evidence, *evidence]
    chance.shuffle(again)  # type: ignore[attr-defined]
    found, other = strength(evidence), strength(again)
    assert (found.word, found.side, found.both) == (other.word, other.side, other.both)


@given(many)
def test_the_sides_mirror_each_other(evidence: list[Evidence]) -> None:
    turned = [replace(one, sign="for" if one.sign == "against" else "against") for one in evidence]
    assert strength(turned).rank == -strength(evidence).rank


@given(st.lists(lines, min_size=1, max_size=20))
def test_who_stands_on_both_sides_contradicts(evidence: list[Evidence]) -> None:
    both = [*evidence, *(replace(one, sign="against" if one.sign == "for" else "for") for one in evidence)]
    assert strength(both).word == "contested"


# -- the life of a claim -----------------------------------------------------------------------------------------------

CLAIM = Insight(
    code="I-0001", statement="Reports leave for a spreadsheet.", kind="product", team="Growth", owner="Nadia",
    decided="supported", created=NOW, changed=NOW, review=TODAY + timedelta(days=30), evidence=tuple(people(3)),
)  # fmt: skip


def test_a_decision_holds_while_its_evidence_is_recent_and_its_review_is_not_due() -> None:
    assert state_on(CLAIM, TODAY).state == "supported"
    assert not state_on(CLAIM, TODAY).reasons
    assert state_on(CLAIM, CLAIM.review).state == "supported"


def test_it_is_stale_from_the_day_after_its_review_date() -> None:
    found = state_on(CLAIM, CLAIM.review + timedelta(days=1))
    assert (found.state, found.reasons) == ("stale", ("it was to be looked at again by 22 Dec 2026",))
    assert state_on(replace(CLAIM, decided="hypothesis"), date(2027, 1, 1)).state == "stale"


def test_it_is_stale_when_all_that_it_rests_on_is_old() -> None:
    old = replace(CLAIM, evidence=(said(1, day=date(2025, 11, 21)), said(2, "against")))
    assert state_on(old, TODAY).state == "stale"
    assert "of 21 Nov 2025, more than a year ago" in state_on(old, TODAY).reasons[0]
    assert state_on(old, TODAY - timedelta(days=1)).state == "supported"
    assert state_on(replace(old, decided="refuted"), TODAY).state == "refuted"  # it rests on what speaks against


def test_undated_evidence_is_as_old_as_its_link() -> None:
    undated = replace(CLAIM, review=date(2030, 1, 1), evidence=(said(1, day=None),))
    assert state_on(undated, TODAY).state == "supported"
    assert state_on(undated, date(2027, 11, 23)).state == "stale"


def test_it_is_stale_when_all_that_it_rests_on_is_withdrawn_or_unlinked() -> None:
    found = state_on(replace(CLAIM, evidence=(gone(), said(2, "against"))), TODAY)
    assert (found.state, found.reasons) == ("stale", ("all the evidence that it rests on is withdrawn",))
    assert state_on(replace(CLAIM, evidence=(gone(), said(2))), TODAY).state == "supported"
    assert state_on(replace(CLAIM, evidence=()), TODAY).reasons == ("no evidence for that is left",)


def test_a_hypothesis_says_that_its_evidence_is_weak_and_stays_one() -> None:
    guess = replace(CLAIM, decided="hypothesis")
    assert state_on(replace(guess, evidence=()), TODAY).reasons == ()
    found = state_on(replace(guess, evidence=(gone(),)), TODAY)
    assert (found.state, bool(found.reasons)) == ("hypothesis", True)


def test_an_outcome_is_due_until_somebody_says_what_happened() -> None:
    outcome = Outcome("imports done in a day", "41%", "60%", TODAY)
    assert outcome.due(TODAY)
    assert not outcome.due(TODAY - timedelta(days=1))
    assert not replace(outcome, happened="52%").due(TODAY)
    assert not Outcome("a metric").due(TODAY)

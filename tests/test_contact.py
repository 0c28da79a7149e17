"""Whom one may ask: each rule by itself, on days that are given."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from research.contact import Consent, Facts, Limits, Planned, Rules, parse_rules, standing
from research.errors import BadInput
from research.register import DEFAULT_RULES

TODAY = date(2026, 11, 22)
days = st.integers(-800, 0).map(lambda n: TODAY + timedelta(days=n))


def ago(number: int) -> date:
    return TODAY - timedelta(days=number)


def test_who_was_never_contacted_is_free() -> None:
    assert standing(Facts(), Rules(), TODAY).state == "free"


def test_after_a_contact_somebody_rests_as_many_days_as_the_rules_say() -> None:
    resting = standing(Facts(contacts=(ago(10), ago(400))), Rules(), TODAY)
    assert (resting.state, resting.until, resting.why) == ("resting", ago(10 - 90), "contacted on 12 Nov 2026")
    assert standing(Facts(contacts=(ago(89),)), Rules(), TODAY).state == "resting"
    assert standing(Facts(contacts=(ago(90),)), Rules(), TODAY).state == "free"
    assert standing(Facts(contacts=(ago(0),)), Rules(Limits(rest_days=0)), TODAY).state == "free"


def test_contacts_of_a_year_are_counted_back_from_the_day() -> None:
    rules = Rules(Limits(rest_days=1, contacts_a_year=2))
    asked_often = standing(Facts(contacts=(ago(300), ago(100))), rules, TODAY)
    assert (asked_often.state, asked_often.until) == ("resting", ago(300 - 365))
    assert standing(Facts(contacts=(ago(366), ago(100))), rules, TODAY).state == "free"


def test_an_account_is_left_in_peace_whoever_of_it_was_contacted() -> None:
    rules = Rules(Limits(account_contacts_a_quarter=2))
    facts = Facts(account="Northwind", account_contacts=(ago(80), ago(20), ago(5)))
    guarded = standing(facts, rules, TODAY)
    assert (guarded.state, guarded.until) == ("resting", ago(20 - 91))
    assert "Northwind was contacted 3 times" in guarded.why
    assert standing(facts, Rules(), TODAY).state == "free"


def test_what_another_team_has_planned_is_kept_clear_before_and_after() -> None:
    plan = Planned(TODAY + timedelta(days=5), "Growth")
    reserved = standing(Facts(planned=(plan,)), Rules(), TODAY)
    assert reserved.state == "resting"
    assert reserved.why == "Growth planned 27 Nov 2026"
    assert standing(Facts(planned=(plan,)), Rules(), plan.day + timedelta(days=90)).state == "free"
    assert standing(Facts(planned=(plan,)), Rules(), plan.day - timedelta(days=90)).state == "free"


@pytest.mark.parametrize(
    ("consents", "state"),
    [
        ([Consent("research", ago(400), ago(1))], "no consent"),
        ([Consent("research", ago(400), TODAY)], "free"),
        ([Consent("research", ago(400), None, withdrawn=TODAY)], "no consent"),
        ([Consent("research", ago(400), ago(1)), Consent("calls", ago(3))], "free"),
        ([], "free"),
    ],
)
def test_consent_counts_to_the_end_of_its_last_day(consents: list[Consent], state: str) -> None:
    assert standing(Facts(consents=consents), Rules(), TODAY).state == state


def test_where_consent_is_required_nobody_is_free_without_it() -> None:
    assert standing(Facts(), Rules(consent_required=True), TODAY).state == "no consent"
    assert standing(Facts(consents=[Consent("research", ago(1))]), Rules(consent_required=True), TODAY).state == "free"


def test_what_people_said_comes_before_every_count() -> None:
    facts = Facts(mark="opted out", contacts=(ago(3),), consents=[Consent("research", ago(9))])
    assert standing(facts, Rules(), TODAY).state == "opted out"


def test_an_account_has_limits_of_its_own_before_its_segment_before_everybody() -> None:
    rules = parse_rules(
        "rest_days: 90\naccounts:\n  Northwind: {rest_days: 180}\nsegments:\n  clinic manager: {rest_days: 30, "
        "contacts_a_year: 2}"
    )
    assert rules.limits_of("", "") == Limits(90)
    assert rules.limits_of("", "Clinic Manager") == Limits(30, 2)
    assert rules.limits_of("northwind", "clinic manager") == Limits(180, 2)


def test_the_rules_that_come_along_are_the_defaults() -> None:
    assert parse_rules(DEFAULT_RULES) == Rules()
    assert parse_rules("") == Rules()


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ("rest_days: soon", "whole number from 0 on for rest_days, not “soon”"),
        ("contacts_a_year: 0", "from 1 on"),
        ("rest_days: true", "whole number"),
        ("rest: 90", "say “rest”"),
        ("accounts: Northwind", "accounts has a line for each name"),
        ("accounts:\n  Northwind: {days: 3}", "rules of Northwind say “days”"),
        ("rest_days: [", "not valid YAML near line"),
        ("- 90", "have to be lines"),
        ("consent_required: perhaps", "true or false"),
    ],
)
def test_rules_that_are_none_get_a_sentence(source: str, said: str) -> None:
    with pytest.raises(BadInput, match=said):
        parse_rules(source)


@given(contacts=st.lists(days, max_size=6), limit=st.integers(1, 4), rest=st.integers(0, 200))
def test_whoever_rests_is_free_again_on_the_day_that_is_said(contacts: list[date], limit: int, rest: int) -> None:
    rules = Rules(Limits(rest_days=rest, contacts_a_year=limit))
    now = standing(Facts(contacts=contacts), rules, TODAY)
    if now.state == "resting":
        assert now.until is not None
        assert standing(Facts(contacts=contacts), rules, now.until - timedelta(days=1)).state == "resting"
        assert standing(Facts(contacts=contacts), rules, now.until).state == "free"

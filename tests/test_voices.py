"""Whose voices a finding rests on."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

import ingest
from research.models import SegmentHeard
from research.repository import Repository
from research.search import Said
from research.voices import coverage, effective, share_of_top, voices

Put = Callable[..., list[ingest.Outcome]]


def said(person: str, account: str = "", segment: str = "") -> Said:
    return Said("", "", 0, "", "", person, "Growth", account, date(2026, 10, 1), segment=segment)


def test_the_effective_number_of_voices_is_one_over_the_sum_of_squared_shares() -> None:
    assert effective([]) == 0
    assert effective([7]) == 1
    assert effective([3, 3, 3]) == pytest.approx(3)
    assert effective([8, 1, 1]) == pytest.approx(1 / (0.64 + 0.01 + 0.01))


@given(counts=st.lists(st.integers(1, 50), min_size=1, max_size=9))
def test_it_lies_between_one_and_the_number_of_people(counts: list[int]) -> None:
    assert 1 - 1e-9 <= effective(counts) <= len(counts) + 1e-9
    assert effective(counts) == pytest.approx(effective([2 * count for count in counts]))
    assert 0 < share_of_top(counts, 2) <= share_of_top(counts, 5) <= 1


def test_what_two_people_or_one_account_said_is_told_so() -> None:
    two = voices([said("a")] * 4 + [said("b")] * 4 + [said("c"), said("d")])
    assert two.leans_on_two
    assert not voices([said(name) for name in "abcd"]).leans_on_two
    northwind = voices([said(name, "Northwind") for name in "abcd"] + [said("e", "Harbour")])
    assert (northwind.leans_on_account, northwind.leans_on_two) == ("Northwind", False)
    assert voices([said("a", "Northwind"), said("b", "Northwind")]).leans_on_account == ""


def test_segments_nobody_of_whom_was_heard_are_among_those_that_are_known() -> None:
    heard = [said("a", segment="owner"), said("a", segment="owner"), said("b", segment="front desk")]
    found = coverage(heard, {"a": date(2026, 1, 1), "b": date(2026, 10, 1)}, {"owner": 4, "nurse": 3}, date(2026, 9, 1))
    assert found.first_time == 0.5
    assert found.segments == (
        SegmentHeard("front desk", 1, 1), SegmentHeard("owner", 1, 4), SegmentHeard("nurse", 0, 3),
    )  # fmt: skip
    assert coverage(heard, {}, {}, None).first_time is None


def test_a_selection_of_the_repository_has_its_voices(sample_repo: Repository) -> None:
    everything, reached = sample_repo.voices()
    assert everything.people == len(sample_repo.people.all())
    assert {one.segment: (one.heard, one.known) for one in reached.segments}["clinic manager"] == (1, 1)
    of_billing, reached = sample_repo.voices(team="billing", since="2026-09-01")
    assert (of_billing.people, of_billing.teams, reached.first_time) == (1, 1, 1.0)
    about, _ = sample_repo.voices("export the monthly report to a spreadsheet")
    assert about.people == sample_repo.search("export the monthly report to a spreadsheet").voices.people == 2
    nobody, reached = sample_repo.voices(team="nobody")
    assert (nobody.people, nobody.effective, reached.first_time) == (0, 0.0, None)

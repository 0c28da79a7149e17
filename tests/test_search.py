"""Ranking and query syntax: small rules that hold for all inputs."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from research.errors import BadInput
from research.filters import Filter
from research.query import parse
from research.search import fuse, relevant, spread

ids = st.lists(st.text("abcdef", min_size=1, max_size=2), unique=True, max_size=12)


def test_what_both_rankings_have_high_comes_first() -> None:
    assert list(fuse(["a", "b", "c"], ["b", "d", "a"]))[:2] == ["b", "a"]


def test_equal_scores_stay_in_the_order_of_the_earlier_ranking() -> None:
    assert list(fuse(["z"], ["a"])) == ["z", "a"]


@given(left=ids, right=ids)
def test_fusing_loses_and_doubles_nothing(left: list[str], right: list[str]) -> None:
    scores = fuse(left, right)
    assert set(scores) == set(left) | set(right)
    assert list(scores.values()) == sorted(scores.values(), reverse=True)
    assert list(fuse(left)) == left


def test_far_below_the_best_is_no_answer() -> None:
    assert relevant([("a", 0.6), ("b", 0.4), ("c", 0.3)], floor=0.28, reach=0.6) == ["a", "b"]
    assert relevant([("a", 0.2)], floor=0.28, reach=0.6) == []
    assert relevant([], floor=0.28, reach=0.6) == []


@given(people=st.lists(st.sampled_from("abc")), most=st.integers(1, 4))
def test_spreading_keeps_the_order_and_the_limit(people: list[str], most: int) -> None:
    items = list(enumerate(people))
    kept = spread(items, most, lambda item: item[1])
    assert kept == sorted(kept)
    assert all(sum(1 for _, person in kept if person == one) <= most for one in "abc")
    assert spread(items, None, lambda item: item[1]) == items


@pytest.mark.parametrize(
    ("typed", "text", "narrow"),
    [
        ("team:growth exports", "exports", Filter(team=("growth",))),
        ('study:"Onboarding Q3" exports', "exports", Filter(study=("Onboarding Q3",))),
        ("tag:pain tag:need", "", Filter(tag=("pain", "need"))),
        ("after:2026-08 before:2026-09-30 x", "x", Filter(since=date(2026, 8, 1), until=date(2026, 9, 30))),
        ("see http://example.com at 10:30", "see http://example.com at 10:30", Filter()),
        ("TEAM:Growth", "", Filter(team=("Growth",))),
        ("team: growth", "team: growth", Filter()),
    ],
)
def test_filters_are_taken_out_of_what_is_typed(typed: str, text: str, narrow: Filter) -> None:
    asked = parse(typed)
    assert (asked.text, asked.narrow) == (text, narrow)


def test_empty_words_are_left_out_unless_nothing_else_is_there() -> None:
    assert parse("why do people export").words == ("export",)
    assert parse("who are you").words == ("who", "are", "you")


@given(typed=st.text(max_size=300).filter(lambda text: ":" not in text))
def test_whatever_is_typed_gives_a_query(typed: str) -> None:
    assert isinstance(parse(typed).match, str)


@given(value=st.from_regex(r"[a-z]{1,12}", fullmatch=True), name=st.sampled_from(["after", "since", "before", "until"]))
def test_a_date_that_is_none_gets_a_sentence(value: str, name: str) -> None:
    with pytest.raises(BadInput, match="is not a date"):
        parse(f"exports {name}:{value}")


def test_two_filters_narrow_together_and_never_widen() -> None:
    both = Filter(team=("Growth", "Billing")).and_also(Filter(team=("billing",), since=date(2026, 8, 1)))
    assert both == Filter(team=("Billing",), since=date(2026, 8, 1))
    neither = Filter(team=("Growth",)).and_also(Filter(team=("Billing",)))
    assert neither.team
    assert not {"Growth", "Billing"} & set(neither.team)

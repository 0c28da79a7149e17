"""A theme's change: shares of interviews with an interval, so that a few more interviews are no trend."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from research.change import change, difference, wilson

counts = st.integers(0, 60).flatmap(lambda held: st.tuples(st.integers(0, held), st.just(held)))


def test_the_interval_is_newcombes() -> None:
    # The first example of Newcombe's paper, 56 of 70 against 48 of 80, by his method 10.
    assert difference(56, 70, 48, 80) == pytest.approx((0.0524, 0.3339), abs=5e-5)


def test_the_interval_of_a_share_is_wilsons() -> None:
    assert wilson(0, 20) == pytest.approx((0.0, 0.1611), abs=5e-5)
    assert wilson(0, 0) == (0.0, 1.0)


def test_two_against_three_is_no_news() -> None:
    assert change(3, 40, 2, 38, known_before=True).direction == "steady"


def test_twice_the_interviews_are_no_trend() -> None:
    assert change(20, 80, 10, 40, known_before=True).direction == "steady"


def test_a_larger_share_of_the_interviews_is() -> None:
    assert change(16, 40, 3, 40, known_before=True).direction == "rising"
    assert change(3, 40, 16, 40, known_before=True).direction == "fading"


def test_what_nobody_spoke_of_before_is_new_and_not_rising() -> None:
    assert change(9, 40, 0, 40, known_before=False).direction == "new"


def test_what_somebody_spoke_of_earlier_than_the_window_before_is_not_new() -> None:
    assert change(3, 40, 0, 40, known_before=True).direction == "steady"


def test_without_interviews_before_nothing_rises() -> None:
    assert change(9, 40, 0, 0, known_before=True).direction == "steady"


@given(counts, counts)
def test_the_interval_holds_the_difference_and_turns_round_with_the_windows(
    now: tuple[int, int], before: tuple[int, int]
) -> None:
    low, high = difference(*now, *before)
    shares = [count / held if held else 0.0 for count, held in (now, before)]
    assert -1 - 1e-9 <= low <= shares[0] - shares[1] + 1e-9
    assert shares[0] - shares[1] - 1e-9 <= high <= 1 + 1e-9
    assert difference(*before, *now) == pytest.approx((-high, -low))

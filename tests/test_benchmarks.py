"""What benchmarks measure with: their examples hold, and so do the rules that the numbers rest on."""

from __future__ import annotations

import doctest
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

sys.path.insert(0, str(Path(__file__).parent.parent))

from benchmarks import corpora, measures
from benchmarks.corpora import Cue, windows
from benchmarks.measures import Stretch, difference, ndcg, word_r, words_in


@pytest.mark.parametrize("module", [corpora, measures], ids=["corpora", "measures"])
def test_examples_hold(module: object) -> None:
    failed, tried = doctest.testmod(module)  # type: ignore[arg-type]
    assert tried > 0
    assert failed == 0


TALK = [
    Cue("Ann", ("So", "what", "did", "you", "do?"), 0, 10),
    Cue("Bo", ("Waited.",), 10, 11),
    Cue("Ann", ("And", "then", "what?"), 12, 15),
]
SAID = [Stretch(cue.start, cue.end, len(cue.words)) for cue in TALK]


@given(st.integers(1, 12), st.floats(0, 14), st.floats(0.5, 15))
def test_the_answer_first_is_perfect_however_it_was_cut(size: int, start: float, length: float) -> None:
    spans = [(start, start + length)]
    wanted = words_in(SAID, spans)
    cut = [stretch for _, stretch in windows(TALK, size)]
    assert sum(stretch.words for stretch in cut) == 9
    inside = [stretch for stretch in cut if stretch.share_in(spans) == 1]
    if wanted and sum(stretch.words for stretch in inside) >= wanted:
        assert word_r(inside, spans, wanted) == pytest.approx(1)
    if wanted:
        assert 0 <= word_r(cut, spans, wanted) <= 1 + 1e-9


def test_a_list_that_ends_early_loses_what_it_does_not_show() -> None:
    assert word_r([Stretch(0, 10, 5)], [(0, 15)], wanted=9) == pytest.approx(5 / 9)


def test_words_past_the_answer_s_length_are_not_read() -> None:
    hits = [Stretch(20, 30, 10), Stretch(0, 10, 10)]
    assert word_r(hits, [(0, 10)], wanted=10) == 0


def test_ndcg_is_one_for_the_ideal_order_and_less_for_any_other() -> None:
    assert ndcg([True, True, False], total=2) == pytest.approx(1)
    assert ndcg([False, True, True], total=2) < 1
    assert ndcg([True] * 10, total=50) == pytest.approx(1)


def test_a_difference_between_equals_is_none_and_the_interval_holds_the_mean() -> None:
    same = difference([0.1, 0.9, 0.4], [0.1, 0.9, 0.4])
    assert (same.mean, same.low, same.high) == (0, 0, 0)
    mixed = difference([0.1, 0.9, 0.4, 0.6], [0.3, 0.2, 0.4, 0.5])
    assert mixed.low < mixed.mean < mixed.high

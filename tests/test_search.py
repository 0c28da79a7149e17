"""Ranking and query syntax: small rules that hold for all inputs."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from research.errors import BadInput
from research.filters import Filter
from research.query import in_own_voice, parse
from research.search import Said, by_meaning, by_words, near_enough, nearby, ranked, rarity, shown
from research.words import marked, stem, stems, words

numbers = st.floats(0, 1).map(lambda x: round(x, 3))


def said(*texts: str, note: str = "n", apart: float = 100_000) -> list[Said]:
    """Passages by name (a, b, …), in one note, so far apart that they do not touch each other unless told."""
    return [Said(chr(97 + n), note, n * apart, text, "") for n, text in enumerate(texts)]


def order(asked: str, passages: list[Said], **cosines: float) -> list[str]:
    return [one.said.id for one in ranked(parse(asked).words, passages, cosines)]


EXPORT = {"export": "export"}


def test_what_shares_words_and_meaning_comes_before_what_shares_one_of_them() -> None:
    passages = said("the export broke", "the import works", "spreadsheets it is")
    assert order("export", passages, a=0.5, b=0.5, c=0.3)[0] == "a"


def test_a_rare_word_weighs_more_than_a_common_one() -> None:
    passages = said(*["the report again"] * 8, "the reminder again")
    assert order("report reminder", passages)[0] == "i"
    assert rarity(100, 1) > rarity(100, 10) > rarity(100, 100) > 0


def test_a_word_in_the_question_that_a_passage_answers_counts_half() -> None:
    there = [Said("a", "n", 0, "every month", "How do you export?"), Said("b", "m", 0, "export it", "")]
    best, next_ = ranked(EXPORT, there, {})
    assert (best.said.id, next_.said.id) == ("b", "a")
    assert next_.why.context_words == ("export",)
    assert next_.why.words == ()
    assert 0 < next_.why.by_words < best.why.by_words


def test_equal_scores_stay_in_the_order_given() -> None:
    assert order("export", said("one export", "two export", "an export")) == ["a", "b", "c"]


def test_what_is_said_nearby_lifts_a_passage_and_what_is_far_or_in_another_note_does_not() -> None:
    here = [
        Said("lone", "other", 0, "the export", ""),
        Said("first", "talk", 0, "the export", ""),
        Said("second", "talk", 300, "an export", ""),
    ]
    assert {one.said.id for one in ranked(EXPORT, here, {})[:2]} == {"first", "second"}
    assert list(nearby(np.array([1.0, 1.0]), ["n", "n"], [0, 10**7])) == pytest.approx([1, 1])
    assert list(nearby(np.array([1.0, 1.0]), ["n", "m"], [0, 0])) == [1, 1]


def test_a_word_says_more_about_what_follows_it_than_about_what_came_before() -> None:
    before, at, after = nearby(np.array([0.0, 1.0, 0.0]), ["n"] * 3, [0, 2_000, 4_000])
    assert 0 < before < after < at


def test_who_is_asked_for_by_role_segment_or_account_is_heard_first() -> None:
    there = [
        Said("a", "n", 0, "the export", "", role="accountant"),
        Said("b", "m", 0, "the export", "", role="Clinic Manager"),
        Said("c", "o", 0, "the export", "", account="Northwind"),
        Said("d", "p", 0, "the export", "", role="product manager"),
    ]
    asked = parse("what do clinic managers at Northwind export").words
    found = ranked(asked, there, {})
    assert [(one.said.id, one.why.voice) for one in found] == [
        ("b", "Clinic Manager"), ("c", "Northwind"), ("a", ""), ("d", ""),
    ]  # fmt: skip
    assert found[0].score == pytest.approx(2 * found[-1].score)


def test_reading_one_note_a_stretch_of_talk_is_found_as_one() -> None:
    talk = [Said(name, "n", at, text, "") for name, at, text in (
        ("export", 0, "export export"), ("reminders", 20_000, "export"), ("its neighbour", 20_200, "and then"),
        ("another", 20_400, "export"), ("one more", 20_600, "export"),
    )]  # fmt: skip
    assert [one.said.id for one in ranked(EXPORT, talk, {}, reading=True)].index("its neighbour") < 4


@given(
    cosines=st.lists(st.floats(-1, 1), min_size=1, max_size=8),
    words=st.lists(st.sampled_from(["export", "x y"]), min_size=8, max_size=8),
    reading=st.booleans(),
)
def test_a_score_is_the_sum_of_its_reasons_and_lies_between_0_and_1(
    cosines: list[float], words: list[str], reading: bool
) -> None:
    passages = said(*words[: len(cosines)], apart=500)
    known = {one.id: cosine for one, cosine in zip(passages, cosines, strict=True)}
    found = ranked(EXPORT, passages, known, reading=reading)
    assert sorted(one.said.id for one in found) == [one.id for one in passages]
    assert [one.score for one in found] == sorted((one.score for one in found), reverse=True)
    for one in found:
        assert one.score == pytest.approx(one.why.by_words + one.why.by_meaning + one.why.nearby)
        assert -1e-9 <= one.score <= 1 + 1e-9


@given(mass=st.lists(numbers, min_size=1, max_size=6))
def test_nearness_never_takes_away(mass: list[float]) -> None:
    around = nearby(np.array(mass), ["n"] * len(mass), range(len(mass)))
    assert all(total >= own - 1e-9 for total, own in zip(around, mass, strict=True))


def test_more_of_a_word_is_more_but_ever_less_so() -> None:
    once, twice, thrice = by_words({"export": 1.0}, [{"export": 1}, {"export": 2}, {"export": 3}], [10, 10, 10])
    assert 0 < once < twice < thrice
    assert thrice - twice < twice - once


def test_unrelated_meaning_counts_nothing() -> None:
    assert list(by_meaning(np.array([-1.0, 0.1, 0.3]))) == pytest.approx([0, 0, 0.04])


def test_far_below_the_best_is_no_answer() -> None:
    assert near_enough({"a": 0.6, "b": 0.4, "c": 0.2}, floor=0.28, reach=0.5) == {"a", "b"}
    assert near_enough({"a": 0.2}, floor=0.28, reach=0.5) == set()
    assert near_enough({}, floor=0.28, reach=0.5) == set()


def first_of(texts: list[str], limit: int = 9) -> list[tuple[str, list[str]]]:
    return shown(texts, limit, None, lambda text: "", lambda text: frozenset(stems(text)))


def test_what_says_the_same_is_folded_into_the_first() -> None:
    texts = ["It is too expensive.", "it is too EXPENSIVE", "It is cheap", "It's too expensive for us really"]
    assert first_of(texts) == [(texts[0], [texts[1]]), (texts[2], []), (texts[3], [])]
    assert first_of([texts[0], texts[2], texts[1]], limit=1) == [(texts[0], [texts[1]])]


@given(sets=st.lists(st.frozensets(st.sampled_from([str(n) for n in range(24)]), min_size=16), max_size=6))
def test_what_is_not_folded_is_like_nothing_before_it(sets: list[frozenset[str]]) -> None:
    kept = [first for first, _ in shown(sets, 6, None, lambda one: "", lambda one: one)]
    for n, one in enumerate(kept):
        assert all(len(one & before) < 0.9 * len(one | before) for before in kept[:n])


@given(texts=st.lists(st.lists(st.sampled_from("abcd"), max_size=4).map(" ".join), max_size=8))
def test_folding_loses_and_doubles_nothing(texts: list[str]) -> None:
    items = list(enumerate(texts))
    folded = shown(items, 8, None, lambda item: "", lambda item: frozenset(item[1].split()))
    assert sorted(each for first, others in folded for each in (first, *others)) == items
    assert [first for first, _ in folded] == sorted(first for first, _ in folded)


@given(people=st.lists(st.sampled_from("abc")), most=st.integers(1, 4), limit=st.integers(1, 9))
def test_spreading_over_people_keeps_the_order_and_the_limits(people: list[str], most: int, limit: int) -> None:
    items = list(enumerate(people))

    def kept(most: int | None, limit: int = 100) -> list[tuple[int, str]]:
        found = shown(items, limit, most, lambda item: item[1], lambda item: frozenset((str(item[0]),)))
        return [first for first, _ in found]

    assert kept(most) == [item for item in items if sum(1 for one in items[: item[0]] if one[1] == item[1]) < most]
    assert kept(most, limit) == kept(most)[:limit]
    assert kept(None) == items


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
    assert list(parse("why do people export").words.values()) == ["export"]
    assert list(parse("who are you").words.values()) == ["who", "are", "you"]


def test_words_that_speak_about_speaking_are_not_looked_for() -> None:
    assert list(parse("Summarize the discussion about export formats").words.values()) == ["export", "formats"]
    assert list(parse("three participants mentioned what’s missing").words.values()) == ["missing"]
    assert list(parse("discussion").words.values()) == ["discussion"]


@pytest.mark.parametrize(
    ("asked", "voice"),
    [
        ("7 of 11 participants lost their drafts", "I lost my drafts"),
        ("Most users said they would rather call", "I said I would rather call"),
        ("5/10 customers blamed themselves", "I blamed myself"),
        ("the customers' taste", "my taste"),
        ("why is export slow", "why is export slow"),
        ("user interface of 10 screens", "user interface of 10 screens"),
        ("participants", "I"),
    ],
)
def test_a_finding_is_looked_for_as_a_customer_would_say_it(asked: str, voice: str) -> None:
    assert in_own_voice(asked) == voice


def test_marks_stand_where_words_of_the_same_stem_and_phrases_stand() -> None:
    text = "Exporting, again: exports every single Month."
    assert [text[a:b] for a, b in marked(text, {stem("export")})] == ["Exporting", "exports"]
    assert [text[a:b] for a, b in marked(text, {stem("month")}, ["single month"])] == ["single Month"]


@given(typed=st.text(max_size=300).filter(lambda text: ":" not in text))
def test_whatever_is_typed_gives_a_query(typed: str) -> None:
    asked = parse(typed)
    assert bool(asked.words) == bool(words(asked.text))


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

"""What is said of themes: who spoke of them, how many more than before, and what is worth saying at a glance."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from research.models import Hit
from research.themes.heard import Labelled, Member, best_quote, counted, in_order, window
from research.themes.models import KeptTheme

TODAY = date(2026, 11, 22)
LOOK = window(None, None, TODAY)
KEPT = (KeptTheme("T-0001", TODAY), KeptTheme("T-0002", TODAY, name="named", parent="T-0001"))
LABELS = {"T-0001": Labelled("slow pages", ("slow pages",), 3), "T-0002": Labelled("found")}


def member(
    theme: int, person: str, *, team: str = "growth", note: str = "", near: float = 0.5, long: int = 90
) -> Member:
    id_ = f"{theme}-{person}-{team}-{note}-{near}-{long}"
    return Member(f"T-{theme:04}", id_, note or person, person, team, person[0], "owner", date(2026, 11, 1), near, long)


def no_quotes(ids: Sequence[str]) -> dict[str, Hit]:
    return {}


def test_the_window_is_the_last_90_days_and_the_90_before() -> None:
    assert (LOOK.since, LOOK.until) == (date(2026, 8, 25), TODAY)
    assert (LOOK.before_since, LOOK.before_until) == (date(2026, 5, 27), date(2026, 8, 24))
    assert (LOOK.until - LOOK.since) == (LOOK.before_until - LOOK.before_since)


def test_an_interview_is_one_person_in_one_note() -> None:
    said = [member(1, "a", note="n1"), member(1, "a", note="n1", near=0.4), member(1, "a", note="n2"), member(1, "b")]
    (theme,) = counted(KEPT[:1], LABELS, said, [], {"T-0001": (TODAY, TODAY)}, (10, 10), LOOK, no_quotes)
    assert (theme.change.interviews, theme.change.held, theme.people, theme.voices.passages) == (3, 10, 2, 4)


def test_what_most_interviews_speak_of_comes_first_and_what_none_does_is_left_out() -> None:
    said = [member(2, "a"), member(2, "b"), member(1, "a")]
    kept = (*KEPT, KeptTheme("T-0003", TODAY))
    assert [one.id for one in counted(kept, LABELS, said, [], {}, (5, 5), LOOK, no_quotes)] == ["T-0002", "T-0001"]


def test_a_persons_name_for_a_theme_is_its_label() -> None:
    named, found = counted(
        KEPT, LABELS, [member(2, "a"), member(2, "b"), member(1, "a")], [], {}, (5, 5), LOOK, no_quotes
    )
    assert (named.label, named.area, found.label, found.area) == ("named", "slow pages", "slow pages", "")


def test_a_theme_of_the_window_before_that_nobody_speaks_of_now_is_still_told() -> None:
    before = [member(1, person) for person in "abcdefghij"]
    (theme,) = counted(
        KEPT[:1], LABELS, [], before, {"T-0001": (date(2026, 6, 1), date(2026, 6, 1))}, (20, 20), LOOK, no_quotes
    )
    assert (theme.people, theme.quote, theme.marks) == (0, None, ("fading",))


def test_marks_say_what_is_new_who_heard_it_and_on_whom_it_leans() -> None:
    said = [member(1, "a1"), member(1, "a2"), member(1, "a3", team="billing")]
    (theme,) = counted(
        KEPT[:1], LABELS, said, [], {"T-0001": (date(2026, 11, 1), date(2026, 11, 1))}, (9, 9), LOOK, no_quotes
    )
    assert theme.marks == ("new", "several teams", "leans on one account")
    assert (theme.teams, theme.by_team) == (("growth", "billing"), (("growth", 2), ("billing", 1)))


def test_what_one_person_says_first_is_heard_once_and_not_yet_new() -> None:
    (theme,) = counted(
        KEPT[:1], LABELS, [member(1, "a")], [], {"T-0001": (date(2026, 11, 1),) * 2}, (9, 9), LOOK, no_quotes
    )
    assert theme.marks == ("heard once",)


def test_the_most_telling_of_each_person_come_before_anybodys_second() -> None:
    said = [member(1, "a", near=0.9), member(1, "a", near=0.8), member(1, "b", near=0.5)]
    assert [(one.participant, one.nearness) for one in in_order(said)] == [("a", 0.9), ("b", 0.5), ("a", 0.8)]


def test_a_quote_is_neither_a_word_nor_a_page() -> None:
    said = [member(1, "a", near=0.9, long=20), member(1, "b", near=0.8, long=900), member(1, "c", near=0.7)]
    assert best_quote(in_order(said)) == said[2].passage_id
    assert best_quote(in_order(said[:2])) == said[0].passage_id
    assert best_quote([]) == ""

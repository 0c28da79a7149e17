"""What becomes of themes as passages come and go, and when people decide."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from zlib import crc32

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from research.errors import BadInput, NotFound
from research.themes.life import decided, joined, nearness
from research.themes.models import Change, Decision, Hidden, Kept, Merged, NotHere, Passages, Renamed, Split

TODAY = date(2026, 11, 22)
LATER = date(2027, 2, 22)


def said(**counts: int) -> Passages:
    """Passages by topic, always the same ones: `said(import_=8)` is a part of `said(import_=9)`."""
    ids, texts, vectors = [], [], []
    for topic, count in counts.items():
        seed = crc32(topic.encode())
        towards = np.random.default_rng(seed).standard_normal(96)
        for n in range(count):
            own = np.random.default_rng((seed, n)).standard_normal(96)
            ids.append(f"{topic}-{n:03}")
            texts.append(f"{topic} number{n} of theirs")
            vectors.append(towards + 0.5 * own)
    return passages(ids, texts, np.array(vectors).reshape(len(ids), 96))


def passages(ids: list[str], texts: list[str], vectors: np.ndarray) -> Passages:
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    return Passages(tuple(ids), tuple(texts), (vectors / lengths).astype(np.float32))


def in_order(all_: Passages, order: list[int]) -> Passages:
    return Passages(tuple(all_.ids[n] for n in order), tuple(all_.texts[n] for n in order), all_.vectors[order])


def both(one: Passages, other: Passages) -> Passages:
    return Passages(one.ids + other.ids, one.texts + other.texts, np.concatenate([one.vectors, other.vectors]))


def themes_of(state: Kept, topic: str) -> set[str]:
    return {theme for id_, theme in state.placed.items() if id_.startswith(topic)}


def kinds(change: Change) -> list[tuple[str, str]]:
    return sorted((event.kind, event.theme) for event in change.events)


FIRST = said(invoice=9, login=8, export=7)
KEPT = joined(Kept(), FIRST, TODAY).state


def test_passages_that_say_alike_are_one_theme_the_largest_first() -> None:
    assert [themes_of(KEPT, topic) for topic in ("invoice", "login", "export")] == [{"T-0001"}, {"T-0002"}, {"T-0003"}]
    assert KEPT.settled == 24
    assert {theme.founded for theme in KEPT.themes.values()} == {TODAY}


@settings(max_examples=20, deadline=None)
@given(st.permutations(range(24)))
def test_the_order_of_passages_does_not_matter(order: list[int]) -> None:
    assert joined(Kept(), in_order(FIRST, order), TODAY).state == KEPT


@settings(max_examples=10, deadline=None)
@given(st.permutations(range(12)))
def test_nor_does_it_when_themes_are_there(order: list[int]) -> None:
    more = said(invoice=12, login=11, export=7, phone=6)
    new = [n for n, id_ in enumerate(more.ids) if id_ not in KEPT.placed]
    old = [n for n, id_ in enumerate(more.ids) if id_ in KEPT.placed]
    assert joined(KEPT, in_order(more, [new[n] for n in order] + old), LATER) == joined(KEPT, more, LATER)


def test_nothing_new_changes_nothing() -> None:
    assert joined(KEPT, FIRST, LATER) == Change(KEPT)
    assert joined(Kept(), said(), TODAY) == Change(Kept())


def test_the_same_words_said_again_are_in_the_same_theme_and_weigh_nothing() -> None:
    copies = Passages(tuple(f"copy-{n}" for n in range(20)), (FIRST.texts[0],) * 20, FIRST.vectors[[0] * 20])
    state = joined(Kept(), both(FIRST, copies), TODAY).state
    assert {id_: theme for id_, theme in state.placed.items() if id_ in KEPT.placed} == KEPT.placed
    assert themes_of(state, "copy") == {"T-0001"}


def test_what_few_say_or_nobody_else_stays_outside() -> None:
    state = joined(Kept(), both(FIRST, said(weather=1, lunch=2)), TODAY).state
    assert themes_of(state, "weather") == themes_of(state, "lunch") == {""}


def test_new_passages_join_and_no_old_one_moves() -> None:
    change = joined(KEPT, said(invoice=12, login=9, export=7), LATER)
    assert change.state.placed.items() >= KEPT.placed.items()
    assert themes_of(change.state, "invoice") <= {"T-0001", ""}
    assert ("joined", "T-0001") in kinds(change)
    assert set(change.state.themes) == set(KEPT.themes)


def test_new_passages_that_say_something_new_found_a_theme_with_those_left_outside() -> None:
    one_early = joined(KEPT, both(FIRST, said(phone=1)), LATER).state
    assert themes_of(one_early, "phone") == {""}
    change = joined(one_early, both(FIRST, said(phone=7)), LATER)
    assert themes_of(change.state, "phone") == {"T-0004"}
    assert kinds(change) == [("founded", "T-0004")]
    assert (change.events[0].passages, change.state.themes["T-0004"].founded) == (7, LATER)


def test_a_theme_ends_when_nobody_says_it_any_more_and_its_id_is_never_given_again() -> None:
    change = joined(KEPT, said(invoice=9, login=8), LATER)
    assert kinds(change) == [("ended", "T-0003"), ("left", "T-0003")]
    assert change.state.themes["T-0003"].ended == LATER
    again = joined(change.state, said(invoice=9, login=8, phone=7), LATER).state
    assert themes_of(again, "phone") == {"T-0004"}


def test_when_there_are_half_as_many_again_old_passages_still_stay() -> None:
    change = joined(KEPT, said(invoice=12, login=12, export=9, phone=8), LATER)
    assert change.state.settled == 41
    assert {id_ for id_, theme in KEPT.placed.items() if change.state.placed[id_] != theme} == set()
    assert len(themes_of(change.state, "phone")) == 1


def test_a_theme_that_fell_apart_is_split_and_keeps_its_id_for_the_larger_part() -> None:
    mixed = replace(KEPT, placed={id_: theme.replace("T-0002", "T-0001") for id_, theme in KEPT.placed.items()})
    change = joined(mixed, said(invoice=20, login=18, export=7), LATER)
    assert ("split", "T-0001") in kinds(change)
    assert "T-0001" in themes_of(change.state, "invoice")
    (event,) = (event for event in change.events if event.kind == "split")
    (new,) = event.others
    assert new in themes_of(change.state, "login")
    assert "T-0001" not in themes_of(change.state, "login")


def test_what_is_split_off_a_hidden_theme_is_hidden_too() -> None:
    state = decided(decided(KEPT, Hidden("T-0001"), TODAY).state, Split("T-0001", ("invoice-000",)), TODAY).state
    assert state.themes["T-0004"].hidden


def test_what_people_merged_is_not_split() -> None:
    merged = decided(KEPT, Merged("T-0002", "T-0001"), TODAY).state
    change = joined(merged, said(invoice=20, login=18, export=7), LATER)
    assert "split" not in {event.kind for event in change.events}
    assert themes_of(change.state, "login") == themes_of(change.state, "invoice") == {"T-0001"}


def test_themes_that_met_are_merged_unless_people_split_them_named_both_or_hid_one() -> None:
    half = tuple(f"invoice-{n:03}" for n in range(4))
    apart = decided(KEPT, Split("T-0001", half), TODAY).state
    grown = said(invoice=30, login=8, export=7)
    forgot = replace(apart, apart=frozenset())
    change = joined(forgot, grown, LATER)
    assert ("merged", "T-0004") in kinds(change)
    assert change.state.themes["T-0004"].into == ("T-0001",)
    assert themes_of(joined(apart, grown, LATER).state, "invoice") >= {"T-0001", "T-0004"}
    hidden = decided(forgot, Hidden("T-0004"), LATER).state
    assert themes_of(joined(hidden, grown, LATER).state, "invoice") >= {"T-0001", "T-0004"}
    named = {id_: replace(theme, name=f"named {id_}") for id_, theme in forgot.themes.items()}
    assert themes_of(joined(replace(forgot, themes=named), grown, LATER).state, "invoice") >= {"T-0001", "T-0004"}


def test_a_name_and_hiding_stay() -> None:
    state = decided(KEPT, Renamed("T-0001", "Bills"), TODAY).state
    state = decided(state, Hidden("T-0001"), TODAY).state
    after = joined(state, said(invoice=20, login=18, export=7), LATER).state
    assert (after.themes["T-0001"].name, after.themes["T-0001"].hidden) == ("Bills", True)
    assert not decided(after, Hidden("T-0001", False), LATER).state.themes["T-0001"].hidden


def test_what_would_have_joined_a_merged_theme_joins_where_it_went() -> None:
    change = decided(KEPT, Merged("T-0002", "T-0001"), TODAY)
    assert kinds(change) == [("joined", "T-0001"), ("merged", "T-0002")]
    assert (change.state.themes["T-0002"].ended, change.state.themes["T-0002"].into) == (TODAY, ("T-0001",))
    after = joined(change.state, said(invoice=9, login=11, export=7), LATER).state
    assert themes_of(after, "login") <= {"T-0001", ""}


def test_a_split_moves_the_chosen_passages_to_a_theme_of_their_own() -> None:
    chosen = ("invoice-000", "invoice-001")
    change = decided(KEPT, Split("T-0001", chosen), TODAY)
    assert [change.state.placed[id_] for id_ in chosen] == ["T-0004", "T-0004"]
    assert sorted((event.kind, event.theme, event.others, event.passages) for event in change.events) == [
        ("founded", "T-0004", ("T-0001",), 2),
        ("split", "T-0001", ("T-0004",), 2),
    ]
    assert change.state.apart == {("T-0001", "T-0004")}
    assert change.state.together == {"T-0004"}


def test_a_passage_that_does_not_belong_never_comes_back() -> None:
    state = decided(KEPT, NotHere("invoice-003", "T-0001"), TODAY).state
    assert state.placed["invoice-003"] == ""
    assert joined(state, said(invoice=20, login=18, export=7), LATER).state.placed["invoice-003"] == ""
    merged = decided(state, Merged("T-0001", "T-0002"), TODAY).state
    assert ("invoice-003", "T-0002") in merged.not_here


@pytest.mark.parametrize(
    "decision",
    [Renamed("T-0009", "x"), Hidden("T-0009"), Merged("T-0009", "T-0001"), Merged("T-0001", "T-0009"),
     Split("T-0009", ("invoice-000",)), NotHere("invoice-000", "T-0009")],
)  # fmt: skip
def test_a_theme_that_is_not_there_cannot_be_decided_on(decision: Decision) -> None:
    with pytest.raises(NotFound, match="T-0009"):
        decided(KEPT, decision, TODAY)


@pytest.mark.parametrize(
    "decision",
    [Merged("T-0001", "T-0001"), Split("T-0001", ()), Split("T-0001", ("login-000",)),
     Split("T-0001", tuple(id_ for id_ in KEPT.placed if id_.startswith("invoice")))],
)  # fmt: skip
def test_a_theme_is_not_merged_with_itself_nor_split_into_all_or_nothing(decision: Decision) -> None:
    with pytest.raises(BadInput):
        decided(KEPT, decision, TODAY)


def test_a_passage_stands_for_its_theme_by_its_cosine_to_the_middle_and_by_saying_its_key_phrases() -> None:
    found = nearness(KEPT, FIRST, {})
    mine = FIRST.vectors[:9]
    centre = mine.mean(axis=0) / np.linalg.norm(mine.mean(axis=0))
    assert found["invoice-004"] == pytest.approx(float(mine[4] @ centre), abs=1e-5)
    assert found.keys() == {id_ for id_, theme in KEPT.placed.items() if theme}
    words = FIRST.texts[FIRST.ids.index("invoice-004")]
    said = nearness(KEPT, FIRST, {KEPT.placed["invoice-004"]: (words.upper(), "zeppelin")})
    assert said["invoice-004"] == pytest.approx(found["invoice-004"] + 0.07, abs=1e-5)


def test_many_themes_are_parts_of_larger_ones_and_stay_so() -> None:
    early = {f"topic{n:02}": 7 for n in range(24)}
    state = joined(Kept(), said(**early), TODAY).state
    above = {theme.parent for theme in state.themes.values()} - {""}
    assert len(state.living) >= 20
    assert above
    assert not above & set(state.living)
    assert not above & set(state.placed.values())
    after = joined(state, said(**early, another=7), LATER).state
    assert {id_: after.themes[id_].parent for id_ in state.living} == {
        id_: state.themes[id_].parent for id_ in state.living
    }
    one = min(above)
    assert decided(state, Renamed(one, "All of it"), TODAY).state.themes[one].name == "All of it"
    with pytest.raises(BadInput, match="same level"):
        decided(state, Merged(state.living[0], one), TODAY)

"""Ties, the groups found by them, larger themes, and labels."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.sparse import block_diag, csr_matrix

from research.themes.alike import nearest, texts, ties
from research.themes.areas import Area, areas
from research.themes.groups import coarser, groups
from research.themes.labels import labels
from research.themes.models import Kept, KeptTheme, Passages

TODAY = date(2026, 11, 22)


def unit(vectors: np.ndarray) -> np.ndarray:
    return (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype(np.float32)


def plain(said: list[str], vectors: np.ndarray | None = None) -> Passages:
    if vectors is None:
        vectors = np.ones((len(said), 4))
    return Passages(tuple(f"p{n}" for n in range(len(said))), tuple(said), unit(vectors))


def clique(size: int, weight: float = 1.0) -> csr_matrix:
    full = np.full((size, size), weight, dtype=np.float32)
    np.fill_diagonal(full, 0)
    return csr_matrix(full)


def test_a_text_that_was_said_twice_is_one() -> None:
    found = texts(plain(["b", "a", "b"]))
    assert len(found) == 2
    assert found.of.tolist() == [1, 0, 1]


def test_ties_go_both_ways_and_shared_words_strengthen_them() -> None:
    vectors = np.random.default_rng(1).standard_normal((40, 8))
    vectors[:3] = vectors[0]
    words = [f"sentence{n}" for n in range(40)]
    words[:3] = ["pay invoice", "pay the invoice", "something else"]
    all_ = texts(plain(words, vectors))
    found = ties(all_)
    assert abs(found - found.T).max() < 1e-6
    place = {word: int(n) for word, n in zip(words, all_.of, strict=True)}
    assert found[place["pay invoice"], place["pay the invoice"]] > found[place["pay invoice"], place["something else"]]
    assert found.diagonal().sum() == 0


def test_among_many_texts_the_nearest_are_found_exactly() -> None:
    vectors = np.random.default_rng(1).standard_normal((3_000, 16))
    vectors[500:600] = vectors[500]  # more that are alike than are asked for
    all_ = texts(plain([f"{n:04}" for n in range(3_000)], vectors))
    asked = np.array([0, 7, 550])
    ((places, strengths),) = nearest(all_, asked, np.arange(3_000), 15)
    cosines = all_.vectors[asked] @ all_.vectors.T
    cosines[[0, 1, 2], asked] = -2
    assert np.allclose(strengths, -np.sort(-cosines, axis=1)[:, :15], atol=1e-6)
    assert np.allclose(np.take_along_axis(cosines, places, axis=1), strengths, atol=1e-6)


def test_groups_are_what_is_tied_within_and_hardly_without() -> None:
    tied = block_diag([clique(6), clique(5), clique(7)]).tolil()
    tied[0, 6] = tied[6, 0] = 0.05
    found = groups(tied.tocsr(), np.ones((18, 1), dtype=np.float32))
    assert [len(set(part.tolist())) for part in np.split(found, [6, 11])] == [1, 1, 1]
    assert len(set(found.tolist())) == 3


def test_what_is_tied_but_does_not_say_alike_is_apart() -> None:
    tied = csr_matrix(clique(10))
    one, other = np.eye(2, dtype=np.float32)
    assert len(set(groups(tied, np.array([one] * 10)).tolist())) == 1
    assert len(set(groups(tied, np.array([one, other, -one, -other, one] * 2)).tolist())) > 1


def test_nothing_and_one_passage_are_groups_too() -> None:
    assert groups(csr_matrix((0, 0)), np.ones((0, 1), dtype=np.float32)).tolist() == []
    assert groups(csr_matrix((1, 1)), np.ones((1, 1), dtype=np.float32)).tolist() == [0]
    assert len(set(groups(csr_matrix((3, 3)), np.ones((3, 1), dtype=np.float32)).tolist())) == 3


@settings(max_examples=20, deadline=None)
@given(st.lists(st.integers(3, 8), min_size=2, max_size=5))
def test_coarser_ties_never_join_what_is_not_tied_and_lose_nothing(sizes: list[int]) -> None:
    tied = block_diag([clique(size) for size in sizes]).tocsr()
    found, member = coarser(tied, most=len(sizes))
    parts = np.split(member, np.cumsum(sizes)[:-1])
    assert len({int(one) for part in parts for one in part}) == sum(len(set(part.tolist())) for part in parts)
    assert found.sum() == tied.sum()
    assert found.shape[0] < tied.shape[0]


def test_few_themes_need_no_larger_ones() -> None:
    middles = {f"T-{n:04}": one for n, one in enumerate(unit(np.random.default_rng(1).standard_normal((19, 8))))}
    assert areas(middles, {}) == []


def test_a_new_theme_joins_the_larger_one_that_it_is_near_to() -> None:
    near = unit(np.array([[1, 0.2, 0], [1, -0.2, 0], [1, 0, 0.05], [0, 0, 1]]))
    middles = dict(zip(["T-0001", "T-0002", "T-0004", "T-0005"], near, strict=True))
    assert areas(middles, {"T-0001": "T-0003", "T-0002": "T-0003"}) == [Area("T-0003", ("T-0004",))]


def alike_all(phrases: Sequence[str]) -> np.ndarray:
    """Every phrase means what every text means, so that counts alone decide."""
    return unit(np.ones((len(phrases), 4)))


def label_of(mine: list[str], others: list[str]) -> tuple[str, ...]:
    said = plain(mine + others)
    placed = {id_: "T-0001" if n < len(mine) else "T-0002" for n, id_ in enumerate(said.ids)}
    kept = Kept({id_: KeptTheme(id_, TODAY) for id_ in ("T-0001", "T-0002")}, placed)
    return labels(kept, said, meaning=alike_all)["T-0001"].phrases


OTHERS = ["Where is my order", "The order is late", "I want to return the order", "My order never came"]


def test_a_label_is_what_this_theme_says_and_others_do_not() -> None:
    mine = ["My order is on the direct debit", "a direct debit I don't know", "Cancel the direct debit for the order"]
    assert label_of(mine, OTHERS) == ("direct debit",)


def test_a_label_is_written_as_most_people_wrote_it() -> None:
    mine = [
        "Apple Pay does not work",
        "I use Apple Pay daily",
        "apple pay failed",
        "Top-up by Apple Pay",
        "a top-up",
        "top-up",
    ]
    assert label_of(mine, OTHERS) == ("Apple Pay", "top-up")


def test_words_with_one_stem_and_phrases_within_phrases_are_said_once() -> None:
    mine = [
        "change my PIN",
        "I must change my PIN now",
        "Can one change my PIN",
        "changing my PINs",
        "a PIN",
        "the PINs",
    ]
    assert [phrase.lower() for phrase in label_of(mine, OTHERS)] == ["change my pin"]


def test_marks_pseudonyms_numbers_and_empty_words_are_no_label() -> None:
    mine = [
        "P-0007 told [PERSON] that 15 of them really went",
        "[PERSON] and P-0007 really want 15",
        "15 really, P-0007",
    ]
    assert label_of(mine, OTHERS) == ()


def test_no_phrase_reaches_over_a_comma() -> None:
    mine = ["invoices, passwords", "invoices, passwords", "invoices; passwords too", "no invoices. Passwords"]
    assert set(label_of(mine, OTHERS)) == {"invoices", "passwords"}


def test_a_larger_theme_is_labelled_by_all_its_parts() -> None:
    said = plain(["paper invoices", "paper invoices today", "paper exports", "paper exports too", *OTHERS])
    placed = dict(zip(said.ids, ["T-0001"] * 2 + ["T-0002"] * 2 + ["T-0004"] * 4, strict=True))
    themes = {
        id_: KeptTheme(id_, TODAY, parent)
        for id_, parent in (
            ("T-0001", "T-0003"),
            ("T-0002", "T-0003"),
            ("T-0003", ""),
            ("T-0004", "T-0005"),
            ("T-0005", ""),
        )
    }
    found = labels(Kept(themes, placed), said, meaning=alike_all)
    assert found["T-0003"].phrases[0] == "paper"
    assert (found["T-0003"].passages, found["T-0001"].passages) == (4, 2)

"""Whoever is known is found as themselves, however they are called; ordinary words are not taken for anybody."""

from __future__ import annotations

import string

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

import ingest
from ingest.personal import lexicon
from ingest.personal.known import KnownPerson, find_known, one_edit

NGOZI = KnownPerson("P-0001", ("Ngozi Adeyemi",), ("ngozi@brightpath.example", "+44 7700 900417"))
MARK = KnownPerson("P-0002", ("Mark Will",))
JEAN = KnownPerson("P-0003", ("Jean-Luc van der Meulen",))
WILLIAM = KnownPerson("P-0004", ("William Prydderch",))
EVERYBODY = (NGOZI, MARK, JEAN, WILLIAM)


def named(text: str, *people: KnownPerson) -> list[tuple[str, str]]:
    return [(span.who, text[span.start : span.end]) for span in find_known(text, people or EVERYBODY)]


CALLED = [
    ("I told Ngozi Adeyemi about it.", "P-0001", "Ngozi Adeyemi"),
    ("Ngozi's login", "P-0001", "Ngozi"),
    ("ask ngozi adeyemi", "P-0001", "ngozi adeyemi"),
    ("so adeyemi said", "P-0001", "adeyemi"),
    ("NGOZI ADEYEMI", "P-0001", "NGOZI ADEYEMI"),
    ("Adeyemi, Ngozi", "P-0001", "Adeyemi, Ngozi"),
    ("Mrs Adeyemi", "P-0001", "Adeyemi"),
    ("N. Adeyemi signed", "P-0001", "N. Adeyemi"),
    ("Ngozi A. signed", "P-0001", "Ngozi A."),
    ("I met Ngzoi today", "P-0001", "Ngzoi"),
    ("thanks ngosi bye", "P-0001", "ngosi"),
    ("Adeyemy called", "P-0001", "Adeyemy"),
    ("jean luc van der meulen", "P-0003", "jean luc van der meulen"),
    ("It was Jean-Luc.", "P-0003", "Jean-Luc"),
    ("I asked Mark yesterday.", "P-0002", "Mark"),
    ("ask mark about it", "P-0002", "mark"),
    ("it was mark will who left", "P-0002", "mark will"),
    ("Bill Prydderch", "P-0004", "Bill Prydderch"),
    ("Mail ngozi@brightpath.example now", "P-0001", "ngozi@brightpath.example"),
    ("ring 07700 900417", "P-0001", ""),
    ("ring +447700900417", "P-0001", "+447700900417"),
]


@pytest.mark.parametrize(("text", "who", "said"), CALLED)
def test_somebody_is_found_however_they_are_called(text: str, who: str, said: str) -> None:
    assert named(text) == ([(who, said)] if said else [])


NOBODY = [
    "Mark the row as done and then mark the next.",
    "will it work, and may it stay so?",
    "I will ask, if you will.",
    "We marked it, we are marking it.",
    "the den of the van",
    "Bill the customer.",
]


@pytest.mark.parametrize("text", NOBODY)
def test_an_ordinary_word_is_nobody(text: str) -> None:
    assert named(text) == []


def test_a_name_that_two_people_share_is_neithers() -> None:
    other = KnownPerson("P-0009", ("Ngozi Okafor",))
    assert named("Ngozi said so, and Ngozi Okafor agreed.", NGOZI, other) == [("", "Ngozi"), ("P-0009", "Ngozi Okafor")]


def test_two_people_side_by_side_stay_two() -> None:
    emeka = KnownPerson("P-0005", ("Emeka Balogun",))
    assert named("we had ngozi emeka and others", NGOZI, emeka) == [("P-0001", "ngozi"), ("P-0005", "emeka")]


def test_everything_that_is_found_says_who_it_was() -> None:
    text = "My name is Ngozi Adeyemi. I asked Ngozi Adeyemi-Bello and Siobhan Keane; ngozi laughed."
    spans = ingest.find_personal_data(text, known=[NGOZI])
    assert [(span.who, text[span.start : span.end]) for span in spans] == [
        ("P-0001", "Ngozi Adeyemi"),
        ("P-0001", "Ngozi Adeyemi-Bello"),
        ("", "Siobhan Keane"),
        ("P-0001", "ngozi"),
    ]


NAME = st.text(string.ascii_lowercase, min_size=5, max_size=10).filter(lambda name: lexicon.kind(name) == "u")
FRAMES = ("i told {} about it", "{} said no", "It was {}.", "{}'s file", "(with {}, twice)", "“{}”", "so {}\nleft")


@settings(max_examples=150, deadline=None)
@given(NAME, NAME, st.sampled_from(FRAMES), st.sampled_from((str.title, str.lower, str.upper)), st.data())
def test_any_name_is_found_in_full_in_part_and_misspelled(first, last, frame, written, data) -> None:  # type: ignore[no-untyped-def]
    assume(first != last and not one_edit(first, last))
    person = KnownPerson("P-0042", (f"{first.title()} {last.title()}",))
    at = data.draw(st.integers(0, len(first) - 1))
    letter = data.draw(st.sampled_from(string.ascii_lowercase))
    wrong = data.draw(st.sampled_from((first[:at] + first[at + 1 :], first[:at] + letter + first[at:])))
    called = [f"{first} {last}", first, last]
    if lexicon.kind(wrong)[0] not in "Wwb":
        called.append(wrong)
    for name in called:
        text = frame.format(written(name))
        spans = find_known(text, [person])
        assert [text[span.start : span.end] for span in spans] == [written(name)]
        assert {span.who for span in spans} == {"P-0042"}


@given(NAME, NAME)
def test_one_edit_is_the_same_both_ways(one: str, other: str) -> None:
    assert one_edit(one, other) == one_edit(other, one)
    assert not one_edit(one, one)
    assert one_edit(one, one + "x")

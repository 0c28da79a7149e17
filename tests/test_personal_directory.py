"""Thousands of people are found by their full names, in a time that does not grow with how many there are."""

from __future__ import annotations

import random
import time

from ingest.personal.directory import Directory, Listed
from ingest.personal.models import Span

SYLLABLES = ("ka", "lo", "mi", "ru", "zen", "tor", "vex", "pri", "qua", "sol", "nim", "bex", "dra", "fel", "gro", "hux")


def many(count: int) -> list[Listed]:
    rng = random.Random(7)

    def word() -> str:
        return "".join(rng.choice(SYLLABLES) for _ in range(3)).capitalize()

    return [Listed(f"P-{n:05d}", f"{word()} {word()}", f"Account {n % 900}") for n in range(count)]


def found(directory: Directory, text: str) -> list[tuple[str, str]]:
    return [(span.who, text[span.start : span.end]) for span in directory.find(text)]


def test_everybody_in_a_large_roster_is_found_and_nobody_else() -> None:
    people = many(10_000)
    directory = Directory(people)
    names = [one.name for one in people]
    for one in random.Random(1).sample(people, 200):
        if names.count(one.name) == 1:
            assert (one.who, one.name) in found(directory, f"Then we asked {one.name}, and {one.name.split()[0]} left.")
    assert found(directory, "We gave up during setup, twice, because of the columns that it asks for.") == []


def test_a_roster_of_ten_thousand_takes_no_longer_than_one_of_ten() -> None:
    text = "We gave up during setup and asked Ngozi about the columns, because Tunde had left. " * 400

    def seconds(directory: Directory) -> float:
        times = []
        for _ in range(3):
            started = time.process_time()
            list(directory.find(text))
            times.append(time.process_time() - started)
        return min(times)

    few, all_of_them = Directory(many(10)), Directory(many(10_000))
    assert seconds(all_of_them) < 3 * seconds(few) + 0.05


def test_a_name_one_edit_away_is_theirs_unless_it_is_a_word() -> None:
    directory = Directory([Listed("P-0001", "Ngozi Adeyemi"), Listed("P-0002", "Sean Carter")])
    for said in ("Ngozi Adeyemi", "ngozi adeyemy", "Ngosi Adeyemi", "NGOZI ADEYEEMI", "Adeyemi, Ngozi"):
        assert found(directory, f"I told {said}.") == [("P-0001", said)]
    assert found(directory, "I told Ngosi Adeyemy, the clean carter; Sean Cater and Sean Cartr.") == [
        ("P-0002", "Sean Cartr")
    ]


def test_a_single_name_is_nobody_s() -> None:
    assert found(Directory([Listed("P-0001", "Grace")]), "Grace said grace.") == []


def test_colleagues_are_few() -> None:
    """In an account of hundreds a first name says too little."""
    few = Directory([Listed("P-0001", "Ngozi Adeyemi", "Harbour"), Listed("P-0002", "Sean Carter", "Northwind")])
    assert [person.who for person in few.colleagues({"harbour", ""})] == ["P-0001"]
    assert Directory([Listed(f"P-{n}", "Ngozi Adeyemi", "Harbour") for n in range(200)]).colleagues({"Harbour"}) == []


def test_colleagues_are_found_by_a_part_of_their_name_in_texts_of_their_accounts_alone() -> None:
    two = Directory([Listed("P-0001", "Ngozi Adeyemi", "Harbour"), Listed("P-0002", "Sean Carter", "Northwind")])
    for accounts, whos in (
        (("Harbour",), ["P-0001"]),
        (("northwind", ""), ["P-0002"]),
        (("HARBOUR",), ["P-0001"]),
        (("Northwind", "Harbour"), ["P-0001", "P-0002"]),
        (("Elsewhere",), []),
    ):
        assert [span.who for span in two.find_colleagues("I asked Ngozi and Sean.", accounts)] == whos


def test_the_longer_name_is_who_is_meant() -> None:
    directory = Directory([Listed("P-0001", "Ana Ruiz"), Listed("P-0002", "Ana Ruiz Ortega")])
    assert list(directory.find("Ana Ruiz Ortega")) == [Span(0, 15, "PERSON", 1.0, "P-0002")]

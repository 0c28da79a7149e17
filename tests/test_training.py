"""What the name finder learns from: labels stay on their words whatever is done to a text, and the grammar is whole."""

from __future__ import annotations

import random
import re
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.personal.model import FOLDER
from training.marked import Marked, lower, upper, with_fillers, without_marks, without_punctuation
from training.people import Namer, pools, romanised
from training.places import Places
from training.sentences import Writer, grammar

_DRAWN = {"F", "G", "L", "A", "A_line", "O", "C", "n", "time", "date", "email", "phone", "id", "odd", "odd_cap"}
_DRAWN |= {"product", "product_low", "acronym", "symbol", "namelike", "namelike_cap"}


def test_every_symbol_of_the_grammar_has_lines_or_is_drawn() -> None:
    lines = grammar()
    used = {symbol for said in lines.values() for line in said for symbol in re.findall(r"\{(\w+)\}", line)}
    assert used <= lines.keys() | _DRAWN
    assert lines.keys() <= used | {"who", "nobody"}


def test_names_have_many_origins_and_latin_letters() -> None:
    assert len(pools()) > 60
    assert romanised("Олександр") == "Oleksandr"
    assert romanised("حسن") == ""


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 10_000))
def test_a_label_stays_on_its_words(seed: int) -> None:
    rng = random.Random(seed)
    namer = Namer(rng)
    name, place = namer.full(), Places(rng, namer).address()
    text = f"Hi, {name}! Is “{place}” right, or not?"
    starts = text.index(name), text.index(place)
    spans = ((starts[0], starts[0] + len(name), "PERSON"), (starts[1], starts[1] + len(place), "ADDRESS"))
    for change in (lower, upper, without_marks, without_punctuation, lambda one: with_fillers(one, rng, 0.6)):
        done = change(Marked(text, spans))
        for (start, end, _), said in zip(done.spans, (name, place), strict=True):
            bare = re.sub(r"\W", "", without_marks(lower(Marked(said))).text).lower()
            assert re.sub(r"\W", "", without_marks(lower(Marked(done.text[start:end]))).text).lower() == bare


def test_the_same_seed_writes_the_same_texts() -> None:
    assert [Writer(random.Random(7)).text() for _ in range(3)] == [Writer(random.Random(7)).text() for _ in range(3)]


def test_the_pipeline_that_ships_is_small_and_says_where_it_comes_from() -> None:
    files = [path for path in FOLDER.rglob("*") if path.is_file()]
    assert sum(path.stat().st_size for path in files) < 10_000_000
    sources = Path(FOLDER.parent / "SOURCES.md").read_text(encoding="utf-8")
    assert all(name in sources for name in ("GUM", "UNER", "CC BY-SA 4.0", "Faker", "spacy-lookups-data"))

"""Stretches of a text are replaced, and everything else is known to stand where it went."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from research.edits import Edit, edited


@st.composite
def _cases(draw: st.DrawFn) -> tuple[str, list[Edit]]:
    text = draw(st.text(min_size=1, max_size=60))
    cuts = sorted(draw(st.sets(st.integers(0, len(text)), max_size=10)))
    return text, [(*ends, draw(st.sampled_from(("", "P-0001", "?")))) for ends in list(pairwise(cuts))[::2]]


@given(_cases())
def test_what_stands_outside_the_edits_is_where_it_is_said_to_be(case: tuple[str, list[Edit]]) -> None:
    text, edits = case
    done = edited(text, edits)
    for at, character in enumerate(text):
        if not any(start <= at < end for start, end, _ in edits):
            assert done.text[done.place(at)] == character
    assert done.place(len(text)) == len(done.text)
    assert len(done.text) == len(text) + sum(len(new) - (end - start) for start, end, new in edits)


@given(_cases())
def test_what_was_put_in_stands_in_its_stretch(case: tuple[str, list[Edit]]) -> None:
    text, edits = case
    done = edited(text, edits)
    assert [done.text[start:end] for start, end in done.stretches] == [new for *_, new in edits]


def test_what_ends_where_something_is_put_in_does_not_take_it_in() -> None:
    done = edited("Ann said yes", [(3, 3, ", um,")])
    assert done.text == "Ann, um, said yes"
    assert done.text[: done.place(3, before=True)] == "Ann"
    assert done.text[done.place(3) :] == " said yes"

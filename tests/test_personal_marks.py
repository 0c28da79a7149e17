"""Marks stand where personal data stood; every other character is still there, and can be found again."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

import ingest
from benchmarks.names import invented
from ingest.personal.known import KnownPerson
from ingest.personal.marks import Decision, Redacted, Replacement, decided, mark, redact
from ingest.personal.models import Kind, Span
from research.errors import BadInput

TEXT = "Ngozi Adeyemi wrote from ngozi@brightpath.example about Tunde."
SPANS = (Span(0, 13, "PERSON", 1.0, "P-0001"), Span(25, 49, "EMAIL", 1.0), Span(56, 61, "PERSON", 0.7))


def test_a_span_becomes_its_kind_or_the_pseudonym() -> None:
    done = redact(TEXT, SPANS)
    assert done.text == "P-0001 wrote from [EMAIL] about [PERSON]."
    assert [done.text[one.start : one.end] for one in done.replacements] == ["P-0001", "[EMAIL]", "[PERSON]"]
    first = done.replacements[0]
    assert (first.kind, first.score, first.who) == ("PERSON", 1.0, "P-0001")


def test_nothing_that_comes_out_holds_what_was_removed() -> None:
    assert not any(word in repr(redact(TEXT, SPANS)).lower() for word in ("ngozi", "adeyemi", "tunde", "brightpath"))


def test_overlapping_spans_are_refused() -> None:
    with pytest.raises(BadInput, match="overlap"):
        redact(TEXT, [Span(0, 5, "PERSON", 1.0), Span(4, 13, "PERSON", 1.0)])


def test_a_stretch_outside_the_text_is_refused() -> None:
    with pytest.raises(BadInput, match="no stretch"):
        redact("short", [Span(3, 9, "PERSON", 1.0)])


def test_a_person_can_undo_and_add() -> None:
    spans = decided(TEXT, SPANS, Decision(keep=((56, 61),), add=(Span(14, 19, "SECRET", 1.0),)))
    assert redact(TEXT, spans).text == "P-0001 [SECRET] from [EMAIL] about Tunde."


def test_what_is_added_goes_before_what_was_proposed_and_brings_nothing_back() -> None:
    spans = decided(TEXT, SPANS, Decision(add=(Span(0, 5, "ORGANIZATION", 1.0),)))
    assert redact(TEXT, spans).text.startswith("[ORGANIZATION]P-0001 wrote")


def test_an_unknown_kind_is_refused() -> None:
    with pytest.raises(BadInput, match="SHOE_SIZE"):
        decided(TEXT, SPANS, Decision(add=(Span(0, 5, "SHOE_SIZE", 1.0),)))  # type: ignore[arg-type]


@pytest.mark.parametrize("half", ["dev"])
def test_in_a_redacted_text_nothing_is_found_in_the_marks(half: str) -> None:
    known = [KnownPerson("P-0001", ("Ngozi Adeyemi",)), KnownPerson("P-0002", ("Tariq Haddad",))]
    for marked in invented(half):
        done = redact(marked.text, ingest.find_personal_data(marked.text, known=known))
        again = ingest.find_personal_data(done.text, known=known)
        for one in done.replacements:
            assert not any(span.start < one.end and one.start < span.end for span in again), done.text


@st.composite
def _redactions(draw: st.DrawFn) -> tuple[str, list[Span], Redacted]:
    text = draw(st.text(min_size=1, max_size=60))
    cuts = sorted(draw(st.sets(st.integers(0, len(text)), max_size=10)))
    kinds: list[Kind] = ["PERSON", "EMAIL"]
    spans = [
        Span(start, end, draw(st.sampled_from(kinds)), 1.0, draw(st.sampled_from(("", "P-0001"))))
        for start, end in list(pairwise(cuts))[::2]
    ]
    return text, spans, redact(text, spans)


@given(_redactions())
def test_every_character_that_stays_stands_between_the_marks(case: tuple[str, list[Span], Redacted]) -> None:
    text, spans, done = case
    assert _between(done.text, done.replacements) == _between(text, spans)
    for span, one in zip(spans, done.replacements, strict=True):
        assert done.text[one.start : one.end] == mark(span)


def _between(text: str, stretches: Sequence[Span | Replacement]) -> list[str]:
    """What stands before, between and behind some stretches of a text."""
    ends, starts = [0, *(one.end for one in stretches)], [*(one.start for one in stretches), len(text)]
    return [text[end:start] for end, start in zip(ends, starts, strict=True)]

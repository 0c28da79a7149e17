"""What a word is: the same for finding as for marking."""

from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st

from research.words import in_plain_words, marked, stems, words


def test_inflections_accents_and_case_are_one_word() -> None:
    assert stems("Importing imports IMPORTED") == ["import"] * 3
    assert stems("Café cafe\u0301 CAFE") == ["cafe"] * 3
    assert stems("don't_stop, 4G!") == ["don", "t", "stop", "4g"]


def test_marks_are_whole_words_where_they_stand() -> None:
    text = "Importing the list: we import it twice."
    assert [text[start:end] for start, end in marked(text, set(stems("imported")))] == ["Importing", "import"]


def test_marks_of_redaction_are_no_words() -> None:
    text = "P-0007 called [PERSON] at [DATE_OF_BIRTH], a person [x]."
    assert stems(text) == ["p", "0007", "call", "at", "a", "person", "x"]
    assert [text[start:end] for start, end in marked(text, {"person"})] == ["person"]
    assert in_plain_words(text) == "somebody called somebody at date of birth, a person [x]."


@given(text=st.text(max_size=200))
def test_every_stem_of_a_text_is_marked_in_it(text: str) -> None:
    found = stems(text)
    spans = marked(text, set(found))
    assert [stem for start, end in spans for stem in stems(text[start:end])] == found


@given(
    text=st.text(
        st.one_of(st.characters(max_codepoint=127, exclude_characters="["), st.sampled_from("’“”–—…éßİ\u0301")),
        max_size=60,
    )
)
def test_words_are_runs_of_letters_and_digits_with_their_accents(text: str) -> None:
    assert words(text) == [word.lower() for word in re.findall(r"(?:[^\W_][\u0300-\u036f]*)+", text)]

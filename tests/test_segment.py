"""Passages: what one person said, with its question, never longer than the model reads, always where it says."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.models import Block
from ingest.segment import Span, compose, question, segment


def words(texts: Sequence[str]) -> list[int]:
    """One token a word or sign; a character of a script without spaces is one too."""
    return [len(re.findall(r"[\u2e80-\U0010ffff]|\w+|[^\w\s]", text)) for text in texts]


def passages(*blocks: Block, max_tokens: int = 254) -> list[tuple[str, str]]:
    text, _ = compose(blocks)
    return [(text[span.start : span.end], span.context) for span in segment(blocks, words, max_tokens)]


def asks(text: str) -> Block:
    return Block(text, speaker="Interviewer", role="interviewer")


def says(text: str, speaker: str = "P1", heading: str = "") -> Block:
    return Block(text, speaker=speaker, role="participant", heading=heading)


def test_an_answer_has_its_question_as_context() -> None:
    assert passages(asks("So. How do you export?"), says("I copy it by hand every month.")) == [
        ("I copy it by hand every month.", "So. How do you export?")
    ]


def test_a_written_heading_is_context_where_nobody_asked() -> None:
    assert passages(says("Takes four days every month.", heading="Exports")) == [
        ("Takes four days every month.", "Exports")
    ]


def test_a_question_under_another_heading_no_longer_counts() -> None:
    blocks = (
        Block("What about price?", role="interviewer", heading="Price"),
        says("It is too high for us.", heading="Price"),
        says("The phone app is offline a lot.", heading="Mobile"),
    )
    assert [context for _, context in passages(*blocks)] == ["What about price?", "Mobile"]


def test_an_interviewers_mhm_does_not_take_the_question_away() -> None:
    blocks = (asks("How do you export?"), says("I copy it by hand."), asks("Mm-hm."), says("Then I paste it back in."))
    assert [context for _, context in passages(*blocks)] == ["How do you export?", "How do you export?"]


@pytest.mark.parametrize("said", ["Yeah.", "No, not really.", "Hm.", "OK, great, thank you."])
def test_a_turn_that_means_nothing_alone_is_no_passage(said: str) -> None:
    assert passages(asks("Do you export?"), says(said)) == []


def test_such_a_turn_joins_what_the_same_person_says_next_to_it() -> None:
    assert passages(says("Yeah."), says("I export the report every month.")) == [
        ("Yeah.\n\nI export the report every month.", "")
    ]


def test_a_word_answers_a_written_question() -> None:
    assert passages(says("Excel", heading="Which tool do you use?")) == [("Excel", "Which tool do you use?")]


def test_a_web_address_alone_is_no_passage() -> None:
    assert passages(says("https://example.com/how-to-write-error-messages", heading="Further reading")) == []


def test_two_words_are_enough_when_they_are_the_whole_note() -> None:
    assert passages(says("too expensive")) == [("too expensive", "")]


def test_two_people_never_share_a_passage() -> None:
    found = passages(says("The import took four days."), says("For us it took an hour.", speaker="P2"))
    assert [text for text, _ in found] == ["The import took four days.", "For us it took an hour."]


def test_a_long_answer_splits_at_sentences_and_evenly() -> None:
    answer = " ".join(f"This is sentence number {n} of a very long answer about exports." for n in range(40))
    found = [text for text, _ in passages(asks("Why?"), says(answer))]
    assert len(found) > 2
    assert all(text.endswith(".") for text in found)
    sizes = words(found)
    assert max(sizes) < 2 * min(sizes)


def test_a_long_context_leaves_room_for_the_words() -> None:
    asked = " ".join(["and"] * 400) + " what then?"
    ((text, context),) = passages(asks(asked), says("We went back to the old system."), max_tokens=80)
    assert text == "We went back to the old system."
    assert context.endswith("what then?")
    assert words([context])[0] <= 60


def test_seconds_are_in_proportion_within_a_block() -> None:
    answer = " ".join(f"This is sentence number {n} of a very long answer about exports." for n in range(40))
    block = Block(answer, speaker="P1", role="participant", start_s=100.0, end_s=200.0)
    spans = segment([block], words, 254)
    assert spans[0].start_s == 100.0
    assert spans[-1].end_s == 200.0
    assert [span.start_s for span in spans] == sorted(span.start_s or 0 for span in spans)


def test_the_question_is_found_in_a_long_turn() -> None:
    assert question("I see. We talked about price. Now, who pays the invoice? Take your time.") == (
        "We talked about price. Now, who pays the invoice?"
    )


block_texts = st.text(min_size=1, max_size=600).filter(lambda text: text.strip()).map(str.strip)
blocks_of_notes = st.lists(
    st.builds(
        Block,
        text=st.one_of(block_texts, st.sampled_from(["Yeah.", "word " * 300 + "end", "字" * 900, "x" * 3000])),
        speaker=st.sampled_from(["", "P1", "Dana", "Interviewer"]),
        role=st.sampled_from(["participant", "interviewer"]),
        heading=st.sampled_from(["", "Exports", "What next?", "long " * 100]),
        start_s=st.one_of(st.none(), st.floats(0, 1e5)),
        end_s=st.one_of(st.none(), st.floats(0, 1e5)),
    ),
    max_size=12,
)


@settings(deadline=None, max_examples=150)
@given(blocks=blocks_of_notes, max_tokens=st.integers(100, 300))
def test_passages_are_in_order_apart_within_one_speaker_and_within_the_models_reach(
    blocks: list[Block], max_tokens: int
) -> None:
    text, offsets = compose(blocks)
    spans: list[Span] = segment(blocks, words, max_tokens)
    for before, after in pairwise(spans):
        assert before.end <= after.start
    for span in spans:
        said = text[span.start : span.end]
        assert said.strip()
        assert words([said])[0] + words([span.context])[0] <= max_tokens
        touched = [b for b, (start, end) in zip(blocks, offsets, strict=True) if start < span.end and end > span.start]
        assert {block.role for block in touched} == {"participant"}
        assert len({block.speaker for block in touched}) == 1

"""WebVTT and SRT: what call tools and speech recognisers really write."""

from __future__ import annotations

import pytest
from readers_support import NO_OPTIONS, read_one

from ingest.models import Block, ReadOptions
from research.errors import BadInput

ZOOM = """WEBVTT

1
00:00:01.000 --> 00:00:03.000
Moderator: How did it go?

2
00:00:04.000 --> 00:00:06.500
Ana Diaz: It went fine

3
00:00:06.600 --> 00:00:08.000
Ana Diaz: until Friday.

4
00:00:20.000 --> 00:00:22.000
Ana Diaz: 10:30 Meeting: that was when.
"""
TEAMS = """\ufeffWEBVTT\r
\r
0f1e2d3c-aaaa-bbbb-cccc-1234567890ab/12-0\r
00:01.000 --> 00:03.000 align:start position:0%\r
<v.loud Jonas Lind>Did the <i>import</i> work?</v>\r
\r
0f1e2d3c-aaaa-bbbb-cccc-1234567890ab/13-0\r
00:04.000 --> 00:06.000\r
<v Petra K&ouml;nig>No &amp; never\r
on a Monday\r
\r
NOTE a remark of the tool\r
that runs over two lines\r
\r
STYLE\r
::cue { color: red }\r
\r
00:07.000 --> 00:09.000\r
<v Jonas Lind>Why?<v Petra König>Nobody knows.\r
"""


def spoken(blocks: tuple[Block, ...]) -> list[tuple[str, str | None, str]]:
    return [(block.speaker, block.role, block.text) for block in blocks]


def test_zoom_names_and_merging() -> None:
    found = read_one("P3-GMT20241001.vtt", ZOOM)
    assert spoken(found.blocks) == [
        ("Moderator", "interviewer", "How did it go?"),
        ("Ana Diaz", None, "It went fine until Friday."),
        ("Ana Diaz", None, "10:30 Meeting: that was when."),
    ]
    assert [(block.start_s, block.end_s) for block in found.blocks] == [(1.0, 3.0), (4.0, 8.0), (20.0, 22.0)]
    assert found.metadata.participant == "P3"
    assert str(found.metadata.date) == "2024-10-01"
    assert found.format == "vtt"


@pytest.mark.parametrize("newline", ["\r\n", "\r", "\n"])
def test_teams_voices(newline: str) -> None:
    found = read_one("call.vtt", TEAMS.replace("\r\n", newline), ReadOptions(interviewers=("jonas lind",)))
    assert spoken(found.blocks) == [
        ("Jonas Lind", "interviewer", "Did the import work?"),
        ("Petra König", None, "No & never on a Monday"),
        ("Jonas Lind", "interviewer", "Why?"),
        ("Petra König", None, "Nobody knows."),
    ]


def test_srt_and_vtt_saved_as_srt() -> None:
    srt = "1\n00:00:05,790 --> 00:00:13,514\n<i>Well.</i>\n\n2\n01:00:00,000 --> 01:00:02,000\n{\\an8}Later\non.\n"
    found = read_one("a.srt", srt)
    assert [(block.text, block.start_s) for block in found.blocks] == [("Well.", 5.79), ("Later on.", 3600.0)]
    assert found.format == "srt"
    assert read_one("b.srt", ZOOM).format == "vtt"


def test_turns_end_at_sentences_and_are_neither_tiny_nor_endless() -> None:
    cues = [f"00:{i // 60:02}:{i % 60:02}.000 --> 00:{i // 60:02}:{i % 60:02}.900\nI said word {i}{'.' if i % 5 == 0 else ''}\n"
            for i in range(600)]  # fmt: skip
    blocks = read_one("a.vtt", "WEBVTT\n\n" + "\n".join(cues)).blocks
    sizes = [len(block.text.split()) for block in blocks]
    assert sum(sizes) == 2400
    assert max(sizes) <= 170
    assert min(sizes[:-1]) >= 60
    assert all(block.text.endswith(".") for block in blocks[:-1])


def test_names_are_handed_on_only_where_they_mark_changes() -> None:
    sparse = "WEBVTT\n\n00:01.000 --> 00:02.000\nModerator: So?\n\n00:02.000 --> 00:03.000\nand then?\n\n" + "".join(
        f"00:{s}.000 --> 00:{s + 1}.000\n{text}\n\n"
        for s, text in [(10, "P1: I left."), (20, "For good."), (30, "And never"), (40, "came back."), (50, "Sorry.")]
    )
    found = read_one("a.vtt", sparse).blocks
    assert {(block.speaker, block.role) for block in found} == {("Moderator", "interviewer"), ("P1", "participant")}
    dense = "WEBVTT\n\n" + "".join(
        f"00:{s}.000 --> 00:{s + 1}.000\n{text}\n\n"
        for s, text in [
            (10, "Moderator: So?"),
            (20, "It is mine."),
            (30, "Moderator: Ok."),
            (40, "P1: Yes."),
            (50, "Moderator: Ok."),
        ]
    )
    assert next(block for block in read_one("a.vtt", dense).blocks if "mine" in block.text).role is None


def test_litter_is_dropped_and_named() -> None:
    text = "WEBVTT\n\n" + "".join(
        f"00:{s}.000 --> 00:{s + 1}.000\n{line}\n\n"
        for s, line in [
            (10, "[Music]"), (12, "We sold it {vocalsound} twice [inaudible] over."), (14, "I mean it really."),
            (16, "I mean it really."), (18, "I mean it really."), (20, "♪♪♪"), (22, "Thank you for watching!"),
        ]
    )  # fmt: skip
    found = read_one("a.vtt", text)
    assert " ".join(block.text for block in found.blocks) == "We sold it twice over. I mean it really."
    assert set(found.left_out) == {"sounds in brackets", "lines that repeat the one before", "captions nobody spoke"}


def test_rolling_captions_are_said_once() -> None:
    text = "WEBVTT\n\n00:01.000 --> 00:02.000\nwe went to the mill\n\n00:02.000 --> 00:03.000\nwe went to the mill and came back\n"
    assert read_one("a.vtt", text).blocks[0].text == "we went to the mill and came back"


def test_broken_times_are_no_times() -> None:
    back = (
        "WEBVTT\n\n00:10.000 --> 00:12.000\nOne.\n\n00:40.000 --> 00:42.000\nTwo.\n\n00:20.000 --> 00:22.000\nThree.\n\n"
        + "".join(f"01:{s}.000 --> 01:{s}.500\nMore of it.\n\n" for s in range(10, 60, 10))
    )
    blocks = read_one("a.vtt", back).blocks
    known = [block.start_s for block in blocks if block.start_s is not None]
    assert known == sorted(known)
    assert "Three." in " ".join(block.text for block in blocks)


@pytest.mark.parametrize("text", ["WEBVTT\n", "WEBVTT\n\nNOTE nothing\n", "just text"])
def test_no_cues(text: str) -> None:
    with pytest.raises(BadInput, match=r"a\.vtt has no cues"):
        read_one("a.vtt", text, NO_OPTIONS)


def test_cues_without_words() -> None:
    with pytest.raises(BadInput, match="nothing is said"):
        read_one("a.vtt", "WEBVTT\n\n00:01.000 --> 00:02.000\n[Music]\n")

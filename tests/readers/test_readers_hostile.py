"""Nothing but documents or one plain sentence comes out, whatever goes in, and in bounded time."""

from __future__ import annotations

import time
from contextlib import suppress

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from readers_support import NO_OPTIONS, read_all, read_one

from fuzz.targets import read_as
from ingest.models import ReadOptions, Source
from ingest.readers import FORMATS, read
from research.errors import BadInput

WORDS = st.sampled_from(
    ["Moderator:", "P1:", "**Ana:**", "Q:", "A:", "Why?", "yes", "\n", "\n\n", "# ", "- ", "> ", "| ", "|", "* ", "1. ", "---", "```",
     "00:00:01.000 --> 00:00:02.000", "[00:01:02]", "Ana  0:21", "<v Ana>", "</v>", "<!--", "-->", "{{", "}}", "(What?) so", "“",
     "Transcript", "## Summary", "## Transcript", "\t", ",", ";", '"', "\x00", "\ufeff", "é", "title:", "text", "[x](y)", "  "]
)  # fmt: skip


@pytest.mark.parametrize(
    ("name", "data", "sentence"),
    [
        ("a.md", b"", "a.md is empty."),
        ("a.txt", b" \n\t\x00 ", "a.txt is empty."),
        ("a.md", b"---\ntitle: x\n---\n", "a.md is empty."),
        ("a.md", b"# Guide\n\n## Warm-up\n", "holds questions or headings but nothing that anybody said"),
        ("a.md", b"* How old are you?\n* Where do you live?\n* Do you cook?\n", "holds questions or headings"),
        ("a.txt", b"\x89PNG\r\n\x1a\n" + b"\x00" * 50, "it looks like a picture"),
        ("a.txt", bytes(range(256)) * 20, "does not look like text"),
        ("a.txt", b"%PDF-1.7\n...", "it looks like a PDF"),
        ("a.json", b"{}", "cannot be read. These can: .md"),
        ("noending", b"words", "cannot be read"),
        ("a.vtt", b"PK\x03\x04", "looks like a zip"),
    ],
)
def test_sentences(name: str, data: bytes, sentence: str) -> None:
    with pytest.raises(BadInput) as raised:
        read_all(name, data)
    assert sentence in str(raised.value)
    assert name in str(raised.value)
    assert "\n" not in str(raised.value)


def test_notes_that_only_a_machine_wrote() -> None:
    with pytest.raises(BadInput, match="only what a machine wrote"):
        read_one("a.md", "# Notes by Gemini\n## Summary\nThe customer is happy.\n## Details\nShe said so.\n")


def test_too_big() -> None:
    with pytest.raises(BadInput, match=r"a\.txt has 2 KB, more than the 1 KB allowed"):
        read_all("a.txt", b"word " * 400, ReadOptions(max_bytes=1024))


@pytest.mark.parametrize(
    "text",
    [
        "a" * 2_000_000,
        "word " * 300_000,
        "**a " * 200_000,
        "[a](" * 200_000,
        "[[[[" * 100_000,
        "<b><" * 20_000,
        "<!-- " * 100_000,
        "{{ { " * 100_000,
        "(What? " * 100_000,
        "P1: x? " * 100_000,
        "00:01 --> " * 100_000,
        "P1: yes\n" * 20_000,
        "so it goes on\n" * 20_000,
        "- a?\n" * 20_000,
        "> q\n\n- a\n" * 10_000,
        "# Transcript\n# Summary\n" * 10_000,
        "| a | b |\n" * 20_000,
        "\n" * 200_000 + "end",
        "— x\n“y”\n" * 10_000,
        "### P1\nyes\n### P2\nno\n" * 5_000,
    ],
    ids=lambda text: repr(text[:12]),
)
@pytest.mark.parametrize("kind", [".md", ".vtt", ".html", ".csv"])
def test_no_input_takes_for_ever(text: str, kind: str) -> None:
    began = time.perf_counter()
    with suppress(BadInput):
        read(Source("a" + kind, "k", text.encode()), NO_OPTIONS)
    assert time.perf_counter() - began < 15


@pytest.mark.parametrize("kind", sorted(FORMATS))
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.binary(max_size=400))
def test_any_bytes(kind: str, data: bytes) -> None:
    read_as("a" + kind, data, own=False)


@pytest.mark.parametrize("kind", [".md", ".txt", ".vtt", ".srt", ".html", ".csv", ".tsv"])
@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(words=st.lists(WORDS | st.text(max_size=8), max_size=40))
def test_any_mixture_of_layouts(kind: str, words: list[str]) -> None:
    read_as("a" + kind, " ".join(words).encode("utf-8", "replace"))


@settings(max_examples=100, deadline=None)
@given(
    cues=st.lists(st.tuples(st.integers(0, 4000), st.integers(0, 4000), st.text(max_size=20)), min_size=1, max_size=20)
)
def test_any_times(cues: list[tuple[int, int, str]]) -> None:
    text = "WEBVTT\n\n" + "\n\n".join(
        f"{a // 60:02}:{a % 60:02}.000 --> {b // 60:02}:{b % 60:02}.000\n{said}" for a, b, said in cues
    )
    read_as("a.vtt", text.encode("utf-8", "replace"))

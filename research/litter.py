"""What no text needs and some texts hide things with: control characters, zero-width and direction marks."""

from __future__ import annotations

import re

_NEWLINES = re.compile("\r\n?|[\x0b\x0c\x1c-\x1e\x85\u2028\u2029]")
_LITTER = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\xad\u200b\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff\ufffc\ufffd\ufffe\uffff\ud800-\udfff]"
)
# What a terminal may take for a command, or what turns the direction of a line; a tab and a line end are neither.
_COMMANDS = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
_RUN = re.compile(r"\S{100,}")  # base64, rules of dashes, a megabyte of brackets


def normalise(text: str) -> str:
    """Text with one kind of line end and without NUL, control, zero-width and direction marks, and half characters."""
    return _LITTER.sub("", _NEWLINES.sub("\n", text))


def visible(text: str) -> str:
    """Text that tells a terminal nothing but what to show; what else there is stands as JSON and Python write it.

    >>> print(visible("done\\x1b[2J"))
    done\\u001b[2J
    """
    return _COMMANDS.sub(lambda found: f"\\u{ord(found[0]):04x}", text)


def without_runs(text: str) -> str:
    """Text for spaCy, whose tokenizer takes a time that grows with the square of a word's length: of each run of 100 or
    more characters all but the last become “0”. Everything stays where it was; no name and no sentence ends in one."""
    return _RUN.sub(lambda found: "0" * (len(found[0]) - 1) + found[0][-1], text)

"""Clock times in transcripts: "00:01:02.500", "1:02", "[04:04]", "--> lines" as seconds."""

from __future__ import annotations

import re

_CLOCK = re.compile(r"(?:(\d{1,3}):)?(\d{1,3}):(\d{1,2})(?:[.,:](\d{1,3}))?$")
CLOCK = r"(?:\d{1,3}:)?\d{1,3}:\d{1,2}(?:[.,]\d{1,6})?"
ARROW = re.compile(rf"\s*\[?\s*({CLOCK})\s*(?:-{{1,3}}>|–>|→)\s*({CLOCK})\s*\]?[ \t]*(.*)")
STAMP = re.compile(
    r"\\?[\[(]\s*(\d{1,2}:\d{2}(?::\d{2})?(?:[.,]\d{1,3})?)\s*\\?[\])]|"
    r"\\?\[(\d{1,2}:\d{2}(?::\d{2})?)\s*-\s*\d{1,2}:\d{2}(?::\d{2})?\\?\]"
)
_BARE = re.compile(r"\d{1,2}:\d{2}(?::\d{2})?(?:[.,]\d{1,3})?$")


def seconds(clock: str | None) -> float | None:
    """Seconds of a clock time such as "1:02:03.5"; None where it is none."""
    found = _CLOCK.match(clock.strip()) if clock else None
    if not found:
        return None
    hours, minutes, secs, part = found.groups()
    total = int(hours or 0) * 3600 + int(minutes) * 60 + int(secs)
    return total + int(part) / 10 ** len(part) if part else float(total)


def stamps_taken(text: str) -> tuple[str, float | None, float | None]:
    """Text without its [00:01:00] stamps, the time of one that opens it, and the time of the last one in it."""
    if ":" not in text or ("[" not in text and "(" not in text):
        return text, None, None
    first: float | None = None
    last: float | None = None
    for found in STAMP.finditer(text):
        if found.group().startswith(("(", "\\(")) and found.start() > 0:
            continue
        last = seconds(found.group(1) or found.group(2))
        if found.start() == 0:
            first = last
    if last is None:
        return text, None, None
    kept = STAMP.sub(lambda m: m.group() if m.group().startswith("(") and m.start() > 0 else " ", text)
    return " ".join(kept.split()), first, last


def bare_time(text: str) -> float | None:
    """The time of a line that is nothing but a time ("00:00:53", "[00:53]")."""
    stripped = text.strip().strip("[]()")
    return seconds(stripped) if _BARE.match(stripped) else None

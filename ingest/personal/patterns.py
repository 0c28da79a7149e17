"""Regular expressions for texts that nobody has looked at: no run of blanks or letters makes one of them slow."""

from __future__ import annotations

import re

_BOUNDS = (
    (r"\s*", r"\s{0,9}"),
    (r"\s+", r"\s{1,9}"),
    (r"[ \t]*", r"[ \t]{0,9}"),
    (r"[ \t]+", r"[ \t]{1,9}"),
    (r"[\w'’-]*", r"[\w'’-]{0,30}"),
    (r"[\w'’.-]*", r"[\w'’.-]{0,30}"),
    (r"[\w-]*", r"[\w-]{0,40}"),
    (r"[\w.-]*", r"[\w.-]{0,40}"),
)


def compiled(pattern: str, flags: int = 0) -> re.Pattern[str]:
    """The pattern with its longest runs bounded, so that the time it takes grows with the text and not with its square.

    >>> compiled(r"a\\s+b").pattern
    'a\\\\s{1,9}b'
    """
    for unbounded, bounded in _BOUNDS:
        pattern = pattern.replace(unbounded, bounded)
    return re.compile(pattern, flags)

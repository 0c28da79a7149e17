"""What happened and how long it took, as a name and numbers: for logs and for whoever counts. Pure but for the clock.

An event never holds what somebody said, asked or is called. Its values are numbers, or words that the code itself
knows: a status, a kind, the name of a filter.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import wraps
from pathlib import Path
from typing import Any, ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")
Facts = Mapping[str, int | float | str]

LOGGER = "heard"
_ROOT = Path(__file__).parents[1]


def say(event: str, level: int = logging.INFO, /, **facts: int | float | str) -> None:
    """Tell whoever listens that something happened; nothing is done where nobody does."""
    logging.getLogger(LOGGER).log(level, event, extra={"facts": facts})


def timed(event: str, facts: Callable[[Any], Facts] = lambda _: {}) -> Callable[[Callable[P, T]], Callable[P, T]]:
    """Says at the end of each call of a function how many seconds it took, with `facts` of what it gave, or the type
    of the error that ended it."""

    def around(function: Callable[P, T]) -> Callable[P, T]:
        @wraps(function)
        def told(*args: P.args, **named: P.kwargs) -> T:
            with timing(event) as known:
                result = function(*args, **named)
                known.update(facts(result))
                return result

        return told

    return around


@contextmanager
def timing(event: str) -> Iterator[dict[str, int | float | str]]:
    """The same for a block, which puts its facts into the dictionary."""
    known: dict[str, int | float | str] = {}
    began = time.monotonic()
    try:
        yield known
    except Exception as error:
        known["error"] = type(error).__name__
        raise
    finally:
        say(event, **known, seconds=round(time.monotonic() - began, 4))


def failed(error: BaseException) -> None:
    """Tell of an error that nobody was prepared for: its type and place, never its message, which may quote a note."""
    say("error", logging.ERROR, type=type(error).__name__, place=place(error))


def place(error: BaseException) -> str:
    """Where in Heard an error arose, else where at all: "research/search.py:61 ranked"."""
    frames, at = [], error.__traceback__
    while at is not None:
        frames.append((Path(at.tb_frame.f_code.co_filename), at.tb_lineno, at.tb_frame.f_code.co_name))
        at = at.tb_next
    ours = [frame for frame in frames if frame[0].is_relative_to(_ROOT) and "site-packages" not in frame[0].parts]
    if not frames:
        return ""
    path, line, name = (ours or frames)[-1]
    return f"{path.relative_to(_ROOT).as_posix() if ours else path.name}:{line} {name}"

"""What takes long is made once for all who may read the same."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from heard.ui import made
from heard.ui.made import Answers


def test_who_asks_while_it_is_being_made_waits_for_the_same() -> None:
    answers, begun, times = Answers(), threading.Barrier(8), []

    def ask(_: int) -> object:
        begun.wait()
        return answers.of("as it is", "themes").get(lambda: times.append(1) or object())

    with ThreadPoolExecutor(8) as threads:
        found = set(threads.map(ask, range(8)))
    assert (len(found), times) == (1, [1])


def test_nothing_holds_once_something_was_written() -> None:
    answers = Answers()
    answers.of("before", "themes").get(lambda: "old words")
    assert not answers.of("after", "themes").ready
    assert not answers.of("before", "themes").ready, "what was let go is not found again"


def test_what_failed_is_made_by_the_next_who_asks() -> None:
    answer = Answers().of("as it is", "themes")
    with pytest.raises(RuntimeError):
        answer.get(lambda: exec("raise RuntimeError"))
    assert answer.get(lambda: "themes") == "themes"


def test_what_nobody_looked_at_for_longest_goes_first() -> None:
    answers = Answers()
    for number in range(made._KEPT):
        answers.of("as it is", number).get(lambda: "made")
    assert answers.of("as it is", 0).ready
    answers.of("as it is", "one more")
    assert answers.of("as it is", 0).ready
    assert not answers.of("as it is", 1).ready

"""What a check came to, in words: for the page, the command and the documents alike."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from heard.ui import words
from research import dates
from research.check import Check, Reservation, Verdict
from research.kept import Question
from research.models import Voices

WORDS = {"answered": "Answered", "partly": "Partly", "open": "Open"}
SINCE = {"answered": "Answered since", "partly": "Partly since", "open": "Still open"}  # of a question that was kept
_BECAUSE: dict[Reservation, str] = {
    "unsure": "it is not certain that this is what they speak of",
    "one person": "one person alone says so",
    "one account": "nearly all of them are of one account",
    "old": "the last of it is more than a year old",
}
_NAMED = 6  # segments that are named; of more, the number


def summary(check: Check) -> str:
    """ "12 lines: 6 answered, 2 partly, 4 open." """
    counts = [(word, sum(one.verdict == word for one in check)) for word in WORDS]
    said = ", ".join(f"{number} {word}" for word, number in counts if number)
    return f"{words.count(len(check), 'line')}: {said}." if said else ""


def chance(verdict: Verdict) -> str:
    """The stated chance that it was heard, never nought nor certain: "heard: 93 in 100"."""
    return f"chance that it was heard: {min(99, max(1, round(verdict.confidence * 100)))} in 100"


def who(verdict: Verdict, today: date) -> str:
    """Who stands behind the answers; for an open line that nobody does."""
    if verdict.verdict == "open":
        return "Nobody said anything to it that we could be sure of."
    passages = sum(len(answer.ids) for answer in verdict.answers) + verdict.more
    return words.who_said(
        Voices(passages, verdict.people, verdict.teams, verdict.accounts, verdict.latest), today
    )  # fmt: skip


def because(verdict: Verdict) -> str:
    """Why it is only partly answered, "" where it is not."""
    if verdict.verdict != "partly":
        return ""
    return f"Only partly: {' and '.join(_BECAUSE[one] for one in verdict.reservations)}."


def missing(verdict: Verdict, segments: Sequence[str]) -> str:
    """The segments nobody of whom was heard on it, "" where all were, or none is known, or the line is open."""
    if verdict.verdict == "open" or not verdict.missing_segments:
        return ""
    if len(verdict.missing_segments) > _NAMED:
        heard = [segment for segment in segments if segment not in verdict.missing_segments]
        told = f" Heard only from: {', '.join(heard)}." if 0 < len(heard) <= _NAMED else ""
        return f"Nobody yet of {len(verdict.missing_segments)} of {words.count(len(segments), 'segment')}.{told}"
    return f"Nobody yet of: {', '.join(verdict.missing_segments)}."


def says(people: int) -> str:
    """ "one person", "3 people": behind one answer."""
    return words.spelled(people, "person", "people")


def kept(question: Question) -> str:
    """Who kept a question, and when: "Kept by maria for Growth, 14 Oct 2026."."""
    team = f" for {question.team}" if question.team else ""
    return f"Kept by {question.by}{team}, {dates.day(question.at.date())}."


def these(number: int) -> str:
    """ "this one", "these 4"."""
    return "this one" if number == 1 else f"these {number}"

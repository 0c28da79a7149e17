"""Have we heard this? What a list of questions comes to: a verdict for each line, what to drop, to ask and to read.

Values and rules; `research.checking` gathers what they rest on.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Literal, overload

from research import frames
from research.models import Hit, Opens

if TYPE_CHECKING:
    import pandas

Word = Literal["answered", "partly", "open"]
Reservation = Literal["unsure", "one person", "one account", "old"]

HEARD = 0.5  # chance from which a line was more likely heard than not
SURE = 0.75  # and from which it may be called answered
RECENT = timedelta(days=365)
_LEANS = 0.75  # share of the people behind an answer from which it leans on their account
_ENOUGH = 0.8  # share of the lines that a reading list is to cover, and how many notes it names at most
_MOST_NOTES = 5


@dataclass(frozen=True, slots=True)
class Answer:
    """One distinct answer: its best quote, and how many people say so in how many passages (`ids`, best first).

    `otherwise` is set where the person answers a question yes that more people answered no, or the other way round.
    """

    quote: Hit
    people: int
    ids: tuple[str, ...]
    otherwise: bool = False


@dataclass(frozen=True, slots=True)
class Verdict:
    """What is known of one line.

    `confidence` is the chance that it was heard. `people`, `teams`, `accounts` and `latest` are of all passages that
    are taken for answers; `answers` are the first of the distinct ones, `more` how many passages are in none of them.
    `reservations` say why a line is only partly answered; `missing_segments` are those of whom nobody said anything to
    it. An open line has no answers, and `nearest` is what comes closest.
    """

    line: str
    verdict: Word
    confidence: float
    people: int = 0
    teams: int = 0
    accounts: int = 0
    latest: date | None = None
    answers: tuple[Answer, ...] = ()
    more: int = 0
    reservations: tuple[Reservation, ...] = ()
    missing_segments: tuple[str, ...] = ()
    nearest: tuple[Hit, ...] = ()

    @property
    def hits(self) -> tuple[Hit, ...]:
        """The best quote of each answer; for an open line what comes closest."""
        return tuple(answer.quote for answer in self.answers) or self.nearest


@dataclass(frozen=True, slots=True)
class Reading:
    """A note that is worth reading before asking, and the lines that it has answers to. `closed` and `opens` are its
    study's."""

    note_id: str
    title: str
    team: str
    study: str
    date: date | None
    lines: tuple[str, ...]
    closed: bool = False
    opens: Opens = None


@dataclass(frozen=True, slots=True)
class Check(Sequence[Verdict]):
    """A verdict for each line, in the order of the lines; `reading` are the notes that answer most of them.

    `segments` are those that the repository knows; `notice` is a sentence when the answer is not all that it could be.
    """

    verdicts: tuple[Verdict, ...]
    reading: tuple[Reading, ...] = ()
    segments: tuple[str, ...] = ()
    notice: str = ""

    @property
    def to_drop(self) -> tuple[Verdict, ...]:
        """The lines that are answered: no need to ask again."""
        return tuple(one for one in self.verdicts if one.verdict == "answered")

    @property
    def to_ask(self) -> tuple[Verdict, ...]:
        """The lines to ask: the open ones, then those that are partly answered, the least likely heard first."""
        asked = [one for one in self.verdicts if one.verdict != "answered"]
        return tuple(sorted(asked, key=lambda one: (one.verdict != "open", one.confidence)))

    @overload
    def __getitem__(self, index: int) -> Verdict: ...
    @overload
    def __getitem__(self, index: slice) -> tuple[Verdict, ...]: ...
    def __getitem__(self, index: int | slice) -> Verdict | tuple[Verdict, ...]:
        return self.verdicts[index]

    def __len__(self) -> int:
        return len(self.verdicts)

    def __iter__(self) -> Iterator[Verdict]:
        return iter(self.verdicts)

    def to_frame(self) -> pandas.DataFrame:
        """The verdicts as a pandas table, a row for each line; the same columns and types where there are none.

        Texts (str): `line`, `verdict`, `quote` (the best answer's words; of an open line what comes closest) and
        `quote_id` (its passage). `confidence` (float64, 0 to 1) is the chance that it was heard. Counts (int64):
        `people`, `teams`, `accounts`, distinct `answers`. `latest` (datetime64) is when it was last said. Tuples of
        texts: `reservations` and `missing_segments`.
        """
        return frames.of_check(self)


def reservations(
    confidence: float, people: int, accounts: Sequence[str], latest: date | None, today: date
) -> tuple[Reservation, ...]:
    """What keeps a line that was heard from being answered; nothing does when there are none.

    `accounts` has one entry for each person ("" where it is not known). A line is only partly answered when its chance
    is below 0.75, when one person stands behind it, when three quarters of the people are of one account, or when it
    was last heard more than a year ago. An undated note is held to be neither old nor recent, and says nothing.
    """
    most = max((accounts.count(account) for account in set(accounts) if account), default=0)
    found: list[Reservation] = []
    if confidence < SURE:
        found.append("unsure")
    if people < 2:
        found.append("one person")
    elif most >= 2 and most >= _LEANS * people:
        found.append("one account")
    if latest is not None and today - latest > RECENT:
        found.append("old")
    return tuple(found)


def word(confidence: float, people: int, reserved: Sequence[Reservation]) -> Word:
    """A line's verdict: open when it was more likely not heard than heard, or nobody answers it."""
    if confidence < HEARD or not people:
        return "open"
    return "partly" if reserved else "answered"


def worth_reading(answering: Mapping[str, Mapping[str, float]]) -> list[tuple[str, list[str]]]:
    """Few notes that answer most of the lines, best first, each with the lines that it has answers to.

    `answering`: line -> note -> the best score of the note's answers to it. Greedy cover: always the note that answers
    most of the lines that no chosen one does, of several the one that answers them best, until four fifths of the
    lines are covered or five notes are chosen.
    """
    lines = {line for line, notes in answering.items() if notes}
    of_note: dict[str, dict[str, float]] = {}
    for line, notes in answering.items():
        for note, score in notes.items():
            of_note.setdefault(note, {})[line] = score
    chosen: list[tuple[str, list[str]]] = []
    left: Set[str] = lines
    while len(chosen) < _MOST_NOTES and len(lines) - len(left) < _ENOUGH * len(lines):
        best = max(
            of_note,
            key=lambda note: (
                len(left & of_note[note].keys()),
                sum(score for line, score in of_note[note].items() if line in left),
                note,
            ),
        )
        chosen.append((best, [line for line in answering if line in of_note[best]]))
        left = left - of_note[best].keys()
    return chosen

"""What a customer research repository keeps and gives back, as frozen values without behaviour of the store."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TYPE_CHECKING, Literal, overload

from research import frames

if TYPE_CHECKING:
    import pandas

Role = Literal["participant", "interviewer"]
TagSource = Literal["person", "tagger"]
Opens = date | None  # the day from which everybody reads a closed study, where there is one


@dataclass(frozen=True, slots=True)
class Turn:
    """One stretch of a transcript by one speaker, or one block of written notes.

    `note_text[start:end]` is what was said. `speaker` is a pseudonym such as "P-0007", or "Interviewer", or "" where
    the source names nobody. `heading` is the guide heading or written question it stands under ("" if none).
    """

    ordinal: int
    start: int
    end: int
    role: Role
    speaker: str
    heading: str
    text: str
    start_s: float | None = None
    end_s: float | None = None


@dataclass(frozen=True, slots=True)
class TagAssignment:
    """A tag on a passage, with who put it there and why. `score` is 0 to 1 (1.0 for a person's)."""

    tag: str
    score: float
    source: TagSource
    reason: str


@dataclass(frozen=True, slots=True)
class Passage:
    """The unit that is searched: what one person said, in their words, with the question it answers as context.

    `start` and `end` are character offsets into the note's text, and `note_text[start:end] == text` always holds.
    Seconds are None where the source has no times.
    """

    id: str
    note_id: str
    ordinal: int
    start: int
    end: int
    text: str
    context: str
    participant: str
    start_s: float | None = None
    end_s: float | None = None
    tags: tuple[TagAssignment, ...] = ()


@dataclass(frozen=True, slots=True)
class Participant:
    """Somebody who was heard, by pseudonym; nothing here identifies the person."""

    pseudonym: str
    segment: str = ""
    account: str = ""
    role: str = ""


@dataclass(frozen=True, slots=True)
class NoteSummary:
    """A note in a list: one interview, call, test session, survey answer or ticket. `closed` and `opens` are its
    study's."""

    id: str
    title: str
    team: str
    study: str
    study_id: str
    date: date | None
    participants: tuple[Participant, ...]
    passages: int
    words: int
    source: str
    format: str
    added: datetime
    updated: datetime
    closed: bool = False
    opens: Opens = None


@dataclass(frozen=True, slots=True)
class Redacted:
    """A mark in a note's text: where it stands, what kind of thing it replaced, and how sure that was (0 to 1)."""

    start: int
    end: int
    kind: str
    score: float


@dataclass(frozen=True, slots=True)
class Note:
    """A whole note: its text, the turns that make it up in order, and its passages with their tags.

    `origins` says for each piece of metadata where it came from, e.g. {"date": "front matter", "title": "file name"}.
    `hidden` counts the turns that are left out because their speaker's consent has ended. `redactions` are the marks in
    the text that stand for something personal.
    """

    summary: NoteSummary
    text: str
    turns: tuple[Turn, ...]
    passages: tuple[Passage, ...]
    origins: dict[str, str] = field(default_factory=dict)
    hidden: int = 0
    redactions: tuple[Redacted, ...] = ()


@dataclass(frozen=True, slots=True)
class StudySummary:
    """A study in the library. `first` and `last` are the dates of its earliest and latest dated notes.

    `asked` says whether people were contacted for it, `keep_days` for how many days its notes are kept (None: always).
    `closed` says that only its team reads it today, until the day `opens` where there is one.
    """

    id: str
    title: str
    team: str
    notes: int
    passages: int
    participants: int
    first: date | None
    last: date | None
    owner: str = ""
    method: str = ""
    questions: str = ""
    asked: bool = True
    keep_days: int | None = None
    closed: bool = False
    opens: Opens = None


@dataclass(frozen=True, slots=True)
class Why:
    """Why a passage was found: the three parts that its score is the sum of, and what they rest on.

    `by_words` is for the words that it has in common with what was asked (in `words`, as asked; those in
    `context_words` stand only in the question that it answers), `by_meaning` for the cosine similarity of their vectors
    (`cosine`; None where it is not known), `nearby` for what is said around it in the same note. `voice` is the role,
    segment or account that was asked for by name and is the speaker's ("" if none): such a passage counts double.
    """

    by_words: float = 0.0
    by_meaning: float = 0.0
    nearby: float = 0.0
    words: tuple[str, ...] = ()
    context_words: tuple[str, ...] = ()
    cosine: float | None = None
    voice: str = ""

    @property
    def own(self) -> float:
        """What the passage would score by itself, without what is said nearby."""
        return self.by_words + self.by_meaning

    @property
    def holds(self) -> int:
        """How many of the words that were asked for stand in the passage or in the question that it answers."""
        return len(self.words) + len(self.context_words)


@dataclass(frozen=True, slots=True)
class Hit:
    """A passage that answers a search, with all that is needed to judge and cite it.

    `score` (0 to 1) orders hits within one answer and means nothing across answers; `why` says what it is made of.
    `marks` are (start, end) offsets into `text` of the words that matched. `tags` are tag names. `start`/`end` are
    offsets into the note's text. `alike` are the ids of passages that say the same in nearly the same words and are
    not shown beside it. `closed` and `opens` are its study's, as in `StudySummary`.
    """

    id: str
    text: str
    context: str
    note_id: str
    note_title: str
    participant: str
    speaker: str
    segment: str
    account: str
    team: str
    study: str
    date: date | None
    tags: tuple[str, ...]
    score: float
    start: int
    end: int
    start_s: float | None = None
    end_s: float | None = None
    marks: tuple[tuple[int, int], ...] = ()
    alike: tuple[str, ...] = ()
    why: Why = Why()
    role: str = ""
    closed: bool = False
    opens: Opens = None


@dataclass(frozen=True, slots=True)
class Voices:
    """Who stands behind a set of hits: the numbers that turn "14 passages" into evidence.

    `effective` is the number of people that would be as diverse if all spoke as much, `top_five` the share of passages
    of the five who spoke most (`research.voices`). `leans_on_two`: two people said two thirds or more of it;
    `leans_on_account` names the account that did. `by_person` counts passages, most first.
    """

    passages: int
    people: int
    teams: int
    accounts: int
    latest: date | None
    effective: float = 0.0
    top_five: float = 0.0
    leans_on_two: bool = False
    leans_on_account: str = ""
    by_person: tuple[tuple[str, int], ...] = ()


@dataclass(frozen=True, slots=True)
class SegmentHeard:
    """How many people of a segment were heard, of those who are known, on the roster or by what they said."""

    segment: str
    heard: int
    known: int


@dataclass(frozen=True, slots=True)
class Coverage:
    """Whom a selection reaches: the share of its people heard for the first time ever (None where no beginning was
    given), and each segment, best covered first."""

    first_time: float | None
    segments: tuple[SegmentHeard, ...]


@dataclass(frozen=True, slots=True)
class Hits(Sequence[Hit]):
    """The answer to a search, best first; a plain sequence that also knows who stands behind it.

    `voices` counts over all relevant passages that were found, of which this sequence holds the first `limit` after
    spreading over people. `more` is how many relevant passages were left out. `notice` is a sentence for the reader
    when the answer is not all it could be ("" when it is).
    """

    items: tuple[Hit, ...]
    voices: Voices
    more: int = 0
    notice: str = ""

    @overload
    def __getitem__(self, index: int) -> Hit: ...
    @overload
    def __getitem__(self, index: slice) -> tuple[Hit, ...]: ...
    def __getitem__(self, index: int | slice) -> Hit | tuple[Hit, ...]:
        return self.items[index]

    def __len__(self) -> int:
        return len(self.items)

    def __iter__(self) -> Iterator[Hit]:
        return iter(self.items)

    def to_frame(self) -> pandas.DataFrame:
        """The hits as a pandas table, a row each, best first; the same columns and types where there are none.

        Texts (str): `id`, `text` (the customer's words), `context` (the question or heading that it answers),
        `participant` (by pseudonym), `segment`, `account`, `role`, `team`, `study`, `note_id`, `note_title`; "" where
        nothing is known. Days (datetime64): `date` of the session, and `opens` of its closed study; NaT for none.
        Tuples of texts: `tags`, and `alike` (ids of passages that say the same). `start` and `end` (int64) are
        characters into the note's text, `start_s` and `end_s` (float64) seconds into the recording, NaN without times.
        `score` (float64, 0 to 1) orders these rows and means nothing beside another answer's. `closed` (bool): only its
        team reads it.
        """
        return frames.of_hits(self)


@dataclass(frozen=True, slots=True)
class Choices:
    """What the repository holds that can be filtered by, each list sorted for showing."""

    teams: tuple[str, ...]
    studies: tuple[str, ...]
    segments: tuple[str, ...]
    accounts: tuple[str, ...]
    tags: tuple[str, ...]
    participants: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Status:
    """What is in the repository, by its own account; `pending` passages cannot be found yet. What the indexes really
    hold only a check-up tells, which opens them."""

    home: str
    notes: int
    passages: int
    pending: int
    participants: int
    teams: int
    studies: int
    first: date | None
    last: date | None
    model: str
    dimension: int
    taxonomy_version: str
    ranking: str
    database: str
    bytes_on_disk: int


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that `doctor` looked at. `fixed` is set when a repair was asked for and done."""

    check: str
    ok: bool
    message: str
    fixed: bool = False

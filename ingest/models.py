"""What flows through ingest: a source becomes documents, documents become notes, and each file ends in an outcome."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from datetime import date
from typing import Any, Literal

from research.models import Role
from research.store.sheets import Rows
from research.taxonomy import Tag, Taxonomy

OutcomeStatus = Literal["added", "updated", "unchanged", "failed"]


@dataclass(frozen=True, slots=True)
class Source:
    """Bytes to read and where they came from.

    `name` is the path as people know it ("q2/P1.md", "calls.zip/P1.vtt"); `key` stays the same when the same source
    comes again, so that a changed file updates its note instead of adding another.
    """

    name: str
    key: str
    data: bytes


@dataclass(frozen=True, slots=True)
class Selection:
    """Words that a person selected in another tool, as far as they lie in one block: `block.text[start:end]`.

    `tags` are what they put on them, `taken_off` what they did not want there. Parts of one selection that goes over
    several blocks have the same `id`.
    """

    id: str
    start: int
    end: int
    tags: tuple[str, ...] = ()
    taken_off: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Unplaced:
    """A selection that found no place in what customers said: its words, its tags, and why in a phrase."""

    text: str
    tags: tuple[str, ...]
    why: str


@dataclass(frozen=True, slots=True)
class Block:
    """A piece of a document by one voice, in reading order, before segmentation.

    `speaker` is the label as the file has it ("P3", "Christina", "" where nobody is named); `role` is None where the
    file does not say who it is. `heading` is the guide heading or written question the block stands under; a question
    somebody *spoke* is a block of its own with role "interviewer". Seconds are None where the source has no times.
    """

    text: str
    speaker: str = ""
    role: Role | None = None
    heading: str = ""
    start_s: float | None = None
    end_s: float | None = None
    selections: tuple[Selection, ...] = ()


@dataclass(frozen=True, slots=True)
class Voice:
    """Who stands behind a speaker's label: a name that is known elsewhere too, a segment, an account, a role. In what
    Heard itself handed out, `case` is the GUID of the participant whose pseudonym the label is."""

    label: str
    name: str = ""
    segment: str = ""
    account: str = ""
    role: str = ""
    case: str = ""


@dataclass(frozen=True, slots=True)
class Variable:
    """What a project knows of its cases or texts under a name, with some of the values, the most frequent first."""

    name: str
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Metadata:
    """What a source says about itself, or an uploader about it; "" and None mean "does not say".

    `participant`, `segment`, `account` and `role` are for a note with one participant, `voices` for one with several.
    With `only_interviewers` the `interviewers` are all there are, whatever the file says: every other voice was heard.
    """

    title: str = ""
    date: date | None = None
    participant: str = ""
    segment: str = ""
    account: str = ""
    role: str = ""
    team: str = ""
    study: str = ""
    tags: tuple[str, ...] = ()
    interviewers: tuple[str, ...] = ()
    voices: tuple[Voice, ...] = ()
    only_interviewers: bool = False


@dataclass(frozen=True, slots=True)
class Marked:
    """Where something personal stood in a block of what Heard handed out; `block` is its number."""

    block: int
    start: int
    end: int
    kind: str
    score: float


@dataclass(frozen=True, slots=True)
class Kept:
    """What a whole repository that Heard handed out knows besides its notes: its tags, and its tables by name."""

    taxonomy: Taxonomy
    sheets: Mapping[str, Rows]


@dataclass(frozen=True, slots=True)
class Document:
    """One note as read from a source: its blocks in order and what the source says about it.

    `row` tells the notes of one spreadsheet or project apart ("" for all other formats). `left_out` names what was
    dropped on purpose, because no customer said it (a machine's summary, a footer), a phrase each; `unplaced` are
    selections whose words were not found. `codes` are tags as the source explains them; a codebook has no blocks. The
    `variables` of a project are those that a person may choose from (TableMapping).
    `about` is the document that a list of quotes is from, by the name it had. What Heard handed out is `settled`: its
    passages are its selections, what was personal in it is replaced, and its `facts` are what is known of the study;
    where it says so, `id` is the note's, with its `marks`, and `kept` what a document without blocks brings along.
    """

    blocks: tuple[Block, ...]
    metadata: Metadata
    format: str
    row: str = ""
    origins: dict[str, str] = field(default_factory=dict)
    left_out: tuple[str, ...] = ()
    unplaced: tuple[Unplaced, ...] = ()
    codes: tuple[Tag, ...] = ()
    about: str = ""
    settled: bool = False
    facts: Mapping[str, str] = field(default_factory=dict)
    id: str = ""
    marks: tuple[Marked, ...] = ()
    kept: Kept | None = None
    variables: tuple[Variable, ...] = ()


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one note. `path` is the source's name, `error` a sentence (only when failed).

    `selections` counts those that people had made in another tool and that are passages now, `unplaced` are the others.
    `left_out` are phrases, as in `Document`; `new_tags` the names that its codes added to the taxonomy; `brought` are
    phrases on what came besides notes.
    """

    path: str
    title: str
    status: OutcomeStatus
    note_id: str | None = None
    passages: int = 0
    error: str | None = None
    selections: int = 0
    unplaced: tuple[Unplaced, ...] = ()
    left_out: tuple[str, ...] = ()
    new_tags: tuple[str, ...] = ()
    brought: tuple[str, ...] = ()


NO_COLUMN = "–"  # said of a meaning that nothing in a file has, though something there is called so


@dataclass(frozen=True, slots=True)
class TableMapping:
    """Which columns of a spreadsheet, or variables of a project, mean what; chosen by a person and remembered by name.

    `text` columns hold what was said: with several, each column's header is the question its cells answer. A matrix
    (a row per question, a column per participant) sets `question` and `participants` instead of `text`. The other
    fields name one column each: "" where nobody said, NO_COLUMN where a person said that there is none. One mapping may
    be for files of several kinds: what names something that a project, or a table that says itself where its words are,
    does not have is not meant for it.
    """

    text: tuple[str, ...] = ()
    title: str = ""
    participant: str = ""
    segment: str = ""
    account: str = ""
    role: str = ""
    team: str = ""
    study: str = ""
    date: str = ""
    tags: str = ""
    question: str = ""
    participants: tuple[str, ...] = ()

    @property
    def says_where_words_are(self) -> bool:
        """Whether it says which columns hold what was said; no mapping that is for projects alone does."""
        return bool(self.text or self.question or self.participants)


def remembered(columns: Mapping[str, Any]) -> TableMapping:
    """The mapping that the repository keeps as JSON, which knows no tuples; meanings unknown here are passed over."""
    known = {field.name for field in fields(TableMapping)}
    said: dict[str, Any] = {
        name: tuple(kept) if isinstance(kept, list) else kept for name, kept in columns.items() if name in known
    }
    return TableMapping(**said)


@dataclass(frozen=True, slots=True)
class ReadOptions:
    """What a person said about the files before they are read.

    `interviewers` are speaker labels that belong to the research team; `mapping` is for spreadsheets and projects;
    `max_bytes` and `max_unzipped_bytes` are limits on one file and on all that one zip unfolds to.
    """

    interviewers: tuple[str, ...] = ()
    mapping: TableMapping | None = None
    max_bytes: int = 40 * 1024 * 1024
    max_unzipped_bytes: int = 400 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Preview:
    """What was recognised in one note before anything is stored, for a person to look over.

    `speakers` are (label in the file, role it will get, words). `status` is what ingesting it would come to; where
    that is "updated" or "unchanged", `replaces` is the title of the note already there. `opening` is the first
    passage. `selections` counts those that people made in another tool and that become passages, `unplaced` are the
    others, `new_tags` the names that their codes add to the taxonomy; `brought` are phrases on what comes besides
    notes. `known` is what is known of those who took part, as (segment, account or role, value), each once; `variables`
    are those of the project, with its first note.
    """

    path: str
    title: str
    status: OutcomeStatus
    format: str = ""
    date: date | None = None
    speakers: tuple[tuple[str, Role, int], ...] = ()
    words: int = 0
    passages: int = 0
    opening: str = ""
    replaces: str = ""
    left_out: tuple[str, ...] = ()
    error: str | None = None
    columns: tuple[str, ...] = ()
    selections: int = 0
    unplaced: tuple[Unplaced, ...] = ()
    new_tags: tuple[str, ...] = ()
    brought: tuple[str, ...] = ()
    known: tuple[tuple[str, str], ...] = ()
    variables: tuple[Variable, ...] = ()


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a run of ingest has come. `total` is the number of files, None where it is not known beforehand."""

    done: int
    total: int | None
    passages: int
    seconds: float
    doing: str = ""

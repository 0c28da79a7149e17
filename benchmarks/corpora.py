"""The data sets that benchmarks read: where they lie, what is in them, and how peers get them cut."""

from __future__ import annotations

import csv
import json
import os
import re
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.measures import Stretch, joined

_LAYOUT = """\
There is no {missing} below {root}. Set HEARD_CORPORA to a folder with these:
  qmsum/transcripts/*.vtt   meetings of QMSum (github.com/Yale-LILY/QMSum, MIT) as WebVTT, a cue a turn:
                            <v Speaker>words</v>
  qmsum/queries.jsonl       its specific questions: {{"id", "transcript": file name without .vtt, "query",
                            "spans": [[from, to], ...] in seconds}}
  findings/queries.jsonl    findings of published research reports: {{"id", "query", "relevant": [quote ids]}}
  findings/quotes.jsonl     the quotes they give as evidence, with others: {{"id", "text", "speaker", "study"}}
  clinc/known.csv           20 utterances of each of CLINC's 150 intents (clinc/oos-eval, CC BY): title, intent, text
  clinc/questions.csv       questions: text, intent, heard (yes: their intent is known, no: they are about none)
  banking77/questions.csv   customers' questions: title, intent, text (PolyAI's BANKING77, CC BY), to find themes in
  podcasts/**/*.md          transcripts of a show, for the speed of ingest and the scale
  interviews/               interviews as Markdown, text or WebVTT, for the scale only
  design-histories/         and reports/, surveys/: more such texts, for 100,000 sentences with themes
  names/gum.iob2            GUM (github.com/amir-zeldes/gum, CC BY and CC BY-SA), to find names: a line a word, tabs
  names/ewt-dev.iob2        between word, part of speech and PER, ORG or LOC in IOB2; "# sent_id = document-1" and
  names/ewt-test.iob2       "# text = " before a sentence, an empty line after it; UNER English-EWT (CC BY-SA 4.0)"""

_CUE = re.compile(r"^(?:(\d+):)?(\d+):(\d+\.\d+) --> (?:(\d+):)?(\d+):(\d+\.\d+)")
_VOICE = re.compile(r"<v ([^>]+)>(.*?)(?:</v>)?$")


@dataclass(frozen=True, slots=True)
class Text:
    """What a peer indexes: a text with its id, what it is a part of ("" if nothing), and when it was said."""

    id: str
    text: str
    source: str = ""
    start: float = 0.0
    end: float = 0.0


@dataclass(frozen=True, slots=True)
class Cue:
    """A turn of a transcript."""

    speaker: str
    words: tuple[str, ...]
    start: float
    end: float


@dataclass(frozen=True, slots=True)
class Question:
    """A question about one transcript, and when in it the answer was given."""

    transcript: str
    query: str
    spans: tuple[tuple[float, float], ...]


@dataclass(frozen=True, slots=True)
class Statement:
    """A finding, and the ids of the quotes that its authors gave as evidence."""

    query: str
    relevant: frozenset[str]


@dataclass(frozen=True, slots=True)
class Quote:
    """What somebody said in a study; `speaker` is that study's code for them, or ""."""

    id: str
    text: str
    speaker: str
    study: str


@dataclass(frozen=True, slots=True)
class Intent:
    """A question, and whether utterances of the same intent are known."""

    text: str
    intent: str
    heard: bool


def corpora(*needed: str) -> Path:
    """The folder with the data sets; where one is absent, exits and says how they are laid out."""
    root = Path(os.environ.get("HEARD_CORPORA", "../shared/corpora"))
    for name in needed:
        if not (root / name).exists():
            sys.exit(_LAYOUT.format(missing=name, root=root))
    return root


def quotes_as_files(root: Path, folder: Path) -> Path:
    """The quotes of the findings, each as a text file named by its id, in a new folder."""
    folder.mkdir()
    for quote in quotes(root):
        (folder / f"{quote.id}.txt").write_text(quote.text, encoding="utf-8")
    return folder


def transcripts(root: Path) -> list[Path]:
    """QMSum's meetings, in order."""
    return sorted((root / "qmsum" / "transcripts").glob("*.vtt"))


def questions(root: Path) -> list[Question]:
    """QMSum's questions."""
    return [
        Question(row["transcript"], row["query"], tuple(joined(row["spans"])))
        for row in _rows(root / "qmsum" / "queries.jsonl")
    ]


def statements(root: Path) -> list[Statement]:
    """The findings."""
    return [Statement(row["query"], frozenset(row["relevant"])) for row in _rows(root / "findings" / "queries.jsonl")]


def quotes(root: Path) -> list[Quote]:
    """What the findings' evidence is to be found among."""
    return [
        Quote(row["id"], row["text"], row.get("speaker") or "", row.get("study") or "")
        for row in _rows(root / "findings" / "quotes.jsonl")
    ]


def intents(root: Path) -> list[Intent]:
    """CLINC's questions, about known intents and about none."""
    with (root / "clinc" / "questions.csv").open(encoding="utf-8", newline="") as file:
        return [Intent(row["text"], row["intent"], row["heard"] == "yes") for row in csv.DictReader(file)]


def cues(vtt: str) -> list[Cue]:
    """The cues of a WebVTT file whose turns are `<v Speaker>words</v>`, a line each.

    >>> cues("WEBVTT\\n\\n00:01.000 --> 00:02.500\\n<v Ann>Hello there.</v>\\n")
    [Cue(speaker='Ann', words=('Hello', 'there.'), start=1.0, end=2.5)]
    """
    found, times = [], (0.0, 0.0)
    for line in vtt.splitlines():
        if cue := _CUE.match(line):
            h1, m1, s1, h2, m2, s2 = (float(part or 0) for part in cue.groups())
            times = (h1 * 3600 + m1 * 60 + s1, h2 * 3600 + m2 * 60 + s2)
        elif voice := _VOICE.match(line):
            found.append(Cue(voice[1], tuple(voice[2].split()), *times))
    return found


def windows(said: Sequence[Cue], size: int) -> Iterator[tuple[str, Stretch]]:
    """A transcript in pieces of `size` words, over cues, as "Speaker: words" with the time they took.

    Within a cue, words are taken to follow each other evenly.

    >>> talk = [Cue("Ann", ("One", "two", "three."), 0, 3), Cue("Bo", ("Four",), 4, 5)]
    >>> for text, stretch in windows(talk, 2):
    ...     print(repr(text), stretch)
    'Ann: One two' Stretch(start=0.0, end=2.0, words=2)
    'Ann: three.\\nBo: Four' Stretch(start=2.0, end=5.0, words=2)
    """
    words = [
        (n, word, cue.start + (cue.end - cue.start) * at / len(cue.words),
         cue.start + (cue.end - cue.start) * (at + 1) / len(cue.words))
        for n, cue in enumerate(said)
        for at, word in enumerate(cue.words)
    ]  # fmt: skip
    for first in range(0, len(words), size):
        piece = words[first : first + size]
        turns: dict[int, list[str]] = {}
        for n, word, _, _ in piece:
            turns.setdefault(n, []).append(word)
        text = "\n".join(f"{said[n].speaker}: {' '.join(spoken)}" for n, spoken in turns.items())
        yield text, Stretch(piece[0][2], piece[-1][3], len(piece))


def _rows(path: Path) -> list[dict[str, Any]]:
    with path.open(encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]

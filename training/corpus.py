"""The sentences with tagged names that the name finder is trained on and measured with."""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from training.marked import Marked, joined

_LABELS = {"PER": "PERSON", "ORG": "ORG", "LOC": "LOC"}
_HELD_BACK = 10  # one document of GUM in so many is never trained on


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence of a document."""

    document: str
    marked: Marked


def sentences(path: Path) -> list[Sentence]:
    """The sentences of a file of tokens, parts of speech and IOB2 labels."""
    found = []
    for block in path.read_text(encoding="utf-8").split("\n\n"):
        lines = block.strip("\n").split("\n")
        said = {key: value for key, _, value in (line[2:].partition(" = ") for line in lines if line.startswith("# "))}
        rows = [line.split("\t") for line in lines if line and not re.match(r"# \w+ = ", line)]
        if "text" in said and rows:
            document = said["sent_id"].rpartition("-")[0]
            found.append(Sentence(document, _marked(said["text"], rows)))
    return found


def _marked(text: str, rows: Sequence[Sequence[str]]) -> Marked:
    spans: list[tuple[int, int, str]] = []
    tags = []
    at = 0
    for word, tag, label in rows:
        start = text.find(word, at)
        if start < 0:
            continue
        at = start + len(word)
        tags.append((start, tag))
        kind = _LABELS.get(label[2:])
        if kind and label.startswith("I") and spans and spans[-1][2] == kind and start - spans[-1][1] <= 1:
            spans[-1] = (spans[-1][0], at, kind)
        elif kind:
            spans.append((start, at, kind))
    return Marked(text, tuple(spans), tuple(tags))


def held_back(sentence: Sentence) -> bool:
    """Whether a sentence of GUM is for measuring only; whole documents are."""
    return zlib.crc32(sentence.document.encode()) % _HELD_BACK == 0


def paragraphs(found: Sequence[Sentence], most: int = 4) -> Iterator[Marked]:
    """Sentences of one document, up to `most` together, as running text."""
    group: list[Sentence] = []
    for sentence in found:
        if group and (sentence.document != group[0].document or len(group) == most):
            yield joined([one.marked for one in group], " ")
            group = []
        group.append(sentence)
    if group:
        yield joined([one.marked for one in group], " ")

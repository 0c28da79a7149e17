"""How much of the personal data in texts is found, by kind: `make bench-names` (docs/redaction.md)."""

from __future__ import annotations

import argparse
import re
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.corpora import corpora
from ingest.models import ReadOptions, Source
from ingest.personal.find import find_in_many, find_personal_data
from ingest.personal.models import Span, touches
from ingest.readers import read
from ingest.redaction import Plain
from training.corpus import held_back, paragraphs, sentences
from training.marked import Marked

INVENTED = Path(__file__).parent / "personal"
_PARTS = ("dev", "test", "last", "fresh")
_MARKED = re.compile(r"\[\[([A-Z_]+):(.*?)\]\]", re.S)


@dataclass(slots=True)
class Count:
    """Of one kind: how many spans there are, were touched by a find of that kind, and were covered to the last
    character by finds of any; how many were found, and of those touch one that there is."""

    there: int = 0
    touched: int = 0
    covered: int = 0
    found: int = 0
    right: int = 0

    @property
    def recall(self) -> float:
        return self.touched / self.there if self.there else 1.0

    @property
    def precision(self) -> float:
        return self.right / self.found if self.found else 1.0


@dataclass(slots=True)
class Score:
    """Counts by kind, and what was missed and found for nothing, to be looked at."""

    kinds: dict[str, Count] = field(default_factory=dict)
    missed: list[str] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)

    def add(self, text: str, gold: Sequence[tuple[int, int, str]], found: Sequence[Span]) -> None:
        for start, end, kind in gold:
            count = self.kinds.setdefault(kind, Count())
            count.there += 1
            hits = [span for span in found if span.kind == kind and touches(span, start, end)]
            count.touched += bool(hits)
            hidden = {at for span in found for at in range(span.start, span.end)}
            count.covered += all(at in hidden for at in range(start, end) if text[at].isalnum())
            if not hits:
                self.missed.append(f"{kind} “{text[start:end]}” in “{_around(text, start, end)}”")
        for span in found:
            count = self.kinds.setdefault(span.kind, Count())
            count.found += 1
            right = any(kind == span.kind and touches(span, start, end) for start, end, kind in gold)
            count.right += right
            if not right:
                said = text[span.start : span.end]
                self.wrong.append(f"{span.kind} “{said}” {span.score:.2f} in “{_around(text, span.start, span.end)}”")

    def total(self, kinds: Sequence[str]) -> Count:
        """All these kinds together."""
        counts = [count for kind, count in self.kinds.items() if kind in kinds]
        return Count(
            *(sum(getattr(one, name) for one in counts) for name in ("there", "touched", "covered", "found", "right"))
        )


def invented(part: str) -> Iterator[Marked]:
    """The items of one of the parts: a text each, with its spans."""
    for block in re.split(r"\n[ \t]*\n", (INVENTED / f"{part}.txt").read_text(encoding="utf-8")):
        lines = [line for line in block.split("\n") if not line.startswith("# ")]
        raw = "\n".join("" if line == "." else line for line in lines).strip("\n")
        text, spans, at = "", [], 0
        for found in _MARKED.finditer(raw):
            text += raw[at : found.start()]
            spans.append((len(text), len(text) + len(found.group(2)), found.group(1)))
            text += found.group(2)
            at = found.end()
        text += raw[at:]
        if text:
            yield Marked(text, tuple(spans))


def scored(texts: Sequence[Marked], also: str = "") -> Score:
    """How well the spans of these texts are found."""
    score = Score()
    for marked, found in zip(texts, find_in_many([one.text for one in texts], also=also), strict=True):
        score.add(marked.text, [span for span in marked.spans if span[2] != "ORGANIZATION"], found)
    return score


def _around(text: str, start: int, end: int) -> str:
    return text[max(0, start - 30) : end + 20].replace("\n", "⏎")


def _print(title: str, score: Score, *, kinds: Sequence[str] = (), examples: int = 0) -> None:
    shown = [kind for kind in score.kinds if not kinds or kind in kinds]
    structured = [kind for kind in shown if kind not in ("PERSON", "ADDRESS")]
    print(f"\n{title}\n\n| kind | there | recall | covered whole | precision |\n| --- | --- | --- | --- | --- |")
    rows = [(kind, score.kinds[kind]) for kind in sorted(shown, key=lambda kind: -score.kinds[kind].there)]
    if structured:
        rows.append(("all but persons and addresses", score.total(structured)))
    for name, count in rows:
        whole = f"{count.covered / count.there:.3f}" if count.there else "–"
        recall = f"{count.recall:.3f}" if count.there else "–"
        print(
            f"| {name} | {count.there} | {recall} | {whole} | {count.precision:.3f} ({count.right} of {count.found}) |"
        )
    for title, lines in (("missed", score.missed), ("wrong", score.wrong)):
        if examples and lines:
            print(f"\n{title}:\n  " + "\n  ".join(lines[:examples]))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", choices=(*_PARTS, "corpus", "speed"), help="one part of it")
    parser.add_argument("--examples", type=int, default=0, help="how many misses and false finds to print")
    parser.add_argument("--also", default="", help="an installed spaCy pipeline whose names count too")
    given = parser.parse_args()
    for part in _PARTS:
        if given.only in (None, part):
            _print(f"Invented, {part}.txt", scored(list(invented(part)), given.also), examples=given.examples)
    if given.only in (None, "corpus"):
        root = corpora("names/gum.iob2", "names/ewt-test.iob2") / "names"
        parts = {
            "EWT, test": sentences(root / "ewt-test.iob2"),
            "GUM, held back": [one for one in sentences(root / "gum.iob2") if held_back(one)],
        }
        for title, part in parts.items():
            texts = [
                Marked(one.text, tuple(span for span in one.spans if span[2] == "PERSON")) for one in paragraphs(part)
            ]
            _print(title, scored(texts, given.also), kinds=("PERSON",), examples=given.examples)
    if given.only in (None, "speed"):
        _speed()


def _speed() -> None:
    note = " ".join(one.text for one in invented("dev"))
    note = " ".join(note.split(" ")[:1_000])
    for title, text in (("names only", "Ngozi says so."), ("a number too", "Call me on 020 7946 0142, says Ngozi.")):
        started = time.perf_counter()
        find_personal_data(text)
        print(f"\nfirst find, {title}: {time.perf_counter() - started:.1f} s")
    times = []
    for _ in range(5):
        started = time.perf_counter()
        find_personal_data(note)
        times.append(time.perf_counter() - started)
    print(f"a note of 1,000 words: {sorted(times)[2]:.2f} s")
    meetings = sorted((corpora("qmsum/transcripts") / "qmsum" / "transcripts").glob("*.vtt"))
    texts = [
        Plain(document.blocks, "").text
        for path in meetings
        for document in read(Source(path.name, path.name, path.read_bytes()), ReadOptions())
    ]
    words = sum(len(text.split()) for text in texts)
    started = time.process_time()
    list(find_in_many(texts))
    around = time.process_time() - started
    started = time.process_time()
    list(find_in_many(texts, organizations=True))  # which reads texts as a whole
    whole = time.process_time() - started
    print(
        f"{len(texts)} meetings, {words:,} words: {words / around:,.0f} words a second of processor time, "
        f"{whole / around:.1f} times as many as when all is read"
    )


if __name__ == "__main__":
    main()

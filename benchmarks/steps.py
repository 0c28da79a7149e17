"""What each step of ranking is worth: the searches of `benchmarks.search`, Heard alone, one step left out at a time.

And what the numbers of a search within a note are worth when they are chosen without the questions that they are
measured on: on four fifths of the meetings for the other fifth.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import product
from pathlib import Path
from statistics import mean
from typing import Any

import research
from benchmarks import corpora
from benchmarks.measures import Stretch, ndcg, word_r, words_in
from benchmarks.search import put, stretch
from research import query, search
from research.repository import Repository

# Step -> the module and name that it stands under, and what stands there without it.
STEPS: dict[str, tuple[Any, str, Callable[[Any], Any]]] = {
    "as it is": (search, "_RARE", lambda as_it_is: as_it_is),
    "without words": (search, "by_words", lambda step: lambda *given: step(*given) * 0),
    "without meaning": (search, "by_meaning", lambda step: lambda cosines: step(cosines) * 0),
    "without what is said nearby": (search, "nearby", lambda step: lambda mass, *where: mass),
    "without asking for somebody by role": (search, "_ASKED_FOR", lambda louder: 1),
    "what follows a word as near as what precedes it": (search, "_BEFORE", lambda before: search._AFTER),
    "asked as typed, not in the customers' voice": (query, "in_own_voice", lambda step: lambda text: text),
    "with words that speak about speaking": (query, "_REPORTING", lambda words: frozenset()),
    "with BM25's own idf": (search, "_RARE", lambda rare: 1.0),
}

FOLDS = 5
# How far what follows and what precedes reaches, and what the passages of those who were asked for count.
CHOICES = list(product((2_000, 2_500, 3_000, 3_500, 4_000), (1_000, 1_500, 2_000, 2_500, 3_000), (1, 2, 3)))


@contextmanager
def without(step: str) -> Iterator[None]:
    """Leave a step out meanwhile."""
    module, name, change = STEPS[step]
    before = getattr(module, name)
    setattr(module, name, change(before))
    try:
        yield
    finally:
        setattr(module, name, before)


def main() -> None:
    root = corpora.corpora("qmsum", "findings")
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        meetings, findings = research.open(folder / "meetings"), research.open(folder / "findings")
        in_meetings = put(meetings, corpora.transcripts(root))
        quotes = corpora.quotes_as_files(root, folder / "quotes")
        of_quotes = {note: name for name, note in put(findings, [quotes]).items()}
        print(f"{'':50}  wordR on QMSum  nDCG@10 on findings")
        for step in STEPS:
            with without(step):
                print(
                    f"{step:50}  {mean(of_meetings(root, meetings, in_meetings)):14.3f}  "
                    f"{of_findings(root, findings, of_quotes):19.3f}"
                )
        print(f"\n{'chosen on other meetings':50}  {cross_validated(root, meetings, in_meetings):14.3f}")
        meetings.close()
        findings.close()


def cross_validated(root: Path, repo: Repository, notes: dict[str, str]) -> float:
    """Mean wordR when each fifth of the meetings is searched with the numbers that are best on the others."""
    scores = []
    for after, before, louder in CHOICES:
        search._AFTER, search._BEFORE, search._ASKED_FOR = after, before, louder
        scores.append(of_meetings(root, repo, notes))
    fold = [sorted(notes).index(one.transcript) % FOLDS for one in corpora.questions(root)]
    found = []
    for n in range(FOLDS):
        best = max(scores, key=lambda of: mean(score for score, at in zip(of, fold, strict=True) if at != n))
        found += [score for score, at in zip(best, fold, strict=True) if at == n]
    return mean(found)


def of_meetings(root: Path, repo: Repository, notes: dict[str, str]) -> list[float]:
    """wordR of each question."""
    cues = {path.stem: corpora.cues(path.read_text(encoding="utf-8")) for path in corpora.transcripts(root)}
    said = {name: [Stretch(one.start, one.end, len(one.words)) for one in of if one.words] for name, of in cues.items()}
    return [
        word_r(
            [stretch(hit) for hit in repo.search(one.query, note=notes[one.transcript], limit=200, per_person=None)],
            one.spans,
            words_in(said[one.transcript], one.spans),
        )
        for one in corpora.questions(root)
    ]


def of_findings(root: Path, repo: Repository, names: dict[str, str]) -> float:
    """Mean nDCG@10."""
    scores = []
    for one in corpora.statements(root):
        found = dict.fromkeys(names[hit.note_id] for hit in repo.search(one.query, limit=20, per_person=None))
        scores.append(ndcg([id_ in one.relevant for id_ in found], len(one.relevant)))
    return mean(scores)


if __name__ == "__main__":
    main()

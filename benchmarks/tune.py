"""What the ranking learns from 50, 100 and 200 pairs of a finding and a quote, shown on the findings of other studies.

    python -m benchmarks.tune

The findings of `benchmarks.search`, as insights with their quotes as evidence. Studies are drawn until they have so
many pairs; the rest is what is measured, so that no study teaches about itself. In each draw it is decided as `heard
tune` does: by cross-validation within the pairs that were drawn.
"""

from __future__ import annotations

import json
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import mean, median

import numpy as np
from numpy.typing import NDArray

import research
from benchmarks import corpora
from benchmarks.measures import ndcg, recall
from benchmarks.search import put
from research import finding
from research.filters import Filter
from research.repository import Repository
from research.suggesting import question
from research.tuning import AS_SHIPPED, Compared, Tuning, compared, examples

PAIRS = (50, 100, 200, 300)
DRAWS, SEED = 10, 20261123
_BOOTSTRAP = 4_000
MEASURES = ("nDCG@10", "recall@10", "MRR")
_ELSEWHERE = "jupyter/surveys"  # quotes that are evidence for nothing: answers to another survey

Floats = NDArray[np.float32]


@dataclass(frozen=True)
class One:
    """A finding with its study and vector, its quotes by name, and their vectors."""

    text: str
    study: str
    relevant: frozenset[str]
    asked: Floats
    said: Floats


class Bench:
    """The quotes in a repository, and what it finds for each finding."""

    def __init__(self, root: Path, repo: Repository, names: dict[str, str]) -> None:
        self.repo = repo
        self.name = {p.id: names[note.id] for note in repo.notes() for p in repo.note(note.id).passages}
        quotes = [json.loads(line) for line in (root / "findings" / "quotes.jsonl").open(encoding="utf-8")]
        self.elsewhere = {quote["id"] for quote in quotes if quote["repo"] == _ELSEWHERE}
        rows = [json.loads(line) for line in (root / "findings" / "queries.jsonl").open(encoding="utf-8")]
        with repo.index.reading() as reader:
            vectors = reader.vectors(list(self.name))
        of_quote: dict[str, list[Floats]] = {}
        for id_, vector in vectors.items():
            of_quote.setdefault(self.name[id_], []).append(vector)
        asked = repo.embedder.embed([question(row["query"]).voice for row in rows])
        self.all = [
            One(
                row["query"], row["study"], frozenset(row["relevant"]), vector,
                np.stack([np.mean(of_quote[id_], axis=0) for id_ in row["relevant"]]),
            )
            for row, vector in zip(rows, asked, strict=True)
        ]  # fmt: skip
        self.shipped = [self.found(one, AS_SHIPPED) for one in self.all]

    def found(self, one: One, tuning: Tuning) -> list[str]:
        """The quotes for a finding, best first."""
        with self.repo.engine.connect() as connection:
            answers = finding.answers(
                connection, self.repo.index, self.repo.embedder, question(one.text), Filter(), listing=False,
                tuning=tuning,
            ).answers  # fmt: skip
        return list(dict.fromkeys(self.name[answer.said.id] for answer in answers))

    def examples(self, of: Sequence[int]) -> Tuning:
        """What some findings teach."""
        return examples((self.all[n].asked, self.all[n].said) for n in of)

    def drawn(self, pairs: int, draw: np.random.Generator) -> tuple[list[int], list[int]]:
        """Findings of some studies with so many pairs, and the findings of all other studies."""
        studies = sorted({one.study for one in self.all})
        taught: list[int] = []
        for study in draw.permutation(studies):
            for n in draw.permutation([n for n, one in enumerate(self.all) if one.study == study]):
                if sum(len(self.all[m].relevant) for m in taught) < pairs:
                    taught.append(int(n))
        known = {self.all[n].study for n in taught}
        return taught, [n for n, one in enumerate(self.all) if one.study not in known]

    def decided(self, taught: Sequence[int]) -> Compared:
        """What `heard tune` finds among the findings that it knows."""
        before = [
            ndcg([id_ in self.all[n].relevant for id_ in self.shipped[n]], len(self.all[n].relevant)) for n in taught
        ]
        after = []
        for n in taught:
            others = [m for m in taught if self.all[m].study != self.all[n].study]
            found = self.found(self.all[n], self.examples(others))
            after.append(ndcg([id_ in self.all[n].relevant for id_ in found], len(self.all[n].relevant)))
        return compared(before, after)


def scores(found: Sequence[str], relevant: frozenset[str]) -> tuple[float, float, float]:
    """nDCG@10, recall@10 and the reciprocal rank of the first among ten."""
    right = [id_ in relevant for id_ in found[:10]]
    first = next((1 / place for place, one in enumerate(right, start=1) if one), 0.0)
    return ndcg(right, len(relevant)), recall(found, relevant, 10), first


def search(bench: Bench) -> None:
    """The learning curve of search."""
    print("Search: the findings of studies that taught nothing, learned minus shipped, with a 90% interval")
    for pairs in PAIRS:
        apart: dict[int, list[NDArray[np.float64]]] = {}
        near: dict[int, list[float]] = {}
        of_draws, taken, wide = [], [], []
        for number in range(DRAWS):
            taught, rest = bench.drawn(pairs, np.random.default_rng([SEED, number]))
            tuning = bench.examples(taught)
            here = []
            for n in rest:
                one, after = bench.all[n], bench.found(bench.all[n], tuning)
                difference = np.subtract(scores(after, one.relevant), scores(bench.shipped[n], one.relevant))
                apart.setdefault(n, []).append(difference)
                without = [[id_ for id_ in some if id_ not in bench.elsewhere] for some in (after, bench.shipped[n])]
                near.setdefault(n, []).append(scores(without[0], one.relevant)[0] - scores(without[1], one.relevant)[0])
                here.append(difference[0])
            decision = bench.decided(taught)
            of_draws.append(mean(here))
            wide.append((decision.high - decision.low) / 2)
            taken += [mean(here)] if decision.better else []
        told = [
            f"{name} {interval([mean(d[m] for d in some) for some in apart.values()])}"
            for m, name in enumerate(MEASURES)
        ]
        print(f"{pairs:4} pairs  {'; '.join(told)}")
        print(f"      without the other survey's quotes: nDCG@10 {interval([mean(some) for some in near.values()])}")
        worth = f", worth {mean(taken):+.3f} there" if taken else ""
        print(
            f"      draws: worst {min(of_draws):+.3f}, median {median(of_draws):+.3f}, best {max(of_draws):+.3f}; "
            f"taken up in {len(taken)} of {DRAWS}{worth}; half the interval that decides is {mean(wide):.3f}",
            flush=True,
        )


def claims(bench: Bench) -> None:
    """Suggestions for a finding that has evidence: one quote looked for, so many of the others known."""
    print("\nSuggestions: one quote of a finding looked for, with some of the others known")
    for known in (1, 2, 9):
        before, after = [], []
        for n, one in enumerate(bench.all):
            names = sorted(one.relevant)
            if len(names) <= min(known, 2):
                continue
            with bench.repo.index.reading() as reader:
                vector = reader.vectors([id_ for id_, name in bench.name.items() if name in one.relevant])
            of = {name: np.mean([vector[id_] for id_ in vector if bench.name[id_] == name], axis=0) for name in names}
            turns = []
            for wanted in names:
                others = [name for name in names if name != wanted][:known]
                example = examples([(one.asked, [of[name] for name in others])])
                lists = ([id_ for id_ in some if id_ == wanted or id_ not in one.relevant]
                         for some in (bench.shipped[n], bench.found(one, example)))  # fmt: skip
                turns.append([scores(some, frozenset({wanted})) for some in lists])
            before.append(np.mean([turn[0] for turn in turns], axis=0))
            after.append(np.mean([turn[1] for turn in turns], axis=0))
        told = [
            f"{name} {mean(b[m] for b in before):.3f} → {mean(a[m] for a in after):.3f}, "
            f"{interval([float(a[m] - b[m]) for a, b in zip(after, before, strict=True)])}"
            for m, name in enumerate(MEASURES)
        ]
        which = {1: "one known", 2: "two known", 9: "all others known"}[known]
        print(f"{which:17} ({len(before)} findings)  {'; '.join(told)}", flush=True)


def interval(apart: Sequence[float]) -> str:
    """A mean with its 90% interval, by a bootstrap over findings."""
    values = np.asarray(apart, dtype=np.float64)
    drawn = np.random.default_rng(SEED).integers(0, len(values), size=(_BOOTSTRAP, len(values)))
    low, high = np.percentile(values[drawn].mean(axis=1), [5, 95])
    return f"{values.mean():+.3f} [{low:+.3f}, {high:+.3f}]"


def main() -> None:
    root = corpora.corpora("findings")
    with tempfile.TemporaryDirectory() as temporary:
        repo = research.open(Path(temporary) / "heard")
        names = {
            note: name for name, note in put(repo, [corpora.quotes_as_files(root, Path(temporary) / "quotes")]).items()
        }
        bench = Bench(root, repo, names)
        shipped = np.mean(
            [scores(found, one.relevant) for found, one in zip(bench.shipped, bench.all, strict=True)], axis=0
        )
        told = ", ".join(f"{name} {value:.3f}" for name, value in zip(MEASURES, shipped, strict=True))
        print(f"{len(bench.all)} findings, {sum(len(one.relevant) for one in bench.all)} pairs; as shipped {told}\n")
        search(bench)
        claims(bench)
        repo.close()


if __name__ == "__main__":
    main()

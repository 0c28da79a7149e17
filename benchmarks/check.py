"""How well Heard knows what it has heard, beside the nearest passage's cosine. `make bench-check`, or

    python -m benchmarks.check [--json FILE]

Four collections, each with lines of which it is known whether they were heard: CLINC (20 utterances of each of 150
intents, 3,000 questions about these and 200 about nothing known), the findings of research reports and their quotes,
QMSum's meetings and questions, and Heard's own samples. docs/check.md and docs/benchmarks.md say more.
"""

from __future__ import annotations

import argparse
import csv
import dataclasses
import json
import random
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

import research
from benchmarks import corpora
from benchmarks.measures import auroc, auroc_difference, reliability
from benchmarks.search import put
from ingest.demo import load_demo, samples_folder
from ingest.models import ReadOptions, TableMapping
from research import checking, heard_before
from research.filters import Filter
from research.heard_before import Evidence
from research.query import parse
from research.repository import Repository

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Numbers = NDArray[np.float64]

_SEED = 20261122
_STRANGERS = 140  # questions of CLINC that nobody in another collection can have answered
_FOLDS = 10
_FLAT = 1e-4  # the ridge that keeps the regression finite
_BINS = (0.0, 0.1, 0.25, 0.5, 0.75, 0.9, 1.0)


@dataclass(frozen=True, slots=True)
class Line:
    """A line and whether it was heard; lines of one `group` are never split between fitting and measuring."""

    text: str
    heard: bool
    group: str


@dataclass(frozen=True, slots=True)
class Collection:
    """Lines with what was measured of them: a row of (near, crowded, worded) each, and the plain top cosine."""

    name: str
    lines: Sequence[Line]
    evidence: Numbers
    top: Numbers

    @property
    def heard(self) -> NDArray[np.bool_]:
        return np.array([line.heard for line in self.lines])

    @property
    def weights(self) -> Numbers:
        """What each line counts so that half of the whole was heard."""
        heard = self.heard
        return np.where(heard, 0.5 / heard.sum(), 0.5 / (~heard).sum())


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the results there, too")
    options = parser.parse_args()
    root = corpora.corpora("clinc", "findings", "qmsum")
    with tempfile.TemporaryDirectory() as temporary:
        collections = [
            clinc(root, Path(temporary)), findings(root, Path(temporary)), qmsum(root, Path(temporary)),
            samples(Path(temporary)),
        ]  # fmt: skip
    results = {one.name: report(one, collections) for one in collections}
    fitted = fit(collections)
    print("\nFitted on all four, each counting alike: near, crowded, worded, constant = " + _shown(fitted))
    if options.json:
        options.json.write_text(json.dumps({**results, "fitted": fitted.tolist()}, indent=2) + "\n", encoding="utf-8")


# -- the collections -----------------------------------------------------------------------------------------------


def clinc(root: Path, temporary: Path) -> Collection:
    """The questions of CLINC asked of its known utterances, through `Repository.check`."""
    repo = research.open(temporary / "clinc")
    put(repo, [root / "clinc" / "known.csv"], ReadOptions(mapping=TableMapping(text=("text",), title="title")))
    lines = [Line(one.text, one.heard, one.intent if one.heard else one.text) for one in corpora.intents(root)]
    measured = _measured("CLINC", repo, lines)
    stated = [one.confidence for one in repo.check([line.text for line in lines])]
    assert np.allclose(stated, chances(measured.evidence, SHIPPED)), "repo.check states what the evidence says"
    repo.close()
    return measured


def findings(root: Path, temporary: Path) -> Collection:
    """Findings asked of all quotes; not heard are QMSum's questions and CLINC's."""
    repo = research.open(temporary / "findings")
    put(repo, [corpora.quotes_as_files(root, temporary / "quotes")])
    heard = [Line(one.query, True, one.query) for one in corpora.statements(root)]
    strange = [Line(one.query, False, one.query) for one in corpora.questions(root)]
    measured = _measured("findings", repo, [*heard, *strange, *_strangers(root)])
    repo.close()
    return measured


def qmsum(root: Path, temporary: Path) -> Collection:
    """Questions about meetings asked of all meetings; not heard are the findings and CLINC's."""
    repo = research.open(temporary / "qmsum")
    put(repo, corpora.transcripts(root))
    heard = [Line(one.query, True, one.query) for one in corpora.questions(root)]
    strange = [Line(one.query, False, one.query) for one in corpora.statements(root)]
    measured = _measured("QMSum", repo, [*heard, *strange, *_strangers(root)])
    repo.close()
    return measured


def samples(temporary: Path) -> Collection:
    """Lines about the sample interviews, and such as nobody in them speaks of although they might."""
    repo = research.open(temporary / "samples")
    for one in load_demo(repo, date.today()):
        assert one.status != "failed", one.error
    with (samples_folder() / "asked.csv").open(encoding="utf-8", newline="") as file:
        lines = [Line(row["line"], row["heard"] == "yes", row["line"]) for row in csv.DictReader(file)]
    measured = _measured("samples", repo, lines)
    repo.close()
    return measured


def _strangers(root: Path) -> list[Line]:
    asked = sorted(one.text for one in corpora.intents(root))
    return [Line(text, False, text) for text in random.Random(_SEED).sample(asked, _STRANGERS)]


def _measured(name: str, repo: Repository, lines: Sequence[Line]) -> Collection:
    asked = [parse(line.text) for line in lines]
    with repo.index.reading() as index:
        found = checking.evidence(asked, Filter(), index, repo.embedder)
        nearest = index.nearest(repo.embedder.embed([line.text for line in lines]), 1, Filter())
    return Collection(
        name, lines, np.array([[one.near, one.crowded, one.worded] for one in found]),
        np.array([float(cosines[0]) for _, cosines in nearest]),
    )  # fmt: skip


# -- fitting and measuring -----------------------------------------------------------------------------------------


def fit(collections: Sequence[Collection], kept: Sequence[NDArray[np.bool_]] | None = None) -> Numbers:
    """(near, crowded, worded, constant) by logistic regression; each collection counts alike, and in each the lines
    that were heard as much as the others. `kept` says which lines of each collection are used."""
    kept = kept or [np.ones(len(one.lines), dtype=bool) for one in collections]
    rows = np.concatenate([one.evidence[keep] for one, keep in zip(collections, kept, strict=True)])
    known = np.column_stack([rows, np.ones(len(rows))])
    truth = np.concatenate([one.heard[keep] for one, keep in zip(collections, kept, strict=True)]).astype(float)
    weights = np.concatenate([one.weights[keep] for one, keep in zip(collections, kept, strict=True)])
    weights = weights / len(collections)
    found = np.zeros(known.shape[1])
    ridge = _FLAT * np.diag([1.0, 1.0, 1.0, 0.0])
    for _ in range(50):  # Newton's method
        stated = 1 / (1 + np.exp(-known @ found))
        slope = known.T @ (weights * (stated - truth)) + ridge @ found
        found = found - np.linalg.solve((known * (weights * stated * (1 - stated))[:, None]).T @ known + ridge, slope)
    return found


def chances(evidence: Numbers, numbers: Numbers) -> Numbers:
    """The chance of each row of evidence."""
    return np.asarray(1 / (1 + np.exp(-(evidence @ numbers[:3] + numbers[3]))))


def cross_validated(one: Collection) -> Numbers:
    """Each line's chance with numbers fitted on the collection's other groups (intents), in ten parts."""
    groups = sorted({line.group for line in one.lines})
    random.Random(_SEED).shuffle(groups)
    part = {group: n % _FOLDS for n, group in enumerate(groups)}
    parts = np.array([part[line.group] for line in one.lines])
    stated = np.zeros(len(parts))
    for n in range(_FOLDS):
        stated[parts == n] = chances(one.evidence[parts == n], fit([one], [parts != n]))
    return stated


def _shipped() -> Numbers:
    """The numbers in `research.heard_before`, read off its own function."""
    odds = [
        np.log(p / (1 - p))
        for p in (
            heard_before.chance(Evidence(*row))
            for row in ((0.2, 0.0, 0.0), (0.3, 0.0, 0.0), (0.2, 0.1, 0.0), (0.2, 0.0, 0.5))
        )
    ]
    near, crowded, worded = (odds[1] - odds[0]) / 0.1, (odds[2] - odds[0]) / 0.1, (odds[3] - odds[0]) / 0.5
    return np.array([near, crowded, worded, odds[0] - 0.2 * near])


SHIPPED = _shipped()


def report(one: Collection, collections: Sequence[Collection]) -> dict[str, Any]:
    """Print what the shipped numbers, those of the other collections, and the collection's own come to."""
    others = fit([other for other in collections if other is not one])
    stated = {
        "as shipped": chances(one.evidence, SHIPPED),
        "fitted on the other collections": chances(one.evidence, others),
        "fitted here, cross-validated": cross_validated(one),
    }
    heard = one.heard
    print(f"\n{one.name}: {heard.sum():,} lines that were heard, {(~heard).sum():,} that were not")
    print(f"{'AUROC':34}{'':8}minus the top cosine")
    print(f"{'top cosine':34}{auroc(one.top, heard):.4f}")
    found: dict[str, Any] = {"top cosine": auroc(one.top, heard)}
    for name, chance in stated.items():
        apart = auroc_difference(chance, one.top, heard)
        print(f"{name:34}{auroc(chance, heard):.4f}  {apart}")
        found[name] = {"AUROC": auroc(chance, heard), "ahead": [apart.mean, apart.low, apart.high]}
    for name, chance in stated.items():
        print(f"\n{name}: {'stated':>12} {'lines':>6} {'heard':>7} {'if half had been':>17}")
        rows = reliability(chance, heard, one.weights, _BINS)
        for row in rows:
            print(f"  {row.low:4.2f} to {row.high:4.2f} {row.stated:{len(name) + 1}.2f} {row.lines:6} {row.share:7.2f} "
                  f"{row.balanced:14.2f}")  # fmt: skip
        found[name]["reliability"] = [dataclasses.asdict(row) for row in rows]
    return found


def _shown(numbers: Numbers) -> str:
    return ", ".join(f"{number:.2f}" for number in numbers)


if __name__ == "__main__":
    main()

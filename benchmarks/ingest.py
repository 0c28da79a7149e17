"""How fast files become searchable, beside txtai and plain vectors. `make bench-ingest`, or

    python -m benchmarks.ingest [--json FILE] [--passages N] [--repeats N]

Heard is given files: it reads them, settles who speaks, cuts them into passages, stores and tags these, and embeds
them. The peers are given the passages that Heard made of them, so that all embed the same words; reading and cutting
files costs them nothing. All models are loaded before the clock starts. That Heard's faster vectors find as well is
shown by searching the findings with nothing but them. Nobody redacts: the peers can't.
"""

from __future__ import annotations

import argparse
import json
import tempfile
from collections.abc import Callable
from dataclasses import asdict
from importlib.metadata import version
from pathlib import Path
from statistics import fmean
from typing import Any

import numpy as np

import ingest
import research
from benchmarks import corpora
from benchmarks.corpora import Text
from benchmarks.measures import Took, difference, least, middle, ndcg, timed
from benchmarks.peers import Hybrid, Vectors
from research.embedder import Embedder, SentenceTransformerEmbedder, embedder_for
from research.repository import Repository

_PACKAGES = ("sentence-transformers", "chromadb", "txtai", "torch", "onnxruntime")
_AGAIN = "Heard, the same files again"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the results there, too")
    parser.add_argument("--passages", type=int, default=1500, help="of meetings and of podcasts (default: 1500 each)")
    parser.add_argument("--repeats", type=int, default=3, help="turns of each system (default: 3)")
    options = parser.parse_args()
    root = corpora.corpora("qmsum", "podcasts", "findings")
    versions = {name: version(name) for name in _PACKAGES}
    print(", ".join(f"{name} {number}" for name, number in versions.items()))
    with tempfile.TemporaryDirectory() as temporary:
        embedder = embedder_for()
        files, texts = _material(root, Path(temporary) / "material", embedder, options.passages)
        words = sum(len(text.text.split()) for text in texts)
        print(f"{len(files)} files, {len(texts):,} passages, {words:,} words")
        runs = _race(Path(temporary), files, texts, embedder, options.repeats)
    results = report(runs, len(texts)) | {"quality": _quality(root, embedder)}
    if options.json:
        told = {"versions": versions, "passages": len(texts), "words": words, **results}
        options.json.write_text(json.dumps(told, indent=2) + "\n", encoding="utf-8")


def _material(root: Path, home: Path, embedder: Embedder, wanted: int) -> tuple[list[Path], list[Text]]:
    """Whole files of meetings and of podcasts until each make `wanted` passages, and these passages."""
    files: list[Path] = []
    texts: list[Text] = []
    repo = research.open(home, embedder=embedder)
    for kind in (corpora.transcripts(root), sorted((root / "podcasts").rglob("*.md"))):
        had = len(texts)
        for path in kind:
            if len(texts) - had >= wanted:
                break
            files.append(path)
            for outcome in ingest.ingest_paths([path], repo, team="Bench", study="Speed", redact=False):
                if outcome.note_id:
                    note = repo.note(outcome.note_id)
                    texts += [
                        Text(one.id, one.text, note.summary.title, one.start_s or 0.0, one.end_s or 0.0)
                        for one in note.passages
                    ]
    repo.close()
    return files, texts


def _race(
    temporary: Path, files: list[Path], texts: list[Text], embedder: Embedder, repeats: int
) -> dict[str, list[Took]]:
    """Every system in turn, each time into a new folder; who begins changes from turn to turn."""
    vectors = Vectors(temporary / "warm")
    vectors.model.encode(["warm"], show_progress_bar=False)
    model = vectors.model
    vectors.close()
    models: dict[str, Any] = {}  # txtai keeps the model that it loaded here

    def heard(folder: Path) -> dict[str, Took]:
        repo = research.open(folder, embedder=embedder)
        took = {
            "Heard": timed(lambda: _put(repo, files, "added")),
            _AGAIN: timed(lambda: _put(repo, files, "unchanged")),
        }
        repo.close()
        return took

    def chroma(folder: Path) -> dict[str, Took]:
        peer = Vectors(folder, model)
        took = timed(lambda: peer.add(texts))
        peer.close()
        return {peer.name: took}

    def txtai(folder: Path) -> dict[str, Took]:
        peer = Hybrid(folder, models)
        took = timed(lambda: peer.add(texts))
        peer.close()
        return {peer.name: took}

    Hybrid(temporary / "warm-txtai", models).add(texts[:1])
    systems: list[Callable[[Path], dict[str, Took]]] = [heard, chroma, txtai]
    runs: dict[str, list[Took]] = {}
    for turn in range(repeats):
        for n, system in enumerate(systems[turn % 3 :] + systems[: turn % 3]):
            for name, took in system(temporary / f"run-{turn}-{n}").items():
                runs.setdefault(name, []).append(took)
                print(f"turn {turn + 1}: {name}: {took.wall:.1f} s, {took.cpu:.1f} s of processor", flush=True)
    return runs


def _put(repo: Repository, files: list[Path], expected: str) -> None:
    outcomes = list(ingest.ingest_paths(files, repo, team="Bench", study="Speed", redact=False))
    strange = [one for one in outcomes if one.status != expected]
    assert not strange, strange[:3]


def _quality(root: Path, ours: Embedder) -> dict[str, float]:
    """nDCG@10 on the findings by cosine alone, with the model in full precision and as Heard runs it."""
    quotes, asked = corpora.quotes(root), corpora.statements(root)
    scores: dict[str, list[float]] = {}
    for name, embedder in (("full precision", SentenceTransformerEmbedder()), ("Heard", ours)):
        found = embedder.embed([one.text for one in quotes])
        cosines = embedder.embed([one.query for one in asked]) @ found.T
        scores[name] = [
            ndcg([quotes[n].id in one.relevant for n in np.argsort(-row)[:10]], len(one.relevant))
            for one, row in zip(asked, cosines, strict=True)
        ]
    apart = difference(scores["Heard"], scores["full precision"])
    means = {name: fmean(values) for name, values in scores.items()}
    print(
        f"\nfindings, nDCG@10 by cosine alone: full precision {means['full precision']:.4f}, Heard's vectors "
        f"{means['Heard']:.4f}, difference {apart.mean:+.4f} [{apart.low:+.4f}, {apart.high:+.4f}]"
    )
    return means


def report(runs: dict[str, list[Took]], passages: int) -> dict[str, Any]:
    """Print passages a second and how many times as fast Heard is, by the clock and by processor time.

    The median of the turns, and the best of them: on a machine that others use, that is the least disturbed one.
    """
    again = runs.pop(_AGAIN)
    width = max(map(len, runs))
    results: dict[str, Any] = {}
    for kind, pick in (("median", middle), ("best", least)):
        ours = pick(runs["Heard"])
        print(f"\n{kind:{width}}  {'a second':>9}  {'Heard is':>9}  {'a second of processor':>21}  {'Heard is':>9}")
        for name, took in runs.items():
            one = pick(took)
            faster, leaner = one.wall / ours.wall, one.cpu / ours.cpu
            clock = f"{passages / one.wall:9.0f}  {faster:8.2f}×"
            print(f"{name:{width}}  {clock}  {passages / one.cpu:21.0f}  {leaner:8.2f}×")
            results.setdefault(name, {"runs": [asdict(run) for run in took]})[kind] = {
                "wall": one.wall, "cpu": one.cpu, "ratio": faster, "cpu ratio": leaner,
            }  # fmt: skip
    unchanged = middle(again).wall
    print(f"\n{_AGAIN}: {unchanged:.3f} s, {middle(runs['Heard']).wall / unchanged:.0f} times as fast as at first")
    return {"systems": results, "unchanged": {"wall": unchanged, "ratio": middle(runs["Heard"]).wall / unchanged}}


if __name__ == "__main__":
    main()

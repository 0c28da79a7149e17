"""How well Heard finds, beside BM25, plain vectors and txtai. `make bench-search`, or

    python -m benchmarks.search [--json FILE]

QMSum: questions about a meeting, to be answered with the stretch of its transcript that people marked. Findings:
statements of research reports, to be backed with the quotes that their authors gave. docs/benchmarks.md says more.
"""

from __future__ import annotations

import argparse
import csv
import json
import tempfile
from collections.abc import Callable, Iterable, Mapping, Sequence
from importlib.metadata import version
from pathlib import Path
from statistics import mean
from typing import Any

import ingest
import research
from benchmarks import corpora
from benchmarks.corpora import Quote, Statement, Text
from benchmarks.measures import Stretch, difference, ndcg, recall, word_r, words_in
from benchmarks.peers import Hybrid, Keywords, Peer, Vectors
from ingest.models import ReadOptions, TableMapping
from research.models import Hit
from research.repository import Repository

OURS = "Heard"
_WINDOWS = (120, 250)  # words that a transcript is cut into for the peers; the second is for comparison
_PACKAGES = ("bm25s", "sentence-transformers", "chromadb", "txtai", "torch", "onnxruntime")

Scores = dict[str, dict[str, list[float]]]  # system -> measure -> a number for each question


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the results there, too")
    options = parser.parse_args()
    root = corpora.corpora("qmsum", "findings")
    versions = {name: version(name) for name in _PACKAGES}
    print(", ".join(f"{name} {number}" for name, number in versions.items()))
    results: dict[str, Any] = {"versions": versions}
    with tempfile.TemporaryDirectory() as temporary:
        for title, scores in {**qmsum(root, Path(temporary)), **findings(root, Path(temporary))}.items():
            results[title] = report(title, scores)
    if options.json:
        options.json.write_text(json.dumps(results, indent=2) + "\n", encoding="utf-8")


# -- QMSum ---------------------------------------------------------------------------------------------------------


def qmsum(root: Path, temporary: Path) -> dict[str, Scores]:
    """wordR and nDCG@10 within one transcript; a table for each size of the peers' windows."""
    paths = corpora.transcripts(root)
    questions = corpora.questions(root)
    meetings = {path.stem: corpora.cues(path.read_text(encoding="utf-8")) for path in paths}
    said = {
        name: [Stretch(cue.start, cue.end, len(cue.words)) for cue in cues if cue.words]
        for name, cues in meetings.items()
    }

    def measured(search: Callable[[str, str], Sequence[Stretch]], units: Mapping[str, Sequence[Stretch]]) -> Any:
        found: dict[str, list[float]] = {"wordR": [], "nDCG@10": []}
        for one in questions:
            hits = search(one.query, one.transcript)
            wanted = words_in(said[one.transcript], one.spans)
            total = sum(unit.share_in(one.spans) >= 0.5 for unit in units[one.transcript])
            found["wordR"].append(word_r(hits, one.spans, wanted))
            found["nDCG@10"].append(ndcg([hit.share_in(one.spans) >= 0.5 for hit in hits], total))
        return found

    repo = research.open(temporary / "heard-qmsum")
    notes = put(repo, paths)
    passages = {name: [stretch(one) for one in repo.note(note).passages] for name, note in notes.items()}
    ours = measured(
        lambda query, name: [stretch(hit) for hit in repo.search(query, note=notes[name], limit=200, per_person=None)],
        passages,
    )
    repo.close()
    print(f"QMSum: {len(questions)} questions about {len(paths)} meetings")
    print(f"Heard has {_size(passages.values())}")

    tables = {}
    for size in _WINDOWS:
        texts: list[Text] = []
        units: dict[str, dict[str, Stretch]] = {}
        for name, cues in meetings.items():
            cut = {f"{name} {n}": window for n, window in enumerate(corpora.windows(cues, size))}
            texts += [Text(id_, text, name, one.start, one.end) for id_, (text, one) in cut.items()]
            units[name] = {id_: one for id_, (_, one) in cut.items()}
        scores: Scores = {}
        for peer in _peers(temporary / f"qmsum-{size}"):
            peer.add(texts)
            scores[peer.name] = measured(
                _stretches(peer, units), {name: list(known.values()) for name, known in units.items()}
            )
        tables[f"QMSum, peers with windows of {size} words"] = {**scores, OURS: ours}
    return tables


def _stretches(peer: Peer, units: Mapping[str, Mapping[str, Stretch]]) -> Callable[[str, str], list[Stretch]]:
    """How the peer searches within a transcript: all of it, best first."""
    return lambda query, name: [units[name][id_] for id_ in peer.search(query, name, len(units[name]))]


def stretch(passage: Any) -> Stretch:
    """A passage or a hit of Heard's as a stretch of its transcript."""
    return Stretch(passage.start_s or 0.0, passage.end_s or 0.0, len(passage.text.split()))


def _size(notes: Iterable[Sequence[Stretch]]) -> str:
    words = [one.words for note in notes for one in note]
    return f"{len(words):,} passages of {mean(words):.0f} words on average"


# -- findings ------------------------------------------------------------------------------------------------------


def findings(root: Path, temporary: Path) -> dict[str, Scores]:
    """nDCG@10 and recall@20 of quotes for a statement; then what it costs Heard to show each person but twice."""
    statements, quotes = corpora.statements(root), corpora.quotes(root)
    folder = corpora.quotes_as_files(root, temporary / "quotes")
    scores: Scores = {}
    texts = [Text(quote.id, quote.text) for quote in quotes]
    for peer in _peers(temporary / "findings"):
        peer.add(texts)
        scores[peer.name] = _backed(statements, lambda query, peer=peer: peer.search(query, "", 20))  # type: ignore[misc]

    repo = research.open(temporary / "heard-quotes")
    ids = {note: name for name, note in put(repo, [folder]).items()}
    scores[OURS] = _backed(statements, lambda query: _quotes(repo.search(query, limit=20, per_person=None), ids))
    repo.close()
    print(f"findings: {len(statements)} statements, {len(quotes)} quotes")
    return {"Findings": scores, "Findings, with speaker and study known": _spread(statements, quotes, temporary)}


def _backed(statements: Sequence[Statement], search: Callable[[str], list[str]]) -> dict[str, list[float]]:
    found: dict[str, list[float]] = {"nDCG@10": [], "recall@20": []}
    for one in statements:
        hits = search(one.query)
        found["nDCG@10"].append(ndcg([id_ in one.relevant for id_ in hits], len(one.relevant)))
        found["recall@20"].append(recall(hits, one.relevant))
    return found


def _spread(statements: Sequence[Statement], quotes: Sequence[Quote], temporary: Path) -> Scores:
    """The quotes as a spreadsheet that says who spoke in which study, searched with and without the defaults."""
    path = temporary / "quotes.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(["id", "text", "speaker", "study"])
        rows.writerows([quote.id, quote.text, quote.speaker, quote.study] for quote in quotes)
    mapping = TableMapping(text=("text",), title="id", participant="speaker", study="study")
    repo = research.open(temporary / "heard-csv")
    put(repo, [path], ReadOptions(mapping=mapping))

    def unfolded(query: str) -> list[str]:
        hits = repo.search(query, limit=20, per_person=None)
        return _quotes(one for hit in hits for one in (hit, *repo.passages(hit.alike)))[:20]

    scores = {
        "all of a person, nothing folded": _backed(statements, unfolded),
        "all of a person": _backed(statements, lambda query: _quotes(repo.search(query, limit=20, per_person=None))),
        f"{OURS}'s defaults": _backed(statements, lambda query: _quotes(repo.search(query, limit=20))),
    }
    repo.close()
    return scores


def _quotes(hits: Iterable[Hit], ids: Mapping[str, str] | None = None) -> list[str]:
    """The quotes that passages are from, each once; a note is known by its id, or else by its title."""
    return list(dict.fromkeys(ids[hit.note_id] if ids else hit.note_title for hit in hits))


# -- both ----------------------------------------------------------------------------------------------------------


def _peers(folder: Path) -> list[Peer]:
    return [Keywords(), Vectors(folder / "chroma"), Hybrid(folder / "txtai")]


def put(repo: Repository, paths: Sequence[Path], options: ReadOptions | None = None) -> dict[str, str]:
    """Ingest files with all names in them, as the peers get them; note ids by the files' names without their ending."""
    notes = {}
    for one in ingest.ingest_paths(paths, repo, team="Bench", options=options, redact=False):
        if one.note_id:
            notes[Path(one.path).stem] = one.note_id
        else:
            print(f"left out by Heard: {one.path}: {one.error}")
    return notes


def report(title: str, scores: Scores) -> dict[str, Any]:
    """Print a table, and how far its last system is ahead of the best of the others in each measure."""
    measures = list(next(iter(scores.values())))
    width = max(len(system) for system in scores)
    print(f"\n{title}\n{'':{width}}  " + "  ".join(f"{measure:>9}" for measure in measures))
    means = {system: {measure: mean(found[measure]) for measure in measures} for system, found in scores.items()}
    for system, found in means.items():
        print(f"{system:{width}}  " + "  ".join(f"{found[measure]:9.3f}" for measure in measures))
    *others, last = scores
    ahead = {}
    for measure in measures:
        best = max(others, key=lambda system, measure=measure: means[system][measure])  # type: ignore[misc]
        apart = difference(scores[last][measure], scores[best][measure])
        ratio = means[last][measure] / means[best][measure]
        print(f"{measure}: {last} minus {best}: {apart}, ratio {ratio:.2f}")
        ahead[measure] = {"best": best, "difference": apart.mean, "interval": [apart.low, apart.high], "ratio": ratio}
    return {"means": means, "ahead": ahead}


if __name__ == "__main__":
    main()

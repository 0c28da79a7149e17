"""Themes beside BERTopic's: do they agree with what people said they asked for, and with themselves as texts come in?

    python -m benchmarks.themes [questions] [named] [cut] [steps] [many]

*questions*: 4,000 questions of banking77, whose 77 intents are for scoring only. *named*: whether labels
say what the intents are called, in CLINC and banking77. *cut*: how many themes CLINC gives
when the tree is cut at several distances, which is where the distance comes from. *steps*: what each step is worth.
*many*: 100,000 sentences, for time and memory. All by default. Everybody gets the same vectors: those that Heard keeps.
"""

from __future__ import annotations

import csv
import json
import os
import re
import resource
import subprocess
import sys
import tempfile
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date
from hashlib import sha256
from math import exp, log
from pathlib import Path
from typing import Any
from unittest.mock import patch

import numpy as np
from numpy.typing import NDArray

from benchmarks.corpora import corpora, quotes
from benchmarks.measures import Took, timed
from research.embedder import embedder_for
from research.matrix import Matrix
from research.themes import alike, groups, labels, life
from research.themes.models import Change, Kept, Passages
from research.words import stem

Labels = NDArray[Any]

TODAY = date(2026, 11, 22)
MANY = 100_000
LIMIT = 1_200  # seconds that BERTopic may take for them
SHARES = (0.05, 0.2, 0.6)  # at the last, all are looked at together again
CUTS = (0.5, 0.6, 0.7, 0.8, 0.9)
# Step -> the module and name that it stands under, and what stands there instead.
STEPS: dict[str, tuple[Any, str, Any]] = {
    "as it is": (groups, "_STEPS", 12),
    "vectors alone, no words": (alike, "_WORDED", 0.0),
    "words counting twice as much": (alike, "_WORDED", 0.4),
    "walks of 8 steps": (groups, "_STEPS", 8),
    "walks of 16 steps": (groups, "_STEPS", 16),
    "10 nearest": (alike, "NEAREST", 10),
    "20 nearest": (alike, "NEAREST", 20),
    "cut at 0.6": (groups, "_APART", 0.6),
    "cut at 0.8": (groups, "_APART", 0.8),
    "made coarser, to 2,500 first": (groups, "_MOST", 2_500),
    "made coarser, to 1,250 first": (groups, "_MOST", 1_250),
}


def passages(texts: Sequence[str]) -> Passages:
    """Texts as Heard keeps them: with the vectors that its file of 8-bit integers gives back."""
    rows = list(range(1, len(texts) + 1))
    with tempfile.TemporaryDirectory() as folder:
        matrix = Matrix(Path(folder) / "vectors")
        embedder = embedder_for()
        for start in range(0, len(rows), 4_096):
            part = slice(start, start + 4_096)
            matrix.write(rows[part], embedder.embed(texts[part]))
        vectors = matrix.read(rows)
    ids = tuple(sha256(f"{n} {text}".encode()).hexdigest()[:24] for n, text in enumerate(texts))
    return Passages(ids, tuple(texts), vectors)


def some(all_: Passages, chosen: NDArray[np.int64]) -> Passages:
    """The passages at some places, in that order."""
    ids, texts = (tuple(values[n] for n in chosen) for values in (all_.ids, all_.texts))
    return Passages(ids, texts, all_.vectors[chosen])


def of(state: Kept, said: Passages) -> Labels:
    """The theme of each passage as a number, -1 outside of all."""
    return np.array([int(theme.removeprefix("T-")) if (theme := state.placed[id_]) else -1 for id_ in said.ids])


def bertopic(said: Passages, seed: int | None = None) -> tuple[Any, Labels]:
    """BERTopic as its documentation has it, on given vectors; with a seed, UMAP as in its defaults but repeatable."""
    from bertopic import BERTopic  # type: ignore[import-untyped]
    from umap import UMAP  # type: ignore[import-untyped]

    umap = UMAP(n_neighbors=15, n_components=5, min_dist=0.0, metric="cosine", random_state=seed)
    model = BERTopic(umap_model=umap)
    found, _ = model.fit_transform(list(said.texts), said.vectors)
    return model, np.array(found)


def agreement(truth: Sequence[Any] | Labels, found: Labels) -> tuple[float, float]:
    """V-measure and adjusted Rand index, what stays outside counting as one theme more."""
    from sklearn.metrics import adjusted_rand_score, v_measure_score  # type: ignore[import-untyped]

    return float(v_measure_score(truth, found)), float(adjusted_rand_score(truth, found))


def told(name: str, truth: Sequence[str], found: Labels, took: Took) -> None:
    """One line: themes, share outside, V, ARI, the same with each text outside as a theme of its own; seconds on the
    clock and of the processors."""
    alone = np.where(found < 0, -1 - np.arange(len(found)), found)
    (v, ari), (v_alone, ari_alone) = agreement(truth, found), agreement(truth, alone)
    themes = len(set(found.tolist()) - {-1})
    print(
        f"{name:44} {themes:6} {(found < 0).mean():8.3f} {v:6.3f} {ari:6.3f} {v_alone:8.3f} {ari_alone:6.3f} "
        f"{took.wall:8.1f} {took.cpu:9.1f}",
        flush=True,
    )


def clocked(work: Callable[[], Any]) -> tuple[Any, Took]:
    """What some work gives, and what it took."""
    found: list[Any] = []
    took = timed(lambda: found.append(work()))
    return found[0], took


def on_questions(root: Path) -> None:
    """Agreement with the intents of banking77, and with itself."""
    said, truth = banking(root)
    order = np.random.default_rng(1).permutation(len(truth))
    print(f"{len(truth):,} questions, {len(set(truth)):,} intents; the clock runs from vectors to themes.\n")
    print(f"{'':44} themes  outside      V    ARI  outside alone: V, ARI  seconds  processor")

    def ours(before: Kept, now: Passages) -> Kept:
        return grown(before, now).state

    def grown(before: Kept, now: Passages) -> Change:
        return life.joined(before, now, TODAY)

    kept, took = clocked(lambda: ours(Kept(), said))
    whole = of(kept, said)
    told("Heard", truth, whole, took)
    bertopic(some(said, np.arange(500)))  # numba compiles at the first call
    (_, theirs), took = clocked(lambda: bertopic(said))
    told("BERTopic", truth, theirs, took)
    (_, seeded), took = clocked(lambda: bertopic(said, seed=1))
    told("BERTopic, UMAP with a seed", truth, seeded, took)
    ward, took = clocked(lambda: ward_of(said.vectors, len(set(truth))))
    told("Ward, told that there are 77", truth, ward, took)

    print("\nAgreement with itself (ARI over the texts that both runs had)")
    shuffled = some(said, order)
    back = np.argsort(order)
    print(f"{'Heard, another order':60} {agreement(whole, of(ours(Kept(), shuffled), shuffled)[back])[1]:.3f}")
    print(f"{'BERTopic, another order':60} {agreement(theirs, bertopic(shuffled)[1][back])[1]:.3f}")
    print(f"{'BERTopic, seeded, another order':60} {agreement(seeded, bertopic(shuffled, seed=1)[1][back])[1]:.3f}")
    print(f"{'BERTopic, the same order again':60} {agreement(theirs, bertopic(said)[1])[1]:.3f}", flush=True)
    for share in SHARES:
        first = np.sort(order[: round(len(truth) / (1 + share))])
        new = np.setdiff1d(np.arange(len(truth)), first)
        early = some(said, first)
        more = f"after {share:.0%} more texts"
        before = ours(Kept(), early)
        change, took = clocked(lambda before=before: grown(before, said))
        after = change.state
        kinds = Counter(event.kind for event in change.events)
        name = f"Heard, {more}: {kinds['split']} splits, {kinds['merged']} merges"
        print(f"{name:60} {agreement(of(before, early), of(after, early))[1]:.3f}")
        print(f"{'Heard, ' + more + ', all found from scratch':60} {agreement(of(before, early), whole[first])[1]:.3f}")
        model, then = bertopic(early)
        print(f"{'BERTopic, ' + more:60} {agreement(then, theirs[first])[1]:.3f}")
        early_seeded = bertopic(early, seed=1)[1]
        print(f"{'BERTopic, seeded, ' + more:60} {agreement(early_seeded, seeded[first])[1]:.3f}")
        told(f"Heard, {more} that joined or founded", truth, of(after, said), took)
        late = some(said, new)
        (placed, _), took = clocked(lambda model=model, late=late: model.transform(list(late.texts), late.vectors))
        together = np.empty(len(truth), dtype=np.int64)
        together[first], together[new] = then, placed
        told(f"BERTopic, {more} by transform", truth, together, took)


def named(root: Path) -> None:
    """How much of the name of a theme's most frequent intent its label says."""
    embed = embedder_for().embed

    def counted_alone(phrases: Sequence[str]) -> NDArray[np.float32]:
        return np.ones((len(phrases), 384), dtype=np.float32)

    print(f"{'':34} themes  label says, of the intent's words  its first phrase says one of them")
    for name, (said, truth) in (("CLINC", clinc(root)), ("banking77", banking(root))):
        state = life.joined(Kept(), said, TODAY).state
        intents: dict[str, Counter[str]] = defaultdict(Counter)
        for id_, intent in zip(said.ids, truth, strict=True):
            intents[state.placed[id_]][str(intent)] += 1
        for how, meaning, power in (("by counts alone", counted_alone, 0), ("and by meaning", embed, labels._MEANS)):
            with patch.object(labels, "_MEANS", power):
                found = labels.labels(state, said, meaning=meaning)
            says = []
            for theme in state.living:
                words = {stem(one) for one in min(intents[theme].most_common(1))[0].split("_")} - labels._EMPTY_STEMS
                phrases = [{stem(one) for one in phrase.split()} for phrase in found[theme].phrases[:3]] or [set()]
                if words:
                    says.append((len(words & set().union(*phrases)) / len(words), bool(words & phrases[0])))
            whole, first = np.mean(says, axis=0)
            print(f"{name + ', ' + how:34} {len(says):6} {whole:33.3f} {first:35.3f}", flush=True)


def ward_of(vectors: NDArray[np.float32], count: int) -> Labels:
    """Ward's method, told how many themes there are."""
    from scipy.cluster.hierarchy import fcluster, linkage

    return np.asarray(fcluster(linkage(vectors, "ward"), count, "maxclust"))


def banking(root: Path) -> tuple[Passages, Labels]:
    """All questions of banking77, with their intents."""
    return asked(root / "banking77" / "questions.csv")


def clinc(root: Path) -> tuple[Passages, Labels]:
    """All questions of CLINC that have an intent: 40 of each of 150."""
    return asked(root / "clinc" / "known.csv", root / "clinc" / "questions.csv")


def asked(*paths: Path) -> tuple[Passages, Labels]:
    """The questions in spreadsheets that have an intent, with it."""
    rows = []
    for path in paths:
        with path.open(encoding="utf-8", newline="") as file:
            rows += [row for row in csv.DictReader(file) if row.get("heard", "yes") == "yes"]
    return passages([row["text"] for row in rows]), np.array([row["intent"] for row in rows])


def cuts_of(truth: Labels) -> dict[str, NDArray[np.int64]]:
    """CLINC in several sizes: many and few intents, much and little said of each, and evenly or not."""
    places = np.arange(len(truth))
    _, number = np.unique(truth, return_inverse=True)
    nth = np.array([int((number[:n] == intent).sum()) for n, intent in enumerate(number)])
    return {
        "150 intents, 40 each": places,
        "150, 20 each": places[nth < 20],
        "150, 10 each": places[nth < 10],
        "75, 20 each": places[(nth < 20) & (number % 2 == 0)],
        "30, 20 each": places[(nth < 20) & (number % 5 == 0)],
        "150, 5 to 40": places[nth < np.maximum(5, 40 // (1 + number % 8))],
    }


def cut(root: Path) -> None:
    """How many themes, V and ARI on CLINC by the distance at which the tree is cut."""
    said, truth = clinc(root)
    print("\nCLINC by the cut: themes as a multiple of the intents, V, ARI")
    print(f"{'':24}" + "".join(f"{at:^22}" for at in CUTS))
    ratios: dict[float, list[float]] = {at: [] for at in CUTS}
    for name, places in cuts_of(truth).items():
        texts = alike.texts(some(said, places))
        ties = alike.ties(texts)
        line = f"{name:24}"
        for at in CUTS:
            with patch.object(groups, "_APART", at):
                found = groups.groups(ties, texts.vectors)[texts.of]
            ratios[at].append(len(set(found.tolist())) / len(set(truth[places])))
            v, ari = agreement(truth[places], found)
            line += f"{ratios[at][-1]:7.2f} {v:6.3f} {ari:6.3f} "
        print(line, flush=True)
    print(
        f"{'geometric mean':24}"
        + "".join(f"{exp(sum(map(log, ratios[at])) / len(ratios[at])):7.2f}{'':15}" for at in CUTS)
    )


def steps(root: Path) -> None:
    """V and ARI on banking77 and CLINC with one thing done otherwise, before small groups are left outside."""
    both = (banking(root), clinc(root))
    print(f"\n{'':34} banking77: groups, V, ARI    CLINC, 40 each")
    for step, (module, name, value) in STEPS.items():
        line = f"{step:34}"
        for said, truth in both:
            with patch.object(module, name, value):
                texts = alike.texts(said)
                found = groups.groups(alike.ties(texts), texts.vectors)[texts.of]
            v, ari = agreement(truth, found)
            line += f"{len(set(found.tolist())):8} {v:6.3f} {ari:6.3f}      "
        print(line, flush=True)


def sentences(root: Path) -> list[str]:
    """Different sentences of 6 to 60 words of all corpora with running text, then CLINC, banking77 and the quotes."""
    found: list[str] = []
    for folder in ("design-histories", "interviews", "reports", "surveys", "qmsum", "podcasts"):
        for path in sorted((root / folder).rglob("*")):
            if path.suffix in (".md", ".txt", ".vtt"):
                lines = path.read_text(encoding="utf-8", errors="replace").splitlines()
                plain = " ".join(line for line in lines if "-->" not in line)
                plain = re.sub(r"<[^>]+>|https?://\S+|\{[%{].*?[%}]\}|[#*_>`|\[\]()]", " ", plain)
                found += [" ".join(one.split()) for one in re.split(r"(?<=[.?!])\s+", plain)]
    found = [one for one in found if 6 <= len(one.split()) <= 60]
    for name in ("clinc/known.csv", "clinc/questions.csv", "banking77/questions.csv"):
        with (root / name).open(encoding="utf-8", newline="") as file:
            found += [row["text"] for row in csv.DictReader(file)]
    found += [quote.text for quote in quotes(root)]
    return list(dict.fromkeys(found))


def many(root: Path) -> None:
    """Time and memory at 100,000, each in a process of its own."""
    texts = sentences(root)
    if len(texts) < MANY:
        print(f"\nOnly {len(texts):,} different sentences are there; all are used.")
    texts = [texts[n] for n in np.random.default_rng(1).permutation(len(texts))[:MANY]]
    said, took = clocked(lambda: passages(texts))
    print(f"\n{len(said.ids):,} sentences; embedding them took {took.wall:.0f} s and counts for nobody", flush=True)
    with tempfile.TemporaryDirectory() as folder:
        np.save(Path(folder) / "vectors.npy", said.vectors)
        (Path(folder) / "texts.json").write_text(json.dumps({"ids": said.ids, "texts": said.texts}))
        for who in ("Heard", "BERTopic"):
            command = [sys.executable, "-W", "ignore", "-m", "benchmarks.themes", "one", who, folder]
            try:
                subprocess.run(command, check=True, timeout=LIMIT)
            except subprocess.TimeoutExpired:
                print(f"{who}: not done after {LIMIT / 60:.0f} minutes", flush=True)
            except subprocess.CalledProcessError as error:
                print(f"{who}: ended with {error.returncode}", flush=True)


def one(who: str, folder: Path) -> None:
    """Find themes among many, and say what it took."""
    read = json.loads((folder / "texts.json").read_text())
    said = Passages(tuple(read["ids"]), tuple(read["texts"]), np.load(folder / "vectors.npy"))

    def peak() -> str:
        return f"{resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20:.2f} GB at most"

    def spent(took: Took) -> str:
        return f"{took.wall:.1f} s ({took.cpu:.1f} s of the processors)"

    if who == "BERTopic":
        (_, found), took = clocked(lambda: bertopic(said))
        print(
            f"BERTopic: {spent(took)}, {len(set(found.tolist()) - {-1}):,} themes, "
            f"{(found < 0).mean():.3f} outside, {peak()}"
        )
        return
    change, took = clocked(lambda: life.joined(Kept(), said, TODAY))
    state, found = change.state, of(change.state, said)
    print(
        f"Heard: {spent(took)}, {len(state.living):,} themes in {len(state.themes) - len(state.living):,} larger ones, "
        f"{(found < 0).mean():.3f} outside, {peak()}",
        flush=True,
    )
    _, took = clocked(lambda: labels.labels(state, said, meaning=embedder_for().embed))
    print(f"Heard, labels: {spent(took)}, {peak()}", flush=True)
    few = dict(list(state.placed.items())[:-200])
    _, took = clocked(lambda: life.joined(replace(state, placed=few), said, TODAY))
    print(f"Heard, 200 more: {spent(took)}, {peak()}", flush=True)


def main() -> None:
    os.environ.setdefault("TQDM_DISABLE", "1")
    if sys.argv[1:2] == ["one"]:
        one(sys.argv[2], Path(sys.argv[3]))
        return
    wanted = sys.argv[1:] or ["questions", "named", "cut", "steps", "many"]
    parts = {"questions": on_questions, "named": named, "cut": cut, "steps": steps, "many": many}
    if not set(wanted) <= parts.keys():
        sys.exit(__doc__)
    root = corpora("banking77", "clinc", "qmsum", "podcasts", "interviews", "design-histories", "findings")
    for name in wanted:
        parts[name](root)


if __name__ == "__main__":
    main()

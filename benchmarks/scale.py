"""How search holds up at ten thousand, a hundred thousand and a million passages.

    python -m benchmarks.scale FOLDER [10000 100000 1000000]

Repositories are built in FOLDER once and measured at every run. Their texts are the first half of one real passage and
the second half of another (from the folder in HEARD_CORPORA), their vectors the real ones of these two, mixed and
blurred a little: embedding a million texts takes a day. Rows are put into SQL directly; everything from there on is
Heard's own code, and questions are embedded by the real model.
"""

from __future__ import annotations

import json
import re
import resource
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from statistics import median

import numpy as np
from numpy.typing import NDArray

import ingest
import research
from benchmarks.corpora import corpora, statements
from research.filters import Filter
from research.repository import Repository

REAL = 4_000  # real passages that all others are made of
A_NOTE = 20  # passages a note
QUESTIONS = 100
FILTERS = (("everything", {}), ("half (one team)", {"team": "Team 0"}), ("0.1 % (one study)", {"study": "Study 7"}))
NOTE = """---
title: A note more {n}
date: 2026-11-20
participant: Somebody {n}
---
Interviewer: How did the import of your patient list go, the {n}th time?

Somebody {n}: It took us {n} days. The spreadsheet kept failing and nobody told us which row was wrong.

Interviewer: What did you do then?

Somebody {n}: I exported the monthly report, fixed {n} numbers by hand and pasted them back, as every month.
"""


def real_passages() -> list[str]:
    """Stretches of some forty words of the interviews and podcasts in the corpora."""
    passages: list[str] = []
    root = corpora("interviews", "podcasts", "qmsum")
    for folder in ("interviews", "podcasts", "qmsum"):
        for path in sorted((root / folder).rglob("*")):
            if path.suffix not in (".md", ".txt", ".vtt"):
                continue
            lines = path.read_text(encoding="utf-8", errors="replace").splitlines()
            words = re.sub(
                r"<[^>]+>|https?://\S+|[#*_>`|\[\]()]", " ", " ".join(s for s in lines if "-->" not in s)
            ).split()
            passages += [" ".join(words[start : start + 40]) for start in range(0, len(words) - 40, 40)]
    order = np.random.default_rng(1).permutation(len(passages))
    return [passages[n] for n in order[:REAL]]


def questions() -> list[str]:
    """Questions that were really asked."""
    asked = [one.query for one in statements(corpora("findings"))]
    return asked[:: max(1, len(asked) // QUESTIONS)][:QUESTIONS]


class Made:
    """Passages by number, always the same ones: their texts, and their vectors as a stand-in for embedding them."""

    def __init__(self, folder: Path, real: research.embedder.Embedder) -> None:
        self.name, self.dimension, self.max_tokens = real.name, real.dimension, real.max_tokens
        kept = folder / "real.json"
        if not kept.exists():
            texts = real_passages()
            np.save(folder / "real.npy", real.embed(texts))
            kept.write_text(json.dumps(texts))
        self._words = [text.split() for text in json.loads(kept.read_text())]
        self._vectors = np.load(folder / "real.npy")
        self._numbers: dict[int, int] = {}

    def text(self, number: int) -> str:
        a, b = (self._words[n] for n in self._pair(number))
        text = " ".join((*a[: len(a) // 2], *b[len(b) // 2 :]))
        self._numbers[hash(text)] = number
        return text

    def _pair(self, number: int) -> tuple[int, int]:
        first, second = np.random.default_rng(number).integers(0, len(self._words), 2)
        return int(first), int(second)

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        vectors = np.empty((len(texts), self.dimension), dtype=np.float32)
        for row, text in enumerate(texts):
            a, b = self._pair(number := self._numbers[hash(text)])
            noise = np.random.default_rng(-1 - number & 2**63 - 1).standard_normal(self.dimension, dtype=np.float32)
            vectors[row] = self._vectors[a] + 0.6 * self._vectors[b] + noise * (0.4 / self.dimension**0.5)
        return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        return [len(text.split()) for text in texts]


def build(home: Path, size: int) -> None:
    """A repository of `size` passages; what an interrupted build has done is gone on from."""
    made = Made(home.parent, real_embedder())
    repo = research.open(home, embedder=made)
    texts = [made.text(number) for number in range(size)]
    if not repo.status().passages:
        with open_sql(home) as run:
            fill(run, texts)
    began = time.monotonic()

    def told(done: int) -> None:
        if done % 20_480 == 0:
            print(f"  {done:,} of {size:,} after {time.monotonic() - began:.0f} s", file=sys.stderr, flush=True)

    with repo.index.writer("A benchmark"):
        repo.index.sync(on_progress=told)
    repo.close()
    (home / "built").write_text(f"{time.monotonic() - began:.0f}")


@contextmanager
def open_sql(home: Path) -> Iterator[object]:
    import sqlite3

    connection = sqlite3.connect(home / "heard.db", isolation_level=None)
    connection.execute("PRAGMA synchronous=OFF")
    connection.execute("BEGIN")
    yield connection.executemany
    connection.execute("COMMIT")
    connection.close()


def fill(insert: object, texts: Sequence[str]) -> None:
    """Teams, studies, people, notes, passages and tags straight into the tables."""
    assert callable(insert)
    notes = -(-len(texts) // A_NOTE)
    studies = min(1_000, notes // 2)
    rng = np.random.default_rng(3)
    study_of = rng.permutation(np.arange(notes) % studies)
    person_of = rng.integers(0, max(1, notes // 2), notes)
    day_of = rng.integers(0, 1_000, notes)
    now = datetime(2026, 11, 22).isoformat(sep=" ") + ".000000"

    def digest(*parts: object) -> str:
        return sha256(repr(parts).encode()).hexdigest()

    insert("INSERT INTO team(id, name) VALUES (?, ?)", [(n + 1, f"Team {n}") for n in range(20)])
    insert(
        "INSERT INTO study(id, team_id, title, owner, method, questions) VALUES (?, ?, ?, '', '', '')",
        [(n + 1, 1 if n % 2 else 2 + n % 19, f"Study {n}") for n in range(studies)],
    )
    insert(
        "INSERT INTO participant(id, pseudonym, label_hash, segment, account) VALUES (?, ?, ?, ?, ?)",
        [
            (n + 1, f"P-{n + 1:04d}", digest(n), f"Segment {n % 6}", f"Account {n % 3_000}")
            for n in range(max(person_of) + 1)
        ],
    )
    insert("INSERT INTO setting VALUES ('last_participant', ?)", [(str(int(max(person_of)) + 1),)])
    insert(
        "INSERT INTO source VALUES (?, ?, ?, 'made', ?)",
        [(n + 1, int(study_of[n]) + 1, digest("key", n), digest("bytes", n)) for n in range(notes)],
    )

    def note_rows() -> Iterator[tuple[object, ...]]:
        for n in range(notes):
            text = "\n\n".join(texts[n * A_NOTE : (n + 1) * A_NOTE])
            day = date(2024, 1, 1) + timedelta(days=int(day_of[n]))
            yield (
                digest("note", n)[:16], int(study_of[n]) + 1, n + 1, "", f"Interview {n}", day.isoformat(), "txt", text,
                len(text.split()), "{}", now, now,
            )  # fmt: skip

    def passage_rows() -> Iterator[tuple[object, ...]]:
        at = 0
        for number, text in enumerate(texts):
            n, ordinal = divmod(number, A_NOTE)
            at = at + 2 if ordinal else 0
            yield (
                digest("passage", number)[:24], digest("note", n)[:16], ordinal, at, at + len(text), text, "",
                int(person_of[n]) + 1, 7,
            )  # fmt: skip
            at += len(text)

    def turn_rows() -> Iterator[tuple[object, ...]]:
        for n in range(notes):
            yield (
                digest("note", n)[:16],
                0,
                0,
                sum(map(len, texts[n * A_NOTE : (n + 1) * A_NOTE])),
                int(person_of[n]) + 1,
            )

    insert(
        "INSERT INTO note(id, study_id, source_id, row, title, date, format, text, words, origins, added, updated) "
        "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        note_rows(),
    )
    insert(
        "INSERT INTO turn(note_id, ordinal, start, \"end\", participant_id, heading) VALUES (?, ?, ?, ?, ?, '')",
        turn_rows(),
    )
    insert(
        'INSERT INTO passage(id, note_id, ordinal, start, "end", text, context, participant_id, state) '
        "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        passage_rows(),
    )
    insert(
        "INSERT INTO passage_tag VALUES (?, ?, 0.7, 'tagger', 'made', 0, ?)",
        ((row + 1, f"tag {tag}", now) for row, tag in enumerate(rng.integers(0, 40, len(texts)))),
    )


def measure(home: Path, size: int) -> dict[str, object]:
    """One line of the table, from a process of its own."""
    real = real_embedder()
    real.embed(["warm"])
    began = time.perf_counter()
    repo = research.open(home, embedder=real)
    asking = []  # ms that the model takes of each search
    plain = real.embed

    def timed(texts: Sequence[str]) -> NDArray[np.float32]:
        start = time.perf_counter()
        vectors = plain(texts)
        asking.append((time.perf_counter() - start) * 1e3)
        return vectors

    real.embed = timed  # type: ignore[method-assign]
    repo.warm_up()
    found: dict[str, object] = {"passages": f"{size:,}"}
    opened = time.perf_counter() - began
    asked = questions()
    for what, narrow in FILTERS:
        for question in asked[:5]:
            repo.search(question, **narrow)
        took, used = [], []
        for question in asked:
            wall, cpu = time.perf_counter(), time.process_time()
            repo.search(question, **narrow)
            took.append((time.perf_counter() - wall) * 1e3)
            used.append((time.process_time() - cpu) * 1e3)
        found[f"{what}, ms"] = "{:.0f} / {:.0f} (CPU {:.0f} / {:.0f})".format(
            *np.percentile(took, [50, 95]), *np.percentile(used, [50, 95])
        )
    found["of the ten nearest"] = f"{nearest_found(repo, plain(asked)):.3f}"
    found["the model's part, ms"] = "{:.0f} / {:.0f}".format(*np.percentile(asking[1:], [50, 95]))
    found["open, s"] = f"{opened:.1f}"
    found["peak memory, GB"] = f"{resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20:.2f}"
    found["on disk, GB"] = f"{repo.status().bytes_on_disk / 1e9:.2f}"
    found["one more note, ms"] = f"{median(add_notes(repo)):.0f}"
    repo.close()
    return found


def nearest_found(repo: Repository, vectors: NDArray[np.float32]) -> float:
    """How many of the ten nearest passages of each vector a search by meaning brings, as a share."""
    with repo.index.reading() as reader:
        rows = np.flatnonzero(reader.indexes.labels.keeps(reader.connection, Filter(), reader.now.generation))
        brought = reader.nearest(vectors, 10, Filter())
        tenth = np.sort(reader.indexes.matrix.cosines(rows, vectors), axis=1)[:, -10]
    found = [np.sum(cosines > least - 1e-5) for least, (_, cosines) in zip(tenth, brought, strict=True)]
    return float(np.mean(found)) / 10


def add_notes(repo: Repository) -> list[float]:
    """Seconds to ingest one small file, from its path to being found; several times, and taken out again."""
    file, took, ids = repo.home / "more.md", [], []
    for n in range(100, 112):
        file.write_text(NOTE.format(n=n))
        began = time.perf_counter()
        (outcome,) = ingest.ingest_paths([file], repo, team="Team 1", study=f"More {n}")
        took.append((time.perf_counter() - began) * 1e3)
        assert outcome.note_id, outcome.error
        assert repo.search("import of the patient list", note=outcome.note_id), "what was added is not found"
        ids.append(outcome.note_id)
    for id_ in ids:
        repo.delete_note(id_)
    file.unlink()
    return took[2:]


def real_embedder() -> research.embedder.Embedder:
    """The model that Heard ships with."""
    from research.embedder import embedder_for

    return embedder_for()


def main() -> None:
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    corpora("interviews", "podcasts", "qmsum", "findings")
    folder, *rest = sys.argv[1:]
    if rest and rest[0] in ("build", "measure"):
        home, size = Path(folder), int(rest[1])
        if rest[0] == "build":
            build(home, size)
        else:
            print(json.dumps(measure(home, size)))
        return
    Path(folder).mkdir(parents=True, exist_ok=True)
    print("Texts are recombined from real ones, vectors mixed from real ones and blurred; p50 / p95.\n", flush=True)
    for n, size in enumerate(int(one) for one in rest or ("10000", "100000", "1000000")):
        home = Path(folder) / str(size)
        home.mkdir(exist_ok=True)
        if not (home / "built").exists():
            subprocess.run([sys.executable, "-m", "benchmarks.scale", str(home), "build", str(size)], check=True)
        done = subprocess.run(
            [sys.executable, "-m", "benchmarks.scale", str(home), "measure", str(size)],
            check=True,
            stdout=subprocess.PIPE,
            text=True,
        )
        line = json.loads(done.stdout.splitlines()[-1]) | {
            "built, min": f"{int((home / 'built').read_text()) / 60:.0f}"
        }
        if not n:
            print(f"| {' | '.join(line)} |\n|{' --- |' * len(line)}")
        print(f"| {' | '.join(line.values())} |", flush=True)


if __name__ == "__main__":
    main()

"""Is anything lost when a process is killed? `make kills`, or `python -m benchmarks.kills --points 200 --seed 1`.

For each point a repository is copied, one process works on it and says over a pipe what it has done, SIGKILL ends it
after a random share of the time that the work takes, and others look at what is there, finish it and look again.
"""

from __future__ import annotations

import argparse
import importlib
import json
import os
import random
import shutil
import signal
import sqlite3
import statistics
import sys
import tempfile
import time
import traceback
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import create_engine

import ingest
import ingest.pipeline
import research
from research import index_reader, restore, search_index
from research.config import Settings
from research.embedder import Embedder, embedder_for
from research.errors import HeardError, IndexDamaged, NotFound
from research.filters import Filter
from research.identity import Identity
from research.repository import Repository
from research.search_index import embedded_text
from research.store import database, index_state
from research.words import stems

NOW = datetime(2026, 11, 22, 9, 30)
ERASED = "P-0002"
SECRET = (b"quincunx", b"zephyr", b"ottolin", b"varga")  # what nobody else's words and no name hold
OPERATIONS = ("ingest", "erasure", "migration", "reindex", "backup", "restore")

IMPORTED = ("chromadb", "tantivy", "onnxruntime", "onnx", "tokenizers", "safetensors.numpy", "spacy.lang.en",
            "spacy_lookups_data", "cryptography.fernet")  # else imported only when needed  # fmt: skip

Report = Callable[[str], None]
Embedders = Callable[[], Embedder]


@dataclass(frozen=True)
class Ground:
    """What every point begins with: the folder `at` holds a repository, an old one, files to ingest and a backup."""

    at: Path
    embedders: Embedders

    def open(self, home: Path) -> Repository:
        return research.open(settings=Settings(home, user="ada"), embedder=self.embedders(), now=lambda: NOW)


@dataclass(frozen=True)
class Point:
    """What became of one: whether the work was `done` before it could be killed, what doctor `said` before anything was
    mended, and what must not be."""

    operation: str
    share: float
    done: bool
    said: tuple[str, ...] = ()
    wrong: tuple[str, ...] = ()


@dataclass
class Work:
    """An operation: what is done, how it is done again, and what is there when it was done undisturbed."""

    name: str
    begins: str  # the folder that is copied
    do: Callable[[Ground, Path, Report], None]
    seconds: float = 0.0
    due: list[object] = field(default_factory=list)


# -- what is worked on -------------------------------------------------------------------------------------------------


def lay(at: Path, embedders: Embedders, files: int) -> Ground:
    """Make the ground: a repository of some notes, the same of the first schema, and a backup of another."""
    ground = Ground(at, embedders)
    for folder, first, count in (("base", 0, 6), ("more", 6, files), ("other", 50, 4)):
        for n in range(first, first + count):
            path = at / folder / f"note{n:03}.txt"
            path.parent.mkdir(exist_ok=True)
            path.write_text(_transcript(n))
    with closing(ground.open(at / "home")) as repo:
        _ingest(repo, at / "base")
        repo.people.identify(ERASED, Identity("Ottoline Varga"))
    with closing(ground.open(at / "filled")) as repo:
        _ingest(repo, at / "other")
        repo.backup(at / "backup.heard", with_key=True)
    (at / "old").mkdir()
    of_first_schema(at / "old" / "heard.db", at / "home" / "heard.db")
    shutil.copy(at / "home" / "key", at / "old" / "key")
    return ground


def _transcript(n: int) -> str:
    """A talk of two, with a word in every turn that stands nowhere else."""
    about = ("the import of the patient list", "the monthly report", "the calendar on the phone", "the price per seat")
    turns = [f"Interview date: 2026-{1 + n % 9:02}-{1 + n % 27:02}"]
    for i in range(6):
        secret = " The quincunx has zephyrous days." if n == 1 else ""
        turns += [
            f"Interviewer: What about {about[(n + i) % 4]}?",
            f"Person{n}: It was {word_of(n, i)} that made {about[i % 4]} so slow for us this week.{secret}",
        ]
    return "\n\n".join(turns)


def word_of(n: int, i: int) -> str:
    """The word that stands in the i-th turn of the n-th talk alone."""
    return "k" + "".join("bdfglmnprt"[int(digit)] + "o" for digit in f"{n:03}{i}")


def _ingest(repo: Repository, folder: Path, report: Report = lambda _: None) -> None:
    for one in ingest.ingest_paths([folder], repo, team="Growth", study="Study", redact=False):
        if one.error:
            raise HeardError(one.error)
        report(one.note_id)


def of_first_schema(path: Path, newer: Path) -> None:
    """The notes of a newer database in one as the first migration left it."""
    engine = create_engine(f"sqlite:///{path}")
    config = Config()
    config.set_main_option("script_location", str(Path(database.__file__).parent / "migrations"))
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "0001")
    engine.dispose()
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("ATTACH ? AS newer", (str(newer),))
        for table in ("setting", "team", "study", "participant", "source", "note", "turn", "passage", "passage_tag"):
            columns = ", ".join(f'"{row[1]}"' for row in connection.execute(f"PRAGMA main.table_info({table})"))
            connection.execute(f"INSERT INTO main.{table}({columns}) SELECT {columns} FROM newer.{table}")
        connection.execute("DELETE FROM setting WHERE key IN ('chroma', 'cleared')")
        connection.commit()


# -- the operations ----------------------------------------------------------------------------------------------------


def _do_ingest(ground: Ground, home: Path, report: Report) -> None:
    with closing(ground.open(home)) as repo:
        _ingest(repo, ground.at / "more", report)


def _do_erasure(ground: Ground, home: Path, report: Report) -> None:
    with closing(ground.open(home)) as repo:
        try:
            repo.forget(ERASED)
        except NotFound:  # done already; what is left to do, doctor knows
            repo.doctor(repair=True)


def _do_migration(ground: Ground, home: Path, report: Report) -> None:
    with closing(ground.open(home)) as repo:
        report("opened")
        repo.doctor(repair=True)


def _do_reindex(ground: Ground, home: Path, report: Report) -> None:
    with closing(ground.open(home)) as repo:
        repo.reindex()


def _do_backup(ground: Ground, home: Path, report: Report) -> None:
    with closing(ground.open(home)) as repo:
        (home / "taken.heard").unlink(missing_ok=True)
        repo.backup(home / "taken.heard", with_key=True)


def _do_restore(ground: Ground, home: Path, report: Report) -> None:
    settings = Settings(home, user="ada")
    file = ground.at / "backup.heard"
    restore.restore(file, settings, replace=True, embedder=ground.embedders(), now=lambda: NOW)


def works() -> list[Work]:
    """All operations."""
    return [
        Work("ingest", "home", _do_ingest),
        Work("erasure", "home", _do_erasure),
        Work("migration", "old", _do_migration),
        Work("reindex", "home", _do_reindex),
        Work("backup", "home", _do_backup),
        Work("restore", "home", _do_restore),
    ]


# -- processes ---------------------------------------------------------------------------------------------------------


def apart(do: Callable[[Report], None], kill_after: float | None = None) -> tuple[list[str], bool]:
    """Do something in a process of its own, forked from this one, which has everything imported and nothing open.

    What it reports, and whether it came to its end; killed after so many seconds if it did not.
    """
    reading, writing = os.pipe()
    child = os.fork()
    if not child:
        os.close(reading)
        try:
            _smaller_steps()
            os.write(writing, b"> begun\n")
            do(lambda line: os.write(writing, f"{line}\n".encode()) and None)
            os.write(writing, b"> done\n")
        except BaseException:
            os.write(writing, ("> failed " + json.dumps(traceback.format_exc())).encode() + b"\n")
        os._exit(0)
    os.close(writing)
    with os.fdopen(reading) as pipe:
        first = pipe.readline()
        if kill_after is not None:
            time.sleep(kill_after)
            os.kill(child, signal.SIGKILL)
        lines = [first.strip(), *(line.strip() for line in pipe)]
    _, status = os.waitpid(child, 0)
    if kill_after is None and status:
        raise RuntimeError(f"the process ended with {status}")
    failed = next((line for line in lines if line.startswith("> failed ")), "")
    if failed:
        raise RuntimeError(json.loads(failed.removeprefix("> failed ")))
    return [line for line in lines if line and not line.startswith(">")], "> done" in lines


def _smaller_steps() -> None:
    """As many commits and writes in a few notes as there are in many."""
    ingest.pipeline._FLUSH = 24
    search_index._BATCH, search_index._EMBEDDED, search_index._TOLD = 16, 8, 24


# -- looking -----------------------------------------------------------------------------------------------------------


def contents(home: Path) -> list[object]:
    """All that people put in, without what differs from run to run (rows, times)."""
    queries = (
        "SELECT id, title, text, date FROM note ORDER BY id",
        "SELECT p.id, p.note_id, p.ordinal, p.start, p.end, p.text, p.context, a.pseudonym FROM passage p "
        "JOIN participant a ON a.id = p.participant_id ORDER BY p.id",
        "SELECT p.id, t.tag, t.source, t.removed, t.reason FROM passage_tag t JOIN passage p ON p.row = t.passage_row "
        "ORDER BY 1, 2",
        "SELECT pseudonym, label_hash FROM participant ORDER BY id",
        "SELECT note_id, ordinal, start, end FROM turn ORDER BY 1, 2",
        "SELECT name, fingerprint FROM source ORDER BY 1, 2",
        "SELECT label_hash FROM forgotten ORDER BY 1",
    )
    with closing(sqlite3.connect(home / "heard.db")) as connection:
        return [[list(row) for row in connection.execute(query)] for query in queries]


def unfound(repo: Repository, notes: set[str] | None = None, *, either: bool = False) -> list[str]:
    """Passages of these notes (all) that are not found by their own word and their own vector (or by one of both)."""
    query = "SELECT row, text, context, note_id FROM passage"
    lost = []
    with repo.index.reading() as reader:
        rows = [row for row in reader.connection.exec_driver_sql(query) if notes is None or row.note_id in notes]
        if not rows:
            return []
        vectors = repo.embedder.embed([embedded_text(row.text, row.context) for row in rows])
        for row, vector in zip(rows, vectors, strict=True):
            word = next((word for word in row.text.split() if word.startswith("k") and word.count("o") == 4), "")
            by_words = row.row in reader.by_words(stems(word), 5, Filter()) if word else True
            by_meaning = False
            with suppress(IndexDamaged):  # while it is built anew
                ((near, _),) = reader.nearest(vector[None, :], 20, Filter())  # all say nearly the same
                by_meaning = row.row in near.tolist()
            if not ((by_words or by_meaning) if either else (by_words and by_meaning)):
                lost.append(f"{row.text[:40]}… by words: {by_words}, by meaning: {by_meaning}")
    return lost


def doubled(repo: Repository) -> list[str]:
    """Indexes in which a passage stands twice, or not at all and nobody is to see to it."""
    files = repo.index._indexes
    with repo.index.reading() as reader:
        stored = reader.connection.exec_driver_sql("SELECT count(*) FROM passage").scalar()
        untold = index_state.rows_for_chroma(reader.connection, None)  # found in the matrix until then
    held = files.keywords.rows()
    told = list(files.chroma.rows())
    told += set(untold) - set(told)
    return [
        f"{len(rows)} in {name}, {stored} stored"
        for name, rows in (("the words", held.tolist()), ("Chroma", told))
        if len(rows) != len(set(rows)) or len(rows) != stored
    ]


def holding_secrets(home: Path) -> list[str]:
    """Files that hold a word or the name of whom nothing should be left."""
    files = [file for file in home.rglob("*") if file.is_file()]
    return [f"{file.name} holds {word!r}" for file in files for word in SECRET if word in file.read_bytes().lower()]


def prepared(ground: Ground, work: Work) -> Work:
    """The operation with the time it takes and what is there after it, done undisturbed twice."""
    took = []
    for _ in range(2):
        with _copied(ground, work) as home:
            began = time.monotonic()
            _, done = apart(lambda report, home=home: work.do(ground, home, report))
            took.append(time.monotonic() - began)
            assert done
            work.due = contents(home)
    work.seconds = statistics.mean(took)
    return work


def point(ground: Ground, work: Work, share: float, *, mend_first: bool) -> Point:
    """Kill the operation after this share of its time, look, finish it (after `doctor --repair` or before) and look.

    Every step has a process of its own, as every command has.
    """
    with _copied(ground, work) as home:
        reported, done = apart(lambda report: work.do(ground, home, report), share * work.seconds)
        said: list[str] = []
        try:
            if work.name == "backup" and (home / "taken.heard").exists():
                apart(lambda _: _restored_alike(ground, home))
            looked = apart(lambda report: _look(ground, work, home, set(reported), done, report))[0]
            said = [line.removeprefix("doctor: ") for line in looked if line.startswith("doctor: ")]
            wrong = [line for line in looked if not line.startswith("doctor: ")]
            if mend_first:
                apart(lambda _: _mend(ground, home))
            if not done or not mend_first:
                apart(lambda report: work.do(ground, home, report))
            apart(lambda _: _mend(ground, home))
            wrong += apart(lambda report: _look_again(ground, work, home, report))[0]
        except RuntimeError as error:
            wrong = [str(error)]
        return Point(work.name, share, done, tuple(said), tuple(wrong))


def _look(ground: Ground, work: Work, home: Path, reported: set[str], done: bool, report: Report) -> None:
    """Right after the kill, with nothing mended: is what was reported done there, and found?"""
    with closing(ground.open(home)) as repo:
        repo.search("why was the monthly report so slow")
        there = {note.id for note in repo.notes()}
        wrong: list[str] = []
        if work.name == "ingest":
            with sqlite3.connect(ground.at / "home" / "heard.db") as before:
                reported |= {id_ for (id_,) in before.execute("SELECT id FROM note")}
            wrong += [f"reported and gone: {one}" for one in reported - there] + unfound(repo, reported)
        elif work.name == "backup" or done:
            wrong += unfound(repo)
        elif work.name == "reindex":
            wrong += unfound(repo, either=True)
        for line in wrong:
            report(line)
        for finding in repo.doctor():
            if not finding.ok:
                report(f"doctor: {finding.check}")


def _mend(ground: Ground, home: Path) -> None:
    with closing(ground.open(home)) as repo:
        repo.doctor(repair=True)


def _look_again(ground: Ground, work: Work, home: Path, report: Report) -> None:
    """When it was finished and mended: is it as if nothing had been killed?"""
    with closing(ground.open(home)) as repo:
        wrong = [finding.message for finding in repo.doctor() if not finding.ok] + unfound(repo) + doubled(repo)
    for now, due in zip(contents(home), work.due, strict=True):
        missing = [row for row in due if row not in now]  # type: ignore[attr-defined]
        more = [row for row in now if row not in due]  # type: ignore[attr-defined]
        if now != due:
            wrong.append(f"not as without a kill: {len(missing)} missing, {len(more)} more: {missing[:2]} {more[:2]}")
    if work.name == "erasure":
        wrong += holding_secrets(home)
    wrong += [f"left: {path.name}" for path in home.iterdir() if path.name.endswith((".part", ".gone"))]
    for line in wrong:
        report(line)


def _restored_alike(ground: Ground, home: Path) -> None:
    """The backup that is there holds what the repository does."""
    new = home / "checked"
    done = restore.restore(home / "taken.heard", Settings(new), embedder=ground.embedders(), now=lambda: NOW)
    assert all(finding.ok for finding in done.findings), done.findings
    assert contents(new) == contents(home)
    shutil.rmtree(new)


class _copied:
    """A copy of what an operation begins with, taken away afterwards."""

    def __init__(self, ground: Ground, work: Work) -> None:
        self._from, self._folder = ground.at / work.begins, Path(tempfile.mkdtemp(dir=ground.at))

    def __enter__(self) -> Path:
        shutil.copytree(self._from, self._folder / "home")
        return self._folder / "home"

    def __exit__(self, *_: object) -> None:
        shutil.rmtree(self._folder)


def shares(points: int, seed: int) -> Iterator[float]:
    """Random shares of an operation's time: one in each of so many equal parts of it, so that all of it is hit."""
    chance = random.Random(seed)
    return ((part + chance.random()) / points for part in range(points))


def _number(operation: str, points: int) -> int:
    """A quarter of the points for each of the four operations that matter most, a few for the others."""
    return max(1, points // (20 if operation in ("backup", "restore") else 4))


def main() -> int:
    """Print a line an operation, and what was wrong."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--points", type=int, default=200, help="kills of all operations together, the four main ones")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--at", help="a folder to work in, best in memory (the system's for temporary files)")
    parser.add_argument("--only", choices=OPERATIONS, action="append")
    chosen = parser.parse_args()
    index_reader.EXACT = -1  # Chroma is asked, as where there are many passages
    failed = 0
    for name in IMPORTED:
        importlib.import_module(name)
    with tempfile.TemporaryDirectory(prefix="heard-kills-", dir=chosen.at) as folder:
        at = Path(folder)
        apart(lambda _: lay(at, embedder_for, 12) and None)
        ground = Ground(at, embedder_for)
        print(f"seed {chosen.seed}; killed after a random share of the time that each takes\n")
        print("| killed in | kills | takes | was done first | found by doctor before mending | lost, doubled or left |")
        print("| --- | --- | --- | --- | --- | --- |")
        for work in (prepared(ground, one) for one in works() if one.name in (chosen.only or OPERATIONS)):
            points = [
                point(ground, work, share, mend_first=bool(n % 2))
                for n, share in enumerate(shares(_number(work.name, chosen.points), chosen.seed))
            ]
            wrong = [one for one in points if one.wrong]
            failed += len(wrong)
            said = Counter(check for one in points for check in one.said)
            told = ", ".join(f"{check} {times}×" for check, times in said.most_common()) or "nothing"
            done = sum(one.done for one in points)
            print(
                f"| {work.name} | {len(points)} | {work.seconds:.1f} s | {done} | {told} | {len(wrong)} |", flush=True
            )
            for one in wrong:
                print(f"  at {one.share:.4f}: " + "; ".join(one.wrong)[-3000:], file=sys.stderr)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())

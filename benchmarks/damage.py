"""What becomes of a damaged repository: `python -m benchmarks.damage --times 5 --seed 1`.

For each kind of file and of damage a repository is copied and damaged; then, each in a process of its own, somebody
searches, `heard doctor` looks, `heard doctor --repair` mends, and all is looked at again. A crash counts as one.
"""

from __future__ import annotations

import argparse
import importlib
import json
import random
import shutil
import sqlite3
import sys
import tempfile
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.kills import IMPORTED, Ground, Report, apart, contents, lay, unfound, word_of
from research import index_reader
from research.embedder import embedder_for
from research.errors import HeardError

WORD = word_of(2, 1)
QUESTION = "why was the monthly report so slow"
# What is damaged, by a pattern of the files in a repository; of several that fit, a random one.
FILES = {
    "Chroma: graph": "index/*/data_level0.bin",
    "Chroma: upper layers": "index/*/link_lists.bin",
    "Chroma: header": "index/*/header.bin",
    "Chroma: metadata": "index/*/index_metadata.pickle",
    "Chroma: ids": "index/chroma.sqlite3",
    "words: terms": "keywords/*.term",
    "words: postings": "keywords/*.idx",
    "words: positions": "keywords/*.pos",
    "words: lengths": "keywords/*.fieldnorm",
    "words: rows": "keywords/*.fast",
    "words: list of files": "keywords/meta.json",
    "vectors": "vectors.i8",
    "key": "key",
    "database": "heard.db",
}
DAMAGES = ("a bit", "64 bytes", "cut off", "zeros", "gone")


@dataclass
class Row:
    """What became of one kind of damage to one kind of file, in how many cases of `times`."""

    file: str
    damage: str
    times: int = 0
    crashed: int = 0
    by_words: int = 0
    by_meaning: int = 0
    noticed: int = 0
    mended: int = 0
    wrong: list[str] = field(default_factory=list)


def damage(file: Path, how: str, chance: random.Random) -> None:
    """Damage a file in one of the ways of DAMAGES."""
    content = bytearray(file.read_bytes())
    used = len(content.rstrip(b"\0"))  # files grow by more than they need
    if how == "gone":
        file.unlink()
        return
    if how == "a bit":
        content[chance.randrange(used)] ^= 1 << chance.randrange(8)
    elif how == "64 bytes":
        for _ in range(64):
            content[chance.randrange(used)] ^= chance.randrange(1, 256)
    elif how == "cut off":
        content = content[: chance.randrange(used)]
    else:
        start = chance.randrange(max(1, used - 512))
        content[start : start + 512] = bytes(len(content[start : start + 512]))
    file.write_bytes(content)


def tried(ground: Ground, row: Row, chance: random.Random) -> None:
    """Damage a copy once, and count what becomes of it."""
    folder = Path(tempfile.mkdtemp(dir=ground.at))
    home = folder / "home"
    shutil.copytree(ground.at / "home", home)
    files = sorted(file for file in home.glob(FILES[row.file]) if file.stat().st_size)
    before = contents(home)
    damage(chance.choice(files), row.damage, chance)
    row.times += 1
    try:
        said = json.loads(apart(lambda report: _searched(ground, home, report))[0][0])
        row.by_words += said["words"]
        row.by_meaning += said["meaning"]
        row.noticed += bool(said["doctor"])
        row.wrong += [sentence for sentence in said["doctor"] if "heard " not in sentence and "Put " not in sentence]
        apart(lambda _: _mended(ground, home))
        lost = apart(lambda report: _looked(ground, home, before, report))[0]
        row.mended += not lost
        if row.file not in ("database", "key") or not said["doctor"]:
            row.wrong += lost if row.file != "database" else []
    except RuntimeError as error:
        row.crashed += 1
        row.wrong.append(str(error))
    finally:
        shutil.rmtree(folder)


def _searched(ground: Ground, home: Path, report: Report) -> None:
    """One line of JSON: whether a word and a question still bring what they did, and what doctor finds wrong."""
    try:
        repo = ground.open(home)
    except HeardError as error:
        return report(json.dumps({"words": False, "meaning": False, "doctor": [str(error)]}))
    with closing(repo):
        answers: dict[str, object] = {"words": False, "meaning": False, "doctor": []}
        said = []
        for name, ask, part in (("words", f'"{WORD}"', WORD), ("meaning", QUESTION, "report")):
            try:
                answers[name] = any(part in hit.text for hit in repo.search(ask))
            except HeardError as error:
                said.append(str(error))
        try:
            said += [finding.message for finding in repo.doctor() if not finding.ok]
            repo.sealer()
        except HeardError as error:
            said.append(str(error))
        answers["doctor"] = said
    return report(json.dumps(answers))


def _mended(ground: Ground, home: Path) -> None:
    try:
        with closing(ground.open(home)) as repo:
            repo.doctor(repair=True)
    except HeardError:
        return


def _looked(ground: Ground, home: Path, before: list[object], report: Report) -> None:
    try:
        with closing(ground.open(home)) as repo:
            wrong = [finding.message for finding in repo.doctor() if not finding.ok] + unfound(repo)
            repo.sealer()
        if contents(home) != before:
            wrong.append("something else is stored")
    except (HeardError, sqlite3.DatabaseError) as error:
        wrong = [str(error)]
    for line in wrong:
        report(line)


def counted(ground: Ground, row: Row, times: int, seed: int) -> Row:
    """One kind of damage to one kind of file, so many times; a file is gone in one way only."""
    chance = random.Random(f"{seed} {row.file} {row.damage}")
    for _ in range(1 if row.damage == "gone" else times):
        tried(ground, row, chance)
    return row


def main() -> int:
    """Print a line for each kind of file and damage."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--times", type=int, default=5)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", choices=list(FILES), action="append")
    parser.add_argument("--at", help="a folder to work in, best in memory (the system's for temporary files)")
    chosen = parser.parse_args()
    index_reader.EXACT = -1  # Chroma is asked, as where there are many passages
    for name in IMPORTED:
        importlib.import_module(name)
    with tempfile.TemporaryDirectory(prefix="heard-damage-", dir=chosen.at) as folder:
        ground = Ground(Path(folder), embedder_for)
        apart(lambda _: lay(ground.at, embedder_for, 12) and None)
        print(f"seed {chosen.seed}\n")
        print("| damaged | how | times | process ended | word found | question answered | noticed | mended |")
        print("| --- | --- | --- | --- | --- | --- | --- | --- |")
        crashed = 0
        for file, how in ((file, how) for file in chosen.only or FILES for how in DAMAGES):
            row = counted(ground, Row(file, how), chosen.times, chosen.seed)
            crashed += row.crashed
            cells = (file, how, row.times, row.crashed, row.by_words, row.by_meaning, row.noticed, row.mended)
            print("| " + " | ".join(map(str, cells)) + " |", flush=True)
            for one in row.wrong:
                print(f"  {file}, {how}: {one[-1500:]}", file=sys.stderr)
    return 1 if crashed else 0


if __name__ == "__main__":
    sys.exit(main())

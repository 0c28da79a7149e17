"""Real notes handed out, as a QDA project and as a folder, and read back into empty repositories.

`python -m benchmarks.round_trip` prints what was handed out, whether the project is valid against the standard's
schema, and how many notes came back with the same words, turns, seconds, people, passages and tags.
"""

from __future__ import annotations

import io
import tempfile
import time
import zipfile
from collections import Counter
from contextlib import closing
from pathlib import Path

from lxml import etree

import ingest
import research
from benchmarks.corpora import corpora
from heard.folders import write
from research.repository import Repository


def state(repo: Repository) -> Counter[str]:
    """All that a reader sees of each note."""
    found: Counter[str] = Counter()
    for one in repo.notes():
        note = repo.note(one.id)
        passages = [
            (p.start, p.end, p.text, p.context, p.participant, p.start_s, p.end_s, [(t.tag, t.source) for t in p.tags])
            for p in note.passages
        ]
        told = (one.team, one.study, one.title, one.date, one.participants, note.text, note.turns, passages)
        found[repr(told)] += 1
    return found


def main() -> None:
    """Run, and print what came of it."""
    root = corpora("interviews", "messy", "podcasts")
    with tempfile.TemporaryDirectory() as at:
        folder = Path(at)
        one = research.open(folder / "one")
        for team, name, most in (("Adopters", "interviews", None), ("Messy", "messy", None), ("Shows", "podcasts", 15)):
            files = sorted(path for path in (root / name).rglob("*") if path.is_file())[:most]
            list(ingest.ingest_paths(files, one, team=team, study=name))
        one.themes()
        notes = one.notes()
        print(f"{len(notes)} notes, {sum(note.passages for note in notes):,} passages, {len(one.themes())} themes")
        began = time.perf_counter()
        project = one.qda_project()
        out = time.perf_counter() - began
        (folder / "out.qdpx").write_bytes(project)
        print(
            f"QDA project: {len(project) >> 10:,} KB, valid against the schema: {valid(project, root.parent / 'refi')}"
        )
        back(one, folder / "out.qdpx", folder / "other", out)
        began = time.perf_counter()
        files_out = one.all_as_files()
        out = time.perf_counter() - began
        write(folder / "out", files_out)
        print(f"folder: {len(files_out)} files, {sum(map(len, files_out.values())) >> 10:,} KB")
        again = back(one, folder / "out", folder / "third", out)
        same = sum(again.get(name) == data for name, data in files_out.items())
        print(f"files that are the same when it is handed out again: {same} of {len(files_out)}")
        one.close()


def back(one: Repository, file: Path, home: Path, out: float) -> dict[str, bytes]:
    """Read a file or a folder into a new repository, print how much of it came back, and hand it out again."""
    began = time.perf_counter()
    with closing(research.open(home)) as other:
        list(ingest.ingest_paths([file], other))
        took = time.perf_counter() - began
        before, after = state(one), state(other)
        print(f"handed out in {out:.1f} s, read back in {took:.1f} s")
        print(f"notes that came back the same: {(before & after).total()} of {before.total()}")
        return other.all_as_files()


def valid(project: bytes, refi: Path) -> str:
    """Whether a project is valid against the standard's schema, or what it says."""
    schema = etree.XMLSchema(etree.parse(str(refi / "Project-mrt2019.xsd")))
    with zipfile.ZipFile(io.BytesIO(project)) as archive:
        told = schema.validate(etree.fromstring(archive.read("project.qde")))
    return "yes" if told else str(schema.error_log.last_error)


if __name__ == "__main__":
    main()

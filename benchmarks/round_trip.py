"""Real notes handed out as a QDA project and read back into an empty repository: python -m benchmarks.round_trip.

Prints what was handed out, whether the project is valid against the standard's schema, and how many notes came back
with the same words, turns, seconds, people, passages and tags.
"""

from __future__ import annotations

import io
import tempfile
import time
import zipfile
from collections import Counter
from pathlib import Path

from lxml import etree

import ingest
import research
from benchmarks.corpora import corpora
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
        found[repr((one.team, one.study, one.title, one.date, one.participants, note.text, note.turns, passages))] += 1
    return found


def main() -> None:
    """Run, and print what came of it."""
    root = corpora("interviews", "messy", "podcasts")
    with tempfile.TemporaryDirectory() as folder:
        one, other = research.open(Path(folder) / "one"), research.open(Path(folder) / "other")
        for team, name, most in (("Adopters", "interviews", None), ("Messy", "messy", None), ("Shows", "podcasts", 15)):
            files = sorted(path for path in (root / name).rglob("*") if path.is_file())[:most]
            list(ingest.ingest_paths(files, one, team=team, study=name))
        began = time.perf_counter()
        data = one.qda_project()
        out = time.perf_counter() - began
        file = Path(folder) / "out.qdpx"
        file.write_bytes(data)
        schema = etree.XMLSchema(etree.parse(str(root.parent / "refi" / "Project-mrt2019.xsd")))
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            valid = schema.validate(etree.fromstring(archive.read("project.qde")))
        began = time.perf_counter()
        outcomes = list(ingest.ingest_paths([file], other))
        back = time.perf_counter() - began
        before, after = state(one), state(other)
        print(
            f"{before.total()} notes, {sum(outcome.passages for outcome in outcomes)} passages, {len(data) >> 10:,} KB"
        )
        print(f"valid against the schema: {'yes' if valid else schema.error_log.last_error}")
        print(f"handed out in {out:.1f} s, read back in {back:.1f} s")
        print(f"notes that came back the same: {(before & after).total()} of {before.total()}")
        one.close()
        other.close()


if __name__ == "__main__":
    main()

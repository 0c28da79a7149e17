"""How a repository on servers holds up beside the same one in files, in one run that asks both by turns.

    python -m benchmarks.scale FOLDER 100000
    heard copy --home FOLDER/100000 --to URL --chroma URL
    HEARD_DATABASE_URL=URL HEARD_CHROMA_URL=URL python -m benchmarks.servers FOLDER/100000

Prints p50 / p95 of searches in milliseconds for both, how many of the first ten results are the same, what one more
note takes, and the bytes of each table on PostgreSQL.
"""

from __future__ import annotations

import os
import sys
import time
from contextlib import closing
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from statistics import median

import numpy as np

import research
from benchmarks.corpora import corpora
from benchmarks.scale import FILTERS, add_notes, questions, real_embedder
from research.config import Servers, Settings
from research.repository import Repository

SIZES = """SELECT relname, pg_table_size(oid), pg_indexes_size(oid), (SELECT count(*) FROM passage)
    FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace
    ORDER BY pg_total_relation_size(oid) DESC"""


def main() -> None:
    if len(sys.argv) != 2 or not os.environ.get("HEARD_DATABASE_URL"):
        sys.exit(__doc__)
    corpora("findings")
    home = Path(sys.argv[1]).resolve()
    on_servers = replace(Settings.from_env(os.environ, home), key="")
    model = real_embedder()
    with (
        closing(Repository(replace(on_servers, servers=Servers()), embedder=model, now=datetime.now)) as files,
        closing(research.open(settings=on_servers, embedder=model)) as servers,
    ):
        for repo in (files, servers):
            repo.warm_up()
        search(files, servers)
        for name, repo in (("files", files), ("servers", servers)):
            print(f"one more note, {name}: {median(add_notes(repo)):.0f} ms")
        sizes(servers)


def search(files: Repository, servers: Repository) -> None:
    """Every question to both, the one that goes first taking turns."""
    print("| | files | servers | ratio of p50 | same of ten |\n| --- | --- | --- | --- | --- |")
    for what, narrow in FILTERS:
        took: dict[str, list[float]] = {"files": [], "servers": []}
        same: list[float] = []
        for n, question in enumerate(questions()):
            both = [("files", files), ("servers", servers)]
            found = {}
            for name, repo in both[:: 1 if n % 2 else -1]:
                began = time.perf_counter()
                found[name] = {hit.id for hit in repo.search(question, **narrow)}
                took[name].append((time.perf_counter() - began) * 1e3)
            same.append(len(found["files"] & found["servers"]) / max(1, len(found["files"])))
        cells = ["{:.0f} / {:.0f}".format(*np.percentile(took[name], [50, 95])) for name in took]
        ratio = median(took["servers"]) / median(took["files"])
        print(f"| {what} | {' | '.join(cells)} | {ratio:.1f} | {10 * float(np.mean(same)):.1f} |", flush=True)


def sizes(servers: Repository) -> None:
    """Bytes a passage of each table and of its indexes."""
    with servers.engine.connect() as connection:
        for name, table, indexes, passages in connection.exec_driver_sql(SIZES):
            if (table + indexes) / passages >= 1:
                print(f"{name}: {table / passages:.0f} B a passage, its indexes {indexes / passages:.0f}")


if __name__ == "__main__":
    main()

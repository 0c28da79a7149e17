"""What tests stand on: real SQLite and real Chroma in a new folder, and a small deterministic embedder."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import zlib
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

import ingest
import research
from research.embedder import Embedder, embedder_for
from research.repository import Repository

os.environ["ANONYMIZED_TELEMETRY"] = "False"
NOW = datetime(2026, 11, 22, 9, 30)


class WordEmbedder:
    """Texts that share words lie near each other: each word's first five letters are hashed to one of 256 numbers."""

    name = "words-256"
    dimension = 256
    max_tokens = 254

    def __init__(self) -> None:
        self.embedded: list[str] = []

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        self.embedded += texts
        vectors = np.zeros((len(texts), self.dimension), dtype=np.float32)
        for row, text in enumerate(texts):
            for word in re.findall(r"[a-z]{4,}", text.lower()):
                vectors[row, zlib.crc32(word[:5].encode()) % self.dimension] += 1.0
            if not vectors[row].any():
                vectors[row, 0] = 1.0
        return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        return [len(re.findall(r"\w+|[^\w\s]", text)) for text in texts]


@pytest.fixture
def embedder() -> WordEmbedder:
    return WordEmbedder()


@pytest.fixture
def open_repo(tmp_path: Path, embedder: WordEmbedder) -> Iterator[Callable[..., Repository]]:
    """Opens the repository in tmp_path/home, as often as a test likes."""
    opened: list[Repository] = []

    def open_it(home: Path = tmp_path / "home") -> Repository:
        repo = research.open(home, embedder=embedder, now=lambda: NOW)
        opened.append(repo)
        return repo

    yield open_it
    for repo in opened:
        repo.close()


@pytest.fixture
def repo(open_repo: Callable[..., Repository]) -> Repository:
    """An empty repository."""
    return open_repo()


NOTES = {
    ("Growth", "Onboarding Q3"): {
        "marta.md": """---
title: Setting up at Northwind
date: 2026-10-14
participant: Marta Quillfeather
segment: clinic manager
account: Northwind
---
Interviewer: Tell me about the week you set everything up. What was hard?

Marta: Importing the patient list took us four days. The spreadsheet kept failing and nobody told us which row was wrong.

Interviewer: And what did you do then?

Marta: I export the monthly report to a spreadsheet, fix the numbers there by hand and paste them back. Every single month.

Interviewer: Every month?

Marta: Yeah.
""",
        "joel.txt": """Interview date: 2026-09-02

Interviewer: How did the setup go for you?
P3: We gave up during setup, twice. The import screen asks for columns that our old system never had.
Interviewer: What would have helped?
P3: A person on the phone who looks at my file and says, this column is the problem, delete it.
""",
    },
    ("Billing", "Invoice clarity"): {
        "ines.txt": """Interview date: 2026-11-03

Moderator: What happens when the invoice arrives?
Ines Okonjo: I export the monthly report to a spreadsheet, fix the numbers there by hand, and paste them back. I never trust it.
Moderator: Is the price clear?
Ines Okonjo: Paying per seat for people who work one morning a week is silly. We share one login instead.
""",
    },
    ("Support", "Tickets"): {
        "tickets.csv": """text,participant,segment,account,date,tags
"The reminder texts stopped going out on Friday and nobody noticed until patients did not show up",Tomas Reyland,front desk,Harbour,2026-10-30,reliability
"I waited three days for an answer from support and then found it in a forum",Anouk Birdsall,owner,Pinebrook,2026-11-10,support
""",
    },
}


@pytest.fixture
def put(tmp_path: Path) -> Callable[..., list[ingest.Outcome]]:
    """Writes files and ingests their folder: put(repo, {"a.md": "..."}, team="Growth", study="S")."""

    def put_in(
        repo: Repository, files: dict[str, str | bytes], team: str = "Growth", study: str = "Study", **options: object
    ) -> list[ingest.Outcome]:
        folder = tmp_path / "files" / team / study
        for name, content in files.items():
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content.encode() if isinstance(content, str) else content)
        return list(ingest.ingest_paths([folder], repo, team=team, study=study, **options))  # type: ignore[arg-type]

    return put_in


@pytest.fixture
def sample_repo(repo: Repository, put: Callable[..., list[ingest.Outcome]]) -> Repository:
    """A repository with five notes of three teams; two teams heard about exporting to spreadsheets."""
    for (team, study), files in NOTES.items():
        outcomes = put(repo, files, team, study)
        assert [one.error for one in outcomes if one.error] == []
    return repo


@pytest.fixture(scope="session")
def real_embedder() -> Embedder:
    """The model that ships, loaded once a worker; tests that use it carry the mark `model`."""
    return embedder_for()


@pytest.fixture(scope="session")
def demo_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sample interviews as `heard demo` puts them in, with the real model; made once a worker."""
    home = tmp_path_factory.mktemp("demo")
    done = subprocess.run(
        [sys.executable, "-m", "heard", "demo", "--no-serve", "--home", str(home)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    (home / "said.txt").write_text(done.stdout)
    return home

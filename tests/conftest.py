"""What tests stand on: real SQLite and real Chroma in a new folder, and a small deterministic embedder.

The tests of the modules in ON_SERVERS run on PostgreSQL and `chroma run` as well, where the environment says where these
are; in them, what knows the embedded files, or would say nothing new there, has the mark `embedded`.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import datetime
from pathlib import Path

import hypothesis
import pytest
import servers
from repository_support import NOTES, WordEmbedder

import ingest
import research
from research.config import Settings
from research.embedder import Embedder, embedder_for
from research.repository import Repository

os.environ["ANONYMIZED_TELEMETRY"] = "False"
# The same code gets the same examples, so that a change fails for what it did; `make explore` looks for new ones.
hypothesis.settings.register_profile("explore")
hypothesis.settings.register_profile("same", derandomize=True)
hypothesis.settings.load_profile("same")
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:  # in a shell's background no command would hear of Ctrl-C
    signal.signal(signal.SIGINT, signal.default_int_handler)
NOW = datetime(2026, 11, 22, 9, 30)
ON_SERVERS = (
    "test_cli",
    "test_digest",
    "test_folder_round_trip",
    "test_forget",
    "test_index",
    "test_ingest",
    "test_insight_cli",
    "test_insights",
    "test_kept_and_reuse",
    "test_people",
    "test_repository",
    "test_roster",
    "test_silos_cli",
    "test_theming",
    "test_tuning",
    "test_voices",
    "test_watching",
)


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Runs the tests of ON_SERVERS on both, but for those of the samples, which take the real model."""
    embedded = metafunc.definition.get_closest_marker("embedded") or "demo_home" in metafunc.fixturenames
    asks = {"open_repo", "on"} & set(metafunc.fixturenames)
    if metafunc.module.__name__ in ON_SERVERS and asks and not embedded:
        metafunc.parametrize("on", ["embedded", "servers"], indirect=True)


@pytest.fixture(scope="session")
def all_servers() -> Iterator[servers.Servers]:
    """PostgreSQL and Chroma, with a template of a database; one a worker."""
    made = servers.Servers()
    yield made
    made.close()


@pytest.fixture
def on(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[Path], Settings]]:
    """What repositories run on here: the settings of one in a folder. The environment has those of the first."""
    if getattr(request, "param", "embedded") == "embedded":
        yield lambda home: Settings.from_env(os.environ, home)
        return
    if reason := servers.missing():
        pytest.skip(reason)
    there: servers.Servers = request.getfixturevalue("all_servers")
    with ExitStack() as stack:
        databases: dict[Path, str] = {}

        def settings(home: Path) -> Settings:
            if home not in databases:
                databases[home] = first if not databases else stack.enter_context(there.database())
            return Settings.from_env(os.environ | {"HEARD_DATABASE_URL": databases[home]}, home)

        first = stack.enter_context(there.database())
        monkeypatch.setenv("HEARD_DATABASE_URL", first)
        monkeypatch.setenv("HEARD_CHROMA_URL", there.chroma)
        monkeypatch.setenv("HEARD_KEY", servers.KEY)
        yield settings


@pytest.fixture
def embedder() -> WordEmbedder:
    return WordEmbedder()


@pytest.fixture
def open_repo(
    tmp_path: Path, embedder: WordEmbedder, on: Callable[[Path], Settings]
) -> Iterator[Callable[..., Repository]]:
    """Opens the repository in tmp_path/home, as often as a test likes."""
    opened: list[Repository] = []

    def open_it(home: Path = tmp_path / "home") -> Repository:
        repo = research.open(settings=on(home), embedder=embedder, now=lambda: NOW)
        opened.append(repo)
        return repo

    yield open_it
    for repo in opened:
        repo.close()


@pytest.fixture
def repo(open_repo: Callable[..., Repository]) -> Repository:
    """An empty repository."""
    return open_repo()


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

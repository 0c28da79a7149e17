"""Imports point one way only, and each big library is known to one module."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PACKAGES = ("research", "ingest", "heard")

# Each layer may import itself and those before it.
LAYERS = (
    (
        "research.models",
        "research.frames",
        "research.errors",
        "research.disk",
        "research.folders",
        "research.checksum",
        "research.events",
        "research.access",
        "research.config",
        "research.dates",
        "research.edits",
        "research.phrases",
        "research.address",
        "research.filters",
        "research.importing",
        "research.keys",
        "research.litter",
        "research.plain_yaml",
        "research.words",
    ),
    (
        "research.vectors",
        "research.minilm",
        "research.nouns",
        "research.keywords",
        "research.matrix",
        "research.embedder",
        "research.taxonomy",
        "research.query",
        "research.search",
        "research.tuning",
        "research.general",
        "research.heard_before",
        "research.answers",
        "research.check",
        "research.lock",
        "research.contact",
        "research.voices",
        "research.change",
        "research.insight",
        "research.themes",
        "research.identity",
        "research.signing_in",
        "research.exchange",
    ),
    ("research.store",),
    ("research.index_reader",),
    ("research.search_index", "research.checking", "research.places"),
    (
        "research.doctor",
        "research.health",
        "research.person",
        "research.finding",
        "research.tuned",
        "research.kept",
        "research.reuse",
        "research.vocabulary",
        "research.backup",
    ),
    ("research.register", "research.suggesting"),
    (
        "research.people",
        "research.erasing",
        "research.retention",
        "research.sharing",
        "research.intakes",
        "research.members",
        "research.tokens",
        "research.theming",
        "research.insights",
        "research.learning",
    ),
    ("research.brief", "research.briefs"),
    ("research.briefing",),
    ("research.gathering", "research.exporting"),
    ("research.repository",),
    ("research.roster", "research.digest", "research.restore"),
    ("research",),
    ("ingest.personal", "ingest.personal.models", "ingest.personal.lexicon", "ingest.personal.nicknames"),
    (
        "ingest.personal.addresses",
        "ingest.personal.cues",
        "ingest.personal.model",
        "ingest.personal.numbers",
        "ingest.personal.online",
        "ingest.personal.phones",
        "ingest.personal.recognizers",
        "ingest.personal.marks",
    ),
    ("ingest.personal.edges",),
    ("ingest.personal.reading", "ingest.personal.known"),
    ("ingest.personal.evidence", "ingest.personal.directory"),
    ("ingest.personal.names",),
    ("ingest.personal.find",),
    ("ingest",),
    ("heard", "heard_server", "streamlit_app", "ingest.__main__"),
)

COMMANDS = (
    "heard.backup_cli",
    "heard.beside_cli",
    "heard.cli",
    "heard.columns",
    "heard.command",
    "heard.export_cli",
    "heard.finding_cli",
    "heard.insight_cli",
    "heard.insight_evidence_cli",
    "heard.insight_next_cli",
    "heard.intake_cli",
    "heard.keeping_cli",
    "heard.members_cli",
    "heard.outcomes",
    "heard.people_changes_cli",
    "heard.people_cli",
    "heard.printing",
    "heard.silos_cli",
    "heard.themes_cli",
    "heard.tokens_cli",
    "heard.tune_cli",
    "heard.watch_cli",
)

# Library -> the only modules that may import it.
HOMES = {
    "streamlit": ("heard.ui", "heard_server", "streamlit_app"),
    "starlette": ("heard.api", "heard.assistant", "heard.well"),
    "fastapi": ("heard.api",),
    "fastapi_offline": ("heard.api",),
    "mcp": ("heard.assistant",),
    "mcp_types": ("heard.assistant",),
    "pydantic": ("heard.api", "heard.asked", "heard.assistant", "heard.told"),
    "uvicorn": ("heard.listening",),
    "prometheus_client": ("heard.metrics",),
    "chromadb": ("research.vectors",),
    "pandas": ("research.frames", "heard.ui.session", "heard.ui.table"),
    "psycopg": ("research.store.postgres",),
    "tantivy": ("research.keywords",),
    "Stemmer": ("research.words",),
    "sentence_transformers": ("research.embedder",),
    "onnx": ("research.minilm",),
    "onnxruntime": ("research.minilm",),
    "tokenizers": ("research.minilm",),
    "torch": (),
    "scipy": ("research.themes",),
    "sqlalchemy": (
        "research.store",
        "research.repository",
        "research.index_reader",
        "research.search_index",
        "research.checking",
        "research.finding",
        "research.doctor",
        "research.health",
        "research.kept",
        "research.vocabulary",
        "research.register",
        "research.people",
        "research.erasing",
        "research.reuse",
        "research.theming",
        "research.insights",
        "research.gathering",
        "research.suggesting",
        "research.tuned",
        "research.learning",
        "research.roster",
        "research.places",
        "research.backup",
        "research.restore",
    ),
    "alembic": ("research.store",),
    "cryptography": ("research.identity",),
    "altair": ("heard.charts", "research.briefs.charts"),
    "vl_convert": ("research.briefs.charts",),
    "pptx": ("research.briefs.bars", "research.briefs.slides"),
    "spacy": ("ingest",),
    "lxml": ("ingest.coded.project", "research.exchange.refi"),
    "watchfiles": ("ingest.watching",),
    "presidio_analyzer": ("ingest.personal.recognizers",),
    "phonenumbers": (),
    "tldextract": (),
    "faker": (),
    "click": COMMANDS,
    "rich": COMMANDS,
}


def modules() -> dict[str, Path]:
    found = {}
    for path in [
        ROOT / "heard_server.py",
        ROOT / "streamlit_app.py",
        *(p for package in PACKAGES for p in (ROOT / package).rglob("*.py")),
    ]:
        parts = path.relative_to(ROOT).with_suffix("").parts
        found[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = path
    return found


def imported(path: Path) -> set[str]:
    """What a module imports when it runs; imports for type checkers only do not count."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    for node in ast.walk(tree):
        if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING":
            node.body = []
    names: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
    return names


def inside(name: str, package: str) -> bool:
    return name == package or name.startswith(package + ".")


def layer(name: str) -> int:
    """The layer of a module: that of the longest entry it lies in (a bare package name means its __init__ too)."""
    found = [(len(entry), n) for n, entries in enumerate(LAYERS) for entry in entries if inside(name, entry)]
    assert found, f"{name} belongs to no layer: add it to LAYERS"
    return max(found)[1]


@pytest.mark.parametrize("name", sorted(modules()))
def test_a_module_imports_its_own_layer_and_those_before_it(name: str) -> None:
    known = modules()
    for other in imported(modules()[name]):
        if other in known and other != "research":
            assert layer(other) <= layer(name), f"{name} imports {other}, which comes after it"


@pytest.mark.parametrize("name", sorted(modules()))
def test_a_library_is_known_to_its_own_module_only(name: str) -> None:
    for other in imported(modules()[name]):
        homes = HOMES.get(other.partition(".")[0])
        assert homes is None or any(inside(name, home) for home in homes), f"{name} imports {other}"


def test_the_list_of_modules_names_each_and_none_that_is_gone() -> None:
    """ARCHITECTURE.md begins with it. Pages and migrations have a line as folders."""
    listed = (ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8").split("```")[1]
    parts = {part.partition("/")[0]: part for part in re.split(r"^(?=\w+/)", listed, flags=re.M)}
    for package in PACKAGES:
        words = set(re.findall(r"\w+", parts[package]))
        names = [name for name in modules() if inside(name, package)]
        own = [one for one in names if not re.search(r"\.pages\.|\.migrations\.|__main__", one)]
        assert [one for one in own if one.rpartition(".")[2] not in words] == []
        first = re.findall(r"^  (\w[\w/]*(?: \w[\w/]*)*)  ", parts[package], re.M)
        there = {part for one in names for part in one.split(".")}
        assert [one for line in first for one in re.findall(r"\w+", line) if one not in there] == []


def test_what_two_pages_would_import_at_once_is_there_before_any_page() -> None:
    """altair takes pandas out of `sys.modules` as it is, though another page's thread may be in the middle of it."""
    said = "import sys, heard.ui.session; print({'research', 'pandas'} <= set(sys.modules))"
    assert subprocess.check_output([sys.executable, "-c", said], text=True, cwd=ROOT) == "True\n"


def test_what_tests_share_has_a_name_of_its_own() -> None:
    """Each folder of tests has a conftest, and which of them the name stands for depends on the order of the files."""
    files = sorted((ROOT / "tests").rglob("*.py"))
    names = [path.name for path in files if path.name != "conftest.py"]
    assert len(names) == len(set(names))
    assert not [path.name for path in files if "conftest" in imported(path)]

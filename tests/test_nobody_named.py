"""Nobody is named: whoever speaks in a note stands in no file, no log line and no export under their name."""

from __future__ import annotations

import dataclasses
import io
import json
import logging
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

import ingest
import research
from heard import check_document
from heard.cli import main
from heard.sheet import audit_csv
from ingest.guide import parse_guide
from ingest.models import Source
from ingest.roster import read_roster
from research.embedder import Embedder
from research.filters import Filter
from research.repository import Repository
from research.roster import take_in
from research.words import stems

# Invented, and no word of any language here: what is found in a file was put there as a name.
GIVEN = (
    "Ottoline",
    "Zbigniew",
    "Anneliese",
    "Thandeka",
    "Yevgenia",
    "Quintavius",
    "Siobhane",
    "Ragnhildur",
    "Xiomarina",
)
FAMILY = (
    "Vargasheva",
    "Okaforde",
    "Whitlocke",
    "Nakamurato",
    "Fitzgibbonse",
    "Papadakisou",
    "Łukasiewiczko",
    "Çelikkaya",
)


def one_edit_away(name: str, place: int) -> str:
    """The name without one of its inner letters."""
    at = 1 + place % (len(name) - 2)
    return name[:at] + name[at + 1 :]


@dataclass(frozen=True)
class Someone:
    """Who speaks, with an address and a number in another system."""

    given: str
    family: str

    @property
    def name(self) -> str:
        return f"{self.given} {self.family}"

    @property
    def email(self) -> str:
        return f"{self.given}.{self.family}@fernhollow.example".lower()


@dataclass(frozen=True)
class Note:
    """A file and who speaks in it."""

    people: tuple[Someone, Someone]
    text: str
    file: str


ways = st.sampled_from((
    "{name} told me that the export is slow.",
    "It was {name}'s spreadsheet that broke on Monday.",
    "Then {lower} repaired the dates by hand, every single month.",
    "Ask {given}, who knows about the import.",
    "Thanks, {given}! The reminders go out at nine.",
    "{edited} said so too, and we wait for the invoice.",
    "You can write to {email} about the report.",
    "{family}, {given} stands on the invoice.",
    "Mr. {family} never trusts the numbers.",
    "{upper} WROTE IT ON THE LIST.",
    "We split the file into three before the import.",
))  # fmt: skip


def pairs(names: tuple[str, ...]) -> st.SearchStrategy[list[str]]:
    return st.lists(st.sampled_from(names), min_size=2, max_size=2, unique=True)


@st.composite
def notes(draw: st.DrawFn) -> Note:
    """Two people who speak and name themselves and one another, also in the title, a heading and the file's name."""
    one, other = map(Someone, draw(pairs(GIVEN)), draw(pairs(FAMILY)))
    who = st.sampled_from((one, other))
    lines = [f"{speaker.name}: I export the report myself, every single month." for speaker in (one, other, one, other)]
    for speaker, way, meant, place in draw(
        st.lists(st.tuples(who, ways, who, st.integers(1, 9)), min_size=1, max_size=8)
    ):
        said = way.format(
            name=meant.name, given=meant.given, family=meant.family, lower=meant.name.lower(),
            upper=meant.name.upper(), email=meant.email, edited=one_edit_away(meant.given, place),
        )  # fmt: skip
        lines.append(f"{speaker.name}: {said}")
    title = draw(st.sampled_from((f"Call with {one.name}", f"{other.given} on invoices", "Exports")))
    head = f"---\ntitle: {title}\ndate: 2026-10-01\n---\n\n## What {one.given} does on Mondays\n\n"
    file = draw(st.sampled_from(("call.md", f"{one.given}-{one.family}.md".lower(), f"{other.name}.md")))
    return Note((one, other), head + "\n\n".join(lines) + "\n", file)


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("named")


class Lines(logging.Handler):
    """Keeps what is logged anywhere, down to the finest."""

    def __init__(self) -> None:
        super().__init__(logging.DEBUG)
        self.said: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.said.append(f"{record.getMessage()} {record.exc_info or ''}")


@pytest.fixture
def logged() -> Iterator[Lines]:
    root, lines = logging.getLogger(), Lines()
    before = root.level
    root.addHandler(lines)
    root.setLevel(logging.DEBUG)
    yield lines
    root.removeHandler(lines)
    root.setLevel(before)


def exports(repo: Repository, home: Path) -> dict[object, bytes]:
    """Whatever leaves the repository, as bytes."""
    guide = parse_guide("- How do you export the report?\n- What do you do on Mondays?\n")
    check = repo.check(guide.lines)
    asking, today = repo.people.for_check(check), repo.now().date()
    word = check_document.docx(guide, check, asking, today)
    with zipfile.ZipFile(io.BytesIO(word)) as parts:
        document = b"".join(parts.read(name) for name in parts.namelist())
    hits = repo.search("export import invoice dates list", limit=50, per_person=None)
    return {
        "markdown": check_document.markdown(guide, check, asking, today).encode(),
        "word": document,
        "audit": audit_csv(repo.people.audit()).encode(),
        "search": "".join(
            json.dumps(dataclasses.asdict(hit), default=str, ensure_ascii=False) for hit in hits
        ).encode(),
        "people": "".join(json.dumps(dataclasses.asdict(one), default=str) for one in repo.people.all()).encode(),
        "people by command": CliRunner().invoke(main, ["people", "--json", "--home", str(home)]).stdout_bytes,
        "studies by command": CliRunner().invoke(main, ["studies", "--json", "--home", str(home)]).stdout_bytes,
    }


def forms(note: Note) -> set[bytes]:
    """The names of those who speak, whole, misspelled, and as they might be encoded."""
    spelled = {
        form.lower()
        for who in note.people
        for name in (who.given, who.family)
        for form in (name, who.email, *(one_edit_away(who.given, place) for place in range(1, 10)))
    }
    return {form.encode(coding) for form in spelled for coding in ("utf-8", "utf-16-le")} | {
        form.encode("ascii", "backslashreplace") for form in spelled
    }


def named(contents: Mapping[object, bytes], note: Note) -> list[tuple[object, bytes]]:
    """Where one of these names stands, with the name."""
    low = {
        where: content.decode("utf-8", "surrogateescape").lower().encode("utf-8", "surrogateescape")
        for where, content in contents.items()
    }
    return [(where, form) for form in forms(note) for where, content in low.items() if form in content]


def files(home: Path) -> dict[object, bytes]:
    return {path.relative_to(home): path.read_bytes() for path in home.rglob("*") if path.is_file()}


def put_in(repo: Repository, note: Note, *, redact: bool = True) -> None:
    """The note's people on a roster (one of them), and the note."""
    who = note.people[0]
    row = f"{who.name},{who.email},Fernhollow,CRM-{who.family}-1,Call {who.given} late"
    roster = Source("roster.csv", "roster.csv", f"Name,E-mail,Company,CRM ID,Notes\n{row}\n".encode())
    assert take_in(repo, read_roster(roster).rows).of("added")
    source = Source(note.file, note.file, note.text.encode())
    (done,) = ingest.ingest_sources([source], repo, team="Growth", study="Mondays", redact=redact)
    assert done.status == "added", done.error


@settings(
    max_examples=8, deadline=None, phases=(Phase.explicit, Phase.generate),
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)  # fmt: skip
@given(note=notes())
def test_who_speaks_is_named_nowhere(place: Path, embedder: Embedder, logged: Lines, note: Note) -> None:
    home = place / str(len(list(place.iterdir())))
    repo = research.open(home, embedder=embedder)
    put_in(repo, note)
    assert not named(exports(repo, home), note), note.text
    assert not named(files(home), note), note.text  # while everything is open: the file of recent changes too
    with repo.index.reading() as index:
        assert not any(index.holding({stem for who in note.people for stem in stems(who.name)}, Filter())[1].values())
    repo.close()
    assert not named(files(home), note), note.text
    assert not named({"log": "\n".join(logged.said).encode()}, note)


def test_without_redaction_these_very_looks_find_them(repo: Repository) -> None:
    one, other = Someone("Ottoline", "Vargasheva"), Someone("Zbigniew", "Okaforde")
    text = f"{one.name}: I told {other.name} that the export is slow.\n\n{other.name}: And I wrote to {one.email}.\n"
    note = Note((one, other), text * 2, "call.md")
    put_in(repo, note, redact=False)
    assert "search" in {where for where, _ in named(exports(repo, repo.home), note)}
    assert any(str(where).startswith("heard.db") for where, _ in named(files(repo.home), note))
    with repo.index.reading() as index:
        assert any(index.holding(stems(other.name), Filter())[1].values())

"""A backup is taken while others work, and what is put back is all of it."""

from __future__ import annotations

import dataclasses
import subprocess
import sys
import zipfile
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import numpy as np
import pytest
from repository_support import WordEmbedder
from repository_support import heard as command

import ingest
from research import backup
from research.config import Servers, Settings
from research.errors import BadInput, HeardError
from research.identity import Identity
from research.matrix import Matrix
from research.repository import Repository
from research.restore import Restored, restore

Put = Callable[..., list[ingest.Outcome]]
NOW = datetime(2026, 11, 22, 9, 30)


def put_back(
    file: Path, home: Path, embedder: WordEmbedder, *, replace: bool = False, open_: Repository | None = None
) -> Restored:
    """Restores as another process would: within one, Chroma shares what it has open in a folder."""
    if open_:
        open_.index.close()
    return restore(file, Settings(home, user="ada"), replace=replace, embedder=embedder, now=lambda: NOW)


def said(repo: Repository) -> list[tuple[object, ...]]:
    """Every note with its passages and tags, as a reader sees them."""
    notes = [repo.note(note.id) for note in repo.notes()]
    return [
        (note.summary.title, note.text, tuple((hit.id, hit.text, hit.tags) for hit in note.passages)) for note in notes
    ]


@pytest.fixture
def file(sample_repo: Repository, tmp_path: Path) -> Path:
    sample_repo.backup(tmp_path / "b.heard")
    return tmp_path / "b.heard"


def test_what_is_put_back_is_all_of_it_and_found_without_embedding_it_again(
    sample_repo: Repository, file: Path, tmp_path: Path, open_repo: Callable[..., Repository], embedder: WordEmbedder
) -> None:
    embedder.embedded.clear()
    done = put_back(file, tmp_path / "new", embedder)
    assert all(finding.ok for finding in done.findings), done.findings
    assert sum("patient list took" in text for text in embedder.embedded) <= 1  # doctor's own sample
    assert "The backup holds no key" in done.words[0]
    repo = open_repo(tmp_path / "new")
    assert said(repo) == said(sample_repo)
    assert [hit.id for hit in repo.search("export report spreadsheet")] == [
        hit.id for hit in sample_repo.search("export report spreadsheet")
    ]
    assert sorted(path.name for path in repo.home.iterdir() if path.name.endswith((".part", ".gone"))) == []


def test_names_are_opened_with_the_key_only(
    sample_repo: Repository, file: Path, tmp_path: Path, open_repo: Callable[..., Repository], embedder: WordEmbedder
) -> None:
    sample_repo.people.identify("P-0001", Identity("Ottoline Varga"))
    sample_repo.backup(tmp_path / "k.heard", with_key=True)
    assert put_back(tmp_path / "k.heard", tmp_path / "k", embedder).words == ()
    assert open_repo(tmp_path / "k").people.identity("P-0001").name == "Ottoline Varga"
    put_back(file, tmp_path / "n", embedder)
    with pytest.raises(HeardError, match="key of this repository is missing"):
        open_repo(tmp_path / "n").people.identify("P-0001", Identity("Somebody"))
    assert not (tmp_path / "n" / "key").exists()
    (tmp_path / "n" / "key").write_bytes((sample_repo.home / "key").read_bytes())
    open_repo(tmp_path / "n").people.identify("P-0001", Identity("Somebody"))


def test_notes_are_never_overwritten_unless_told_so(
    sample_repo: Repository, file: Path, put: Put, embedder: WordEmbedder
) -> None:
    before = said(sample_repo)
    put(sample_repo, {"late.txt": "P9: The calendar swallowed every second appointment."})
    with pytest.raises(BadInput, match=r"holds 6 notes.*--replace"):
        put_back(file, sample_repo.home, embedder)
    assert sample_repo.search("calendar swallowed")
    done = put_back(file, sample_repo.home, embedder, replace=True, open_=sample_repo)
    assert all(finding.ok for finding in done.findings), done.findings
    assert said(sample_repo) == before, "who has it open sees what was put back"
    assert not sample_repo.search("calendar swallowed")
    assert sample_repo.search("importing the patient list")
    files = [path for path in sample_repo.home.rglob("*") if path.is_file()]
    assert not [path.name for path in files if b"swallow" in path.read_bytes()]
    assert put(sample_repo, {"later.txt": "P9: The calendar swallowed every third appointment."})[-1].status == "added"
    assert all(finding.ok for finding in sample_repo.doctor())


def test_who_was_forgotten_since_is_forgotten_again_and_the_audit_keeps_its_lines(
    sample_repo: Repository, tmp_path: Path, embedder: WordEmbedder
) -> None:
    sample_repo.people.identify("P-0001", Identity("Ottoline Varga"))
    sample_repo.backup(tmp_path / "o.heard")
    gone = sample_repo.search("importing the patient list")[0]
    sample_repo.forget(gone.participant)
    done = put_back(tmp_path / "o.heard", sample_repo.home, embedder, replace=True, open_=sample_repo)
    assert done.forgotten == 1
    assert all(finding.ok for finding in done.findings)
    assert not sample_repo.passages([gone.id])
    files = [path for path in sample_repo.home.rglob("*") if path.is_file()]
    assert not [path.name for path in files if b"patient list took" in path.read_bytes()]
    assert [line.what for line in sample_repo.people.audit()][:2] == ["restored", "forgotten"]


def test_a_new_person_is_never_called_what_somebody_was_called_meanwhile(
    sample_repo: Repository, file: Path, put: Put, embedder: WordEmbedder
) -> None:
    put(sample_repo, {"late.txt": "P9: The calendar swallowed every second appointment."})
    (late,) = {hit.participant for hit in sample_repo.search("calendar swallowed")}
    put_back(file, sample_repo.home, embedder, replace=True, open_=sample_repo)
    put(sample_repo, {"later.txt": "P8: The reminders came a day after the appointment, always."})
    assert late not in sample_repo.choices().participants


WRITER = """
import sys
sys.path.insert(0, sys.argv[2])
from repository_support import WordEmbedder
import ingest, research
repo = research.open(sys.argv[1], embedder=WordEmbedder())
print("begun", flush=True)
for one in ingest.ingest_paths([sys.argv[3]], repo, team="Growth", study="Many"):
    print(one.title, flush=True)
"""


def test_a_backup_beside_a_writer_is_of_one_moment(
    sample_repo: Repository, tmp_path: Path, open_repo: Callable[..., Repository], embedder: WordEmbedder
) -> None:
    folder = tmp_path / "many"
    folder.mkdir()
    for n in range(40):
        turns = (f"P{n}: Word{n}x{i} about the calendar and the {i}th appointment of the day." for i in range(12))
        (folder / f"n{n:02}.txt").write_text("\n\n".join(turns))
    args = [sys.executable, "-c", WRITER, str(sample_repo.home), str(Path(__file__).parent), str(folder)]
    with subprocess.Popen(args, stdout=subprocess.PIPE, text=True) as writer:
        assert writer.stdout is not None
        assert writer.stdout.readline() == "begun\n"
        taken = []
        while writer.poll() is None:
            taken.append(tmp_path / f"live{len(taken)}.heard")
            sample_repo.backup(taken[-1], with_key=True)
        writer.communicate()
    assert writer.returncode == 0
    assert len(taken) > 1
    for n, one in enumerate({0: taken[0], 1: taken[len(taken) // 2], 2: taken[-1]}.values()):
        done = put_back(one, tmp_path / f"home{n}", embedder)
        assert all(finding.ok for finding in done.findings), done.findings
        repo = open_repo(tmp_path / f"home{n}")
        for note in repo.notes():
            for hit in repo.note(note.id).passages:
                assert repo.search(f'"{hit.text}"', note=[note.id], per_person=None), "every passage is found"
        assert not any(one.error for one in ingest.ingest_paths([folder], repo, team="Growth", study="Many"))
        assert len(repo.notes()) == 45


def test_vectors_of_passages_that_changed_meanwhile_are_left_out(sample_repo: Repository, tmp_path: Path) -> None:
    with sample_repo.engine.connect() as connection:
        row = connection.exec_driver_sql("SELECT row FROM passage ORDER BY row").scalar()
        generation = int(connection.exec_driver_sql("SELECT value FROM setting WHERE key = 'generation'").scalar() or 0)
    matrix = Matrix(sample_repo.home / "vectors.i8")
    backup._copy_vectors(matrix, tmp_path / "same.i8", [row], sample_repo.engine, generation)
    assert np.array_equal(Matrix(tmp_path / "same.i8").read([row]), matrix.read([row]))
    backup._copy_vectors(matrix, tmp_path / "changed.i8", [row], sample_repo.engine, 0)
    assert not Matrix(tmp_path / "changed.i8").holds([row]).any()


@pytest.mark.parametrize("how", ["cut off", "a byte changed", "no zip", "a zip of something else"])
def test_a_file_that_is_no_whole_backup_is_refused(
    file: Path, tmp_path: Path, how: str, embedder: WordEmbedder
) -> None:
    content = bytearray(file.read_bytes())
    if how == "cut off":
        content = content[: len(content) // 2]
    elif how == "a byte changed":
        content[len(content) // 3] ^= 1
    elif how == "no zip":
        content = bytearray(b"Not a backup at all.")
    file.write_bytes(content)
    if how == "a zip of something else":
        with zipfile.ZipFile(file, "w") as archive:
            archive.writestr("hello.txt", "hello")
    with pytest.raises(BadInput, match="no backup of Heard, or is damaged"):
        put_back(file, tmp_path / "new", embedder)
    assert not (tmp_path / "new" / "heard.db").exists()


def test_a_repository_on_postgresql_is_told_what_to_do_instead(
    sample_repo: Repository, file: Path, tmp_path: Path, embedder: WordEmbedder
) -> None:
    elsewhere = dataclasses.replace(
        sample_repo.settings, servers=Servers("postgresql://nowhere/heard", "http://nowhere")
    )
    with pytest.raises(BadInput, match="pg_dump"):
        backup.backup(elsewhere, sample_repo.engine, tmp_path / "other.heard", NOW, None)
    with pytest.raises(BadInput, match="pg_dump"):
        restore(file, elsewhere, replace=True, embedder=embedder, now=lambda: NOW)
    assert not (tmp_path / "other.heard").exists()


def test_a_backup_is_its_owners_alone_and_overwrites_nothing(sample_repo: Repository, file: Path) -> None:
    assert file.stat().st_mode & 0o777 == 0o600
    with pytest.raises(BadInput, match="exists already"):
        sample_repo.backup(file)
    assert [path.name for path in file.parent.iterdir() if path.name.startswith(".heard")] == []


def test_a_damaged_database_is_not_backed_up_and_is_replaced_by_a_backup(
    sample_repo: Repository, file: Path, tmp_path: Path, open_repo: Callable[..., Repository], embedder: WordEmbedder
) -> None:
    before = said(sample_repo)
    sample_repo.close()
    database = sample_repo.home / "heard.db"
    content = bytearray(database.read_bytes())
    content[:100] = bytes(100)
    database.write_bytes(content)
    with pytest.raises(HeardError, match=r"damaged.*heard restore"):
        open_repo(sample_repo.home)
    with pytest.raises(BadInput, match="--replace"):
        put_back(file, sample_repo.home, embedder)
    done = put_back(file, sample_repo.home, embedder, replace=True)
    assert all(finding.ok for finding in done.findings), done.findings
    assert said(open_repo(sample_repo.home)) == before
    assert (sample_repo.home / "heard.db.damaged").exists()


@pytest.mark.model
def test_the_commands_say_what_they_did(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("Interviewer: And?\n\nP9: The calendar swallowed every second appointment.")
    home, file = tmp_path / "home", tmp_path / "b.heard"
    assert command(home, "ingest", str(tmp_path / "a.txt"), "--team", "Growth").exit_code == 0
    told = command(home, "backup", str(file))
    assert "1 note, 1 passage" in told.output
    assert "The key is not in it" in told.output
    assert "--replace" in command(home, "restore", str(file)).output
    told = command(tmp_path / "new", "restore", str(file))
    assert told.exit_code == 0, told.output
    assert "Whoever was forgotten after" in told.output
    assert "finds it whole" in told.output
    assert "calendar swallowed" in command(tmp_path / "new", "search", "calendar appointments").output

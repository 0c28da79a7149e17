"""Damaged files end no process, are noticed and mended: a few cases of what `make damage` counts."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from research import index_reader
from research.errors import HeardError
from research.matrix import Matrix
from research.repository import Repository

ROOT = Path(__file__).parent.parent
Open = Callable[..., Repository]


@pytest.mark.model
@pytest.mark.parametrize("files", [("Chroma: graph", "vectors"), ("Chroma: ids", "words: terms")], ids=" and ".join)
def test_search_goes_on_and_doctor_mends(files: tuple[str, ...]) -> None:
    """In a process of its own, since it forks: nothing may have been opened there before."""
    args = ["--times", "1", "--seed", "3", *(arg for file in files for arg in ("--only", file))]
    command = [sys.executable, "-m", "benchmarks.damage", *args]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    table = [
        line.strip("|").split("|")
        for line in done.stdout.splitlines()
        if line.startswith(tuple(f"| {file}" for file in files))
    ]
    assert len(table) == 5 * len(files)
    for cells in table:
        file, how, times, ended, by_words, by_meaning, _, mended = (cell.strip() for cell in cells)
        assert (ended, mended) == ("0", times), (how, done.stderr)
        assert by_meaning == times or file == "vectors", how
        assert by_words == times or file == "words: terms", how


def test_a_changed_vector_is_noticed_and_made_again(sample_repo: Repository, open_repo: Open) -> None:
    sample_repo.close()
    path = sample_repo.home / "vectors.i8"
    content = bytearray(path.read_bytes())
    content[(256 + 4) * 2 + 4 + 17] ^= 1  # one bit of the second passage's vector
    path.write_bytes(content)
    repo = open_repo(sample_repo.home)
    (wrong,) = (finding for finding in repo.doctor() if not finding.ok)
    assert wrong.message.startswith("1 passages cannot be found by meaning")
    assert "doctor --repair" in wrong.message
    assert all(finding.ok for finding in repo.doctor(repair=True))
    assert all(finding.ok for finding in repo.doctor())


def test_vectors_of_other_words_are_noticed(sample_repo: Repository) -> None:
    """Whole, and in the wrong place: only embedding the words again tells."""
    matrix = Matrix(sample_repo.home / "vectors.i8")
    vectors = matrix.read([1, 2])
    matrix.write([1, 2], vectors[::-1])
    assert [finding.check for finding in sample_repo.doctor() if not finding.ok] == ["index"]
    assert all(finding.ok for finding in sample_repo.doctor(repair=True))
    assert all(finding.ok for finding in sample_repo.doctor())


def test_without_chroma_the_same_is_found_and_the_way_out_is_named(
    sample_repo: Repository, open_repo: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(index_reader, "EXACT", -1)  # as where there are many
    wanted = [hit.id for hit in sample_repo.search("export report spreadsheet")]
    sample_repo.close()
    (file,) = sample_repo.home.glob("index/*/data_level0.bin")
    file.write_bytes(bytes(file.stat().st_size))
    repo = open_repo(sample_repo.home)
    hits = repo.search("export report spreadsheet")
    assert [hit.id for hit in hits] == wanted
    assert hits.notice.startswith("Searching takes longer than it should.")
    assert "heard doctor --repair" in hits.notice
    assert all(finding.ok for finding in repo.doctor(repair=True))
    assert not repo.search("export report spreadsheet").notice


def test_words_are_found_while_everything_is_embedded_anew(
    sample_repo: Repository, open_repo: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    def cut_off(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as broken:
        broken.setattr(sample_repo.embedder, "embed", cut_off)
        with pytest.raises(KeyboardInterrupt):
            sample_repo.reindex()
    sample_repo.close()
    repo = open_repo(sample_repo.home)
    hits = repo.search('"patient list"')
    assert hits[0].text.startswith("Importing")
    assert "by their words only" in hits.notice
    assert all(finding.ok for finding in repo.doctor(repair=True))


@pytest.mark.parametrize("how", ["gone", "cut off", "of another"])
def test_without_its_key_a_repository_is_searched_and_nothing_is_taken_in(
    sample_repo: Repository, open_repo: Open, put: Callable[..., object], how: str
) -> None:
    key = sample_repo.home / "key"
    content = key.read_bytes()
    if how == "gone":
        key.unlink()
    else:
        key.write_bytes(content[:7] if how == "cut off" else content[::-1])
    repo = open_repo(sample_repo.home)
    assert repo.search("importing the patient list")
    with pytest.raises(HeardError, match=r"Put (it|a copy of it|its file `key`) back"):
        put(repo, {"x.txt": "P1: One more day was lost."})
    assert key.exists() == (how != "gone"), "no other key is made in its place"
    key.write_bytes(content)
    put(repo, {"x.txt": "P1: One more day was lost."})


def test_a_missing_file_of_recent_changes_loses_these_and_nothing_else(
    sample_repo: Repository, open_repo: Open, put: Callable[..., object], tmp_path: Path
) -> None:
    """What SQLite had not yet put into the database itself: doctor brings the indexes back to what is stored."""
    import shutil

    sample_repo.close()
    repo = open_repo(sample_repo.home)
    put(repo, {"late.txt": "P9: The calendar swallowed every second appointment."})
    shutil.copytree(repo.home, tmp_path / "copy", ignore=shutil.ignore_patterns("heard.db-*"))
    again = open_repo(tmp_path / "copy")
    assert len(again.notes()) == 5
    assert not again.search("calendar swallowed")
    assert any(not finding.ok for finding in again.doctor())
    again.doctor(repair=True)
    assert all(finding.ok for finding in again.doctor())
    assert again.search("importing the patient list")


def test_a_missing_database_is_not_begun_anew_beside_its_indexes(sample_repo: Repository, open_repo: Open) -> None:
    sample_repo.close()
    (sample_repo.home / "heard.db").unlink()
    with pytest.raises(HeardError, match=r"is missing, and its indexes are there\. Put back a backup.*heard restore"):
        open_repo(sample_repo.home)
    assert not (sample_repo.home / "heard.db").exists()


@pytest.mark.parametrize("part", ["fast", "fieldnorm", "idx", "pos", "store", "term"])
def test_a_missing_part_of_the_keyword_index_is_noticed(sample_repo: Repository, open_repo: Open, part: str) -> None:
    sample_repo.close()
    next(iter((sample_repo.home / "keywords").glob(f"*.{part}"))).unlink()
    repo = open_repo(sample_repo.home)
    assert [finding.check for finding in repo.doctor() if not finding.ok] == ["keywords"]
    assert all(finding.ok for finding in repo.doctor(repair=True))
    assert repo.search('"patient list"')


def test_bytes_that_are_no_text_are_said_to_be_damage_and_not_quoted(sample_repo: Repository, open_repo: Open) -> None:
    sample_repo.close()
    with sqlite3.connect(sample_repo.home / "heard.db") as connection:
        connection.execute("UPDATE passage SET text = CAST(x'536563726574ff' AS TEXT)")
    repo = open_repo(sample_repo.home)
    with pytest.raises(HeardError) as refused:
        repo.search("patient list")
    for said in (repo.doctor()[-1].message, str(refused.value)):
        assert "is damaged" in said
        assert "heard restore" in said
        assert "Secret" not in said

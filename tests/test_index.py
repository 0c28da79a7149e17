"""The indexes agree with SQL, whoever changes it and whenever."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path

import numpy as np
import pytest
from repository_support import WordEmbedder

from benchmarks.kills import of_first_schema
from research import index_reader, search_index
from research.filters import Filter
from research.repository import Repository
from research.store import index_state, passages
from research.words import stem

Put = Callable[..., object]
DAY = date(2026, 11, 22)

FILTERS = [
    Filter(team=("Growth",)),
    Filter(team=("Growth", "Support")),
    Filter(study=("Invoice clarity",)),
    Filter(segment=("clinic manager",)),
    Filter(account=("Northwind", "Harbour")),
    Filter(tag=("support", "reliability")),
    Filter(since=date(2026, 10, 15)),
    Filter(until=date(2026, 10, 30)),
    Filter(since=date(2026, 10, 1), until=date(2026, 10, 31), team=("Growth",)),
    Filter(not_team=("Growth",)),
    Filter(team=("nobody",)),
    Filter(tag=("nothing",)),
    Filter(participant=("P-0001",), segment=("nobody",)),
]


def ask(repo: Repository, text: str, narrow: Filter = Filter(), count: int = 100) -> set[str]:  # noqa: B008  # frozen
    with repo.index.reading() as index:
        (found,) = index.named(index.nearest(repo.embedder.embed([text]), count, narrow))
    return {id_ for id_, _ in found}


def found_by_vector(repo: Repository) -> int:
    with repo.index.reading() as index:
        return len(index.ids())


def with_words(repo: Repository, words: list[str], narrow: Filter = Filter()) -> set[str]:  # noqa: B008  # frozen
    with repo.index.reading() as index:
        rows = index.by_words([stem(word) for word in words], 100, narrow)
        return set(index_state.ids_of(index.connection, rows.tolist()).values())


def stored(repo: Repository, narrow: Filter) -> set[str]:
    with repo.engine.connect() as connection:
        rows = passages.latest_rows(connection, narrow, 1_000)
        return set(index_state.ids_of(connection, rows).values())


@pytest.fixture(autouse=True)
def chroma_is_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    """As where there are many passages."""
    monkeypatch.setattr(index_reader, "EXACT", -1)


def test_of_few_passages_each_is_scored_whether_chroma_answers_or_not(
    sample_repo: Repository, monkeypatch: pytest.MonkeyPatch
) -> None:
    wanted = ask(sample_repo, "report spreadsheet numbers", count=3)
    monkeypatch.setattr(index_reader, "EXACT", 50_000)
    sample_repo.index._indexes.chroma.clear()
    assert ask(sample_repo, "report spreadsheet numbers", count=3) == wanted


@pytest.mark.parametrize("exact", [True, False], ids=["each scored", "Chroma's looked through"])
def test_a_filter_keeps_what_it_keeps_in_sql(
    sample_repo: Repository, monkeypatch: pytest.MonkeyPatch, subtests: pytest.Subtests, exact: bool
) -> None:
    monkeypatch.setattr(index_reader, "EXACT", 50_000 if exact else -1)
    question = "report spreadsheet numbers import support texts person"
    words = ["the", "report", "patient", "days", "month", "setup", "phone", "support", "texts"]
    everything, by_words = ask(sample_repo, question), with_words(sample_repo, words)
    assert by_words
    for narrow in FILTERS:
        with subtests.test(str(narrow)):
            assert ask(sample_repo, question, narrow) == everything & stored(sample_repo, narrow)
            assert with_words(sample_repo, words, narrow) == by_words & stored(sample_repo, narrow)


def test_a_changed_label_is_filtered_by_at_once(sample_repo: Repository) -> None:
    hit = sample_repo.search("importing the patient list", tag="later") or sample_repo.search("importing patient list")
    sample_repo.tag(hit[0].id, "later")
    assert [found.id for found in sample_repo.search("importing patient list", tag="later")] == [hit[0].id]
    sample_repo.untag(hit[0].id, "later")
    assert not sample_repo.search("importing patient list", tag="later")


def test_quoted_words_stand_as_they_are_in_any_case(repo: Repository, put: Put) -> None:
    put(
        repo,
        {
            "a.txt": "P1: We EXPORT the Reports by hand.\n\nP2: By hand, the report exports itself.\n\nP3: The CAFÉ menu says crème brûlée."
        },
    )
    assert [hit.text for hit in repo.search('"export the reports"')] == ["We EXPORT the Reports by hand."]
    assert [hit.text for hit in repo.search('"café MENU"')] == ["The CAFÉ menu says crème brûlée."]
    assert repo.search('"exports the report"').notice.startswith("Nobody said “exports the report” word for word")


OTHER = """
import sys
sys.path.insert(0, sys.argv[2])
from repository_support import WordEmbedder
import research
repo = research.open(sys.argv[1], embedder=WordEmbedder())
"""


def elsewhere(repo: Repository, what: str) -> None:
    """Do something to the repository in another process."""
    command = [sys.executable, "-c", OTHER + what, str(repo.home), str(Path(__file__).parent)]
    subprocess.run(command, check=True, capture_output=True)


@pytest.mark.parametrize("share", [1_000_000, 1], ids=["told to Chroma at once", "kept from Chroma for now"])
def test_what_another_process_adds_or_deletes_is_seen_at_once(
    sample_repo: Repository, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, share: int
) -> None:
    assert sample_repo.search("spreadsheet")  # Chroma, the words and the labels are open from here on
    assert sample_repo.search("spreadsheet", team="Growth")
    (tmp_path / "new.txt").write_text("Interviewer: And?\n\nP9: The calendar swallowed every second appointment.")
    elsewhere(
        sample_repo,
        f"""
from benchmarks.kills import of_first_schema
from research import index_reader, search_index
search_index._SHARE = {share}
import ingest
assert not any(one.error for one in ingest.ingest_paths(["{tmp_path / "new.txt"}"], repo, team="Growth", study="New"))
""",
    )
    for narrow in ({}, {"team": "Growth"}, {"study": "New"}):
        (hit,) = sample_repo.search("the calendar swallowed appointments", **narrow)
        assert hit.text.startswith("The calendar")
        assert hit.id in ask(sample_repo, "the calendar swallowed appointments")
    elsewhere(sample_repo, f"repo.delete_note('{hit.note_id}')")
    assert not sample_repo.search("the calendar swallowed appointments")
    assert not ask(sample_repo, "calendar swallowed appointments") & {hit.id}
    assert all(finding.ok for finding in sample_repo.doctor())


@pytest.mark.embedded
def test_passages_wait_for_chroma_until_they_are_one_in_a_hundred(
    repo: Repository, put: Put, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(search_index, "_SHARE", 1)
    put(repo, {"a.txt": "P1: The calendar swallowed every second appointment."})
    assert not (repo.home / "index").exists()
    assert repo.search("calendar appointments")
    assert (found_by_vector(repo), repo.status().pending) == (1, 0)
    assert all(finding.ok for finding in repo.doctor())
    monkeypatch.setattr(search_index, "_SHARE", 100)
    put(repo, {"b.txt": "P2: The import failed at the third column."})
    assert (repo.home / "index").exists()
    assert found_by_vector(repo) == repo.status().passages == 2
    assert all(finding.ok for finding in repo.doctor())


def test_a_row_is_never_given_twice(repo: Repository, put: Put) -> None:
    def rows() -> set[int]:
        with repo.engine.connect() as connection:
            return set(index_state.rows_of(connection, passages.passage_ids(connection)).values())

    put(repo, {"a.txt": "P1: The calendar swallowed every second appointment."})
    before = rows()
    repo.delete_note(repo.notes()[0].id)
    put(repo, {"a.txt": "P1: The calendar swallowed every second appointment."})
    assert not before & rows()
    assert len(repo.search("calendar appointments")) == 1


def test_a_deleted_passage_leaves_no_vector_behind(sample_repo: Repository) -> None:
    note = sample_repo.note("Setting up at Northwind")
    with sample_repo.engine.connect() as connection:
        rows = sorted(index_state.rows_of(connection, [passage.id for passage in note.passages]).values())
    assert sample_repo.index._indexes.matrix.holds(rows).all()
    sample_repo.delete_note(note.summary.id)
    assert not sample_repo.index._indexes.matrix.holds(rows).any()


@pytest.mark.embedded
@pytest.mark.parametrize("lost", ["index", "vectors.i8", "keywords"])
def test_files_that_were_deleted_are_made_again_by_doctor_and_by_the_next_ingest(
    sample_repo: Repository, open_repo: Callable[..., Repository], put: Put, lost: str, embedder: WordEmbedder
) -> None:
    import shutil

    sample_repo.close()
    for mend in (
        lambda repo: repo.doctor(repair=True),
        lambda repo: put(repo, {"x.txt": "P1: One more day was lost."}),
    ):
        path = sample_repo.home / lost
        shutil.rmtree(path) if path.is_dir() else path.unlink()
        repo = open_repo(sample_repo.home)
        embedder.embedded.clear()
        mend(repo)
        assert all(finding.ok for finding in repo.doctor())
        assert repo.search("importing the patient list", team="Growth")
        if lost != "vectors.i8":
            embedded = sum("patient list took" in text for text in embedder.embedded)
            assert embedded <= 2, "embedded again in vain: doctor itself did so to compare"
        repo.close()


@pytest.mark.embedded
def test_a_repository_of_the_first_schema_keeps_everything_and_says_what_to_do(
    sample_repo: Repository, tmp_path: Path, open_repo: Callable[..., Repository]
) -> None:
    home = tmp_path / "old"
    home.mkdir()
    with sample_repo.engine.connect() as connection:
        kept = {
            id_: tuple(hit.tags)
            for id_, hit in passages.hits(connection, passages.passage_ids(connection), Filter(), DAY).items()
        }
    of_first_schema(home / "heard.db", sample_repo.home / "heard.db")
    (home / "index").mkdir()
    (home / "index" / "chroma.sqlite3").write_bytes(b"what the first version made")
    repo = open_repo(home)
    with repo.engine.connect() as connection:
        hits = passages.hits(connection, passages.passage_ids(connection), Filter(), DAY)
    assert {id_: tuple(hit.tags) for id_, hit in hits.items()} == kept
    assert "doctor --repair" in repo.search("importing the patient list").notice
    assert all(finding.ok for finding in repo.doctor(repair=True))
    assert repo.search("importing the patient list")[0].text.startswith("Importing")
    assert not repo.search("importing the patient list").notice


def test_vectors_by_id_are_those_that_were_embedded(sample_repo: Repository) -> None:
    hit = sample_repo.search("importing the patient list")[0]
    with sample_repo.index.reading() as index:
        vectors = index.vectors([hit.id, "no such passage"])
    assert list(vectors) == [hit.id]
    meant = sample_repo.embedder.embed([search_index.embedded_text(hit.text, hit.context)])[0]
    assert float(np.dot(vectors[hit.id], meant)) > 0.999

"""The one way in: what each file comes to, what happens when it comes again, and what a crash leaves behind."""

from __future__ import annotations

import json
import os
import signal
import sqlite3
import subprocess
import sys
import threading
import time
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from repository_support import NOTES, WordEmbedder

import ingest
from ingest import pipeline
from ingest.models import Metadata, ReadOptions, TableMapping
from research import index_reader
from research.config import Settings
from research.repository import Repository

Put = Callable[..., list[ingest.Outcome]]
MARTA = NOTES["Growth", "Onboarding Q3"]["marta.md"]


def statuses(outcomes: list[ingest.Outcome]) -> list[str]:
    return [one.status for one in outcomes]


def contents(repo: Repository) -> list[tuple[object, ...]]:
    """All that is stored, without times, row numbers and what depends on the repository's own key."""
    with repo.engine.connect() as connection:
        return [
            tuple(row)
            for query in (
                "SELECT id, title, date, text FROM note ORDER BY id",
                'SELECT note_id, ordinal, start, "end", text, context, state FROM passage ORDER BY note_id, ordinal',
                "SELECT p.note_id, p.ordinal, t.tag, t.source, t.removed FROM passage_tag t "
                "JOIN passage p ON p.row = t.passage_row ORDER BY 1, 2, 3",
            )
            for row in connection.exec_driver_sql(query)
        ]


def test_the_same_bytes_are_no_work(repo: Repository, put: Put, embedder: WordEmbedder) -> None:
    first = put(repo, {"marta.md": MARTA})
    assert statuses(first) == ["added"]
    before, embedded = contents(repo), len(embedder.embedded)
    again = put(repo, {"marta.md": MARTA})
    assert statuses(again) == ["unchanged"]
    assert again[0].note_id == first[0].note_id
    assert contents(repo) == before
    assert len(embedder.embedded) == embedded


def test_a_changed_file_embeds_only_what_changed(repo: Repository, put: Put, embedder: WordEmbedder) -> None:
    (first,) = put(repo, {"marta.md": MARTA})
    kept = {passage.text: passage.id for passage in repo.note(first.note_id or "").passages}
    embedder.embedded.clear()
    (second,) = put(repo, {"marta.md": MARTA.replace("four days", "nine days")})
    assert (second.status, second.note_id) == ("updated", first.note_id)
    assert [text for text in embedder.embedded if "nine days" in text]
    assert not [text for text in embedder.embedded if "monthly report" in text]
    now = {passage.text: passage.id for passage in repo.note(first.note_id or "").passages}
    same = set(kept) & set(now)
    assert same
    assert all(kept[text] == now[text] for text in same)
    assert not [hit for hit in repo.search('"four days"') if "four days" in hit.text]
    assert all(finding.ok for finding in repo.doctor())


def test_a_persons_tags_move_to_the_passage_that_was_edited(repo: Repository, put: Put) -> None:
    put(repo, {"marta.md": MARTA})
    repo.tag(repo.search('"four days"')[0].id, "import pain")
    put(repo, {"marta.md": MARTA.replace("four days", "nine days")})
    assert "import pain" in repo.search('"nine days"')[0].tags


def test_a_changed_date_reaches_the_index(repo: Repository, put: Put) -> None:
    put(repo, {"marta.md": MARTA})
    put(repo, {"marta.md": MARTA.replace("2026-10-14", "2026-01-05")})
    assert not repo.search("importing the patient list", since="2026-10-01")
    assert repo.search("importing the patient list", until="2026-02-01")


def test_a_file_that_moved_is_the_same_note(repo: Repository, tmp_path: Path, put: Put) -> None:
    (first,) = put(repo, {"marta.md": MARTA}, study="S")
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "renamed.md").write_text(MARTA)
    (moved,) = ingest.ingest_paths([elsewhere], repo, team="Growth", study="S")
    assert (moved.status, moved.note_id) == ("unchanged", first.note_id)
    (elsewhere / "renamed.md").write_text(MARTA.replace("four", "nine"))
    (edited,) = ingest.ingest_paths([elsewhere], repo, team="Growth", study="S")
    assert (edited.status, edited.note_id) == ("updated", first.note_id)


def test_one_bad_file_does_not_stop_the_others(repo: Repository, put: Put) -> None:
    outcomes = put(
        repo,
        {
            "a.md": MARTA,
            "b.pdf": b"%PDF-1.4 broken",
            "c.txt": "",
            "d.xyz": "what",
            "e.txt": "P1: The export took all day.",
        },
    )
    assert statuses(outcomes).count("added") == 2
    failed = [one for one in outcomes if one.status == "failed"]
    assert len(failed) == 3
    for one in failed:
        assert one.error
        assert "\n" not in one.error
        assert "Traceback" not in one.error
        assert Path(one.path).name in one.error


def test_a_failed_new_version_leaves_the_stored_one(repo: Repository, put: Put) -> None:
    (first,) = put(repo, {"marta.md": MARTA})
    (second,) = put(repo, {"marta.md": ""})
    assert second.status == "failed"
    assert repo.search("importing the patient list")[0].note_id == first.note_id


def test_rows_are_notes_and_rows_that_left_the_file_leave_too(repo: Repository, put: Put) -> None:
    head = "text,participant,date\n"
    one, two = '"The export is far too slow for us",Ana,2026-10-01\n', '"I love the new calendar view",Ben,2026-10-02\n'
    assert statuses(put(repo, {"quotes.csv": head + one})) == ["added"]
    assert sorted(statuses(put(repo, {"quotes.csv": head + two + one}))) == ["added", "unchanged"]
    put(repo, {"quotes.csv": head + two})
    assert not repo.search("export slow")
    assert repo.search("calendar view")


def test_rows_of_several_teams_in_any_spelling_all_go_in(repo: Repository, put: Put) -> None:
    rows = [
        "Growth,The export is far too slow for us",
        "growth,I love the new calendar view a lot",
        "Billing,The invoice has lines nobody can explain",
    ]
    for _ in range(2):
        outcomes = put(repo, {"quotes.csv": "team,text\n" + "\n".join(rows)}, study="All")
        assert len(outcomes) == 3
    assert {(study.team, study.notes) for study in repo.studies()} == {("Growth", 2), ("Billing", 1)}
    put(repo, {"quotes.csv": "team,text\n" + "\n".join(rows[:2])}, study="All")
    assert [note.team for note in repo.notes()] == ["Growth", "Growth"]


def test_a_spreadsheet_with_other_columns_needs_a_mapping(repo: Repository, put: Put) -> None:
    sheet = "Respondent ID,What hinders you?,What helps?\nR1,The export is slow every month,\nR2,,The new calendar view helps\n"
    (refused,) = put(repo, {"survey.csv": sheet})
    assert refused.status == "failed"
    assert "What hinders you?" in (refused.error or "")
    mapping = TableMapping(text=("What hinders you?", "What helps?"), participant="Respondent ID")
    outcomes = put(repo, {"survey.csv": sheet}, options=ReadOptions(mapping=mapping))
    assert statuses(outcomes) == ["added", "added"]
    assert repo.search("export slow")[0].context == "What hinders you?"


def test_metadata_of_the_file_goes_before_what_was_said_for_all(repo: Repository, put: Put) -> None:
    told = Metadata(segment="owner", account="Elsewhere")
    (marta,) = put(repo, {"marta.md": MARTA}, metadata=told)
    (plain,) = put(
        repo, {"plain.txt": "Interviewer: Why?\nZadie: Because the calendar never synced."}, study="B", metadata=told
    )
    (person,) = repo.note(marta.note_id or "").summary.participants
    assert (person.segment, person.account) == ("clinic manager", "Northwind")
    (other,) = repo.note(plain.note_id or "").summary.participants
    assert (other.segment, other.account) == ("owner", "Elsewhere")
    assert repo.note(marta.note_id or "").origins["date"] == "front matter"


def test_who_asks_can_be_said_against_the_file(repo: Repository, put: Put) -> None:
    said = "Interviewer: The export is too slow for us here.\n\nDana: And why is that a problem for you?\n"
    told = Metadata(interviewers=("Dana",), only_interviewers=True)
    put(repo, {"swapped.md": said}, metadata=told)
    (hit,) = repo.search("export")
    assert hit.text.startswith("The export")
    assert not repo.search("why is that a problem")


def test_a_person_is_one_within_a_team_and_two_across_teams(repo: Repository, put: Put) -> None:
    said = "Interviewer: Why?\n\nDana Whitlock: The export is too slow for us.\n"
    for team, study in (("Growth", "A"), ("Growth", "B"), ("Billing", "C")):
        put(repo, {"dana.md": said + f"Dana Whitlock: This was study {study} of theirs."}, team, study)
    people = {(note.team, note.study): note.participants[0].pseudonym for note in repo.notes()}
    assert people["Growth", "A"] == people["Growth", "B"]
    assert people["Growth", "A"] != people["Billing", "C"]


def test_a_code_is_one_person_within_its_study_only(repo: Repository, put: Put) -> None:
    for study in ("A", "B"):
        put(
            repo, {"1.txt": "I: Why?\nP3: The export is slow.", "2.txt": "I: How?\nP3: I copy it by hand."}, study=study
        )
    heard = {}
    for note in repo.notes():
        heard.setdefault(note.study, set()).add(note.participants[0].pseudonym)
    assert len(heard["A"]) == len(heard["B"]) == 1
    assert heard["A"] != heard["B"]


def test_a_zip_goes_in_like_its_folder(repo: Repository, tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "calls.zip", "w") as archive:
        archive.writestr("growth/marta.md", MARTA)
        archive.writestr("../escape.txt", "P1: This must not be read from there.")
    outcomes = list(ingest.ingest_paths([tmp_path / "calls.zip"], repo, team="Growth", study="S"))
    assert sorted(statuses(outcomes)) == ["added", "failed"]


def test_without_a_team_the_file_says_what_is_missing(repo: Repository, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("P1: The export is slow.")
    (outcome,) = ingest.ingest_paths([tmp_path / "a.txt"], repo)
    assert outcome.status == "failed"
    assert "--team" in (outcome.error or "")


def test_a_preview_stores_nothing_and_says_what_would_come(repo: Repository, tmp_path: Path, put: Put) -> None:
    from ingest.sources import walk

    (tmp_path / "marta.md").write_text(MARTA)

    def look() -> list[ingest.Preview]:
        return list(ingest.preview(walk([tmp_path / "marta.md"], ReadOptions()), repo, team="Growth", study="S"))

    (seen,) = look()
    assert repo.notes() == []
    assert (seen.status, seen.title, str(seen.date)) == ("added", "Setting up at Northwind", "2026-10-14")
    assert ("Marta", "participant") in [(label, role) for label, role, _ in seen.speakers]
    list(ingest.ingest_paths([tmp_path / "marta.md"], repo, team="Growth", study="S"))
    assert look()[0].status == "unchanged"
    (tmp_path / "marta.md").write_text(MARTA.replace("four", "nine"))
    assert (look()[0].status, look()[0].replaces) == ("updated", "Setting up at Northwind")


WRITER = """
import sys
import threading
sys.path.insert(0, sys.argv[3])
from repository_support import WordEmbedder
import ingest, research
from ingest import pipeline
pipeline._FLUSH = 12
class Slow(WordEmbedder):
    def embed(self, texts):
        import time
        time.sleep(0.02)
        return super().embed(texts)
repo = research.open(sys.argv[1], embedder=Slow())
print("start", flush=True)
for outcome in ingest.ingest_paths([sys.argv[2]], repo, team="Growth", study="Killed"):
    print(outcome.status, outcome.note_id, flush=True)
"""


def many(folder: Path, count: int) -> Path:
    folder.mkdir()
    for n in range(count):
        talk = "\n\n".join(
            f"Interviewer: What about {topic}?\n\nP{n}: The {topic} of site {n} kept failing and we lost day {n} over it."
            for topic in ("import", "calendar", "invoice", "export")
        )
        (folder / f"note{n:02}.md").write_text(talk)
    return folder


def start_writer(home: Path, folder: Path, database: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", WRITER, str(home), str(folder), str(Path(__file__).parent)]
    env = os.environ | {"HEARD_DATABASE_URL": database}
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=env)


def test_a_kill_in_the_middle_then_a_rerun_gives_the_same_repository(
    tmp_path: Path, open_repo: Callable[..., Repository], on: Callable[[Path], Settings]
) -> None:
    folder = many(tmp_path / "many", 16)
    whole = open_repo(tmp_path / "whole")
    list(ingest.ingest_paths([folder], whole, team="Growth", study="Killed"))
    for lines in (1, 5, 9):
        home = tmp_path / f"killed{lines}"
        writer = start_writer(home, folder, on(home).servers.database)
        assert writer.stdout
        said = [writer.stdout.readline() for _ in range(lines)]
        writer.send_signal(signal.SIGKILL)
        writer.communicate()
        repo = open_repo(home)
        for line in said[1:]:  # what was reported done is there, and found through the index
            note = repo.note(line.split()[1])
            assert repo.search(note.passages[0].text, note=note.summary.id)
        list(ingest.ingest_paths([folder], repo, team="Growth", study="Killed"))
        assert contents(repo) == contents(whole)
        assert [finding.message for finding in repo.doctor() if not finding.ok] == []


def test_who_waits_for_their_turn_loads_meanwhile_what_they_need(
    repo: Repository, open_repo: Callable[..., Repository], put: Put, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else everybody would wait for whoever loads models while they hold the repository."""
    held, loaded, seen = threading.Event(), threading.Event(), []

    def load(_: Repository) -> None:
        seen.append(repo.health().writer)
        loaded.set()

    def hold() -> None:
        with other.index.writer("Counting sheep"):
            held.set()
            assert loaded.wait(30)

    monkeypatch.setattr(pipeline, "warm_up", load)
    other = open_repo()
    holder = threading.Thread(target=hold)
    holder.start()
    assert held.wait(30)
    (one,) = put(repo, {"marta.md": MARTA})
    holder.join()
    assert one.status == "added"
    assert len(seen) == 1
    assert seen[0].startswith("Counting sheep")
    put(repo, {"marta.md": MARTA.replace("four", "nine")})
    assert len(seen) == 1, "nobody waits for it where nobody has to wait"


def test_two_ingests_at_once_lose_and_double_nothing(tmp_path: Path, open_repo: Callable[..., Repository]) -> None:
    home = tmp_path / "home"
    repo = open_repo(home)
    database = repo.settings.servers.database
    writers = [start_writer(home, many(tmp_path / name, 8), database) for name in ("left", "right")]
    while any(writer.poll() is None for writer in writers):
        repo.search("calendar kept failing")  # a reader beside two writers never fails
        time.sleep(0.02)
    for writer in writers:
        said, wrong = writer.communicate()
        assert writer.returncode == 0, wrong
        assert said.count("added") + said.count("unchanged") == 8
    assert repo.status().passages == 8 * 4
    assert all(finding.ok for finding in repo.doctor())


OFFLINE = """
import socket, sys
real = socket.socket.connect
def guarded(self, address):
    host = address[0] if isinstance(address, tuple) else ""
    if isinstance(address, tuple) and host not in ("127.0.0.1", "::1", "localhost"):
        raise SystemExit(f"tried to reach {address}")
    return real(self, address)
def refuse(*args, **kwargs):
    raise SystemExit(f"tried to look up {args[0]}")
socket.socket.connect = guarded
socket.socket.connect_ex = guarded
socket.getaddrinfo = refuse
import ingest, research
repo = research.open(sys.argv[1])
outcomes = [one.status for one in ingest.ingest_paths([sys.argv[2]], repo, team="Growth", study="S")]
hits = repo.search("why is setting up slow?")
print(outcomes, hits[0].text)
"""


@pytest.mark.model
def test_the_main_job_reaches_no_network(tmp_path: Path) -> None:
    (tmp_path / "marta.md").write_text(MARTA)
    env = {**os.environ, "HF_HUB_OFFLINE": "", "TRANSFORMERS_OFFLINE": ""}
    done = subprocess.run(
        [sys.executable, "-c", OFFLINE, str(tmp_path / "home"), str(tmp_path / "marta.md")],
        capture_output=True, text=True, env=env, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert "Importing the patient list" in done.stdout


@pytest.mark.embedded
def test_a_damaged_database_says_so(tmp_path: Path, open_repo: Callable[..., Repository]) -> None:
    from research.errors import HeardError

    home = tmp_path / "home"
    home.mkdir()
    (home / "heard.db").write_bytes(b"not a database at all" * 100)
    with pytest.raises(HeardError, match="backup"):
        open_repo(home)


@pytest.mark.embedded
def test_a_lost_index_is_found_and_built_again(sample_repo: Repository, open_repo: Callable[..., Repository]) -> None:
    import shutil

    home = sample_repo.home
    sample_repo.close()
    shutil.rmtree(home / "index")
    repo = open_repo(home)
    assert not all(finding.ok for finding in repo.doctor())
    assert all(finding.ok for finding in repo.doctor(repair=True))
    assert repo.search("importing the patient list")


@pytest.mark.embedded
@pytest.mark.parametrize("damage", ["removed", "torn", "emptied"])
def test_a_damaged_keyword_index_leaves_meaning_to_search_by_and_is_built_again(
    sample_repo: Repository, open_repo: Callable[..., Repository], damage: str
) -> None:
    import shutil

    home = sample_repo.home
    sample_repo.close()
    if damage == "removed":
        shutil.rmtree(home / "keywords")
    elif damage == "torn":
        (home / "keywords" / "meta.json").write_bytes(os.urandom(200))
    else:
        for path in (home / "keywords").glob("*.term"):
            path.write_bytes(b"")
    repo = open_repo(home)
    hits = repo.search("importing the patient list")
    assert hits[0].text.startswith("Importing")
    assert "doctor --repair" in hits.notice
    assert [finding.check for finding in repo.doctor() if not finding.ok] == ["keywords"]
    assert all(finding.ok for finding in repo.doctor(repair=True))
    assert all(finding.ok for finding in repo.doctor())
    assert repo.search('"patient list"')


@pytest.mark.embedded
def test_words_are_still_searched_while_the_index_cannot_be_read(
    sample_repo: Repository, open_repo: Callable[..., Repository], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(index_reader, "EXACT", -1)  # as where there are many
    home = sample_repo.home
    sample_repo.close()
    (home / "index" / "chroma.sqlite3").write_bytes(os.urandom(4096))
    repo = open_repo(home)
    hits = repo.search("importing the patient list")
    assert hits[0].text.startswith("Importing")
    assert "doctor --repair" in hits.notice
    assert all(finding.ok for finding in repo.doctor(repair=True))
    assert not repo.search("importing the patient list").notice


def test_another_model_is_refused_until_the_index_is_built_anew(
    sample_repo: Repository, open_repo: Callable[..., Repository], embedder: WordEmbedder, put: Put
) -> None:
    from research.errors import ModelMismatch

    embedder.name = "other-model"
    with pytest.raises(ModelMismatch, match="heard reindex"):
        sample_repo.search("spreadsheet")
    with pytest.raises(ModelMismatch, match="heard reindex"):
        put(sample_repo, {"a.txt": "P1: The export took all day."})
    sample_repo.reindex()
    assert sample_repo.search("spreadsheet")


def test_nothing_of_a_note_is_in_a_log(
    repo: Repository, put: Put, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    with caplog.at_level(0):
        put(repo, {"marta.md": MARTA})
        repo.search("importing the patient list")
    printed = capfd.readouterr()
    for told in (caplog.text, printed.out, printed.err):
        assert "patient" not in told


@pytest.mark.embedded
def test_the_database_is_sqlite_in_wal_mode_with_a_schema_version(repo: Repository) -> None:
    with sqlite3.connect(repo.home / "heard.db") as connection:
        assert connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)
        assert connection.execute("SELECT version_num FROM alembic_version").fetchone()
    connection.close()
    assert json.dumps(repo.status().model)

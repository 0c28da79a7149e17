"""What servers bring with them beside all that the other tests ask of a repository on them: who waits for whom, what
happens when one is away, and the way there and back."""

from __future__ import annotations

import json
import random
import re
import string
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from urllib.parse import urlsplit

import numpy as np
import pytest
import servers as running
from repository_support import NOTES, WordEmbedder, heard
from servers import Relay
from sqlalchemy import make_url, select

import research
from research import copying, vectors
from research.config import Servers, Settings
from research.errors import BadInput, Busy, DatabaseAway, HeardError, Unwritable
from research.keywords import KeywordIndex, Words
from research.repository import Repository
from research.store import postgres, schema
from research.store.database import Watch, writing
from research.store.word_table import WordTable
from research.words import stems

Put = Callable[..., object]
On = Callable[[Path], Settings]
on_servers = pytest.mark.parametrize("on", ["servers"], indirect=True)
NOWHERE = "http://127.0.0.1:9"


@pytest.mark.parametrize(
    ("servers", "sentence"),
    [
        (Servers(database="postgresql://heard@db.example/heard"), "HEARD_CHROMA_URL is not"),
        (Servers(chroma="http://chroma.example"), "HEARD_DATABASE_URL is not"),
        (Servers(database="mysql://u:secret@db.example/heard", chroma=NOWHERE), "not the address of a PostgreSQL"),
        (Servers(database="postgresql://u:secret@db.example", chroma=NOWHERE), "not the address of a PostgreSQL"),
        (Servers(database="postgresql://u:secret@db.example/heard", chroma="chroma:8000"), "of a Chroma server"),
        (
            Servers(database="postgresql://u:secret@db.example/h", chroma="https://u:secret@c.example"),
            "HEARD_CHROMA_KEY",
        ),
        (Servers(database="postgresql://u:secret@127.0.0.1:9/heard", chroma=NOWHERE), r"u:\*\*\*@127.0.0.1:9/heard"),
    ],
)
def test_servers_that_cannot_be_used_are_refused_in_a_sentence_without_the_password(
    tmp_path: Path, embedder: WordEmbedder, servers: Servers, sentence: str
) -> None:
    with pytest.raises(HeardError, match=sentence) as refused:
        research.open(settings=Settings(tmp_path, servers=servers), embedder=embedder)
    assert "secret" not in f"{refused.value}{Settings(tmp_path, servers=servers)}"


@on_servers
def test_a_repository_on_servers_has_to_be_given_its_key(on: On, tmp_path: Path, embedder: WordEmbedder) -> None:
    repo = research.open(settings=replace(on(tmp_path), key=""), embedder=embedder)
    with pytest.raises(BadInput, match="set HEARD_KEY"):
        _ = repo.key
    assert not (tmp_path / "key").exists()
    repo.close()


@on_servers
def test_status_says_where_it_is_without_a_password(repo: Repository) -> None:
    status = repo.status()
    assert status.database == "PostgreSQL"
    assert re.fullmatch(r"postgresql\+psycopg://.*/heard_test_\w+ and http://.*", status.home)
    assert status.bytes_on_disk > 1_000_000


HOLDER = """
import sys, time, research
sys.path.insert(0, sys.argv[2])
from repository_support import WordEmbedder
repo = research.open(sys.argv[1], embedder=WordEmbedder())
with repo.index.writer("Counting sheep"):
    print("held", flush=True)
    time.sleep(60)
"""


@on_servers
def test_who_writes_for_long_says_so_to_all_and_lets_go_when_killed(repo: Repository) -> None:
    command = [sys.executable, "-c", HOLDER, str(repo.home), str(Path(__file__).parent)]
    holder = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    assert holder.stdout
    assert holder.stdout.readline() == "held\n"
    with (
        pytest.raises(Busy, match=rf"Counting sheep \(process {holder.pid} on .*, since \d\d:\d\d\) is writing"),
        repo.index.writer("A test", wait=0),
    ):
        pass
    assert repo.health().writer.startswith(f"Counting sheep (process {holder.pid} on ")
    holder.kill()
    holder.communicate()
    with repo.index.writer("A test", wait=20):
        pass
    assert not repo.health().writer


@pytest.fixture
def relayed(on: On, tmp_path: Path, embedder: WordEmbedder, put: Put) -> Iterator[tuple[Repository, Relay, Relay]]:
    """A repository with notes, and what leads to its PostgreSQL and its Chroma."""
    there = on(tmp_path / "home")
    database, chroma = make_url(there.servers.database), urlsplit(there.servers.chroma)
    relays = Relay(str(database.host), database.port or 5432), Relay(str(chroma.hostname), chroma.port or 80)
    through = replace(
        there.servers,
        database=database.set(
            host="127.0.0.1", port=relays[0].port, password="secret", query={"connect_timeout": "2"}
        ).render_as_string(hide_password=False),
        chroma=f"http://127.0.0.1:{relays[1].port}",
    )
    repo = research.open(settings=replace(there, servers=through), embedder=embedder)
    put(repo, NOTES["Growth", "Onboarding Q3"])
    yield repo, relays[0], relays[1]
    for relay in relays:
        relay.close()
    repo.close()


@on_servers
def test_a_database_that_hangs_or_is_gone_is_told_in_seconds_and_without_its_password(
    relayed: tuple[Repository, Relay, Relay], monkeypatch: pytest.MonkeyPatch
) -> None:
    repo, database, _ = relayed
    assert (repo.health().problems, repo.health().warnings) == ({}, {})
    database.hang()
    waiting = threading.active_count()
    began = time.monotonic()
    health = repo.health()
    assert time.monotonic() - began < 4
    assert list(health.problems) == ["database"]
    assert [repo.health().problems for _ in range(2)] == [health.problems] * 2
    assert threading.active_count() == waiting + 1, "it is asked once, however often somebody looks"
    assert ":***@127.0.0.1" in health.problems["database"]
    monkeypatch.setenv("HEARD_DATABASE_URL", repo.settings.servers.database)
    for away in (database.hang, database.close):
        away()
        began = time.monotonic()
        told = heard(repo.home, "status", "--json")
        assert time.monotonic() - began < 6
        assert (told.exit_code, list(json.loads(told.stdout)["problems"])) == (1, ["repository"])
        assert "secret" not in f"{health}{told.output}"
    assert list(repo.health().problems) == ["database"]
    with pytest.raises(DatabaseAway, match=r":\*\*\*@127.0.0.1.* cannot be opened"):
        repo.search("importing the patient list")


@on_servers
def test_a_connection_that_breaks_halfway_is_told_and_the_next_question_answered(repo: Repository) -> None:
    with pytest.raises(DatabaseAway, match="terminating connection"), repo.engine.connect() as connection:
        connection.exec_driver_sql("SELECT pg_terminate_backend(pg_backend_pid())")
    assert repo.health().ok


@on_servers
@pytest.mark.parametrize(("state", "said"), [("53100", "no room left"), ("58030", "gave an error")])
def test_what_the_disk_of_the_database_refuses_is_told_and_nothing_is_lost(
    repo: Repository, put: Put, state: str, said: str
) -> None:
    put(repo, {"a.txt": "P1: The export is slow."})
    full = f"""CREATE FUNCTION full_disk() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN RAISE EXCEPTION 'as the server says it' USING ERRCODE = '{state}'; END $$"""
    with writing(repo.engine).begin() as connection:
        connection.exec_driver_sql(full)
        connection.exec_driver_sql(
            "CREATE TRIGGER full_disk BEFORE INSERT ON passage FOR EACH ROW EXECUTE FUNCTION full_disk()"
        )
    with pytest.raises(Unwritable, match=said):
        put(repo, {"b.txt": "P2: The import is slow."})
    with writing(repo.engine).begin() as connection:
        connection.exec_driver_sql("DROP TRIGGER full_disk ON passage")
    put(repo, {"b.txt": "P2: The import is slow."})
    assert [hit.text for hit in repo.search('"slow"')] == ["The export is slow.", "The import is slow."]
    assert all(finding.ok for finding in repo.doctor())


@on_servers
def test_a_name_too_long_for_its_index_is_told(repo: Repository) -> None:
    endless = "".join(random.Random(7).choices(string.ascii_letters, k=20_000))  # of no pattern, which would be packed
    with pytest.raises(BadInput, match="too long to be looked up"):
        repo.save_mapping(endless, {"text": ["Note"]})
    repo.save_mapping(endless[:2_000], {"text": ["Note"]})
    assert list(repo.mappings()) == [endless[:2_000]]


@on_servers
def test_a_chroma_that_hangs_or_is_gone_is_a_warning_and_words_are_searched_meanwhile(
    relayed: tuple[Repository, Relay, Relay], monkeypatch: pytest.MonkeyPatch
) -> None:
    repo, _, chroma = relayed
    monkeypatch.setattr(vectors, "_PATIENCE", 1)
    chroma.hang()
    began = time.monotonic()
    health = repo.health()
    assert time.monotonic() - began < 4
    assert (health.ok, list(health.warnings)) == (True, ["chroma"])
    assert "does not answer" in health.warnings["chroma"]
    repo.index.close()
    hits = repo.search("importing the patient list")  # opens what was closed, and does not wait for ever
    assert hits[0].text.startswith("Importing the patient list")
    chroma.go_on()
    assert not repo.health().warnings
    chroma.close()
    assert list(repo.health().warnings) == ["chroma"]


@on_servers
def test_writers_take_turns_and_each_sees_what_the_one_before_wrote(repo: Repository) -> None:
    """A counter that twenty transactions of two processes read and raise."""
    raising = """
import sys, research
from research.store.database import writing
from research.store.named_values import set_setting, setting
sys.path.insert(0, sys.argv[2])
from repository_support import WordEmbedder
repo = research.open(sys.argv[1], embedder=WordEmbedder())
for _ in range(20):
    with writing(repo.engine).begin() as connection:
        set_setting(connection, "sheep", str(int(setting(connection, "sheep") or 0) + 1))
"""
    command = [sys.executable, "-c", raising, str(repo.home), str(Path(__file__).parent)]
    writers = [subprocess.Popen(command) for _ in range(2)]
    with repo.engine.connect() as connection:  # a reader sees one moment, however long it looks
        query = select(schema.setting.c.value).where(schema.setting.c.key == "sheep")
        before = connection.scalar(query)
        assert [writer.wait() for writer in writers] == [0, 0]
        assert connection.scalar(query) == before
    with repo.engine.connect() as connection:
        assert connection.scalar(query) == "40"


@on_servers
def test_an_erasure_that_is_read_past_for_too_long_says_so_and_is_finished_later(
    repo: Repository, put: Put, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(repo, {"a.txt": "P4: The flummery import never finishes on Mondays."})
    (hit,) = repo.search("flummery import")
    with repo.engine.connect() as reading, monkeypatch.context() as patience:
        reading.execute(select(schema.passage.c.text)).all()
        patience.setattr(postgres, "_PATIENCE", 0)
        with pytest.raises(Busy, match=r"still hold it \(.*passage.*heard doctor --repair"):
            repo.forget(hit.participant)
    assert not repo.search("flummery import")
    assert [finding.check for finding in repo.doctor() if not finding.ok] == ["erasure"]
    assert all(finding.ok for finding in repo.doctor(repair=True))
    assert not [
        name for name, content in running.files(repo.settings.servers.database).items() if b"flummer" in content
    ]


@on_servers
def test_reading_writes_nothing_and_every_write_is_noticed(repo: Repository) -> None:
    watch = Watch(repo.engine)
    before = watch.version()
    with pytest.raises(Exception, match="read-only"), repo.engine.begin() as connection:
        connection.execute(schema.team.insert().values(name="Growth"))
    with writing(repo.engine).begin() as connection:
        connection.execute(schema.team.insert().values(name="Growth"))
    assert watch.version() != before
    watch.close()


@on_servers
def test_without_chroma_notes_come_in_and_words_are_searched_and_later_all_is_well(
    on: On, tmp_path: Path, embedder: WordEmbedder, put: Put
) -> None:
    there = on(tmp_path / "home")
    away = research.open(settings=replace(there, servers=replace(there.servers, chroma=NOWHERE)), embedder=embedder)
    put(away, NOTES["Growth", "Onboarding Q3"])
    hits = away.search("importing the patient list")
    assert hits[0].text.startswith("Importing the patient list")
    for repair in (False, True):
        (wrong,) = [finding for finding in away.doctor(repair=repair) if not finding.ok]
        assert wrong.message.startswith(f"The Chroma server at {NOWHERE} does not answer")
    away.close()
    back = research.open(settings=there, embedder=embedder)
    embedder.embedded.clear()
    assert all(finding.ok for finding in back.doctor(repair=True))
    embedded = sum("patient list took" in text for text in embedder.embedded)
    assert embedded <= 1, "embedded again in vain: doctor itself did so to compare"
    assert back.search("importing the patient list").notice == ""
    back.close()


@pytest.fixture
def both(on: On, tmp_path: Path, embedder: WordEmbedder) -> Iterator[tuple[KeywordIndex, WordTable]]:
    """A keyword index of each kind, empty."""
    repo = research.open(settings=on(tmp_path / "home"), embedder=embedder)
    yield KeywordIndex(tmp_path / "words"), WordTable(repo.engine)
    repo.close()


SAID = (
    ("The spreadsheet export fails every month", "What about exports?"),
    ("We export by hand, and the spreadsheet is wrong", ""),
    ("It's Zoë's café: crème brûlée, 100 % of it_all", "Who's there?"),
    ("Nobody told us which row was wrong", "What happened to the export?"),
)


@on_servers
def test_words_are_found_and_counted_as_the_embedded_index_does(both: tuple[KeywordIndex, WordTable]) -> None:
    for index in both:
        index.put(Words(n, f"note {n}", text, context) for n, (text, context) in enumerate(SAID, start=1))
    files, table = both
    words = {stem for text, context in SAID for stem in stems(f"{text} {context}")} | {"nothing", "it's"}
    assert table.holding(words) == files.holding(words)
    for index in both:
        index.put([Words(4, "note 4", "Nobody told us which column it was", "What happened to the export?")], gone=[2])
    assert table.rows().tolist() == sorted(files.rows().tolist()) == [1, 3, 4]
    assert table.holding(["column", "wrong", "spreadsheet"]) == (3, {"column": 1, "wrong": 0, "spreadsheet": 1})
    assert table.holding(words, ["note 1", "note 4"])[0] == 0, "there are no such notes in SQL"
    for wanted in (["export"], ["wrong"], ["spreadsheet", "column"], ["zoe", "cafe"], ["nothing"]):
        assert set(table.search(wanted, (), 10)) == set(files.search(wanted, (), 10)), wanted
    assert table.search(["export"], (), 10).tolist()[0] == 1, "own words count more than those of the question"


@on_servers
def test_a_stem_that_nobody_says_any_more_is_not_kept(both: tuple[KeywordIndex, WordTable]) -> None:
    _, table = both
    table.put([Words(1, "note", "the quincunx is zephyrous", "")])
    table.put([], gone=[1])
    assert table.holding(["quincunx"]) == (0, {"quincunx": 0})
    with table._engine.connect() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM stem").scalar() == 0


def contents(repo: Repository) -> dict[str, list[tuple[object, ...]]]:
    """All that is stored, but for where the indexes stand."""
    of_one_place = ("chroma", "cleared", "collection", "writer", "generation")
    with repo.engine.connect() as connection:
        found = {
            table.name: [
                tuple(value for column, value in row.items() if column not in ("state", "stamp"))
                for row in connection.execute(select(table).order_by(*table.primary_key)).mappings()
            ]
            for table in schema.metadata.sorted_tables
            if table is not schema.gone
        }
    return found | {"setting": [row for row in found["setting"] if row[0] not in of_one_place]}


@on_servers
def test_a_repository_is_copied_to_servers_and_back_with_all_that_is_in_it(
    on: On, tmp_path: Path, embedder: WordEmbedder, put: Put, monkeypatch: pytest.MonkeyPatch
) -> None:
    key = on(tmp_path / "servers").key
    home = research.open(settings=Settings(tmp_path / "home", key=key), embedder=embedder)
    for (team, study), files in NOTES.items():
        put(home, files, team, study)
    hit = home.search("importing the patient list")[0]
    home.tag(hit.id, "mine")
    home.insights.add("Importing takes days", owner="Ana", team="Growth")
    home.people.plan(hit.participant, date(2027, 6, 1), team="Growth", purpose="a call")
    home.delete_note(home.search("waited three days for an answer")[0].note_id)  # the last row will not come again
    stored = contents(home)
    embedder.embedded.clear()
    copying.copy(home, on(tmp_path / "servers"), lambda _, __: None)
    assert not embedder.embedded
    assert contents(home) == stored

    servers = research.open(settings=on(tmp_path / "servers"), embedder=embedder, now=home.now)
    assert contents(servers) == stored
    assert all(finding.ok for finding in servers.doctor())
    assert servers.search("importing the patient list", tag="mine")[0].id == hit.id
    rows = [row[0] for row in stored["passage"]]
    assert np.array_equal(servers.index._indexes.matrix.read(rows), home.index._indexes.matrix.read(rows))
    with pytest.raises(BadInput, match="something in that place already"):
        copying.copy(home, servers.settings, lambda _, __: None)
    put(servers, {"new.txt": "P9: The calendar swallowed every second appointment."})
    with home.engine.connect() as connection:
        given = connection.exec_driver_sql("SELECT seq FROM sqlite_sequence WHERE name = 'passage'").scalar()
    assert max(row[0] for row in contents(servers)["passage"]) == given + 1

    monkeypatch.setenv("HEARD_KEY", key)
    back = replace(on(tmp_path / "servers"), home=tmp_path / "back", servers=Servers())
    copying.copy(servers, back, lambda _, __: None)
    again = research.open(settings=back, embedder=embedder, now=home.now)
    assert contents(again) == contents(servers)
    assert all(finding.ok for finding in again.doctor())
    for one in (again, servers, home):
        one.close()


@on_servers
def test_the_command_copies_and_says_what_else_is_needed(
    on: On, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    there = on(tmp_path / "home").servers
    for name in ("HEARD_DATABASE_URL", "HEARD_CHROMA_URL", "HEARD_KEY"):
        monkeypatch.delenv(name)
    (tmp_path / "a.txt").write_text("P1: The export is far too slow for us every month.")
    assert heard(tmp_path / "home", "ingest", str(tmp_path / "a.txt"), "--team", "G").exit_code == 0
    done = heard(tmp_path / "home", "copy", "--to", there.database, "--chroma", there.chroma)
    assert done.exit_code == 0, done.output
    assert "Copied 1 note with 1 passage." in done.output
    assert "Its key was not" in done.output
    monkeypatch.setenv("HEARD_DATABASE_URL", there.database)
    monkeypatch.setenv("HEARD_CHROMA_URL", there.chroma)
    assert "too slow" in heard(tmp_path / "home", "search", "export").output
    assert heard(tmp_path / "home", "doctor").exit_code == 0

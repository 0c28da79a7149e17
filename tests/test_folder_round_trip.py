"""A repository as Markdown and CSV: what Heard hands out reads back as it was, and needs nobody's program to be read."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Mapping
from contextlib import closing, suppress
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
import yaml
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from repository_support import WordEmbedder, heard
from round_trip_support import passages, state, studies, taken_off

import ingest
from heard.folders import write
from ingest.models import Outcome, Source
from research.access import Member
from research.config import Settings
from research.errors import HeardError, NotFound, Refused
from research.exchange.folder import CASE, CONTENTS
from research.exchange.zipping import zipped
from research.person import PersonSummary
from research.repository import Repository

Put = Callable[..., list[Outcome]]
NOW = datetime(2026, 11, 22, 9, 30)
TODAY = NOW.date()


@pytest.fixture
def rich(sample_repo: Repository) -> Repository:
    """A repository of which people made something."""
    repo = sample_repo
    first, second, third = (note.passages[0] for note in map(repo.note, [n.id for n in repo.notes()][:3]))
    repo.describe_study("Growth", "Onboarding Q3", owner="Nadia", method="calls", questions="What is hard?\nWhy?")
    repo.keep_study("Growth", "Onboarding Q3", keep_days=900, asked=False)
    repo.tag(first.id, "a tag; with a semicolon")
    repo.tag(first.id, "=1+1")
    repo.tag(second.id, "pain")
    repo.untag(second.id, "pain")
    people = repo.people
    one, two, three, *_ = [person.pseudonym for person in people.all()]
    people.consent(one, given=date(2026, 1, 1), expires=date(2027, 1, 1))
    people.plan(two, TODAY + timedelta(days=9), team="Growth", purpose="a call, a visit")
    people.mark(three, "opted out")
    people.not_same(one, two)
    people.set_rules("rest_days: 12\n")
    code = repo.insights.add("Exports\tare slow", team="Growth", contrary="They are “fast”")
    repo.insights.link(code, first.id, "for")
    repo.insights.link(code, second.id, "against")
    repo.insights.dismiss(code, third.id)
    repo.insights.decide(code, "supported", "Two said so; =really")
    repo.insights.outcome(code, "Exports a day", before="3", target="9", by=date(2027, 3, 1))
    repo.insights.remove(repo.insights.add("Nobody ever said this"))
    repo.insights.add("Reminders fail", kind="market")
    repo.kept.keep_questions(["Do they print it?"], team="Growth")
    repo.kept.follow("Billing", "invoices")
    repo.save_mapping("tickets", {"text": ["words"], "participant": "who"})
    repo.set_nobodys_names(["Northwind", "Harbour"])
    repo.themes()
    return repo


def told(files: Mapping[str, bytes]) -> dict[str, str]:
    """The files without what follows from the repository's own key and from the moment of writing."""
    return {name: re.sub(r"[0-9a-f]{8}-[0-9a-f-]{27}", "", data.decode()) for name, data in files.items()}


def table(files: Mapping[str, bytes], name: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(files[name].decode("utf-8-sig"), newline="")))


def nameless(repo: Repository) -> list[PersonSummary]:
    """Everybody, without whether it is known who they are, which no file says."""
    return [replace(one, identified=False) for one in repo.people.all()]


def take(files: Mapping[str, bytes], repo: Repository, folder: Path) -> list[Outcome]:
    write(folder, files)
    return list(ingest.ingest_paths([folder], repo))


def opened(home: Path) -> Repository:
    return Repository(Settings(home=home), embedder=WordEmbedder(), now=lambda: NOW)


def test_a_repository_comes_back_as_it_was(
    rich: Repository, open_repo: Callable[..., Repository], tmp_path: Path
) -> None:
    files = rich.all_as_files()
    other = open_repo(tmp_path / "other")
    outcomes = take(files, other, tmp_path / "out")
    assert {one.status for one in outcomes} == {"added"}
    assert [one.unplaced for one in outcomes if one.unplaced] == []
    assert told(other.all_as_files()) == told(files)
    assert state(other) == state(rich)
    assert studies(other) == studies(rich)
    assert taken_off(other) == taken_off(rich)
    assert nameless(other) == nameless(rich)
    assert [other.people.contacts(one.pseudonym) for one in other.people.all()] == [
        rich.people.contacts(one.pseudonym) for one in rich.people.all()
    ]
    assert other.insights.all() == rich.insights.all()
    assert other.insights.history("I-0001") == rich.insights.history("I-0001")
    assert other.themes() == rich.themes()
    assert other.brief() == rich.brief()
    assert (other.taxonomy.source, other.mappings(), other.nobodys_names, other.people.rules_source) == (
        rich.taxonomy.source, rich.mappings(), rich.nobodys_names, rich.people.rules_source
    )  # fmt: skip
    assert [hit.id for hit in other.search("export the report")] == [h.id for h in rich.search("export the report")]


def test_what_comes_next_goes_on_where_the_other_left_off(
    rich: Repository, open_repo: Callable[..., Repository], put: Put, tmp_path: Path
) -> None:
    other = open_repo(tmp_path / "other")
    take(rich.all_as_files(), other, tmp_path / "out")
    assert other.insights.add("A claim that is new") not in {one.code for one in rich.insights.all()}
    put(other, {"new.md": "Interviewer: Why?\nIvo Hartwig: The keys are always lost at the door.\n"}, study="New")
    (note,) = other.notes(study="New")
    assert note.participants[0].pseudonym not in {one.pseudonym for one in rich.people.all()}
    other.people.plan(note.participants[0].pseudonym, TODAY + timedelta(days=3), team="Growth")
    other.kept.keep_questions(["Where do keys go?"], team="Growth")
    assert all(finding.ok for finding in other.doctor())


def test_where_it_is_from_nothing_changes(rich: Repository, tmp_path: Path) -> None:
    files = rich.all_as_files()
    outcomes = take(files, rich, tmp_path / "out")
    assert {one.status for one in outcomes} == {"unchanged"}
    assert told(rich.all_as_files()) == told(files)


def test_a_zip_of_it_is_the_same(rich: Repository, open_repo: Callable[..., Repository], tmp_path: Path) -> None:
    files = rich.all_as_files()
    other = open_repo(tmp_path / "other")
    inside = {f"a folder/{name}": data for name, data in files.items()} | {"a folder/.DS_Store": b"x"}
    sources = ingest.sources.from_upload("out.zip", zipped(inside), ingest.ReadOptions())
    list(ingest.ingest_sources(sources, other))
    assert told(other.all_as_files()) == told(files)


def test_other_files_of_the_same_zip_come_in_as_ever(
    rich: Repository, open_repo: Callable[..., Repository], tmp_path: Path
) -> None:
    other = open_repo(tmp_path / "other")
    note = b"Interviewer: Why?\nIvo Hartwig: The keys are always lost at the door.\n"
    inside = {f"out/{name}": data for name, data in rich.as_files(study="Onboarding Q3").items()} | {"keys.md": note}
    sources = ingest.sources.from_upload("both.zip", zipped(inside), ingest.ReadOptions())
    list(ingest.ingest_sources(sources, other, team="Locks"))
    assert {(one.team, one.title) for one in other.notes()} >= {("Locks", "keys")}
    assert len(other.notes()) == len(rich.notes(study="Onboarding Q3")) + 1


def test_it_says_beforehand_what_would_come(
    rich: Repository, open_repo: Callable[..., Repository], tmp_path: Path
) -> None:
    other = open_repo(tmp_path / "other")
    write(tmp_path / "out", rich.all_as_files())
    *notes, beside = ingest.preview(ingest.walk([tmp_path / "out"], ingest.ReadOptions()), other)
    assert {note.title for note in notes} == {note.title for note in rich.notes()}
    assert {"insights: 2", "evidence: 2", "consents: 1"} <= set(beside.brought)
    assert other.notes() == []
    assert other.insights.all() == []


def test_a_note_is_markdown_that_anybody_reads(rich: Repository) -> None:
    files = rich.as_files(study="Onboarding Q3")
    (name,) = (name for name in files if "Northwind" in name)
    _, front, text = files[name].decode().split("---\n", 2)
    about = yaml.safe_load(front)
    note = rich.note(about["note"])
    assert name == f"notes/Growth/Onboarding Q3/{note.summary.date} {note.summary.title}.md"
    assert (about["team"], about["study"], about["date"]) == ("Growth", "Onboarding Q3", note.summary.date)
    for turn in note.turns:
        assert f"{turn.speaker}: {turn.text.splitlines()[0]}" in text
    for row in table(files, "passages.csv"):
        if row["note"] == about["note"]:
            said = text.removeprefix("\n")[int(row["start"]) : int(row["end"])]
            assert said.split() == row["words"].split()


def test_a_study_takes_along_what_it_is_about_and_nothing_else(rich: Repository) -> None:
    files = rich.as_files(study="Onboarding Q3")
    assert [row["study"] for row in table(files, "studies.csv")] == ["Onboarding Q3"]
    heard_in = {p.pseudonym for note in rich.notes(study="Onboarding Q3") for p in note.participants}
    assert {row["participant"] for row in table(files, "participants.csv")} == heard_in
    assert sorted(name for name in files if not name.startswith("notes/")) == [
        "README.md", CONTENTS, "marks.csv", "participants.csv", "passages.csv", "studies.csv", "taxonomy.yaml",
    ]  # fmt: skip
    with pytest.raises(NotFound):
        rich.as_files(study="No such study")


def test_nobodys_name_goes_out(rich: Repository) -> None:
    names = [name for _, name, _ in rich.people.names()]
    assert names
    whole = b"\n".join(rich.all_as_files().values()).decode()
    assert not [name for name in names if name in whole]


def test_what_may_not_be_shown_today_is_in_no_file_and_the_consent_is(
    rich: Repository, open_repo: Callable[..., Repository], tmp_path: Path
) -> None:
    person = rich.people.all()[0].pseudonym
    said = rich.search("", participant=person)[0].text
    rich.people.withdraw(person)
    files = rich.all_as_files()
    assert not [name for name, data in files.items() if said in data.decode()]
    assert table(files, "consents.csv")[0]["withdrawn"] == str(TODAY)
    other = open_repo(tmp_path / "other")
    take(files, other, tmp_path / "out")
    assert other.people.one(person).standing == rich.people.one(person).standing
    assert told(other.all_as_files()) == told(files)


def test_a_closed_study_is_closed_from_the_first_moment(
    rich: Repository, open_repo: Callable[..., Repository], tmp_path: Path
) -> None:
    rich.keep_to_team("Growth", "Onboarding Q3", until=date(2027, 1, 1))
    files = rich.all_as_files()
    other = open_repo(tmp_path / "other")
    take(files, other, tmp_path / "out")
    stranger = Member("pat@example.org", "admin", frozenset({"Billing"}))
    assert studies(other) == studies(rich)
    assert "Onboarding Q3" not in {one.title for one in other.as_member(stranger).studies()}
    left = {name: data.decode() for name, data in rich.as_member(stranger).all_as_files().items()}
    closed = {passage.id for note in rich.notes(study="Onboarding Q3") for passage in rich.note(note.id).passages}
    assert closed
    assert not [name for name, text in left.items() if "Onboarding" in text or "Northwind" in name]
    assert not [name for name, text in left.items() if any(id_ in text for id_ in closed)]


def test_only_who_administers_takes_the_whole_out_or_in(
    rich: Repository, open_repo: Callable[..., Repository], tmp_path: Path
) -> None:
    researcher = Member("pat@example.org", "researcher", frozenset({"Growth", "Billing", "Support", "Scheduling"}))
    with pytest.raises(Refused):
        rich.as_member(researcher).all_as_files()
    other = open_repo(tmp_path / "other")
    outcomes = take(rich.all_as_files(), other.as_member(researcher), tmp_path / "out")
    assert len(other.notes()) == len(rich.notes())
    assert other.insights.all() == []
    assert "an administrator" in next(one.left_out for one in outcomes if one.left_out)[0]


def test_what_a_repository_has_of_its_own_stays(
    rich: Repository, open_repo: Callable[..., Repository], tmp_path: Path
) -> None:
    other = open_repo(tmp_path / "other")
    mine = other.insights.add("Ours")
    other.people.set_rules("rest_days: 77\n")
    other.describe_study("Growth", "Onboarding Q3", owner="Us")
    outcomes = take(rich.all_as_files(), other, tmp_path / "out")
    assert [one.code for one in other.insights.all()] == [mine]
    assert other.people.rules_source == "rest_days: 77\n"
    assert next(s.owner for s in other.studies() if s.title == "Onboarding Q3") == "Us"
    assert "insights (2 rows): this repository has its own" in next(o.left_out for o in outcomes if o.left_out)


def test_who_is_somebody_else_here_gets_another_number_everywhere(
    rich: Repository, open_repo: Callable[..., Repository], put: Put, tmp_path: Path
) -> None:
    theirs = rich.people.contacts("P-0002")
    other = open_repo(tmp_path / "other")
    put(other, {"a.md": "Interviewer: Why?\nIvo Hartwig: The keys are always lost.\n"} | {
        f"{n}.md": f"Interviewer: Why?\nOrla Fenwick{'abcdefg'[n]}: The keys are always lost here.\n" for n in range(7)
    }, study="Elsewhere")  # fmt: skip
    before = {one.pseudonym for one in other.people.all()}
    if any(one.key == other.key for one in (rich,)):
        pytest.skip("one key: whoever comes is known")
    take(rich.all_as_files(), other, tmp_path / "out")
    new = [one.pseudonym for one in other.people.all() if one.pseudonym not in before]
    assert len(new) == len(rich.people.all())
    assert [one.purpose for name in new for one in other.people.contacts(name)] == [one.purpose for one in theirs]


def test_the_words_of_two_who_are_one_name_the_one(
    rich: Repository, put: Put, open_repo: Callable[..., Repository], tmp_path: Path
) -> None:
    put(rich, {"ben.md": "Interviewer: Why?\nBen Achterberg: I am the one who says so.\n"}, study="Talk")
    put(
        rich,
        {"b.md": "Interviewer: Ben Achterberg, why?\nBen Achterberg: Achterberg it is, and so it stays.\n"},
        "Other",
    )
    one, other = (person.pseudonym for person in rich.people.all()[-2:])
    rich.people.merge(one, other)
    texts = [rich.note(note.id).text for note in rich.notes(participant=one)]
    assert not [text for text in texts if other in text]
    assert [text for text in texts if f"{one}, why?" in text]
    files = rich.all_as_files()
    third = open_repo(tmp_path / "other")
    take(files, third, tmp_path / "out")
    assert told(third.all_as_files()) == told(files)


def test_a_note_that_is_edited_in_its_folder_is_edited_here(
    rich: Repository, open_repo: Callable[..., Repository], tmp_path: Path
) -> None:
    other, folder = open_repo(tmp_path / "other"), tmp_path / "out"
    take(rich.all_as_files(), other, folder)
    note = other.notes(title="Northwind")[0]
    said = other.note(note.id).passages[-1]
    (file,) = folder.rglob("*Northwind*.md")
    file.write_text(
        file.read_text().replace("Interviewer: ", "Interviewer: Well, ").replace(said.text[:20], "New words, ")
    )
    outcomes = list(ingest.ingest_paths([folder], other))
    changed = next(one for one in outcomes if one.note_id == note.id)
    assert changed.status == "updated"
    assert [one.text for one in changed.unplaced] == [said.text]
    assert "Well, " in other.note(note.id).text
    assert len(other.notes()) == len(rich.notes())


def test_what_is_not_in_the_folder_any_more_stays(
    rich: Repository, open_repo: Callable[..., Repository], tmp_path: Path
) -> None:
    other, folder = open_repo(tmp_path / "other"), tmp_path / "out"
    take(rich.all_as_files(), other, folder)
    take(rich.as_files(study="Onboarding Q3"), other, folder)
    assert state(other) == state(rich)


def test_a_tag_that_was_put_on_in_the_table_comes_back(rich: Repository, tmp_path: Path) -> None:
    files = rich.all_as_files()
    passage = rich.note(rich.notes(title="Northwind")[0].id).passages[0]
    rows = table(files, "passages.csv")
    out = io.StringIO()
    writer = csv.DictWriter(out, list(rows[0]), delimiter=";")  # as some spreadsheet programs save it
    writer.writeheader()
    writer.writerows({**row, "tags": "came back"} if row["passage"] == passage.id else row for row in rows)
    take({**files, "passages.csv": out.getvalue().encode("utf-8-sig")}, rich, tmp_path / "out")
    again = next(p for p in rich.note(passage.note_id).passages if p.id == passage.id)
    assert ("came back", "person") in {(tag.tag, tag.source) for tag in again.tags}


BROKEN: dict[str, tuple[Callable[[dict[str, bytes]], Any], str]] = {
    "no passages": (lambda files: files.pop("passages.csv"), "lies beside no passages.csv"),
    "another version": (lambda files: files.update({CONTENTS: b"format: 2\n"}), "another version of Heard"),
    "no contents": (lambda files: files.update({CONTENTS: b"&a [*a]"}), "cannot be read"),
    "a tag twice": (lambda files: files.update({"taxonomy.yaml": b"tags: [{name: a}, {name: A}]"}), "twice"),
    "no day": (
        lambda files: files.update({"consents.csv": files["consents.csv"].replace(b"2027-01-01", b"2027-13-01")}),
        "“2027-13-01” is nothing that can stand under “expires” (line 2 of the table of consents)",
    ),
    "no kind": (
        lambda files: files.update({"insights.csv": files["insights.csv"].replace(b"market", b"weather")}),
        "“weather” is nothing that can stand under “kind”",
    ),
    "no code": (
        lambda files: files.update({"insights.csv": files["insights.csv"].replace(b"I-0001", b"I-" + b"9" * 40)}),
        "is no code",
    ),
}


def test_a_folder_that_is_broken_is_told_of_and_nothing_comes_in(
    rich: Repository, open_repo: Callable[..., Repository], tmp_path: Path, subtests: pytest.Subtests
) -> None:
    whole, other = rich.all_as_files(), open_repo(tmp_path / "other")
    before = other.taxonomy
    for what, (harm, sentence) in BROKEN.items():
        with subtests.test(what):
            files = dict(whole)
            harm(files)
            (outcome,) = (one for one in take(files, other, tmp_path / what) if one.status == "failed")
            assert sentence in (outcome.error or "")
            assert other.notes() == []
            assert other.people.all() == []
            assert other.taxonomy == before


def test_any_text_in_any_cell_is_taken_in_or_a_sentence(rich: Repository) -> None:
    files = rich.all_as_files()
    tables = [name for name in files if name.endswith(".csv")]
    odd = st.sampled_from(
        ["", "0", "-1", "9" * 30, "yes", "[]", "{}", '"\\u0000"', "P-0001", "I-0001", "T-9999", "2026-02-30"]
    )

    @settings(
        deadline=None, max_examples=12, phases=(Phase.reuse, Phase.generate)
    )  # an example takes a third of a second
    @given(st.sampled_from(tables), st.integers(0, 50), st.integers(0, 20), odd | st.text(max_size=20))
    def held(name: str, line: int, column: int, said: str) -> None:
        rows = list(csv.reader(io.StringIO(files[name].decode("utf-8-sig"), newline="")))
        row = rows[line % len(rows)]
        row[column % len(row)] = said
        out = io.StringIO()
        csv.writer(out).writerows(rows)
        with TemporaryDirectory() as folder, closing(opened(Path(folder) / "home")) as other:
            changed = {**files, name: out.getvalue().encode("utf-8", "replace")}
            outcomes = take(changed, other, Path(folder) / "out")
            for one in outcomes:
                assert one.error is None or ("could not be read" not in one.error and one.error.endswith("."))
            if other.notes():
                other.insights.all()
                other.people.all()
                other.brief()
                other.mappings()
                other.all_as_files()

    held()


def test_names_of_any_length_come_back(repo: Repository, open_repo: Callable[..., Repository], tmp_path: Path) -> None:
    endless = "what people say of it when nobody asks, " * 9
    front = f"---\nstudy: {endless}\nsegment: {endless}\n---\n"
    list(ingest.ingest_sources([Source("a.md", "a", f"{front}P1: The export is slow.".encode())], repo, team=endless))
    repo.save_mapping(endless, {"text": ["Note"]})
    repo.tag(passages(repo)[0], endless)
    files, other = repo.all_as_files(), open_repo(tmp_path / "other")
    assert {one.error for one in take(files, other, tmp_path / "out")} == {None}
    assert told(other.all_as_files()) == told(files)


def test_its_contents_alone_are_not_enough(repo: Repository, tmp_path: Path) -> None:
    (outcome,) = ingest.ingest_sources([Source(CONTENTS, "key", b"format: 1\n")], repo)
    assert "Give the whole folder" in (outcome.error or "")


def test_the_command_writes_it_and_takes_it_in(
    rich: Repository, open_repo: Callable[..., Repository], tmp_path: Path
) -> None:
    rich.close()
    out = tmp_path / "out"
    done = heard(rich.home, "export", str(out))
    assert (done.exit_code, "5 notes written to" in done.output) == (0, True), done.output
    (out / "notes" / "Growth" / "left over.md").write_text("---\nnote: x\n---\n")
    (out / ".git").mkdir()
    assert heard(rich.home, "export", str(out)).exit_code == 0
    assert not (out / "notes" / "Growth" / "left over.md").exists()
    assert (out / ".git").exists()
    assert heard(rich.home, "export", str(tmp_path / "one.zip"), "--study", "Onboarding Q3").exit_code == 0
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "thesis.md").write_text("mine")
    refused = heard(rich.home, "export", str(tmp_path / "mine"))
    assert (refused.exit_code, "holds other files" in refused.output) == (1, True), refused.output


# -- any repository --------------------------------------------------------------------------------------------------

words = st.lists(
    st.sampled_from(
        ["export", "of", "7", "reports", "took", "days,", "Friday:", "**none**", "#", "[it]", "–", "👍", "é", "=1", "'"]
    ),
    min_size=3,
    max_size=30,
).map(" ".join)
speakers = st.sampled_from(["Ivo Hartwig", "Orla Fenwick", "Interviewer", "Ben Achterberg"])
notes = st.lists(st.lists(st.tuples(speakers, words, st.booleans()), min_size=1, max_size=6), min_size=1, max_size=4)
days = st.dates(date(2024, 1, 1), date(2028, 1, 1))
names = st.sampled_from(["a tag", "Ünique / odd; one", "=SUM(A1)", "'quoted", "two\u2003spaces"])


def anything_done(repo: Repository, draw: Callable[[Any], Any]) -> None:
    """One of all the things that people do."""
    people = [one.pseudonym for one in repo.people.all()]
    codes = [one.code for one in repo.insights.all()]
    study, some, say = draw(st.sampled_from(repo.studies())), draw(st.sampled_from(passages(repo))), draw(words)
    someone, other = draw(st.sampled_from(people)), draw(st.sampled_from(people))
    code = draw(st.sampled_from(codes or ["I-0001"]))

    def theme() -> str:
        return draw(st.sampled_from([one.id for one in repo.themes()] or ["T-0001"]))

    deeds: list[Callable[[], object]] = [
        lambda: repo.tag(some, draw(names)),
        lambda: repo.untag(some, draw(names)),
        lambda: repo.describe_study(study.team, study.title, owner=say, questions=f"{say}\n{say}"),
        lambda: repo.keep_study(
            study.team, study.title, keep_days=draw(st.integers(1, 9000)), asked=draw(st.booleans())
        ),
        lambda: repo.keep_to_team(study.team, study.title, until=draw(st.none() | st.dates(date(2026, 12, 1)))),
        lambda: repo.people.consent(someone, given=draw(days), expires=draw(st.none() | days), scope=say[:40]),
        lambda: repo.people.withdraw(someone),
        lambda: repo.people.mark(someone, draw(st.sampled_from(["", "opted out", "do not contact"]))),
        lambda: repo.people.plan(someone, TODAY + timedelta(days=draw(st.integers(1, 90))), purpose=say, reason=say),
        lambda: repo.people.not_same(someone, other),
        lambda: repo.people.merge(someone, other),
        lambda: repo.insights.add(say, kind=draw(st.sampled_from(["customer", "market"])), contrary=say),
        lambda: repo.insights.link(code, some, draw(st.sampled_from(["for", "against"]))),
        lambda: repo.insights.dismiss(code, some),
        lambda: repo.insights.decide(code, draw(st.sampled_from(["supported", "refuted", "hypothesis"])), say),
        lambda: repo.insights.kata(code, now=say, learned=say),
        lambda: repo.insights.remove(code),
        lambda: repo.kept.keep_questions([say], team="Growth"),
        lambda: repo.kept.follow("Billing", say),
        lambda: repo.set_nobodys_names([say]),
        lambda: repo.save_mapping(say, {"text": [say]}),
        lambda: repo.rename_tag(draw(st.sampled_from([tag.name for tag in repo.taxonomy.tags])), say),
        lambda: repo.theming.rename(theme(), say),
        lambda: repo.theming.hide(theme()),
        lambda: repo.delete_note(repo.notes()[0].id) if len(repo.notes()) > 1 else None,
    ]
    with suppress(HeardError):  # it could not be done just then, and people are told so
        draw(st.sampled_from(deeds))()


@settings(deadline=None, max_examples=8, phases=(Phase.reuse, Phase.generate))  # an example takes half a second
@given(notes=notes, day=st.none() | days, data=st.data())
def test_whatever_people_did_comes_back(
    notes: list[list[tuple[str, str, bool]]], day: date | None, data: st.DataObject
) -> None:
    with TemporaryDirectory() as folder:
        one, other = opened(Path(folder) / "one"), opened(Path(folder) / "other")
        sources = [
            Source(
                f"{n}.md", str(n), (f"---\ndate: {day}\ntags: [a, b]\n---\n" if day else "").encode() + "\n\n".join(
                    (f"## {text}\n\n" if headed else "") + f"{who}: {text}" for who, text, headed in note
                ).encode(),
            )
            for n, note in enumerate(notes)
        ]  # fmt: skip
        list(ingest.ingest_sources(sources, one, team="Growth", study="Keys: a/b"))
        for _ in range(data.draw(st.integers(0, 12))):
            if passages(one):
                anything_done(one, data.draw)
        if passages(one):
            files = one.all_as_files()
            assert {one.error for one in take(files, other, Path(folder) / "out")} == {None}
            assert told(other.all_as_files()) == told(files)
            if not any(one.note(note.id).hidden for note in one.notes()):  # blanks stand for what is hidden
                assert state(other) == state(one)
                assert other.insights.all() == one.insights.all()
                assert nameless(other) == nameless(one)
            take(other.all_as_files(), other, Path(folder) / "again")
            assert told(other.all_as_files()) == told(files)
        one.close()
        other.close()


def test_the_column_by_which_participants_are_known_again_is_in_the_table(rich: Repository) -> None:
    rows = table(rich.all_as_files(), "participants.csv")
    assert all(re.fullmatch(r"[0-9a-f-]{36}", row[CASE]) for row in rows)

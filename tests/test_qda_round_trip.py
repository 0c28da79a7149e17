"""What Heard hands out as a QDA project it reads back as it was; other tools find in it what the standard says."""

from __future__ import annotations

import io
import os
import re
import zipfile
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from lxml import etree
from repository_support import WordEmbedder
from round_trip_support import passages, state, studies, taken_off

import ingest
from ingest.models import Source
from research.access import Member
from research.config import Settings
from research.errors import NotFound
from research.exchange import notation
from research.models import Turn
from research.repository import Repository

Put = Callable[..., list[ingest.Outcome]]
NOW = datetime(2026, 11, 22, 9, 30)
SCHEMA = Path(os.environ.get("HEARD_CORPORA", Path(__file__).parents[2] / "shared" / "corpora")).parent / "refi"


def opened(home: Path) -> Repository:
    return Repository(Settings(home=home), embedder=WordEmbedder(), now=lambda: NOW)


def put_back(data: bytes, repo: Repository, team: str = "") -> list[ingest.Outcome]:
    return list(ingest.ingest_sources([Source("out.qdpx", "out", data)], repo, team=team))


def test_a_repository_comes_back_as_it_was(sample_repo: Repository, tmp_path: Path) -> None:
    sample_repo.describe_study(
        "Growth", "Onboarding Q3", owner="Nadia", method="calls", questions="What is hard?\nWhy?"
    )
    first, second = (note.passages[0] for note in map(sample_repo.note, [n.id for n in sample_repo.notes()][:2]))
    sample_repo.tag(first.id, "a tag, with a comma")
    sample_repo.tag(second.id, "pain")
    sample_repo.untag(second.id, "pain")
    other = opened(tmp_path / "other")
    outcomes = put_back(sample_repo.qda_project(), other)
    assert {outcome.status for outcome in outcomes} == {"added"}
    assert [outcome.unplaced for outcome in outcomes if outcome.unplaced] == []
    assert state(other) == state(sample_repo)
    assert studies(other) == studies(sample_repo)
    assert taken_off(other) == taken_off(sample_repo) == {(second.text, "pain")}
    assert other.search("export the monthly report")[0].text == sample_repo.search("export the monthly report")[0].text
    other.close()


def test_where_it_is_from_nothing_changes(sample_repo: Repository) -> None:
    before = state(sample_repo)
    assert {outcome.status for outcome in put_back(sample_repo.qda_project(), sample_repo)} == {"unchanged"}
    assert state(sample_repo) == before


def test_what_was_coded_elsewhere_comes_back_to_its_passages(sample_repo: Repository) -> None:
    note = sample_repo.note(sample_repo.notes()[0].id)
    said = note.passages[-1]
    data = sample_repo.qda_project(note=note.summary.id)

    def coded(project: bytes) -> bytes:
        root = etree.fromstring(project)
        root.set("origin", "ATLAS.ti for Windows")
        codes = next(root.iter("{*}Codes"))
        etree.SubElement(codes, f"{{{etree.QName(root).namespace}}}Code", guid=GUID, name="came back", isCodable="true")
        *_, selection = root.iter("{*}PlainTextSelection")
        coding = etree.SubElement(selection, f"{{{etree.QName(root).namespace}}}Coding", guid=GUID)
        etree.SubElement(coding, f"{{{etree.QName(root).namespace}}}CodeRef", targetGUID=GUID)
        return bytes(etree.tostring(root))

    (outcome,) = put_back(changed(data, coded), sample_repo, note.summary.team)
    assert (outcome.status, outcome.note_id, outcome.selections) == ("updated", note.summary.id, 1)
    again = next(p for p in sample_repo.note(note.summary.id).passages if p.id == said.id)
    assert ("came back", "person") in {(tag.tag, tag.source) for tag in again.tags}
    assert len(sample_repo.notes()) == 5


GUID = "11111111-2222-4333-8444-555555555555"


def changed(data: bytes, change: Callable[[bytes], bytes]) -> bytes:
    """The project file with its XML changed."""
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(stream, "w") as new:
        for name in old.namelist():
            new.writestr(name, change(old.read(name)) if name.endswith(".qde") else old.read(name))
    return stream.getvalue()


def test_who_is_somebody_else_here_gets_another_number(sample_repo: Repository, put: Put, tmp_path: Path) -> None:
    other = opened(tmp_path / "other")
    put(other, {"note.md": "Interviewer: Why?\nIvo Hartwig: The keys are always lost at the door.\n"})
    assert [p.pseudonym for p in other.people.all()] == ["P-0001"]
    put_back(sample_repo.qda_project(team="Growth"), other)
    (theirs,) = other.notes(title="Northwind")
    assert [p.pseudonym for p in theirs.participants] != ["P-0001"]
    assert other.note(theirs.id).passages[0].participant == theirs.participants[0].pseudonym
    other.close()


def test_mentions_follow_and_strangers_stay_nameless(repo: Repository, put: Put, tmp_path: Path) -> None:
    text = "Interviewer: Why?\nOrla Fenwick: Ben Achterberg told me so himself, and Orla Fenwick believes it.\n"
    put(repo, {"ben.md": "Interviewer: Why?\nBen Achterberg: I am the one who says so.\n"})
    put(repo, {"orla.md": text})
    (note,) = repo.notes(participant="P-0002")
    assert "P-0001 told me so himself, and P-0002 believes it." in repo.note(note.id).text
    other = opened(tmp_path / "other")
    put(other, {"a.md": "Interviewer: Why?\nIvo Hartwig: The keys are always lost.\n"}, study="Elsewhere")
    put_back(repo.qda_project(note=note.id), other)
    (here,) = other.notes(participant="P-0002")
    assert "[PERSON] told me so himself, and P-0002 believes it." in other.note(here.id).text
    other.close()


def test_who_was_forgotten_does_not_come_back(sample_repo: Repository) -> None:
    data = sample_repo.qda_project()
    person = sample_repo.notes(title="Northwind")[0].participants[0].pseudonym
    sample_repo.forget(person)
    left = len(sample_repo.notes())
    put_back(data, sample_repo)
    assert len(sample_repo.notes()) == left
    assert person not in {one.pseudonym for one in sample_repo.people.all()}


def test_a_note_that_was_deleted_comes_back_with_its_people(sample_repo: Repository) -> None:
    before, data = state(sample_repo), sample_repo.qda_project()
    sample_repo.delete_note(sample_repo.notes(title="Northwind")[0].id)
    put_back(data, sample_repo)
    assert state(sample_repo) == before


def test_only_what_one_may_read_goes_out(sample_repo: Repository) -> None:
    sample_repo.keep_to_team("Growth", "Onboarding Q3")
    stranger = sample_repo.as_member(Member("pat@example.org", "admin", frozenset({"Billing"})))
    data = stranger.qda_project()
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        whole = b"".join(archive.read(name) for name in archive.namelist())
    assert b"Northwind" not in whole
    assert b"Onboarding" not in whole
    with pytest.raises(NotFound):
        stranger.qda_project(team="Growth", study="Onboarding Q3")


def test_tags_of_a_person_and_of_the_tagger_are_by_two_users(sample_repo: Repository) -> None:
    passage = sample_repo.note(sample_repo.notes()[0].id).passages[0]
    sample_repo.tag(passage.id, "by hand")
    root = project_xml(sample_repo.qda_project())
    users = {user.get("guid"): user.get("name") for user in root.iter("{*}User")}
    code = next(one.get("guid") for one in root.iter("{*}Code") if one.get("name") == "by hand")
    by = [users[c.get("creatingUser")] for c in root.iter("{*}Coding") if c[0].get("targetGUID") == code]
    assert by == ["People in Heard"]
    assert "Heard’s tagger" in {users[coding.get("creatingUser")] for coding in root.iter("{*}Coding")}


def test_selections_are_where_the_project_says(sample_repo: Repository) -> None:
    data = sample_repo.qda_project()
    root = project_xml(data)
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        for source in root.iter("{*}TextSource"):
            text = archive.read(f"sources/{source.get('guid')}.txt").decode()
            for one in source.iter("{*}PlainTextSelection"):
                said = text[int(one.get("startPosition")) : int(one.get("endPosition"))]
                assert " ".join(said.split()).startswith(one.get("name"))


def project_xml(data: bytes) -> etree._Element:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert archive.namelist()[0] == "project.qde"
        assert all(re.fullmatch(r"sources/[0-9a-f-]{36}\.txt", name) for name in archive.namelist()[1:])
        return etree.fromstring(archive.read("project.qde"))


@pytest.mark.skipif(not SCHEMA.exists(), reason="the standard's schema is not there: set HEARD_CORPORA")
def test_a_project_is_valid_against_the_standards_schema(sample_repo: Repository) -> None:
    sample_repo.describe_study("Growth", "Onboarding Q3", owner="Nadia", method="calls", questions="What is hard?")
    schema = etree.XMLSchema(etree.parse(str(SCHEMA / "Project-mrt2019.xsd")))
    for data in (sample_repo.qda_project(), sample_repo.qda_project(note=sample_repo.notes()[0].id)):
        assert schema.validate(project_xml(data)), schema.error_log


# -- any note --------------------------------------------------------------------------------------------------------

words = st.sampled_from(
    [
        "the",
        "export",
        "of",
        "7",
        "reports",
        "took",
        "us",
        "days,",
        "Friday:",
        "**none**",
        "#",
        "of",
        "[it]",
        "worked",
        "–",
        "👍",
        "(P-1)",
        "é",
    ]
)
texts = st.lists(words, min_size=3, max_size=40).map(" ".join)
seconds = st.one_of(st.none(), st.floats(0, 1e5, allow_nan=False))
turns = st.lists(
    st.tuples(st.sampled_from(["Ivo Hartwig", "Orla Fenwick", "Interviewer"]), texts, st.booleans()),
    min_size=1,
    max_size=8,
)


@given(st.lists(st.tuples(st.sampled_from(["P-0001", "P-0020", "Interviewer"]), st.sampled_from(["", "A question?", "# odd"]),
                          st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), min_size=1, max_size=60).filter(
                              lambda text: len(text.splitlines()) == 1),
                          seconds, seconds)))  # fmt: skip
def test_turns_are_read_as_they_were_written(said: list[tuple[str, str, str, float | None, float | None]]) -> None:
    given_turns = [
        Turn(n, 0, len(text), "participant", who, heading, text, start, end)
        for n, (who, heading, text, start, end) in enumerate(said)
    ]
    text, places = notation.written(given_turns)
    again = notation.read(text)
    assert again == places
    assert [(s.speaker, s.heading, s.text, s.start_s, s.end_s) for s in again] == said
    for one in again:
        assert all(one.offset(one.place(at)) == at for at in range(len(one.text) + 1))
        assert text[one.at : one.place(len(one.text))] == one.text


@settings(deadline=None, max_examples=12, phases=(Phase.reuse, Phase.generate))  # an example takes half a second
@given(notes=st.lists(turns, min_size=1, max_size=3), day=st.dates(date(2020, 1, 1), date(2026, 1, 1)), data=st.data())
def test_any_notes_come_back_as_they_were(
    notes: list[list[tuple[str, str, bool]]], day: date, data: st.DataObject
) -> None:
    with TemporaryDirectory() as folder:
        one, other = opened(Path(folder) / "one"), opened(Path(folder) / "other")
        sources = [
            Source(
                f"{n}.md", str(n), f"---\ndate: {day}\nsegment: host\n---\n".encode() + "\n\n".join(
                    (f"## {text}\n\n" if headed else "") + f"{who}: {text}" for who, text, headed in note
                ).encode(),
            )
            for n, note in enumerate(notes)
        ]  # fmt: skip
        list(ingest.ingest_sources(sources, one, team="Growth", study="Keys"))
        for passage in passages(one)[:5]:
            if data.draw(st.booleans()):
                one.tag(passage, data.draw(st.sampled_from(["pain", "own tag", "Ünique / odd"])))
        if one.notes():
            put_back(one.qda_project(), other)
            assert state(other) == state(one)
        one.close()
        other.close()

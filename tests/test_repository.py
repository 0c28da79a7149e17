"""The main job: what was put in is found, with who said it, where and when."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from research.errors import BadInput, HeardError, NotFound
from research.repository import Repository
from research.store.database import writing


def test_a_phrase_that_nobody_said_gives_what_comes_near_and_says_so(sample_repo: Repository) -> None:
    hits = sample_repo.search('"exporting reports to the moon"')
    assert hits
    assert hits.notice == "Nobody said “exporting reports to the moon” word for word; this is what comes near."
    assert not sample_repo.search('"every single month"').notice
    nothing = sample_repo.search('"exporting reports to the moon" team:nobody')
    assert (len(nothing), nothing.notice) == (0, "")


def test_a_hit_says_why_it_was_found(sample_repo: Repository) -> None:
    first = sample_repo.search("export the report to a spreadsheet")[0]
    assert {"export", "spreadsheet"} <= set(first.why.words)
    assert first.score == first.why.by_words + first.why.by_meaning + first.why.nearby
    assert first.why.cosine


def test_finds_what_several_teams_heard_and_says_who_stands_behind_it(sample_repo: Repository) -> None:
    hits = sample_repo.search("export the report to a spreadsheet")
    assert {hit.team for hit in hits[:2]} == {"Growth", "Billing"}
    assert hits.voices.people == 2
    assert hits.voices.teams == 2
    assert hits.voices.latest == date(2026, 11, 3)
    first = hits[0]
    assert first.participant.startswith("P-")
    assert "spreadsheet" in first.text


def test_a_hit_has_its_question_its_place_and_its_marks(sample_repo: Repository) -> None:
    hit = next(hit for hit in sample_repo.search("importing the patient list") if hit.team == "Growth")
    assert hit.context == "Tell me about the week you set everything up. What was hard?"
    assert (hit.segment, hit.account, hit.date) == ("clinic manager", "Northwind", date(2026, 10, 14))
    assert sample_repo.note(hit.note_id).text[hit.start : hit.end] == hit.text
    assert "Importing" in [hit.text[start:end] for start, end in hit.marks]


def test_interviewers_are_context_and_never_evidence(sample_repo: Repository) -> None:
    for summary in sample_repo.notes():
        note = sample_repo.note(summary.id)
        asked = [turn for turn in note.turns if turn.role == "interviewer"]
        for passage in note.passages:
            assert all(passage.end <= turn.start or passage.start >= turn.end for turn in asked)


def test_a_turn_that_means_nothing_alone_stays_in_the_transcript_only(sample_repo: Repository) -> None:
    note = sample_repo.note("Setting up at Northwind")
    assert note.turns[-1].text == "Yeah."
    assert all("Yeah." not in passage.text for passage in note.passages)


@pytest.mark.embedded
def test_no_name_of_a_speaker_is_stored(sample_repo: Repository) -> None:
    sample_repo.engine.dispose()
    stored = b"".join(path.read_bytes() for path in sample_repo.home.rglob("*") if path.is_file())
    assert b"Northwind" in stored
    for name in (b"Quillfeather", b"Okonjo", b"Birdsall", b"Reyland"):
        assert name not in stored


NARROWED: list[tuple[str, dict[str, Any], set[str]]] = [
    ("spreadsheet team:growth", {}, {"Growth"}),
    ("spreadsheet", {"team": "billing"}, {"Billing"}),
    ("spreadsheet", {"study": "Invoice clarity"}, {"Billing"}),
    ("spreadsheet", {"segment": "clinic manager"}, {"Growth"}),
    ("spreadsheet", {"note": "Setting up at Northwind"}, {"Growth"}),
    ("spreadsheet after:2026-11-01", {}, {"Billing"}),
    ("spreadsheet", {"until": "2026-10-31"}, {"Growth"}),
    ("spreadsheet", {"since": date(2026, 11, 1)}, {"Billing"}),
    ("spreadsheet team:nobody", {}, set()),
    ("spreadsheet team:growth", {"team": "Billing"}, set()),
    ("tag:support", {}, {"Support"}),
    ("“fix the numbers” report", {}, {"Growth", "Billing"}),
    ('"by hand and paste"', {}, {"Growth"}),
]


def test_filters_narrow_whether_typed_or_given(sample_repo: Repository, subtests: pytest.Subtests) -> None:
    for query, narrow, teams in NARROWED:
        with subtests.test(query, **narrow):
            assert {hit.team for hit in sample_repo.search(query, **narrow)} == teams


def test_a_list_is_spread_over_people_unless_asked_otherwise(repo: Repository, put: Callable[..., object]) -> None:
    talk = "\n\n".join(
        f"Interviewer: And number {n}?\n\nDana: The calendar sync broke again on day {n} of the trial."
        for n in range(6)
    )
    put(repo, {"dana.md": talk})
    assert len(repo.search("calendar sync broke")) == 2
    assert len(repo.search("calendar sync broke", per_person=None)) == 6
    assert repo.search("calendar sync broke").more == 4


def test_nothing_is_a_sensible_answer(repo: Repository, sample_repo: Repository) -> None:
    assert list(sample_repo.search("zxqv wkrp")) == []
    assert list(sample_repo.search("")) == []
    assert list(sample_repo.search("🙂🙂")) == []
    assert isinstance(len(sample_repo.search("why " * 2500)), int)
    assert isinstance(len(sample_repo.search("""'";--%_*()^ AND OR NOT NEAR/3 "unclosed""")), int)


def test_an_empty_repository_answers(repo: Repository) -> None:
    assert list(repo.search("anything")) == []
    assert repo.notes() == []
    assert repo.studies() == []
    assert repo.example_questions() == []
    assert all(finding.ok for finding in repo.doctor())


def test_a_wrong_date_says_how_to_write_one(sample_repo: Repository) -> None:
    with pytest.raises(BadInput, match="2026-08-01"):
        sample_repo.search("spreadsheet after:yesterday")


def test_passages_by_id_come_back_in_order(sample_repo: Repository) -> None:
    ids = [hit.id for hit in sample_repo.search("spreadsheet")]
    assert [hit.id for hit in sample_repo.passages([*reversed(ids), "gone"])] == list(reversed(ids))


def test_like_and_echoes_bring_what_other_teams_heard(sample_repo: Repository) -> None:
    mine = sample_repo.search("export report spreadsheet team:growth")[0]
    others = sample_repo.like(mine.id, other_teams=True)
    assert others[0].team == "Billing"
    pairs = sample_repo.echoes([mine.note_id])
    assert [(left.team, right.team) for left, right in pairs[:1]] == [("Growth", "Billing")]
    with pytest.raises(NotFound):
        sample_repo.like("no-such-passage")


def test_the_library_counts(sample_repo: Repository) -> None:
    study = next(study for study in sample_repo.studies() if study.title == "Onboarding Q3")
    assert (study.team, study.notes, study.participants) == ("Growth", 2, 2)
    assert (study.first, study.last) == (date(2026, 9, 2), date(2026, 10, 14))
    assert sample_repo.notes(team="growth")[0].title == "Setting up at Northwind"
    assert sample_repo.note("setting up at northwind").summary.participants[0].account == "Northwind"
    assert "What happens when the invoice arrives?" in sample_repo.example_questions(10)


def test_a_deleted_note_is_found_no_more_and_its_number_is_never_given_again(
    sample_repo: Repository, put: Callable[..., object]
) -> None:
    note = sample_repo.note("Setting up at Northwind")
    person = note.passages[0].participant
    sample_repo.delete_note(note.summary.id)
    assert all(hit.note_id != note.summary.id for hit in sample_repo.search("spreadsheet"))
    assert all(finding.ok for finding in sample_repo.doctor())
    put(sample_repo, {"new.txt": "Interviewer: Why?\nZadie: Because the calendar never synced with my phone."})
    assert person not in sample_repo.choices().participants
    with pytest.raises(NotFound):
        sample_repo.delete_note(note.summary.id)


def test_a_renamed_tag_keeps_its_passages_and_what_people_decided(sample_repo: Repository) -> None:
    hit = sample_repo.search("reminder texts stopped")[0]
    sample_repo.tag(hit.id, "trust")
    other = sample_repo.search("importing the patient list")[0]
    sample_repo.untag(other.id, "trust")
    sample_repo.rename_tag("trust", "confidence")
    assert "confidence" in sample_repo.passages([hit.id])[0].tags
    assert [found.id for found in sample_repo.search("tag:confidence reminder texts stopped")] == [hit.id]
    assert "trust" not in {tag.name for tag in sample_repo.taxonomy.tags}
    with pytest.raises(BadInput, match="twice"):
        sample_repo.rename_tag("confidence", "pain")


def test_a_team_is_known_again_in_any_case_in_any_alphabet(repo: Repository, put: Callable[..., object]) -> None:
    put(repo, {"a.txt": "P1: The import failed at the third column."}, "Ökonomie", "Überblick")
    put(repo, {"b.txt": "P2: The calendar swallowed every second appointment."}, "ökonomie", "ÜBERBLICK")
    assert [(study.team, study.title, study.notes) for study in repo.studies()] == [("Ökonomie", "Überblick", 2)]
    assert len(repo.search("calendar", team="ÖKONOMIE")) == 1


def test_the_tables_are_what_the_migrations_make(repo: Repository) -> None:
    from alembic.autogenerate import compare_metadata
    from alembic.runtime.migration import MigrationContext

    from research.store import schema, server_tables

    def alike(_: object, name: str | None, *__: object) -> bool:
        return name != "uq_question_team_line"  # a constraint here, an index over a hash there

    both = [schema.metadata, server_tables.tables] if repo.settings.servers.database else schema.metadata
    with repo.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"include_object": alike})
        differences = compare_metadata(context, both)
    assert differences == []


def test_a_repository_of_a_newer_heard_is_left_alone_and_says_so(open_repo: Callable[..., Repository]) -> None:
    repo = open_repo()
    with writing(repo.engine).begin() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(HeardError, match=r"written by a newer Heard \(version 9999; .* Nothing was changed"):
        open_repo()
    with repo.engine.connect() as connection:
        assert connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalar() == "9999"


def test_a_person_decides_on_tags_for_good(sample_repo: Repository) -> None:
    import ingest

    hit = sample_repo.search("reminder texts stopped")[0]
    sample_repo.tag(hit.id, "my own tag")
    sample_repo.untag(hit.id, "reliability")
    ingest.retag(sample_repo)
    again = sample_repo.passages([hit.id])[0]
    assert "my own tag" in again.tags
    assert "reliability" not in again.tags
    assert [found.id for found in sample_repo.search("texts tag:“my own tag”")] == [hit.id]


def test_notes_are_those_of_the_days_that_are_asked_for(sample_repo: Repository) -> None:
    dated = [note for note in sample_repo.notes() if note.date]
    day = dated[0].date
    assert {note.date for note in sample_repo.notes(since=day)} == {day}
    assert sample_repo.notes(until=day) == dated

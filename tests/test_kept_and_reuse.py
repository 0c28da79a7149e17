"""Questions and searches that a team keeps, and whether what one team heard is used by others."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path

import pytest

import ingest
import research
from research.change import wilson
from research.config import Settings
from research.errors import BadInput, NotFound
from research.repository import Repository
from research.reuse import Month, Used
from research.store.database import writing

NOW = datetime(2026, 11, 20, 9, 0)


@pytest.fixture
def repo(tmp_path: Path) -> Iterator[Repository]:
    for team in ("growth", "billing"):
        folder = tmp_path / team
        folder.mkdir()
        (folder / "note.md").write_text(
            f"Interviewer: What is hard?\n\nAnn: The {team} page is slow for us.\n", "utf-8"
        )
    opened = research.open(settings=Settings(tmp_path / "home", user="maria"), now=lambda: NOW)
    for team in ("growth", "billing"):
        list(ingest.ingest_paths([tmp_path / team], opened, team=team))
    yield opened
    opened.close()


def note_of(repo: Repository, team: str) -> str:
    return repo.notes(team=team)[0].id


def test_a_question_is_kept_once_a_team_and_can_be_let_go(repo: Repository) -> None:
    repo.kept.keep_questions(["Who pays?", "  Who   pays? ", "Who decides?"], team="growth")
    repo.kept.keep_questions(["Who pays?"], team="billing")
    assert [(q.line, q.team, q.by) for q in repo.kept.questions(team="growth")] == [
        ("Who pays?", "growth", "maria"),
        ("Who decides?", "growth", "maria"),
    ]
    assert len(repo.kept.questions()) == 3
    repo.kept.drop_question(repo.kept.questions(team="billing")[0].number)
    assert not repo.kept.questions(team="billing")
    with pytest.raises(NotFound, match="no question 99"):
        repo.kept.drop_question(99)
    with pytest.raises(BadInput, match="no question to keep"):
        repo.kept.keep_questions(["  "])


def test_a_team_follows_a_search_until_it_does_not(repo: Repository) -> None:
    repo.kept.follow("growth", "slow  pages")
    repo.kept.follow("growth", "slow pages")
    assert [one.query for one in repo.kept.searches("growth")] == ["slow pages"]
    repo.kept.unfollow("growth", "slow pages")
    assert not repo.kept.searches("growth")
    with pytest.raises(NotFound, match="does not follow"):
        repo.kept.unfollow("growth", "slow pages")
    with pytest.raises(BadInput, match="what it wants to hear"):
        repo.kept.follow("growth", "team:billing")


def test_nothing_is_noted_of_whoever_reads_for_no_team(repo: Repository) -> None:
    repo.reuse.note("opened", [note_of(repo, "billing")])
    assert not repo.reuse.used().months


def test_uses_count_once_a_day_and_tell_own_from_others(repo: Repository) -> None:
    repo.reuse.join("growth")
    for _ in range(2):
        repo.reuse.note("opened", [note_of(repo, "billing"), note_of(repo, "growth")])
    repo.reuse.note("linked", [note_of(repo, "billing")])
    used = repo.reuse.used()
    (month,) = used.months
    assert (month.month, month.uses, month.across) == (date(2026, 11, 1), 3, 2)
    assert month.low < month.share < month.high
    (reading,) = used.readings
    assert (reading.team, reading.of_team, reading.uses, reading.linked) == ("growth", "billing", 2, 1)
    assert not repo.reuse.used(until=date(2026, 11, 19)).months


def test_a_use_outlives_the_note_it_was_of(repo: Repository) -> None:
    repo.reuse.join("growth")
    repo.reuse.note("opened", [note_of(repo, "billing")])
    repo.delete_note(note_of(repo, "billing"))
    assert repo.reuse.used().months[0].across == 1


def test_a_team_is_the_same_in_any_case(repo: Repository) -> None:
    repo.reuse.join("GROWTH")
    assert repo.reuse.team == "growth"
    repo.kept.follow("Growth", "slow pages")
    repo.kept.keep_questions(["Who pays?"], team="Growth")
    assert [one.query for one in repo.kept.searches("growth")] == ["slow pages"]
    assert [one.team for one in repo.kept.questions(team="GROWTH")] == ["growth"]
    repo.kept.unfollow("GROWTH", "slow pages")
    repo.reuse.join("Planning")
    assert repo.reuse.team == "Planning"


def test_a_reader_never_waits_for_whoever_writes(repo: Repository) -> None:
    repo.reuse.join("growth")
    with writing(repo.engine).begin():
        began = time.monotonic()
        repo.reuse.note("opened", [note_of(repo, "billing")])
        assert time.monotonic() - began < 2
    assert not repo.reuse.used().months
    repo.reuse.note("opened", [note_of(repo, "billing")])
    assert repo.reuse.used().months[0].uses == 1


def month(number: int, across: int, uses: int) -> Month:
    return Month(date(2026, number, 1), uses, across, *wilson(across, uses))


def test_reading_across_teams_rises_only_where_chance_does_not_do_it() -> None:
    assert Used((month(9, 5, 38), month(10, 22, 40)), ()).direction == "rising"
    assert Used((month(9, 22, 40), month(10, 5, 38)), ()).direction == "fading"
    assert Used((month(9, 5, 38), month(10, 8, 40)), ()).direction == "steady"
    assert Used((month(10, 40, 40),), ()).direction == "steady"

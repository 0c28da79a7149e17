"""A run of ingest can be looked back at and undone: what it added goes, what was there or changed since stays."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from repository_support import NOTES

import ingest
from ingest.models import TableMapping
from research.access import Member
from research.errors import NotFound, Refused
from research.repository import Repository

Put = Callable[..., list[ingest.Outcome]]
MARTA = NOTES["Growth", "Onboarding Q3"]["marta.md"]
TICKETS = "no,body,who\n1,It is too slow for us on Mondays,ann\n2,The export lost a column again,ben\n"


def test_a_run_is_told_by_what_it_added(repo: Repository, put: Put) -> None:
    put(repo, {"marta.md": MARTA}, study="Onboarding Q3")
    put(repo, {"marta.md": MARTA}, study="Onboarding Q3")
    (run,) = repo.intakes()
    assert (run.studies, run.notes, run.who) == ((("Growth", "Onboarding Q3"),), 1, repo.member.who)


def test_files_with_columns_of_their_own_are_one_run(repo: Repository) -> None:
    files = {"marta.md": MARTA, "one.csv": TICKETS, "other.csv": "Nr,What hinders you\n1,The import takes days.\n"}
    sources = [ingest.Source(name, name, text.encode()) for name, text in files.items()]
    mappings = {
        "one.csv": TableMapping(text=("body",), participant="who"),
        "other.csv": TableMapping(text=("What hinders you",)),
    }
    done = list(ingest.ingest_sources(sources, repo, team="Support", study="S", mappings=mappings))
    assert [one.status for one in done] == ["added"] * 4
    (run,) = repo.intakes()
    assert repo.undo_intake(run.id) == 4


def test_a_table_with_its_columns_mistaken_is_taken_out_again(repo: Repository, put: Put) -> None:
    put(repo, {"marta.md": MARTA}, study="Onboarding Q3")
    wrong = ingest.ReadOptions(mapping=TableMapping(text=("who",), participant="body"))
    put(repo, {"t.csv": TICKETS}, team="Support", options=wrong)
    first, latest = sorted(repo.intakes(), key=lambda run: run.notes)
    assert (first.notes, latest.notes) == (1, 2)
    assert repo.undo_intake(latest.id) == 2
    assert [note.team for note in repo.notes()] == ["Growth"]
    assert not repo.search("slow on Mondays", team="Support")
    assert [one.id for one in repo.intakes()] == [first.id]
    assert [finding.message for finding in repo.doctor() if not finding.ok] == []
    right = ingest.ReadOptions(mapping=TableMapping(text=("body",), participant="who"))
    assert [one.status for one in put(repo, {"t.csv": TICKETS}, team="Support", options=right)] == ["added", "added"]


def test_what_a_later_run_changed_stays(repo: Repository, put: Put) -> None:
    put(repo, {"a.md": MARTA, "b.md": MARTA.replace("four days", "a week")})
    put(repo, {"a.md": MARTA.replace("four days", "five days")})
    (run,) = repo.intakes()
    assert run.notes == 1
    assert repo.undo_intake(run.id) == 1
    assert "five days" in repo.note(repo.notes()[0].id).text


def test_what_was_there_before_is_no_part_of_it(repo: Repository, put: Put) -> None:
    put(repo, {"a.md": MARTA})
    before = repo.notes()
    put(repo, {"a.md": MARTA.replace("four days", "five days"), "b.md": MARTA})
    (run,) = repo.intakes()
    assert repo.undo_intake(run.id) == 1
    assert [note.id for note in repo.notes()] == [note.id for note in before]


def test_a_run_that_is_not_there_is_told(repo: Repository) -> None:
    with pytest.raises(NotFound, match="no ingest 12ab"):
        repo.undo_intake("12ab")


def test_only_their_team_undoes_it(sample_repo: Repository) -> None:
    outsider = sample_repo.as_member(Member("pat@example.org", "researcher", frozenset({"Billing"})))
    growth = next(run for run in sample_repo.intakes() if run.studies[0][0] == "Growth")
    with pytest.raises(Refused):
        outsider.undo_intake(growth.id)
    assert len(sample_repo.notes()) == 5


def test_who_may_not_read_a_study_is_not_told_of_its_runs(sample_repo: Repository) -> None:
    sample_repo.keep_to_team("Growth", "Onboarding Q3")
    outsider = sample_repo.as_member(Member("pat@example.org", "researcher", frozenset({"Billing"})))
    assert all(
        team != "Growth" or study != "Onboarding Q3" for run in outsider.intakes() for team, study in run.studies
    )


def test_a_run_that_was_cut_off_can_be_undone(repo: Repository, tmp_path: Path) -> None:
    folder = tmp_path / "files"
    folder.mkdir()
    for n in range(3):
        (folder / f"{n}.md").write_text(MARTA.replace("four days", f"{n} days"))
    outcomes = ingest.ingest_paths([folder], repo, team="Growth", study="Study")
    next(outcomes)
    outcomes.close()  # type: ignore[attr-defined]
    (run,) = repo.intakes()
    assert repo.undo_intake(run.id) == run.notes
    assert repo.notes() == []

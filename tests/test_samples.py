"""The samples are what they promise, and questions about them are answered from the notes where the answers stand."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
import yaml

import research
from ingest.demo import load_demo
from research.embedder import Embedder
from research.repository import Repository

SAMPLES = Path(__file__).parent.parent / "samples"

# Question -> beginnings of the names of the files where people speak of it.
GOLDEN = {
    "Why does importing the patient data stall the setup?": (
        "2026-07-08-harbour 2026-07-16-saltmarsh 2026-07-29-juniper 2026-08-13-alder 2026-09-03-tamarack "
        "2026-09-17-meridian 2026-10-06-copperfield 2026-11-12-trial-exit-form 2026-08-05-juniper 2026-10-14-copperfield"
    ),
    "Does anybody trust our numbers?": (
        "2026-08-11-meridian 2026-08-27-northgate 2026-09-15-bellweather 2026-10-08-meridian 2026-10-27-monthly "
        "2026-11-11-riverbend 2026-10-22-juniper 2026-11-19-alder 2026-06-18-riverbend 2026-09-29-harbour "
        "2026-11-05-harbour 2026-09-17-meridian 2026-05-26-northgate 2026-11-20-tickets"
    ),
    "Who exports reports and repairs them in a spreadsheet?": (
        "2026-08-11 2026-08-27 2026-09-15 2026-10-27 2026-11-11 2026-06-18 2026-07-02 2026-08-13 2026-06-03 2026-10-22"
    ),
    "Is paying for a seat fair for people who work part-time?": (
        "2026-06-18 2026-07-02 2026-09-10 2026-09-29 2026-10-20 2026-11-05 2026-11-17 2026-07-16 2026-10-14 2026-11-12 "
        "2026-06-11 2026-11-20-tickets"
    ),
    "What access do temps and people who have left get?": (
        "2026-07-16 2026-07-29 2026-09-03 2026-09-17 2026-06-11 2026-08-20 2026-09-10 2026-10-20 2026-10-01 2026-10-22 "
        "2026-11-20-tickets"
    ),
    "Why do reminders not arrive?": (
        "2026-05-26 2026-06-03 2026-06-11 2026-06-30 2026-08-05 2026-08-20 2026-10-13 2026-10-20 2026-09-22 2026-10-15 "
        "2026-11-10 2026-11-20-tickets"
    ),
    "What happens to the app without signal?": (
        "2026-06-11 2026-09-08 2026-09-23 2026-11-03 2026-10-28 2026-11-12 2026-11-20-tickets 2026-10-13 2026-09-29"
    ),
    "What do people say of Brightslot?": (
        "2026-07-16 2026-08-13 2026-10-06 2026-06-09 2026-07-02 2026-07-21 2026-09-10 2026-11-05 2026-08-20 "
        "2026-11-20-tickets"
    ),
}


@pytest.fixture(scope="module")
def demo(demo_home: Path, real_embedder: Embedder) -> Iterator[Repository]:
    repo = research.open(demo_home, embedder=real_embedder)
    yield repo
    repo.close()


@pytest.mark.model
@pytest.mark.xdist_group("model")
@pytest.mark.parametrize("question", GOLDEN)
def test_a_question_is_answered_from_where_people_speak_of_it(demo: Repository, question: str) -> None:
    hits = demo.search(question, limit=10)
    sources = {note.id: Path(note.source).name for note in demo.notes()}
    right = [hit for hit in hits if sources[hit.note_id].startswith(tuple(GOLDEN[question].split()))]
    assert len(hits) >= 5
    assert len(right) / len(hits) >= 0.5, [(sources[hit.note_id], hit.text[:80]) for hit in hits if hit not in right]


@pytest.mark.model
@pytest.mark.xdist_group("model")
def test_several_people_are_heard_by_two_teams_and_nobody_is_without_segment(demo: Repository) -> None:
    people = [person for note in demo.notes() for person in note.participants]
    assert all(person.segment and person.account for person in people)


@pytest.mark.model
@pytest.mark.xdist_group("model")
def test_the_roster_has_somebody_of_every_standing(demo: Repository) -> None:
    people = {one.pseudonym: one for one in demo.people.all()}
    states = Counter(one.standing.state for one in people.values())
    assert states["opted out"] == states["do not contact"] == 1
    assert states["free"] > 10
    assert [len(one.teams) for one in people.values() if one.often] == [3]
    assert {one.notes > 0 for one, _ in demo.people.expiring()} == {True, False}
    assert sum(len(one.teams) > 1 for one in people.values()) >= 2
    heard = {one.segment for one in people.values() if one.notes}
    assert [one.segment for one in demo.people.least_heard(segments=["nurse"])] == ["nurse", "nurse"]
    assert "nurse" not in heard
    assert sum(pair.alike for pair in demo.people.suggestions()) >= 2


@pytest.mark.model
@pytest.mark.xdist_group("model")
def test_the_insights_are_of_every_state_and_kind_of_strength(demo: Repository) -> None:
    found = demo.insights.all()
    assert {one.standing.state for one in found} == {"supported", "refuted", "hypothesis", "stale"}
    assert {one.strength.word for one in found} == {"strong", "fair", "thin", "contested"}
    assert [one.team for one in found if one.request] == ["Billing"]
    assert [one.outcome.due(demo.now().date()) for one in found if one.standing.state == "stale"] == [True]


def test_the_demo_of_another_day_has_the_same_people(repo: Repository) -> None:
    seen = []
    for day in (date(2026, 11, 22), date(2026, 11, 22), date(2026, 12, 6)):
        assert not [one.error for one in load_demo(repo, day) if one.error]
        people = repo.people.all(day=day)
        seen.append([(one.pseudonym, one.contacts, one.standing.state, len(one.consents)) for one in people])
    assert seen[0] == seen[1] == seen[2]


def test_the_samples_are_many_long_and_of_many_kinds() -> None:
    about = yaml.safe_load((SAMPLES / "samples.yaml").read_text(encoding="utf-8"))
    files = about["files"]
    assert len(files) >= 40
    assert {SAMPLES / entry["path"] for entry in files} == {
        path for path in (SAMPLES / "interviews").rglob("*") if path.is_file()
    }
    assert len({Path(entry["path"]).suffix for entry in files}) >= 7
    assert len({entry["team"] for entry in files}) == 5
    teams: dict[str, set[str]] = {}
    for entry in files:
        for person in entry["participants"]:
            teams.setdefault(person["name"], set()).add(entry["team"])
    assert len(teams) >= 25
    assert Counter(len(heard_by) for heard_by in teams.values())[2] >= 4
    days = [entry["date"] for entry in files]
    assert (max(days) - min(days)).days > 150

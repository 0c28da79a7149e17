"""What somebody does is kept, who they are is not."""

from __future__ import annotations

from collections.abc import Callable

import pytest

import ingest
from ingest.roles import role_of_label
from research.repository import Repository

Put = Callable[..., list[ingest.Outcome]]

MEETING = """WEBVTT

00:00.000 --> 00:04.000
<v Project Manager>We have to decide about the colour of the case today, whatever it costs.</v>

00:04.000 --> 00:09.000
<v Marketing>People under thirty want the colour of fruit, that is what our survey of the spring has told us.</v>
"""


@pytest.mark.parametrize(
    ("label", "role"),
    [
        ("Project Manager", "project manager"), ("Grad E", "grad"), ("Nurse 2", "nurse"), ("Head of Sales", "head of sales"),
        ("The Acting Chair (Mr. Bruce Stanton)", "acting chair"), ("UX designer", "ux designer"), ("Marketing", "marketing"),
        ("Marta Silva", ""), ("P3", ""), ("Rose", ""), ("Grace Field", ""), ("Dr Adeyemi", ""), ("", ""), ("(nurse)", ""),
        ("of the", ""), ("Speaker 2", ""),
    ],
)  # fmt: skip
def test_a_label_of_words_for_work_is_a_role(label: str, role: str) -> None:
    assert role_of_label(label) == role


def test_a_role_is_kept_with_the_person_and_its_bearer_is_another_one_in_each_note(repo: Repository, put: Put) -> None:
    put(repo, {"monday.vtt": MEETING, "tuesday.vtt": MEETING.replace("today", "at last")})
    people = {one.pseudonym: one.role for note in repo.notes() for one in note.participants}
    assert sorted(people.values()) == ["marketing", "marketing", "project manager", "project manager"]


def test_who_is_asked_for_by_role_comes_first_and_it_says_so(repo: Repository, put: Put) -> None:
    put(repo, {"monday.vtt": MEETING})
    first, *_ = repo.search("what colour did marketing want")
    assert (first.role, first.why.voice) == ("marketing", "marketing")


@pytest.mark.parametrize(
    "note",
    [
        "---\nparticipant: Marta Silva\nrole: Clinic manager\n---\n\nWe export everything by hand, every month again.",
        "Participant: Marta Silva, Clinic Manager\n\nQ: How do you export?\n\nA: We export everything by hand, every month.",
    ],
)  # fmt: skip
def test_a_note_may_say_what_its_participant_does(repo: Repository, put: Put, note: str) -> None:
    put(repo, {"marta.md": note})
    (summary,) = repo.notes()
    assert [one.role.lower() for one in summary.participants] == ["clinic manager"]


def test_a_changed_role_is_the_one_that_counts(repo: Repository, put: Put) -> None:
    note = "---\nparticipant: Marta Silva\nrole: Nurse\n---\n\nWe export everything by hand, every month again."
    put(repo, {"marta.md": note})
    put(repo, {"marta.md": note.replace("Nurse", "Head of nursing")})
    assert [one.role for note in repo.notes() for one in note.participants] == ["Head of nursing"]

"""What goes out of a repository to be worked on elsewhere, as far as whoever asks may read it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from research.errors import NotFound
from research.exchange import refi
from research.exchange.guids import case_guid
from research.models import NoteSummary
from research.phrases import listed
from research.store import assignments

if TYPE_CHECKING:
    from research.repository import Repository


def qda_project(repo: Repository, chosen: Sequence[NoteSummary]) -> bytes:
    """Notes as a REFI-QDA project that is named after their studies. Raises NotFound where there are none."""
    if not chosen:
        raise NotFound("There are no such notes to hand out. Choose another team, study or time.")
    notes = [repo.note(one.id) for one in chosen]
    of = {one.study_id for one in chosen}
    studies = [study for study in repo.studies() if study.id in of]
    with repo.engine.connect() as connection:
        taken_off = assignments.taken_off(connection, [one.id for one in chosen])
    key = repo.key
    return refi.project(
        listed([study.title for study in studies]), notes, studies, repo.taxonomy, taken_off,
        lambda pseudonym: case_guid(key, pseudonym), repo.now(),
    )  # fmt: skip

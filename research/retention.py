"""How long the notes of each study are kept, and which of them are to be erased when."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from types import EllipsisType

from research.errors import BadInput
from research.models import StudySummary
from research.register import Register
from research.store import audit, library
from research.store import retention as store
from research.store.database import writing

LONGEST = 36_500  # days for which notes may be kept, where not always


@dataclass(frozen=True, slots=True)
class Kept:
    """A study with what becomes of its notes: how many are kept no longer (`overdue`), how many will be so from which
    days on (`coming`, soonest first), and how many have no date and are kept for that (`undated`)."""

    study: StudySummary
    overdue: int = 0
    coming: tuple[tuple[date, int], ...] = ()
    undated: int = 0


def retention(register: Register) -> list[Kept]:
    """All studies by team and title."""
    with register.engine.connect() as connection:
        studies, due = library.studies(connection, register.sight(connection)), store.due(connection)
    today = register.today
    of_study: dict[str, list[tuple[date | None, int]]] = {}
    for id_, day, count in due:
        of_study.setdefault(str(id_), []).append((day, count))
    return [
        Kept(
            study,
            sum(count for day, count in of_study.get(study.id, ()) if day and day <= today),
            tuple((day, count) for day, count in of_study.get(study.id, ()) if day and day > today),
            sum(count for day, count in of_study.get(study.id, ()) if day is None),
        )
        for study in studies
    ]


def keep_study(
    register: Register, team: str, title: str, asked: bool | EllipsisType, keep_days: int | EllipsisType | None
) -> None:
    """Say whether people were contacted for a study and how long its notes are kept; `...` leaves it as it is. A change
    is written down. Raises NotFound, BadInput."""
    if isinstance(keep_days, int) and not 1 <= keep_days <= LONGEST:
        raise BadInput(f"Notes are kept for at least one day and at most {LONGEST:,}; or always, with no number.")
    with writing(register.engine).begin() as connection:
        was = store.said(connection, team, title, register.sight(connection))
        now = replace(
            was,
            asked=was.asked if isinstance(asked, EllipsisType) else asked,
            keep_days=was.keep_days if isinstance(keep_days, EllipsisType) else keep_days,
        )
        if now != was:
            store.say(connection, now)
            register.write_down(connection, "study changed", audit.study_code(now.id), _told(now))


def _told(study: store.Said) -> str:
    days = study.keep_days
    kept = f"notes kept for {days} day{'s' if days > 1 else ''}" if days else "notes kept always"
    asked = "people were" if study.asked else "nobody was"
    return f"{study.team} / {study.title}: {kept}, {asked} contacted for it"

"""What programs may ask, within which limits, and how it is answered: one way for the API and for assistants.

Each function reads as whoever the repository was opened for, and changes nothing: what is read here is noted nowhere.
"""

from __future__ import annotations

import re
from datetime import date
from typing import Annotated, Any, cast

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from heard import told
from research.brief import title
from research.filters import Narrowing
from research.repository import Repository
from research.themes.heard import lately

MOST_HITS, MOST_THEMES, MOST_LINES, MOST_NOTES = 50, 50, 50, 200


def _day(said: Any) -> Any:
    """A text as a day, and nothing but year-month-day: numbers are no days."""
    if isinstance(said, str) and re.fullmatch(r"\d{4}-\d{2}-\d{2}", said, re.ASCII):
        return date.fromisoformat(said)
    if said is None or isinstance(said, date):
        return said
    raise ValueError("write it as year-month-day, such as 2026-08-01")


Name = Annotated[str, Field(min_length=1, max_length=200)]
Names = Annotated[list[Name], Field(max_length=10)]
Day = Annotated[date, BeforeValidator(_day)]
Query = Annotated[str, Field(min_length=1, max_length=1_000)]
Offset = Annotated[int, Field(ge=0, le=100_000_000)]
Hits = Annotated[int, Field(ge=1, le=MOST_HITS)]
PerPerson = Annotated[int, Field(ge=0, le=MOST_HITS)]
MostThemes = Annotated[int, Field(ge=1, le=MOST_THEMES)]
MostLines = Annotated[int, Field(ge=1, le=MOST_LINES)]
Lines = Annotated[
    list[Annotated[str, Field(min_length=1, max_length=1_000)]], Field(min_length=1, max_length=MOST_LINES)
]


class Narrow(BaseModel):
    """What narrows a question: all of these have to hold, and of several values of one any."""

    model_config = ConfigDict(extra="forbid", use_attribute_docstrings=True)

    team: Names = []
    """Only what these teams heard."""
    study: Names = []
    """Only these studies, by title."""
    note: Names = []
    """Only these notes, by id or title."""
    participant: Names = []
    """Only these people, by pseudonym, such as P-0007."""
    segment: Names = []
    """Only people of these segments."""
    account: Names = []
    """Only people of these companies."""
    tag: Names = []
    """Only passages with one of these tags."""
    since: Day | None = None
    """Only sessions from this day on, such as 2026-08-01."""
    until: Day | None = None
    """Only sessions up to this day."""

    def narrowing(self) -> Narrowing:
        """As the repository takes it."""
        return cast(Narrowing, {name: getattr(self, name) for name in Narrow.model_fields})


def search(repo: Repository, query: str, narrow: Narrow, limit: int, per_person: int) -> told.Found:
    """What customers said about something."""
    hits = repo.search(query, limit=limit, per_person=per_person or None, **narrow.narrowing())
    return told.found(hits, repo.settings.url, repo.now().date())


def note(repo: Repository, id_: str, offset: int) -> told.Note:
    """A whole note by id or title, a page at a time."""
    return told.note(repo.note(id_), repo.settings.url, offset)


def notes(repo: Repository, team: Names, study: Names, called: str, limit: int, offset: int) -> list[told.NoteInList]:
    """Notes, newest first."""
    listed = repo.notes(team=team, study=study, title=called, limit=limit, offset=offset)
    return [told.in_list(one, repo.settings.url) for one in listed]


def studies(repo: Repository) -> list[told.Study]:
    """All studies that may be read."""
    return [told.study(one) for one in repo.studies()]


def check(repo: Repository, lines: Lines, narrow: Narrow, limit: int = MOST_LINES, offset: int = 0) -> told.Checked:
    """Whether customers have said something to each line, with the verdicts of so many at once; unless said, of all."""
    found = repo.check(lines, **narrow.narrowing())
    return told.checked(found, repo.settings.url, repo.now().date(), limit, offset)


def themes(repo: Repository, narrow: Narrow, limit: int, ever: bool, offset: int) -> told.Themes:
    """What customers speak of, in the last 90 days unless something else is said; so many at once."""
    asked = narrow.narrowing() if ever else lately(narrow.narrowing(), repo.now().date())
    return told.themes(repo.themes(**asked), repo.settings.url, limit, offset)


def brief(repo: Repository, narrow: Narrow, offset: int) -> told.Brief:
    """What was learned, to be read, a page at a time."""
    found = repo.brief(**narrow.narrowing())
    text = found.to_markdown(url=repo.settings.url)
    return told.brief(title(found.team), found.window.since, found.window.until, text, offset)


def brief_for_programs(repo: Repository, narrow: Narrow) -> str:
    """What was learned, as the JSON that `heard brief --json` gives."""
    return repo.brief(**narrow.narrowing()).to_json(url=repo.settings.url)

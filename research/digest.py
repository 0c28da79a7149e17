"""A digest for a team: what others heard in some days that touches what the team follows, asks and heard itself."""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Literal

from research import checking, finding
from research.check import SURE, Verdict
from research.errors import BadInput
from research.filters import Filter, day
from research.models import Hit
from research.query import parse
from research.repository import Repository

Reason = Literal["search", "question", "insight", "study", "theme", "alike"]

_ENTRIES = 3  # quotes under a heading
_STUDY_LINES = 5  # questions of studies that make headings, those most surely answered
_LOOKED_AT = 40  # answers to a search that are looked at
_THEMES = 5  # themes of the team's that make headings, those that most others spoke of
_CURRENT = timedelta(days=365)  # since a study's last session, until it asks nothing any more
_OWN_RECENT = timedelta(days=180)  # whose notes stand for what the team hears itself
_OWN_NOTES = 200  # and how many of them, the newest


@dataclass(frozen=True, slots=True)
class Entry:
    """A passage that another team heard; `beside` is what the team itself heard that is like it."""

    hit: Hit
    beside: Hit | None = None


@dataclass(frozen=True, slots=True)
class Section:
    """Passages that are here for one reason, best first, each by another person.

    `about` is the search that is followed, the question that was kept, or that of a study, whose title is `study`; the
    claim of an insight, or a theme's label. `code` is that of the insight or the theme.
    `people` is how many people were found, those who are not quoted too.
    """

    reason: Reason
    entries: tuple[Entry, ...]
    people: int
    about: str = ""
    study: str = ""
    code: str = ""


@dataclass(frozen=True, slots=True)
class Digest:
    """What others heard between two days, both counted, for a team. No passage stands in it twice.

    `searches`, `questions` and `asked` say how many followed searches, kept questions and questions of studies were
    looked for. `notice` is a sentence when the answer is not all that it could be.
    """

    team: str
    since: date
    until: date
    sections: tuple[Section, ...]
    searches: int
    questions: int
    asked: int
    notice: str = ""

    @property
    def hits(self) -> tuple[Hit, ...]:
        """The passages of all sections."""
        return tuple(entry.hit for section in self.sections for entry in section.entries)


@dataclass(frozen=True, slots=True)
class _Window:
    """Where to look: what these teams heard between these days."""

    teams: tuple[str, ...]
    since: date
    until: date


def digest(repo: Repository, team: str, since: date, until: date) -> Digest:
    """What others heard from `since` to `until` that touches a team's work; sections in the order of how much the team
    wanted to know: its followed searches, its kept questions, its insights, its studies' questions, the themes that it
    heard of, and what it heard itself.

    Nothing undated, and nothing of whoever's consent has ended. Raises BadInput for a team that is not known.
    """
    teams = repo.choices().teams
    name = repo.kept.team(team)
    searches = [one.query for one in repo.kept.searches(name)]
    questions = [one.line for one in repo.kept.questions(team=name)]
    if not name or (name not in teams and not searches and not questions):
        raise BadInput(
            f"The team “{team}” heard nothing here, follows no search and kept no question. Name another, or follow a "
            "search for it first."
        )
    repo = repo.as_member(repo.member.only((name,)))  # a digest goes to all of the team: it says what they may read
    asked = _asked(repo, name, until)
    window = _Window(tuple(one for one in teams if one != name), since, until)
    sections: tuple[Section, ...] = ()
    notice = ""
    if window.teams:
        lines = [*questions, *(line for line, _ in asked)]
        found = repo.check(lines, team=window.teams, since=since, until=until)
        notice = found.notice
        sections = _once(
            [
                *_followed(repo, searches, window),
                *_kept(repo, found[: len(questions)]),
                *_of_insights(repo, name, window),
                *_of_studies(repo, asked, found[len(questions) :]),
                *_of_themes(repo, name, window),
                *_alike(repo, name, window),
            ]
        )
    return Digest(name, since, until, sections, len(searches), len(questions), len(asked), notice)


def days(since: str, until: str, today: date) -> tuple[date, date]:
    """The first and the last day of "7d", "2w", "3m" or a date until another ("": today). Raises BadInput.

    >>> days("3m", "2026-05-31", date(2026, 6, 1))
    (datetime.date(2026, 2, 28), datetime.date(2026, 5, 31))
    """
    last = day(until or None, "--until") or today
    span = re.fullmatch(r"(\d{1,4})([dwm])", since.strip().lower())
    try:
        first = _before(last, int(span[1]), span[2]) if span else day(since.strip() or None, "--since")
    except (ValueError, OverflowError):  # before the first year
        first = None
    if first is None or first > last:
        raise BadInput(f"“{since}” is no time before {last}. Write 7d, 2w, 3m, or a day such as 2026-08-01.")
    return first, last


def _before(last: date, count: int, unit: str) -> date:
    if unit != "m":
        return last - timedelta(days=count * (7 if unit == "w" else 1))
    year, month = divmod(last.year * 12 + last.month - 1 - count, 12)
    return date(year, month + 1, min(last.day, monthrange(year, month + 1)[1]))


def _asked(repo: Repository, team: str, until: date) -> list[tuple[str, str]]:
    """(question, study) of the team's studies that are not long over."""
    return [
        (line, study.title)
        for study in repo.studies()
        if study.team == team and (study.last is None or study.last >= until - _CURRENT)
        for line in dict.fromkeys(" ".join(one.split()) for one in study.questions.splitlines())
        if line
    ]


def _followed(repo: Repository, searches: Sequence[str], window: _Window) -> Iterator[Section]:
    for query in searches:
        found = _others(repo, query, window)
        phrases = [_plain(phrase) for phrase in parse(query).phrases]
        if phrases:  # where nobody said them, a search brings what comes near
            yield _section("search", [hit for hit in found if all(one in _plain(hit.text) for one in phrases)], query)
        else:
            yield _section("search", _sure(repo, query, found), query)


def _others(repo: Repository, query: str, window: _Window) -> Sequence[Hit]:
    """What a search brings of what others heard in the window, a passage a person."""
    return repo.search(query, limit=_LOOKED_AT, per_person=1, team=window.teams, since=window.since, until=window.until)


def _kept(repo: Repository, verdicts: Sequence[Verdict]) -> Iterator[Section]:
    for one in verdicts:
        yield _section("question", _answers(repo, one), one.line)


def _of_studies(repo: Repository, asked: Sequence[tuple[str, str]], verdicts: Sequence[Verdict]) -> Iterator[Section]:
    """Those most surely answered: nobody waits for them as for a question that was kept."""
    sure = [(one, study) for one, (_, study) in zip(verdicts, asked, strict=True) if one.confidence >= SURE]
    for one, study in sorted(sure, key=lambda found: -found[0].confidence)[:_STUDY_LINES]:
        yield _section("study", _answers(repo, one), one.line, study)


def _of_insights(repo: Repository, team: str, window: _Window) -> Iterator[Section]:
    """What may speak for or against the team's claims, and is not evidence of theirs yet."""
    for one in repo.insights.all(team=team):
        linked = {line.hit.id for line in one.evidence if line.hit}
        query = checking.as_words(one.statement)
        new = [hit for hit in _sure(repo, query, _others(repo, query, window)) if hit.id not in linked]
        yield Section("insight", tuple(map(Entry, new)), len(new), one.statement, code=one.code)


def _of_themes(repo: Repository, team: str, window: _Window) -> Iterator[Section]:
    """Themes that the team heard of at any time, and others in these days; those that most of them spoke of first."""
    own = repo.theming.heard(Filter(team=(team,)))
    theirs = repo.themes(team=window.teams, since=window.since, until=window.until)
    both = [one for one in theirs if one.id in own and one.people and not one.hidden]
    for one in sorted(both, key=lambda one: -one.people)[:_THEMES]:
        said = repo.passages(one.passage_ids[:_LOOKED_AT])
        yield Section("theme", tuple(map(Entry, said)), one.people, one.label, code=one.id)


def _answers(repo: Repository, one: Verdict) -> Sequence[Hit]:
    return _sure(repo, checking.as_words(one.line), [answer.quote for answer in one.answers]) if one.answers else ()


def _sure(repo: Repository, query: str, found: Sequence[Hit]) -> Sequence[Hit]:
    return finding.sure(found, repo.search(query, limit=_LOOKED_AT), len(parse(query).words)) if found else ()


def _section(reason: Reason, found: Sequence[Hit], about: str, study: str = "") -> Section:
    return Section(reason, tuple(map(Entry, found)), len({hit.participant for hit in found}), about, study)


def _plain(text: str) -> str:
    return " ".join(text.casefold().split())


def _alike(repo: Repository, team: str, window: _Window) -> Iterator[Section]:
    """What others heard, and the team too of late."""
    recent = repo.notes(team=team, since=window.until - _OWN_RECENT, until=window.until, limit=_OWN_NOTES)
    own = [note.id for note in recent]
    pairs = repo.echoes(own, limit=_LOOKED_AT, team=window.teams, since=window.since, until=window.until)
    yield Section("alike", tuple(Entry(theirs, mine) for mine, theirs in pairs), len(pairs))


def _once(sections: Sequence[Section]) -> tuple[Section, ...]:
    """Sections with at most three passages each, of three people, and no passage twice; those that hold none go."""
    shown: set[str] = set()
    kept = []
    for section in sections:
        first: dict[str, Entry] = {}  # participant -> their passage
        for entry in section.entries:
            if len(first) < _ENTRIES and entry.hit.id not in shown:
                first.setdefault(entry.hit.participant, entry)
        shown |= {entry.hit.id for entry in first.values()}
        if first:
            kept.append(replace(section, entries=tuple(first.values())))
    return tuple(kept)

"""What programs are told: values of the repository as JSON has them, with people counted and a citation for each quote.

One shape for the API and for assistants, by the names that the command's `--json` uses. The docstrings stand in the
API's own documentation and in what assistants read.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Literal

from pydantic import BaseModel, ConfigDict

from heard.ui import themes as theme_words
from heard.ui import verdicts, words
from research import address, models
from research.check import Check, Verdict
from research.themes import heard as themes_heard

Day = date | None

PAGE = 16_000  # characters of a note or a brief that are told at once


class Told(BaseModel):
    """Nothing is added to it or changed."""

    model_config = ConfigDict(frozen=True, use_attribute_docstrings=True)


class Passage(Told):
    """What one person said, in their own words but for names and addresses, which are replaced by marks."""

    id: str
    text: str
    """The customer’s words. Marks such as [PERSON] stand for what was personal."""
    context: str
    """The question that it answers, or the heading that it stands under; not the customer's words."""
    speaker: str
    """Who said it, by pseudonym (P-0007); the same person has the same one everywhere."""
    role: str
    segment: str
    account: str
    team: str
    """The team that heard it."""
    study: str
    date: Day
    """The day of the session."""
    tags: tuple[str, ...]
    note_id: str
    note_title: str
    start_s: float | None
    """Seconds into the recording, where there are times."""
    closed: bool
    """Only its team reads it: do not pass it on to others."""
    opens: Day
    cite: str
    """Who said it where and when, to stand behind the quote."""
    url: str
    """Where the passage opens in the app ("" where nobody set HEARD_URL)."""


class Behind(Told):
    """Who stands behind something: people, not mentions."""

    said: str
    """All of it in a sentence."""
    passages: int
    people: int
    teams: int
    accounts: int
    latest: Day


class Found(Told):
    """An answer to a question, best first. `voices` counts all that was found, `more` what is not shown of it."""

    passages: tuple[Passage, ...]
    voices: Behind
    more: int
    notice: str
    """A sentence where the answer is not all that it could be."""


class Answer(Told):
    """One distinct answer: its best quote, how many people say so in how many passages, and whether it contradicts what
    most say."""

    quote: Passage
    people: int
    passages: int
    otherwise: bool


class Line(Told):
    """What is known of one line."""

    line: str
    verdict: Literal["answered", "partly", "open"]
    confidence: float
    """The chance that customers have said something to it, 0 to 1."""
    said: str
    """Who stands behind it, and what keeps it from being answered."""
    people: int
    teams: int
    accounts: int
    latest: Day
    missing_segments: tuple[str, ...]
    """Segments of whom nobody said anything to it."""
    answers: tuple[Answer, ...]
    nearest: tuple[Passage, ...]
    """Of an open line what comes closest; it does not answer the line."""


class Reading(Told):
    """A note that is worth reading first, with the lines that it has answers to."""

    note_id: str
    title: str
    team: str
    study: str
    date: Day
    lines: tuple[str, ...]
    url: str


class Checked(Told):
    """Verdicts in the order of the lines, as many as are told at once; and of all lines what to ask (the least known
    first), and what not to ask again."""

    said: str
    verdicts: tuple[Line, ...]
    next: int | None
    """The `offset` to ask for the verdicts of more lines with; null where there are none."""
    to_ask: tuple[str, ...]
    to_drop: tuple[str, ...]
    reading: tuple[Reading, ...]
    notice: str


class Theme(Told):
    """What several people spoke of alike."""

    id: str
    label: str
    phrases: tuple[str, ...]
    area: str
    said: str
    """Who spoke of it, and whether more do than in as many days before."""
    people: int
    accounts: int
    teams: tuple[str, ...]
    segments: tuple[str, ...]
    interviews: int
    interviews_before: int
    direction: str
    """rising or fading only where the 95% interval of the difference leaves out zero."""
    marks: tuple[str, ...]
    first: Day
    last: Day
    quote: Passage | None
    url: str


class Themes(Told):
    """The themes of some days, those that most interviews speak of first; without days all that was ever said."""

    said: str
    since: Day
    until: Day
    themes: tuple[Theme, ...]
    more: int
    next: int | None
    """The `offset` to ask for more with; null where there are none."""


class Person(Told):
    """A participant, by pseudonym."""

    pseudonym: str
    segment: str
    account: str
    role: str


class Turn(Told):
    """A stretch of a note by one speaker. An interviewer's words are no evidence of what customers say."""

    speaker: str
    role: Literal["participant", "interviewer"]
    heading: str
    text: str
    start_s: float | None


class NoteInList(Told):
    """One interview, call, test session, survey answer or ticket."""

    id: str
    title: str
    team: str
    study: str
    date: Day
    participants: tuple[Person, ...]
    passages: int
    words: int
    closed: bool
    opens: Day
    url: str


class Note(NoteInList):
    """A page of a whole note."""

    turns: tuple[Turn, ...]
    hidden: int
    """Turns that are left out, since their speakers' consent has ended."""
    next: int | None
    """The `offset` to ask for the next page with; null on the last."""


class Study(Told):
    """What a team asked about, with what was heard."""

    id: str
    title: str
    team: str
    notes: int
    passages: int
    participants: int
    first: Day
    last: Day
    owner: str
    method: str
    questions: str
    closed: bool
    opens: Day


class Brief(Told):
    """What was learned about customers in some days."""

    title: str
    since: date
    until: date
    markdown: str
    """A page of it."""
    next: int | None
    """The `offset` to ask for the next page with; null on the last."""


def passage(hit: models.Hit, url: str) -> Passage:
    """A hit with its citation. `url` is where the app is ("" where nobody says). Raises BadInput where it is none."""
    told = {name: getattr(hit, name) for name in Passage.model_fields if name not in ("cite", "url")}
    return Passage(**told, cite=words.source(hit).removeprefix("— "), url=_page(url, address.note(hit.note_id, hit.id)))


def found(hits: models.Hits, url: str, today: date) -> Found:
    """An answer to a search."""
    return Found(
        passages=tuple(passage(hit, url) for hit in hits),
        voices=behind(hits.voices, today),
        more=hits.more,
        notice=hits.notice,
    )


def behind(voices: models.Voices, today: date) -> Behind:
    """Who stands behind something."""
    said = words.who_said(voices, today) or "Nobody said anything like that."
    told = {name: getattr(voices, name) for name in Behind.model_fields if name != "said"}
    return Behind(said=said, **told)


def checked(check: Check, url: str, today: date, limit: int, offset: int) -> Checked:
    """A check, with the verdicts of so many lines from one on."""
    stop = offset + limit
    return Checked(
        said=verdicts.summary(check),
        verdicts=tuple(_line(one, check.segments, url, today) for one in check[offset:stop]),
        next=_further(stop, len(check)),
        to_ask=tuple(one.line for one in check.to_ask),
        to_drop=tuple(one.line for one in check.to_drop),
        reading=tuple(
            Reading(
                note_id=one.note_id, title=one.title, team=one.team, study=one.study, date=one.date, lines=one.lines,
                url=_page(url, address.note(one.note_id)),
            )
            for one in check.reading
        ),
        notice=check.notice,
    )  # fmt: skip


def _line(one: Verdict, segments: Sequence[str], url: str, today: date) -> Line:
    told = (verdicts.who(one, today), verdicts.because(one), verdicts.missing(one, segments))
    return Line(
        line=one.line, verdict=one.verdict, confidence=round(one.confidence, 3), said=" ".join(filter(None, told)),
        people=one.people, teams=one.teams, accounts=one.accounts, latest=one.latest,
        missing_segments=one.missing_segments,
        answers=tuple(
            Answer(quote=passage(a.quote, url), people=a.people, passages=len(a.ids), otherwise=a.otherwise)
            for a in one.answers
        ),
        nearest=tuple(passage(hit, url) for hit in one.nearest),
    )  # fmt: skip


def themes(told: themes_heard.Themes, url: str, limit: int, offset: int) -> Themes:
    """So many themes of a window from one on; those that somebody hid are left out."""
    there = [one for one in told if not one.hidden]
    look, stop = told.window, offset + limit
    return Themes(
        said=f"{theme_words.window(look)}: {theme_words.held(told)}",
        since=look.since if look else None,
        until=look.until if look else None,
        themes=tuple(_theme(one, look, url) for one in there[offset:stop]),
        more=max(0, len(there) - stop),
        next=_further(stop, len(there)),
    )


def _theme(one: themes_heard.Theme, look: themes_heard.Window | None, url: str) -> Theme:
    days = {"since": str(look.since), "until": str(look.until)} if look else {}
    return Theme(
        id=one.id, label=one.label, phrases=one.phrases, area=one.area,
        said=f"{theme_words.who(one)}; {theme_words.moved(one.change)}",
        people=one.people, accounts=one.accounts, teams=one.teams, segments=one.segments,
        interviews=one.change.interviews, interviews_before=one.change.interviews_before,
        direction=one.change.direction, marks=one.marks, first=one.first, last=one.last,
        quote=passage(one.quote, url) if one.quote else None,
        url=_page(url, address.address("theme", {"id": one.id, **days})),
    )  # fmt: skip


def note(whole: models.Note, url: str, offset: int = 0) -> Note:
    """A page of a note from a character on: whole turns, as long as they fit on one."""
    stop = offset + PAGE
    ends = [turn.end for turn in whole.turns if offset < turn.end <= stop]
    if len(whole.text) <= stop:
        stop = len(whole.text)
    elif ends:
        stop = ends[-1]
    turns = tuple(
        Turn(
            speaker=turn.speaker, role=turn.role, heading=turn.heading,
            text=whole.text[max(turn.start, offset) : min(turn.end, stop)], start_s=turn.start_s,
        )
        for turn in whole.turns
        if turn.start < stop and turn.end > offset
    )  # fmt: skip
    more = any(turn.end > stop for turn in whole.turns)
    return Note(**dict(in_list(whole.summary, url)), turns=turns, hidden=whole.hidden, next=stop if more else None)


def in_list(one: models.NoteSummary, url: str) -> NoteInList:
    """A note in a list."""
    told = {name: getattr(one, name) for name in NoteInList.model_fields if name not in ("participants", "url")}
    people = tuple(
        Person(pseudonym=who.pseudonym, segment=who.segment, account=who.account, role=who.role)
        for who in one.participants
    )
    return NoteInList(**told, participants=people, url=_page(url, address.note(one.id)))


def study(one: models.StudySummary) -> Study:
    """A study in the library."""
    return Study(**{name: getattr(one, name) for name in Study.model_fields})


def brief(title: str, since: date, until: date, markdown: str, offset: int) -> Brief:
    """A page of a brief from a character on, which ends before a heading, else between paragraphs or lines."""
    stop = len(markdown)
    if stop > offset + PAGE:
        ends = (markdown.rfind(mark, offset + PAGE // 2, offset + PAGE) for mark in ("\n## ", "\n### ", "\n\n", "\n"))
        stop = next((end + 1 for end in ends if end >= 0), offset + PAGE)
    return Brief(
        title=title, since=since, until=until, markdown=markdown[offset:stop],
        next=_further(stop, len(markdown)),
    )  # fmt: skip


def _further(stop: int, all_of_it: int) -> int | None:
    """Where the next page begins, if there is one."""
    return stop if stop < all_of_it else None


def _page(url: str, page: str) -> str:
    return address.base(url) + page if url else ""

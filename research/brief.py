"""The brief: what was learned about customers in a window, in the order in which planning wants it. Values and rules.

`research.gathering` brings what it rests on, `research.briefing` chooses among it; `research.briefs` writes it as
Markdown, HTML, Word, slides and JSON.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from research.check import Verdict
from research.insight import Insight
from research.kept import Question
from research.models import Hit, SegmentHeard
from research.themes.heard import Theme, Window

What = Literal["new", "rising", "fading", "reversed"]


@dataclass(frozen=True, slots=True)
class Told:
    """A theme with the quotes that stand for it: of several people, teams and accounts where there are such."""

    theme: Theme
    quotes: tuple[Hit, ...]


@dataclass(frozen=True, slots=True)
class Surprise:
    """What was not expected: a theme that is new or changed, or an insight that is spoken against (`reversed`).

    One of `theme` and `insight` is set; `quotes` are what speaks for the surprise.
    """

    what: What
    theme: Theme | None = None
    insight: Insight | None = None
    quotes: tuple[Hit, ...] = ()


@dataclass(frozen=True, slots=True)
class Apart:
    """A theme that several teams heard by themselves: a quote of each, and whether any of them has read the other."""

    theme: Theme
    quotes: tuple[Hit, ...]
    read: bool


@dataclass(frozen=True, slots=True)
class Asked:
    """A question that was kept because nobody had answered it, and what is known of it today."""

    question: Question
    verdict: Verdict


@dataclass(frozen=True, slots=True)
class Made:
    """How a brief was made: what was looked at and what was left out.

    `interviews` are one person in one note each; `outside` is the share of the passages that belong to no theme;
    `undated` passages lie in no window; `hidden` people's consent has ended. `chance` is how many of the `compared`
    themes may be called rising or fading by chance alone (one in twenty).
    """

    notes: int
    interviews: int
    interviews_before: int
    passages: int
    people: int
    teams: tuple[str, ...]
    accounts: int
    themes: int
    outside: float
    undated: int
    hidden: int
    compared: int

    @property
    def chance(self) -> float:
        """How many themes may be called rising or fading by chance alone: their intervals leave out one in twenty."""
        return self.compared / 20


@dataclass(frozen=True, slots=True)
class Brief:
    """What was learned about customers in a window, and how far one may trust it.

    `team` narrows it ("" for all). Every part holds the passages, themes and insights that it rests on, so that every
    line leads to them; `passages` are all that it quotes, by id, in the order in which they come.
    """

    window: Window
    team: tuple[str, ...]
    learned: tuple[Insight, ...]
    themes: tuple[Told, ...]
    surprises: tuple[Surprise, ...]
    apart: tuple[Apart, ...]
    alone: tuple[Told, ...]
    unheard: tuple[SegmentHeard, ...]
    questions: tuple[Asked, ...]
    stale: tuple[Insight, ...]
    made: Made

    @property
    def passages(self) -> tuple[Hit, ...]:
        """All passages that it quotes, in the order in which they come, each once."""
        shown = [
            *(one.hit for insight in self.learned for one in insight.evidence if one.hit),
            *(hit for told in self.themes for hit in told.quotes),
            *(hit for surprise in self.surprises for hit in surprise.quotes),
            *(hit for apart in self.apart for hit in apart.quotes),
            *(hit for told in self.alone for hit in told.quotes),
            *(hit for asked in self.questions for hit in asked.verdict.hits),
            *(one.hit for insight in self.stale for one in insight.evidence if one.hit),
        ]
        return tuple({hit.id: hit for hit in shown}.values())

    def to_markdown(self, *, url: str = "") -> str:
        """The brief as Markdown. `url` is where the app is: with it, citations and themes open there, else the passages
        at the end. Raises BadInput where it is no address, as all of these do."""
        from research.briefs.markdown import markdown

        return markdown(self, url=url)

    def to_html(self, *, url: str = "") -> str:
        """The brief as one page that needs nothing else, with its charts."""
        from research.briefs.html import html

        return html(self, url=url)

    def to_docx(self, path: str | Path, *, url: str = "") -> None:
        """Write the brief as a Word document."""
        from research.briefs.docx import docx

        Path(path).write_bytes(docx(self, url=url))

    def to_pptx(self, path: str | Path, *, url: str = "") -> None:
        """Write the brief as slides."""
        from research.briefs.pptx import pptx

        Path(path).write_bytes(pptx(self, url=url))

    def to_json(self, *, url: str = "") -> str:
        """The brief with all that it rests on, for programs."""
        from research.briefs.as_json import as_json

        return as_json(self, url=url)


def title(team: Sequence[str]) -> str:
    """What a brief of some teams (of all, if none are given) is called."""
    return " · ".join(filter(None, ("What we learned about customers", ", ".join(team))))

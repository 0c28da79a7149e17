"""What a brief's documents are made of: headings, sentences, quotes, figures and the passages they lead to. Values.

Text in parts is clean (`research.briefs.text.cleaned`) but escaped for no format: each format does that for itself.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from research.address import address, base
from research.briefs.charts import Chart
from research.models import Hit
from research.themes.heard import Window

Style = Literal["text", "item", "small"]
WITHIN = "."  # the address of the app for its own pages


@dataclass(frozen=True, slots=True)
class Run:
    """A stretch of text; `href` is what it opens: "#p3" within the document, an address of the app, or "" for nothing.

    `cites` is the number of the passage that it stands for, 0 where it stands for none.
    """

    text: str
    bold: bool = False
    href: str = ""
    cites: int = 0


@dataclass(frozen=True, slots=True)
class Title:
    """What the document is called, and the line under it."""

    text: str
    under: str


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading of level 1 (a part of the brief) or 2 (a theme, an insight); `anchor` is its name in the document."""

    level: Literal[1, 2]
    text: str
    anchor: str = ""
    href: str = ""


@dataclass(frozen=True, slots=True)
class Contents:
    """The parts of the brief that follow, each with its anchor."""

    sections: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Sentences; an *item* is one of a list."""

    runs: tuple[Run, ...]
    style: Style = "text"


@dataclass(frozen=True, slots=True)
class Quote:
    """Somebody's words, without the marks around them, who said them where, and the question that they answer."""

    words: str
    by: tuple[Run, ...]
    asked: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """Numbers as a table: the first column names the row."""

    caption: str
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Figure:
    """A chart, what it says in words, and the numbers in it."""

    chart: Chart
    words: str
    table: Table


@dataclass(frozen=True, slots=True)
class Source:
    """A passage in full, with all that is needed to find it again."""

    number: int
    words: str
    who: str
    where: str
    passage: str
    href: str


Part = Title | Heading | Contents | Paragraph | Quote | Figure | Source


class Sources:
    """The passages that a document quotes, numbered in the order in which it does, and the addresses of what it names.

    `url` is where the app is ("" where nobody knows, WITHIN for a page of the app): with it a citation opens the
    passage in its transcript, and a theme in `window`; without it the list of passages at the end of the document.
    """

    def __init__(self, url: str = "", window: Window | None = None) -> None:
        self._url, self._window = f"{WITHIN}/" if url == WITHIN else base(url), window
        self._number: dict[str, int] = {}
        self._hits: list[Hit] = []

    @property
    def within(self) -> bool:
        """Whether the document is a page of the app, where every passage is at hand."""
        return self._url == f"{WITHIN}/"

    def __iter__(self) -> Iterator[tuple[int, Hit]]:
        """The passages that were cited so far, with their numbers."""
        return iter(list(enumerate(self._hits, 1)))

    def number(self, hit: Hit) -> int:
        """The number of a passage: it is given one where it has none yet."""
        if hit.id not in self._number:
            self._hits.append(hit)
            self._number[hit.id] = len(self._hits)
        return self._number[hit.id]

    def cite(self, hit: Hit) -> Run:
        """A passage's number, which opens it."""
        number = self.number(hit)
        return Run(f"[{number}]", href=self.note(hit) or f"#p{number}", cites=number)

    def cited(self, hits: Iterable[Hit]) -> tuple[Run, ...]:
        """The numbers of passages, lowest first, with spaces between them."""
        numbered = sorted({self.number(hit): hit for hit in hits}.items())
        return tuple(run for _, hit in numbered for run in (Run(" "), self.cite(hit)))

    def note(self, hit: Hit) -> str:
        """The address of a passage in its transcript, "" where the app's is not known."""
        return self._page("note", {"id": hit.note_id, "passage": hit.id})

    def theme(self, id_: str) -> str:
        """The address of a theme, "" where the app's is not known."""
        look = {"since": str(self._window.since), "until": str(self._window.until)} if self._window else {}
        return self._page("theme", {"id": id_, **look})

    def insight(self, code: str) -> str:
        """The address of an insight, "" where the app's is not known."""
        return self._page("insight", {"id": code})

    def _page(self, page: str, params: Mapping[str, str]) -> str:
        return self._url + address(page, params) if self._url else ""


def plain(runs: Iterable[Run]) -> str:
    """What stretches of text read."""
    return "".join(one.text for one in runs)


def sections(parts: Sequence[Part]) -> dict[str, list[Part]]:
    """The parts of the document, by the anchor of the heading that they stand under."""
    found: dict[str, list[Part]] = {}
    name = ""
    for part in parts:
        if isinstance(part, Heading) and part.level == 1:
            name = part.anchor
        else:
            found.setdefault(name, []).append(part)
    return found


def cited(part: Part) -> list[int]:
    """The numbers of the passages that a part cites."""
    runs: tuple[Run, ...] = ()
    if isinstance(part, Paragraph):
        runs = part.runs
    elif isinstance(part, Quote):
        runs = part.by
    return [run.cites for run in runs if run.cites]

"""Passages to take along: what a search found, or what speaks for and against a claim, as files that other tools read.

Everyone is named by pseudonym, and each passage has a citation that opens it in the app, where somebody said where the
app is.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Literal

from heard import document
from heard.document import Part
from heard.sheet import Cell, Column, workbook
from heard.ui import claims, words
from research import address, dates
from research.errors import BadInput
from research.exchange.cells import csv_text
from research.insight import SIGNS, Insight, Sign
from research.models import Hit, Hits

Kind = Literal["md", "csv", "xlsx", "docx"]

KINDS: dict[Kind, str] = {"md": "Markdown", "csv": "CSV", "xlsx": "Excel", "docx": "Word"}
MOST = 200  # passages that are taken along at once, where nobody asks for more

_COLUMNS = (
    Column("words", 80), Column("in answer to", 40), Column("said by", 10), Column("segment"), Column("account"),
    Column("role"), Column("team"), Column("study", 24), Column("date", 12), Column("tags", 24), Column("note", 28),
    Column("citation", 60), Column("link", 40, opens=True),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Quoted:
    """A passage, and on which side of a claim it stands ("" where nothing is claimed)."""

    hit: Hit
    sign: Sign | Literal[""] = ""


@dataclass(frozen=True, slots=True)
class Passages:
    """Passages under what they answer or speak to; `said` are the sentences before them, of who stands behind them.

    `url` is where the app is found, "" where nobody says so.
    """

    title: str
    said: tuple[str, ...]
    quotes: tuple[Quoted, ...]
    url: str = ""

    @property
    def sided(self) -> bool:
        """Whether they stand for and against something."""
        return any(one.sign for one in self.quotes)

    @property
    def notes(self) -> list[str]:
        """The ids of the notes that are quoted."""
        return sorted({one.hit.note_id for one in self.quotes})


def found(
    question: str, hits: Hits, folded: Iterable[Hit], today: date, *,
    only: Sequence[str] = (), most: int = MOST, url: str = "",
) -> Passages:  # fmt: skip
    """What a search found: at most so many, those that say the same (`folded`) after the one that stands for them.

    `question` is as it was asked, `only` what it was narrowed by, in words; `url` is where the app is found. Raises
    BadInput where that is no address.
    """
    alike = {hit.id: hit for hit in folded}
    every = [one for hit in hits for one in (hit, *(alike[id_] for id_ in hit.alike if id_ in alike))]
    total = count(hits)
    said = (
        f"Only: {'; '.join(only)}." if only else "",
        words.who_said(hits.voices, today),
        hits.notice,
        f"These are the first {most:,} of {words.count(total, 'passage')}." if total > most else "",
        f"Taken along on {dates.day(today)}.",
    )
    title = f"What customers said: {' '.join(question.split())}" if question.strip() else "What customers said"
    quotes = tuple(Quoted(hit) for hit in every[:most])
    return Passages(title, tuple(filter(None, said)), quotes, address.base(url))


def count(hits: Hits) -> int:
    """How many relevant passages there are: those that a search shows, those folded into them, and all others."""
    return hits.more + sum(1 + len(hit.alike) for hit in hits)


def evidence(one: Insight, today: date, url: str = "") -> Passages:
    """What speaks for and against a claim; what is withdrawn is counted and has no words. `url` is where the app is
    found. Raises BadInput where it is no address."""
    state = ": ".join(filter(None, (claims.state(one), claims.why(one))))
    said = (
        f"{state}{'' if state.endswith(('.', ')')) else '.'}",
        claims.strength(one.strength, today),
        claims.withdrawn(one.withdrawn) if one.withdrawn else "",
        f"{one.code}, taken along on {dates.day(today)}.",
    )
    quotes = tuple(Quoted(line.hit, sign) for sign in SIGNS for line in one.of(sign) if line.hit)
    return Passages(one.statement, tuple(filter(None, said)), quotes, address.base(url))


def kind_of(file: Path) -> Kind:
    """What a file is to be, by how its name ends. Raises BadInput for anything else."""
    ending = file.suffix.lower().removeprefix(".")
    if ending in KINDS:
        return ending
    known = words.listed([f".{one}" for one in KINDS], "or")
    raise BadInput(f"{file} ends in none of what passages are written as: {known}. Give it such a name.")


def written(taken: Passages, kind: Kind) -> bytes:
    """The passages as a file of a kind."""
    return _WRITERS[kind](taken)


def markdown(taken: Passages) -> str:
    """The passages as Markdown."""
    return document.markdown(_parts(taken))


def docx(taken: Passages) -> bytes:
    """The passages as a Word document."""
    return document.docx(_parts(taken))


def csv(taken: Passages) -> str:
    """The passages as CSV; a cell that a spreadsheet program would take for a formula begins with an apostrophe."""
    header = [column.heading for column in _columns(taken)]
    return csv_text(header, (["" if cell is None else cell for cell in row] for row in _rows(taken)))


def xlsx(taken: Passages) -> bytes:
    """The passages as a workbook of one sheet, which holds no formula."""
    return workbook("Evidence" if taken.sided else "Passages", _columns(taken), _rows(taken))


_WRITERS: dict[Kind, Callable[[Passages], bytes]] = {
    "md": lambda taken: markdown(taken).encode(),
    "csv": lambda taken: csv(taken).encode("utf-8-sig"),  # without the mark Excel takes it for Latin-1
    "xlsx": xlsx,
    "docx": docx,
}


def _columns(taken: Passages) -> Sequence[Column]:
    return (Column("speaks", 10), *_COLUMNS) if taken.sided else _COLUMNS


def _rows(taken: Passages) -> Iterator[Sequence[Cell]]:
    for one in taken.quotes:
        hit = one.hit
        row = (
            hit.text, hit.context, hit.speaker, hit.segment, hit.account, hit.role, hit.team, hit.study, hit.date,
            ", ".join(hit.tags), hit.note_title, _citation(hit), _opens(hit, taken.url),
        )  # fmt: skip
        yield (one.sign, *row) if taken.sided else row


def _parts(taken: Passages) -> Iterator[Part]:
    yield Part("title", taken.title)
    for sentence in taken.said:
        yield Part("text", sentence)
    for sign in SIGNS if taken.sided else ("",):
        side = [one.hit for one in taken.quotes if one.sign == sign]
        if sign:
            yield Part("heading", f"Speaks {sign} it")
            if not side:
                yield Part("text", "Nobody yet.")
        yield from _quotes(side, taken.url)


def _quotes(hits: Iterable[Hit], url: str) -> Iterator[Part]:
    for hit in hits:
        yield Part("quote", f"“{' '.join(hit.text.split())}”")
        if hit.context:
            yield Part("small", words.answering(hit.context))
        yield Part("small", words.source(hit), _opens(hit, url))
        if hit.tags:
            yield Part("small", f"tags: {', '.join(hit.tags)}")


def _citation(hit: Hit) -> str:
    return words.source(hit).removeprefix("— ")


def _opens(hit: Hit, url: str) -> str:
    return url + address.note(hit.note_id, hit.id) if url else ""

"""A check as a document to hand on: Markdown, or Word, from the same parts."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from heard import document
from heard.document import Part
from heard.ui import verdicts, words
from ingest.guide import Guide
from research import dates
from research.check import Check, Reading, Verdict
from research.person import Asking


def markdown(guide: Guide, check: Check, asking: Asking, today: date) -> str:
    """The check as Markdown."""
    return document.markdown(_parts(guide, check, asking, today))


def docx(guide: Guide, check: Check, asking: Asking, today: date) -> bytes:
    """The check as a Word document."""
    return document.docx(_parts(guide, check, asking, today))


def quoted(check: Check) -> list[str]:
    """The ids of the notes that the documents quote."""
    return sorted({hit.note_id for one in check for hit in one.hits})


def _parts(guide: Guide, check: Check, asking: Asking, today: date) -> Iterator[Part]:
    yield Part("title", "Before you ask")
    yield Part("text", f"{verdicts.summary(check)} Checked on {dates.day(today)}.")
    if check.notice:
        yield Part("small", check.notice)
    if check.to_ask:
        yield Part("heading", f"Ask {verdicts.these(len(check.to_ask))}")
        for one in check.to_ask:
            yield Part("item", f"{one.line} ({' '.join((one.verdict, *_but(one)))})")
    for lead, people in (("Whom to ask", asking.whom), ("Whom to leave in peace", asking.leave)):
        if people:
            yield Part("heading", lead)
            for person in people:
                yield Part(
                    "item", f"{', '.join(words.about(person.pseudonym, person))}: {words.whether(person, today)}"
                )
    if check.to_drop:
        yield Part("heading", f"Drop {verdicts.these(len(check.to_drop))}")
        for one in check.to_drop:
            yield Part("item", f"{one.line} ({verdicts.who(one, today).rstrip('.')})")
    if check.reading:
        yield Part("heading", "Read first")
        for note in check.reading:
            yield Part("item", f"{note.title}: {reading(note)}")
    yield Part("heading", "Line by line")
    verdict = {one.line: one for one in check}
    for entry in guide.entries:
        if entry.kind == "heading":
            yield Part("section", entry.text)
        elif entry.kind == "aside":
            yield Part("small", entry.text)
        elif found := verdict.get(" ".join(entry.text.split())):
            yield from _line(found, check, today)


def _line(one: Verdict, check: Check, today: date) -> Iterator[Part]:
    yield Part("line", one.line)
    told = (
        f"{verdicts.WORDS[one.verdict]} ({verdicts.chance(one)}).", verdicts.who(one, today), verdicts.because(one),
        verdicts.missing(one, check.segments),
    )  # fmt: skip
    yield Part("text", " ".join(filter(None, told)))
    for answer in one.answers:
        lead = "Says otherwise? " if answer.otherwise else ""
        people = f" ({verdicts.says(answer.people)})" if answer.people > 1 else ""
        yield Part("quote", f"{lead}“{' '.join(answer.quote.text.split())}” {words.source(answer.quote)}{people}")
    if one.nearest:
        yield Part("small", "What comes nearest:")
        for hit in one.nearest:
            yield Part("quote", f"“{' '.join(hit.text.split())}” {words.source(hit)}")


def reading(note: Reading) -> str:
    """Where a note of the reading list is from, on how many lines it has something, and who alone may read it."""
    said = f"{note.team} / {note.study}, {dates.day(note.date)}; on {words.count(len(note.lines), 'line')} of these"
    return "; ".join(filter(None, (said, words.read_by(note))))


def _but(one: Verdict) -> list[str]:
    return [f"answered: {verdicts.because(one).removeprefix('Only partly: ').rstrip('.')}"] if one.reservations else []

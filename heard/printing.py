"""What the command prints for people: hits, outcomes and progress bars."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from typing import TYPE_CHECKING, Any

import click
from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn
from rich.text import Text

from heard.ui import verdicts
from heard.ui.html import excerpt
from heard.ui.words import about, answering, count, evenly, read_by, whether, who_said, why
from research.litter import visible

if TYPE_CHECKING:
    from datetime import date

    from ingest.guide import Guide
    from research.check import Check, Verdict
    from research.models import Coverage, Hit, Hits, Voices
    from research.person import Asking

_QUOTED, _QUOTE = 2, 280  # answers that a check quotes, and characters of each; the documents have all


class _Plain(Console):
    """A console whose texts cannot tell the terminal anything: a title may hold what clears it, or types into it."""

    def render_str(self, text: str, **how: Any) -> Text:
        return super().render_str(visible(text), **how)


out = _Plain(highlight=False, emoji=False, soft_wrap=True)
err = _Plain(stderr=True, highlight=False, emoji=False, soft_wrap=True)


def echo(text: str, *, nl: bool = True) -> None:
    """Print a text as it is, JSON or a document, but for what a terminal would obey."""
    click.echo(visible(text), nl=nl)


def print_hits(hits: Hits, *, explain: bool = False) -> None:
    """Hits as people read them: who stands behind them, then the words and where they come from, and why if asked."""
    if not hits:
        out.print("Nobody said anything like that. Try other words, or fewer filters.")
        return
    voices = hits.voices
    counts = [
        (voices.people, "person", "people"),
        (voices.accounts, "account", "accounts"),
        (voices.teams, "team", "teams"),
    ]
    said = ", ".join(f"{n} {one if n == 1 else many}" for n, one, many in counts if n)
    out.print(f"[dim]{said}{f', last heard {voices.latest}' if voices.latest else ''}[/dim]\n")
    for hit in hits:
        out.print(f"  “{_marked(hit)}”")
        if hit.context:
            out.print(f"  [dim]{escape(answering(hit.context))}[/dim]")
        who = " · ".join(about(hit.speaker, hit))
        where = " · ".join(
            filter(None, (f"{hit.team} / {hit.study}", read_by(hit), str(hit.date or ""), ", ".join(hit.tags)))
        )
        out.print(f"  [dim]{escape(who)} · {escape(where)} · {escape(hit.note_title)}[/dim]")
        if hit.alike:
            out.print(f"  [dim]{count(len(hit.alike), 'passage')} more in the same words[/dim]")
        if explain:
            out.print(f"  [dim]why: {escape(' · '.join(why(hit.why)))}[/dim]")
        out.print()


def print_voices(voices: Voices, coverage: Coverage) -> None:
    """Whose voices a selection rests on, as sentences and a line a segment."""
    if not voices.people:
        out.print("Nobody said anything like that. Try other words, or fewer filters.")
        return
    out.print(escape(who_said(voices, date.today())))
    out.print(escape(evenly(voices, coverage)))
    for one in coverage.segments:
        bar = "█" * round(20 * one.heard / one.known)
        out.print(
            f"  {escape(one.segment):24} {bar:20} [dim]{one.heard} of {count(one.known, 'person', 'people')}[/dim]"
        )


def print_check(guide: Guide, check: Check, asking: Asking, today: date) -> None:
    """A check as people read it: what to ask and to drop first, then each line with its verdict and its best quote."""
    out.print(f"{verdicts.summary(check)}\n")
    for lead, some in (("Ask", check.to_ask), ("Drop", check.to_drop)):
        if some:
            out.print(f"[bold]{lead}[/bold]")
            for one in some:
                out.print(f"  {escape(one.line)}")
            out.print()
    for lead, people in (("Whom to ask", asking.whom), ("Whom to leave in peace", asking.leave)):
        if people:
            out.print(f"[bold]{lead}[/bold]")
            for person in people:
                who = ", ".join(about(person.pseudonym, person))
                out.print(f"  {escape(who)} [dim]{escape(whether(person, today))}[/dim]")
            out.print()
    if check.reading:
        out.print("[bold]Read first[/bold]")
        for note in check.reading:
            where = f"{note.team} / {note.study} · on {count(len(note.lines), 'line')}"
            out.print(f"  {escape(note.title)} [dim]{escape(where)}[/dim]")
        out.print()
    found = {one.line: one for one in check}
    for entry in guide.entries:
        if entry.kind == "heading":
            out.print(f"[bold]{escape(entry.text)}[/bold]\n")
        elif entry.kind == "line":
            _print_verdict(found[entry.text], check, today)


def _print_verdict(one: Verdict, check: Check, today: date) -> None:
    colour = {"answered": "green", "partly": "yellow", "open": "red"}[one.verdict]
    out.print(f"  [{colour}]{verdicts.WORDS[one.verdict]:<8}[/{colour}]  {escape(one.line)}")
    told = (verdicts.who(one, today), verdicts.because(one), verdicts.missing(one, check.segments))
    for said in filter(None, told):
        out.print(f"            [dim]{escape(said)}[/dim]")
    quoted = [answer for number, answer in enumerate(one.answers) if number < _QUOTED or answer.otherwise]
    for answer in quoted:
        lead = "says otherwise? " if answer.otherwise else ""
        begin, end = excerpt(answer.quote.text, (), _QUOTE)
        dots = " …" if end < len(answer.quote.text.rstrip()) else ""
        out.print(f"            {lead}“{_marked(answer.quote, begin, end).rstrip()}{dots}”")
        who = " · ".join((*about(answer.quote.speaker, answer.quote), f"{answer.quote.team} / {answer.quote.study}"))
        more = f" · {verdicts.says(answer.people)} say so" if answer.people > 1 else ""
        out.print(f"            [dim]{escape(who)}{more}[/dim]")
    if left := len(one.answers) - len(quoted):
        out.print(f"            [dim]{count(left, 'more answer')}[/dim]")
    out.print()


def _marked(hit: Hit, begin: int = 0, end: int | None = None) -> str:
    end = len(hit.text) if end is None else end
    pieces, at = [], begin
    for start, stop in hit.marks:
        if begin <= start and stop <= end:
            pieces += [escape(hit.text[at:start]), f"[bold]{escape(hit.text[start:stop])}[/bold]"]
            at = stop
    return "".join([*pieces, escape(hit.text[at:end])]).replace("\n\n", " ")


@contextmanager
def passages_bar(doing: str) -> Iterator[Callable[[int, int], None] | None]:
    """A progress bar over passages, on a terminal."""
    if not err.is_terminal:
        yield None
        return
    with Progress(
        SpinnerColumn(), TextColumn(doing), BarColumn(), MofNCompleteColumn(), console=err, transient=True
    ) as bar:
        task = bar.add_task(doing, total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total)

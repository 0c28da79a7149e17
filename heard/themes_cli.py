"""`heard themes`, `heard theme` and `heard brief`: what customers speak of, and the brief that planning begins with."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from rich.markup import escape

from heard.command import home_option, narrowing, repository, write, writing
from heard.printing import echo, out
from heard.ui import themes as words_of
from heard.ui import words
from research.dates import day
from research.themes.heard import lately

if TYPE_CHECKING:
    from research.filters import Narrowing
    from research.repository import Repository
    from research.themes.heard import Theme

_QUOTE = 240  # characters of a theme's quote


@click.command()
@narrowing
@click.option("--limit", default=20, show_default=True, type=click.IntRange(1), help="The most themes.")
@click.option("--hidden", is_flag=True, help="Those that somebody hid, too.")
@click.option("--ever", is_flag=True, help="All that was ever said, whether it has a date or not.")
@click.option("--json", "as_json", is_flag=True, help="A line of JSON for each theme.")
@home_option
def themes(limit: int, hidden: bool, ever: bool, as_json: bool, home: Path | None, **narrow: Any) -> None:
    """List what customers speak of, against the time before.

    In the last 90 days, or between --since and --until, against as many days before.

    \b
    heard themes --team Growth
    heard themes --ever
    heard themes --since 2026-07-01 --until 2026-09-30 --json
    heard theme show T-0007
    """
    with repository(home) as repo:
        found = repo.themes(**_asked(narrow, ever, repo))
    there = [one for one in found if hidden or not one.hidden]
    shown = there[:limit]
    if as_json:
        for one in shown:
            echo(json.dumps(_values(one), default=str, ensure_ascii=False))
        return
    out.print(f"{words_of.window(found.window)}: {words_of.held(found)}")
    if not shown:
        out.print(
            "No theme: a theme is what several passages say alike. Look farther back with --since or --ever, or put "
            "more notes in with `heard ingest`."
        )
    for one in shown:
        _print(one)
    if more := len(there) - len(shown):
        out.print(f"[dim]{more} more; --limit shows them.[/dim]")


@click.group()
def theme() -> None:
    """One theme: what was said, and what people decide about it.

    What they decide stays, whatever notes come in. THEME is a code such as T-0007 (`heard themes`), PASSAGE an id
    that `heard theme show` gives.

    \b
    heard theme show T-0007
    heard theme rename T-0007 "Getting the patient list in"
    heard theme split T-0007 3f0c1b6a 9ad210ff --name Duplicates
    """


@theme.command()
@click.argument("theme")
@narrowing
@click.option("--limit", default=20, show_default=True, type=click.IntRange(1), help="The most passages.")
@click.option("--ever", is_flag=True, help="All that was ever said, whether it has a date or not.")
@click.option("--json", "as_json", is_flag=True, help="As JSON.")
@home_option
def show(theme: str, limit: int, ever: bool, as_json: bool, home: Path | None, **narrow: Any) -> None:
    """Show a THEME with what was said, and its history.

    What was said in the last 90 days, unless --since, --until or --ever say otherwise.
    """
    with repository(home) as repo:
        code = repo.theming.code(theme)
        found = repo.themes(**_asked(narrow, ever, repo))
        one = next((one for one in found if one.id == code), None)
        said = repo.passages(one.passage_ids[:limit]) if one else []
        history = repo.theming.history(code)
    if as_json:
        happened = [dataclasses.asdict(event) for event in history]
        passages = [dataclasses.asdict(hit) for hit in said]
        about = _values(one) if one else {"id": code}
        echo(json.dumps(about | {"passages": passages, "history": happened}, default=str, ensure_ascii=False))
        return
    if one is None:
        out.print(f"Nobody spoke of {code} in {words_of.window(found.window)} or before it. Try --since or --ever.")
    else:
        _print(one)
        for hit in said:
            out.print(f"  {escape(words.said(hit, _QUOTE))}")
            who = " · ".join((*words.about(hit.participant, hit), f"{hit.team} / {hit.study}", day(hit.date)))
            out.print(f"  [dim]{escape(who)} · {hit.id}[/dim]\n")
    for event in history:
        out.print(f"  [dim]{day(event.at.date())}: {escape(words_of.happened(event))}[/dim]")


@theme.command()
@click.argument("theme")
@click.argument("name", nargs=-1)
@home_option
def rename(theme: str, name: tuple[str, ...], home: Path | None) -> None:
    """Give a THEME a NAME, which stays whatever joins it.

    No NAME brings its key phrases back.
    """
    with repository(home) as repo:
        repo.theming.rename(theme, " ".join(name))
    out.print(f"{escape(theme)} is called {escape(' '.join(name)) or 'by its key phrases'} now.")


@theme.command()
@click.argument("theme")
@click.argument("into")
@home_option
def merge(theme: str, into: str, home: Path | None) -> None:
    """Make one of two: THEME goes into INTO.

    INTO keeps its code and name; links to THEME open it.
    """
    with repository(home) as repo:
        repo.theming.merge(theme, into)
    out.print(f"{escape(theme)} is part of {escape(into)} now.")


@theme.command()
@click.argument("theme")
@click.argument("passages", nargs=-1, required=True)
@click.option("--name", default="", help="What the new theme is called (default: its key phrases).")
@home_option
def split(theme: str, passages: tuple[str, ...], name: str, home: Path | None) -> None:
    """Make a theme of its own of some PASSAGES of a THEME.

    They are the ids that `heard theme show` gives.

    \b
    heard theme split T-0007 3f0c1b6a 9ad210ff --name Duplicates
    """
    with repository(home) as repo:
        new = repo.theming.split(theme, passages, name)
    out.print(f"{words.count(len(passages), 'passage')} of {escape(theme)} are {new} now.")


@theme.command()
@click.argument("theme")
@click.option("--undo", is_flag=True, help="Show it again.")
@home_option
def hide(theme: str, undo: bool, home: Path | None) -> None:
    """Leave a THEME out of lists and briefs.

    It goes on growing, and --undo shows it again.
    """
    with repository(home) as repo:
        repo.theming.hide(theme, not undo)
    out.print(f"{escape(theme)} is {'shown again' if undo else 'hidden'}.")


@theme.command("not-here")
@click.argument("theme")
@click.argument("passage")
@home_option
def not_here(theme: str, passage: str, home: Path | None) -> None:
    """Say that a PASSAGE does not belong to a THEME.

    It never comes back to it.
    """
    with repository(home) as repo:
        repo.theming.not_here(theme, passage)
    out.print(f"The passage is out of {escape(theme)}.")


@click.command()
@narrowing
@click.option("--markdown", type=click.Path(path_type=Path, dir_okay=False), help="Write it there as Markdown.")
@click.option("--html", type=click.Path(path_type=Path, dir_okay=False), help="Write it there as one HTML file.")
@click.option("--docx", type=click.Path(path_type=Path, dir_okay=False), help="Write it there as a Word file.")
@click.option("--pptx", type=click.Path(path_type=Path, dir_okay=False), help="Write it there as slides.")
@click.option("--url", help="Where the app is found, so that every line opens there (default: HEARD_URL).")
@click.option("--json", "as_json", is_flag=True, help="As JSON.")
@home_option
def brief(
    markdown: Path | None,
    html: Path | None,
    docx: Path | None,
    pptx: Path | None,
    url: str | None,
    as_json: bool,
    home: Path | None,
    **narrow: Any,
) -> None:
    """Write what we learned about customers in the last 90 days.

    Or between --since and --until; to begin planning with. It is printed as Markdown, unless an option says where
    to write it.

    \b
    heard brief > brief.md
    heard brief --since 2026-07-01 --docx q3.docx --pptx q3.pptx
    """
    with repository(home) as repo:
        found = repo.brief(**narrow)
        base = repo.settings.url if url is None else url
    if markdown is not None:
        write(markdown, found.to_markdown(url=base).encode())
    if html is not None:
        write(html, found.to_html(url=base).encode())
    if docx is not None:
        with writing(docx):
            found.to_docx(docx, url=base)
    if pptx is not None:
        with writing(pptx):
            found.to_pptx(pptx, url=base)
    if as_json:
        echo(found.to_json(url=base))
    elif not (markdown or html or docx or pptx):
        echo(found.to_markdown(url=base))


def _asked(narrow: Any, ever: bool, repo: Repository) -> Narrowing:
    """The filters with the window that is meant."""
    return narrow if ever else lately(narrow, repo.now().date())


def _values(one: Theme) -> dict[str, Any]:
    """A theme as values for JSON."""
    return dataclasses.asdict(one) | {"people": one.people, "accounts": one.accounts, "teams_heard": len(one.teams)}


def _print(one: Theme) -> None:
    marks = f"  [yellow]{escape(', '.join(one.marks))}[/yellow]" if one.marks else ""
    out.print(f"\n[bold]{escape(one.label)}[/bold]  [dim]{one.id}[/dim]{marks}")
    out.print(f"  {escape(words_of.who(one))}")
    out.print(f"  [dim]{escape(words_of.moved(one.change))}[/dim]")
    if one.quote:
        if one.quote.context:
            out.print(f"  [dim]{escape(words.answering(one.quote.context))}[/dim]")
        out.print(f"  {escape(words.said(one.quote, _QUOTE))}")


PLANNING = (themes, theme, brief)

"""`heard team`, `questions`, `follow` and `digest`: what one team wants to know of what the others hear."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path
from typing import TYPE_CHECKING

import click
from rich.markup import escape

from heard.command import home_option, repository, write
from heard.printing import echo, out
from heard.ui import verdicts, words
from research import dates
from research.errors import BadInput

if TYPE_CHECKING:
    from research.repository import Repository

_NOBODY = "Say for which team you read: heard team growth."


@click.command()
@click.argument("name", required=False)
@home_option
def team(name: str | None, home: Path | None) -> None:
    """Say for which team you read (NAME), or show it.

    From then on it counts which teams' notes you use (docs/silos.md).
    """
    with repository(home) as repo:
        if name:
            repo.reuse.join(name)
            if repo.reuse.team not in repo.choices().teams:
                out.print(f"[dim]{escape(repo.reuse.team)} has heard nobody yet.[/dim]")
        out.print(f"You read for {escape(repo.reuse.team)}." if repo.reuse.team else _NOBODY)


@click.command()
@click.option("--team", "whose", default="", help="Only what this team wants to know.")
@click.option("--drop", type=int, metavar="N", help="Let the question of this number go.")
@click.option("--json", "as_json", is_flag=True, help="A line of JSON for each question, with its verdict today.")
@home_option
def questions(whose: str, drop: int | None, as_json: bool, home: Path | None) -> None:
    """List the questions that were kept: are they answered since?

    Those that checks left open and somebody kept (`heard check --keep`).
    """
    with repository(home) as repo:
        if drop is not None:
            repo.kept.drop_question(drop)
            out.print(f"Question {drop} is let go.")
            return
        kept = repo.kept.questions(team=whose)
        today = repo.now().date()
        found = repo.check([one.line for one in kept])
    for one, verdict in zip(kept, found, strict=True):
        if as_json:
            told = dataclasses.asdict(one) | {"verdict": verdict.verdict, "confidence": verdict.confidence,
                                              "people": verdict.people, "latest": verdict.latest}  # fmt: skip
            echo(json.dumps(told, default=str, ensure_ascii=False))
            continue
        out.print(f"{one.number:>4}  {verdicts.SINCE[verdict.verdict]:<14}  {escape(one.line)}")
        out.print(f"      [dim]{escape(verdicts.kept(one))} {escape(verdicts.who(verdict, today))}[/dim]")
    if not kept and not as_json:
        out.print("No question is kept. `heard check guide.md --keep` keeps those that come back open.")


@click.command()
@click.argument("query", nargs=-1)
@click.option("--team", "whose", default="", help="The team that follows it (default: the one you read for).")
@click.option("--list", "listing", is_flag=True, help="Show what the team follows.")
@click.option("--drop", is_flag=True, help="Follow it no longer.")
@home_option
def follow(query: tuple[str, ...], whose: str, listing: bool, drop: bool, home: Path | None) -> None:
    """Follow a search for a team: its digest will answer it.

    What other teams hear from now on that answers QUERY is in `heard digest`.

    \b
    heard follow slow pages --team Growth
    heard follow --list
    heard follow slow pages --drop
    """
    said = " ".join(query)
    with repository(home) as repo:
        name = repo.kept.team(team_meant(repo, whose))
        if said and drop:
            repo.kept.unfollow(name, said)
        elif said:
            repo.kept.follow(name, said)
        elif not listing:
            raise BadInput('Say what to follow: heard follow "slow pages", or --list.')
        followed = repo.kept.searches(name)
    out.print(f"{escape(name)} follows {words.count(len(followed), 'search', 'searches')}.")
    for one in followed:
        out.print(f"  {escape(one.query)}  [dim]{escape(one.by)}, {dates.day(one.at.date())}[/dim]")


@click.command()
@click.option("--team", "whose", default="", help="For which team (default: the one you read for).")
@click.option("--since", default="7d", show_default=True, help="From when on: 7d, 2w, 3m, or a day such as 2026-08-01.")
@click.option("--until", default="", help="Up to this day (default: today).")
@click.option("--html", "page", type=click.Path(path_type=Path, dir_okay=False), help="Write it there, to mail.")
@click.option("--markdown", type=click.Path(path_type=Path, dir_okay=False), help="Write it there as Markdown.")
@click.option("--url", help="Where the app is found, so that quotes can be opened (default: HEARD_URL).")
@home_option
def digest(
    whose: str, since: str, until: str, page: Path | None, markdown: Path | None, url: str | None, home: Path | None
) -> None:
    """Write what others heard that touches a team's work.

    Its followed searches, its kept questions, and what it heard itself. Prints Markdown to paste, or writes it, or
    a page to mail.

    \b
    heard digest --team Growth --since 2w --html digest.html
    """
    from heard import digest_document
    from research.digest import days
    from research.digest import digest as made

    with repository(home) as repo:
        first, last = days(since, until, repo.now().date())
        found = made(repo, team_meant(repo, whose), first, last)
        base = repo.settings.url if url is None else url
    if page is not None:
        write(page, digest_document.html(found, base).encode())
    if markdown is not None:
        write(markdown, digest_document.markdown(found, base).encode())
    if page is None and markdown is None:
        echo(digest_document.markdown(found, base), nl=False)


def team_meant(repo: Repository, whose: str) -> str:
    """The team that is meant: named, else the one that the person at work reads for. Raises BadInput."""
    if name := whose.strip() or repo.reuse.team:
        return name
    raise BadInput(f"Name the team. {_NOBODY}")

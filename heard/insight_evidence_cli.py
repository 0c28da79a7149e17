"""`heard insight`: what speaks for and against a claim, by people's word."""

from __future__ import annotations

import dataclasses
import json
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click
from rich.markup import escape

from heard.command import home_option, repository
from heard.printing import echo, err, out
from heard.ui import claims, words
from research import dates
from research.insight import SIGNS, Insight

if TYPE_CHECKING:
    from research.models import Hit

_QUOTE = 240  # characters of each passage that are printed


@click.command()
@click.argument("code")
@click.argument("passage")
@click.argument("sign", type=click.Choice([*SIGNS, "neither"]))
@home_option
def link(code: str, passage: str, sign: str, home: Path | None) -> None:
    """Say that a PASSAGE speaks for or against a claim.

    PASSAGE is the id that `heard insight suggest` and `heard search --json` give. With “neither” it is not
    suggested again.

    \b
    heard insight link I-0001 3f0c1b6a against
    """
    with repository(home) as repo:
        if sign == "neither":
            repo.insights.dismiss(code, passage)
            out.print("It is not suggested again.")
            return
        repo.insights.link(code, passage, sign)
        _told_strength(repo.insights.one(code), repo.now())


@click.command()
@click.argument("code")
@click.argument("number", type=int)
@home_option
def unlink(code: str, number: int, home: Path | None) -> None:
    """Take a line of evidence away.

    NUMBER is the one that `heard insight show` gives.
    """
    with repository(home) as repo:
        repo.insights.unlink(code, number)
        _told_strength(repo.insights.one(code), repo.now())


@click.command()
@click.argument("code")
@click.option("--limit", default=6, show_default=True, type=click.IntRange(1, 50), help="How many of each list.")
@click.option("--json", "as_json", is_flag=True, help="A line of JSON for each passage.")
@home_option
def suggest(code: str, limit: int, as_json: bool, home: Path | None) -> None:
    """Find passages that may speak for or against a claim.

    One a person, none judged before. You judge them: `heard insight link`.
    """
    with repository(home) as repo:
        one, found = repo.insights.one(code), repo.insights.suggested(code, limit=limit)
    lists = (("like the claim", found.alike), ("like what somebody would say who disagrees", found.otherwise))
    if as_json:
        for near, hits in zip(("statement", "contrary"), (found.alike, found.otherwise), strict=True):
            for hit in hits:
                told = {"near": near, **dataclasses.asdict(hit)}
                echo(json.dumps(told, default=str, ensure_ascii=False))
        return
    for label, hits in lists:
        if hits:
            out.print(f"[bold]Said {label}[/bold]")
        for hit in hits:
            print_passage(hit, f"  {hit.id} ")
    if not one.contrary:
        err.print("[dim]What would somebody say who disagrees? `heard insight change --contrary` looks for them.[/dim]")
    if not found.alike and not found.otherwise:
        out.print("Nothing that nobody has judged yet comes close.")


def print_passage(hit: Hit | None, lead: str) -> None:
    """Print a passage behind what leads to it, and who said it below; None is one that is not there any more."""
    if hit is None:
        out.print(f"{lead} [dim]withdrawn[/dim]")
        return
    out.print(f"{lead} {escape(words.said(hit, _QUOTE))}")
    told = (*words.about(hit.speaker, hit), f"{hit.team} / {hit.study}", words.read_by(hit), dates.day(hit.date))
    about = " · ".join(filter(None, told))
    out.print(f"{' ' * len(lead)} [dim]{escape(about)}[/dim]")


def _told_strength(one: Insight, now: datetime) -> None:
    out.print(f"{one.code}: {escape(claims.strength(one.strength, now.date()))}")


EVIDENCE = (link, unlink, suggest)

"""`heard intake`: what runs of ingest added, and taking that out again."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path

import click
from rich.markup import escape

from heard.command import home_option, repository
from heard.printing import echo, out
from heard.ui import words
from heard.ui.words import count


@click.group()
def intake() -> None:
    """What was put in lately, and taking it out again."""


@intake.command("list")
@click.option("--limit", default=20, show_default=True, type=click.IntRange(1, 1000), help="At most so many.")
@click.option("--json", "as_json", is_flag=True, help="A line of JSON for each.")
@home_option
def list_(limit: int, as_json: bool, home: Path | None) -> None:
    """The last runs of which notes are left, newest first."""
    with repository(home) as repo:
        runs = repo.intakes(limit)
    for run in runs:
        if as_json:
            echo(json.dumps(dataclasses.asdict(run), default=str, ensure_ascii=False))
        else:
            out.print(f"{run.id}  {escape(words.run(run))}")
    if not (runs or as_json):
        out.print("Nothing was put in yet.")


@intake.command()
@click.argument("run")
@click.option("--yes", is_flag=True, help="Do not ask.")
@home_option
def undo(run: str, yes: bool, home: Path | None) -> None:
    """Take out the notes that a RUN added.

    RUN is what `heard intake list` gives. Notes that a later run changed stay; so do those that this one only
    brought up to date, as it left them, and tags that it added to the taxonomy.
    """
    with repository(home) as repo:
        told = next((words.run(one) for one in repo.intakes(1000) if one.id == run), "")
        if told and not yes:
            click.confirm(f"{told}\nTake these notes out again?", abort=True)
        out.print(f"{count(repo.undo_intake(run), 'note')} taken out.")

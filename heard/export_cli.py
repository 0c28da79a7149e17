"""`heard export`: notes for other tools."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import click
from rich.markup import escape

from heard.command import DAY, home_option, repository, write
from heard.printing import out
from research.errors import BadInput


@click.command("export")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--team", multiple=True, help="Only what this team heard. This and the next two may be repeated.")
@click.option("--study", multiple=True, help="Only this study.")
@click.option("--note", multiple=True, help="Only this note, by title or id.")
@click.option("--since", type=DAY, help="Only sessions from this day on.")
@click.option("--until", type=DAY, help="Only sessions up to this day.")
@home_option
def export(
    file: Path,
    team: tuple[str, ...],
    study: tuple[str, ...],
    note: tuple[str, ...],
    since: date | None,
    until: date | None,
    home: Path | None,
) -> None:
    """Write notes to a FILE.qdpx that other QDA tools open.

    ATLAS.ti, MAXQDA, NVivo and others. With the notes go their passages as selections, tags as codes, participants
    by pseudonym as cases. `heard ingest` reads it back.

    \b
    heard export onboarding.qdpx --study "Onboarding Q3"
    """
    if file.suffix.lower() != ".qdpx":
        raise BadInput(f"{file} does not end in .qdpx, the one kind of file that is written.")
    with repository(home) as repo:
        data = repo.qda_project(team=team, study=study, note=note, since=since, until=until)
    write(file, data)
    out.print(f"Written to {escape(str(file))}.")

"""`heard export`: notes for other tools, or all that is known in files that need none."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import click
from rich.markup import escape

from heard import folders
from heard.command import DAY, home_option, repository, write
from heard.printing import out
from research.exchange.zipping import zipped
from research.filters import Choosing
from research.phrases import count


@click.command("export")
@click.argument("to", type=click.Path(path_type=Path))
@click.option("--team", multiple=True, help="Only what this team heard. This and the next two may be repeated.")
@click.option("--study", multiple=True, help="Only this study.")
@click.option("--note", multiple=True, help="Only this note, by title or id.")
@click.option("--since", type=DAY, help="Only sessions from this day on.")
@click.option("--until", type=DAY, help="Only sessions up to this day.")
@home_option
def export(
    to: Path,
    team: tuple[str, ...],
    study: tuple[str, ...],
    note: tuple[str, ...],
    since: date | None,
    until: date | None,
    home: Path | None,
) -> None:
    """Write notes to a folder of Markdown and CSV, or to a QDA project.

    A folder, or a TO that ends in .zip, needs no program: a Markdown file with front matter for each note, and CSV
    for passages with their tags, participants and studies. Without an option it holds the whole repository, with
    insights, themes, consents and all else that people made of the notes.

    A TO that ends in .qdpx is a project that ATLAS.ti, MAXQDA, NVivo and others open: passages as selections, tags
    as codes, participants by pseudonym as cases.

    `heard ingest` reads all of them back. No participant's name is in any.

    \b
    heard export research/
    heard export onboarding.qdpx --study "Onboarding Q3"
    """
    chosen: Choosing = {"team": team, "study": study, "note": note, "since": since, "until": until}
    with repository(home) as repo:
        if to.suffix.lower() == ".qdpx":
            write(to, repo.qda_project(**chosen))
            out.print(f"Written to {escape(str(to))}.")
            return
        files = repo.as_files(**chosen) if any(chosen.values()) else repo.all_as_files()
    if to.suffix.lower() == ".zip":
        write(to, zipped(files))
    else:
        folders.write(to, files)
    out.print(f"{count(folders.notes(files), 'note')} written to {escape(str(to))}.")

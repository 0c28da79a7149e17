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
@click.option("--team", multiple=True, help="Only what this team heard; may be repeated, as may the others.")
@click.option("--study", multiple=True, help="Only this study.")
@click.option("--note", multiple=True, help="Only this note, by title or id.")
@click.option("--since", type=DAY, help="Only sessions from this day on, such as 2026-08-01.")
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
    """Write notes to TO: a FOLDER or FILE.zip of Markdown and CSV, or a FILE.qdpx.

    A FOLDER needs no program: a Markdown file with front matter for each note, and CSV for passages, tags,
    participants and studies. Without any option it holds the whole repository, with insights, themes, consents
    and all else that people made of the notes.

    A FILE.qdpx is a project that ATLAS.ti, MAXQDA, NVivo and other QDA tools open: passages as selections, tags
    as codes, participants by pseudonym as cases.

    `heard ingest` reads all of them back. Nobody's name is in any.
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

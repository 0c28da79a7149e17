"""`heard watch`: a folder whose files go in by themselves."""

from __future__ import annotations

import threading
from pathlib import Path

import click
from rich.markup import escape

from heard.columns import column_options, mapping_of
from heard.command import home_option, repository
from heard.outcomes import report, sum_up
from heard.printing import err, out
from heard.ui.words import count


@click.command()
@click.argument("folder", type=click.Path(path_type=Path))
@click.option("--team", default="", help="The team that heard it (unless the files say).")
@click.option("--study", default="", help="The study it belongs to (default: the name of the folder just below).")
@click.option("--interviewer", "interviewers", multiple=True, help="A speaker who asks; may be repeated.")
@column_options
@click.option("--settle", default=3.0, show_default=True, type=click.FloatRange(0.1, 3600),
              help="Seconds in which nothing was written to a file before it goes in.")  # fmt: skip
@click.option("--json", "as_json", is_flag=True, help="A line of JSON for each note.")
@home_option
def watch(
    folder: Path,
    team: str,
    study: str,
    interviewers: tuple[str, ...],
    columns: tuple[str, ...],
    mapping_name: str,
    settle: float,
    as_json: bool,
    home: Path | None,
) -> None:
    """Put in what is dropped into a FOLDER, until Ctrl-C.

    What is there already goes in first. A file goes in once it has stopped growing; a changed one changes its note.
    What is taken out of the folder stays in the repository.

    \b
    heard watch ~/Calls --team Growth
    heard watch ~/Exports --team Support --mapping tickets
    """
    from ingest import ReadOptions, ingest_paths
    from ingest.watching import settled

    stop = threading.Event()
    with repository(home) as repo:
        repo.hold("research")
        options = ReadOptions(interviewers=interviewers, mapping=mapping_of(repo, columns, mapping_name))
        try:
            for files in settled(folder, settle, stop):
                outcomes = ingest_paths(
                    [folder], repo, only=files, team=team, study=study,
                    options=options,
                    on_wait=lambda sentence: err.print(escape(sentence)),
                )  # fmt: skip
                done = [one for one in report(outcomes, as_json) if one.status != "unchanged"]
                if not as_json and done:
                    sum_up(done)
                if not as_json:
                    out.print(f"[dim]Watching {escape(str(folder))} ({count(len(files), 'file')} looked at).[/dim]")
        except KeyboardInterrupt:
            stop.set()
    if not as_json:
        out.print("No longer watching.")

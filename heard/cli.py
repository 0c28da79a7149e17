"""The `heard` command: a thin layer of words over the repository."""

from __future__ import annotations

import dataclasses
import shlex
import sys
from datetime import date
from pathlib import Path

import click
from rich.markup import escape

from heard.backup_cli import backup, restore
from heard.beside_cli import BESIDE
from heard.columns import column_options, mapping_of
from heard.command import DAY, Sentences, home_option, repository, sentences, settings
from heard.export_cli import export
from heard.finding_cli import FINDING
from heard.insight_cli import insight
from heard.intake_cli import intake
from heard.keeping_cli import KEEPING
from heard.members_cli import members
from heard.outcomes import files_bar, print_previews, report, sum_up
from heard.people_cli import people
from heard.printing import err, out, print_hits
from heard.silos_cli import digest, follow, questions, team
from heard.themes_cli import PLANNING
from heard.tokens_cli import token
from heard.tune_cli import tune
from heard.watch_cli import watch


@click.group(cls=Sentences, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="heard")
@home_option
def main(home: Path | None) -> None:
    """Heard keeps what customers said and finds it again: for every team, in the customers' own words.

    \b
    heard ingest interviews/ --team Growth --study "Onboarding Q3"
    heard search "why do people give up during setup"
    heard serve

    `heard search --help` says what a command takes; docs/ in the source says more.
    """


@main.command("ingest")
@click.argument("paths", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--team", default="", help="The team that heard it (unless the files say).")
@click.option("--study", default="", help="The study it belongs to (default: the folder's name).")
@click.option("--date", "day", type=DAY, help="The date of the session, where a file does not say.")
@click.option("--participant", default="", help="Who was heard, where a file does not say; stored as a pseudonym.")
@click.option("--segment", default="", help="The participant's segment, such as “clinic manager”.")
@click.option("--account", default="", help="The participant's company.")
@click.option("--interviewer", "interviewers", multiple=True, help="A speaker who asks; may be repeated.")
@column_options
@click.option("--no-redaction", is_flag=True, help="Store names, addresses and numbers as they are.")
@click.option("--save-mapping", default="", help="Remember the columns given by --column under this name.")
@click.option("--dry-run", is_flag=True, help="Say what would come of it, note by note; nothing is stored.")
@click.option("--json", "as_json", is_flag=True, help="A line of JSON for each note.")
@home_option
def ingest_command(
    paths: tuple[Path, ...],
    team: str,
    study: str,
    day: date | None,
    participant: str,
    segment: str,
    account: str,
    interviewers: tuple[str, ...],
    columns: tuple[str, ...],
    mapping_name: str,
    save_mapping: str,
    no_redaction: bool,
    dry_run: bool,
    as_json: bool,
    home: Path | None,
) -> None:
    """Put notes and transcripts in: files, folders and zips.

    What has not changed since last time is passed over. QDA projects (.qdpx), codebooks (.qdc) and Taguette's
    tables come in with their codes as tags and their selections as passages. --column tells what the columns of a
    spreadsheet mean, or the variables of a project. More: docs/ingest.md.

    \b
    heard ingest interviews/ --team Growth --study "Onboarding Q3"
    heard ingest survey.csv --team Growth --column text="Your answer" --dry-run
    """
    from ingest import Metadata, ReadOptions, ingest_paths, preview_paths

    with sentences(), repository(home) as repo:
        mapping = mapping_of(repo, columns, mapping_name)
        if mapping and save_mapping:
            repo.save_mapping(save_mapping, dataclasses.asdict(mapping))
        metadata = Metadata(
            date=day, participant=participant, segment=segment, account=account,
            interviewers=interviewers,
        )  # fmt: skip
        options = ReadOptions(interviewers=interviewers, mapping=mapping)
        if dry_run:
            foreseen = list(preview_paths(paths, repo, team=team, study=study, metadata=metadata, options=options))
            print_previews(foreseen, as_json)
            sys.exit(any(one.status == "failed" for one in foreseen))
        with files_bar(quiet=as_json) as step:
            outcomes = ingest_paths(
                paths, repo, team=team, study=study, metadata=metadata,
                options=options, redact=not no_redaction,
                total=_files(paths),
                on_progress=step, on_wait=lambda sentence: err.print(escape(sentence)),
            )  # fmt: skip
            done = report(outcomes, as_json)
    if not as_json:
        sum_up(done)
    if any(outcome.status == "failed" for outcome in done):
        sys.exit(1)


@main.command()
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path))
@click.option("--nobody", multiple=True, metavar="WORD", help="A product's or a bot's name that looks like a person's: "
              "redaction leaves it from now on; may be repeated.")  # fmt: skip
@home_option
def redaction(paths: tuple[Path, ...], nobody: tuple[str, ...], home: Path | None) -> None:
    """Say what would be replaced in files; nothing is stored.

    PATHS are files, folders and zips, as for `heard ingest`: names, addresses, numbers, and what would stand there
    instead.

    \b
    heard redaction interviews/
    heard redaction --nobody Tidewater
    """
    from ingest import dry_runs

    with repository(home) as repo:
        if nobody:
            repo.set_nobodys_names([*repo.nobodys_names, *nobody])
        if repo.nobodys_names:
            out.print(f"[dim]Nobody's names: {escape(', '.join(repo.nobodys_names))}[/dim]")
        for name, found in dry_runs(paths, repo):
            out.print(f"[bold]{escape(name)}[/bold]")
            for said, instead, times in found:
                out.print(f"  {escape(said)} → {escape(instead)}{f'  {times}×' if times > 1 else ''}")


@main.command()
@click.option(
    "--port", default=0, type=click.IntRange(0, 65535), help="Port (default: 8501, or the next that is free)."
)
@click.option(
    "--host",
    default="127.0.0.1",
    show_default=True,
    help="Address to listen at. Where others can reach it, people have to sign in (docs/access.md).",
)
@home_option
def serve(port: int, host: str, home: Path | None) -> None:
    """Start the app and print its address.

    Open it in a browser; Ctrl-C stops the app. It answers this machine only, unless --host says otherwise.

    \b
    heard serve
    heard serve --home interviews/heard --port 8600
    """
    from heard.serve import serve as run

    run(settings(home), port, lambda address: out.print(f"Heard is at {address}"), host)


@main.command()
@click.option("--serve/--no-serve", "serve_too", default=True, help="Start the app when the samples are in.")
@click.option(
    "--port", default=0, type=click.IntRange(0, 65535), help="Port (default: 8501, or the next that is free)."
)
@home_option
def demo(serve_too: bool, port: int, home: Path | None) -> None:
    """Fill a repository with sample interviews, and start the app.

    It answers one question from them first. The repository is one of its own, unless --home or HEARD_HOME says
    which; one with notes of yours is refused.
    """
    from platformdirs import user_data_dir

    from heard.serve import serve as run
    from ingest.demo import load_demo

    chosen = settings(home, Path(user_data_dir("heard", appauthor=False)) / "demo")
    with repository(chosen.home) as repo:
        with files_bar(quiet=False) as step:
            done = list(load_demo(repo, date.today(), on_progress=step))
        sum_up(done)
        question = "why do people export reports to a spreadsheet?"
        out.print(f"\n[bold]{question}[/bold]")
        print_hits(repo.search(question, limit=3))
    out.print(
        f"\nAny command asks these interviews with --home {escape(shlex.quote(str(chosen.home)))}", soft_wrap=True
    )
    if serve_too:
        run(chosen, port, lambda address: out.print(f"Heard is at {address}   (Ctrl-C stops it)"))


for command in (
    *FINDING, *KEEPING, *PLANNING, *BESIDE, backup, restore, export, insight, intake, members, token, people, team,
    questions, follow, digest, tune, watch,
):  # fmt: skip
    main.add_command(command)


main.sections = {
    "Begin": ("demo", "serve", "status"),
    "Put in": ("ingest", "watch", "redaction", "intake", "remove", "taxonomy", "tag"),
    "Find": ("search", "check", "voices", "themes", "theme", "brief", "insight", "tune"),
    "Between teams": ("team", "follow", "questions", "digest"),
    "People and studies": ("people", "studies", "study", "forget"),
    "Other tools and programs": ("export", "mcp", "api", "token"),
    "Look after it": ("members", "doctor", "backup", "restore", "reindex", "copy"),
}


def _files(paths: tuple[Path, ...]) -> int:
    """How many files there are to read, roughly: a zip counts as one."""
    return sum(1 for path in paths for one in (path.rglob("*") if path.is_dir() else (path,)) if one.is_file())

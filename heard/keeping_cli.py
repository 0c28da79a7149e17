"""`heard status | doctor | remove | forget | ...`: looking after what is kept, and taking it out again."""

from __future__ import annotations

import dataclasses
import json
import sys
from contextlib import closing
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click
from rich.markup import escape

from heard.command import DAY, home_option, repository, settings
from heard.printing import echo, out, passages_bar
from heard.ui import words
from heard.ui.words import count
from research import dates
from research.config import Servers
from research.errors import BadInput, HeardError

if TYPE_CHECKING:
    from research.models import StudySummary
    from research.retention import Kept


@click.command()
@click.option("--json", "as_json", is_flag=True, help="As JSON.")
@home_option
def status(as_json: bool, home: Path | None) -> None:
    """Show what is in the repository, and whether it works now.

    Ends with status 1 when people cannot work with it.
    """
    try:
        with repository(home) as repo:
            health = repo.health()
            told = {"ok": health.ok, **dataclasses.asdict(health)}
            if "database" not in health.problems:
                told |= dataclasses.asdict(repo.status())
    except HeardError as error:
        if not as_json:
            raise
        told = {"ok": False, "problems": {"repository": str(error)}}
    if as_json:
        echo(json.dumps(told, default=str))
    else:
        for name, value in told.items():
            said = "; ".join(value.values()) if isinstance(value, dict) else value
            out.print(f"{name.replace('_', ' '):>18}  {escape(str(said if said not in (None, '') else '–'))}")
    if not told["ok"]:
        sys.exit(1)


@click.command()
@click.option("--repair", is_flag=True, help="Mend what can be mended.")
@click.option("--json", "as_json", is_flag=True, help="A line of JSON for each check.")
@home_option
def doctor(repair: bool, as_json: bool, home: Path | None) -> None:
    """Check that what is stored is whole, and every passage found.

    Ends with status 1 when something is wrong; --repair mends what can be mended.
    """
    with repository(home) as repo:
        findings = repo.doctor(repair=repair)
    for finding in findings:
        if as_json:
            echo(json.dumps(dataclasses.asdict(finding)))
        else:
            mark = (
                "[green]mended[/green]" if finding.fixed else "[green]ok[/green]" if finding.ok else "[red]wrong[/red]"
            )
            out.print(f"{mark:>8} {escape(finding.message)}")
    if not all(finding.ok for finding in findings):
        sys.exit(1)


@click.command()
@click.argument("note")
@click.option("--yes", is_flag=True, help="Do not ask.")
@home_option
def remove(note: str, yes: bool, home: Path | None) -> None:
    """Take a NOTE out, with its passages and tags.

    NOTE is its title or its id.
    """
    with repository(home) as repo:
        found = repo.note(note).summary
        said = f"“{found.title}” of {found.team} / {found.study}, {found.passages} passages"
        if not yes:
            click.confirm(f"Remove {said}? It cannot be undone, except by ingesting {found.source} again", abort=True)
        repo.delete_note(found.id)
    out.print(f"Removed {escape(said)}.")


@click.command()
@click.argument("pseudonym", required=False)
@click.option("--overdue", is_flag=True, help="Instead: erase the notes that their studies keep no longer.")
@click.option("--yes", is_flag=True, help="Do not ask.")
@home_option
def forget(pseudonym: str | None, overdue: bool, yes: bool, home: Path | None) -> None:
    """Erase a participant (P-0007) and all they said.

    Their name and all that is known of them goes too, from every file. Notes of several people keep what the others
    said. It cannot be undone, and the same files do not bring it back.

    \b
    heard forget P-0007
    heard forget --overdue
    """
    if bool(pseudonym) == overdue:
        raise click.UsageError("Say whom to forget (P-0007), or --overdue.")
    with repository(home) as repo:
        if pseudonym is None:
            due = repo.overdue()
            for note in due:
                out.print(escape(f"{dates.day(note.date)}  {note.team} / {note.study}: {note.title}"))
            if due and not yes:
                click.confirm(f"Erase {count(len(due), 'note')}? It cannot be undone", abort=True)
            out.print(f"{count(repo.erase_overdue(), 'note')} erased.")
            return
        whose = repo.people.one(pseudonym)
        if not yes:
            said = f"{whose.pseudonym}: {count(whose.notes, 'note')}, {count(whose.passages, 'passage')}"
            typed = click.prompt(f"This erases {said}. It cannot be undone. Type {whose.pseudonym} to go on")
            if typed.strip().upper() != whose.pseudonym:
                raise click.Abort
        before = repo.status().ranking
        done = repo.forget(whose.pseudonym)
        after = repo.status().ranking
    out.print(
        f"{done.pseudonym} is forgotten: {count(done.notes_deleted, 'note')} deleted, "
        f"{count(done.notes_cut, 'note')} of several people cut, {count(done.passages, 'passage')}, "
        f"{count(done.names_replaced, 'mention')} of the name replaced."
    )
    if after != before:
        out.print(escape(f"Passages are ranked {after}"))


@click.command()
@click.option("--team", default="", help="Only studies of this team.")
@click.option("--json", "as_json", is_flag=True, help="A line of JSON for each study.")
@home_option
def studies(team: str, as_json: bool, home: Path | None) -> None:
    """List studies: how long kept, what is overdue, who reads them.

    And which of them asked nobody.
    """
    with repository(home) as repo:
        found = [one for one in repo.retention() if team.casefold() in ("", one.study.team.casefold())]
        today = repo.now().date()
    for one in found:
        if as_json:
            echo(json.dumps(dataclasses.asdict(one), default=str, ensure_ascii=False))
        else:
            _print_study(one, today)
    if not (found or as_json):
        out.print("No studies. They come with what is put in by `heard ingest`.")


@click.command()
@click.argument("title")
@click.option("--team", default="", help="The study's team, where several have one of this title.")
@click.option("--keep-days", type=click.IntRange(1), help="For how many days after their date its notes are kept.")
@click.option("--keep-always", is_flag=True, help="Keep its notes always, as studies do where nobody says otherwise.")
@click.option("--asked/--asked-nobody", default=None,
              help="Whether people were contacted for it; not so for tickets that they wrote.")  # fmt: skip
@click.option("--only-team", is_flag=True, help="Let only its team read it; see docs/access.md.")
@click.option("--until", type=DAY, help="With --only-team: the day from which everybody reads it.")
@click.option("--open", "opened", is_flag=True, help="Let everybody read it, as they may where nobody says otherwise.")
@click.option("--json", "as_json", is_flag=True, help="As JSON.")
@home_option
def study(
    title: str, team: str, keep_days: int | None, keep_always: bool, asked: bool | None, only_team: bool,
    until: date | None, opened: bool, as_json: bool, home: Path | None,
) -> None:  # fmt: skip
    """Show or set how long a study is kept, and who reads it.

    With no option: show what holds for the study TITLE. Nothing is erased by this: `heard forget --overdue` does
    so.

    \b
    heard study "Onboarding Q3" --team Growth --keep-days 730
    heard study "Pricing talks" --only-team --until 2027-01-31
    """
    if keep_days and keep_always:
        raise click.UsageError("Give --keep-days or --keep-always, not both.")
    if only_team and opened:
        raise click.UsageError("Give --only-team or --open, not both.")
    if until and not only_team:
        raise click.UsageError("--until goes with --only-team.")
    days = None if keep_always else ... if keep_days is None else keep_days
    with repository(home) as repo:
        there = [one for one in repo.studies() if _is(one, team, title)]
        if len(there) > 1:
            teams = words.listed([one.team for one in there])
            raise BadInput(f"{teams} each have a study “{title}”. Say which with --team.")
        whose = there[0].team if there else team
        if only_team:
            repo.keep_to_team(whose, title, until=until)
        if opened:
            repo.open_to_all(whose, title)
        repo.keep_study(whose, title, asked=... if asked is None else asked, keep_days=days)
        held = next(one for one in repo.retention() if _is(one.study, whose, title))
        today = repo.now().date()
    if as_json:
        echo(json.dumps(dataclasses.asdict(held), default=str, ensure_ascii=False))
        return
    _print_study(held, today)
    if held.overdue:
        out.print("`heard forget --overdue` lists what is overdue, and erases it.")


@click.command()
@home_option
def reindex(home: Path | None) -> None:
    """Build the search index anew.

    With the embedding model that is set (HEARD_MODEL): after another one was chosen.
    """
    with repository(home) as repo, passages_bar("Embedding passages") as step:
        total = repo.reindex(on_progress=step)
    out.print(f"{total} passages are in the new index.")


@click.command()
@home_option
def tag(home: Path | None) -> None:
    """Tag every passage anew with the taxonomy as it is now.

    What people decided stays.
    """
    from ingest import retag

    with repository(home) as repo, passages_bar("Tagging passages") as step:
        changed = retag(repo, on_progress=step)
    out.print(f"The tags of {changed} passages changed.")


@click.command()
@click.argument("file", required=False, type=click.Path(path_type=Path, exists=True, dir_okay=False))
@home_option
def taxonomy(file: Path | None, home: Path | None) -> None:
    """Print the taxonomy, or use another one from a YAML FILE.

    What is there already has its tags until `heard tag`.

    \b
    heard taxonomy > taxonomy.yaml
    heard taxonomy taxonomy.yaml
    heard tag
    """
    from research.taxonomy import parse_taxonomy

    with repository(home) as repo:
        if file is None:
            echo(repo.taxonomy.source)
            return
        try:
            chosen = parse_taxonomy(file.read_text(encoding="utf-8"))
        except UnicodeDecodeError as error:
            raise BadInput(f"{file} is not text in UTF-8. Save it as UTF-8 and try again.") from error
        repo.set_taxonomy(chosen)
    out.print(f"{len(chosen.tags)} tags are in use from now on. Run `heard tag` to tag what is already here.")


@click.command()
@click.option("--to", required=True, metavar="URL|FOLDER", help="PostgreSQL's address, or a folder to come back to.")
@click.option("--chroma", default="", metavar="URL", help="The address of Chroma's server, with PostgreSQL's.")
@home_option
def copy(to: str, chroma: str, home: Path | None) -> None:
    """Copy the repository to servers, or from servers to a folder.

    From its folder to PostgreSQL and Chroma, or from the servers that are set to a folder. What it is copied from
    stays as it is; what it is copied to has to be empty. More: docs/scale.md.

    \b
    heard copy --to postgresql+psycopg://heard:PASSWORD@db/heard \\
        --chroma http://chroma:8000
    heard copy --to back/
    """
    from research import Repository, copying

    here = settings(home)
    in_folder = dataclasses.replace(here, servers=Servers())
    if "://" in to:
        there = dataclasses.replace(here.servers, database=to, chroma=chroma or here.servers.chroma)
        source, target = in_folder, dataclasses.replace(here, servers=there)
    else:
        source, target = here, dataclasses.replace(in_folder, home=Path(to).expanduser().resolve())
    with closing(Repository(source, now=datetime.now)) as repo, out.status("Copying …") as line:
        rows = copying.copy(repo, target, lambda what, done: line.update(f"{what.replace('_', ' ')}: {done:,}"))
    out.print(f"Copied {count(rows['note'], 'note')} with {count(rows['passage'], 'passage')}.")
    if (source.home / "key").exists() and not source.key:
        said = f"Its key was not: put {source.home / 'key'} into HEARD_HOME wherever the copy is used."
        out.print(escape(said), soft_wrap=True)


KEEPING = (status, doctor, copy, remove, forget, studies, study, reindex, tag, taxonomy)


def _is(one: StudySummary, team: str, title: str) -> bool:
    return one.title.casefold() == title.casefold() and team.casefold() in ("", one.team.casefold())


def _print_study(one: Kept, today: date) -> None:
    said = "; ".join(filter(None, (words.kept(one.study), words.due(one, today), words.read_by(one.study))))
    out.print(f"{escape(f'{one.study.team} / {one.study.title}')}  [dim]{escape(said)}.[/dim]")

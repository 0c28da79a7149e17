"""The `heard` command: a thin layer of words over the repository."""

from __future__ import annotations

import dataclasses
import json
import sys
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click
from rich.markup import escape

from heard.command import Sentences, home_option, repository, sentences, settings, write
from heard.people_cli import people
from heard.printing import err, files_bar, out, passages_bar, print_check, print_hits, print_voices, report, sum_up
from heard.silos_cli import digest, follow, questions, team, team_meant
from heard.ui.words import count
from research.errors import BadInput

if TYPE_CHECKING:
    from ingest.guide import Guide
    from ingest.models import TableMapping
    from research.repository import Repository

F = TypeVar("F", bound=Callable[..., Any])

_FILTERS = (
    click.option("--team", multiple=True, help="Only what this team heard; may be repeated, as may the others."),
    click.option("--study", multiple=True, help="Only this study."),
    click.option("--note", multiple=True, help="Only this note, by title or id."),
    click.option("--participant", multiple=True, help="Only this person, such as P-0007."),
    click.option("--segment", multiple=True, help="Only people of this segment."),
    click.option("--tag", multiple=True, help="Only passages with this tag."),
    click.option("--since", help="Only sessions from this day on, such as 2026-08-01."),
    click.option("--until", help="Only sessions up to this day."),
)


def _filters(command: F) -> F:
    """What a search can be narrowed by, as options."""
    for option in reversed(_FILTERS):
        command = option(command)
    return command


@click.group(cls=Sentences, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="heard")
@home_option
def main(home: Path | None) -> None:
    """Heard keeps what customers said and finds it again: for every team, in the customers' own words.

    \b
    heard ingest interviews/ --team Growth --study "Onboarding Q3"
    heard search "why do people give up during setup"
    heard serve
    """


@main.command("ingest")
@click.argument("paths", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--team", default="", help="The team that heard it (unless the files say).")
@click.option("--study", default="", help="The study it belongs to (default: the folder's name).")
@click.option(
    "--date", "day", type=click.DateTime(["%Y-%m-%d"]), help="The date of the session, where a file does not say."
)
@click.option("--participant", default="", help="Who was heard, where a file does not say; stored as a pseudonym.")
@click.option("--segment", default="", help="The participant's segment, such as “clinic manager”.")
@click.option("--account", default="", help="The participant's company.")
@click.option("--interviewer", "interviewers", multiple=True, help="A speaker who asks; may be repeated.")
@click.option("--column", "columns", multiple=True, metavar="MEANING=COLUMN",
              help="What a spreadsheet's column means: text=\"Your answer\", participant=ID, ...; may be repeated. "
              "Meanings: text (several allowed), title, participant, segment, account, role, team, study, date, tags; "
              "question and participants (several) for a row per question and a column per participant.")  # fmt: skip
@click.option("--no-redaction", is_flag=True, help="Store names, addresses and numbers as they are.")
@click.option("--mapping", "mapping_name", default="", help="Columns that were remembered under this name.")
@click.option("--save-mapping", default="", help="Remember the columns given by --column under this name.")
@click.option("--json", "as_json", is_flag=True, help="A line of JSON for each note.")
@home_option
def ingest_command(
    paths: tuple[Path, ...],
    team: str,
    study: str,
    day: datetime | None,
    participant: str,
    segment: str,
    account: str,
    interviewers: tuple[str, ...],
    columns: tuple[str, ...],
    mapping_name: str,
    save_mapping: str,
    no_redaction: bool,
    as_json: bool,
    home: Path | None,
) -> None:
    """Put notes and transcripts in: files, folders and zips. What has not changed since last time is passed over."""
    from ingest import Metadata, ReadOptions, ingest_paths

    with sentences(), repository(home) as repo:
        mapping = _mapping(repo, columns, mapping_name)
        if mapping and save_mapping:
            repo.save_mapping(save_mapping, dataclasses.asdict(mapping))
        metadata = Metadata(
            date=day.date() if day else None, participant=participant, segment=segment, account=account,
            interviewers=interviewers,
        )  # fmt: skip
        with files_bar(quiet=as_json) as step:
            outcomes = ingest_paths(
                paths, repo, team=team, study=study, metadata=metadata,
                options=ReadOptions(interviewers=interviewers, mapping=mapping), redact=not no_redaction,
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
    """Say what would be replaced in files before they are stored; nothing is stored."""
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
@click.argument("query", nargs=-1, required=True)
@click.option("--limit", default=10, show_default=True, type=click.IntRange(1, 1000), help="How many passages to show.")
@_filters
@click.option("--per-person", default=2, show_default=True, type=click.IntRange(0),
              help="The most passages of one person; 0 for no limit.")  # fmt: skip
@click.option("--explain", is_flag=True, help="Say of each passage why it was found.")
@click.option("--json", "as_json", is_flag=True, help="A line of JSON for each passage, with why it was found.")
@home_option
def search(
    query: tuple[str, ...],
    limit: int,
    per_person: int,
    explain: bool,
    as_json: bool,
    home: Path | None,
    **narrow: Any,
) -> None:
    """Find what customers said: by meaning and by word. "exact phrase", team:growth, tag:pricing, after:2026-08-01."""
    with repository(home) as repo:
        hits = repo.search(" ".join(query), limit=limit, per_person=per_person or None, **narrow)
    if as_json:
        for hit in hits:
            click.echo(json.dumps(dataclasses.asdict(hit), default=str, ensure_ascii=False))
        return
    if hits.notice:
        err.print(f"[yellow]{escape(hits.notice)}[/yellow]")
    print_hits(hits, explain=explain)


@main.command()
@click.argument("query", nargs=-1)
@_filters
@click.option("--json", "as_json", is_flag=True, help="As JSON.")
@home_option
def voices(query: tuple[str, ...], as_json: bool, home: Path | None, **narrow: Any) -> None:
    """Whose voices the answers to a QUERY, or all that the filters leave, rest on: how many people really, and who
    is missing."""
    with repository(home) as repo:
        found, reached = repo.voices(" ".join(query), **narrow)
    if as_json:
        click.echo(json.dumps(dataclasses.asdict(found) | dataclasses.asdict(reached), default=str, ensure_ascii=False))
    else:
        print_voices(found, reached)


@main.command()
@click.argument("file", required=False, type=click.Path(path_type=Path, allow_dash=True))
@click.option("--line", "typed", multiple=True, help="A line to check, instead of a FILE; may be repeated.")
@_filters
@click.option("--markdown", type=click.Path(path_type=Path, dir_okay=False), help="Write it there as Markdown, too.")
@click.option("--docx", type=click.Path(path_type=Path, dir_okay=False), help="Write it there as a Word file, too.")
@click.option("--keep", is_flag=True, help="Keep the open questions, for the team that you read for.")
@click.option("--for", "keep_for", default="", metavar="TEAM", help="Keep the open questions for this team.")
@click.option("--json", "as_json", is_flag=True, help="As JSON.")
@home_option
def check(
    file: Path | None,
    typed: tuple[str, ...],
    markdown: Path | None,
    docx: Path | None,
    keep: bool,
    keep_for: str,
    as_json: bool,
    home: Path | None,
    **narrow: Any,
) -> None:
    """Have we heard this? Check a guide, requests or hypotheses: a FILE with a line each, or - for standard input."""
    from heard import check_document

    guide = _guide(file, typed)
    with repository(home) as repo:
        keeps = team_meant(repo, keep_for) if keep or keep_for else ""
        found = repo.check(guide.lines, **narrow)
        asking = repo.people.for_check(found)
        today = repo.now().date()
        unheard = [one.line for one in found if one.verdict == "open"]
        if keeps and unheard:
            repo.kept.keep_questions(unheard, team=keeps)
        if markdown is not None:
            write(markdown, check_document.markdown(guide, found, asking, today).encode())
        if docx is not None:
            write(docx, check_document.docx(guide, found, asking, today))
        if markdown is not None or docx is not None:
            repo.reuse.note("quoted", check_document.quoted(found))
    if as_json:
        told = dataclasses.asdict(found) | {
            name: [one.line for one in lines] for name, lines in (("to_ask", found.to_ask), ("to_drop", found.to_drop))
        }
        told |= {"whom": [one.pseudonym for one in asking.whom], "leave": [one.pseudonym for one in asking.leave]}
        click.echo(json.dumps(told, default=str, ensure_ascii=False))
        return
    if found.notice:
        err.print(f"[yellow]{escape(found.notice)}[/yellow]")
    print_check(guide, found, asking, today)
    if keeps:
        out.print(f"{count(len(unheard), 'open question')} kept. `heard questions` says when they are answered.")


@main.command()
@click.option("--json", "as_json", is_flag=True, help="As JSON.")
@home_option
def status(as_json: bool, home: Path | None) -> None:
    """What is in the repository, and whether its index is whole."""
    with repository(home) as repo:
        told = dataclasses.asdict(repo.status())
    if as_json:
        click.echo(json.dumps(told, default=str))
        return
    for name, value in told.items():
        out.print(f"{name.replace('_', ' '):>18}  {escape(str(value if value is not None else '–'))}")


@main.command()
@click.option("--repair", is_flag=True, help="Mend what can be mended.")
@click.option("--json", "as_json", is_flag=True, help="A line of JSON for each check.")
@home_option
def doctor(repair: bool, as_json: bool, home: Path | None) -> None:
    """Check that what is stored is whole and that the index finds every passage."""
    with repository(home) as repo:
        findings = repo.doctor(repair=repair)
    for finding in findings:
        if as_json:
            click.echo(json.dumps(dataclasses.asdict(finding)))
        else:
            mark = (
                "[green]mended[/green]" if finding.fixed else "[green]ok[/green]" if finding.ok else "[red]wrong[/red]"
            )
            out.print(f"{mark:>8} {escape(finding.message)}")
    if not all(finding.ok for finding in findings):
        sys.exit(1)


@main.command()
@click.argument("note")
@click.option("--yes", is_flag=True, help="Do not ask.")
@home_option
def remove(note: str, yes: bool, home: Path | None) -> None:
    """Take a NOTE (title or id) out of the repository, with its passages and tags."""
    with repository(home) as repo:
        found = repo.note(note).summary
        said = f"“{found.title}” of {found.team} / {found.study}, {found.passages} passages"
        if not yes:
            click.confirm(f"Remove {said}? It cannot be undone, except by ingesting {found.source} again", abort=True)
        repo.delete_note(found.id)
    out.print(f"Removed {escape(said)}.")


@main.command()
@click.argument("pseudonym", required=False)
@click.option("--overdue", is_flag=True, help="Instead: erase the notes that their studies keep no longer.")
@click.option("--yes", is_flag=True, help="Do not ask.")
@home_option
def forget(pseudonym: str | None, overdue: bool, yes: bool, home: Path | None) -> None:
    """Erase a participant (P-0007): all they said, their name, and all that is known of them, from every file.

    Notes of several people keep what the others said. It cannot be undone, and the same files do not bring it back.
    """
    if bool(pseudonym) == overdue:
        raise click.UsageError("Say whom to forget (P-0007), or --overdue.")
    with repository(home) as repo:
        if pseudonym is None:
            due = repo.overdue()
            for note in due:
                out.print(escape(f"{note.date}  {note.team} / {note.study}: {note.title}"))
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
        done = repo.forget(whose.pseudonym)
    out.print(
        f"{done.pseudonym} is forgotten: {count(done.notes_deleted, 'note')} deleted, "
        f"{count(done.notes_cut, 'note')} of several people cut, {count(done.passages, 'passage')}, "
        f"{count(done.names_replaced, 'mention')} of the name replaced."
    )


@main.command()
@home_option
def reindex(home: Path | None) -> None:
    """Build the search index anew, with the embedding model that is set."""
    with repository(home) as repo, passages_bar("Embedding passages") as step:
        total = repo.reindex(on_progress=step)
    out.print(f"{total} passages are in the new index.")


@main.command()
@home_option
def tag(home: Path | None) -> None:
    """Tag every passage anew with the taxonomy as it is now; what people decided stays."""
    from ingest import retag

    with repository(home) as repo, passages_bar("Tagging passages") as step:
        changed = retag(repo, on_progress=step)
    out.print(f"The tags of {changed} passages changed.")


@main.command()
@click.argument("file", required=False, type=click.Path(path_type=Path, exists=True, dir_okay=False))
@home_option
def taxonomy(file: Path | None, home: Path | None) -> None:
    """Print the taxonomy, or use another one from a YAML FILE; then run `heard tag`."""
    from research.taxonomy import parse_taxonomy

    with repository(home) as repo:
        if file is None:
            click.echo(repo.taxonomy.source)
            return
        try:
            chosen = parse_taxonomy(file.read_text(encoding="utf-8"))
        except UnicodeDecodeError as error:
            raise BadInput(f"{file} is not text in UTF-8. Save it as UTF-8 and try again.") from error
        repo.set_taxonomy(chosen)
    out.print(f"{len(chosen.tags)} tags are in use from now on. Run `heard tag` to tag what is already here.")


@main.command()
@click.option(
    "--port", default=0, type=click.IntRange(0, 65535), help="Port (default: 8501, or the next that is free)."
)
@home_option
def serve(port: int, home: Path | None) -> None:
    """Start the app in the browser, on this machine only."""
    from heard.serve import serve as run

    run(settings(home), port, lambda address: out.print(f"Heard is at {address}"))


@main.command()
@click.option("--serve/--no-serve", "serve_too", default=True, help="Start the app when the samples are in.")
@click.option(
    "--port", default=0, type=click.IntRange(0, 65535), help="Port (default: 8501, or the next that is free)."
)
@home_option
def demo(serve_too: bool, port: int, home: Path | None) -> None:
    """Fill a repository with the sample interviews, answer one question from them, and start the app."""
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
    if serve_too:
        run(chosen, port, lambda address: out.print(f"Heard is at {address}   (Ctrl-C stops it)"))


for command in (people, team, questions, follow, digest):
    main.add_command(command)


def _guide(file: Path | None, typed: tuple[str, ...]) -> Guide:
    """What is to be checked: a file, what is piped in, and lines that were typed."""
    from ingest.guide import joined, parse_guide, read_guide
    from ingest.models import Source

    guides: list[Guide] = []
    if file is not None and str(file) == "-":
        guides.append(read_guide(Source("standard input.txt", "-", sys.stdin.buffer.read())))
    elif file is not None:
        try:
            guides.append(read_guide(Source(file.name, str(file), file.read_bytes())))
        except OSError as error:
            raise BadInput(f"{file} cannot be read ({error.strerror}). Check its name and rights.") from error
    if typed:
        guides.append(parse_guide("\n".join(f"- {line}" for line in typed)))
    if not guides:
        raise BadInput(
            "Nothing to check. Name a file with a question on each line, or - for standard input, or give --line."
        )
    return joined(guides)


def _files(paths: tuple[Path, ...]) -> int:
    """How many files there are to read, roughly: a zip counts as one."""
    return sum(1 for path in paths for one in (path.rglob("*") if path.is_dir() else (path,)) if one.is_file())


def _mapping(repo: Repository, columns: tuple[str, ...], name: str) -> TableMapping | None:
    """The spreadsheet mapping that the options describe, or the remembered one."""
    from ingest.models import TableMapping, remembered

    if name:
        known = repo.mappings()
        if name not in known:
            there = ", ".join(known) or "none yet"
            raise BadInput(f"No columns are remembered as “{name}” (remembered: {there}). Give them with --column.")
        return remembered(known[name])
    if not columns:
        return None
    meanings = {field.name for field in dataclasses.fields(TableMapping)}
    chosen: dict[str, Any] = {"text": (), "participants": ()}
    for given in columns:
        meaning, equals, column = given.partition("=")
        if not equals or meaning not in meanings or not column:
            raise BadInput(f"--column {given} is not MEANING=COLUMN; meanings are {', '.join(sorted(meanings))}.")
        chosen[meaning] = (*chosen[meaning], column) if meaning in ("text", "participants") else column
    return TableMapping(**chosen)

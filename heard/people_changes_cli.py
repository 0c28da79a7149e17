"""`heard people`: what is written down: contacts, marks, consent, rules, who is whom, and rosters."""

from __future__ import annotations

import dataclasses
import json
import sys
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, cast

import click
from rich.markup import escape

from heard.command import DAY, home_option, repository
from heard.printing import echo, err, out
from heard.ui import words
from research import dates
from research.contact import MARKS
from research.errors import BadInput

if TYPE_CHECKING:
    from research.contact import Mark

_NO_MARK = "none"


@click.command()
@click.argument("participant")
@click.argument("day", type=DAY, metavar="YYYY-MM-DD")
@click.option("--team", default="", help="The team that means to contact them.")
@click.option("--purpose", default="", help="What for, such as “pricing test”.")
@click.option("--reason", default="", help="Why, although they rest or gave no consent; written in the audit.")
@home_option
def plan(participant: str, day: date, team: str, purpose: str, reason: str, home: Path | None) -> None:
    """Reserve a day on which to contact a PARTICIPANT.

    So that no other team does so too. A day that has been notes a contact of which there is no note.

    Who rests is contacted with a --reason only; who opted out, withdrew consent or is marked “do not contact” is
    not.

    \b
    heard people plan P-0007 2026-12-01 --team Growth --purpose "pricing test"
    """
    with repository(home) as repo:
        number = repo.people.plan(participant, day, team=team, purpose=purpose, reason=reason)
    out.print(f"Contact {number} is planned for {dates.day(day)}. `heard people unplan {number}` takes it back.")


@click.command()
@click.argument("number", type=int)
@home_option
def unplan(number: int, home: Path | None) -> None:
    """Take a planned contact back.

    NUMBER is the one that `heard people plan` and `show` give.
    """
    with repository(home) as repo:
        repo.people.unplan(number)
    out.print(f"Contact {number} is taken back.")


@click.command()
@click.argument("participant")
@click.argument("mark", type=click.Choice([*filter(None, MARKS), _NO_MARK]))
@home_option
def mark(participant: str, mark: str, home: Path | None) -> None:
    """Mark a PARTICIPANT as opted out or not to be contacted.

    Nothing overrides these marks; “none” takes them away.

    \b
    heard people mark P-0007 "opted out"
    """
    with repository(home) as repo:
        repo.people.mark(participant, cast("Mark", "" if mark == _NO_MARK else mark))
        one = repo.people.one(participant)
        said = words.standing_why(one.standing, repo.now().date())
    out.print(f"{one.pseudonym}: {escape(said)}.")


@click.command()
@click.argument("participant")
@click.option("--given", type=DAY, help="The day on which it was given (default: today).")
@click.option("--expires", type=DAY, help="The last day on which it holds (default: no end).")
@click.option("--scope", default="research", show_default=True, help="What it is for.")
@home_option
def consent(participant: str, given: date | None, expires: date | None, scope: str, home: Path | None) -> None:
    """Write down what a PARTICIPANT agreed to.

    When no consent of theirs holds any more, what they said is hidden.

    \b
    heard people consent P-0007 --given 2026-10-01 --expires 2027-09-30
    """
    with repository(home) as repo:
        repo.people.consent(
            participant, given=given or repo.now().date(),
            expires=expires, scope=scope,
        )  # fmt: skip
        one = repo.people.one(participant)
    out.print(f"{one.pseudonym} agreed to {escape('; '.join(map(words.consent, one.consents)))}.")


@click.command()
@click.argument("participant")
@click.option("--scope", default="", help="Only the consent for this (default: all).")
@click.option("--yes", is_flag=True, help="Do not ask.")
@home_option
def withdraw(participant: str, scope: str, yes: bool, home: Path | None) -> None:
    """End a PARTICIPANT's consent today.

    What they said is hidden from now on, and nobody contacts them.
    """
    with repository(home) as repo:
        one = repo.people.one(participant)
        if not yes:
            said = f"{words.count(one.passages, 'passage')} of {one.pseudonym} will not be shown any more"
            click.confirm(f"{said}. End the consent today?", abort=True)
        repo.people.withdraw(participant, scope=scope)
        one = repo.people.one(participant)
        said = words.standing_why(one.standing, repo.now().date())
    out.print(f"{one.pseudonym}: {escape(said)}.")


@click.command()
@click.argument("participant")
@click.argument("other")
@click.option("--yes", is_flag=True, help="Do not ask.")
@home_option
def merge(participant: str, other: str, yes: bool, home: Path | None) -> None:
    """Say that PARTICIPANT and OTHER are one person.

    They keep the first pseudonym.

    \b
    heard people merge P-0007 P-0031
    """
    with repository(home) as repo:
        kept, gone = repo.people.one(participant), repo.people.one(other)
        if not yes:
            click.confirm(
                f"All that {gone.pseudonym} said becomes {kept.pseudonym}'s, and {gone.pseudonym} is no more. "
                "It cannot be undone. Are they one person",
                abort=True,
            )
        repo.people.merge(participant, other)
        one = repo.people.one(participant)
    out.print(f"{escape(words.person(one))}: {escape(words.heard_by(one))}.")


@click.command()
@click.option("--set", "file", type=click.Path(path_type=Path, exists=True, dir_okay=False),
              help="Use the rules in this YAML file from now on.")  # fmt: skip
@home_option
def rules(file: Path | None, home: Path | None) -> None:
    """Print the rules on how often people are contacted.

    Or use others, from a file.

    \b
    heard people rules > rules.yaml
    heard people rules --set rules.yaml
    """
    with repository(home) as repo:
        if file is None:
            echo(repo.people.rules_source)
            return
        try:
            repo.people.set_rules(file.read_text(encoding="utf-8"))
        except UnicodeDecodeError as error:
            raise BadInput(f"{file} is not text in UTF-8. Save it as UTF-8 and try again.") from error
        held = repo.people.rules
    for line in words.rules(held):
        out.print(escape(line))


@click.command("import")
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--column", "columns", multiple=True, metavar="MEANING=COLUMN",
              help="What a column means where its header does not say so: name=\"Full name\"; may be repeated, and "
              "“status=” leaves a column out. Meanings: name, first_name, last_name, email, crm, segment, account, "
              "role, status, no_contact and opted_out (yes or no), consent (what for), given, expires, contacted, "
              "note.")  # fmt: skip
@click.option("--dry-run", is_flag=True, help="Say what would happen, and change nothing.")
@click.option("--json", "as_json", is_flag=True, help="A line of JSON for each row.")
@home_option
def import_roster(file: Path, columns: tuple[str, ...], dry_run: bool, as_json: bool, home: Path | None) -> None:
    """Take in a roster: a .csv, .tsv or .xlsx FILE of people.

    A person in each row, from your CRM or research panel. Who is on it already is updated, by e-mail address or CRM
    id, else by name and account. A blank cell erases nothing, an opt-out stays. Names and addresses are stored
    sealed.

    \b
    heard people import roster.csv --column name=Kunde --dry-run
    """
    from ingest.models import Source
    from ingest.roster import read_roster
    from research.roster import ROW_STATUSES, take_in

    told = dict(column.partition("=")[::2] for column in columns)
    roster = read_roster(Source(file.name, str(file), file.read_bytes()), told)
    with repository(home) as repo:
        done = take_in(repo, roster.rows, dry_run=dry_run)
    failed = done.of("failed")
    if as_json:
        for row in done.rows:
            echo(json.dumps(dataclasses.asdict(row), ensure_ascii=False))
    else:
        read = ", ".join(f"{meaning} from “{column}”" for meaning, column in roster.mapping.items())
        out.print(f"[dim]Read: {escape(read)}.[/dim]")
        if roster.unused:
            out.print(f"[dim]Left aside: {escape(', '.join(roster.unused))}.[/dim]")
        for row in failed:
            err.print(f"[red]failed[/red]  {escape(row.error)}")
        counts = [f"{len(done.of(status)):,} {status}" for status in ROW_STATUSES if done.of(status)]
        out.print(f"{words.count(len(done.rows), 'row')}: {', '.join(counts)}.{' Nothing was changed.' * dry_run}")
        if done.suggested:
            said = words.count(done.suggested, "person", "people")
            out.print(f"{said} on it may have been heard before: see `heard people suggestions`.")
    if failed:
        sys.exit(1)


CHANGES = (plan, unplan, mark, consent, withdraw, merge, rules, import_roster)

"""`heard people`: whom we heard, whom we may ask, who they are, and what was done with that."""

from __future__ import annotations

import dataclasses
import json
import sys
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import click
from rich.markup import escape

from heard.command import home_option, repository
from heard.printing import err, out
from heard.sheet import audit_csv
from heard.ui import words
from research.contact import MARKS, STATES
from research.errors import BadInput

if TYPE_CHECKING:
    from research.contact import Mark
    from research.person import PersonSummary

_DAY = click.DateTime(["%Y-%m-%d"])
_NO_MARK = "none"


@click.group(invoke_without_command=True)
@click.option("--segment", default="", help="Only people of this segment.")
@click.option("--account", default="", help="Only people of this account.")
@click.option("--team", default="", help="Only whom this team heard.")
@click.option("--state", default="", type=click.Choice(["", *STATES]), metavar="STATE",
              help=f"Only who is {words.listed(STATES, 'or')} today.")  # fmt: skip
@click.option("--json", "as_json", is_flag=True, help="A line of JSON for each person.")
@home_option
@click.pass_context
def people(
    context: click.Context, segment: str, account: str, team: str, state: str, as_json: bool, home: Path | None
) -> None:
    """Whom we heard, whom we may ask, and who they are. With no further word: lists participants.

    \b
    heard people --segment "clinic manager" --state free
    heard people show P-0007
    heard people plan P-0007 2026-12-01 --team Growth --purpose "pricing test"
    heard people import roster.csv --dry-run
    """
    if context.invoked_subcommand is not None:
        return
    with repository(home) as repo:
        found = repo.people.all(segment=segment, account=account, team=team, state=state)
        today = repo.now().date()
    if as_json:
        for one in found:
            click.echo(_json(one))
        return
    if not found:
        out.print("Nobody. Use fewer filters, or put interviews in with `heard ingest`.")
        return
    names, now = [words.person(one) for one in found], [words.standing(one.standing, today) for one in found]
    wide, wider = (max(map(len, some)) for some in (names, now))
    for one, name, standing in zip(found, names, now, strict=True):
        said = ", ".join(filter(None, (words.heard_by(one), words.contacted(one))))
        out.print(f"{escape(name.ljust(wide))}  {escape(standing.ljust(wider))}  [dim]{escape(said)}[/dim]")
    free = sum(one.standing.state == "free" for one in found)
    out.print(f"\n{words.count(len(found), 'person', 'people')}, {free:,} free to ask.")


@people.command()
@click.argument("participant")
@click.option("--json", "as_json", is_flag=True, help="As JSON.")
@home_option
def show(participant: str, as_json: bool, home: Path | None) -> None:
    """What is known of a PARTICIPANT, but not who they are: may they be asked, consents, contacts, notes."""
    with repository(home) as repo:
        one = repo.people.one(participant)
        contacts = repo.people.contacts(one.pseudonym)
        notes = repo.notes(participant=one.pseudonym)
        today = repo.now().date()
    if as_json:
        told = dataclasses.asdict(one)
        told["noted"] = [dataclasses.asdict(contact) for contact in contacts]
        told["heard_in"] = [
            {"id": note.id, "title": note.title, "date": note.date, "team": note.team} for note in notes
        ]
        click.echo(json.dumps(told, default=str, ensure_ascii=False))
        return
    out.print(f"[bold]{escape(words.person(one))}[/bold]")
    out.print(escape(words.standing_why(one.standing, today)))
    said = ", ".join(filter(None, (words.heard_by(one), words.contacted(one))))
    out.print(f"[dim]{escape(said)}. {_who(one)}[/dim]")
    for given in one.consents:
        out.print(f"  consent to {escape(words.consent(given))}")
    for contact in contacts:
        parts = (contact.team, contact.purpose, f"by {contact.by}", contact.reason and f"because: {contact.reason}")
        out.print(f"  contact {contact.number} on {words.day(contact.day)} · {escape(' · '.join(filter(None, parts)))}")
    for note in notes:
        out.print(f"  heard {words.day(note.date)} · {escape(f'{note.team} / {note.study} · {note.title}')}")


@people.command()
@click.argument("participant")
@click.option("--name", help="Set the name.")
@click.option("--email", help="Set the e-mail address.")
@click.option("--crm", help="Set the id in your CRM.")
@click.option("--json", "as_json", is_flag=True, help="As JSON.")
@home_option
def identity(
    participant: str, name: str | None, email: str | None, crm: str | None, as_json: bool, home: Path | None
) -> None:
    """Who a PARTICIPANT is, or with an option: set it. Looking and changing are written in the audit."""
    given = {"name": name, "email": email, "crm": crm}
    with repository(home) as repo:
        known = repo.people.identity(participant)
        if any(value is not None for value in given.values()):
            known = dataclasses.replace(known, **{what: said for what, said in given.items() if said is not None})
            repo.people.identify(participant, known)
    if as_json:
        click.echo(json.dumps(dataclasses.asdict(known), ensure_ascii=False))
    elif not known:
        out.print(f"Nobody has said who {escape(participant)} is.")
    else:
        for what, said in dataclasses.asdict(known).items():
            if said:
                out.print(f"{what:>6}  {escape(said)}")


@people.command()
@click.argument("participant")
@click.argument("day", type=_DAY, metavar="YEAR-MONTH-DAY")
@click.option("--team", default="", help="The team that means to contact them.")
@click.option("--purpose", default="", help="What for, such as “pricing test”.")
@click.option("--reason", default="", help="Why, although they rest or gave no consent; written in the audit.")
@home_option
def plan(participant: str, day: datetime, team: str, purpose: str, reason: str, home: Path | None) -> None:
    """Reserve a day on which to contact a PARTICIPANT, so that no other team does so too; a day that has been notes a
    contact of which there is no note.

    Who rests is contacted with a --reason only; who opted out, withdrew consent or is marked “do not contact” is not.
    """
    with repository(home) as repo:
        number = repo.people.plan(participant, day.date(), team=team, purpose=purpose, reason=reason)
    out.print(f"Contact {number} is planned for {words.day(day.date())}. `heard people unplan {number}` takes it back.")


@people.command()
@click.argument("number", type=int)
@home_option
def unplan(number: int, home: Path | None) -> None:
    """Take a planned contact back, by the NUMBER that `plan` and `show` give."""
    with repository(home) as repo:
        repo.people.unplan(number)
    out.print(f"Contact {number} is taken back.")


@people.command()
@click.argument("participant")
@click.argument("mark", type=click.Choice([*filter(None, MARKS), _NO_MARK]))
@home_option
def mark(participant: str, mark: str, home: Path | None) -> None:
    """Mark a PARTICIPANT as “opted out” or “do not contact”, which nothing overrides, or with “none” as neither."""
    with repository(home) as repo:
        repo.people.mark(participant, cast("Mark", "" if mark == _NO_MARK else mark))
        one = repo.people.one(participant)
        said = words.standing_why(one.standing, repo.now().date())
    out.print(f"{one.pseudonym}: {escape(said)}.")


@people.command()
@click.argument("participant")
@click.option("--given", type=_DAY, help="The day on which it was given (default: today).")
@click.option("--expires", type=_DAY, help="The last day on which it holds (default: no end).")
@click.option("--scope", default="research", show_default=True, help="What it is for.")
@home_option
def consent(participant: str, given: datetime | None, expires: datetime | None, scope: str, home: Path | None) -> None:
    """Write down what a PARTICIPANT agreed to. When no consent of theirs holds any more, what they said is hidden."""
    with repository(home) as repo:
        repo.people.consent(
            participant, given=given.date() if given else repo.now().date(),
            expires=expires.date() if expires else None, scope=scope,
        )  # fmt: skip
        one = repo.people.one(participant)
    out.print(f"{one.pseudonym} agreed to {escape('; '.join(map(words.consent, one.consents)))}.")


@people.command()
@click.argument("participant")
@click.option("--scope", default="", help="Only the consent for this (default: all).")
@click.option("--yes", is_flag=True, help="Do not ask.")
@home_option
def withdraw(participant: str, scope: str, yes: bool, home: Path | None) -> None:
    """End a PARTICIPANT's consent today: what they said is hidden from now on, and nobody contacts them."""
    with repository(home) as repo:
        one = repo.people.one(participant)
        if not yes:
            said = f"{words.count(one.passages, 'passage')} of {one.pseudonym} will not be shown any more"
            click.confirm(f"{said}. End the consent today?", abort=True)
        repo.people.withdraw(participant, scope=scope)
        one = repo.people.one(participant)
        said = words.standing_why(one.standing, repo.now().date())
    out.print(f"{one.pseudonym}: {escape(said)}.")


@people.command()
@click.argument("participant")
@click.argument("other")
@click.option("--yes", is_flag=True, help="Do not ask.")
@home_option
def merge(participant: str, other: str, yes: bool, home: Path | None) -> None:
    """Say that PARTICIPANT and OTHER are one person, who keeps the first pseudonym."""
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


@people.command()
@click.option("--not-same", nargs=2, metavar="P-0001 P-0002", help="Say that these two are not one person.")
@click.option("--json", "as_json", is_flag=True, help="A line of JSON for each pair.")
@home_option
def suggestions(not_same: tuple[str, str] | None, as_json: bool, home: Path | None) -> None:
    """Who may be one person, heard by two teams: the same name, and no different account, address or id."""
    with repository(home) as repo:
        if not_same:
            repo.people.not_same(*not_same)
            out.print(f"{' and '.join(map(escape, not_same))} are two people; nobody is asked again.")
            return
        pairs = repo.people.suggestions()
    if as_json:
        for pair in pairs:
            told = {"one": pair.one.pseudonym, "other": pair.other.pseudonym, "alike": pair.alike}
            click.echo(json.dumps(told))
        return
    if not pairs:
        out.print("No two participants look like one person.")
        return
    for pair in pairs:
        same = "the same name and account" if pair.alike else "the same name"
        out.print(f"{pair.one.pseudonym} and {pair.other.pseudonym} have {same}: {escape(_both(pair.one, pair.other))}")
        for one in (pair.one, pair.other):
            if one.standing.final:
                out.print(f"  [yellow]{escape(words.barred(one))}[/yellow]")
    out.print("\n`heard people merge P-0001 P-0002` makes them one, `--not-same P-0001 P-0002` says they are two.")


@people.command()
@click.option("--set", "file", type=click.Path(path_type=Path, exists=True, dir_okay=False),
              help="Use the rules in this YAML file from now on.")  # fmt: skip
@home_option
def rules(file: Path | None, home: Path | None) -> None:
    """Print the rules on how often people are contacted, or use others from a file."""
    with repository(home) as repo:
        if file is None:
            click.echo(repo.people.rules_source)
            return
        try:
            repo.people.set_rules(file.read_text(encoding="utf-8"))
        except UnicodeDecodeError as error:
            raise BadInput(f"{file} is not text in UTF-8. Save it as UTF-8 and try again.") from error
        held = repo.people.rules
    for line in words.rules(held):
        out.print(escape(line))


@people.command()
@click.option("--csv", "file", type=click.Path(path_type=Path, dir_okay=False), help="Write all of it to this file.")
@click.option("--limit", default=50, show_default=True, type=click.IntRange(1), help="How many lines to print.")
@home_option
def audit(file: Path | None, limit: int, home: Path | None) -> None:
    """Who looked at identities, overrode, marked, merged, erased, and when; newest first."""
    with repository(home) as repo:
        done = repo.people.audit(None if file else limit)
    if file:
        file.write_text(audit_csv(done), encoding="utf-8", newline="")
        out.print(f"{words.count(len(done), 'line')} are in {escape(str(file))}.")
        return
    for one in done:
        about = " · ".join(filter(None, (one.participant, one.detail)))
        out.print(f"{one.at:%Y-%m-%d %H:%M}  {escape(one.who)}  {escape(one.what)}  [dim]{escape(about)}[/dim]")


@people.command("import")
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
    """Take a roster in: a .csv, .tsv or .xlsx FILE with a person in each row, from your CRM or research panel.

    Who is on it already is updated, by e-mail address or CRM id, else by name and account. A blank cell erases
    nothing, an opt-out stays. Names and addresses are stored sealed.
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
            click.echo(json.dumps(dataclasses.asdict(row), ensure_ascii=False))
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


def _json(one: PersonSummary) -> str:
    return json.dumps(dataclasses.asdict(one), default=str, ensure_ascii=False)


def _who(one: PersonSummary) -> str:
    return "Who this is, is known." if one.identified else "Nobody has said who this is."


def _both(one: PersonSummary, other: PersonSummary) -> str:
    parts: list[Any] = [one.role or one.segment, one.account, f"{words.heard_by(one)}; {words.heard_by(other)}"]
    return " · ".join(filter(None, parts))

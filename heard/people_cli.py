"""`heard people`: whom we heard, whom we may ask, who they are, and what was done with that."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from rich.markup import escape

from heard.command import home_option, repository
from heard.people_changes_cli import CHANGES
from heard.printing import echo, out
from heard.sheet import audit_csv
from heard.ui import words
from research import dates
from research.contact import STATES

if TYPE_CHECKING:
    from research.person import PersonSummary


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
    """Whom we heard, whom we may ask, and who they are.

    With no further word: lists participants. A PARTICIPANT is a pseudonym such as P-0007.

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
            echo(_json(one))
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
    """Show what is known of a PARTICIPANT, but not who they are.

    Whether they may be asked and why not; consents, contacts, notes.
    """
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
        echo(json.dumps(told, default=str, ensure_ascii=False))
        return
    out.print(f"[bold]{escape(words.person(one))}[/bold]")
    out.print(escape(words.standing_why(one.standing, today)))
    said = ", ".join(filter(None, (words.heard_by(one), words.contacted(one))))
    out.print(f"[dim]{escape(said)}. {_who(one)}[/dim]")
    for given in one.consents:
        out.print(f"  consent to {escape(words.consent(given))}")
    for contact in contacts:
        parts = (contact.team, contact.purpose, f"by {contact.by}", contact.reason and f"because: {contact.reason}")
        out.print(f"  contact {contact.number} on {dates.day(contact.day)} · {escape(' · '.join(filter(None, parts)))}")
    for note in notes:
        out.print(f"  heard {dates.day(note.date)} · {escape(f'{note.team} / {note.study} · {note.title}')}")


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
    """Show who a PARTICIPANT is, or set it by an option.

    Looking and changing are written in the audit.

    \b
    heard people identity P-0007 --email dana@example.com
    """
    given = {"name": name, "email": email, "crm": crm}
    with repository(home) as repo:
        known = repo.people.identity(participant)
        if any(value is not None for value in given.values()):
            known = dataclasses.replace(known, **{what: said for what, said in given.items() if said is not None})
            repo.people.identify(participant, known)
    if as_json:
        echo(json.dumps(dataclasses.asdict(known), ensure_ascii=False))
    elif not known:
        out.print(f"Nobody has said who {escape(participant)} is.")
    else:
        for what, said in dataclasses.asdict(known).items():
            if said:
                out.print(f"{what:>6}  {escape(said)}")


@people.command()
@click.option("--not-same", nargs=2, metavar="P-0001 P-0002", help="Say that these two are not one person.")
@click.option("--json", "as_json", is_flag=True, help="A line of JSON for each pair.")
@home_option
def suggestions(not_same: tuple[str, str] | None, as_json: bool, home: Path | None) -> None:
    """List who may be one person, heard by two teams.

    They have the same name, and no different account, address or id. `heard people merge` makes them one,
    --not-same tells them apart.
    """
    with repository(home) as repo:
        if not_same:
            repo.people.not_same(*not_same)
            out.print(f"{' and '.join(map(escape, not_same))} are two people; nobody is asked again.")
            return
        pairs = repo.people.suggestions()
    if as_json:
        for pair in pairs:
            told = {"one": pair.one.pseudonym, "other": pair.other.pseudonym, "alike": pair.alike}
            echo(json.dumps(told))
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
@click.option("--csv", "file", type=click.Path(path_type=Path, dir_okay=False), help="Write all of it to this file.")
@click.option("--limit", default=50, show_default=True, type=click.IntRange(1), help="How many lines to print.")
@home_option
def audit(file: Path | None, limit: int, home: Path | None) -> None:
    """List who did what with people's data, newest first.

    Who looked at identities, overrode a rest, marked, merged, erased, and when.
    """
    with repository(home) as repo:
        done = repo.people.audit(None if file else limit)
    if file:
        file.write_text(audit_csv(done), encoding="utf-8", newline="")
        out.print(f"{words.count(len(done), 'line')} are in {escape(str(file))}.")
        return
    for one in done:
        about = " · ".join(filter(None, (one.about, one.detail)))
        out.print(f"{one.at:%Y-%m-%d %H:%M}  {escape(one.who)}  {escape(one.what)}  [dim]{escape(about)}[/dim]")


for change in CHANGES:
    people.add_command(change)


def _json(one: PersonSummary) -> str:
    return json.dumps(dataclasses.asdict(one), default=str, ensure_ascii=False)


def _who(one: PersonSummary) -> str:
    return "Who this is, is known." if one.identified else "Nobody has said who this is."


def _both(one: PersonSummary, other: PersonSummary) -> str:
    parts: list[Any] = [one.role or one.segment, one.account, f"{words.heard_by(one)}; {words.heard_by(other)}"]
    return " · ".join(filter(None, parts))

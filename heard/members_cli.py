"""`heard members`: who is let in, as what, and for which teams."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path

import click
from rich.markup import escape

from heard.command import home_option, repository
from heard.printing import echo, out
from heard.ui import words
from research import dates
from research.access import ROLES


@click.group()
def members() -> None:
    """Who may use an app that people sign in to, and as what.

    Roles, teams and signing in: docs/access.md.

    \b
    heard members add lea@example.com --role researcher --team Growth
    heard members list
    """


@members.command("list")
@click.option("--json", "as_json", is_flag=True, help="A line of JSON for each member.")
@home_option
def list_(as_json: bool, home: Path | None) -> None:
    """List everybody who was let in, or came by themselves.

    With what they are, and when they were last there.
    """
    with repository(home) as repo:
        everybody = repo.members.all()
    for one in everybody:
        teams = None if one.member.teams is None else sorted(one.member.teams)
        if as_json:
            told = dataclasses.asdict(one.member) | {"teams": teams, "seen": one.seen}
            echo(json.dumps(told, default=str, ensure_ascii=False))
            continue
        of = "every team" if teams is None else words.listed(teams) or "no team"
        seen = f"seen {dates.day(one.seen.date())}" if one.seen else "never here yet"
        said = "; ".join(filter(None, (one.member.role or "no role given", of, one.member.name, seen)))
        out.print(f"{escape(one.member.who)}  [dim]{escape(said)}[/dim]")
    if not (everybody or as_json):
        out.print("Nobody yet. `heard members add` lets somebody in.")


@members.command()
@click.argument("email")
@click.option("--role", type=click.Choice(ROLES), default="viewer", show_default=True, help="What they may do.")
@click.option("--team", "teams", multiple=True, help="A team that they belong to; may be repeated.")
@click.option("--every-team", is_flag=True, help="They belong to all teams, and read all that is kept to one.")
@home_option
def add(email: str, role: str, teams: tuple[str, ...], every_team: bool, home: Path | None) -> None:
    """Let somebody in by their EMAIL address, or say anew what they are. It is written in the audit."""
    if teams and every_team:
        raise click.UsageError("Give --team or --every-team, not both.")
    with repository(home) as repo:
        known = email.strip().casefold()
        name = next((one.member.name for one in repo.members.all() if one.member.who == known), "")
        repo.members.put(email, role=role, teams=None if every_team else teams, name=name)
    of = "every team" if every_team else words.listed(teams) or "no team"
    out.print(f"{escape(known)} is in: {role}, {escape(of)}.")


@members.command()
@click.argument("email")
@home_option
def remove(email: str, home: Path | None) -> None:
    """Let somebody in no longer, by their EMAIL address.

    What they did stays under their name.
    """
    with repository(home) as repo:
        repo.members.remove(email)
    out.print(f"{escape(email)} is no member any more.")

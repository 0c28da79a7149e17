"""`heard token`: what programs show to read as a member."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path

import click
from rich.markup import escape

from heard.command import home_option, repository
from heard.printing import echo, err, out
from heard.ui import words


@click.group()
def token() -> None:
    """Tokens by which programs read as a member.

    For `heard api` and `heard mcp --http` (docs/beside.md).

    \b
    heard token add lea@example.com --name "Lea's assistant" --days 365
    heard token list
    """


@token.command()
@click.argument("email")
@click.option("--name", required=True, help="What it is for, such as “Lea’s assistant”.")
@click.option("--days", type=click.IntRange(1, 3650), help="For how many days it is good (default: until removed).")
@click.option("--json", "as_json", is_flag=True, help="As JSON.")
@home_option
def add(email: str, name: str, days: int | None, as_json: bool, home: Path | None) -> None:
    """Make a token for the member with an EMAIL address.

    It is shown this once. That it was made is written in the audit.
    """
    with repository(home) as repo:
        made = repo.tokens.add(email, name=name, days=days)
    if as_json:
        echo(json.dumps({"token": made, "who": email.strip().casefold(), "name": name}, ensure_ascii=False))
        return
    echo(made)
    err.print("[dim]It is shown this once and kept nowhere; whoever has it reads what its owner may read.[/dim]")


@token.command("list")
@click.option("--json", "as_json", is_flag=True, help="A line of JSON for each token.")
@home_option
def list_(as_json: bool, home: Path | None) -> None:
    """List all tokens: whose they are, when they were last used.

    Never the tokens themselves.
    """
    with repository(home) as repo:
        there, today = repo.tokens.all(), repo.now().date()
    for one in there:
        if as_json:
            echo(json.dumps(dataclasses.asdict(one), default=str, ensure_ascii=False))
            continue
        out.print(f"{one.number}  {escape(one.who)}  {escape(one.name)}  [dim]{words.token(one, today)}[/dim]")
    if not (there or as_json):
        out.print("None yet. `heard token add` makes one.")


@token.command()
@click.argument("number", type=click.IntRange(1, 2**31 - 1))
@home_option
def remove(number: int, home: Path | None) -> None:
    """Take a token away: it lets nobody in from now on.

    NUMBER is the one that `heard token list` gives. It is written in the audit.
    """
    with repository(home) as repo:
        repo.tokens.remove(number)
    out.print(f"Token {number} lets nobody in any more.")

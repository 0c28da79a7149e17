"""`heard insight`: claims, the evidence for and against them, and what follows."""

from __future__ import annotations

import dataclasses
import json
from datetime import date
from pathlib import Path
from typing import Any

import click
from rich.markup import escape

from heard.command import DAY, home_option, options, repository, write_passages
from heard.insight_evidence_cli import EVIDENCE, print_passage
from heard.insight_next_cli import NEXT
from heard.printing import echo, out
from heard.ui import claims, words
from research import dates
from research.insight import KINDS, SIGNS, STATES, Insight, Request

_KIND = click.Choice(KINDS)

# What one says of a claim when it is written down.
_about_it = options(
    click.option("--kind", type=_KIND, default="customer", show_default=True, help="What it is about."),
    click.option("--team", default="", help="Whose it is."),
    click.option("--owner", default="", help="Who looks after it (default: you)."),
    click.option("--contrary", default="", help="What somebody would say who disagrees, to look for them by."),
    click.option("--review", type=DAY, help="The day by which to look at it again (default: in half a year)."),
)


@click.group()
def insight() -> None:
    """Claims that are supported or refuted by what people said.

    A claim begins as a hypothesis, and goes stale when nobody looks at it again. CODE is a claim's, such as I-0001.

    \b
    heard insight add "Clinics share logins because seats cost too much"
    heard insight suggest I-0001
    heard insight link I-0001 3f0c1b6a for
    heard insight decide I-0001 supported --why "Six clinics said so unasked"
    """


@insight.command()
@click.argument("statement")
@_about_it
@home_option
def add(statement: str, home: Path | None, **about: Any) -> None:
    """Write a STATEMENT down as a hypothesis.

    \b
    heard insight add "Clinics share logins because seats cost too much" \\
        --kind pricing --team Billing
    """
    with repository(home) as repo:
        code = repo.insights.add(statement, **about)
    _told(code)


@insight.command()
@click.argument("statement")
@click.option("--by", required=True, help="Who asks for it.")
@click.option("--problem", default="", help="What problem does this solve?")
@click.option("--proof", default="", help="How will we know?")
@_about_it
@home_option
def request(statement: str, by: str, problem: str, proof: str, home: Path | None, **about: Any) -> None:
    """Write down what a stakeholder asks for, as a hypothesis.

    With the problem that it solves and how we will know; neither may be missing.

    \b
    heard insight request "A price for part-time staff" --by "Head of sales" \\
        --problem "Clinics with part-timers share one login" \\
        --proof "Logins per clinic rise by a tenth in a quarter"
    """
    with repository(home) as repo:
        code = repo.insights.add(statement, request=Request(by, problem, proof), **about)
    _told(code)


@insight.command("list")
@click.option("--team", default="", help="Only this team's.")
@click.option("--kind", default="", type=click.Choice(["", *KINDS]), metavar="KIND",
              help=f"Only what is about: {words.listed(KINDS, 'or')}.")  # fmt: skip
@click.option("--state", default="", type=click.Choice(["", *STATES]), metavar="STATE",
              help=f"Only what is {words.listed(STATES, 'or')} today.")  # fmt: skip
@click.option("--since", type=DAY, help="Only those to which something was done on this day or later.")
@click.option("--json", "as_json", is_flag=True, help="A line of JSON for each.")
@home_option
def list_(team: str, kind: str, state: str, since: date | None, as_json: bool, home: Path | None) -> None:
    """List insights by state, in each the strongest first."""
    with repository(home) as repo:
        found = repo.insights.all(team=team, kind=kind, state=state, since=since)
    if as_json:
        for one in found:
            echo(_json(one))
        return
    if not found:
        out.print("No insights. Use fewer filters, or write one down with `heard insight add`.")
        return
    states = [claims.state(one) for one in found]
    wide = max(map(len, states))
    for one, said in zip(found, states, strict=True):
        out.print(f"{one.code}  {said.ljust(wide)}  {escape(one.statement)}")
        about = " · ".join(filter(None, (one.kind, one.team, claims.strength_in_short(one.strength))))
        out.print(f"{' ' * (len(one.code) + wide + 4)}[dim]{escape(about)}[/dim]")


@insight.command()
@click.argument("code")
@click.option("--to", type=click.Path(path_type=Path, dir_okay=False), metavar="FILE",
              help="Write the evidence there too, for and against: as .md, .csv, .xlsx or .docx.")  # fmt: skip
@click.option("--json", "as_json", is_flag=True, help="As JSON, with its history.")
@home_option
def show(code: str, to: Path | None, as_json: bool, home: Path | None) -> None:
    """Show a claim: its state and why, the evidence, what is next."""
    from heard.passages_document import kind_of

    kind = kind_of(to) if to else None
    with repository(home) as repo:
        one, history, today = repo.insights.one(code), repo.insights.history(code), repo.now().date()
        if to and kind:
            from heard import taking

            write_passages(to, *taking.insight(repo, code, kind))
    if as_json:
        echo(_json(one, history=[dataclasses.asdict(done) for done in history]))
        return
    out.print(f"[bold]{escape(one.statement)}[/bold]")
    said = ": ".join(filter(None, (claims.state(one), claims.why(one))))
    out.print(escape(said))
    out.print(escape(claims.strength(one.strength, today)))
    looked = f"to be looked at again by {dates.day(one.review)}"
    out.print(f"[dim]{escape(' · '.join(filter(None, (one.code, one.kind, one.team, one.owner, looked))))}[/dim]")
    if one.request:
        out.print(f"  asked for by {escape(one.request.by)}")
        out.print(f"  what problem does it solve: {escape(one.request.problem)}")
        out.print(f"  how will we know: {escape(one.request.proof)}")
    for sign in SIGNS:
        for line in one.of(sign):
            print_passage(line.hit, f"{line.number:>4}  {sign:<7}")
    if one.outcome:
        out.print(f"  should move: {escape(claims.outcome(one.outcome))}")
    if told := claims.happened(one.outcome, today):
        out.print(f"  what happened: {escape(told)}")
    for name, label in claims.KATA.items():
        if step := getattr(one.kata, name):
            out.print(f"  {label.lower()}: {escape(step)}")
    for done in history:
        out.print(f"  [dim]{escape(claims.event(done))}[/dim]")


@insight.command()
@click.argument("code")
@click.option("--statement", help="The claim in other words.")
@click.option("--kind", type=_KIND, help="What it is about.")
@click.option("--team", help="Whose it is.")
@click.option("--owner", help="Who looks after it.")
@click.option("--contrary", help="What somebody would say who disagrees.")
@home_option
def change(
    code: str,
    statement: str | None,
    kind: str | None,
    team: str | None,
    owner: str | None,
    contrary: str | None,
    home: Path | None,
) -> None:
    """Put a claim in other words or other hands.

    Its history keeps what it was.
    """
    with repository(home) as repo:
        repo.insights.change(code, statement=statement, kind=kind, team=team, owner=owner, contrary=contrary)
        one = repo.insights.one(code)
    out.print(f"{one.code}: {escape(one.statement)}")


@insight.command()
@click.argument("code")
@click.option("--yes", is_flag=True, help="Do not ask.")
@home_option
def remove(code: str, yes: bool, home: Path | None) -> None:
    """Take a claim out with its evidence and history.

    One that proved wrong is better kept as refuted.
    """
    with repository(home) as repo:
        one = repo.insights.one(code)
        if not yes:
            click.confirm(f"“{one.statement}” will be gone with its history. Remove it", abort=True)
        repo.insights.remove(code)
    out.print(f"{one.code} is removed; its code is not given again.")


def _told(code: str) -> None:
    out.print(f"{code} is a hypothesis. `heard insight suggest {code}` finds what may speak for or against it.")


def _json(one: Insight, **more: Any) -> str:
    strength = dataclasses.asdict(one.strength)
    return json.dumps(dataclasses.asdict(one) | {"strength": strength} | more, default=str, ensure_ascii=False)


for command in (*EVIDENCE, *NEXT):
    insight.add_command(command)

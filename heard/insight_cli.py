"""`heard insight`: claims, the evidence for and against them, and what follows."""

from __future__ import annotations

import dataclasses
import json
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from rich.markup import escape

from heard.command import home_option, repository
from heard.printing import err, out
from heard.ui import claims, words
from heard.ui.html import excerpt
from research import dates
from research.errors import BadInput
from research.insight import DECIDED, KINDS, SIGNS, STATES, Insight, Request

if TYPE_CHECKING:
    from collections.abc import Callable

    from research.models import Hit

_DAY = click.DateTime(["%Y-%m-%d"])
_QUOTE = 240  # characters of each passage that are printed
_KIND = click.Choice(KINDS)


def _about_it(command: Callable[..., Any]) -> Callable[..., Any]:
    """What one says of a claim when it is written down."""
    options = (
        click.option("--kind", type=_KIND, default="customer", show_default=True, help="What it is about."),
        click.option("--team", default="", help="Whose it is."),
        click.option("--owner", default="", help="Who looks after it (default: you)."),
        click.option("--contrary", default="", help="What somebody would say who disagrees, to look for them by."),
        click.option("--review", type=_DAY, help="The day by which to look at it again (default: in half a year)."),
    )
    for option in reversed(options):
        command = option(command)
    return command


@click.group()
def insight() -> None:
    """Claims with a life: a hypothesis, supported or refuted by what people said, stale when nobody looks again.

    \b
    heard insight add "Clinics share logins because seats cost too much" --kind pricing --team Billing
    heard insight suggest I-0001
    heard insight link I-0001 PASSAGE for
    heard insight decide I-0001 supported --why "Six clinics of three sizes said so unasked"
    """


@insight.command()
@click.argument("statement")
@_about_it
@home_option
def add(
    statement: str, kind: str, team: str, owner: str, contrary: str, review: datetime | None, home: Path | None
) -> None:
    """Write a STATEMENT down as a hypothesis."""
    with repository(home) as repo:
        code = repo.insights.add(
            statement, kind=kind, team=team, owner=owner, contrary=contrary, review=review.date() if review else None
        )
    _told(code)


@insight.command()
@click.argument("statement")
@click.option("--by", required=True, help="Who asks for it.")
@click.option("--problem", default="", help="What problem does this solve?")
@click.option("--proof", default="", help="How will we know?")
@_about_it
@home_option
def request(
    statement: str,
    by: str,
    problem: str,
    proof: str,
    kind: str,
    team: str,
    owner: str,
    contrary: str,
    review: datetime | None,
    home: Path | None,
) -> None:
    """Write down what a stakeholder asks for, as a hypothesis: with the problem that it solves and how we will know."""
    with repository(home) as repo:
        code = repo.insights.add(
            statement, kind=kind, team=team, owner=owner, contrary=contrary, review=review.date() if review else None,
            request=Request(by, problem, proof),
        )  # fmt: skip
    _told(code)


@insight.command("list")
@click.option("--team", default="", help="Only this team's.")
@click.option("--kind", default="", type=click.Choice(["", *KINDS]), metavar="KIND",
              help=f"Only what is about: {words.listed(KINDS, 'or')}.")  # fmt: skip
@click.option("--state", default="", type=click.Choice(["", *STATES]), metavar="STATE",
              help=f"Only what is {words.listed(STATES, 'or')} today.")  # fmt: skip
@click.option("--since", type=_DAY, help="Only those to which something was done on this day or later.")
@click.option("--json", "as_json", is_flag=True, help="A line of JSON for each.")
@home_option
def list_(team: str, kind: str, state: str, since: datetime | None, as_json: bool, home: Path | None) -> None:
    """List insights by state, in each the strongest first."""
    with repository(home) as repo:
        found = repo.insights.all(team=team, kind=kind, state=state, since=since.date() if since else None)
    if as_json:
        for one in found:
            click.echo(_json(one))
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
@click.option("--json", "as_json", is_flag=True, help="As JSON, with its history.")
@home_option
def show(code: str, as_json: bool, home: Path | None) -> None:
    """All about the insight with this CODE: its state and why, the evidence, what should move, the next step."""
    with repository(home) as repo:
        one, history, today = repo.insights.one(code), repo.insights.history(code), repo.now().date()
    if as_json:
        click.echo(_json(one, history=[dataclasses.asdict(done) for done in history]))
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
            _print_passage(line.hit, f"{line.number:>4}  {sign:<7}")
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
@click.argument("passage")
@click.argument("sign", type=click.Choice([*SIGNS, "neither"]))
@home_option
def link(code: str, passage: str, sign: str, home: Path | None) -> None:
    """Say that a PASSAGE (by the id that `heard search --json` gives) speaks for or against an insight, or neither, so
    that it is not suggested again."""
    with repository(home) as repo:
        if sign == "neither":
            repo.insights.dismiss(code, passage)
            out.print("It is not suggested again.")
            return
        repo.insights.link(code, passage, sign)
        _told_strength(repo.insights.one(code), repo.now())


@insight.command()
@click.argument("code")
@click.argument("number", type=int)
@home_option
def unlink(code: str, number: int, home: Path | None) -> None:
    """Take a line of evidence away, by the NUMBER that `show` gives."""
    with repository(home) as repo:
        repo.insights.unlink(code, number)
        _told_strength(repo.insights.one(code), repo.now())


@insight.command()
@click.argument("code")
@click.argument("decided", type=click.Choice(DECIDED))
@click.option("--why", default="", help="Why, in a sentence; it is asked for.")
@home_option
def decide(code: str, decided: str, why: str, home: Path | None) -> None:
    """Say what a claim is by now: supported or refuted by evidence that speaks that way, or a hypothesis again."""
    with repository(home) as repo:
        repo.insights.decide(code, decided, why)
        one = repo.insights.one(code)
        out.print(f"{one.code} is {decided}.")
        if one.standing.state == "stale":
            out.print(escape(f"Still: {claims.why(one)}"))


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
    """Put a claim in other words or other hands; its history keeps what it was."""
    with repository(home) as repo:
        repo.insights.change(code, statement=statement, kind=kind, team=team, owner=owner, contrary=contrary)
        one = repo.insights.one(code)
    out.print(f"{one.code}: {escape(one.statement)}")


@insight.command()
@click.argument("code")
@click.option("--metric", help="What should move if the claim is right.")
@click.option("--from", "before", default="", help="From where.")
@click.option("--to", "target", default="", help="To where.")
@click.option("--by", type=_DAY, help="By when.")
@click.option("--happened", help="What happened to it.")
@home_option
def outcome(
    code: str,
    metric: str | None,
    before: str,
    target: str,
    by: datetime | None,
    happened: str | None,
    home: Path | None,
) -> None:
    """Say what should move (--metric --from --to --by), or what happened to it (--happened)."""
    if metric is None and happened is None:
        raise BadInput("Say what should move with --metric, or what happened to it with --happened.")
    with repository(home) as repo:
        if metric is not None:
            repo.insights.outcome(code, metric, before=before, target=target, by=by.date() if by else None)
        if happened is not None:
            repo.insights.happened(code, happened)
        said, today = repo.insights.one(code).outcome, repo.now().date()
    out.print(escape(claims.outcome(said) if said else "Nothing is said to move."))
    if told := claims.happened(said, today):
        out.print(escape(told))


@insight.command()
@click.argument("code")
@click.option("--now", help="Where we are.")
@click.option("--obstacle", help="What stands in the way.")
@click.option("--experiment", help="The next experiment, and what we expect of it.")
@click.option("--learned", help="What we learned from the last one.")
@home_option
def kata(
    code: str,
    now: str | None,
    obstacle: str | None,
    experiment: str | None,
    learned: str | None,
    home: Path | None,
) -> None:
    """Say what the next step is, in the terms of the Product Kata."""
    with repository(home) as repo:
        repo.insights.kata(code, now=now, obstacle=obstacle, experiment=experiment, learned=learned)
        said = repo.insights.one(code).kata
    for name, label in claims.KATA.items():
        out.print(f"{label}: {escape(getattr(said, name) or '-')}")


@insight.command()
@click.argument("code")
@click.argument("day", type=_DAY, metavar="YEAR-MONTH-DAY")
@home_option
def review(code: str, day: datetime, home: Path | None) -> None:
    """Say that an insight was looked at, and by which day to look at it again."""
    with repository(home) as repo:
        repo.insights.review(code, day.date())
        one = repo.insights.one(code)
    out.print(f"{one.code} is to be looked at again by {dates.day(one.review)}.")


@insight.command()
@click.argument("code")
@click.option("--limit", default=6, show_default=True, type=click.IntRange(1, 50), help="How many of each list.")
@click.option("--json", "as_json", is_flag=True, help="A line of JSON for each passage.")
@home_option
def suggest(code: str, limit: int, as_json: bool, home: Path | None) -> None:
    """Passages that may speak for or against an insight, for you to judge: one a person, none judged before."""
    with repository(home) as repo:
        one, found = repo.insights.one(code), repo.insights.suggested(code, limit=limit)
    lists = (("like the claim", found.alike), ("like what somebody would say who disagrees", found.otherwise))
    if as_json:
        for near, hits in zip(("statement", "contrary"), (found.alike, found.otherwise), strict=True):
            for hit in hits:
                told = {"near": near, **dataclasses.asdict(hit)}
                click.echo(json.dumps(told, default=str, ensure_ascii=False))
        return
    for label, hits in lists:
        if hits:
            out.print(f"[bold]Said {label}[/bold]")
        for hit in hits:
            _print_passage(hit, f"  {hit.id} ")
    if not one.contrary:
        err.print("[dim]What would somebody say who disagrees? `heard insight change --contrary` looks for them.[/dim]")
    if not found.alike and not found.otherwise:
        out.print("Nothing that nobody has judged yet comes close.")


@insight.command()
@click.argument("code")
@click.option("--yes", is_flag=True, help="Do not ask.")
@home_option
def remove(code: str, yes: bool, home: Path | None) -> None:
    """Take an insight out with its evidence and history. A claim that proved wrong is better kept as refuted."""
    with repository(home) as repo:
        one = repo.insights.one(code)
        if not yes:
            click.confirm(f"“{one.statement}” will be gone with its history. Remove it", abort=True)
        repo.insights.remove(code)
    out.print(f"{one.code} is removed; its code is not given again.")


def _told(code: str) -> None:
    out.print(f"{code} is a hypothesis. `heard insight suggest {code}` finds what may speak for or against it.")


def _told_strength(one: Insight, now: datetime) -> None:
    out.print(f"{one.code}: {escape(claims.strength(one.strength, now.date()))}")


def _print_passage(hit: Hit | None, lead: str) -> None:
    if hit is None:
        out.print(f"{lead} [dim]withdrawn[/dim]")
        return
    begin, end = excerpt(hit.text, (), _QUOTE)
    said = " ".join(hit.text[begin:end].split())
    out.print(f"{lead} “{escape(said)}{' …' if end < len(hit.text.rstrip()) else ''}”")
    about = " · ".join((*words.about(hit.speaker, hit), f"{hit.team} / {hit.study}", dates.day(hit.date)))
    out.print(f"{' ' * len(lead)} [dim]{escape(about)}[/dim]")


def _json(one: Insight, **more: Any) -> str:
    strength = dataclasses.asdict(one.strength)
    return json.dumps(dataclasses.asdict(one) | {"strength": strength} | more, default=str, ensure_ascii=False)

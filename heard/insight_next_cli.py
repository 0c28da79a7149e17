"""`heard insight`: what people decide of a claim, and what follows: what should move, the next step, the next look."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import click
from rich.markup import escape

from heard.command import DAY, home_option, repository
from heard.printing import out
from heard.ui import claims
from research import dates
from research.errors import BadInput
from research.insight import DECIDED


@click.command()
@click.argument("code")
@click.argument("decided", type=click.Choice(DECIDED))
@click.option("--why", default="", help="Why, in a sentence; never left out.")
@home_option
def decide(code: str, decided: str, why: str, home: Path | None) -> None:
    """Say what a claim is by now, and why.

    Supported or refuted, where evidence speaks that way, or a hypothesis again.

    \b
    heard insight decide I-0001 refuted --why "None of nine clinics does so"
    """
    with repository(home) as repo:
        repo.insights.decide(code, decided, why)
        one = repo.insights.one(code)
        out.print(f"{one.code} is {decided}.")
        if one.standing.state == "stale":
            out.print(escape(f"Still: {claims.why(one)}"))


@click.command()
@click.argument("code")
@click.option("--metric", help="What should move if the claim is right.")
@click.option("--from", "before", default="", help="Where it stands now, such as 71%.")
@click.option("--to", "target", default="", help="Where it should be then, such as 80%.")
@click.option("--by", type=DAY, help="The day by which it should have moved.")
@click.option("--happened", help="What happened to it.")
@home_option
def outcome(
    code: str,
    metric: str | None,
    before: str,
    target: str,
    by: date | None,
    happened: str | None,
    home: Path | None,
) -> None:
    """Say what should move, or what happened to it.

    \b
    heard insight outcome I-0001 --metric "people with their own login" \\
        --from 71% --to 80% --by 2027-03-31
    heard insight outcome I-0001 --happened "76%, and still rising"
    """
    if metric is None and happened is None:
        raise BadInput("Say what should move with --metric, or what happened to it with --happened.")
    with repository(home) as repo:
        if metric is not None:
            repo.insights.outcome(code, metric, before=before, target=target, by=by)
        if happened is not None:
            repo.insights.happened(code, happened)
        said, today = repo.insights.one(code).outcome, repo.now().date()
    out.print(escape(claims.outcome(said) if said else "Nothing is said to move."))
    if told := claims.happened(said, today):
        out.print(escape(told))


@click.command()
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
    """Say what the next step is, in the terms of the Product Kata.

    \b
    heard insight kata I-0001 --obstacle "We do not know whether it is the price"
    heard insight kata I-0001 --experiment "Ten clinics get a small seat"
    """
    with repository(home) as repo:
        repo.insights.kata(code, now=now, obstacle=obstacle, experiment=experiment, learned=learned)
        said = repo.insights.one(code).kata
    for name, label in claims.KATA.items():
        out.print(f"{label}: {escape(getattr(said, name) or '-')}")


@click.command()
@click.argument("code")
@click.argument("day", type=DAY, metavar="YYYY-MM-DD")
@home_option
def review(code: str, day: date, home: Path | None) -> None:
    """Say that a claim was looked at, and when to look again.

    \b
    heard insight review I-0001 2027-03-01
    """
    with repository(home) as repo:
        repo.insights.review(code, day)
        one = repo.insights.one(code)
    out.print(f"{one.code} is to be looked at again by {dates.day(one.review)}.")


NEXT = (decide, outcome, kata, review)

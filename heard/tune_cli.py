"""`heard tune`: let the ranking learn from what people linked and tagged, or go back."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path
from typing import TYPE_CHECKING

import click
from rich.markup import escape

from heard.command import home_option, repository
from heard.printing import echo, out, passages_bar
from heard.ui.words import count

if TYPE_CHECKING:
    from research.learning import Learned
    from research.tuning import Compared


@click.command()
@click.option("--look", is_flag=True, help="Only compare; change nothing.")
@click.option("--back", is_flag=True, help="Rank as before the last time, in one step.")
@click.option("--json", "as_json", is_flag=True, help="As JSON.")
@home_option
def tune(look: bool, back: bool, as_json: bool, home: Path | None) -> None:
    """Learn to rank by what people linked and tagged.

    Each insight and tag is looked for with what other studies teach, and what comes of it is compared with the
    ranking as it ships. Only what is better by more than noise is taken up; `heard status` says what is in use.

    \b
    heard tune --look
    heard tune
    heard tune --back
    """
    if look and back:
        raise click.UsageError("Choose --look or --back.")
    with repository(home) as repo:
        if back:
            repo.learning.back()
            out.print(escape(f"Passages are ranked {repo.status().ranking} again."))
            return
        with passages_bar("Comparing") as step:
            learned = (repo.learning.look if look else repo.learning.tune)(step)
        ranking = repo.status().ranking
    if as_json:
        told = dataclasses.asdict(learned)
        echo(json.dumps(told | {"for_search": learned.for_search, "for_claims": learned.for_claims}))
        return
    _print(learned)
    if look:
        out.print("Nothing was changed.")
    elif learned.taken:
        out.print(escape(f"Passages are ranked {ranking} from now on. `heard tune --back` goes back."))
    else:
        out.print(escape(f"Nothing was changed, since neither is better by more than noise: {ranking}."))


def _print(learned: Learned) -> None:
    out.print(
        f"{count(learned.pairs, 'passage')} linked or tagged by people, of {count(learned.insights, 'insight')} and "
        f"{count(learned.tags, 'tag')}. nDCG@10 as shipped and as learned, with the 90% interval of the difference:"
    )
    out.print(f"  search                    {_said(learned.search)}: {_verdict(learned.search, learned.for_search)}")
    out.print(f"  suggestions for insights  {_said(learned.claims)}: {_verdict(learned.claims, learned.for_claims)}")
    before, after = learned.general
    worse = "worse by too much, so that search is left as it is" if learned.unlearned else "not unlearned"
    out.print(f"  general questions         {before:.3f} → {after:.3f} (mean reciprocal rank): {worse}")


def _said(one: Compared) -> str:
    if not one.questions:
        return "nothing to compare: all rest on the same study"
    low, high = (f"{value:+.3f}".replace("-", "−") for value in (one.low, one.high))
    apart = f"{one.after - one.before:+.3f}".replace("-", "−")
    return escape(f"{one.before:.3f} → {one.after:.3f} ({apart} [{low}, {high}], {one.questions} questions)")


def _verdict(one: Compared, taken: bool) -> str:
    return "[green]better[/green]" if taken else "not taken up" if one.better else "not better by more than noise"

"""What the command prints of notes that come in: what would be, how far it is, and what became of each."""

from __future__ import annotations

import dataclasses
import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from heard.printing import echo, err, out
from heard.ui.words import count
from research.exchange.folder import CONTENTS

if TYPE_CHECKING:
    from ingest.models import Outcome, Preview
    from ingest.models import Progress as Step

_WOULD_BE = {"added": "be new", "updated": "change a note", "unchanged": "change nothing", "failed": "fail"}


def report(outcomes: Iterable[Outcome], as_json: bool) -> list[Outcome]:
    """Print what failed as it comes, or every outcome as JSON; returns them all."""
    done = []
    for outcome in outcomes:
        done.append(outcome)
        if as_json:
            echo(json.dumps(dataclasses.asdict(outcome), ensure_ascii=False))
        elif outcome.status == "failed":
            err.print(f"[red]failed[/red]  {escape(outcome.error or outcome.path)}")
        elif _is_told(outcome):
            out.print(f"[bold]{escape(outcome.title)}[/bold]")
            _print_coded(outcome)
    return done


def _is_told(outcome: Outcome) -> bool:
    """Whether there is more to say of a note than that it came in."""
    coded = (outcome.selections or outcome.path.endswith((".qdpx", ".qdc"))) and not outcome.path.endswith(CONTENTS)
    news = outcome.unplaced or outcome.new_tags or outcome.brought
    return bool(news or (outcome.status != "unchanged" and coded) or (outcome.left_out and not outcome.note_id))


def print_previews(previews: Iterable[Preview], as_json: bool) -> None:
    """What would come of each note, and in all."""
    kinds = Counter[str]()
    for one in previews:
        kinds[_WOULD_BE[one.status]] += not one.brought
        if as_json:
            echo(json.dumps(dataclasses.asdict(one), ensure_ascii=False, default=str))
            continue
        if one.status == "failed":
            err.print(f"[red]would fail[/red]  {escape(one.error or one.path)}")
            continue
        what = count(one.passages, "passage") + (f", in place of “{one.replaces}”" if one.replaces else "")
        facts = " · ".join((one.path, str(one.date or "no date"), what))
        out.print(f"[bold]{escape(one.title)}[/bold] [dim]{escape(facts)}[/dim]")
        for label, role, words in one.speakers:
            out.print(f"  {escape(label or 'somebody without a name')}: {role}, {count(words, 'word')}")
        if one.known:
            out.print(f"  {escape(', '.join(f'{name} {value}' for name, value in one.known))}")
        _print_coded(one, ", what is not there yet of")
    if not as_json:
        said = ", ".join(f"{many} would {kind}" for kind, many in kinds.items() if many) or "There is nothing to put in"
        out.print(f"{said}. Nothing was stored.")


def _print_coded(one: Outcome | Preview, beside: str = "") -> None:
    """What other tools knew of a note and what became of that; each selection without a place with its words."""
    if whole := one.selections + len(one.unplaced):
        out.print(f"  {one.selections} of {count(whole, 'selection')} became passages with their tags")
    for lost in one.unplaced:
        tags = f" ({', '.join(lost.tags)})" if lost.tags else ""
        out.print(f"  not placed: “{escape(lost.text)}”{escape(tags)}: {escape(lost.why)}")
    if one.new_tags:
        out.print(f"  {count(len(one.new_tags), 'new tag')}: {escape(', '.join(one.new_tags))}")
    if one.brought:
        out.print(f"  besides notes{beside}: {escape(', '.join(one.brought))}")
    for what in one.left_out:
        out.print(f"  [dim]left out: {escape(what)}[/dim]")


def sum_up(done: list[Outcome]) -> None:
    """One line on how many notes were added, updated, unchanged and failed."""
    notes = [one for one in done if not one.brought]
    counts = {
        name: [one for one in notes if one.status == name] for name in ("added", "updated", "unchanged", "failed")
    }
    said = [f"{len(some)} {name}" for name, some in counts.items() if some] or ["Nothing to do"]
    changed = counts["added"] + counts["updated"]
    counted = [
        count(number, one, many)
        for number, one, many in (
            (sum(one.passages for one in changed), "passage", ""),
            (sum(one.selections for one in changed), "selection is in them", "selections are in them"),
            (sum(len(one.unplaced) for one in changed), "found no place", "found no place"),
            (sum(len(one.new_tags) for one in changed), "new tag", ""),
        )
        if number
    ]
    more = f"; {', '.join(counted)}" if counted else ""
    out.print(f"{', '.join(said)}{more}.")


@contextmanager
def files_bar(*, quiet: bool) -> Iterator[Callable[[Step], None] | None]:
    """A progress bar over files with passages a second, on a terminal; nothing where a program listens."""
    if quiet or not err.is_terminal:
        yield None
        return
    columns = (SpinnerColumn(), TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(),
               TimeElapsedColumn(), TextColumn("{task.fields[rate]}"))  # fmt: skip
    with Progress(*columns, console=err, transient=True) as bar:
        task = bar.add_task("Reading", total=None, rate="")

        def step(progress: Step) -> None:
            rate = progress.passages / progress.seconds if progress.seconds else 0.0
            bar.update(
                task, completed=progress.done, total=progress.total,
                description=escape(progress.doing[-40:] or "Reading"),
                rate=f"{progress.passages} passages, {rate:.0f} a second",
            )  # fmt: skip

        yield step

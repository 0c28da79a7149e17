"""From sources to stored, embedded, tagged and searchable notes: the one way in, for command and pages alike."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator
from functools import cache
from secrets import token_hex
from typing import TYPE_CHECKING

from ingest.models import Outcome, Progress, Source
from ingest.personal.find import find_personal_data
from ingest.redacting import directory_of
from ingest.settling import Intake
from ingest.sources import Failure
from ingest.tagging import Tagger
from ingest.taking import take
from research.events import say, timing

if TYPE_CHECKING:
    from research.repository import Repository
    from research.taxonomy import Taxonomy

_FLUSH = 768  # passages that wait before they are embedded together: long batches, sorted by length, are faster


def run(
    sources: Iterable[Source | Failure],
    repo: Repository,
    intake: Intake,
    *,
    total: int | None = None,
    on_progress: Callable[[Progress], None] | None = None,
    on_wait: Callable[[str], None] | None = None,
) -> Iterator[Outcome]:
    """Put sources into the repository; yields what became of each note once it can be searched.

    A file that fails is an outcome like any other, and the rest go on. Stop at any time: what was yielded is in, and
    the next run goes on from there. Raises Busy when another process holds the repository too long.
    """
    repo.hold("research")
    began = time.monotonic()
    waiting: list[Outcome] = []
    done = passages = fresh = 0
    tagger: Tagger | None = None
    taxonomy: Taxonomy | None = None

    def report(doing: str = "", extra: int = 0) -> None:
        if on_progress:
            on_progress(Progress(done, total, passages + extra, time.monotonic() - began, doing))

    def flush() -> None:
        nonlocal tagger, taxonomy, passages, fresh
        if tagger is None or taxonomy is not repo.taxonomy:  # a project's codes may have been added to it
            taxonomy = repo.taxonomy
            tagger = Tagger(taxonomy, repo.embedder)
        passages += repo.index.sync(tagger=tagger, on_progress=lambda count: report("embedding", count))
        fresh = 0

    def wait(sentence: str) -> None:
        say("ingest waits")
        if on_wait:
            on_wait(sentence)
        warm_up(repo)  # now, and not while others wait for this

    with timing("ingest") as told, repo.index.writer("An ingest", on_wait=wait):
        told["waited"] = round(time.monotonic() - began, 4)
        secrets = (repo.key, repo.sealer())
        run_id = token_hex(4)
        directory = cache(lambda: directory_of(repo, intake))
        if repo.index.pending() or repo.index.untagged():  # an earlier run was cut off
            flush()
        for source in sources:
            if isinstance(source, Failure):
                outcomes = [Outcome(source.name, "", "failed", error=source.error)]
            else:
                report(source.name)
                outcomes = take(source, repo, intake, secrets, directory, run_id)
            done += 1
            waiting += outcomes
            for outcome in outcomes:
                told[outcome.status] = int(told.get(outcome.status, 0)) + 1
            fresh += sum(outcome.passages for outcome in outcomes if outcome.status in ("added", "updated"))
            if fresh >= _FLUSH:
                flush()
            if not fresh:
                yield from waiting
                waiting = []
            report()
        if fresh or repo.index.pending():
            flush()
        told["passages"] = passages
        report()
        yield from waiting


def warm_up(repo: Repository) -> None:
    """Load what notes are read, redacted and tagged with: seconds, in which the first ingest of a process would
    otherwise keep all others who write waiting."""
    find_personal_data("Write to me at ana@example.org or ring 020 7946 0958.")
    Tagger(repo.taxonomy, repo.embedder)

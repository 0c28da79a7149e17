"""From a file to stored, tagged and embedded passages: the one way into the repository."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from ingest import looking, pipeline
from ingest.models import Metadata, Outcome, Preview, Progress, ReadOptions, Source, TableMapping
from ingest.personal.find import find_personal_data
from ingest.personal.marks import Decision, mark
from ingest.pipeline import warm_up
from ingest.redacting import directory_of
from ingest.settling import Intake
from ingest.sources import Failure, walk
from ingest.tagging import retag

if TYPE_CHECKING:
    from research.repository import Repository

__all__ = [
    "Metadata",
    "Outcome",
    "Preview",
    "Progress",
    "ReadOptions",
    "dry_runs",
    "find_personal_data",
    "ingest_paths",
    "ingest_sources",
    "preview",
    "preview_paths",
    "retag",
    "warm_up",
]


def ingest_paths(
    paths: Iterable[str | Path],
    repo: Repository,
    *,
    team: str = "",
    study: str = "",
    metadata: Metadata | None = None,
    options: ReadOptions | None = None,
    redact: bool = True,
    only: Collection[Path] | None = None,
    total: int | None = None,
    on_progress: Callable[[Progress], None] | None = None,
    on_wait: Callable[[str], None] | None = None,
) -> Iterator[Outcome]:
    """Put files, folders and zips into the repository; yields an outcome a note once it can be searched.

    What a file says about itself (front matter, a team column) goes before `team`, `study` and `metadata`, which go
    before what its name suggests. What is personal in a note is replaced before it is stored (`ingest.redaction`),
    unless `redact` is off. With `only` no other files than these, by their real paths. Nothing is done until the
    outcomes are taken.
    """
    options = options or ReadOptions()
    return ingest_sources(
        walk([Path(path) for path in paths], options, only), repo, team=team, study=study, metadata=metadata,
        options=options, redact=redact, total=total, on_progress=on_progress, on_wait=on_wait,
    )  # fmt: skip


def ingest_sources(
    sources: Iterable[Source | Failure],
    repo: Repository,
    *,
    team: str = "",
    study: str = "",
    metadata: Metadata | None = None,
    overrides: Mapping[str, Metadata] | None = None,
    options: ReadOptions | None = None,
    redact: bool = True,
    decisions: Mapping[tuple[str, str], Decision] | None = None,
    mappings: Mapping[str, TableMapping] | None = None,
    total: int | None = None,
    on_progress: Callable[[Progress], None] | None = None,
    on_wait: Callable[[str], None] | None = None,
) -> Iterator[Outcome]:
    """The same for sources that are already in memory. By source name, `overrides` holds a person's word on a note,
    `mappings` what its columns mean, and `decisions` (by row too) what a person changed about its redaction."""
    intake = Intake(
        team, study, metadata or Metadata(), overrides or {}, options or ReadOptions(), redact, decisions or {},
        mappings or {},
    )  # fmt: skip
    return pipeline.run(sources, repo, intake, total=total, on_progress=on_progress, on_wait=on_wait)


def dry_runs(paths: Iterable[str | Path], repo: Repository) -> Iterator[tuple[str, list[tuple[str, str, int]]]]:
    """What redaction would replace in files: (name, [(words, what stands there then, times)]); nothing is stored."""
    intake = Intake()
    directory = cache(lambda: directory_of(repo, intake))
    for source in walk([Path(path) for path in paths], intake.options):
        if isinstance(source, Failure):
            continue
        counts: Counter[tuple[str, str]] = Counter()
        for _, note, spans in looking.dry_run(source, repo, intake, directory):
            counts.update((note.everything[span.start : span.end], mark(span)) for span in spans)
        yield source.name, [(said, instead, times) for (said, instead), times in counts.most_common()]


def preview_paths(
    paths: Iterable[str | Path],
    repo: Repository,
    *,
    team: str = "",
    study: str = "",
    metadata: Metadata | None = None,
    options: ReadOptions | None = None,
) -> Iterator[Preview]:
    """What ingesting files, folders and zips would come to, note by note; nothing is stored."""
    options = options or ReadOptions()
    found = walk([Path(path) for path in paths], options)
    return preview(found, repo, team=team, study=study, metadata=metadata, options=options)


def preview(
    sources: Iterable[Source | Failure],
    repo: Repository,
    *,
    team: str = "",
    study: str = "",
    metadata: Metadata | None = None,
    overrides: Mapping[str, Metadata] | None = None,
    options: ReadOptions | None = None,
) -> Iterator[Preview]:
    """What ingesting these sources would come to, note by note; nothing is stored."""
    intake = Intake(team, study, metadata or Metadata(), overrides or {}, options or ReadOptions())
    return looking.preview(sources, repo, intake)

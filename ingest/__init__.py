"""From a file to stored, tagged and embedded passages: the one way into the repository."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from ingest import pipeline
from ingest.models import Metadata, Outcome, Preview, Progress, ReadOptions, Source
from ingest.personal.find import find_personal_data
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
    "find_personal_data",
    "ingest_paths",
    "ingest_sources",
    "preview",
    "retag",
]


def ingest_paths(
    paths: Iterable[str | Path],
    repo: Repository,
    *,
    team: str = "",
    study: str = "",
    metadata: Metadata | None = None,
    options: ReadOptions | None = None,
    total: int | None = None,
    on_progress: Callable[[Progress], None] | None = None,
    on_wait: Callable[[str], None] | None = None,
) -> Iterator[Outcome]:
    """Put files, folders and zips into the repository; yields an outcome a note once it can be searched.

    What a file says about itself (front matter, a team column) goes before `team`, `study` and `metadata`, which go
    before what its name suggests. Nothing is done until the outcomes are taken.
    """
    options = options or ReadOptions()
    return ingest_sources(
        walk([Path(path) for path in paths], options), repo, team=team, study=study, metadata=metadata,
        options=options, total=total, on_progress=on_progress, on_wait=on_wait,
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
    total: int | None = None,
    on_progress: Callable[[Progress], None] | None = None,
    on_wait: Callable[[str], None] | None = None,
) -> Iterator[Outcome]:
    """The same for sources that are already in memory; `overrides` holds a person's word on a note by source name."""
    intake = pipeline.Intake(team, study, metadata or Metadata(), overrides or {}, options or ReadOptions())
    return pipeline.run(sources, repo, intake, total=total, on_progress=on_progress, on_wait=on_wait)


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
    intake = pipeline.Intake(team, study, metadata or Metadata(), overrides or {}, options or ReadOptions())
    return pipeline.preview(sources, repo, intake)

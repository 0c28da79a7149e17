"""What somebody is about to put in: the files as read, what they would come to, and what the person says about them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import PurePosixPath

import ingest
from heard.ui.jobs import Report
from ingest.models import Metadata, Outcome, Preview, Progress, ReadOptions, Source, TableMapping, Variable
from ingest.personal.marks import Decision
from ingest.sources import Failure, from_upload
from research.config import Settings
from research.errors import BadInput
from research.models import Hit
from research.repository import Repository


@dataclass(frozen=True, slots=True)
class Said:
    """What the person said for all files."""

    team: str
    study: str


@dataclass(frozen=True, slots=True)
class Recognised:
    """One source with the notes in it; `previews` has one entry for most files, one a note for spreadsheets."""

    source: Source
    previews: tuple[Preview, ...]

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns of a spreadsheet that a person has to explain first."""
        return next((preview.columns for preview in self.previews if preview.columns), ())

    @property
    def variables(self) -> tuple[Variable, ...]:
        """The variables of a project in which somebody said something."""
        return () if self.codebook else tuple(one for preview in self.previews for one in preview.variables)

    @property
    def many(self) -> bool:
        """Whether it holds several notes, or none but tags: nothing to be said of one note then."""
        return len(self.previews) > 1 or self.codebook

    @property
    def codebook(self) -> bool:
        """Whether all that it holds is what tags mean."""
        return all(preview.format == "codebook" for preview in self.previews)

    @property
    def failed(self) -> bool:
        """Whether nothing can be read from it."""
        return all(preview.status == "failed" for preview in self.previews)

    @property
    def replaces(self) -> str:
        """The title of a note that would be replaced."""
        return next((preview.replaces for preview in self.previews if preview.replaces), "")


@dataclass(frozen=True, slots=True)
class Done:
    """What an upload came to, and what other teams had heard of it before."""

    outcomes: tuple[Outcome, ...]
    echoes: tuple[tuple[Hit, Hit], ...]

    def of(self, *statuses: str) -> list[Outcome]:
        """The outcomes with one of these statuses."""
        return [outcome for outcome in self.outcomes if outcome.status in statuses]


def check_size(sizes: Sequence[int], settings: Settings) -> None:
    """Raise BadInput where files are too many, or come to too much, for one upload; they are all in memory at once."""
    if len(sizes) > settings.upload_files:
        raise BadInput(
            f"{len(sizes):,} files are more than the {settings.upload_files:,} that go into one upload. Leave some out "
            f"for a second one, or put the folder in with `heard ingest`."
        )
    if sum(sizes) > settings.upload_mb << 20:
        raise BadInput(
            f"The files come to {sum(sizes) >> 20:,} MB, more than the {settings.upload_mb:,} MB that go into one "
            f"upload. Leave some out for a second one, or put the folder in with `heard ingest`."
        )


def opened(files: Iterable[tuple[str, bytes]], settings: Settings) -> list[Source | Failure]:
    """Uploaded files with their zips unfolded; two files of one name are told apart, so that both go in. Raises
    BadInput where that comes to more than goes into one upload."""
    taken: set[str] = set()
    found: list[Source | Failure] = []
    sizes: list[int] = []
    for name, data in files:
        unique, number = name, 1
        while unique in taken:
            number += 1
            unique = numbered(name, number)
        taken.add(unique)
        for one in from_upload(unique, data, ReadOptions(max_unzipped_bytes=settings.upload_mb << 20)):
            sizes.append(len(one.data) if isinstance(one, Source) else 0)
            check_size(sizes, settings)
            found.append(one)
    return found


def numbered(name: str, number: int) -> str:
    """ "notes/P1.md" as "notes/P1 (2).md"."""
    path = PurePosixPath(name)
    return str(path.with_name(f"{path.stem} ({number}){path.suffix}"))


def beside(source: Source, repo: Repository, said: Said) -> Source:
    """The same source under a name that nothing in this study has yet, so that the note there stays."""
    for number in range(2, 100):
        other = replace(source, name=numbered(source.name, number), key=f"{source.key}#{number}")
        seen = next(ingest.preview([other], repo, team=said.team, study=said.study), None)
        if seen is None or seen.status in ("added", "failed"):
            return other
    return source


def recognise(
    sources: Iterable[Source | Failure], repo: Repository, said: Said, mappings: Mapping[str, TableMapping]
) -> Iterator[Recognised | Failure]:
    """What each source would come to, one by one; nothing is stored."""
    for source in sources:
        if isinstance(source, Failure):
            yield source
            continue
        options = ReadOptions(mapping=mappings.get(source.name))
        previews = tuple(ingest.preview([source], repo, team=said.team, study=said.study, options=options))
        yield Recognised(source, previews or (Preview(source.name, "", "failed", error=_nothing_in(source)),))


def put_in(
    sources: Sequence[Source],
    repo: Repository,
    said: Said,
    overrides: Mapping[str, Metadata],
    mappings: Mapping[str, TableMapping],
    decisions: Mapping[tuple[str, str], Decision],
    tell: Callable[[Report], None],
) -> Done:
    """Store everything, each file with the columns or variables chosen for it; then ask who heard the same."""

    def progress(now: Progress) -> None:
        tell(Report(now.done, len(sources), "files", f"{now.passages:,} passages" if now.passages else ""))

    outcomes = tuple(
        ingest.ingest_sources(
            sources, repo, team=said.team, study=said.study, overrides=overrides, decisions=decisions,
            mappings=mappings, total=len(sources), on_progress=progress,
        )
    )  # fmt: skip
    fresh = [one.note_id for one in outcomes if one.note_id and one.status in ("added", "updated")]
    return Done(outcomes, tuple(repo.echoes(fresh)) if fresh else ())


def _nothing_in(source: Source) -> str:
    return f"{source.name} holds nothing that a customer said."

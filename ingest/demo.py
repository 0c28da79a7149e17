"""The sample interviews, put into a repository as if the last one had been held yesterday."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml

from ingest.models import Metadata, Outcome, Progress, ReadOptions, Source, Voice
from ingest.pipeline import Intake, run
from ingest.sources import Failure, walk
from research.errors import BadInput

if TYPE_CHECKING:
    from research.repository import Repository


def samples_folder() -> Path:
    """Where the sample interviews lie: beside the packages, in a clone. Raises BadInput elsewhere."""
    folder = Path(__file__).resolve().parent.parent / "samples"
    if not (folder / "samples.yaml").exists():
        raise BadInput(
            "The sample interviews are not installed with the package. Clone the repository to see the demo."
        )
    return folder


def load_demo(
    repo: Repository, today: date, *, on_progress: Callable[[Progress], None] | None = None
) -> Iterator[Outcome]:
    """Put the sample interviews in, their dates moved so that the last is the day before `today`."""
    folder = samples_folder()
    about = yaml.safe_load((folder / "samples.yaml").read_text(encoding="utf-8"))
    repo.set_nobodys_names(about["nobody"])
    studies = {
        (team["slug"], study["slug"]): (team["title"], study) for team in about["teams"] for study in team["studies"]
    }
    files = {key: [entry for entry in about["files"] if (entry["team"], entry["study"]) == key] for key in studies}
    shift = today - timedelta(days=1) - max(entry["date"] for entry in about["files"])
    done = 0
    for key, (team, study) in studies.items():
        told = [_source(folder, entry, shift) for entry in files[key]]
        overrides = {source.name: metadata for source, metadata in told if isinstance(source, Source)}
        intake = Intake(team=team, study=study["title"], overrides=overrides)
        sources = [source for source, _ in told]
        progress = _after(on_progress, done, len(about["files"]))
        yield from run(sources, repo, intake, on_progress=progress)
        done += len(sources)
        repo.describe_study(
            team, study["title"], owner=study["owner"], method=study["method"],
            questions="\n".join(study["questions"]),
        )  # fmt: skip


def _source(folder: Path, entry: dict[str, Any], shift: timedelta) -> tuple[Source | Failure, Metadata]:
    """A sample file with its dates moved, and what samples.yaml says of it."""
    (source,) = walk([folder / entry["path"]], ReadOptions())
    people = entry.get("participants", [])
    only = people[0] if len(people) == 1 else {}
    metadata = Metadata(
        title=entry.get("title", ""),
        date=entry["date"] + shift,
        participant=only.get("name", ""),
        segment=only.get("segment", ""),
        account=only.get("account", ""),
        interviewers=tuple(entry.get("interviewers", ())),
        voices=tuple(
            Voice(str(person.get("label", person["name"])), person["name"], person["segment"], person["account"])
            for person in people
        ),
    )
    if isinstance(source, Source) and source.name.endswith(
        ".csv"
    ):  # its rows have dates, people and titles of their own
        return replace(source, data=_shift_rows(source.data, shift)), Metadata(interviewers=metadata.interviewers)
    return source, metadata


def _shift_rows(data: bytes, shift: timedelta) -> bytes:
    """A spreadsheet whose date column is moved."""
    rows = list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"))))
    out = io.StringIO()
    writer = csv.DictWriter(out, fieldnames=list(rows[0]))
    writer.writeheader()
    writer.writerows({**row, "date": (date.fromisoformat(row["date"]) + shift).isoformat()} for row in rows)
    return out.getvalue().encode()


def _after(on_progress: Callable[[Progress], None] | None, done: int, total: int) -> Callable[[Progress], None] | None:
    """Progress of one study told as progress of the whole demo."""
    if on_progress is None:
        return None
    return lambda progress: on_progress(replace(progress, done=done + progress.done, total=total))

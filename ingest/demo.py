"""The sample interviews, put into a repository as if the last one had been held yesterday."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml

from ingest.models import Metadata, Outcome, Progress, ReadOptions, Source, Voice
from ingest.pipeline import run
from ingest.roster import read_roster
from ingest.settling import Intake
from ingest.sources import Failure, walk
from research.errors import BadInput
from research.insight import SIGNS, Request
from research.roster import ROSTER, take_in

if TYPE_CHECKING:
    from research.models import Hit
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
    """Put the sample interviews and the sample roster in, dates moved so that the last interview was yesterday. Raises
    BadInput where there are studies that are none of the samples': nobody wants these among what customers said."""
    folder = samples_folder()
    about = yaml.safe_load((folder / "samples.yaml").read_text(encoding="utf-8"))
    samples = {(team["title"], study["title"]) for team in about["teams"] for study in team["studies"]}
    if own := [study.title for study in repo.studies() if (study.team, study.title) not in samples]:
        raise BadInput(f"This repository has notes of your own (“{own[0]}”). Give the demo another folder with --home.")
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
        if not study.get("asked", True):
            repo.keep_study(team, study["title"], asked=False)
    _roster(repo, folder, about["roster"], shift)
    _insights(repo, yaml.safe_load((folder / "insights.yaml").read_text(encoding="utf-8")), today)


def passage_with(repo: Repository, words: str) -> Hit:
    """The passage in which these words stand, whatever space is between them."""
    phrase = words.replace('"', " ")
    found = repo.search(f'"{phrase}"', limit=50, per_person=None)
    return next(hit for hit in found if words in " ".join(hit.text.split()))


def _insights(repo: Repository, told: list[dict[str, Any]], today: date) -> None:
    """Write the sample insights down that are not there yet, with evidence by the words that stand in it."""
    known = {one.statement for one in repo.insights.all()}
    for one in told:
        if one["statement"] in known:
            continue
        code = repo.insights.add(
            one["statement"], kind=one["kind"], team=one["team"], owner=one["owner"], contrary=one["contrary"],
            review=today + timedelta(days=one["review"]),
            request=Request(**one["request"]) if "request" in one else None,
        )  # fmt: skip
        for sign in SIGNS:
            for words in one.get(sign, ()):
                repo.insights.link(code, passage_with(repo, words).id, sign)
        if "decided" in one:
            repo.insights.decide(code, one["decided"], one["why"])
        if outcome := one.get("outcome"):
            by = today + timedelta(days=outcome["by"])
            repo.insights.outcome(code, outcome["metric"], before=outcome["before"], target=outcome["target"], by=by)
            if "happened" in outcome:
                repo.insights.happened(code, outcome["happened"])
        repo.insights.kata(code, **one.get("kata", {}))


def _roster(repo: Repository, folder: Path, about: dict[str, Any], shift: timedelta) -> None:
    """Take the sample roster in, and what is told of the people on it; once more only when the dates have moved."""
    path = folder / about["path"]
    moved = _shift_rows(path.read_bytes(), shift, ("Consent given", "Consent expires", "Last contacted"))
    rows = read_roster(Source(path.name, path.name, moved)).rows
    before = take_in(repo, rows, dry_run=True)
    if len(before.of("unchanged")) == len(rows):
        return
    purposes = {told["purpose"] for told in about["contacts"]}
    for one in before.of("updated") + before.of("unchanged"):
        for contact in repo.people.contacts(one.participant):
            if contact.by == ROSTER or contact.purpose in purposes:  # of an earlier day's demo
                repo.people.unplan(contact.number)
    done = take_in(repo, rows)
    by_crm = {row.identity.crm: one.participant for row, one in zip(rows, done.rows, strict=True)}
    for crm in about["one_person"]:
        by_crm[crm] = _made_one(repo, by_crm[crm])
    for told in about["contacts"]:
        repo.people.plan(
            by_crm[told["crm"]], told["day"] + shift, team=told["team"], purpose=told["purpose"],
            reason=told.get("reason", ""),
        )  # fmt: skip


def _made_one(repo: Repository, pseudonym: str) -> str:
    """Make somebody one with all whom other teams heard under their name; returns the pseudonym that stays."""
    while True:
        pairs = [(pair.one.pseudonym, pair.other.pseudonym) for pair in repo.people.suggestions() if pair.alike]
        found = next((pair for pair in pairs if pseudonym in pair), None)
        if found is None:
            return pseudonym
        repo.people.merge(*found)
        pseudonym = found[0]


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


def _shift_rows(data: bytes, shift: timedelta, columns: Sequence[str] = ("date",)) -> bytes:
    """A spreadsheet whose dates are moved."""
    rows = list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"))))
    out = io.StringIO()
    writer = csv.DictWriter(out, fieldnames=list(rows[0]))
    writer.writeheader()
    for row in rows:
        moved = {name: (date.fromisoformat(row[name]) + shift).isoformat() for name in columns if row[name]}
        writer.writerow({**row, **moved})
    return out.getvalue().encode()


def _after(on_progress: Callable[[Progress], None] | None, done: int, total: int) -> Callable[[Progress], None] | None:
    """Progress of one study told as progress of the whole demo."""
    if on_progress is None:
        return None
    return lambda progress: on_progress(replace(progress, done=done + progress.done, total=total))

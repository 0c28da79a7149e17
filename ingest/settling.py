"""What is settled of a source before anything is done with its words: what counts, who asks, and who answers."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass, field, fields, replace
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from ingest.coded.own import coming
from ingest.models import Block, Document, Metadata, ReadOptions, Source, TableMapping
from ingest.people import Somebody, people, with_roles
from ingest.personal.marks import Decision
from ingest.readers.clean import a_name
from ingest.readers.speakers import is_numbered
from research.identity import Sealer
from research.keys import label_hash
from research.store.erasure import forgotten

if TYPE_CHECKING:
    from research.repository import Repository

# Raised whenever readers or the segmenter come to other results, so that unchanged files are looked at again.
_VERSION = 5
# What a note's page shows with its origin.
_WITH_ORIGIN = ("title", "date", "participant", "segment", "account", "role", "team", "study")
_UNSORTED = "Unsorted notes"


@dataclass(frozen=True, slots=True)
class Intake:
    """What a person said about all the files of a run. `overrides` are their words on single notes, by source name.

    With `redact` what is personal is replaced before anything is stored; `decisions` are a person's, by source name and
    row. `mappings` say of single sources, by name, what `options.mapping` says of all.
    """

    team: str = ""
    study: str = ""
    metadata: Metadata = field(default_factory=Metadata)
    overrides: Mapping[str, Metadata] = field(default_factory=dict)
    options: ReadOptions = field(default_factory=ReadOptions)
    redact: bool = True
    decisions: Mapping[tuple[str, str], Decision] = field(default_factory=dict)
    mappings: Mapping[str, TableMapping] = field(default_factory=dict)

    def options_for(self, source: Source) -> ReadOptions:
        """How a source is read."""
        chosen = self.mappings.get(source.name)
        return replace(self.options, mapping=chosen) if chosen else self.options


@dataclass(frozen=True, slots=True)
class Prepared:
    """A document of which it is settled what counts, who asks, and who answers."""

    document: Document
    metadata: Metadata
    origins: Mapping[str, str]
    blocks: tuple[Block, ...]
    who: Mapping[str, Somebody]


def prepare(
    documents: Sequence[Document],
    source: Source,
    source_key: str,
    repo: Repository,
    secrets: tuple[bytes, Sealer],
    intake: Intake,
) -> list[Prepared]:
    """The documents of a source with everything settled, without what was said by people who were forgotten."""
    found = []
    with repo.engine.connect() as connection:
        come = coming(connection, documents, secrets[0])
    for document in documents:
        metadata, origins = settle(document, source, intake)
        blocks = blocks_of(document, metadata, intake)
        note = f"{source_key}{document.row}"
        who = people(blocks, metadata, *secrets, team=metadata.team, study=metadata.study, note=note, cases=come.people)
        if document.kept:  # who is known and was not heard
            who = {one.label: Somebody(come.people[one.case], ()) for one in metadata.voices if one.case in come.people}
        found.append(Prepared(document, metadata, origins, blocks, who))
    with repo.engine.connect() as connection:
        gone = forgotten(connection, [one.person.label_hash for each in found for one in each.who.values()])
        gone |= come.forgotten
    return [_without(one, gone) for one in found] if gone else found


def blocks_of(document: Document, metadata: Metadata, intake: Intake) -> tuple[Block, ...]:
    """A document's blocks with everybody's role, where a file or a person names those who ask."""
    named = (*metadata.interviewers, *intake.options.interviewers)
    return with_roles(document.blocks, named, only=metadata.only_interviewers)


def settle(document: Document, source: Source, intake: Intake) -> tuple[Metadata, dict[str, str]]:
    """What counts when several say something: a person's word on this note, the file's own words, a person's word on
    all files, the file's name, and at last the folder. Returns it with where each value comes from."""
    said, origins = document.metadata, dict(document.origins)
    own = intake.overrides.get(source.name, Metadata())
    general = replace(intake.metadata, team=intake.team, study=intake.study)
    settled: dict[str, Any] = {}
    for name in (f.name for f in fields(Metadata)):
        weak = origins.get(name) == "file name"
        order = (
            (getattr(own, name), "a person, at the upload"),
            ("" if weak else getattr(said, name), origins.get(name, document.format)),
            (getattr(general, name), "a person, for all files"),
            (getattr(said, name), "file name"),
        )
        value, origin = next(((value, origin) for value, origin in order if value), (getattr(said, name), ""))
        settled[name] = a_name(value) if isinstance(value, str) else value
        if value and name in _WITH_ORIGIN:
            origins[name] = origin
    if not settled["study"]:
        # The folder just below the one that was given ("interviews/onboarding/p1.md"), or that one itself.
        *folders, _ = source.name.split("/")
        folder = folders[min(1, len(folders) - 1)].removesuffix(".zip") if folders else ""
        settled["study"] = a_name(folder) or _UNSORTED
        origins["study"] = "folder" if folder else "nobody said"
    if own.title and document.row and is_numbered(said.participant):  # one column of a matrix: P1, P2, ...
        settled["title"] = f"{own.title}: {said.participant}"
    if not settled["title"]:
        settled["title"] = a_name(source.name.rpartition("/")[2].rpartition(".")[0] or source.name)
        origins["title"] = "file name"
    return Metadata(**settled), origins


def identity(source: Source, repo: Repository, intake: Intake) -> tuple[str, str]:
    """The key under which a source is known again, and a fingerprint of everything that decides what comes of it."""
    own, mapping = intake.overrides.get(source.name), intake.options_for(source).mapping
    said = [
        _VERSION, intake.team, intake.study, asdict(intake.metadata), asdict(own) if own else None,
        intake.options.interviewers, asdict(mapping) if mapping else None,
        repo.embedder.name, intake.redact,
        [(row, asdict(made)) for (name, row), made in intake.decisions.items() if name == source.name],
    ]  # fmt: skip
    where = f"{source.key}\x1f{a_name(intake.team).casefold()}\x1f{a_name(intake.study).casefold()}"
    digest = sha256(source.data)
    digest.update(json.dumps(said, default=str, sort_keys=True).encode())
    return sha256(where.encode()).hexdigest(), digest.hexdigest()


def row_of(document: Document, key: bytes) -> str:
    """What tells a document from the others of its source, with no word of it."""
    return label_hash(key, "row", document.row)[:24] if document.row else ""


def _without(one: Prepared, gone: Collection[str]) -> Prepared:
    """A document without the words of some people, by label hash."""
    who = {label: somebody for label, somebody in one.who.items() if somebody.person.label_hash not in gone}
    return replace(one, blocks=tuple(b for b in one.blocks if b.role == "interviewer" or b.speaker in who), who=who)

"""From sources to stored, embedded, tagged and searchable notes: the one way in, for command and pages alike."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field, fields, replace
from functools import cache
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from ingest.models import Block, Document, Metadata, Outcome, Preview, Progress, ReadOptions, Source
from ingest.people import Somebody, is_name, people, with_roles
from ingest.personal.directory import Directory, Listed
from ingest.personal.known import KnownPerson
from ingest.personal.marks import Decision
from ingest.personal.models import Span
from ingest.readers import read as read_source
from ingest.readers.speakers import is_numbered
from ingest.readers.table import NeedsMapping
from ingest.redaction import Plain, Redaction, proposed, redacted, without_names
from ingest.segment import compose, segment
from ingest.sources import Failure
from ingest.tagging import Tagger
from research.errors import BadInput
from research.identity import Sealer
from research.keys import label_hash
from research.store import library, save
from research.store.erasure import forgotten
from research.store.new import NewNote, NewPassage, NewSource, NewTurn
from research.store.participants import pseudonyms

if TYPE_CHECKING:
    from research.models import Role
    from research.repository import Repository

# Raised whenever readers or the segmenter come to other results, so that unchanged files are looked at again.
_VERSION = 4
_FLUSH = 768  # passages that wait before they are embedded together: long batches, sorted by length, are faster
# What a note's page shows with its origin.
_WITH_ORIGIN = ("title", "date", "participant", "segment", "account", "role", "team", "study")
_UNSORTED = "Unsorted notes"
_NOBODY_YET = "P-0000"  # stands in a dry run for whoever has no pseudonym yet


@dataclass(frozen=True, slots=True)
class Intake:
    """What a person said about all the files of a run. `overrides` are their words on single notes, by source name.

    With `redact` what is personal is replaced before anything is stored; `decisions` are a person's, by source name and
    row.
    """

    team: str = ""
    study: str = ""
    metadata: Metadata = field(default_factory=Metadata)
    overrides: Mapping[str, Metadata] = field(default_factory=dict)
    options: ReadOptions = field(default_factory=ReadOptions)
    redact: bool = True
    decisions: Mapping[tuple[str, str], Decision] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Prepared:
    """A document of which it is settled what counts, who asks, and who answers."""

    document: Document
    metadata: Metadata
    origins: Mapping[str, str]
    blocks: tuple[Block, ...]
    who: Mapping[str, Somebody]


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
    began = time.monotonic()
    waiting: list[Outcome] = []
    done = passages = fresh = 0
    tagger: Tagger | None = None

    def report(doing: str = "", extra: int = 0) -> None:
        if on_progress:
            on_progress(Progress(done, total, passages + extra, time.monotonic() - began, doing))

    def flush() -> None:
        nonlocal tagger, passages, fresh
        tagger = tagger or Tagger(repo.taxonomy, repo.embedder)
        passages += repo.index.sync(tagger=tagger, on_progress=lambda count: report("embedding", count))
        fresh = 0

    with repo.index.writer("An ingest", on_wait=on_wait):
        secrets = (repo.key, repo.sealer())
        directory = cache(lambda: _directory(repo, intake))
        if repo.index.pending():  # an earlier run was cut off
            flush()
        for source in sources:
            if isinstance(source, Failure):
                outcomes = [Outcome(source.name, "", "failed", error=source.error)]
            else:
                report(source.name)
                outcomes = _take(source, repo, intake, secrets, directory)
            done += 1
            waiting += outcomes
            fresh += sum(outcome.passages for outcome in outcomes if outcome.status in ("added", "updated"))
            if fresh >= _FLUSH:
                flush()
            if not fresh:
                yield from waiting
                waiting = []
            report()
        if fresh or repo.index.pending():
            flush()
        report()
        yield from waiting


def preview(sources: Iterable[Source | Failure], repo: Repository, intake: Intake) -> Iterator[Preview]:
    """What ingesting sources would come to, note by note; nothing is stored and nothing embedded."""
    for source in sources:
        if isinstance(source, Failure):
            yield Preview(source.name, "", "failed", error=source.error)
            continue
        key, fingerprint = _identity(source, repo, intake)
        with repo.engine.connect() as connection:
            known, same = save.known_sources(connection, key, fingerprint)
            there = save.notes_of_source(connection, key if known else same[0]) if known or same else []
        try:
            documents = read_source(source, intake.options)
        except NeedsMapping as error:
            yield Preview(source.name, "", "failed", error=str(error), columns=error.columns)
            continue
        except BadInput as error:
            yield Preview(source.name, "", "failed", error=str(error))
            continue
        for document in documents:
            yield _preview_one(document, source, repo, intake, bool(same), [title for _, title, _ in there])


def _preview_one(
    document: Document, source: Source, repo: Repository, intake: Intake, same: bool, there: list[str]
) -> Preview:
    metadata, _ = _settle(document, source, intake)
    blocks = _with_roles(document, metadata, intake)
    spoken: dict[tuple[str, Role], int] = {}
    for block in blocks:
        voice = (block.speaker, block.role or "participant")
        spoken[voice] = spoken.get(voice, 0) + len(block.text.split())
    text, _ = compose(blocks)
    spans = segment(blocks, _rough_tokens, 240)
    return Preview(
        path=source.name,
        title=metadata.title,
        status="unchanged" if same else "updated" if there else "added",
        format=document.format,
        date=metadata.date,
        speakers=tuple((label, role, words) for (label, role), words in spoken.items()),
        words=len(text.split()),
        passages=len(spans),
        opening=text[spans[0].start : spans[0].end] if spans else "",
        replaces=there[0] if there and not same else "",
        left_out=document.left_out,
    )


def _rough_tokens(texts: Any) -> list[int]:
    """Tokens without loading the model: a preview has to be quick and need not be exact."""
    return [len(text) // 4 + 1 for text in texts]


def _take(
    source: Source,
    repo: Repository,
    intake: Intake,
    secrets: tuple[bytes, Sealer],
    directory: Callable[[], Directory],
) -> list[Outcome]:
    """Read one source and store its notes; their passages wait to be embedded."""
    source_key, fingerprint = _identity(source, repo, intake)
    with repo.engine.connect() as connection:
        _, same = save.known_sources(connection, source_key, fingerprint)
        if same:
            there = save.notes_of_source(connection, source_key if source_key in same else same[0])
    if same:
        if source_key not in same:
            save.rekey_source(repo.engine, fingerprint, source_key, source.name)
        return [Outcome(source.name, title, "unchanged", id_, count) for id_, title, count in there]
    try:
        documents = read_source(source, intake.options)
    except BadInput as error:
        return [Outcome(source.name, "", "failed", error=str(error))]
    prepared = _prepare(documents, source, source_key, repo, secrets, intake)
    unclear = next((one for one in prepared if not one.metadata.team), None)
    if unclear is not None:
        sentence = f"{source.name} does not say which team heard it. Say so with --team, or team: in the file."
        return [Outcome(source.name, unclear.metadata.title, "failed", error=sentence)]
    reserved = save.reserve(repo.engine, [one.person for each in prepared for one in each.who.values()])
    texts = _redacted(prepared, source, reserved, repo, intake, directory())
    notes: dict[tuple[str, str], list[NewNote]] = {}
    written: dict[tuple[str, str], tuple[str, str]] = {}  # "growth" in a later row is the "Growth" of an earlier one
    for one, text in zip(prepared, texts, strict=True):
        names = (one.metadata.team, one.metadata.study)
        names = written.setdefault((names[0].lower(), names[1].lower()), names)
        notes.setdefault(names, []).append(_note(one, text, repo, secrets[0]))
    if not any(note.passages for of_study in notes.values() for note in of_study):
        save.drop_unheard(repo.engine, reserved.values())
        sentence = (
            f"{source.name} holds nothing that a customer said. If it is a transcript, name who asks and who answers."
        )
        return [Outcome(source.name, "", "failed", error=sentence)]
    name = source.name
    for one, text in zip(prepared, texts, strict=True) if intake.redact else ():
        name = without_names(name, _plain(one, reserved, directory()), text.named, directory())
    kept = NewSource(source_key, name, fingerprint)
    saved = save.save_source(repo.engine, kept, notes, repo.now())
    return [Outcome(source.name, one.title, one.status, one.note_id, one.passages) for one in saved]


def _prepare(
    documents: Sequence[Document],
    source: Source,
    source_key: str,
    repo: Repository,
    secrets: tuple[bytes, Sealer],
    intake: Intake,
) -> list[_Prepared]:
    """The documents of a source with everything settled, without what was said by people who were forgotten."""
    found = []
    for document in documents:
        metadata, origins = _settle(document, source, intake)
        blocks = _with_roles(document, metadata, intake)
        note = f"{source_key}{document.row}"
        who = people(blocks, metadata, *secrets, team=metadata.team, study=metadata.study, note=note)
        found.append(_Prepared(document, metadata, origins, blocks, who))
    with repo.engine.connect() as connection:
        gone = forgotten(connection, [one.person.label_hash for each in found for one in each.who.values()])
    return [_without(one, gone) for one in found] if gone else found


def _without(one: _Prepared, gone: Collection[str]) -> _Prepared:
    """A document without the words of some people, by label hash."""
    who = {label: somebody for label, somebody in one.who.items() if somebody.person.label_hash not in gone}
    return replace(one, blocks=tuple(b for b in one.blocks if b.role == "interviewer" or b.speaker in who), who=who)


def _known(one: _Prepared, known: Mapping[str, str]) -> list[KnownPerson]:
    """Who is known by name in a note: whoever was heard, and who asked."""
    heard = {known.get(somebody.person.label_hash, _NOBODY_YET): somebody.names for somebody in one.who.values()}
    asked = {block.speaker for block in one.blocks if block.role == "interviewer" and is_name(block.speaker)}
    named = tuple(dict.fromkeys((*one.metadata.interviewers, *sorted(asked))))
    return [KnownPerson(who, names) for who, names in (*heard.items(), (library.INTERVIEWER, named)) if names]


def _nobody(prepared: Sequence[_Prepared], repo: Repository) -> set[str]:
    """What looks like a name and is none: words that the team has said so of, and accounts."""
    accounts = {one.metadata.account for one in prepared} | {v.account for one in prepared for v in one.metadata.voices}
    with repo.engine.connect() as connection:
        known = library.accounts(connection)
    return {*repo.nobodys_names, *known, *accounts} - {""}


def _directory(repo: Repository, intake: Intake) -> Directory:
    """Everybody whose name the repository knows as a run begins."""
    return Directory(Listed(*one) for one in repo.people.names()) if intake.redact else Directory()


def _plain(one: _Prepared, known: Mapping[str, str], directory: Directory) -> Plain:
    heard = [
        (somebody.person.account, directory.person(known.get(somebody.person.label_hash, _NOBODY_YET)))
        for somebody in one.who.values()
    ]
    accounts = [one.metadata.account, *(account for account, _ in heard), *(who.account for _, who in heard if who)]
    also = [KnownPerson(who.who, (who.name,)) for _, who in heard if who]
    return Plain(
        one.blocks, one.metadata.title, (*_known(one, known), *also), tuple(dict.fromkeys(filter(None, accounts)))
    )


def _redacted(
    prepared: Sequence[_Prepared],
    source: Source,
    known: Mapping[str, str],
    repo: Repository,
    intake: Intake,
    directory: Directory,
) -> list[Redaction]:
    if not intake.redact:
        return [Redaction(one.blocks, one.metadata.title, ()) for one in prepared]
    plain = [_plain(one, known, directory) for one in prepared]
    return [
        redacted(note, spans, intake.decisions.get((source.name, one.document.row), Decision()))
        for one, note, spans in zip(prepared, plain, proposed(plain, _nobody(prepared, repo), directory), strict=True)
    ]


def dry_run(source: Source, repo: Repository, intake: Intake) -> Iterator[tuple[str, Plain, tuple[Span, ...]]]:
    """What redaction would replace in each note of a source, as (row, note, spans); nothing is stored.

    Raises BadInput when the source cannot be read.
    """
    source_key, _ = _identity(source, repo, intake)
    documents = read_source(source, intake.options)
    secrets = (repo.key, repo.sealer())
    prepared = _prepare(documents, source, source_key, repo, secrets, intake)
    with repo.engine.connect() as connection:
        known = pseudonyms(connection, [one.person.label_hash for each in prepared for one in each.who.values()])
    directory = _directory(repo, intake)
    plain = [_plain(one, known, directory) for one in prepared]
    spans = proposed(plain, _nobody(prepared, repo), directory)
    yield from zip((one.document.row for one in prepared), plain, spans, strict=True)


def _note(one: _Prepared, redaction: Redaction, repo: Repository, key: bytes) -> NewNote:
    document, metadata, origins, blocks = one.document, one.metadata, one.origins, redaction.blocks
    text, offsets = compose(blocks)
    spans = segment(blocks, repo.embedder.count_tokens, repo.embedder.max_tokens)

    def person(label: str) -> str:
        return one.who[label].person.label_hash

    turns = tuple(
        NewTurn(
            start, end, None if block.role == "interviewer" else person(block.speaker), block.heading, block.start_s,
            block.end_s,
        )
        for block, (start, end) in zip(blocks, offsets, strict=True)
    )  # fmt: skip
    passages = tuple(
        NewPassage(
            span.start, span.end, text[span.start : span.end], span.context, person(blocks[span.block].speaker),
            span.start_s, span.end_s,
        )
        for span in spans
    )  # fmt: skip
    # One row of a spreadsheet is one quote, and its tags are about it; a whole interview's are about no one passage.
    tags = metadata.tags if document.row else ()
    if metadata.tags and not document.row:
        origins = {**origins, "keywords": ", ".join(metadata.tags)}
    return NewNote(
        row=label_hash(key, "row", document.row)[:24] if document.row else "",
        title=redaction.title, date=metadata.date, format=document.format, text=text, origins=origins,
        people=tuple(somebody.person for somebody in one.who.values()), turns=turns, passages=passages, tags=tags,
        redactions=tuple((mark.start, mark.end, mark.kind, mark.score) for mark in redaction.marks),
    )  # fmt: skip


def _with_roles(document: Document, metadata: Metadata, intake: Intake) -> tuple[Block, ...]:
    named = (*metadata.interviewers, *intake.options.interviewers)
    return with_roles(document.blocks, named, only=metadata.only_interviewers)


def _settle(document: Document, source: Source, intake: Intake) -> tuple[Metadata, dict[str, str]]:
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
        settled[name] = value
        if value and name in _WITH_ORIGIN:
            origins[name] = origin
    if not settled["study"]:
        # The folder just below the one that was given ("interviews/onboarding/p1.md"), or that one itself.
        *folders, _ = source.name.split("/")
        folder = folders[min(1, len(folders) - 1)].removesuffix(".zip") if folders else ""
        settled["study"] = folder or _UNSORTED
        origins["study"] = "folder" if folder else "nobody said"
    if own.title and document.row and is_numbered(said.participant):  # one column of a matrix: P1, P2, ...
        settled["title"] = f"{own.title}: {said.participant}"
    if not settled["title"]:
        settled["title"] = source.name.rpartition("/")[2].rpartition(".")[0] or source.name
        origins["title"] = "file name"
    return Metadata(**settled), origins


def _identity(source: Source, repo: Repository, intake: Intake) -> tuple[str, str]:
    """The key under which a source is known again, and a fingerprint of everything that decides what comes of it."""
    own = intake.overrides.get(source.name)
    said = [
        _VERSION, intake.team, intake.study, asdict(intake.metadata), asdict(own) if own else None,
        intake.options.interviewers, asdict(intake.options.mapping) if intake.options.mapping else None,
        repo.embedder.name, intake.redact,
        [(row, asdict(made)) for (name, row), made in intake.decisions.items() if name == source.name],
    ]  # fmt: skip
    where = f"{source.key}\x1f{intake.team.casefold()}\x1f{intake.study.casefold()}"
    digest = sha256(source.data)
    digest.update(json.dumps(said, default=str, sort_keys=True).encode())
    return sha256(where.encode()).hexdigest(), digest.hexdigest()

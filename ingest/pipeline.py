"""From sources to stored, embedded, tagged and searchable notes: the one way in, for command and pages alike."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator
from functools import cache
from typing import TYPE_CHECKING, Any

from ingest.models import Document, Outcome, Preview, Progress, Source
from ingest.personal.directory import Directory
from ingest.personal.find import find_personal_data
from ingest.personal.models import Span
from ingest.readers import read as read_source
from ingest.readers.table import NeedsMapping
from ingest.redacting import directory_of, found, redactions
from ingest.redaction import Plain, Redaction
from ingest.segment import compose, segment
from ingest.settling import Intake, Prepared, blocks_of, identity, prepare, settle
from ingest.sources import Failure
from ingest.tagging import Tagger
from research.errors import BadInput, Refused
from research.events import say, timing
from research.identity import Sealer
from research.keys import label_hash
from research.store import save
from research.store.new import NewNote, NewPassage, NewSource, NewTurn
from research.store.participants import pseudonyms

if TYPE_CHECKING:
    from research.models import Role
    from research.repository import Repository

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

    def report(doing: str = "", extra: int = 0) -> None:
        if on_progress:
            on_progress(Progress(done, total, passages + extra, time.monotonic() - began, doing))

    def flush() -> None:
        nonlocal tagger, passages, fresh
        tagger = tagger or Tagger(repo.taxonomy, repo.embedder)
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
        directory = cache(lambda: directory_of(repo, intake))
        if repo.index.pending() or repo.index.untagged():  # an earlier run was cut off
            flush()
        for source in sources:
            if isinstance(source, Failure):
                outcomes = [Outcome(source.name, "", "failed", error=source.error)]
            else:
                report(source.name)
                outcomes = _take(source, repo, intake, secrets, directory)
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


def preview(sources: Iterable[Source | Failure], repo: Repository, intake: Intake) -> Iterator[Preview]:
    """What ingesting sources would come to, note by note; nothing is stored and nothing embedded."""
    for source in sources:
        if isinstance(source, Failure):
            yield Preview(source.name, "", "failed", error=source.error)
            continue
        key, fingerprint = identity(source, repo, intake)
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
    metadata, _ = settle(document, source, intake)
    blocks = blocks_of(document, metadata, intake)
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
    source_key, fingerprint = identity(source, repo, intake)
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
    prepared = prepare(documents, source, source_key, repo, secrets, intake)
    unclear = next((one for one in prepared if not one.metadata.team), None)
    if unclear is not None:
        sentence = f"{source.name} does not say which team heard it. Say so with --team, or team: in the file."
        return [Outcome(source.name, unclear.metadata.title, "failed", error=sentence)]
    try:
        for team in {one.metadata.team for one in prepared}:
            repo.hold_team(team)
    except Refused as error:
        return [Outcome(source.name, "", "failed", error=f"{source.name}: {error}")]
    reserved = save.reserve(repo.engine, [one.person for each in prepared for one in each.who.values()])
    texts, name = redactions(prepared, source, reserved, repo, intake, directory())
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
    saved = save.save_source(repo.engine, NewSource(source_key, name, fingerprint), notes, repo.now())
    return [Outcome(source.name, one.title, one.status, one.note_id, one.passages) for one in saved]


def dry_run(
    source: Source, repo: Repository, intake: Intake, directory: Callable[[], Directory] | None = None
) -> Iterator[tuple[str, Plain, tuple[Span, ...]]]:
    """What redaction would replace in each note of a source, as (row, note, spans); nothing is stored.

    `directory` gives everybody who is known, for many sources that are looked through one after the other. Raises
    BadInput when the source cannot be read.
    """
    source_key, _ = identity(source, repo, intake)
    documents = read_source(source, intake.options)
    secrets = (repo.key, repo.sealer())
    prepared = prepare(documents, source, source_key, repo, secrets, intake)
    with repo.engine.connect() as connection:
        known = pseudonyms(connection, [one.person.label_hash for each in prepared for one in each.who.values()])
    everybody = directory() if directory else directory_of(repo, intake)
    looked_through = found(prepared, known, repo, everybody)
    for one, (note, spans) in zip(prepared, looked_through, strict=True):
        yield one.document.row, note, spans


def _note(one: Prepared, redaction: Redaction, repo: Repository, key: bytes) -> NewNote:
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

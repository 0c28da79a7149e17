"""Looking before anything is stored: what sources would come to, and what redaction would replace in them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING, Any

from ingest.coded import kept
from ingest.coded.attach import Notes, attached
from ingest.coded.codes import learned
from ingest.coded.placing import placed
from ingest.models import Document, Metadata, OutcomeStatus, Preview, Source
from ingest.personal.directory import Directory
from ingest.personal.models import Span
from ingest.readers import read as read_source
from ingest.readers.table import NeedsMapping
from ingest.redacting import directory_of, found
from ingest.redaction import Plain
from ingest.segment import as_selected, compose, segment
from ingest.settling import Intake, blocks_of, identity, prepare, row_of, settle
from ingest.sources import Failure
from research.errors import BadInput
from research.store import save
from research.store.participants import pseudonyms

if TYPE_CHECKING:
    from research.models import Role
    from research.repository import Repository


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
            documents = read_source(source, intake.options_for(source))
        except NeedsMapping as error:
            yield Preview(source.name, "", "failed", error=str(error), columns=error.columns)
            continue
        except BadInput as error:
            yield Preview(source.name, "", "failed", error=str(error))
            continue
        titles = {row: title for _, title, _, row in there}
        notes = Notes(repo, without=[id_ for id_, *_ in there])
        for document in documents:
            before = titles.get(row_of(document, repo.key), "")
            yield _preview_one(document, source, repo, intake, notes, bool(same), before)


def _preview_one(
    document: Document, source: Source, repo: Repository, intake: Intake, notes: Notes, same: bool, before: str
) -> Preview:
    metadata, _ = settle(document, source, intake)
    blocks = blocks_of(document, metadata, intake)
    spoken: dict[tuple[str, Role], int] = {}
    for block in blocks:
        voice = (block.speaker, block.role or "participant")
        spoken[voice] = spoken.get(voice, 0) + len(block.text.split())
    text, _ = compose(blocks)
    spans = as_selected(blocks, _rough_tokens) if document.settled else segment(blocks, _rough_tokens, 240)
    selections, unplaced = placed(document, blocks, spans)
    _, new = learned(repo.taxonomy, document.codes)
    same = same or not (document.blocks or new or document.kept)
    status: OutcomeStatus = "unchanged" if same else "updated" if before else "added"
    if document.blocks and not same and (note_id := notes.about(document, metadata.team, metadata.study)):
        on = attached(blocks, repo.note(note_id))
        status = "updated" if on.put_on or on.take_off else "unchanged"
        selections, unplaced = on.placed, on.lost
    rows = {name: len(sheet) for name, sheet in document.kept.sheets.items()} if document.kept else {}
    return Preview(
        path=source.name,
        title=kept.TITLE if document.kept else metadata.title,
        status=status,
        format=document.format,
        date=metadata.date,
        speakers=tuple((label, role, words) for (label, role), words in spoken.items()),
        words=len(text.split()),
        passages=len(spans),
        opening=text[spans[0].start : spans[0].end] if spans else "",
        replaces="" if same else before,
        left_out=document.left_out,
        selections=selections,
        unplaced=unplaced,
        new_tags=tuple(tag.name for tag in new),
        brought=kept.told(rows),
        known=_known(metadata),
        variables=document.variables,
    )


def _known(metadata: Metadata) -> tuple[tuple[str, str], ...]:
    """What is known of those who took part, each once."""
    said = [
        (name, value)
        for name in ("segment", "account", "role")
        for value in (getattr(metadata, name), *(getattr(voice, name) for voice in metadata.voices))
        if value
    ]
    return tuple(dict.fromkeys(said))


def _rough_tokens(texts: Any) -> list[int]:
    """Tokens without loading the model: a preview has to be quick and need not be exact."""
    return [len(text) // 4 + 1 for text in texts]


def dry_run(
    source: Source, repo: Repository, intake: Intake, directory: Callable[[], Directory] | None = None
) -> Iterator[tuple[str, Plain, tuple[Span, ...]]]:
    """What redaction would replace in each note of a source, as (row, note, spans); nothing is stored.

    `directory` gives everybody who is known, for many sources that are looked through one after the other. Raises
    BadInput when the source cannot be read.
    """
    source_key, _ = identity(source, repo, intake)
    documents = read_source(source, intake.options_for(source))
    secrets = (repo.key, repo.sealer())
    prepared = prepare(documents, source, source_key, repo, secrets, intake)
    with repo.engine.connect() as connection:
        known = pseudonyms(connection, [one.person.label_hash for each in prepared for one in each.who.values()])
    everybody = directory() if directory else directory_of(repo, intake)
    looked_through = found(prepared, known, repo, everybody)
    for one, (note, spans) in zip(prepared, looked_through, strict=True):
        yield one.document.row, note, spans

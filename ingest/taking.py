"""One source becomes stored notes, tags of the taxonomy, or tags on notes that are there; what came of it is told."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from ingest.coded import kept
from ingest.coded.attach import Notes, attach
from ingest.coded.codes import learned
from ingest.coded.placing import placed
from ingest.models import Document, Outcome, Source
from ingest.personal.directory import Directory
from ingest.readers import read as read_source
from ingest.redacting import redactions
from ingest.redaction import Redaction
from ingest.segment import Span, as_selected, compose, segment
from ingest.settling import Intake, Prepared, identity, prepare, row_of
from research.errors import BadInput, Refused
from research.identity import Sealer
from research.store import save
from research.store.new import NewNote, NewPassage, NewSource, NewTurn
from research.taxonomy import default_taxonomy

if TYPE_CHECKING:
    from research.repository import Repository


def take(
    source: Source,
    repo: Repository,
    intake: Intake,
    secrets: tuple[bytes, Sealer],
    directory: Callable[[], Directory],
    run: str,
) -> list[Outcome]:
    """Read one source and store its notes, which a `run` of ingest brings; their passages wait to be embedded."""
    source_key, fingerprint = identity(source, repo, intake)
    with repo.engine.connect() as connection:
        _, same = save.known_sources(connection, source_key, fingerprint)
        there = save.notes_of_source(connection, same[0] if same and source_key not in same else source_key)
    if same:
        if source_key not in same:
            save.rekey_source(repo.engine, fingerprint, source_key, source.name)
        return [Outcome(source.name, title, "unchanged", id_, count) for id_, title, count, _ in there]
    try:
        documents = read_source(source, intake.options_for(source))
    except BadInput as error:
        return [Outcome(source.name, "", "failed", error=str(error))]
    beside, told_before = _without_blocks(source, documents, repo)
    documents = [one for one in documents if one.blocks]
    every = prepare([*documents, *beside], source, source_key, repo, secrets, intake)
    prepared = every[: len(documents)]
    if refused := _refused(prepared, source, repo):
        return [refused]
    reserved = save.reserve(repo.engine, [one.person for each in every for one in each.who.values()])
    texts, name = redactions(every, source, reserved, repo, intake, directory())
    notes: dict[tuple[str, str], list[NewNote]] = {}
    told: dict[tuple[str, str], list[Outcome]] = {}
    written: dict[tuple[str, str], tuple[str, str]] = {}  # "growth" in a later row is the "Growth" of an earlier one
    attached: list[Outcome] = []
    known = Notes(repo, without=[id_ for id_, *_ in there])
    for one, text in zip(prepared, texts, strict=False):
        if note_id := known.about(one.document, one.metadata.team, one.metadata.study):
            attached.append(attach(text.blocks, note_id, repo, source.name))
            continue
        names = (one.metadata.team, one.metadata.study)
        names = written.setdefault((names[0].lower(), names[1].lower()), names)
        note, said = _note(one, text, repo, secrets[0])
        notes.setdefault(names, []).append(note)
        told.setdefault(names, []).append(said)
    if notes and not any(note.passages for of_study in notes.values() for note in of_study):
        save.drop_unheard(repo.engine, reserved.values())
        sentence = (
            f"{source.name} holds nothing that a customer said. If it is a transcript, name who asks and who answers."
        )
        return [Outcome(source.name, "", "failed", error=sentence)]
    new_tags = _learn(repo, [one.document for one in every])
    partial = any(one.settled for one in documents)
    new = NewSource(source_key, name, fingerprint, run, repo.member.who, partial)
    tables = kept.beside(every, reserved)
    saved = save.save_source(repo.engine, new, notes, repo.now(), tables) if notes or tables else []
    if attached or not notes:  # whoever was heard in these alone was added for nothing
        save.drop_unheard(repo.engine, reserved.values())
    _describe(repo, prepared)
    outcomes = [
        replace(said, path=source.name, title=one.title, status=one.status, note_id=one.note_id, passages=one.passages)
        for one, said in zip(saved, (said for of_study in told.values() for said in of_study), strict=True)
    ]
    if outcomes:
        outcomes[0] = replace(outcomes[0], new_tags=new_tags)
    return [*told_before, *([tables.outcome(source.name)] if tables else []), *attached, *outcomes]


def _without_blocks(
    source: Source, documents: Sequence[Document], repo: Repository
) -> tuple[list[Document], list[Outcome]]:
    """Those documents without notes that bring what people made of notes, where whoever is at work may put that in, and
    what became of the others."""
    beside, told = [], []
    for one in documents:
        if one.kept and repo.member.may("administer"):
            beside.append(one)
        elif one.kept:
            left_out = ("insights, themes, consents and all else that is no note: an administrator puts that in",)
            told.append(Outcome(source.name, kept.TITLE, "unchanged", left_out=left_out))
        elif not one.blocks:
            told.append(_codebook(source, one, repo))
    return beside, told


def _refused(prepared: Sequence[Prepared], source: Source, repo: Repository) -> Outcome | None:
    """Why a source is not taken, where its team is not known or not one's own."""
    unclear = next((one for one in prepared if not one.metadata.team), None)
    if unclear is not None:
        sentence = f"{source.name} does not say which team heard it. Say so with --team, or team: in the file."
        return Outcome(source.name, unclear.metadata.title, "failed", error=sentence)
    try:
        for team in {one.metadata.team for one in prepared}:
            repo.hold_team(team)
    except Refused as error:
        return Outcome(source.name, "", "failed", error=f"{source.name}: {error}")
    return None


def _codebook(source: Source, document: Document, repo: Repository) -> Outcome:
    """What becomes of a source that explains tags and holds no words of anybody."""
    title = document.metadata.title
    if document.codes and not repo.member.may("govern"):
        sentence = f"{source.name} is a codebook, which changes the taxonomy. Ask a lead to put it in."
        return Outcome(source.name, title, "failed", error=sentence)
    new = _learn(repo, [document])
    return Outcome(source.name, title, "added" if new else "unchanged", left_out=document.left_out, new_tags=new)


def _describe(repo: Repository, prepared: Sequence[Prepared]) -> None:
    """Say of studies of which nothing is said yet what their source says."""
    told = {(one.metadata.team, one.metadata.study): one.document.facts for one in prepared if one.document.facts}
    if told:
        known = {(one.team, one.title) for one in repo.studies() if one.owner or one.method or one.questions}
        for (team, study), facts in told.items():
            if (team, study) not in known:
                repo.describe_study(team, study, **facts)


def _learn(repo: Repository, documents: Sequence[Document]) -> tuple[str, ...]:
    """Add to the taxonomy the tags that sources explain, where whoever is at work may; gives the names of the new. A
    whole repository's is taken as it is where there is none of one's own yet."""
    whole = next((one.kept.taxonomy for one in documents if one.kept), None)
    if whole and repo.taxonomy == default_taxonomy():
        repo.set_taxonomy(whole)
    codes = [code for document in documents for code in document.codes]
    if not codes or not repo.member.may("govern"):
        return ()
    taxonomy, new = learned(repo.taxonomy, codes)
    if taxonomy is not repo.taxonomy:
        repo.set_taxonomy(taxonomy)
    return tuple(tag.name for tag in new)


def _note(one: Prepared, redaction: Redaction, repo: Repository, key: bytes) -> tuple[NewNote, Outcome]:
    """A note ready to be stored, and what its outcome will say of selections."""
    document, metadata, origins, blocks = one.document, one.metadata, one.origins, redaction.blocks
    text, offsets = compose(blocks)
    count_tokens = repo.embedder.count_tokens
    if document.settled:
        spans = as_selected(blocks, count_tokens)
    else:
        spans = segment(blocks, count_tokens, repo.embedder.max_tokens)

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
            span.start_s, span.end_s, tuple(dict.fromkeys(tag for chosen in span.selections for tag in chosen.tags)),
            tuple(dict.fromkeys(tag for chosen in span.selections for tag in chosen.taken_off)),
            _own_id(document, span),
        )
        for span in spans
    )  # fmt: skip
    # One row of a spreadsheet is one quote, and its tags are about it; a whole interview's are about no one passage.
    tags = metadata.tags if document.row else ()
    if metadata.tags and not document.row:
        origins = {**origins, "keywords": ", ".join(metadata.tags)}
    note = NewNote(
        row=row_of(document, key),
        title=redaction.title, date=metadata.date, format=document.format, text=text, origins=origins,
        people=tuple(somebody.person for somebody in one.who.values()), turns=turns, passages=passages, tags=tags,
        redactions=tuple((mark.start, mark.end, mark.kind, mark.score) for mark in redaction.marks), id=document.id,
    )  # fmt: skip
    selections, unplaced = placed(document, blocks, spans)
    outcome = Outcome("", note.title, "added", selections=selections, unplaced=unplaced, left_out=document.left_out)
    return note, outcome


def _own_id(document: Document, span: Span) -> str:
    """The id that a passage had in the repository that it comes from."""
    had = span.selections[0].id if document.id and span.selections else ""
    return had if re.fullmatch(r"[0-9a-f]{24}", had) else ""

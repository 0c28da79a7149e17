"""The steps of redaction when sources come in: whom one knows by name in them, what is found, and what is replaced."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from ingest.models import Source
from ingest.people import is_name
from ingest.personal.directory import Directory, Listed
from ingest.personal.known import KnownPerson
from ingest.personal.marks import Decision
from ingest.personal.models import Span
from ingest.redaction import Plain, Redaction, proposed, redacted, renamed, without_names
from ingest.settling import Intake, Prepared
from research.store import library

if TYPE_CHECKING:
    from research.repository import Repository

_NOBODY_YET = "P-0000"  # stands in a dry run for whoever has no pseudonym yet


def directory_of(repo: Repository, intake: Intake) -> Directory:
    """Everybody whose name the repository knows as a run begins."""
    return Directory(Listed(*one) for one in repo.people.names()) if intake.redact else Directory()


def found(
    prepared: Sequence[Prepared], known: Mapping[str, str], repo: Repository, directory: Directory
) -> list[tuple[Plain, tuple[Span, ...]]]:
    """The notes of a source as they were read, with what is personal in each; `known` are pseudonyms by label hash."""
    plain = [_plain(one, known, directory) for one in prepared]
    fresh = [note for note, one in zip(plain, prepared, strict=True) if not one.document.settled]
    spans = iter(proposed(fresh, _nobody(prepared, repo), directory))
    return [(note, () if one.document.settled else next(spans)) for note, one in zip(plain, prepared, strict=True)]


def redactions(
    prepared: Sequence[Prepared],
    source: Source,
    known: Mapping[str, str],
    repo: Repository,
    intake: Intake,
    directory: Directory,
) -> tuple[list[Redaction], str]:
    """The notes of a source and its name with what is personal replaced, or as they are where that is not wanted."""
    if not intake.redact and not any(one.document.settled for one in prepared):
        return [Redaction(one.blocks, one.metadata.title, ()) for one in prepared], source.name
    texts, name = [], source.name
    called, here = called_among(prepared, known)
    for one, (note, spans) in zip(prepared, found(prepared, known, repo, directory), strict=True):
        if one.document.settled:
            marks = one.document.marks if one.document.id else None
            texts.append(renamed(note, called, here=here, marks=marks))
            continue
        text = redacted(note, spans, intake.decisions.get((source.name, one.document.row), Decision()))
        name = without_names(name, note, text.named, directory)
        texts.append(text)
    return texts, name


def called_among(prepared: Sequence[Prepared], known: Mapping[str, str]) -> tuple[dict[str, str], bool]:
    """Speaker label -> pseudonym here of everybody in a source, and whether they come back to where they are from."""
    called = {label: known[who.person.label_hash] for one in prepared for label, who in one.who.items()}
    return called, any(who.person.own for one in prepared for who in one.who.values())


def _plain(one: Prepared, known: Mapping[str, str], directory: Directory) -> Plain:
    heard = [
        (somebody.person.account, directory.person(known.get(somebody.person.label_hash, _NOBODY_YET)))
        for somebody in one.who.values()
    ]
    accounts = [one.metadata.account, *(account for account, _ in heard), *(who.account for _, who in heard if who)]
    also = [KnownPerson(who.who, (who.name,)) for _, who in heard if who]
    return Plain(
        one.blocks, one.metadata.title, (*_known(one, known), *also), tuple(dict.fromkeys(filter(None, accounts)))
    )


def _known(one: Prepared, known: Mapping[str, str]) -> list[KnownPerson]:
    """Who is known by name in a note: whoever was heard, and who asked."""
    heard = {known.get(somebody.person.label_hash, _NOBODY_YET): somebody.names for somebody in one.who.values()}
    asked = {block.speaker for block in one.blocks if block.role == "interviewer" and is_name(block.speaker)}
    named = tuple(dict.fromkeys((*one.metadata.interviewers, *sorted(asked))))
    return [KnownPerson(who, names) for who, names in (*heard.items(), (library.INTERVIEWER, named)) if names]


def _nobody(prepared: Sequence[Prepared], repo: Repository) -> set[str]:
    """What looks like a name and is none: words that the team has said so of, and accounts."""
    accounts = {one.metadata.account for one in prepared} | {v.account for one in prepared for v in one.metadata.voices}
    with repo.engine.connect() as connection:
        known = library.accounts(connection)
    return {*repo.nobodys_names, *known, *accounts} - {""}

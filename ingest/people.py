"""Who is who: a label in a source becomes a person, known again by a keyed hash; a name goes no further unsealed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from ingest.models import Block, Metadata, Voice
from ingest.readers.speakers import is_anybody, is_numbered, is_one_of, is_role_word
from ingest.roles import role_of_label
from research.identity import Identity, Sealer
from research.keys import label_hash
from research.store.new import Person


@dataclass(frozen=True, slots=True)
class Somebody:
    """A person as they are stored, and the names that a note has for them, which are not."""

    person: Person
    names: tuple[str, ...]


def with_roles(blocks: Sequence[Block], interviewers: Sequence[str], *, only: bool = False) -> tuple[Block, ...]:
    """The blocks with every role settled: who is named an interviewer is one, who is not named counts as heard.

    With `only` the names are all the interviewers there are, and a label that reads like one is a participant's.
    """

    def role(block: Block) -> Block:
        if block.speaker and is_one_of(block.speaker, interviewers):
            return replace(block, role="interviewer")
        if block.speaker and only:
            return replace(block, role="participant")
        return block if block.role else replace(block, role="participant")

    return tuple(role(block) for block in blocks)


def people(
    blocks: Sequence[Block],
    metadata: Metadata,
    key: bytes,
    sealer: Sealer,
    *,
    team: str,
    study: str,
    note: str,
    cases: Mapping[str, Person],
) -> dict[str, Somebody]:
    """Speaker label -> who that is, for everybody who was heard in a note.

    A name is one person throughout a team, a study's code ("P3") throughout the study, a mere role ("Participant",
    "Project Manager") in this note only. A label that the source explains (`metadata.voices`) stands for the name it
    explains it with, or for whom its case is among the `cases`. Where the source says who took part and only one voice
    without another name was heard, it is theirs, and the source's segment, account and role too. What stands under no
    label is the only participant's, if there is only one.
    """
    labels = list(dict.fromkeys(block.speaker for block in blocks if block.role != "interviewer"))
    named = [label for label in labels if label]
    told = Voice("", metadata.participant, metadata.segment, metadata.account, metadata.role)
    only = told if len(named) <= 1 else None
    found: dict[str, Somebody] = {}
    for label in sorted(labels, key=lambda label: not label):
        if not label and len(named) == 1:
            found[""] = found[named[0]]
            continue
        known = next((voice for voice in metadata.voices if _explains(voice, label)), None) or only or Voice(label)
        if known.case in cases:
            found[label] = Somebody(cases[known.case], ())
            continue
        name = known.name if known.name and (known is not only or _may_be(label, known.name)) else label
        scope: tuple[str, ...]
        if is_numbered(name):
            scope = ("code", team, study)
        elif is_name(name):
            scope = ("name", team)
        else:
            scope = ("role", team, study, note)
        names = tuple(dict.fromkeys(one for one in (name, label) if is_name(one))) if scope[0] != "role" else ()
        identity = Identity(name=name if scope[0] == "name" else "")
        person = Person(
            label_hash(key, *scope, name),
            segment=known.segment,
            account=known.account,
            role=known.role or role_of_label(label),
            sealed=sealer.seal(identity) if identity else "",
            hashes=sealer.hashes(identity),
        )
        found[label] = Somebody(person, names)
    return found


def _explains(voice: Voice, label: str) -> bool:
    """Whether a label is the one that was explained, or a part of its name ("Dana" of "Dana Whitlock")."""
    if not label.strip():
        return False
    return _folded(label) in (_folded(voice.label), _folded(voice.name)) or (
        is_name(label) and set(_folded(label).split()) <= set(_folded(voice.name).split())
    )


def is_name(label: str) -> bool:
    """Whether a label is somebody's name, and no role, number or guess of a call tool."""
    says_what = is_role_word(label) or is_numbered(label) or is_anybody(label) or role_of_label(label)
    return bool(label.strip()) and not says_what


def _may_be(label: str, participant: str) -> bool:
    """Whether the only voice in a note is the participant that the source names: no name, or a part of that name."""
    words = set(_folded(participant).split())
    return bool(words) and (not is_name(label) or set(_folded(label).split()) <= words)


def _folded(name: str) -> str:
    return " ".join(name.split()).casefold()

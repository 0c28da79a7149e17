"""QDA projects (REFI-QDA .qdpx): their texts as notes, selections with their codes, cases as who was heard."""

from __future__ import annotations

import io
import zipfile
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import PurePosixPath

from ingest.coded.codes import tags_of
from ingest.coded.own import handed_out
from ingest.coded.placing import Part, Places
from ingest.coded.project import Case, Project, Text, codes_of, parse, project
from ingest.models import (
    NO_COLUMN,
    Block,
    Document,
    Metadata,
    ReadOptions,
    Selection,
    Source,
    TableMapping,
    Unplaced,
    Variable,
    Voice,
)
from ingest.readers import ooxml
from ingest.readers.clean import shortened
from ingest.readers.dates import as_date
from ingest.readers.text import read_text
from research.errors import BadInput
from research.exchange.guids import ORIGIN
from research.phrases import listed
from research.taxonomy import Tag

_MOST = 500_000  # elements; a project of 50,000 selections has a third of that
_VALUES = 4  # of a variable that are shown to whom is asked what it means
_NAMED = {
    "segment": ("segment", "customer segment", "user segment", "customer type", "user type", "persona", "cohort"),
    "account": ("account", "company", "organisation", "organization", "customer", "employer"),
    "role": ("role", "job", "job title", "occupation", "profession", "position"),
    "date": ("date", "interview date", "session date", "date of interview"),
}


def read_project(source: Source, options: ReadOptions) -> list[Document]:
    """A document for each text of a project, known again by its GUID. Raises BadInput.

    Who was heard: the one case that a text belongs to; where there are several, whose selections a speaker's words are.
    Of variables, those that `options.mapping` names are taken as segment, account, role and date, else those that are
    called so. What nothing was made of is said with the first document, which has the variables too.
    """
    ooxml.checked(source, options, "", ".qdpx", _MOST)
    with zipfile.ZipFile(io.BytesIO(source.data)) as archive:
        members = {member.filename.replace("\\", "/").lower(): member for member in archive.infolist()}
        written = [name for name in members if name.endswith(".qde")]
        if len(written) != 1:
            raise BadInput(f"{source.name} holds {len(written) or 'no'} .qde files instead of one. Export it again.")

        def opener(name: str) -> bytes | None:
            member = members.get(f"sources/{name.lower()}")
            return archive.read(member) if member else None

        found = project(archive.read(members[written[0]]), source.name, opener)
    return documents(found, source, options)


def documents(found: Project, source: Source, options: ReadOptions) -> list[Document]:
    """The texts of a project as documents."""
    if found.origin == ORIGIN:
        return handed_out(found)
    tags = tags_of(found.codes)
    variables = _variables(found)
    named = _meant(variables, options.mapping)
    made, silent = [], []
    for text in found.texts:
        try:
            made.append(_document(text, found, source, options, tags, named))
        except BadInput:
            silent.append(text.name or "a text without a name")
    left_out = [*found.left_out, *(f"“{name}” holds nothing that anybody said" for name in silent)]
    left_out += _of_variables(variables, named, options.mapping)
    if not made:
        left_out.insert(0, "there is no text in the project in which anybody said something")
        made = [_codebook(source)]
    without = tuple(
        Unplaced(said, _names(codes, tags), "it is no text") for said, codes in found.without_words if codes
    )
    first = replace(
        made[0],
        left_out=(*left_out, *made[0].left_out),
        unplaced=(*without, *made[0].unplaced),
        codes=tuple(dict.fromkeys(tags.values())),
        variables=variables,
    )
    return [first, *made[1:]]


def usual(names: Iterable[str]) -> dict[str, str]:
    """Which of a project's variables is the segment, the account, the role and the date where nobody says so: the first
    that has one of the usual names."""
    there = {name.casefold(): name for name in names}
    found = {meaning: next((there[one] for one in known if one in there), "") for meaning, known in _NAMED.items()}
    return {meaning: name for meaning, name in found.items() if name}


def read_codebook(source: Source, options: ReadOptions) -> list[Document]:
    """The codes of a .qdc file, or of a whole project's XML. Raises BadInput."""
    codes = codes_of(parse(source.data, source.name))
    if not codes:
        raise BadInput(f"{source.name} holds no codes. Check that it is the right file.")
    return [replace(_codebook(source), codes=tuple(dict.fromkeys(tags_of(codes).values())))]


def _codebook(source: Source) -> Document:
    return Document((), Metadata(title=PurePosixPath(source.name).stem), "codebook")


def _document(
    text: Text,
    found: Project,
    source: Source,
    options: ReadOptions,
    tags: Mapping[str, Tag],
    named: Mapping[str, tuple[str, ...]],
) -> Document:
    title = PurePosixPath(text.name).stem if text.name else "Untitled"
    as_file = Source(f"{title}.txt", source.key, text.text.encode("utf-8", "replace"))
    (document,) = read_text(as_file, replace(options, mapping=None))
    places = Places(text.text, document.blocks)
    text = replace(text, facts=_facts_of(text, found.cases))
    blocks, unplaced = _with_selections(text, places, document.blocks, tags)
    blocks = _with_times(text, places, blocks)
    parts = {one.id: places.stretch(one.start, one.end) for one in text.selected}
    metadata, blocks = _who(text, found.cases, parts, named, document.metadata, blocks)
    alone = (case.facts for case in found.cases if text.belongs_to(case) and len(case.sources) == 1)
    day = next((day for facts in (text.facts, *alone) if (day := as_date(_fact(facts, named["date"])))), None)
    origins = dict(document.origins)
    if day:
        metadata, origins["date"] = replace(metadata, date=day), "variable of the project"
    if whole := _names(text.codes, tags):
        origins["keywords"] = ", ".join(whole)
    return replace(
        document,
        blocks=blocks,
        metadata=replace(metadata, title=document.metadata.title or title),
        format="qdpx",
        row=text.id,
        origins=origins,
        unplaced=unplaced,
    )


def _with_selections(
    text: Text, places: Places, blocks: Sequence[Block], tags: Mapping[str, Tag]
) -> tuple[tuple[Block, ...], tuple[Unplaced, ...]]:
    """Blocks with what was selected of them, and the selections that have a code and are not there any more."""
    of_block: dict[int, list[Selection]] = {}
    lost: list[Unplaced] = []
    for one in text.selected:
        names, said = _names(one.codes, tags), text.text[one.start : one.end]
        if not names:
            continue
        parts = places.stretch(one.start, one.end) or places.words.find(said)
        for part in parts:
            of_block.setdefault(part.block, []).append(Selection(one.id, part.start, part.end, names))
        if not parts:
            lost.append(Unplaced(said, names, "its words are not among what was said"))
    marked = (replace(block, selections=tuple(of_block.get(n, ()))) for n, block in enumerate(blocks))
    return tuple(marked), tuple(lost)


def _with_times(text: Text, places: Places, blocks: tuple[Block, ...]) -> tuple[Block, ...]:
    """Blocks with the seconds of the synchronisation points in a transcript."""
    found = {n: seconds for at, seconds in reversed(text.times) if (n := places.block_at(at)) is not None}
    return tuple(
        replace(block, start_s=found[n]) if n in found and block.start_s is None else block
        for n, block in enumerate(blocks)
    )


def _who(
    text: Text,
    cases: Sequence[Case],
    parts: Mapping[str, Sequence[Part]],
    named: Mapping[str, tuple[str, ...]],
    metadata: Metadata,
    blocks: tuple[Block, ...],
) -> tuple[Metadata, tuple[Block, ...]]:
    """Who was heard in a text by the project's cases: one that has it all, or some that have selections of it."""
    whole = [case for case in cases if case.name and text.belongs_to(case)]
    some = [case for case in cases if case.name and any(one in parts for one in case.selections)]
    labels = {block.speaker for block in blocks}
    voices: list[Voice] = []
    for case in some:
        mine = {part.block for one in case.selections for part in parts.get(one, ())}
        spoken = {blocks[n].speaker for n in mine}
        if labels == {""}:
            blocks = tuple(
                replace(block, speaker=case.name, role="participant") if n in mine and not block.speaker else block
                for n, block in enumerate(blocks)
            )
            spoken = {case.name}
        if len(spoken) == 1:
            voices.append(_voice(next(iter(spoken)), case, text, named))
    if len(whole) == 1 and not some:
        one = _voice("", whole[0], text, named)
        facts = {name: getattr(one, name) or getattr(metadata, name) for name in ("segment", "account", "role")}
        return replace(metadata, participant=one.name, **facts), blocks
    voices += [_voice(case.name, case, text, named) for case in whole if case not in some]
    said = _voice("", Case("", "", {}, (), ()), text, named)
    facts = {name: getattr(said, name) or getattr(metadata, name) for name in ("segment", "account", "role")}
    return replace(metadata, voices=(*metadata.voices, *voices), **facts), blocks


def _voice(label: str, case: Case, text: Text, named: Mapping[str, tuple[str, ...]]) -> Voice:
    facts = {**text.facts, **case.facts}
    return Voice(label, case.name, *(_fact(facts, named[meaning]) for meaning in ("segment", "account", "role")))


def _facts_of(text: Text, cases: Sequence[Case]) -> dict[str, str]:
    """What is known of a text: by its own variables, and by a case without a name that it alone belongs to, which is
    how MAXQDA and Quirkos write a document's variables down."""
    of_document = [case.facts for case in cases if not case.name and len(case.sources) == 1 and text.belongs_to(case)]
    return {name: value for facts in (*of_document, text.facts) for name, value in facts.items()}


def _variables(found: Project) -> tuple[Variable, ...]:
    """The variables that say anything, in the order of the project; names that differ in capitals alone are one."""
    names: dict[str, str] = {}
    values: dict[str, Counter[str]] = {}
    for facts in (*(case.facts for case in found.cases), *(text.facts for text in found.texts)):
        for name, value in facts.items():
            folded = names.setdefault(name.casefold(), name).casefold()
            values.setdefault(folded, Counter())[value] += 1
    return tuple(
        Variable(name, tuple(shortened(value, 60) for value, _ in values[folded].most_common(_VALUES)))
        for folded, name in names.items()
    )


def _meant(variables: Sequence[Variable], mapping: TableMapping | None) -> dict[str, tuple[str, ...]]:
    """Which variables mean what, as lower-case names in the order in which they are asked: what a person chose, if the
    project has it, for else they meant a spreadsheet's column; and what is called so where they chose nothing."""
    there = {one.name.casefold() for one in variables}
    meant = {}
    for meaning, known in _NAMED.items():
        chosen = _said(mapping, meaning)
        meant[meaning] = () if chosen == NO_COLUMN else (chosen,) if chosen in there else known
    return meant


def _of_variables(
    variables: Sequence[Variable], named: Mapping[str, Sequence[str]], mapping: TableMapping | None
) -> list[str]:
    """What nothing was taken of, and what a person named that is not there, a phrase each."""
    there = {one.name.casefold() for one in variables}
    meant = {name for names in named.values() for name in names}
    unused = [one.name for one in variables if one.name.casefold() not in meant]
    told = [f"variables of which nothing was taken: {listed(unused)}"] if unused else []
    if mapping and not mapping.says_where_words_are:
        chosen = {_said(mapping, meaning): getattr(mapping, meaning) for meaning in _NAMED}
        missing = [name for folded, name in chosen.items() if folded not in {"", NO_COLUMN, *there}]
        told += [f"no variable is called “{name}”" for name in missing]
    return told


def _said(mapping: TableMapping | None, meaning: str) -> str:
    return " ".join(getattr(mapping, meaning).split()).casefold() if mapping else ""


def _fact(facts: Mapping[str, str], names: Sequence[str]) -> str:
    folded = {name.casefold(): value for name, value in facts.items()}
    return next((folded[name] for name in names if name in folded), "")


def _names(codes: Sequence[str], tags: Mapping[str, Tag]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(tags[code].name for code in codes if code in tags))

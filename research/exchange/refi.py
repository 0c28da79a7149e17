"""Notes as a REFI-QDA project (.qdpx), which ATLAS.ti, MAXQDA, NVivo and others open, and Heard reads back.

After the schema Project-mrt2019.xsd and REFI-QDA 1.5 (qdasoftware.org). A note is a text source, a passage a selection
of it with its tags as codes, a participant a case, a study a set; the tags that a person put on and those that nobody
confirmed are by two users. What was taken off by a person stands in a selection's description.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from datetime import datetime

from lxml import etree

from research.exchange import notation
from research.exchange.guids import ORIGIN, PERSON, TAGGER, guid
from research.exchange.zipping import zipped
from research.litter import normalise
from research.models import Note, Participant, Passage, StudySummary
from research.taxonomy import Tag, Taxonomy

_NAMESPACE = "urn:QDA-XML:project:1.0"
_KNOWN = ("segment", "account", "role")  # of a participant, as variables of the same names
_NAMED = 60  # characters of a selection that are its name, by which other tools check where it stands
TAKEN_OFF = "Taken off by a person:"  # begins the description of a selection; a line a tag
FACTS = ("owner", "method", "questions")  # of a study, in the description of its set


def project(
    name: str,
    notes: Sequence[Note],
    studies: Iterable[StudySummary],
    taxonomy: Taxonomy,
    taken_off: Mapping[str, Sequence[str]],
    case_of: Callable[[str], str],
    now: datetime,
) -> bytes:
    """The bytes of a project file. `taken_off` are the tags that people took off, by passage id, `case_of` gives the
    GUID of a participant."""
    used = {tag.tag for note in notes for passage in note.passages for tag in passage.tags}
    used |= {tag for tags in taken_off.values() for tag in tags}
    root = etree.Element(
        f"{{{_NAMESPACE}}}Project", nsmap={None: _NAMESPACE}, name=_plain(name), origin=ORIGIN,
        creationDateTime=now.isoformat(timespec="seconds"), creatingUserGUID=str(PERSON),
    )  # fmt: skip
    users = _add(root, "Users")
    _add(users, "User", guid=str(PERSON), name="People in Heard")
    _add(users, "User", guid=str(TAGGER), name="Heard’s tagger")
    if book := [*taxonomy.tags, *(Tag(tag) for tag in sorted(used - {one.name for one in taxonomy.tags}))]:
        _codes(_add(_add(root, "CodeBook"), "Codes"), book)
    people = {person.pseudonym: person for note in notes for person in note.summary.participants}
    variables = _add(root, "Variables")
    for meaning in (*_KNOWN, "date"):
        kind = "Date" if meaning == "date" else "Text"
        _add(variables, "Variable", guid=guid("variable", meaning), name=meaning.capitalize(), typeOfVariable=kind)
    if people:
        cases = _add(root, "Cases")
        for person in people.values():
            _case(cases, person, notes, case_of)
    texts: dict[str, str] = {}
    sources = _add(root, "Sources")
    for note in notes:
        texts[source_guid(note.summary.id)] = _source(sources, note, taken_off)
    if not notes:
        root.remove(sources)
    sets = _add(root, "Sets")
    for study in studies:
        _set(sets, study, [note for note in notes if note.summary.study_id == study.id])
    if not len(sets):
        root.remove(sets)
    whole = etree.tostring(root, xml_declaration=True, encoding="utf-8", pretty_print=False)
    return zipped({"project.qde": whole, **{f"sources/{one}.txt": text.encode() for one, text in texts.items()}})


def source_guid(note_id: str) -> str:
    """The GUID of a note's source."""
    return guid("note", note_id)


def _codes(book: etree._Element, tags: Collection[Tag]) -> None:
    """Tags under their groups; a group that is no tag itself can't be put on anything."""
    by_name = {tag.name: tag for tag in tags}
    made: dict[tuple[str, ...], etree._Element] = {}

    def element(path: tuple[str, ...]) -> etree._Element:
        if path not in made:
            parent = element(path[:-1]) if path[:-1] else book
            tag = by_name.get(path[-1])
            mine = tag is not None and _path(tag) == path
            made[path] = _add(
                parent, "Code", guid=guid("code", path[-1]) if mine else guid("group", *path), name=path[-1],
                isCodable="true" if mine else "false",
            )  # fmt: skip
            if mine and tag and tag.description:
                described = etree.Element(f"{{{_NAMESPACE}}}Description")
                described.text = _plain(tag.description)
                made[path].insert(0, described)
        return made[path]

    for tag in tags:
        element(_path(tag))


def _path(tag: Tag) -> tuple[str, ...]:
    return (*(part for one in tag.group.split(" / ") if (part := _plain(one))), _plain(tag.name))


def _case(cases: etree._Element, person: Participant, notes: Sequence[Note], case_of: Callable[[str], str]) -> None:
    """A participant, with the notes that are theirs alone, and what they said in others."""
    one = _add(cases, "Case", guid=case_of(person.pseudonym), name=person.pseudonym)
    for meaning in _KNOWN:
        if value := getattr(person, meaning):
            _value(one, meaning, "TextValue", value)
    heard = [note for note in notes if any(p.pseudonym == person.pseudonym for p in note.summary.participants)]
    for note in heard:
        if len(note.summary.participants) == 1:
            _add(one, "SourceRef", targetGUID=source_guid(note.summary.id))
    for note in heard:
        if len(note.summary.participants) > 1:
            for passage in note.passages:
                if passage.participant == person.pseudonym:
                    _add(one, "SelectionRef", targetGUID=guid("passage", passage.id))


def _source(sources: etree._Element, note: Note, taken_off: Mapping[str, Sequence[str]]) -> str:
    """A note and its passages; gives the text that these are places in."""
    text, said = notation.written(note.turns)
    mine = source_guid(note.summary.id)
    source = _add(
        sources, "TextSource", guid=mine, name=_plain(note.summary.title), plainTextPath=f"internal://{mine}.txt"
    )
    for passage in note.passages:
        places = notation.places(passage, note.turns, said)
        _selection(source, passage, places, taken_off.get(passage.id, ()))
    if note.summary.date:
        _value(source, "date", "DateValue", note.summary.date.isoformat())
    return text


def _selection(source: etree._Element, passage: Passage, places: tuple[int, int], taken_off: Sequence[str]) -> None:
    one = _add(
        source, "PlainTextSelection", guid=guid("passage", passage.id), name=_plain(passage.text)[:_NAMED],
        startPosition=str(places[0]), endPosition=str(places[1]),
    )  # fmt: skip
    if taken_off:
        _add(one, "Description").text = "\n".join((TAKEN_OFF, *map(_plain, taken_off)))
    for tag in passage.tags:
        by = PERSON if tag.source == "person" else TAGGER
        coding = _add(one, "Coding", guid=guid("coding", passage.id, tag.tag), creatingUser=str(by))
        _add(coding, "CodeRef", targetGUID=guid("code", _plain(tag.tag)))


def _set(sets: etree._Element, study: StudySummary, notes: Sequence[Note]) -> None:
    one = _add(sets, "Set", guid=guid("study", study.team, study.title), name=_plain(f"{study.team} / {study.title}"))
    facts = [("team", study.team), ("study", study.title), *((fact, getattr(study, fact)) for fact in FACTS)]
    _add(one, "Description").text = "\n".join(f"{fact}: {normalise(said)}" for fact, said in facts if said)
    for note in notes:
        _add(one, "MemberSource", targetGUID=source_guid(note.summary.id))


def _value(parent: etree._Element, meaning: str, kind: str, value: str) -> None:
    one = _add(parent, "VariableValue")
    _add(one, "VariableRef", targetGUID=guid("variable", meaning))
    _add(one, kind).text = _plain(value)


def _add(parent: etree._Element, kind: str, /, **attributes: str) -> etree._Element:
    return etree.SubElement(parent, f"{{{_NAMESPACE}}}{kind}", attributes)


def _plain(text: str) -> str:
    """A text on one line, with nothing in it that XML cannot hold."""
    return " ".join(normalise(text).split())

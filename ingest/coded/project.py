"""A REFI-QDA project or codebook (.qde, .qdc) as values: its codes, its cases and what was selected in its texts.

The standard is REFI-QDA 1.5 (qdasoftware.org). Elements are told by their names alone, since not every tool gives them
the standard's namespace.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

from lxml import etree

from ingest.coded.codes import Code
from ingest.coded.counting import Told, stretches
from research.errors import BadInput
from research.exchange.guids import TAGGER
from research.litter import normalise
from research.phrases import count

Opener = Callable[[str], bytes | None]  # an internal file by its name, or None where there is none


@dataclass(frozen=True, slots=True)
class Selected:
    """What a person selected in a text, by the ids of the codes that they put on it; `text[start:end]`."""

    id: str
    start: int
    end: int
    codes: tuple[str, ...]
    comment: str = ""


@dataclass(frozen=True, slots=True)
class Case:
    """Somebody, or something, that sources and selections belong to, with what is known of it by name."""

    id: str
    name: str
    facts: Mapping[str, str]
    sources: tuple[str, ...]
    selections: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Text:
    """A source in words. `codes` are on the whole of it, `times` are (place in the text, seconds). `source` is the id
    of the PDF or recording that the words are of, which cases speak of; else it is `id`."""

    id: str
    name: str
    text: str
    selected: tuple[Selected, ...]
    codes: tuple[str, ...] = ()
    facts: Mapping[str, str] = field(default_factory=dict)
    times: tuple[tuple[int, float], ...] = ()
    source: str = ""

    def belongs_to(self, case: Case) -> bool:
        """Whether the whole of it belongs to a case."""
        return self.id in case.sources or self.source in case.sources


@dataclass(frozen=True, slots=True)
class Project:
    """A project: `without_words` are (what was selected, its codes) where that is a picture, a sound or a place on a
    page; `left_out` are phrases on what else nothing was made of. `sets` are (description, sources)."""

    origin: str
    codes: tuple[Code, ...]
    texts: tuple[Text, ...]
    cases: tuple[Case, ...]
    without_words: tuple[tuple[str, tuple[str, ...]], ...] = ()
    left_out: tuple[str, ...] = ()
    sets: tuple[tuple[str, tuple[str, ...]], ...] = ()


def parse(data: bytes, name: str) -> etree._Element:
    """The XML of a project or a codebook. Raises BadInput where it is none, and for what a hostile one has."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        root = etree.fromstring(data, parser)
    except etree.XMLSyntaxError as error:
        line = f" (line {error.lineno})" if error.lineno else ""
        raise BadInput(f"{name} holds no XML that can be read{line}. Export it again.") from error
    if root.getroottree().docinfo.internalDTD is not None:
        raise BadInput(f"{name} declares a document type, which no REFI-QDA file needs, and was not read.")
    return root


def codes_of(root: etree._Element) -> tuple[Code, ...]:
    """All codes of a project or codebook, each behind what it stands under."""
    found: list[Code] = []
    tops = [one for group in _all(root, "Codes") for one in _children(group, "Code")]
    waiting: list[tuple[etree._Element, tuple[str, ...]]] = [(one, ()) for one in reversed(tops)]
    while waiting:
        element, path = waiting.pop()
        name = _line(element.get("name"))
        codable = element.get("isCodable", "true").strip().lower() not in ("false", "0")
        found.append(Code(_id(element.get("guid")), name, path, _text(element, "Description"), codable))
        waiting += [(child, (*path, name)) for child in _children(element, "Code")][::-1]
    return tuple(found)


def project(data: bytes, name: str, opener: Opener) -> Project:
    """The project in a .qde file; `opener` gives the internal files that it speaks of. Raises BadInput."""
    root = parse(data, name)
    if _name(root) != "Project":
        raise BadInput(f"{name} is no REFI-QDA project: its XML begins with “{_name(root)[:40]}”. Export it again.")
    variables = {_id(one.get("guid")): _line(one.get("name")) for one in _all(root, "Variable")}
    reading = _Reading(root.get("origin", ""), variables, opener)
    texts = tuple(reading.texts(root))
    cases = tuple(
        Case(
            _id(one.get("guid")),
            _line(one.get("name")),
            reading.facts(one),
            _targets(one, "SourceRef"),
            _targets(one, "SelectionRef"),
        )
        for one in _all(root, "Case")
    )
    for what, many, elements in (
        ("memo", "memos", "Note"), ("link", "links", "Link"), ("set", "sets", "Set"), ("graph", "graphs", "Graph"),
    ):  # fmt: skip
        reading.lost[what, many] += sum(1 for _ in _all(root, elements))
    left_out = (*(count(n, one, many) for (one, many), n in reading.lost.items() if n), *reading.refused)
    sets = tuple((_lines(one, "Description"), _targets(one, "MemberSource")) for one in _all(root, "Set"))
    return Project(root.get("origin", ""), codes_of(root), texts, cases, tuple(reading.without_words), left_out, sets)


class _Reading:
    """Walks a project's sources once, and counts what nothing can be made of."""

    def __init__(self, origin: str, variables: Mapping[str, str], opener: Opener) -> None:
        self.origin = origin
        self.variables = variables
        self.opener = opener
        self.lost: Counter[tuple[str, str]] = Counter()
        self.refused: list[str] = []
        self.without_words: list[tuple[str, tuple[str, ...]]] = []

    def texts(self, root: etree._Element) -> Iterator[Text]:
        for source in (one for group in _children(root, "Sources") for one in group if isinstance(one.tag, str)):
            kind = _name(source)
            if kind == "TextSource":
                yield from self._text(source, source)
            elif kind == "PDFSource":
                written = next(iter(_children(source, "Representation")), None)
                if written is None:
                    self._refuse(source, "is a PDF whose words the project does not hold")
                else:
                    yield from self._text(source, written)
                there = {_id(one.get("guid")) for one in _all(source, "PlainTextSelection")}
                self._areas(source, "PDFSelection", "a place on a page", there)
            elif kind == "PictureSource":
                self.lost["picture", "pictures"] += 1
                self._areas(source, "PictureSelection", "a part of a picture", set())
            elif kind in ("AudioSource", "VideoSource"):
                transcripts = _children(source, "Transcript")
                if not transcripts:
                    self.lost["recording without its words", "recordings without their words"] += 1
                for transcript in transcripts:
                    yield from self._text(source, transcript)
                there = {_id(one.get("guid")) for one in _all(source, "TranscriptSelection")}
                self._areas(source, kind.replace("Source", "Selection"), "a part of a recording", there)

    def facts(self, element: etree._Element) -> dict[str, str]:
        """What is known of a case or a source: the names of variables, with their values as they are written."""
        found = {}
        for value in _children(element, "VariableValue"):
            name = next((self.variables.get(target, "") for target in _targets(value, "VariableRef")), "")
            said = next((_line(one.text) for one in value if _name(one) != "VariableRef"), "")
            if name and said:
                found[name] = said
        return found

    def _text(self, source: etree._Element, written: etree._Element) -> Iterator[Text]:
        words = self._words(source, written)
        if words is None:
            return
        text, bom = words
        points = {
            _id(one.get("guid")): (_number(one.get("position")), _number(one.get("timeStamp")))
            for one in _children(written, "SyncPoint")
        }
        elements: list[etree._Element] = []
        told: list[Told] = []
        for one in (*_children(written, "PlainTextSelection"), *_children(written, "TranscriptSelection")):
            if (places := _places(one, points)) is None:
                self.without_words.append(
                    (_line(one.get("name")) or "a part without a beginning or an end", _codes(one))
                )
                continue
            elements.append(one)
            told.append(Told(*places, one.get("name", "")))
            self.lost["comment on a selection", "comments on selections"] += bool(
                _text(one, "Description") or _children(one, "NoteRef")
            )
        places_of_times = [(at, ms) for at, ms in points.values() if at is not None and ms is not None]
        counted = stretches(
            text, [*told, *(Told(at, at, "") for at, _ in places_of_times)], bom=bom, origin=self.origin
        )
        selected = tuple(
            Selected(_id(one.get("guid")), *places, _codes(one), _lines(one, "Description"))
            for one, places in zip(elements, counted[: len(told)], strict=True)
        )
        times = sorted((at, ms / 1000) for (at, _), (_, ms) in zip(counted[len(told) :], places_of_times, strict=True))
        name = _line(source.get("name"))
        whole = tuple(dict.fromkeys((*_codes(source), *_codes(written))))
        facts = self.facts(source) | (self.facts(written) if written is not source else {})
        of, own = _id(source.get("guid")), _id(written.get("guid") or source.get("guid"))
        yield Text(own, name, text, selected, whole, facts, tuple(times), of)

    def _words(self, source: etree._Element, written: etree._Element) -> tuple[str, bool] | None:
        """A text with its line ends as they are, and whether a mark stood at its beginning."""
        inside = _children(written, "PlainTextContent")
        if inside and inside[0].text:
            return inside[0].text, False
        path = written.get("plainTextPath", "")
        if not path.startswith("internal://"):
            why = "lies outside the project file, and was not looked for" if path else "has no words in the project"
            self._refuse(source, why)
            return None
        data = self.opener(path.removeprefix("internal://").lstrip("/"))
        if data is None:
            self._refuse(source, "is missing from the project file")
            return None
        for mark, encoding in ((b"\xef\xbb\xbf", "utf-8"), (b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be")):
            if data.startswith(mark):
                return data[len(mark) :].decode(encoding, errors="replace"), True
        return data.decode("utf-8", errors="replace"), False

    def _areas(self, source: etree._Element, kind: str, what: str, there: set[str]) -> None:
        """Selections that are no words. A PDF's often stand in its text once more; those are counted there."""
        for one in _children(source, kind):
            words = next((_text(written, "PlainTextContent") for written in _children(one, "Representation")), "")
            if _id(one.get("guid")) not in there:
                self.without_words.append((words or _line(one.get("name")) or what, _codes(one)))

    def _refuse(self, source: etree._Element, why: str) -> None:
        self.refused.append(f"“{_line(source.get('name'))[:80]}” {why}")


def _places(one: etree._Element, points: Mapping[str, tuple[int | None, int | None]]) -> tuple[int, int] | None:
    if _name(one) == "PlainTextSelection":
        start, end = _number(one.get("startPosition")), _number(one.get("endPosition"))
    else:
        start, end = (points.get(_id(one.get(end)), (None, None))[0] for end in ("fromSyncPoint", "toSyncPoint"))
    return None if start is None or end is None or not 0 <= start < end else (start, end)


def _codes(element: etree._Element) -> tuple[str, ...]:
    """The codes on something, but for those that Heard's own tagger put there and nobody confirmed."""
    codings = (one for one in _children(element, "Coding") if _id(one.get("creatingUser")) != str(TAGGER))
    found = (target for coding in codings for target in _targets(coding, "CodeRef"))
    return tuple(dict.fromkeys(found))


def _targets(element: etree._Element, kind: str) -> tuple[str, ...]:
    return tuple(_id(one.get("targetGUID")) for one in _children(element, kind))


def _id(guid: str | None) -> str:
    return (guid or "").strip(" {}").lower()


def _number(said: str | None) -> int | None:
    try:
        return int(said) if said and len(said) < 16 else None
    except ValueError:
        return None


def _name(element: etree._Element) -> str:
    return etree.QName(element).localname if isinstance(element.tag, str) else ""


def _children(element: etree._Element, name: str) -> list[etree._Element]:
    return [one for one in element if _name(one) == name]


def _all(root: etree._Element, name: str) -> Iterator[etree._Element]:
    return (one for one in root.iter(f"{{*}}{name}"))


def _text(element: etree._Element, name: str) -> str:
    return _line(next((one.text for one in _children(element, name)), ""))


def _lines(element: etree._Element, name: str) -> str:
    return normalise(next((one.text or "" for one in _children(element, name)), ""))


def _line(text: str | None) -> str:
    return " ".join(normalise(text or "").split())

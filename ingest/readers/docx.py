"""Word documents: paragraphs and tables in the order of the page, tracked insertions and text boxes included."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from typing import Any

from ingest.models import Document, Metadata, ReadOptions, Source
from ingest.readers import assemble, cues, ooxml
from ingest.readers.clean import squeezed
from ingest.readers.lines import BLANK, Kind, Line, wrapped_marked
from research.errors import BadInput
from research.litter import normalise

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_MOST_ELEMENTS = 1_000_000  # a book of 1,000 pages has some 300,000
_HEADING = re.compile(r"(?:heading|überschrift|titre|título)\s*(\d)", re.I)
_TYPED_BULLET = re.compile(r"(?:[•●▪◦‣·○■□➢]\s*|[-*–]\s+)(?=\S)")


def read_docx(source: Source, options: ReadOptions) -> list[Document]:
    """One document of a .docx file; BadInput where it is encrypted, damaged, a zip bomb or holds no text."""
    lines, title = _opened(source, options)
    text = "\n".join(line.text for line in lines)
    if cues.looks_like_cues(text):
        found = cues.from_text(text, source.name, options)
        return [Document(found.blocks, found.metadata, "docx", origins=found.origins, left_out=found.left_out)]
    known = Metadata(title=title if len(title) > 3 and title.casefold() not in ("word document", "untitled") else "")
    return [assemble.document(wrapped_marked(lines), source.name, "docx", options, known, "document properties")]


def lines_of(source: Source, options: ReadOptions) -> list[Line]:
    """The lines of a .docx file as they stand there, before anything is known of who says them. Raises BadInput."""
    return _opened(source, options)[0]


def _opened(source: Source, options: ReadOptions) -> tuple[list[Line], str]:
    """The lines of a document, and the title in its properties."""
    ooxml.checked(source, options, "word/", ".docx", _MOST_ELEMENTS)
    import docx

    try:
        document = docx.Document(io.BytesIO(source.data))
        styles = {style.style_id: (style.name or "") for style in document.styles}
        return list(_lines(document.element.body, styles)), squeezed(normalise(document.core_properties.title or ""))
    except Exception as error:  # python-docx raises whatever a broken file runs it into
        raise BadInput(f"{source.name} is damaged or no .docx file. Open it, save it again and retry.") from error


def _lines(body: Any, styles: dict[str, str]) -> Iterator[Line]:
    """Lines of the paragraphs and tables in the body, content controls looked into."""
    stack = [iter(body)]
    while stack:
        element = next(stack[-1], None)
        if element is None:
            stack.pop()
        elif element.tag == f"{_W}p":
            yield from _paragraph(element, styles)
        elif element.tag == f"{_W}tbl":
            rows = tuple(_rows(element, styles))
            if rows and max(len(row) for row in rows) == 1:  # a frame around text
                for paragraph in element.iter(f"{_W}p"):
                    yield from _paragraph(paragraph, styles)
            elif rows:
                yield Line("table", rows=rows)
        elif element.tag in (f"{_W}sdt", f"{_W}sdtContent", f"{_W}ins", f"{_W}smartTag", f"{_W}customXml"):
            stack.append(iter(element))


def _rows(table: Any, styles: dict[str, str]) -> Iterator[tuple[str, ...]]:
    for row in table.iter(f"{_W}tr"):
        if _closest(row, f"{_W}tbl") is not table:
            continue
        yield tuple(
            squeezed(" ".join(line.text for paragraph in cell.iter(f"{_W}p") for line in _paragraph(paragraph, styles)))
            for cell in row.iter(f"{_W}tc")
            if _closest(cell, f"{_W}tr") is row
        )


def _closest(element: Any, tag: str) -> Any:
    return next(element.iterancestors(tag), None)


def _paragraph(paragraph: Any, styles: dict[str, str]) -> Iterator[Line]:
    """A paragraph's lines: usually one, more where it has line breaks or holds a text box."""
    style = styles.get(_value(paragraph, "pPr/pStyle"), "")
    kind: Kind = "text"
    level = 0
    outline = _value(paragraph, "pPr/outlineLvl")
    if heading := _HEADING.search(style):
        kind, level = "heading", int(heading.group(1))
    elif style.casefold() in ("title", "subtitle"):
        kind, level = "heading", 1
    elif re.fullmatch(r"[0-8]", outline):
        kind, level = "heading", int(outline) + 1
    elif "quote" in style.casefold():
        kind = "quote"
    elif paragraph.find(f"{_W}pPr/{_W}numPr") is not None or "list" in style.casefold():
        kind = "number" if "number" in style.casefold() else "bullet"
        depth = _value(paragraph, "pPr/numPr/ilvl")
        named = re.search(r"[1-9]", style)
        level = 2 * int(depth) if re.fullmatch(r"[0-9]", depth) else 2 * int(named[0]) - 2 if named else 0
    parts = list(_runs(paragraph))
    line: list[tuple[str, bool]] = []
    empty = True
    for text, bold in [*parts, ("\n", False)]:
        pieces = text.split("\n")
        for at, piece in enumerate(pieces):
            if at:
                made = _line(line, kind, level)
                if made is not BLANK:
                    empty = False
                    yield made
                line = []
            if piece:
                line.append((piece, bold))
    if empty or kind == "text":
        yield BLANK


def _runs(paragraph: Any) -> Iterator[tuple[str, bool]]:
    """(text, bold) of each run in order; deleted text and the second copy of text boxes are not there."""
    for node in paragraph.iter(f"{_W}t", f"{_W}tab", f"{_W}br", f"{_W}cr", f"{_W}noBreakHyphen"):
        if _closest(node, _FALLBACK) is not None:
            continue
        if node.tag == f"{_W}tab" and _closest(node, f"{_W}r") is None:
            continue
        run = _closest(node, f"{_W}r")
        mark = run.find(f"{_W}rPr/{_W}b") if run is not None else None
        bold = mark is not None and mark.get(f"{_W}val") not in ("0", "false", "off")
        text = {f"{_W}t": node.text or "", f"{_W}tab": "  ", f"{_W}noBreakHyphen": "-"}.get(node.tag, "\n")
        yield normalise(text), bold


def _line(parts: list[tuple[str, bool]], kind: Kind, level: int) -> Line:
    whole = squeezed("".join(text for text, _ in parts))
    if not whole:
        return BLANK
    opening = ""
    for text, bold in parts:
        if not bold and text.strip():
            break
        opening += text
    opening = squeezed(opening)
    if kind == "text" and (typed := _TYPED_BULLET.match(whole)):
        kind, whole, opening = (
            "bullet",
            whole[typed.end() :],
            opening[typed.end() :] if opening.startswith(typed.group().strip()) else opening,
        )
    return Line(kind, whole, level, opening if kind != "heading" else "")


def _value(paragraph: Any, path: str) -> str:
    node = paragraph.find("/".join(f"{_W}{step}" for step in path.split("/")))
    return (node.get(f"{_W}val") or "") if node is not None else ""

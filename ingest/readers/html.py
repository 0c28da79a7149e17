"""Web pages: what a person reads of them, with headings, lists, tables, quotes and bold kept as structure."""

from __future__ import annotations

import re
import warnings
from html import escape
from typing import Any

from ingest.models import Document, Metadata, ReadOptions, Source
from ingest.readers import assemble, cues
from ingest.readers.clean import spans_removed, squeezed
from ingest.readers.decode import decode
from ingest.readers.lines import BLANK, Kind, Line
from research.errors import BadInput
from research.litter import normalise

_DROPPED = frozenset(
    (
        "script",
        "style",
        "nav",
        "header",
        "footer",
        "noscript",
        "template",
        "head",
        "svg",
        "button",
        "select",
        "aside",
        "iframe",
    )
)
_BLOCKS = frozenset(
    (
        "p",
        "div",
        "section",
        "article",
        "main",
        "ul",
        "ol",
        "dl",
        "dt",
        "dd",
        "figure",
        "figcaption",
        "address",
        "pre",
        "hr",
        "body",
        "details",
        "summary",
        "table",
        "thead",
        "tbody",
    )
)
_HEADINGS = {f"h{level}": level for level in range(1, 7)}
_BOLD = frozenset(("b", "strong"))
_MARKED = re.compile(r"<!\[[^<>]{0,300}>")  # <![if !mso]>
_NO_TAG = re.compile(r"<(?!(?:/?[a-zA-Z]|!(?!\[)|\?)[^<>]*+>)")
_MOST_TAGS = 100_000
_CHARSET = re.compile(rb"<meta[^>]{0,200}charset\s*=\s*[\"']?\s*([a-zA-Z0-9_\-]{2,30})", re.I)


def read_html(source: Source, options: ReadOptions) -> list[Document]:
    """One document of an .html file; its <title> counts when no heading says more."""
    from bs4 import BeautifulSoup
    from bs4.element import Tag

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it warns of pages that look like XML, or like a file's name
        soup = BeautifulSoup(_parsable(_text(source), source.name), "html.parser")
    title = next((tag for tag in soup.descendants if isinstance(tag, Tag) and tag.name == "title"), None)
    walker = _Walker()
    walker.walk(soup)
    text = "\n".join(line.text for line in walker.lines)
    if cues.looks_like_cues(text):
        found = cues.from_text(text, source.name, options)
        return [Document(found.blocks, found.metadata, "html", origins=found.origins, left_out=found.left_out)]
    heading = any(line.kind == "heading" and line.level <= 2 for line in walker.lines)
    known = Metadata(title=squeezed(normalise(title.get_text()))[:200] if title is not None and not heading else "")
    return [assemble.document(walker.lines, source.name, "html", options, known, "page title")]


def _text(source: Source) -> str:
    """The page's text, by the encoding it declares where that is not what decode would try first anyway."""
    declared = _CHARSET.search(source.data[:4096])
    if declared and not source.data.startswith((b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")):
        encoding = declared.group(1).decode("ascii")
        if encoding.lower() not in ("utf-8", "utf8") and b"\x00" not in source.data[:4096]:
            try:
                return decode(source.data.decode(encoding).encode("utf-8", "replace"), source.name)
            except (LookupError, ValueError):
                pass
    return decode(source.data, source.name)


def _parsable(text: str, name: str) -> str:
    """The page without comments and marked sections, and with each “<” that opens nothing as a character: what never
    closes costs html.parser quadratic time. Raises BadInput where there are more tags than a page has."""
    plain = spans_removed(text, "<!--", "-->").replace("<!--", "")
    first, *sections = plain.split("<![CDATA[")
    for section in sections:
        inside, closed, after = section.partition("]]>")
        first += escape(inside) + after if closed else inside
    found = _NO_TAG.sub("&lt;", _MARKED.sub(" ", first))
    if found.count("<") > _MOST_TAGS:
        raise BadInput(f"{name} has more than {_MOST_TAGS:,} tags. Save it as text, or split it, and try again.")
    return found


class _Walker:
    """Goes through the tree with a stack of its own, so that deep nesting is no danger, and gathers lines."""

    def __init__(self) -> None:
        self.lines: list[Line] = []
        self.parts: list[tuple[str, bool]] = []
        self.kind: Kind = "text"
        self.level = 0
        self.bold = 0
        self.lists: list[str] = []
        self.quotes = 0
        self.rows: list[list[str]] = []
        self.cell: list[str] | None = None
        self.tables = 0

    def walk(self, root: Any) -> None:
        from bs4.element import CData, NavigableString, Tag

        stack: list[tuple[Any, Any]] = [(root, iter(root.contents))]
        while stack:
            node, children = stack[-1]
            child = next(children, None)
            if child is None:
                stack.pop()
                if node is not root:
                    self.close(node.name)
            elif isinstance(child, Tag):
                if child.name not in _DROPPED and child.get("hidden") is None:
                    self.open(child.name)
                    stack.append((child, iter(child.contents)))
            elif type(child) in (NavigableString, CData):
                self.text(normalise(str(child)))
        self.flush()

    def text(self, text: str) -> None:
        if self.cell is not None:
            self.cell.append(text)
        else:
            self.parts.append((text, self.bold > 0))

    def open(self, tag: str) -> None:
        if tag in _BOLD:
            self.bold += 1
        elif tag == "table":
            self.flush()
            self.tables += 1
        elif tag == "tr" and self.tables == 1:
            self.rows.append([])
        elif tag in ("td", "th") and self.tables == 1:
            self.cell = []
        elif tag == "br":
            self.text(" ") if self.cell is not None else self.flush(blank=False)
        elif self.cell is not None:
            self.cell.append(" ")
        elif tag in _HEADINGS:
            self.flush()
            self.kind, self.level = "heading", _HEADINGS[tag]
        elif tag in ("ul", "ol"):
            self.flush(blank=not self.lists)
            self.lists.append(tag)
        elif tag == "li":
            self.flush(blank=False)
            self.kind = "number" if self.lists and self.lists[-1] == "ol" else "bullet"
            self.level = 2 * max(len(self.lists) - 1, 0)
        elif tag == "blockquote":
            self.flush()
            self.quotes += 1
        elif tag in _BLOCKS and not (tag in ("p", "div") and self.kind in ("bullet", "number") and not self.said()):
            self.flush()

    def close(self, tag: str) -> None:
        if tag in _BOLD:
            self.bold = max(0, self.bold - 1)
        elif tag in ("td", "th") and self.tables == 1 and self.cell is not None:
            if self.rows:
                self.rows[-1].append(squeezed("".join(self.cell)))
            self.cell = None
        elif tag == "table":
            self.tables = max(0, self.tables - 1)
            if not self.tables:
                self.cell = None
                self.table()
        elif self.cell is not None:
            self.cell.append(" ")
        elif tag in ("ul", "ol"):
            self.flush(blank=False)
            if self.lists:
                self.lists.pop()
        elif tag == "blockquote":
            self.flush()
            self.quotes = max(0, self.quotes - 1)
        elif tag in _HEADINGS or tag == "li" or tag in _BLOCKS:
            self.flush(blank=tag != "li")

    def table(self) -> None:
        rows = tuple(tuple(row) for row in self.rows if row)
        self.rows = []
        if rows and max(len(row) for row in rows) == 1:
            self.lines += [Line("text", row[0]) for row in rows if row and row[0]]
        elif rows:
            self.lines.append(Line("table", rows=rows))

    def said(self) -> bool:
        return any(text.strip() for text, _ in self.parts)

    def flush(self, blank: bool = True) -> None:
        """End the line that is being gathered."""
        whole = squeezed("".join(text for text, _ in self.parts))
        opening = ""
        for text, bold in self.parts:
            if not bold and text.strip():
                break
            opening += text
        self.parts = []
        if whole:
            kind: Kind = "quote" if self.quotes and self.kind == "text" else self.kind
            self.lines.append(Line(kind, whole, self.level, squeezed(opening) if kind != "heading" else ""))
        if blank and self.lines and self.lines[-1] is not BLANK and (whole or self.lines[-1].kind == "text"):
            self.lines.append(BLANK)
        if self.kind == "heading" or whole:
            self.kind, self.level = "text", 0

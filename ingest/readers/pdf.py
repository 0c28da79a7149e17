"""PDFs: the text of the pages without running heads and page numbers, words and paragraphs put together again."""

from __future__ import annotations

import io
import logging
import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from ingest.models import Document, Metadata, ReadOptions, Source
from ingest.readers import assemble, cues
from ingest.readers.clean import squeezed
from ingest.readers.lines import BLANK, Line, item
from research.errors import BadInput
from research.litter import normalise

_PAGE_NUMBER = re.compile(r"(?:page\s+)?[-–—\s]*(?:\d{1,4}|[ivxlc]{1,6})[-–—\s]*(?:(?:of|/)\s*\d{1,4})?$", re.I)
_BULLET = re.compile(r"(?:[•●▪◦‣·○■□➢]\s*|[-*–]\s+)(?=\S)")
_HYPHEN = re.compile(r"[^\W\d_]{2,}-$")
_HEAVY = re.compile(r"bold|black|heavy", re.I)
_LIGATURES = re.compile("[\ufb00-\ufb06]")
_PT = 1.15
_MOST_PAGES = 5_000
_WORST_RATIO = 20  # what draws a page unfolds to so many times the file; usual is five to eight
_LEAST = 512 * 1024  # bytes that any file may unfold to
_STEP = 8  # bytes that a step of drawing takes at least, on average
_FORM = 512  # the same for a step that draws a part by its name, which may draw others
_Piece = tuple[str, float, bool]


@dataclass(frozen=True, slots=True)
class _Row:
    """A line as it stands on the page, with the size of its letters and whether they are bold."""

    text: str
    size: float
    bold: bool


def read_pdf(source: Source, options: ReadOptions) -> list[Document]:
    """One document of a .pdf file; BadInput where it is encrypted, damaged or a scan without text."""
    logging.getLogger("pypdf").setLevel(logging.CRITICAL)  # it warns about every oddity, with pieces of the file
    import pypdf

    name = source.name
    try:
        reader = pypdf.PdfReader(io.BytesIO(source.data))
        if reader.is_encrypted and not reader.decrypt(""):
            raise BadInput(f"{name} is password-protected: remove the password and try again.")
        pages = list(_pages(reader, len(source.data), name))
        title = squeezed(normalise(str((reader.metadata.title if reader.metadata else None) or "")))
    except BadInput:
        raise
    except pypdf.errors.DependencyError as error:
        raise BadInput(
            f"{name} is encrypted in a way that cannot be opened: print it to a new PDF and try again."
        ) from error
    except Exception as error:  # pypdf raises whatever a broken file runs it into, from KeyError to RecursionError
        raise BadInput(f"{name} is damaged and cannot be read as a PDF. Open it, export it again and retry.") from error
    words = sum(len(row.text.split()) for page in pages for row in page)
    if not words:
        count = f"{len(pages)} page{'' if len(pages) == 1 else 's'}"
        raise BadInput(f"{name} has {count} but no text: it looks scanned. Run it through OCR and try again.")
    rows = _body(pages)
    text = "\n".join(row.text for row in rows if row)
    if cues.looks_like_cues(text):
        found = cues.from_text(text, name, options)
        return [Document(found.blocks, found.metadata, "pdf", origins=found.origins, left_out=found.left_out)]
    known = Metadata(
        title=title
        if 3 < len(title) < 150 and not re.search(r"\.(?:docx?|indd|pptx?|pdf)\b|^Microsoft|^untitled", title, re.I)
        else ""
    )
    return [assemble.document(list(_lines(rows)), name, "pdf", options, known, "document properties")]


def _pages(reader: Any, size: int, name: str) -> Iterator[list[_Row]]:
    """The rows of each page. Raises BadInput where the pages are many, or what draws them much, for a file of this
    size: a small one may hold one page a million times, or unfold for minutes."""
    if len(reader.pages) > _MOST_PAGES:
        raise BadInput(f"{name} has more than {_MOST_PAGES:,} pages. Split it and try again.")
    left = _Left(_LEAST + _WORST_RATIO * size, _LEAST + _WORST_RATIO * size, name)
    for page in reader.pages:
        contents = page.get_contents()
        left.unfold(len(contents.get_data()) if contents is not None else 0)
        yield _page(page, left)


@dataclass(slots=True)
class _Left:
    """How much of a file may still be read: bytes that draw its pages, and steps that they are drawn in."""

    unfolded: int
    steps: int
    name: str

    def unfold(self, size: int) -> None:
        self.unfolded -= size
        self._check(self.unfolded)

    def draw(self, operator: bytes, *_: object) -> None:
        self.steps -= _FORM if operator == b"Do" else _STEP
        self._check(self.steps)

    def _check(self, left: int) -> None:
        if left < 0:
            raise BadInput(
                f"{self.name} unfolds to far more than its size, as a zip bomb does, and was not read. Print it to a "
                f"new PDF and try again."
            )


def _page(page: Any, left: _Left) -> list[_Row]:
    """The rows of a page in the order that pypdf finds them.

    Where a page places every word by itself, pypdf ends a line after each word; words at one height are one row.
    """
    rows: list[_Row] = []
    current: list[_Piece] = []
    height: float | None = None
    broken = False

    def visit(text: str, frame: Any, matrix: Any, font: Any, size: Any) -> None:
        nonlocal height, broken, current
        if not text:
            return
        at, letters = _placed(frame, matrix, float(size or 0))
        bold = bool(font) and _HEAVY.search(str(font.get("/BaseFont", ""))) is not None
        for index, part in enumerate(_LIGATURES.sub(_split_ligature, normalise(text)).split("\n")):
            if index and text.strip():
                broken = True
            if not part.strip():
                broken = broken or bool(index) or not text.strip(" ")
                if part and current:
                    current.append((part, letters, bold))
                continue
            same = index == 0 and height is not None and abs(at - height) <= 0.35 * max(letters, 1.0)
            if broken and not same:
                rows.append(_row(current))
                gap = height is not None and abs(at - height) > 1.9 * max(letters, 1.0)
                if gap:
                    rows.append(_Row("", 0.0, False))
                current = []
            elif broken:
                current.append((" ", letters, bold))
            current.append((part, letters, bold))
            height, broken = at, False

    page.extract_text(visitor_text=visit, visitor_operand_before=left.draw)
    rows.append(_row(current))
    return rows


def _placed(frame: Any, matrix: Any, size: float) -> tuple[float, float]:
    """The height on the page and the size of the letters that the two matrices of a piece of text come to."""
    try:
        at = matrix[4] * frame[1] + matrix[5] * frame[3] + frame[5]
        scale = abs(matrix[3] * frame[3]) or abs(matrix[1] * frame[2]) or 1.0
    except (TypeError, IndexError):
        return 0.0, size
    return float(at), round(size * float(scale), 1)


def _split_ligature(found: re.Match[str]) -> str:
    return unicodedata.normalize("NFKC", found.group())


def _row(parts: Sequence[_Piece]) -> _Row:
    text = squeezed("".join(part for part, _, _ in parts))
    sizes = Counter[float]()
    for part, size, _ in parts:
        sizes[size] += len(part.strip())
    filled = [bold for part, _, bold in parts if part.strip()]
    return _Row(text, sizes.most_common(1)[0][0] if sizes else 0.0, bool(filled) and all(filled))


def _body(pages: Sequence[Sequence[_Row]]) -> list[_Row | None]:
    """The rows of all pages without heads, feet and page numbers; None marks a gap."""
    edges = Counter[str]()
    filled = [[row for row in page if row.text] for page in pages]
    for page in filled:
        edges.update({_shape(row.text) for row in [*page[:3], *page[-3:]]})
    repeated = {shape for shape, count in edges.items() if count >= 3 and count >= 0.5 * len(pages)}
    body: list[_Row | None] = []
    for rows_of_page in pages:
        rows = [row for row in rows_of_page if row.text]
        last = len(rows) - 1
        at = -1
        for row in rows_of_page:
            if not row.text:
                body.append(None)
                continue
            at += 1
            edge = at < 3 or at > last - 3
            if edge and (_shape(row.text) in repeated or (at in (0, last) and _PAGE_NUMBER.match(row.text))):
                continue
            body.append(row)
    return body


def _shape(text: str) -> str:
    return re.sub(r"\d+", "#", text.casefold())


def _lines(rows: Sequence[_Row | None]) -> Iterator[Line]:
    """Rows as lines: wrapped ones joined, hyphens at line ends undone, larger or bold short ones as headings."""
    sizes = Counter[float]()
    for row in rows:
        if row:
            sizes[row.size] += len(row.text)
    usual = sizes.most_common(1)[0][0] if sizes else 0.0
    lengths = sorted(len(row.text) for row in rows if row and row.size == usual)
    width = lengths[int(len(lengths) * 0.85)] if lengths else 80
    held: list[str] = []
    before: _Row | None = None
    gap = False
    for row in rows:
        if row is None:
            gap = True
            continue
        ends = before is not None and gap and _ended(before.text, width) and not row.text[:1].islower()
        if before is not None and (ends or not _goes_on(before, row, width, usual)):
            yield from _flushed(held, before, usual)
            held = []
        held = _joined(held, row.text)
        before, gap = row, False
    if held and before:
        yield from _flushed(held, before, usual)


def _joined(held: list[str], text: str) -> list[str]:
    if held and _HYPHEN.search(held[-1][-40:]) and text[:1].islower():
        return [*held[:-1], held[-1][:-1] + text] if len(held) < 50 else [*held, text]
    held.append(text)
    return held


def _ended(text: str, width: int) -> bool:
    return len(text) < 0.75 * width or text.rstrip("\"'”’)")[-1:] in ".!?:;"


def _goes_on(before: _Row, row: _Row, width: int, usual: float) -> bool:
    """Whether a row is the rest of the one before: of the same letters, after a full row or in lower case."""
    if _is_title(before, usual) or _is_title(row, usual):
        return _is_title(before, usual) and _is_title(row, usual) and before.size == row.size and len(before.text) > 25
    if _BULLET.match(row.text) or row.bold != before.bold or re.match(r"\d{1,2}[.)]\s", row.text):
        return False
    if re.match(r"[\w .'’()]{1,40}:\s", row.text) and before.text[-1:] in '.!?"”':
        return False
    if row.text[:1].islower():
        return True
    return len(before.text) + len(row.text.split(" ", 1)[0]) >= 0.85 * width and not (
        before.text[-1:] in ".!?" and len(before.text) < 0.9 * width
    )


def _is_title(row: _Row, usual: float) -> bool:
    return row.size > _PT * usual > 0 and len(row.text) < 160


def _flushed(held: Sequence[str], last: _Row, usual: float) -> Iterator[Line]:
    text = squeezed(" ".join(held))
    if _is_title(last, usual) and len(text) < 250:
        yield Line("heading", text, 1 if last.size > 1.6 * usual else 2)
    elif bullet := _BULLET.match(text):
        yield item("bullet", text[bullet.end() :].replace("*", "\\*").replace("_", "\\_"))
    else:
        number = re.match(r"\d{1,2}[.)]\s+", text)
        bold = text if last.bold and len(text) < 160 else ""
        yield Line(
            "number" if number and not bold else "text", text[number.end() :] if number and not bold else text, 0, bold
        )
    yield BLANK

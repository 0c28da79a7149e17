"""A brief as a Word document: the same parts as the page, charts as pictures, the numbers behind them at the end."""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import Any

from research.brief import Brief
from research.briefs import charts, document, office
from research.briefs.hyperlink import bookmark_name, hyperlink
from research.briefs.office import FAINT, INK, SANS, SERIF
from research.briefs.parts import Contents, Figure, Heading, Paragraph, Part, Quote, Run, Source, Table, Title

_TEXT = 162  # millimetres that text is wide
_CHART = 640  # pixels of a chart, of which 96 make an inch


def docx(brief: Brief, *, url: str = "") -> bytes:
    """A brief as a Word file. Raises BadInput for an address that is none."""
    from docx import Document

    parts = document.parts(brief, url=url)
    made = Document()
    _dress(made)
    writer = _Writer(made)
    for part, following in pairwise([*parts, None]):
        if part:
            writer.write(part, following)
    tables = [part.table for part in parts if isinstance(part, Figure)]
    if tables:
        writer.write(Heading(1, "The numbers behind the charts"))
    for table in tables:
        writer.table(table)
    name = next(part.text for part in parts if isinstance(part, Title))
    office.describe(made.core_properties, name, brief.window.until)
    file = io.BytesIO()
    made.save(file)
    return office.settled(file.getvalue(), brief.window.until)


class _Writer:
    """Appends parts to a Word document; bookmarks are numbered as they come."""

    def __init__(self, made: Any) -> None:
        self._made = made
        self._bookmarks = 0
        self._opening = False  # whether the last part was the heading of a theme or an insight

    def write(self, part: Part, following: Part | None = None) -> None:
        """Append a part, on one page with what it introduces."""
        match part:
            case Title():
                self._made.add_paragraph(part.text, style="Title")
                self._made.add_paragraph(part.under, style="Subtitle")
            case Heading():
                self._heading(part)
            case Contents():
                runs = [Run(text, href=f"#{anchor}") for anchor, text in part.sections]
                self._runs("Small", [one for run in runs for one in (run, Run("  ·  "))][:-1])
            case Paragraph():
                paragraph = self._runs(
                    {"text": "Normal", "item": "List Bullet", "small": "Small"}[part.style], part.runs
                )
                if self._opening or isinstance(following, Quote | Figure):
                    paragraph.paragraph_format.keep_with_next = True
            case Quote():
                if part.asked:
                    self._runs("Question", (Run(part.asked),))
                self._runs("Quote", (Run(f"“{part.words}”"),))
                self._runs("Who", part.by)
            case Figure():
                self._figure(part)
            case Source():
                self._source(part)
        self._opening = isinstance(part, Heading) and part.level == 2

    def table(self, table: Table) -> None:
        """Append a table, numbers to the right."""
        from docx.enum.text import WD_ALIGN_PARAGRAPH
        from docx.oxml import OxmlElement
        from docx.oxml.ns import qn
        from docx.shared import Mm

        self._runs("Small", (Run(table.caption, bold=True),)).paragraph_format.keep_with_next = True
        grid = self._made.add_table(rows=0, cols=len(table.head), style="Light Shading")
        grid.autofit = False
        look = grid._tbl.tblPr.find(qn("w:tblLook"))
        for name, value in (("val", "0620"), ("noHBand", "1"), ("firstColumn", "0")):  # no stripes: rules are enough
            look.set(qn(f"w:{name}"), value)
        wide = (_TEXT * 0.4, *[_TEXT * 0.6 / (len(table.head) - 1)] * (len(table.head) - 1))
        for column, width in zip(grid.columns, wide, strict=True):
            column.width = Mm(width)
        for number, row in enumerate((table.head, *table.rows)):
            added = grid.add_row()
            properties = added._tr.get_or_add_trPr()
            properties.append(OxmlElement("w:cantSplit"))
            if not number:
                properties.append(OxmlElement("w:tblHeader"))
            for place, (cell, text) in enumerate(zip(added.cells, row, strict=True)):
                cell.width = Mm(wide[place])
                paragraph = cell.paragraphs[0]
                paragraph.style = self._made.styles["Cell"]
                paragraph.add_run(text).bold = number == 0
                if place:
                    paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
        self._made.add_paragraph(style="Small")

    def _heading(self, part: Heading) -> None:
        paragraph = self._made.add_paragraph(style=f"Heading {part.level}")
        self._append(paragraph, (Run(part.text, href=part.href),))
        if part.anchor:
            self._bookmark(paragraph, part.anchor)

    def _figure(self, part: Figure) -> None:
        from docx.shared import Inches

        picture = self._made.add_picture(
            io.BytesIO(charts.png(part.chart, width=_CHART)), width=Inches(_CHART / 96 * 0.96)
        )
        picture._inline.docPr.set("descr", part.words)
        self._made.paragraphs[-1].paragraph_format.keep_with_next = True
        self._runs("Small", (Run(part.words),))

    def _source(self, part: Source) -> None:
        opens = (Run(" · "), Run("open", href=part.href)) if part.href else ()
        where = Run(f" {part.who} · {part.where} · passage {part.passage}")
        runs = (Run(f"[{part.number}] ", bold=True), Run(f"“{part.words}”"), where, *opens)
        self._bookmark(self._runs("Source", runs), f"p{part.number}")

    def _runs(self, style: str, runs: Sequence[Run]) -> Any:
        paragraph = self._made.add_paragraph(style=style)
        self._append(paragraph, runs)
        return paragraph

    def _append(self, paragraph: Any, runs: Iterable[Run]) -> None:
        for run in runs:
            if run.href:
                hyperlink(paragraph, run.text, run.href, bold=run.bold or None)
            else:
                paragraph.add_run(run.text).bold = run.bold or None

    def _bookmark(self, paragraph: Any, name: str) -> None:
        from docx.oxml import OxmlElement
        from docx.oxml.ns import qn

        self._bookmarks += 1
        start, end = OxmlElement("w:bookmarkStart"), OxmlElement("w:bookmarkEnd")
        for mark in (start, end):
            mark.set(qn("w:id"), str(self._bookmarks))
        start.set(qn("w:name"), bookmark_name(name))
        paragraph._p.insert(1 if paragraph._p.pPr is not None else 0, start)
        paragraph._p.append(end)


def _dress(made: Any) -> None:
    """Page, fonts and spaces: a serif for headings and people's words, small and grey for all about them."""
    from docx.enum.style import WD_STYLE_TYPE
    from docx.oxml.ns import qn
    from docx.shared import Mm, Pt

    section = made.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.left_margin = section.right_margin = Mm((210 - _TEXT) / 2)
    section.top_margin = section.bottom_margin = Mm(20)
    for name in ("Small", "Question", "Who", "Source", "Cell"):
        made.styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH).base_style = made.styles["Normal"]
    # style: font, points, colour, points before and after, whether it stays with the next
    looks: dict[str, tuple[str, float, str, float, float, bool]] = {
        "Normal": (SANS, 10.5, INK, 0, 6, False),
        "Title": (SERIF, 24, INK, 0, 2, True),
        "Subtitle": (SANS, 11, FAINT, 0, 10, True),
        "Heading 1": (SERIF, 17, INK, 22, 6, True),
        "Heading 2": (SERIF, 12.5, INK, 14, 3, True),
        "List Bullet": (SANS, 10.5, INK, 0, 4, False),
        "Question": (SANS, 9, FAINT, 6, 0, True),
        "Quote": (SERIF, 11.5, INK, 3, 1, True),
        "Who": (SANS, 9, FAINT, 0, 8, False),
        "Small": (SANS, 9, FAINT, 0, 6, False),
        "Source": (SANS, 9, INK, 0, 6, False),
        "Cell": (SANS, 9, INK, 2, 2, False),
    }
    for name, (font, size, colour, before, after, keep) in looks.items():
        _look(made.styles[name], font, size, colour)
        space = made.styles[name].paragraph_format
        space.space_before, space.space_after, space.keep_with_next = Pt(before), Pt(after), keep
        space.line_spacing = 1.2
    for name in ("Question", "Quote", "Who"):
        made.styles[name].paragraph_format.left_indent = Mm(6)
    _unlined(made.styles["Title"])
    bullets = made.styles["List Bullet"].element.pPr
    for contextual in bullets.findall(qn("w:contextualSpacing")):
        bullets.remove(contextual)


def _look(style: Any, font: str, size: float, colour: str) -> None:
    from docx.oxml.ns import qn
    from docx.shared import Pt, RGBColor

    style.font.name, style.font.size, style.font.italic = font, Pt(size), False
    style.font.color.rgb = RGBColor.from_string(colour)
    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
    for theme in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
        fonts.attrib.pop(qn(f"w:{theme}"), None)  # a theme's font would win over the name


def _unlined(style: Any) -> None:
    """The title without the line that the template draws under it."""
    from docx.oxml.ns import qn

    for line in style.element.pPr.findall(qn("w:pBdr")):
        style.element.pPr.remove(line)

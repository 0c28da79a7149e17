"""Slides that a planner can edit: text in its place, charts and tables of the program's own, notes for who speaks."""

from __future__ import annotations

import io
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from research.briefs import bars, fit
from research.briefs.bars import NOW, THEN, Bars, rgb
from research.briefs.office import ACCENT, FAINT, INK, PAPER, SANS, SERIF
from research.briefs.parts import Run

WIDE, HIGH = 13.333, 7.5  # inches
LEFT, RIGHT = 0.6, 12.733
_NUMBER = "{5F0C5C3E-0000-4000-8000-000000000001}"  # a field needs an id; the same one does for all


@dataclass(frozen=True, slots=True)
class Box:
    """A place on a slide, in inches."""

    left: float
    top: float
    width: float
    height: float


_TITLE = Box(LEFT, 0.4, RIGHT - LEFT, 1.0)


@dataclass(frozen=True, slots=True)
class Look:
    """How text is set: points, colour, and whether in the serif and in bold."""

    size: float
    colour: str = INK
    serif: bool = False
    bold: bool = False


class Slides:
    """A presentation in the making, 16 to 9."""

    def __init__(self, footer: str) -> None:
        from pptx import Presentation
        from pptx.util import Inches

        self.made = Presentation()
        self._footer = footer
        self.made.slide_width, self.made.slide_height = Inches(WIDE), Inches(HIGH)
        _dress(self.made)

    def add(self, title: str, *, size: float = 28, box: Box = _TITLE) -> Any:
        """A slide with its title, in as many lines as there is room for, and the footer."""
        slide = self.made.slides.add_slide(self.made.slide_layouts[5])
        _place(slide.shapes.title, box)
        look = Look(size, serif=True, bold=True)
        said = fit.fitted(title, size, box.width * 72, int(box.height * 72 / (size * fit.LINE)), serif=True)
        _fill(slide.shapes.title.text_frame, [((Run(said),), look, 0)], anchor="bottom")
        self._foot(slide)
        return slide

    def text(
        self, slide: Any, box: Box, paragraphs: Sequence[tuple[Sequence[Run], Look, float]], *, anchor: str = "top"
    ) -> Any:
        """Paragraphs in a box, each with its look and the points below it. Gives the shape."""
        shape = slide.shapes.add_textbox(*_emu(box))
        _fill(shape.text_frame, paragraphs, anchor=anchor)
        return shape

    def lead(self, shape: Any, slide: Any) -> None:
        """Let a click on a shape open another slide."""
        shape.click_action.target_slide = slide

    def bar(self, slide: Any, box: Box) -> None:
        """A thin line in the accent, beside a quote."""
        shape = slide.shapes.add_shape(1, *_emu(box))
        shape.fill.solid()
        shape.fill.fore_color.rgb = rgb(ACCENT)
        shape.line.fill.background()
        shape.shadow.inherit = False

    def chart(self, slide: Any, box: Box, shown: Bars, words: str) -> None:
        """A chart of the program's own, whose numbers can be edited; `words` say it to who does not see it."""
        from pptx.chart.data import CategoryChartData
        from pptx.enum.chart import XL_CHART_TYPE

        data = CategoryChartData(number_format=shown.format)
        data.categories = shown.categories
        for name, values, _ in shown.series:
            data.add_series(name, values)
        frame = slide.shapes.add_chart(XL_CHART_TYPE.BAR_CLUSTERED, *_emu(box), data)
        frame._element.nvGraphicFramePr.cNvPr.set("descr", words)
        frame.chart.part.chart_workbook.update_from_xlsx_blob(bars.workbook(shown))
        bars.dress(frame.chart, shown)

    def table(
        self,
        slide: Any,
        box: Box,
        head: Sequence[str],
        rows: Sequence[Sequence[str]],
        shares: Sequence[Sequence[float]],
    ) -> None:
        """A table of the program's own; the more of the accent a cell has, the higher its share, 0 to 1."""
        from pptx.enum.text import MSO_ANCHOR
        from pptx.util import Inches, Pt

        frame = slide.shapes.add_table(len(rows) + 1, len(head), *_emu(box))
        table = frame.table
        table.horz_banding = False
        first = box.width * (0.44 if len(head) < 6 else 0.34)
        room = (box.width - first) / (len(head) - 1) * 72 - 5
        size = next((one for one in (11, 10, 9) if all(fit.width(name, 1.08 * one) < room for name in head[1:])), 8)
        for place, column in enumerate(table.columns):
            column.width = Inches(first if not place else (box.width - first) / (len(head) - 1))
        for number, row in enumerate((head, *rows)):
            table.rows[number].height = Inches(box.height / (len(rows) + 1))
            for place, said in enumerate(row):
                cell = table.cell(number, place)
                cell.margin_top = cell.margin_bottom = Pt(2)
                cell.margin_left = cell.margin_right = Pt(2)
                cell.vertical_anchor = MSO_ANCHOR.MIDDLE
                look = Look(11 if number else size, bold=not number)
                told = fit.fitted(said, look.size, room if place else first * 72 - 5, 2)
                _fill(cell.text_frame, [((Run(told),), look, 0)], centred=place > 0, boxed=False)
                cell.fill.solid()
                share = shares[number - 1][place - 1] if number and place else 0.0
                cell.fill.fore_color.rgb = rgb(_tint(share))

    def notes(self, slide: Any, lines: Sequence[str]) -> None:
        """What who speaks has in front of them."""
        slide.notes_slide.notes_text_frame.text = "\n".join(lines)

    def file(self) -> bytes:
        """The presentation."""
        out = io.BytesIO()
        self.made.save(out)
        return out.getvalue()

    def _foot(self, slide: Any) -> None:
        room = (RIGHT - LEFT - 1) * 72
        said = (Run(fit.fitted(self._footer, 10, room, 1)),)
        self.text(slide, Box(LEFT, 7.0, RIGHT - LEFT - 1, 0.3), [(said, Look(10, FAINT), 0)])
        shape = slide.shapes.add_textbox(*_emu(Box(RIGHT - 1, 7.0, 1, 0.3)))
        _fill(shape.text_frame, [((Run(""),), Look(10, FAINT), 0)])
        _number(shape.text_frame.paragraphs[0])


def _fill(
    frame: Any, paragraphs: Sequence[tuple[Sequence[Run], Look, float]], *, anchor: str = "top", centred: bool = False,
    boxed: bool = True,
) -> None:  # fmt: skip
    from pptx.enum.text import MSO_ANCHOR, MSO_AUTO_SIZE, PP_ALIGN
    from pptx.util import Pt

    frame.word_wrap = True
    if boxed:
        frame.auto_size = MSO_AUTO_SIZE.NONE
        frame.vertical_anchor = MSO_ANCHOR.BOTTOM if anchor == "bottom" else MSO_ANCHOR.TOP
        frame.margin_left = frame.margin_right = frame.margin_top = frame.margin_bottom = 0
    for place, (runs, look, below) in enumerate(paragraphs):
        paragraph = frame.paragraphs[0] if not place else frame.add_paragraph()
        paragraph.alignment = PP_ALIGN.CENTER if centred else PP_ALIGN.LEFT
        paragraph.space_after, paragraph.space_before, paragraph.line_spacing = Pt(below), Pt(0), 1.0
        for run in runs:
            told = paragraph.add_run()
            told.text = run.text
            told.font.name, told.font.size = SERIF if look.serif else SANS, Pt(look.size)
            told.font.bold = look.bold or run.bold
            told.font.color.rgb = rgb(look.colour)
            if run.href.startswith("http"):
                told.hyperlink.address = run.href


def _number(paragraph: Any) -> None:
    """The slide's number as a field, which stays right when slides move."""
    from pptx.enum.text import PP_ALIGN
    from pptx.oxml import parse_xml
    from pptx.oxml.ns import nsdecls

    paragraph.alignment = PP_ALIGN.RIGHT
    look = f'<a:rPr lang="en-GB" sz="1000"><a:solidFill><a:srgbClr val="{FAINT}"/></a:solidFill></a:rPr>'
    field = f'<a:fld {nsdecls("a")} id="{_NUMBER}" type="slidenum">{look}<a:t>‹#›</a:t></a:fld>'
    paragraph._p.append(parse_xml(field))


def _dress(made: Any) -> None:
    """The template at 16 to 9, on paper, in our fonts and accent, so that slides added by hand look alike."""
    master = made.slide_master
    for shape in (one for holder in (master, *made.slide_layouts) for one in holder.placeholders):
        if shape._element.spPr.xfrm is not None:
            shape.left, shape.width = int(shape.left * WIDE / 10), int(shape.width * WIDE / 10)
    _place(
        next(one for one in made.slide_layouts[5].placeholders if one.placeholder_format.idx == 0),
        _TITLE,
    )
    master.background.fill.solid()
    master.background.fill.fore_color.rgb = rgb(PAPER)
    for relation in master.part.rels.values():
        if relation.reltype.endswith("/theme"):
            theme = relation.target_part
            theme._blob = _themed(theme.blob)


def _themed(blob: bytes) -> bytes:
    for kind, font in ((b"major", SERIF), (b"minor", SANS)):
        blob = re.sub(rb'(<a:%sFont>\s*<a:latin typeface=")[^"]*' % kind, rb"\g<1>" + font.encode(), blob)
    for name, colour in ((b"accent1", NOW), (b"accent2", THEN), (b"hlink", ACCENT), (b"folHlink", ACCENT)):
        blob = re.sub(rb'(<a:%s>\s*<a:srgbClr val=")[^"]*' % name, rb"\g<1>" + colour.encode(), blob)
    return blob


def _place(shape: Any, box: Box) -> None:
    shape.left, shape.top, shape.width, shape.height = _emu(box)


def _emu(box: Box) -> tuple[int, int, int, int]:
    from pptx.util import Inches

    return Inches(box.left), Inches(box.top), Inches(box.width), Inches(box.height)


def _tint(share: float) -> str:
    """The accent over paper: 0 is paper, 1 is six tenths of the accent."""
    mixed = (
        round(int(PAPER[n : n + 2], 16) + 0.6 * share * (int(ACCENT[n : n + 2], 16) - int(PAPER[n : n + 2], 16)))
        for n in (0, 2, 4)
    )
    return "".join(f"{part:02X}" for part in mixed)

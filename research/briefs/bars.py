"""Bars on a slide: a chart of the program's own, whose numbers can be edited, of shares with intervals or of counts."""

from __future__ import annotations

import io
import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from research.briefs.office import INK, RULE, SANS

NOW, THEN = "4D918D", "C9B48E"  # light enough for the line of an interval to show on them


@dataclass(frozen=True, slots=True)
class Bars:
    """Shares, 0 to 1, as bars: one series a name, one value a category, with intervals where they are samples.

    `counts` says that the values are numbers of people instead, which stand beside their bars without a scale.
    """

    categories: tuple[str, ...]
    series: tuple[tuple[str, tuple[float, ...], tuple[tuple[float, float], ...]], ...]
    colours: tuple[str, ...]
    by_point: bool = False  # whether each bar of the one series has a colour of its own
    labels: bool = False
    top: float = 1.0
    counts: bool = False

    @property
    def format(self) -> str:
        """How a value is written."""
        return "0" if self.counts else "0%"


def nice(top: float) -> float:
    """Where a scale of shares ends that holds `top`: a whole tenth."""
    return min(1.0, max(0.1, math.ceil(top * 10 - 1e-9) / 10))


def workbook(bars: Bars) -> bytes:
    """The workbook behind a chart. Texts stay texts: one that begins with “=” would else be a formula."""
    from openpyxl import Workbook

    book = Workbook()
    sheet = book.worksheets[0]
    for row, values in enumerate(
        (
            ("", *(name for name, _, _ in bars.series)),
            *zip(bars.categories, *(found for _, found, _ in bars.series), strict=True),
        ),
        1,
    ):
        for column, value in enumerate(values, 1):
            cell = sheet.cell(row, column, value)
            if isinstance(value, str):
                cell.data_type = "s"
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def dress(chart: Any, bars: Bars) -> None:
    from pptx.enum.chart import XL_LABEL_POSITION, XL_LEGEND_POSITION, XL_TICK_LABEL_POSITION, XL_TICK_MARK
    from pptx.util import Pt

    chart.font.size, chart.font.name = Pt(12), SANS
    chart.font.color.rgb = rgb(INK)
    chart.has_title = False
    chart.has_legend = len(bars.series) > 1
    if chart.has_legend:
        chart.legend.position, chart.legend.include_in_layout = XL_LEGEND_POSITION.BOTTOM, False
    names, values = chart.category_axis, chart.value_axis
    names.reverse_order, names.major_tick_mark = True, XL_TICK_MARK.NONE
    names.format.line.color.rgb = rgb(RULE)
    values.minimum_scale, values.maximum_scale = 0, bars.top
    values.visible = values.has_major_gridlines = not bars.counts
    values.major_unit = max(1, round(bars.top / 5)) if bars.counts else 0.1 if bars.top <= 0.5 else 0.2
    if not bars.counts:
        values.major_gridlines.format.line.color.rgb = rgb(RULE)
    values.format.line.fill.background()
    values.tick_labels.number_format, values.tick_labels.number_format_is_linked = bars.format, False
    values.tick_label_position = XL_TICK_LABEL_POSITION.HIGH  # below, since the names run from top to bottom
    values.tick_labels.font.size = Pt(10)
    plot = chart.plots[0]
    plot.gap_width, plot.overlap = 60, -5
    for place, series in enumerate(plot.series):
        series.invert_if_negative = False
        series.format.fill.solid()
        series.format.fill.fore_color.rgb = rgb(bars.colours[place])
        if bars.by_point:
            for n, colour in enumerate(bars.colours):
                series.points[n].format.fill.solid()
                series.points[n].format.fill.fore_color.rgb = rgb(colour)
        if bars.labels:
            labels = series.data_labels
            labels.show_value, labels.number_format, labels.number_format_is_linked = True, bars.format, False
            labels.position = XL_LABEL_POSITION.OUTSIDE_END
        _intervals(series, bars.series[place][2], bars.series[place][1])


def _intervals(series: Any, intervals: Sequence[tuple[float, float]], shares: Sequence[float]) -> None:
    """The intervals as error bars; python-pptx writes none, so their XML is written here."""
    from pptx.oxml import parse_xml
    from pptx.oxml.ns import nsdecls, qn

    if not intervals:
        return
    sides = {
        "plus": [high - share for (_, high), share in zip(intervals, shares, strict=True)],
        "minus": [share - low for (low, _), share in zip(intervals, shares, strict=True)],
    }
    told = "".join(
        f'<c:{side}><c:numLit><c:formatCode>General</c:formatCode><c:ptCount val="{len(found)}"/>'
        + "".join(f'<c:pt idx="{n}"><c:v>{value:.6f}</c:v></c:pt>' for n, value in enumerate(found))
        + f"</c:numLit></c:{side}>"
        for side, found in sides.items()
    )
    line = f'<c:spPr><a:ln w="12700"><a:solidFill><a:srgbClr val="{INK}"/></a:solidFill></a:ln></c:spPr>'
    kind = '<c:errBarType val="both"/><c:errValType val="cust"/><c:noEndCap val="0"/>'
    series._element.find(qn("c:cat")).addprevious(
        parse_xml(f"<c:errBars {nsdecls('c', 'a')}>{kind}{told}{line}</c:errBars>")
    )


def rgb(colour: str) -> Any:
    """A colour of six hexadecimal digits, as python-pptx takes it."""
    from pptx.dml.color import RGBColor

    return RGBColor.from_string(colour)

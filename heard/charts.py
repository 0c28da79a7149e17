"""Pictures of who reads whom, as Altair charts: the same for a page and for a file."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import altair as alt

from research.reuse import Month, Reading


@dataclass(frozen=True, slots=True)
class Ink:
    """The colours of a page: its text, its accent, and a scale of one hue, which reads the same to every eye.

    A number on the scale is written in `on_least` up to the share `turn` of the largest, beyond in `on_most`: so each
    has a contrast of at least 4.5 (WCAG 2, AA), with the scale mixed in RGB.
    """

    text: str
    accent: str
    least: str
    most: str
    on_least: str
    on_most: str
    turn: float


LIGHT = Ink("#24211c", "#0f5f5c", "#d9ebe7", "#0f5f5c", "#000000", "#ffffff", 0.765)
DARK = Ink("#ebe5da", "#86cdc5", "#1d3331", "#86cdc5", "#ffffff", "#000000", 0.485)


def who_reads_whom(readings: Sequence[Reading], teams: Sequence[str], ink: Ink = LIGHT) -> alt.LayerChart:
    """Teams that read against teams whose notes they read; a cell says how often. Empty cells are pairs without."""
    most = max((one.uses for one in readings), default=1)
    values = [{"reader": one.team, "heard": one.of_team, "uses": one.uses} for one in readings]
    names = sorted({*teams, *(one.team for one in readings), *(one.of_team for one in readings)}, key=str.casefold)
    base = alt.Chart(_data(values)).encode(
        x=alt.X("heard:N", scale=alt.Scale(domain=names), title="Heard by",
                axis=alt.Axis(orient="top", labelAngle=-45, labelLimit=110, domain=False, ticks=False)),
        y=alt.Y("reader:N", scale=alt.Scale(domain=names), title="Read by",
                axis=alt.Axis(labelLimit=110, domain=False, ticks=False)),
    )  # fmt: skip
    cells = base.mark_rect(cornerRadius=3, stroke=None).encode(
        color=alt.Color(
            "uses:Q", scale=alt.Scale(domain=[0, most], range=[ink.least, ink.most], interpolate="rgb"), legend=None
        ),
        tooltip=[alt.Tooltip("reader:N", title="Read by"), alt.Tooltip("heard:N", title="Heard by"),
                 alt.Tooltip("uses:Q", title="Uses")],
    )  # fmt: skip
    numbers = base.mark_text(fontSize=13).encode(
        text="uses:Q",
        color=alt.condition(f"datum.uses > {most * ink.turn}", alt.value(ink.on_most), alt.value(ink.on_least)),
    )
    return _plain((cells + numbers).properties(height=max(150, 40 * len(names) + 60)), ink)


def crossing(months: Sequence[Month], ink: Ink = LIGHT) -> alt.LayerChart:
    """The share of the uses that cross teams by month, with its 95% interval as a bar and the last one in words."""
    values = [
        {"month": f"{one.month:%b %Y}", "share": one.share, "low": one.low, "high": one.high,
         "said": f"{one.across} of {one.uses}"}
        for one in months
    ]  # fmt: skip
    order = [str(value["month"]) for value in values]
    percent = alt.Axis(format="%", tickCount=5, grid=True)
    month = alt.X("month:N", sort=order, title="Month", axis=alt.Axis(labelAngle=-45, ticks=False))
    share = alt.Scale(domain=[0, 1])
    tooltip = [alt.Tooltip("month:N", title="Month"), alt.Tooltip("said:N", title="Of another team’s notes"),
               alt.Tooltip("low:Q", title="At least", format=".0%"),
               alt.Tooltip("high:Q", title="At most", format=".0%")]  # fmt: skip
    base = alt.Chart(_data(values)).encode(x=month)
    bars = base.mark_rule(color=ink.accent, opacity=0.35, strokeWidth=6, strokeCap="round").encode(
        y=alt.Y("low:Q", scale=share, axis=percent, title="Share of uses"), y2="high:Q", tooltip=tooltip
    )
    line = base.mark_line(color=ink.accent, strokeWidth=2, point=alt.OverlayMarkDef(color=ink.accent, size=55)).encode(
        y=alt.Y("share:Q", scale=share), tooltip=tooltip
    )
    last = (
        alt.Chart(_data(values[-1:]))
        .mark_text(align="right", dx=14, dy=-12, fontSize=13, color=ink.text)
        .encode(x=month, y=alt.Y("high:Q", scale=share), text="said:N")
    )
    return _plain((bars + line + last).properties(height=260), ink)


def _data(values: Sequence[Mapping[str, object]]) -> alt.Data:
    return alt.Data(values=list(values))


def _plain(chart: alt.LayerChart, ink: Ink) -> alt.LayerChart:
    """As wide as the page, without a frame, in the page's colours."""
    plain: alt.LayerChart = (
        chart.properties(width="container", background="transparent")
        .configure_view(stroke=None)
        .configure_axis(labelColor=ink.text, titleColor=ink.text, gridOpacity=0.25, titleFontWeight="normal",
                        labelFontSize=12, titleFontSize=12)
    )  # fmt: skip
    return plain

"""Pictures of who heard and who reads what, as Altair charts: the same for a page and for a file."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from statistics import median

import altair as alt

from research import address
from research.change import wilson
from research.reuse import Month, Reading
from research.themes.heard import Dot, Theme


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
    names = sorted({*teams, *(one.team for one in readings), *(one.of_team for one in readings)}, key=str.casefold)
    cells = [(one.team, one.of_team, one.uses) for one in readings]
    return _cells(cells, ("Read by", names), ("Heard by", names), "Uses", ink)


def who_heard_what(themes: Sequence[Theme], teams: Sequence[str], ink: Ink = LIGHT) -> alt.LayerChart:
    """Themes against the teams that heard them; a cell says how many people told it."""
    label = {one.id: f"{one.label[:38]}…" if len(one.label) > 40 else one.label for one in themes}
    cells = [(label[one.id], team, people) for one in themes for team, people in one.by_team]
    return _cells(cells, ("Theme", [label[one.id] for one in themes]), ("Heard by", list(teams)), "People", ink)


_HUES = ("#0f5f5c", "#b5651d", "#5b4b8a", "#8a1f4d", "#3b6ea5", "#6b7f1f", "#a0527a", "#2f7f4f")  # for eight themes


def passages_map(dots: Sequence[Dot], ink: Ink = LIGHT) -> alt.LayerChart:
    """Passages as dots, near ones alike; the eight largest themes in a colour and with their name, the others grey.

    A dot opens its passage.
    """
    labels = list(dict.fromkeys(dot.label for dot in dots))
    named = labels[: len(_HUES)]
    values = [
        {"x": dot.x, "y": dot.y, "theme": dot.label, "team": dot.team, "shown": dot.label if dot.label in named else "",
         "href": address.note(dot.note_id, dot.passage_id)}
        for dot in dots
    ]  # fmt: skip
    middles = []
    for label in named:
        mine = [dot for dot in dots if dot.label == label]
        middles.append({"x": median(dot.x for dot in mine), "y": median(dot.y for dot in mine), "theme": label})
    nowhere = alt.Axis(labels=False, ticks=False, domain=False, grid=False)
    x, y = alt.X("x:Q", axis=nowhere, title=None), alt.Y("y:Q", axis=nowhere, title=None)
    hues = alt.Scale(domain=[*named, ""], range=[*_HUES[: len(named)], "#9a948a"])
    points = alt.Chart(_data(values)).mark_circle(size=34, opacity=0.7).encode(
        x=x, y=y, href="href:N", color=alt.Color("shown:N", legend=None, scale=hues),
        tooltip=[alt.Tooltip("theme:N", title="Theme"), alt.Tooltip("team:N", title="Heard by")],
    )  # fmt: skip
    bold = alt.Chart(_data(middles)).mark_text(fontSize=12, fontWeight="bold", color=ink.text)
    names = bold.encode(x=x, y=y, text="theme:N")
    return _plain((points + names).properties(height=520), ink)


def by_month(months: Sequence[tuple[date, int, int]], ink: Ink = LIGHT) -> alt.LayerChart:
    """The share of a month's interviews in which something came up, with its 95% interval.

    `months`: first day, interviews in which it did, and all that were held.
    """
    values = []
    for month, interviews, held in months:
        low, high = wilson(interviews, held)
        values.append({
            "month": f"{month:%b %Y}", "share": interviews / held if held else 0.0, "low": low, "high": high,
            "said": f"{interviews} of {held}",
        })  # fmt: skip
    return _shares(values, "Share of interviews", "Interviews", ink)


def _cells(
    cells: Sequence[tuple[str, str, int]],
    down: tuple[str, Sequence[str]],
    across: tuple[str, Sequence[str]],
    counted: str,
    ink: Ink,
) -> alt.LayerChart:
    """A number for each pair of (row, column) in a grid; both sides with their title and their names in order."""
    most = max((count for _, _, count in cells), default=1)
    values = [{"row": row, "column": column, "count": count} for row, column, count in cells]
    base = alt.Chart(_data(values)).encode(
        x=alt.X("column:N", scale=alt.Scale(domain=across[1]), title=across[0],
                axis=alt.Axis(orient="top", labelAngle=-45, labelLimit=110, domain=False, ticks=False)),
        y=alt.Y("row:N", scale=alt.Scale(domain=down[1]), title=down[0],
                axis=alt.Axis(labelLimit=190, domain=False, ticks=False)),
    )  # fmt: skip
    drawn = base.mark_rect(cornerRadius=3, stroke=None).encode(
        color=alt.Color(
            "count:Q", scale=alt.Scale(domain=[0, most], range=[ink.least, ink.most], interpolate="rgb"), legend=None
        ),
        tooltip=[alt.Tooltip("row:N", title=down[0]), alt.Tooltip("column:N", title=across[0]),
                 alt.Tooltip("count:Q", title=counted)],
    )  # fmt: skip
    numbers = base.mark_text(fontSize=13).encode(
        text="count:Q",
        color=alt.condition(f"datum.count > {most * ink.turn}", alt.value(ink.on_most), alt.value(ink.on_least)),
    )
    return _plain((drawn + numbers).properties(height=max(150, 40 * len(down[1]) + 60)), ink)


def crossing(months: Sequence[Month], ink: Ink = LIGHT) -> alt.LayerChart:
    """The share of the uses that cross teams by month, with its 95% interval as a bar and the last one in words."""
    values = [
        {"month": f"{one.month:%b %Y}", "share": one.share, "low": one.low, "high": one.high,
         "said": f"{one.across} of {one.uses}"}
        for one in months
    ]  # fmt: skip
    return _shares(values, "Share of uses", "Of another team’s notes", ink)


def _shares(values: Sequence[Mapping[str, object]], counted: str, said: str, ink: Ink) -> alt.LayerChart:
    """Shares by month (month, share, low, high, said), each with its interval, and the last one in words."""
    order = [str(value["month"]) for value in values]
    percent = alt.Axis(format="%", tickCount=5, grid=True)
    month = alt.X("month:N", sort=order, title="Month", axis=alt.Axis(labelAngle=-45, ticks=False))
    share = alt.Scale(domain=[0, 1])
    tooltip = [alt.Tooltip("month:N", title="Month"), alt.Tooltip("said:N", title=said),
               alt.Tooltip("low:Q", title="At least", format=".0%"),
               alt.Tooltip("high:Q", title="At most", format=".0%")]  # fmt: skip
    base = alt.Chart(_data(values)).encode(x=month)
    bars = base.mark_rule(color=ink.accent, opacity=0.35, strokeWidth=6, strokeCap="round").encode(
        y=alt.Y("low:Q", scale=share, axis=percent, title=counted), y2="high:Q", tooltip=tooltip
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

"""The charts of a brief, as SVG for a page and as PNG for Word. Every mark has its number beside it.

Labels stand above their rows, so that long ones need no room at the side and one drawing serves a phone and a sheet of
paper. Now and before differ in shape as well as in colour. Nothing is clipped, so the SVG needs no ids, which would
meet those of the chart beside it.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from typing import Any

from research.briefs.text import shortened

NOW, THEN, INK, FAINT = "#0f5f5c", "#8a6d3b", "#24211c", "#69635a"
_RULE, _PAPER = "#ddd6c8", "#fbf9f5"
_ROW = 54  # pixels of a row, its label included
_TEAM = 22  # characters of a team's name


@dataclass(frozen=True, slots=True)
class Dot:
    """A share, 0 to 1, with its 95% interval (None where it is no sample) and its number in words."""

    share: float
    interval: tuple[float, float] | None
    words: str


@dataclass(frozen=True, slots=True)
class Compared:
    """A row: something as it is now (above) and what it is compared with (below)."""

    label: str
    now: Dot
    then: Dot


@dataclass(frozen=True, slots=True)
class Chart:
    """Rows of two shares each on one scale (`compared`), or numbers of people by team (`cells`, columns in `teams`)."""

    axis: str
    compared: tuple[Compared, ...] = ()
    cells: tuple[tuple[str, tuple[int, ...]], ...] = ()
    teams: tuple[str, ...] = ()


def svg(chart: Chart, words: str, *, width: int = 700) -> str:
    """A chart as inline SVG, `width` pixels wide, which says `words` to who does not see it."""
    import vl_convert

    drawn: str = vl_convert.vegalite_to_svg(json.dumps(_spec(chart, width)))
    label = escape(f"{words} Axis: {chart.axis}.")
    return drawn.replace("<svg ", f'<svg role="img" aria-label="{label}" ', 1)


def png(chart: Chart, *, width: int = 640) -> bytes:
    """A chart as PNG of 220 dots an inch, for a picture `width`/96 inches wide."""
    import vl_convert

    drawn: bytes = vl_convert.vegalite_to_png(json.dumps(_spec(chart, width)), scale=220 / 96, ppi=72)
    return drawn


def _spec(chart: Chart, width: int) -> dict[str, Any]:
    drawn = _matrix(chart, width) if chart.cells else _compared(chart, width)
    spec: dict[str, Any] = (
        drawn.properties(
            width=width - 12, padding={"left": 6, "right": 6, "top": 2, "bottom": 2}, background="transparent"
        )
        .configure(font="Arial, Liberation Sans, Helvetica, sans-serif", aria=False)
        .configure_view(stroke=None)
        .to_dict()
    )
    return spec


def _compared(chart: Chart, width: int) -> Any:
    import altair as alt

    reach = max(max(_high(row.now), _high(row.then)) for row in chart.compared)
    longest = max(len(dot.words) for row in chart.compared for dot in (row.now, row.then))
    room = (7.2 * longest + 10) / width  # what the longest number takes of the width, to the right of its mark
    top = max(0.1, reach) / max(0.3, 1 - room)
    step = next(one for one in (0.05, 0.1, 0.2, 0.25) if max(0.1, reach) / one <= 6)
    ticks = [n * step for n in range(int(1 / step) + 1) if n * step <= max(0.1, reach) + step / 2]
    x = alt.Scale(domain=[0, top], nice=False)
    y = alt.Y("y:Q", axis=None, scale=alt.Scale(domain=[len(chart.compared), 0], nice=False))
    axis = alt.Axis(
        values=ticks, format="%", title=chart.axis, titleAlign="left", titleAnchor="start", titleFontWeight="normal",
        titleFontSize=13, titleColor=FAINT, labelFontSize=13, labelColor=FAINT, grid=True, gridColor=_RULE,
        domain=False, ticks=False,
    )  # fmt: skip
    labels = [{"y": n + 0.2, "text": _fitting(row.label, width)} for n, row in enumerate(chart.compared)]
    layers = [
        alt.Chart(_data(labels))
        .mark_text(align="left", baseline="middle", fontSize=14, fontWeight="bold", color=INK)
        .encode(x=alt.value(0), y=y, text="text:N")
    ]
    for name, at, colour in (("then", 0.78, THEN), ("now", 0.48, NOW)):
        found = [(n, getattr(row, name)) for n, row in enumerate(chart.compared)]
        rows = [
            {
                "y": n + at,
                "share": dot.share,
                "low": (dot.interval or (0, 0))[0],
                "high": _high(dot),
                "words": dot.words,
            }
            for n, dot in found
        ]
        base = alt.Chart(_data(rows))
        shape = "circle" if name == "now" else "diamond"
        layers += [
            base.mark_rule(color=colour, strokeWidth=3 if name == "now" else 2, opacity=0.55).encode(
                x=alt.X("low:Q", scale=x, axis=axis), x2="high:Q", y=y
            ),
            base.mark_point(
                shape=shape, size=110 if name == "now" else 80, filled=name == "now",
                fill=colour if name == "now" else _PAPER, stroke=colour, strokeWidth=2, opacity=1,
            ).encode(x=alt.X("share:Q", scale=x, axis=axis), y=y),
            base.mark_text(align="left", baseline="middle", dx=9, fontSize=13, color=colour).encode(
                x=alt.X("high:Q", scale=x, axis=axis), y=y, text="words:N"
            ),
        ]  # fmt: skip
    return alt.layer(*layers).properties(height=_ROW * len(chart.compared))


def _matrix(chart: Chart, width: int) -> Any:
    import altair as alt

    teams = _short(chart.teams)
    x = alt.X(
        "team:N", scale=alt.Scale(domain=teams),  # by `sort` names go into expressions, and Vega takes an "if" for one
        axis=alt.Axis(
            orient="top", title=None, labelFontSize=13, labelColor=INK, labelLimit=0,
            labelAngle=0 if width > 110 * len(chart.teams) else -35, domain=False, ticks=False,
        ),
    )  # fmt: skip
    scale = alt.Scale(domain=[0, len(chart.cells)], reverse=True, nice=False)
    labels = [{"y": n + 0.26, "text": _fitting(label, width)} for n, (label, _) in enumerate(chart.cells)]
    most = max(1, *(people for _, row in chart.cells for people in row))
    found = [
        {"top": n + 0.44, "end": n + 0.94, "y": n + 0.69, "team": team, "people": people, "words": str(people or "–")}
        for n, (_, row) in enumerate(chart.cells)
        for team, people in zip(teams, row, strict=True)
    ]
    cells = alt.Chart(_data(found))
    return alt.layer(
        cells.mark_rect(fill=NOW, stroke=_PAPER, strokeWidth=2).encode(
            x=x, y=alt.Y("top:Q", scale=scale, axis=None), y2="end:Q",
            opacity=alt.Opacity("people:Q", scale=alt.Scale(domain=[0, most], range=[0.07, 0.6]), legend=None),
        ),
        cells.mark_text(fontSize=14, color=INK, baseline="middle").encode(
            x=x, y=alt.Y("y:Q", scale=scale, axis=None), text="words:N"
        ),
        alt.Chart(_data(labels)).mark_text(align="left", baseline="middle", fontSize=14, fontWeight="bold", color=INK)
        .encode(x=alt.value(0), y=alt.Y("y:Q", scale=scale, axis=None), text="text:N"),
    ).properties(height=_ROW * len(chart.cells))  # fmt: skip


def _data(rows: list[dict[str, Any]]) -> Any:
    import altair as alt

    return alt.InlineData(values=rows)


def _high(dot: Dot) -> float:
    return dot.interval[1] if dot.interval else dot.share


def _short(teams: Sequence[str]) -> list[str]:
    """Teams' names for the tops of columns, each its own. Vega would cut long ones within a character."""
    short = [shortened(team, _TEAM) for team in teams]
    return [name if short.count(name) == 1 else team for name, team in zip(short, teams, strict=True)]


def _fitting(label: str, width: int) -> str:
    return shortened(label, width // 7)

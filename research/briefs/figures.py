"""The figures of a brief: what is drawn, the same in a sentence, and the numbers as a table."""

from __future__ import annotations

from collections.abc import Sequence

from research.brief import Brief, Told
from research.briefs import choice, wording
from research.briefs.charts import Chart, Compared, Dot
from research.briefs.parts import Figure, Table
from research.change import wilson
from research.models import SegmentHeard


def themes(told: Sequence[Told]) -> Figure | None:
    """The themes' shares of the interviews, now and before, with their intervals. None where nothing was held."""
    changes = [(one.theme.label, one.theme.change) for one in told]
    if not changes or not changes[0][1].held:
        return None
    rows = tuple(
        Compared(
            label,
            Dot(one.share, wilson(one.interviews, one.held), f"{one.interviews} of {one.held}"),
            _before(one.share_before, one.interviews_before, one.held_before),
        )
        for label, one in changes
    )
    first, most = changes[0]
    moved = sum(one.direction in ("rising", "fading") for _, one in changes)
    shown = f"the {wording.count(len(changes), 'theme')} shown" if len(changes) > 1 else "one"
    rose = f"{wording.first_up(wording.number(moved))} of {shown} rose or fell"
    words = f"“{first}” came up most ({wording.moved(most)}). {rose} by more than chance allows."
    numbers = tuple(
        (
            label, f"{one.interviews} of {one.held} ({one.share:.0%})",
            f"{one.interviews_before} of {one.held_before} ({one.share_before:.0%})",
            f"{100 * one.low:+.0f} to {100 * one.high:+.0f}".replace("-", "−"), _direction(one.direction),
        )
        for label, one in changes
    )  # fmt: skip
    head = ("Theme", "Interviews now", "Before", "Change in points (95% interval)", "Called")
    return Figure(
        Chart("share of the interviews (circle: now, diamond: before, lines: 95% intervals)", compared=rows),
        words,
        Table("Interviews that spoke of each theme", head, numbers),
    )


def teams(told: Sequence[Told]) -> Figure | None:
    """How many people told each team of the themes that several teams heard. None where there are no such themes."""
    counted = [(one.theme.label, dict(one.theme.by_team)) for one in told if one.theme.by_team]
    total: dict[str, int] = {}
    for _, by in counted:
        for team, people in by.items():
            total[team] = total.get(team, 0) + people
    names = tuple(sorted(total, key=lambda team: (-total[team], team)))
    cells = tuple((label, tuple(by.get(team, 0) for team in names)) for label, by in counted if len(by) > 1)
    if not cells:
        return None
    came = "This theme" if len(cells) == 1 else "These themes"
    words = f"How many people told each team. {came} came to more than one team; {names[0]} heard most."
    rows = tuple((label, *(str(people) for people in row)) for label, row in cells)
    return Figure(
        Chart("people", cells=cells, teams=names), words, Table("People who told each team", ("Theme", *names), rows)
    )


def segments(brief: Brief) -> Figure | None:
    """Each segment's part of those heard against its part of the known customers. None where these say nothing."""
    if not wording.base_is_known(brief.unheard):
        return None
    shown, _ = choice.first(brief.unheard, choice.SEGMENTS)
    heard, base = (sum(getattr(one, name) for one in brief.unheard) for name in ("heard", "known"))
    rows = tuple(
        Compared(
            one.segment,
            Dot(_part(one.heard, heard), None, f"{_part(one.heard, heard):.0%} of those heard ({one.heard})"),
            Dot(_part(one.known, base), None, f"{_part(one.known, base):.0%} of the customers ({one.known:,})"),
        )
        for one in shown
    )
    most = max(rows, key=lambda row: row.then.share)
    reached = f"{wording.count(heard, 'person was', 'people were')} heard, of {base:,} who are known"
    words = f"{reached}. The largest segment is {most.label}: {most.now.words}, {most.then.words}."
    return Figure(
        Chart("share of the people (circle: of those heard, diamond: of the customers known)", compared=rows),
        words,
        Table(
            "People heard of each segment",
            ("Segment", "Heard", "Known", "Share of those heard", "Share of the known"),
            tuple(_segment(one, heard, base) for one in shown),
        ),
    )


def _segment(one: SegmentHeard, heard: int, base: int) -> tuple[str, ...]:
    return (
        one.segment,
        str(one.heard),
        f"{one.known:,}",
        f"{_part(one.heard, heard):.0%}",
        f"{_part(one.known, base):.0%}",
    )


def _before(share: float, interviews: int, held: int) -> Dot:
    if not held:
        return Dot(0.0, None, "none held before")
    return Dot(share, wilson(interviews, held), f"{interviews} of {held} before")


def _part(count: int, of: int) -> float:
    return count / of if of else 0.0


def _direction(found: str) -> str:
    return {"steady": "no clear change", "quiet": "not heard now"}.get(found, found)

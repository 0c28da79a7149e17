"""Themes in words: who spoke of one, how it moved, what was done to it."""

from __future__ import annotations

from collections.abc import Sequence

from heard.ui import words
from heard.ui.html import esc
from research.change import Change
from research.dates import day
from research.phrases import listed
from research.themes.heard import Mark, Theme, Themes, Window
from research.themes.models import Happening
from research.theming import Happened

_MOVED = {
    "rising": "more than before", "fading": "less than before", "new": "nobody spoke of it before",
    "quiet": "nobody speaks of it any more", "steady": "",
}  # fmt: skip


def window(look: Window | None) -> str:
    """ "25 Aug 2026 – 22 Nov 2026", or "All time"."""
    return f"{day(look.since)} – {day(look.until)}" if look else "All time"


def held(found: Themes) -> str:
    """What a list of themes rests on, in a sentence."""
    outside = f", {found.outside:.0%} of which belong to no theme" if found.passages else ""
    left = found.undated if found.window else 0
    undated = f" {words.count(left, 'passage')} without a date are left out." if left else ""
    return f"{words.count(found.interviews, 'interview')}, {words.count(found.passages, 'passage')}{outside}.{undated}"


def who(one: Theme) -> str:
    """Who spoke of a theme: "9 people from 7 accounts told 3 teams: clinic manager, owner"."""
    behind = one.voices
    if not behind.people:
        return "Nobody in this window."
    accounts = f" from {words.count(behind.accounts, 'account')}" if behind.accounts > 1 else ""
    segments = (
        f": {', '.join(one.segments[:3])}{' and others' if len(one.segments) > 3 else ''}" if one.segments else ""
    )
    people = words.count(behind.people, "person", "people")
    return f"{people}{accounts} told {words.spelled(behind.teams, 'team')}{segments}"


def badges(marks: Sequence[Mark]) -> str:
    """A theme's marks as HTML."""
    return " ".join(f'<span class="hd-badge hd-{esc(mark.split()[0])}">{esc(mark)}</span>' for mark in marks)


def moved(change: Change) -> str:
    """How a theme moved: "in 9 of 27 interviews, before in 3 of 31: more than before"."""
    before = f", before in {change.interviews_before} of {change.held_before}" if change.held_before else ""
    said = f": {_MOVED[change.direction]}" if _MOVED[change.direction] else ""
    return f"in {change.interviews} of {words.count(change.held, 'interview')}{before}{said}"


def happened(event: Happened) -> str:
    """A line of a theme's history: "hidden by maria", "3 passages joined"."""
    others, passages = listed(event.others), words.count(event.passages, "passage")
    several = "were" if len(event.others) > 1 else "was"
    said: dict[Happening, str] = {
        "founded": f"split off from {others}, with {passages}," if others else f"founded with {passages}",
        "joined": f"{others} {several} merged into it, with {passages}," if others else f"{passages} joined",
        "left": f"{passages} left",
        "split": f"{others} {several} split off, with {passages},",
        "merged": f"merged into {others}",
        "ended": "ended, since nothing of it is left",
        "renamed": "renamed",
        "unnamed": "called by its key phrases again",
        "hidden": "hidden",
        "shown": "shown again",
        "refused": f"{passages} said not to belong",
    }
    told = said[event.what]
    return f"{told} by {event.who}" if event.who else told.rstrip(",")

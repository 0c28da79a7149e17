"""How much of a brief its documents tell, so that it is read in ten minutes; what is left out is counted in a line."""

from __future__ import annotations

from typing import TypeVar

from research.brief import Brief, Surprise, Told
from research.insight import Insight
from research.models import Hit

_One = TypeVar("_One")

THEMES = 7  # those that come up most
CHARTED = 10
LEARNED = 6
SURPRISES = 6
APART = 5
ALONE = 5
SEGMENTS = 10
QUESTIONS = 6
STALE = 6
QUOTES = 2  # of a theme
CITED = 3  # passages for a question
EVIDENCE = 2  # quotes for an insight, besides one of those that speak against it
LONGEST = 320  # characters of a quote; it stands in full in the list of passages


def leading(brief: Brief) -> tuple[Told, ...]:
    """The themes that come up most."""
    return brief.themes[:THEMES]


def surprises(brief: Brief) -> tuple[Surprise, ...]:
    """What surprised: first what was decided and is spoken against, then what rises, is new and fades."""
    order = ("reversed", "rising", "new", "fading")
    return tuple(sorted(brief.surprises, key=lambda one: order.index(one.what)))


def themes(brief: Brief) -> tuple[Told, ...]:
    """The themes that a chart shows: those that come up most, and of the others those that changed, as many as fit."""
    changed = {"rising", "fading", "new"}
    others = (told for told in brief.themes[THEMES:] if changed & set(told.theme.marks))
    return (*leading(brief), *others)[:CHARTED]


def first(found: tuple[_One, ...], most: int) -> tuple[tuple[_One, ...], int]:
    """The first `most`, and how many are left; one alone is not left out."""
    return (found, 0) if len(found) <= most + 1 else (found[:most], len(found) - most)


def evidence(one: Insight) -> tuple[list[Hit], list[Hit]]:
    """What speaks for the decision on an insight, and what against it, as far as its words are kept."""
    pro = [line.hit for line in one.of("for") if line.hit]
    contra = [line.hit for line in one.of("against") if line.hit]
    return (contra, pro) if one.decided == "refuted" else (pro, contra)

"""Pictures of who reads whom: what stands in them, by the specification that a browser draws."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from brief_support import EXPORT, theme

from heard import charts
from heard.charts import DARK, LIGHT, Ink
from research.change import wilson
from research.reuse import Month, Reading

READINGS = (Reading("Growth", "Billing", 9, 2), Reading("Billing", "Growth", 2, 0))
MONTHS = (Month(date(2026, 9, 1), 38, 5, *wilson(5, 38)), Month(date(2026, 10, 1), 40, 12, *wilson(12, 40)))


def luminance(colour: str) -> float:
    """Relative luminance (WCAG 2) of a colour such as #0f5f5c."""
    shares = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [share / 12.92 if share <= 0.04045 else ((share + 0.055) / 1.055) ** 2.4 for share in shares]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def mixed(ink: Ink, share: float) -> str:
    ends = [[int(colour[at : at + 2], 16) for at in (1, 3, 5)] for colour in (ink.least, ink.most)]
    return "#" + "".join(f"{round(a + (b - a) * share):02x}" for a, b in zip(*ends, strict=True))


def test_who_reads_whom_has_a_cell_a_pair_and_a_place_for_every_team() -> None:
    spec = charts.who_reads_whom(READINGS, ("Growth", "Billing", "support")).to_dict()
    text = str(spec)
    assert "{'row': 'Growth', 'column': 'Billing', 'count': 9}" in text
    assert "['Billing', 'Growth', 'support']" in text
    assert "Read by" in text
    assert "Heard by" in text


def test_who_heard_what_has_a_row_a_theme_and_a_cell_for_each_team_that_heard_it() -> None:
    found = theme(7, "a label that is far too long to stand beside a picture", (EXPORT[0],), 3, 1)
    one = replace(found, by_team=(("Growth", 2),))
    text = str(charts.who_heard_what([one], ("Billing", "Growth")).to_dict())
    assert "'column': 'Growth', 'count': 2" in text
    assert "['Billing', 'Growth']" in text
    assert "…" in text


def test_a_theme_by_month_has_an_interval_for_each_month_in_which_anybody_was_heard() -> None:
    text = str(charts.by_month([(date(2026, 9, 1), 3, 12), (date(2026, 10, 1), 0, 0)]).to_dict())
    assert "3 of 12" in text
    assert "Share of interviews" in text


def test_the_share_by_month_has_its_interval_and_says_the_last() -> None:
    text = str(charts.crossing(MONTHS).to_dict())
    assert "'month': 'Sep 2026'" in text
    assert "12 of 40" in text
    assert "Share of uses" in text


@pytest.mark.parametrize("ink", [LIGHT, DARK])
def test_every_number_can_be_read_on_its_cell(ink: Ink) -> None:
    for percent in range(101):
        on = ink.on_most if percent / 100 > ink.turn else ink.on_least
        assert contrast(mixed(ink, percent / 100), on) >= 4.5

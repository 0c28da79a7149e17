"""Answers as pandas tables: which columns, of which types, and that an empty answer has the same ones."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import brief_support
import pandas as pd
import pytest

from research.check import Check
from research.models import Hits
from research.repository import Repository
from research.themes.heard import Themes
from research.voices import voices

ROOT = Path(__file__).parent.parent
NO_HITS = Hits((), voices(()))
NO_THEMES = Themes((), None, 0, 0, 0, 0, 0)


def test_a_hit_is_a_row_with_who_said_it_where_and_when(sample_repo: Repository) -> None:
    hits = sample_repo.search("importing the patient list", limit=3)
    frame = hits.to_frame()
    assert list(frame.index) == list(range(len(hits)))
    first = frame.iloc[0]
    assert first["text"] == hits[0].text
    assert (first["account"], first["segment"], first["team"]) == ("Northwind", "clinic manager", "Growth")
    assert first["participant"] == hits[0].participant
    assert first["date"] == pd.Timestamp(2026, 10, 14)
    assert first["tags"] == hits[0].tags
    assert frame["score"].is_monotonic_decreasing


def test_what_is_not_known_is_empty_and_a_day_that_is_none_is_not_a_time(sample_repo: Repository) -> None:
    frame = sample_repo.search("", team="Support", per_person=None).to_frame()
    assert frame["start_s"].isna().all()
    assert frame["opens"].isna().all()
    assert not frame[["segment", "account", "role", "context"]].isna().any().any()


@pytest.mark.parametrize(
    ("ask", "empty"),
    [
        (lambda repo: repo.search("exporting the report", limit=50, per_person=None), NO_HITS),
        (lambda repo: repo.themes(since="2026-08-01", until="2026-11-22"), NO_THEMES),
        (lambda repo: repo.check(["Do they export the report?", "Do they own a parrot?"]), Check(())),
    ],
    ids=["hits", "themes", "check"],
)
def test_an_empty_answer_has_the_same_columns_of_the_same_types(sample_repo: Repository, ask, empty) -> None:  # type: ignore[no-untyped-def]
    full, none = ask(sample_repo).to_frame(), empty.to_frame()
    assert none.empty
    assert list(none.columns) == list(full.columns)
    assert none.dtypes.to_dict() == full.dtypes.to_dict()
    assert {name for name, type_ in none.dtypes.items() if type_.kind == "M"} >= set(none.columns) & {
        "date", "opens", "latest", "first", "last", "founded",
    }  # fmt: skip


def test_a_verdict_is_a_row_in_the_order_of_the_lines(sample_repo: Repository) -> None:
    check = sample_repo.check(["Do they export the monthly report?", "Do they own a parrot?"])
    frame = check.to_frame()
    assert list(frame["line"]) == [one.line for one in check]
    assert list(frame["verdict"]) == [one.verdict for one in check]
    assert list(frame["confidence"]) == [one.confidence for one in check]
    assert frame["quote"][0] == check[0].hits[0].text


def test_a_theme_is_a_row_with_its_change_and_a_quote() -> None:
    brief = brief_support.brief()
    themes = Themes(tuple(one.theme for one in brief.themes), None, 0, 0, 0, 0, 0)
    frame = themes.to_frame()
    assert len(frame) > 1
    for (_, row), one in zip(frame.iterrows(), themes, strict=True):
        assert (row["id"], row["label"], row["people"], row["passages"]) == (
            one.id, one.label, one.people, one.voices.passages,
        )  # fmt: skip
        assert (row["interviews"], row["held"], row["direction"]) == (
            one.change.interviews, one.change.held, one.change.direction,
        )  # fmt: skip
        assert row["quote"] == (one.quote.text if one.quote else "")
        assert row["teams"] == one.teams
    assert frame.dtypes.to_dict() == NO_THEMES.to_frame().dtypes.to_dict()


def test_every_column_is_told_of() -> None:
    for empty in (NO_HITS, NO_THEMES, Check(())):
        told = type(empty).to_frame.__doc__ or ""
        assert not [name for name in empty.to_frame().columns if f"`{name}`" not in told]


def test_pandas_is_loaded_for_whoever_wants_a_table_only() -> None:
    said = "import sys, research, ingest; print('pandas' in sys.modules)"
    assert subprocess.check_output([sys.executable, "-c", said], text=True, cwd=ROOT) == "False\n"

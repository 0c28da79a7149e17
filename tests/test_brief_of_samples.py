"""The brief of the sample interviews, as planners would read it: what it rests on, and that it is the same each time."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from pptx import Presentation

import research
from research.brief import Brief
from research.config import Settings
from research.repository import Repository

pytestmark = [pytest.mark.model, pytest.mark.xdist_group("model")]


@pytest.fixture(scope="module")
def repo(demo_home: Path) -> Iterator[Repository]:
    found = research.open(settings=Settings(demo_home))
    yield found
    found.close()


@pytest.fixture(scope="module")
def brief(repo: Repository) -> Brief:
    return repo.brief()


def test_it_is_of_the_last_90_days_against_the_90_before(brief: Brief, repo: Repository) -> None:
    assert brief.window.until == repo.now().date()
    assert brief.window.since == repo.now().date() - timedelta(days=89)
    assert brief.made.interviews > brief.made.interviews_before > 0
    assert set(brief.made.teams) == {"Billing", "Growth", "Integrations", "Scheduling", "Support"}


def test_it_tells_what_was_decided_and_what_went_stale(brief: Brief) -> None:
    assert {one.decided for one in brief.learned} == {"supported", "refuted"}
    assert [one.decided for one in brief.stale]
    assert not {one.code for one in brief.learned} & {one.code for one in brief.stale}


def test_every_theme_is_told_by_several_people_in_their_words(brief: Brief) -> None:
    assert len(brief.themes) >= 7
    for told in brief.themes:
        assert told.theme.people > 1
        assert len({hit.participant for hit in told.quotes}) == len(told.quotes) > 0
        assert {hit.id for hit in told.quotes} <= set(told.theme.passage_ids)


def test_what_several_teams_heard_apart_has_a_quote_of_each(brief: Brief) -> None:
    assert brief.apart
    for one in brief.apart:
        assert [hit.team for hit in one.quotes] == list(one.theme.teams)


def test_segments_nobody_was_heard_of_come_first(brief: Brief) -> None:
    heard = [one.heard / one.known for one in brief.unheard]
    assert heard[0] == 0
    assert heard == sorted(heard)


def test_every_number_leads_to_its_passage(brief: Brief) -> None:
    told = brief.to_markdown()
    cited = set(re.findall(r"\]\(#(p\d+)\)", told))
    assert cited
    assert cited == set(re.findall(r'<a id="(p\d+)">', told))


def test_its_deck_can_be_shown(brief: Brief, tmp_path: Path) -> None:
    brief.to_pptx(tmp_path / "brief.pptx")
    slides = Presentation(str(tmp_path / "brief.pptx")).slides
    assert 12 <= len(slides) <= 20
    assert all(slide.shapes.title.text_frame.text for slide in slides)


def test_it_is_the_same_byte_for_byte_each_time(brief: Brief, repo: Repository) -> None:
    again = repo.brief()
    assert again == brief
    assert (again.to_markdown(), again.to_json()) == (brief.to_markdown(), brief.to_json())


def test_a_team_reads_its_own(repo: Repository) -> None:
    mine = repo.brief(team="Billing")
    assert mine.made.teams == ("Billing",)
    assert all(hit.team == "Billing" for told in mine.themes for hit in told.quotes)
    assert not mine.apart
    assert mine.learned
    assert {one.team for one in mine.learned} == {"Billing"}
    assert repo.brief(team="billing").learned == mine.learned


def test_of_days_without_interviews_it_says_so(repo: Repository) -> None:
    empty = repo.brief(since="2001-01-01", until="2001-03-31")
    assert empty.made.interviews == 0
    assert datetime(2001, 3, 31).date() == empty.window.until
    assert "No interview" in empty.to_markdown() or "nobody" in empty.to_markdown().lower()

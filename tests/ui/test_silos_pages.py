"""Silos on the pages: who reads whom, searches that are followed, questions that are kept, and a digest."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime

import pytest
from streamlit.testing.v1 import AppTest
from visiting import Visit, shown

import ingest
from research.access import Reader, local
from research.repository import Repository
from research.reuse import Reuse

ZEPPELIN = "Would zeppelins help veterinarians?"
QUESTION = "Do people export the monthly report to a spreadsheet?"


def use(repo: Repository, day: date, who: str, team: str, *teams: str) -> None:
    """Somebody of a team opens the notes of some teams."""
    reuse = Reuse(repo.engine, Reader(local(who), lambda: datetime(day.year, day.month, day.day)))
    reuse.join(team)
    reuse.note("opened", [note.id for note in repo.notes(team=teams)])


def test_a_repository_without_uses_says_how_they_come(sample_repo: Repository, visit: Visit) -> None:
    at = visit(sample_repo, "silos")
    assert "Say above for which team you read" in shown(at)
    at.selectbox(key="hd_team").set_value("Growth").run()
    assert sample_repo.reuse.team == "Growth"
    assert "Open a note, and it counts." in shown(at)


def test_opening_a_note_counts_once_a_view(sample_repo: Repository, visit: Visit) -> None:
    sample_repo.reuse.join("Growth")
    note = sample_repo.notes(team="Billing")[0]
    at = visit(sample_repo, "note", id=note.id)
    at.run()
    (month,) = sample_repo.reuse.used().months
    assert (month.uses, month.across) == (1, 1)


def test_silos_show_who_reads_whom_and_whether_it_changes(sample_repo: Repository, visit: Visit) -> None:
    sample_repo.reuse.join("Growth")
    use(sample_repo, date(2026, 10, 5), "ann", "Growth", "Growth", "Billing")
    use(sample_repo, date(2026, 11, 5), "ben", "Billing", "Growth")
    at = visit(sample_repo, "silos")
    html = shown(at)
    assert "2 of 2 uses in November 2026 were of another team’s notes; in October 1 of 3: no clear change." in html
    assert "<td>Billing</td><td>Growth</td><td>2</td><td>0</td>" in html
    assert "<td>Oct 2026</td><td>1 of 3</td><td>33%</td>" in html
    charts = [str(chart.proto) for chart in at.get("vega_lite_chart")]
    assert len(charts) == 2
    assert "Who reads whom: Billing read Growth twice; Growth read Billing once." in charts[0]


def test_silos_show_what_two_teams_heard_apart_and_a_digest(sample_repo: Repository, visit: Visit) -> None:
    sample_repo.reuse.join("Growth")
    sample_repo.kept.follow("Growth", "export the monthly report")
    at = visit(sample_repo, "silos")
    assert "Growth and Billing heard the same" in shown(at)
    assert "Nothing that others heard" in shown(at)
    at.segmented_control(key="hd_digest_days").set_value(30).run()
    html = shown(at)
    assert "1 person told Billing what touches the work of Growth" in html
    assert "You follow: export the monthly report" in html
    assert [one.label for one in at.get("download_button")] == ["Markdown", "Page to mail"]
    at.button(key="hd_unfollow_0").click().run()
    assert not sample_repo.kept.searches("Growth")
    assert "Others heard what you heard" in shown(at)


def test_one_team_alone_has_no_silos(repo: Repository, put: Callable[..., list[ingest.Outcome]], visit: Visit) -> None:
    assert "Nothing was heard yet" in shown(visit(repo, "silos"))
    put(repo, {"a.txt": "P1: The import failed again on Monday."}, team="Growth")
    assert "All notes are of Growth so far." in shown(visit(repo, "silos"))


def test_a_search_is_followed_where_it_is_made(sample_repo: Repository, visit: Visit) -> None:
    at = visit(sample_repo, q="zeppelin", segment=["clinic manager"], days="30")
    assert "hd_follow" not in [button.key for button in at.button]
    at.selectbox(key="hd_follow_team").set_value("Growth").run()
    at.button(key="hd_follow").click().run()
    assert [one.query for one in sample_repo.kept.searches("Growth")] == ['zeppelin segment:"clinic manager"']
    assert "Growth follows this search" in shown(at)
    at.button(key="hd_unfollow").click().run()
    assert not sample_repo.kept.searches("Growth")


def test_a_search_that_says_nothing_or_is_of_one_note_is_not_followed(sample_repo: Repository, visit: Visit) -> None:
    sample_repo.reuse.join("Growth")
    keys = [button.key for button in visit(sample_repo, team=["Billing"]).button]
    keys += [button.key for button in visit(sample_repo, q="export", note=sample_repo.notes()[0].id).button]
    assert "hd_follow" not in keys
    at = visit(sample_repo, q="🦆")
    at.button(key="hd_follow").click().run()
    assert "Name a team and what it wants to hear of" in shown(at)


@pytest.mark.parametrize(
    ("page", "params", "words"),
    [("check", {"text": "- Do people share one login?"}, "one login"), ("silos", {}, "I never trust it")],
)
def test_a_visit_shows_no_words_of_somebody_forgotten_meanwhile(
    sample_repo: Repository, visit: Visit, page: str, params: dict[str, str], words: str
) -> None:
    (hit,) = (one for one in sample_repo.search(words, team="Billing") if words in one.text)
    sample_repo.reuse.join("Growth")
    at = visit(sample_repo, page, **params)
    assert words in said(at)
    sample_repo.forget(hit.participant)
    assert words not in said(at.run())


def said(at: AppTest) -> str:
    """What a page shows, without the lines that were asked."""
    return shown(at).replace("Do people share one login?", "")


def test_the_open_questions_of_a_check_are_kept_and_let_go(sample_repo: Repository, visit: Visit) -> None:
    at = visit(sample_repo, "check", text=f"- {QUESTION}\n- {ZEPPELIN}")
    at.selectbox(key="hd_keep_team").set_value("Growth").run()
    at.button(key="hd_keep").click().run()
    (kept,) = sample_repo.kept.questions()
    assert (kept.line, kept.team) == (ZEPPELIN, "Growth")
    assert "1 open question kept for Growth." in shown(at).replace("\\", "")
    assert 'hd-open">Still open</span>' in shown(at)
    sample_repo.kept.keep_questions([QUESTION], team="Growth")
    assert 'hd-answered">Answered since</span>' in shown(visit(sample_repo, "check"))
    at = visit(sample_repo, "check")
    at.button(key=f"hd_let_{kept.number}").click().run()
    assert [one.line for one in sample_repo.kept.questions()] == [QUESTION]


def test_a_document_of_a_check_counts_as_use(sample_repo: Repository, visit: Visit) -> None:
    sample_repo.reuse.join("Growth")
    at = visit(sample_repo, "check", text="- Why do people share one login instead of paying per seat?")
    next(one for one in at.get("download_button") if one.label == "Markdown").click().run()
    (reading,) = sample_repo.reuse.used().readings
    assert (reading.team, reading.of_team, reading.uses) == ("Growth", "Billing", 1)

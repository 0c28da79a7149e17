"""Insights in the pages: as whoever weighs a claim clicks through them."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from visiting import HOSTILE, Visit, click, shown

from research.insight import Request
from research.repository import Repository

CLAIM = "Clinics export the monthly report to a spreadsheet and fix it there."


@pytest.fixture
def claimed(sample_repo: Repository) -> Repository:
    """The samples of the tests and one claim, for which one passage speaks."""
    sample_repo.insights.add(CLAIM, kind="product", team="Growth")
    sample_repo.insights.link("I-0001", passage(sample_repo, "Every single month"), "for")
    return sample_repo


def passage(repo: Repository, words: str) -> str:
    return next(hit.id for hit in repo.search(words, limit=50, per_person=None) if words in hit.text)


# -- the list ------------------------------------------------------------------------------------------------------------


def test_the_list_says_what_is_known_of_each_claim(claimed: Repository, visit: Visit) -> None:
    claimed.insights.add("Seats cost too much.", kind="pricing", team="Billing", review=date(2026, 11, 1))
    claimed.insights.decide("I-0001", "supported", "Seen on screen.")
    html = shown(visit(claimed, "insights"))
    assert html.index(CLAIM) < html.index("Seats cost too much.")
    assert "one voice: 1 person for · product · Growth" in html
    assert 'hd-is-supported">Supported' in html
    assert 'hd-is-stale">Stale hypothesis' in html
    assert "It was to be looked at again by 1 Nov 2026." in html
    assert 'href="insight?id=I-0001"' in html
    assert 'href="insights?state=stale">1 stale</a>' in html
    assert 'href="insights?team=Billing">Billing</a>' in html


def test_the_address_narrows_the_list(claimed: Repository, visit: Visit) -> None:
    claimed.insights.add("Seats cost too much.", kind="pricing", team="Billing")
    html = shown(visit(claimed, "insights", team="Billing", kind="pricing", state="hypothesis"))
    assert "Seats cost too much." in html
    assert CLAIM not in html
    assert 'href="insights?team=Billing&amp;kind=pricing">All</a>' in html
    assert "No insight is like that." in shown(visit(claimed, "insights", team="Nobody"))


def test_a_claim_is_written_down(sample_repo: Repository, visit: Visit) -> None:
    at = visit(sample_repo, "insights")
    assert "None yet." in shown(at)
    at.button(key="hd_add").click().run()
    at.text_area(key="hd_new_statement").set_value(CLAIM)
    at.text_input(key="hd_new_contrary").set_value("We print it.")
    at.pills(key="hd_new_kind").set_value("usability")
    at.button(key="hd_new_save").click().run()
    one = sample_repo.insights.one("I-0001")
    assert (one.statement, one.kind, one.contrary) == (CLAIM, "usability", "We print it.")


def test_a_request_is_refused_in_the_dialog_until_it_says_how_we_will_know(
    sample_repo: Repository, visit: Visit
) -> None:
    at = visit(sample_repo, "insights")
    at.button(key="hd_ask").click().run()
    at.text_area(key="hd_request_statement").set_value("Build a dark mode.")
    at.text_area(key="hd_request_problem").set_value("Demos look dated.")
    at.button(key="hd_request_save").click().run()
    assert not sample_repo.insights.all()
    assert "how we will know" in at.session_state["hd_request_error"]


# -- one insight -----------------------------------------------------------------------------------------------------------


def test_the_evidence_can_be_taken_along_as_files(claimed: Repository, visit: Visit) -> None:
    at = visit(claimed, "insight", id="I-0001")
    assert "1 passage, each with who said it" in shown(at)
    assert [one.label for one in at.get("download_button")] == ["Markdown", "CSV", "Excel", "Word"]
    claimed.insights.add("Nobody has said anything to this.")
    assert not visit(claimed, "insight", id="I-0002").get("download_button")


def test_an_insight_shows_who_speaks_for_and_against_it_and_why_it_is_what_it_is(
    claimed: Repository, visit: Visit
) -> None:
    claimed.insights.link("I-0001", passage(claimed, "A person on the phone"), "against")
    claimed.insights.decide("I-0001", "refuted", "Nobody needs to.")
    claimed.insights.outcome("I-0001", "reports exported", before="41%", target="20%", by=date(2026, 11, 1))
    claimed.insights.kata("I-0001", obstacle="Dates come out as text.")
    html = shown(visit(claimed, "insight", id="I-0001"))
    assert "Contested: one person speaks for it, one against." in html
    assert html.index("Every single month") < html.index("A person on the phone")
    assert "Nobody needs to." in html
    assert "Reports exported: from 41% to 20% by 1 Nov 2026" in html
    assert "Due since 1 Nov 2026; nobody has said what happened." in html
    assert "<dt>The obstacle</dt><dd>Dates come out as text.</dd>" in html
    assert "called refuted: Nobody needs to." in html
    assert 'href="note?id=' in html


def test_evidence_changes_sides_and_is_taken_away(claimed: Repository, visit: Visit) -> None:
    at = click(visit(claimed, "insight", id="I-0001"), "Speaks against it")
    assert [one.sign for one in claimed.insights.one("I-0001").evidence] == ["against"]
    assert "One voice against it" in shown(at)
    click(at, "Take away")
    assert not claimed.insights.one("I-0001").evidence


@pytest.mark.parametrize("said", ["for", "against", "neither"])
def test_suggestions_are_judged_for_against_or_neither(said: str, claimed: Repository, visit: Visit) -> None:
    at = visit(claimed, "insight", id="I-0001")
    (found,) = claimed.insights.suggested("I-0001").alike
    assert "I never trust it" in shown(at)
    at.button(key=f"hd_judge_{said}_{found.id}").click().run()
    linked = {line.sign for line in claimed.insights.one("I-0001").evidence if line.hit and line.hit.id == found.id}
    assert linked == {said} - {"neither"}
    assert found.id not in {hit.id for hit in claimed.insights.suggested("I-0001").alike}


def test_who_disagrees_is_looked_for_in_their_words(claimed: Repository, visit: Visit) -> None:
    at = visit(claimed, "insight", id="I-0001")
    at.text_area(key="hd_contrary_I-0001").set_value("Paying per seat is silly.").run()
    assert claimed.insights.one("I-0001").contrary == "Paying per seat is silly."
    assert "per seat for people who work" in shown(at)


def test_a_decision_without_evidence_is_refused_in_a_sentence(claimed: Repository, visit: Visit) -> None:
    at = visit(claimed, "insight", id="I-0001")
    at.pills(key="hd_decided_I-0001").set_value("refuted")
    at.text_area(key="hd_why_I-0001").set_value("I doubt it.")
    at.button(key="hd_decide_I-0001").click().run()
    assert "called refuted while nothing speaks against it" in shown(at).replace("\\", "")
    at.pills(key="hd_decided_I-0001").set_value("supported")
    at.button(key="hd_decide_I-0001").click().run()
    assert claimed.insights.one("I-0001").decided == "supported"
    assert 'hd-is-supported">Supported' in shown(at)


def test_review_outcome_next_step_and_words_are_set_on_the_page(claimed: Repository, visit: Visit) -> None:
    at = visit(claimed, "insight", id="I-0001")
    at.date_input(key="hd_review_I-0001").set_value(date(2027, 1, 15)).run()
    at.button(key="hd_looked_I-0001").click().run()
    at.text_input(key="hd_outcome_metric_I-0001").set_value("reports exported")
    at.text_input(key="hd_outcome_target_I-0001").set_value("20%")
    next(one for one in at.button if one.label == "Save" and "outcome" in one.form_id).click().run()
    at.text_area(key="hd_happened_I-0001").set_value("31%").run()
    at.button(key="hd_happened_save_I-0001").click().run()
    at.text_area(key="hd_kata_obstacle_I-0001").set_value("Dates come out as text.")
    next(one for one in at.button if one.label == "Save" and "kata" in one.form_id).click().run()
    at.text_area(key="hd_change_statement_I-0001").set_value("Reports leave for a spreadsheet.")
    next(one for one in at.button if one.label == "Save" and "change" in one.form_id).click().run()
    one = claimed.insights.one("I-0001")
    assert (one.review, one.outcome.target, one.outcome.happened) == (date(2027, 1, 15), "20%", "31%")
    assert (one.kata.obstacle, one.statement) == ("Dates come out as text.", "Reports leave for a spreadsheet.")
    assert one.kind == "product"
    assert "Reports leave for a spreadsheet." in shown(at)


def test_withdrawn_evidence_is_a_line_without_words(claimed: Repository, visit: Visit) -> None:
    (note,) = claimed.notes(title="Setting up")
    claimed.delete_note(note.id)
    at = visit(claimed, "insight", id="I-0001")
    assert "One passage was withdrawn" in shown(at)
    click(at, "Take these lines away")
    assert not claimed.insights.one("I-0001").evidence


def test_an_insight_is_removed_after_asking(claimed: Repository, visit: Visit) -> None:
    at = click(visit(claimed, "insight", id="I-0001"), "Remove this insight")
    assert "better kept as refuted" in shown(at)
    at.button(key="hd_remove").click().run()
    assert not claimed.insights.all()
    assert "This insight is not here" in shown(visit(claimed, "insight", id="I-0001"))
    assert "Which insight?" in shown(visit(claimed, "insight"))


# -- from wherever a passage is shown --------------------------------------------------------------------------------------


def test_a_passage_found_is_evidence_in_two_clicks(claimed: Repository, visit: Visit) -> None:
    found = passage(claimed, "I never trust it")
    assert f"cite={found}" in shown(visit(claimed, q="trust the monthly report"))
    at = visit(claimed, q="trust the monthly report", cite=found)
    assert "Which insight does it speak for or against?" in shown(at)
    at.button(key="hd_cite_I-0001_for").click().run()
    assert found in {one.hit.id for one in claimed.insights.one("I-0001").evidence if one.hit}
    assert "cite" not in at.query_params
    assert at.query_params["q"] == "trust the monthly report"


def test_a_note_offers_its_chosen_passage_as_evidence(claimed: Repository, visit: Visit) -> None:
    hit = claimed.passages([passage(claimed, "I never trust it")])[0]
    html = shown(visit(claimed, "note", id=hit.note_id, passage=hit.id))
    assert f"passage={hit.id}&amp;cite={hit.id}" in html
    assert "As evidence" not in html
    at = visit(claimed, "note", id=hit.note_id, passage=hit.id, cite=hit.id)
    at.button(key="hd_cite_I-0001_against").click().run()
    assert [one.sign for one in claimed.insights.one("I-0001").evidence] == ["for", "against"]


def test_a_new_insight_begins_with_the_passage(claimed: Repository, visit: Visit) -> None:
    found = passage(claimed, "Paying per seat")
    at = visit(claimed, q="seat", cite=found)
    at.text_area(key="hd_cite_new_statement").set_value("Seats cost too much.").run()
    at.button(key="hd_cite_new").click().run()
    one = claimed.insights.one("I-0002")
    assert (one.statement, one.team, one.of("for")[0].hit) == (
        "Seats cost too much.",
        "Billing",
        claimed.passages([found])[0],
    )


def test_a_passage_that_is_gone_is_said_so(claimed: Repository, visit: Visit) -> None:
    assert "This passage is not here any more" in shown(visit(claimed, q="seat", cite="gone"))


@pytest.mark.parametrize("page", ["insights", "insight", "search"])
def test_hostile_claims_stay_text(page: str, claimed: Repository, visit: Visit) -> None:
    request = Request(HOSTILE, HOSTILE, HOSTILE)
    code = claimed.insights.add(HOSTILE, team=HOSTILE, owner=HOSTILE, contrary=HOSTILE, request=request)
    found = passage(claimed, "Paying per seat")
    claimed.insights.link(code, found, "for")
    claimed.insights.decide(code, "supported", HOSTILE)
    claimed.insights.outcome(code, HOSTILE, before=HOSTILE, target=HOSTILE, by=date(2026, 11, 22) + timedelta(days=9))
    claimed.insights.happened(code, HOSTILE)
    claimed.insights.kata(code, now=HOSTILE, obstacle=HOSTILE, experiment=HOSTILE, learned=HOSTILE)
    params = {"insight": {"id": code}, "search": {"q": "seat", "cite": found}}.get(page, {})
    html = shown(visit(claimed, page, **params))
    assert "<script>" not in html
    assert "<img" not in html
    assert "&lt;script&gt;" in html

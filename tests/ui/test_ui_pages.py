"""Every page, empty and filled, and text that tries to be more than text."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from typing import Any
from urllib.parse import quote

import pytest
from qdpx_support import code, guid, qde, qdpx, selection, text_source
from streamlit.testing.v1 import AppTest
from visiting import HOSTILE, Visit, click, shown

import ingest
from heard.passages_document import count
from heard.ui import jobs, words
from research.errors import IndexDamaged
from research.repository import Repository

PAGES = (
    "search", "check", "library", "voices", "note", "upload", "tags", "brief", "themes", "theme", "insights", "insight", "silos",
    "people", "person", "rules", "members", "status",
)  # fmt: skip


@pytest.mark.parametrize("page", PAGES)
def test_empty_repository_has_a_sensible_page(page: str, repo: Repository, visit: Visit) -> None:
    html = shown(visit(repo, page))
    assert "hd-title" in html
    assert "Traceback" not in html


@pytest.mark.parametrize("page", PAGES)
def test_filled_repository_has_a_sensible_page(page: str, sample_repo: Repository, visit: Visit) -> None:
    assert "hd-title" in shown(visit(sample_repo, page))


def test_front_page_offers_questions_that_were_asked(sample_repo: Repository, visit: Visit) -> None:
    html = shown(visit(sample_repo))
    for question in sample_repo.example_questions():
        assert f'href="./?q={quote(question)}"' in html


def test_search_shows_words_context_and_who_stands_behind(sample_repo: Repository, visit: Visit) -> None:
    html = shown(visit(sample_repo, q="export the monthly report"))
    assert "<mark>export</mark>" in html
    assert "asked: And what did you do then?" in html
    assert "Only two people said this, to two teams. Latest 19 days ago." in html
    assert re.search(r"P-\d{4} · clinic manager · Northwind", html)
    assert re.search(r'href="note\?id=[^"]+&amp;passage=', html)


def test_what_was_found_can_be_taken_along_as_files(sample_repo: Repository, visit: Visit) -> None:
    at = visit(sample_repo, "search", q="exporting the monthly report", team="Growth", show="1")
    hits = sample_repo.search("exporting the monthly report", limit=200, per_person=None, team="Growth")
    assert f"{words.count(count(hits), 'passage')}, each with who said it, by pseudonym" in shown(at)
    labels = [one.label for one in at.get("download_button")]
    assert labels == ["Markdown", "CSV", "Excel", "Word"]
    assert not visit(sample_repo, "search", q="zzz", tag="none").get("download_button")


def test_filters_in_the_address_narrow_and_show_as_pills(sample_repo: Repository, visit: Visit) -> None:
    at = visit(sample_repo, q="export the monthly report", team=["Billing"], since="2026-11-01")
    assert "Growth" not in re.sub(r"<option.*", "", shown(at))
    assert "Only one person said this." in shown(at)
    pills = [button for button in at.button if str(button.key).startswith("hd-on-")]
    assert [pill.label for pill in pills] == ["Billing", "Since 1 Nov 2026"]
    pills[0].click().run()
    assert "team" not in at.query_params
    assert at.query_params["q"] == "export the monthly report"


def test_typing_a_question_and_choosing_a_filter_write_the_address(sample_repo: Repository, visit: Visit) -> None:
    at = visit(sample_repo)
    at.text_input(key="hd_q").set_value("import").run()
    assert at.query_params["q"] == "import"
    at.pills(key="hd_f_team").set_value(["Growth"]).run()
    assert at.query_params["team"] == "Growth"
    at.pills(key="hd_f_days").set_value(90).run()
    assert at.query_params["days"] == "90"
    assert "hd-hit" in shown(at)


def test_no_hits_names_the_filters_and_offers_a_way_out(sample_repo: Repository, visit: Visit) -> None:
    html = shown(visit(sample_repo, q="zeppelin", team="Growth", days="30"))
    assert "Nobody has said anything about “zeppelin” here." in html
    assert "Growth, Last 30 days" in html
    assert 'href="./?q=zeppelin"' in html
    assert "Nobody has said anything about “zeppelin” yet." in shown(visit(sample_repo, q="zeppelin"))


@pytest.mark.parametrize("question", ["🦆🎉", "import " * 1500, '"', "team:", "tag:x after:2026-01-01", "\0\ud800"[:1]])
def test_strange_questions_have_a_page(question: str, sample_repo: Repository, visit: Visit) -> None:
    at = visit(sample_repo)
    at.text_input(key="hd_q").set_value(question).run()
    html = shown(at)
    assert "hd-voices" in html or "hd-title" in html


def test_a_question_too_long_for_an_address_is_still_answered(sample_repo: Repository, visit: Visit) -> None:
    at = visit(sample_repo)
    at.text_input(key="hd_q").set_value("monthly report " * 700).run()
    assert "q" not in at.query_params
    assert "hd-hit" in shown(at)
    assert "too long to travel in a link" in shown(at)


@pytest.mark.parametrize("page", ["search", "themes", "brief"])
@pytest.mark.parametrize(("since", "until"), [("2026-11-01", "2031-01-01"), ("1951-02-03", ""), ("2030-01-01", "")])
def test_an_address_may_ask_for_days_long_ago_and_days_to_come(
    sample_repo: Repository, visit: Visit, page: str, since: str, until: str
) -> None:
    assert shown(visit(sample_repo, page, since=since, until=until, **({"q": "export"} if page == "search" else {})))


def test_what_cannot_be_asked_is_a_sentence(sample_repo: Repository, visit: Visit) -> None:
    assert "is not a date" in shown(visit(sample_repo, q="import after:soon")).replace("\\", "")
    assert "is not a date" in shown(visit(sample_repo, q="import", days="soon")).replace("\\", "")


def test_a_damaged_index_is_a_sentence(sample_repo: Repository, visit: Visit, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object, **__: object) -> None:
        raise IndexDamaged("The search index cannot be read. Run `heard doctor --repair`.")

    monkeypatch.setattr(sample_repo, "search", broken)
    assert "The search index cannot be read" in shown(visit(sample_repo, q="import"))


def test_note_is_a_conversation_with_the_passage_marked(sample_repo: Repository, visit: Visit) -> None:
    hit = sample_repo.search("export the monthly report", team="Growth")[0]
    at = visit(sample_repo, "note", id=hit.note_id, passage=hit.id)
    html = shown(at)
    assert f'<div class="hd-turn hd-them hd-chosen" id="passage-{hit.id}">' in html
    assert '<div class="hd-turn hd-us">' in html
    assert "Others heard this too" in html
    assert "I never trust it" in html
    assert "clinic manager, Northwind" in html
    assert "front matter" in html


def test_tags_of_a_passage_change_at_once(sample_repo: Repository, visit: Visit) -> None:
    hit = sample_repo.search("export the monthly report", team="Growth")[0]
    at = visit(sample_repo, "note", id=hit.note_id, passage=hit.id)
    pills = at.pills(key=f"hd_tags_{hit.id}")
    before = set(pills.value)
    assert "delight" not in before
    pills.set_value([*before, "delight"]).run()
    assert "delight" in sample_repo.passages([hit.id])[0].tags
    assert "<b>delight</b> set by a person" in shown(at)
    at.pills(key=f"hd_tags_{hit.id}").set_value([]).run()
    assert sample_repo.passages([hit.id])[0].tags == ()


def test_deleting_a_note_asks_once(sample_repo: Repository, visit: Visit) -> None:
    note = sample_repo.notes(study="Invoice clarity")[0]
    at = visit(sample_repo, "note", id=note.id)
    click(at, "Delete this note")
    assert "nobody will find them" in shown(at)
    assert sample_repo.note(note.id)
    at.button(key="hd_delete").click().run()
    assert not sample_repo.notes(study="Invoice clarity")
    assert not at.exception


def test_notes_and_passages_that_are_gone_are_said_so(sample_repo: Repository, visit: Visit) -> None:
    assert "This note is not here" in shown(visit(sample_repo, "note", id="nowhere"))
    note = sample_repo.notes()[0]
    assert "not in this note any more" in shown(visit(sample_repo, "note", id=note.id, passage="gone"))
    assert "Which note?" in shown(visit(sample_repo, "note"))


def test_library_opens_studies_and_finds_notes_by_title(sample_repo: Repository, visit: Visit) -> None:
    html = shown(visit(sample_repo, "library"))
    assert "2 notes, 2 people" in html
    assert 'href="library?team=Growth&amp;study=Onboarding%20Q3"' in html
    only = shown(visit(sample_repo, "library", team="Billing"))
    assert "Invoice clarity" in only
    assert "Onboarding Q3" not in only
    at = visit(sample_repo, "library", team="Growth", study="Onboarding Q3")
    assert "Setting up at Northwind" in shown(at)
    at.text_input(key="hd_title").set_value("north").run()
    assert at.query_params["title"] == "north"
    assert shown(at).count("hd-study") == 1


def test_a_long_library_comes_in_pages(
    repo: Repository, put: Callable[..., list[ingest.Outcome]], visit: Visit
) -> None:
    put(repo, {f"n{number:02}.txt": f"P1: Reason number {number} is the import." for number in range(57)})
    first, second = (shown(visit(repo, "library", view="notes", page=page)) for page in ("1", "2"))
    assert (first.count("hd-study"), second.count("hd-study")) == (50, 7)
    assert "Older" in first
    assert "Newer" in second


def test_tags_are_listed_edited_and_checked(sample_repo: Repository, visit: Visit) -> None:
    at = visit(sample_repo, "tags")
    assert 'href="./?tag=pain"' in shown(at)
    at = visit(sample_repo, "tags", edit="pain")
    area = next(area for area in at.text_area if area.label.startswith("When"))
    area.set_value("It hurts.")
    click(at, "Save")
    assert next(tag for tag in sample_repo.taxonomy.tags if tag.name == "pain").description == "It hurts."
    at = visit(sample_repo, "tags", view="yaml")
    at.text_area(key="hd-yaml").set_value("tags:\n  - name: [a\n")
    click(at, "Save")
    assert "cannot be read near line" in shown(at)


def test_retagging_runs_beside_the_page(sample_repo: Repository, visit: Visit) -> None:
    at = visit(sample_repo, "tags")
    at.button(key="hd_retag").click().run()
    job = jobs.find("retag")
    assert job is not None
    job.wait(30)
    assert "Tags changed on" in shown(at.run())


def test_status_says_what_is_here_and_checks_it(sample_repo: Repository, visit: Visit) -> None:
    at = visit(sample_repo, "status")
    assert "5 people told 3 teams what is in here, in 5 notes of 3 studies." in shown(at)
    assert "words-256" in shown(at)
    click(at, "Check now")
    assert "Every passage can be found through the index." in shown(at)
    at.button(key="hd_reindex").click().run()
    job = jobs.find("reindex")
    assert job is not None
    job.wait(30)
    assert "indexed anew" in shown(at.run())


def test_upload_shows_what_was_recognised_then_puts_it_in(sample_repo: Repository, visit: Visit) -> None:
    at = visit(sample_repo, "upload")
    at.selectbox(key="hd_team").set_value("Support").run()
    at.selectbox(key="hd_study").set_value("Tickets").run()
    text = (
        "Interviewer: And the month end?\nP1: I export the monthly report to a spreadsheet and fix the numbers there.\n"
    )
    at.file_uploader[0].set_value([("visit.txt", text.encode(), "text/plain"), ("b.xyz", b"?", "text/plain")]).run()
    assert "1 file cannot be read" in shown(at)
    assert "b.xyz is of a kind that cannot be read" in shown(at)
    cells = at.dataframe[0].value
    assert list(cells["becomes"]) == ["new"]
    assert list(cells["who speaks"]) == ["P1 (13 words)"]
    assert [list(asking) for asking in cells["who asks"]] == [["Interviewer"]]
    at.button(key="hd_put_in").click().run()
    job = jobs.find(f"upload {sample_repo.member.who} {at.query_params['job']}")
    assert job is not None
    job.wait(30)
    html = shown(at.run())
    assert "1 note is in." in html
    assert "Others heard this too" in html
    assert "Growth heard" in html
    assert sample_repo.notes(study="Tickets", title="visit")


def test_upload_offers_to_keep_both_and_asks_about_columns(sample_repo: Repository, visit: Visit) -> None:
    there = _uploaded("v.txt", "P1: The import failed again and again on Monday.")
    outcomes = list(ingest.ingest_sources(there, sample_repo, team="Support", study="Tickets"))
    assert [one.status for one in outcomes] == ["added"]
    at = visit(sample_repo, "upload")
    at.selectbox(key="hd_team").set_value("Support").run()
    at.selectbox(key="hd_study").set_value("Tickets").run()
    files = [
        ("v.txt", b"P1: The import failed once more today, on Tuesday.", "text/plain"),
        ("t.csv", b"no,body\n1,It is too slow for us on Mondays\n", "text/csv"),
    ]
    at.file_uploader[0].set_value(files).run()
    assert list(at.dataframe[0].value["becomes"]) == ["replaces “v”"]
    assert "keep both" in at.dataframe[0].value
    assert "t.csv: what are its columns?" in shown(at)
    at.multiselect(key="hd-map-1-text").set_value(["body"]).run()
    at.text_input(key="hd-map-1-name").set_value("Ticket list").run()
    at.button(key="hd-map-1-go").click().run()
    assert not at.exception
    assert sample_repo.mappings()["Ticket list"]["text"] in (("body",), ["body"])
    assert next(button for button in at.button if button.key == "hd_put_in").label == "Put 2 notes in"


def test_upload_of_a_project_tells_what_becomes_of_its_selections_and_codes(
    sample_repo: Repository, visit: Visit
) -> None:
    text = "Interviewer: How do you hand over?\nOrla: I hide the key. Nobody finds it.\n"
    chosen = [selection(20, 41, 56, 1), selection(21, 13, 34, 1)]  # "I hide the key.", and the question
    data = qdpx(qde(codes=[code(1, "hiding places")], sources=[text_source(10, "Visit", *chosen)]), {10: text})
    book = qdpx(qde(codes=[code(2, "mats")]))
    at = visit(sample_repo, "upload")
    at.selectbox(key="hd_team").set_value("Support").run()
    at.selectbox(key="hd_study").set_value("Tickets").run()
    at.file_uploader[0].set_value([("keys.qdpx", data, "application/x"), ("book.qdpx", book, "application/x")]).run()
    told = (
        "Of 2 selections that somebody made elsewhere 1 becomes a passage with its tags.",
        "2 new tags: hiding places, mats",
        "“How do you hand over?” (hiding places): no customer said it",
    )
    assert all(one in shown(at) for one in told)
    assert len(at.dataframe[0].value) == 1
    button = at.button(key="hd_put_in")
    assert button.label == "Put 1 note and 1 codebook in"
    button.click().run()
    job = jobs.find(f"upload {sample_repo.member.who} {at.query_params['job']}")
    assert job is not None
    job.wait(30)
    html = shown(at.run())
    assert all(one in html for one in ("1 note is in.", *told))


def test_upload_asks_what_the_variables_of_a_project_mean_and_shows_what_comes_of_it(
    sample_repo: Repository, visit: Visit
) -> None:
    variables = [
        f'<Variable guid="{guid(n)}" name="{name}"/>' for n, name in ((70, "Type"), (71, "Role"), (72, "Seen"))
    ]
    cases = [
        f'<Case guid="{guid(60 + n)}" name="{name}">{_fact(70, kind)}{_fact(71, "cook")}{_fact(72, day)}'
        f'<SourceRef targetGUID="{guid(10 + n)}"/></Case>'
        for n, (name, kind, day) in enumerate((("Orla", "host", "2026-03-09"), ("Ben", "guest", "2026-03-12")))
    ]
    texts = {10: "I hide the key under the mat.\n", 11: "I never find the key at night.\n"}
    sources = [text_source(number, f"Visit {number}") for number in texts]
    project = ("keys.qdpx", qdpx(qde(sources=sources, cases=cases, variables=variables), texts), "application/x")
    sheet = ("t.csv", b"Type,Role,body\nlate,x,It is too slow for us on Mondays\n", "text/csv")
    at = visit(sample_repo, "upload")
    at.selectbox(key="hd_team").set_value("Support").run()
    at.selectbox(key="hd_study").set_value("Tickets").run()
    at.file_uploader[0].set_value([project, sheet]).run()
    assert [one.label for one in at.expander] == ["What variables mean in keys\\.qdpx"]
    assert all(one in shown(at) for one in ("<b>Type</b>: host, guest", "Segment: nothing", "Role: cook (2 notes)"))
    assert {label: one.value for label, one in _meanings(at).items()} == {
        "Segment": "–", "Account": "–", "Role": "Role", "Date": "–",
    }  # fmt: skip
    for label, name in (("Segment", "Type"), ("Role", "–"), ("Date", "Seen")):
        _meanings(at)[label].set_value(name).run()
    now = (
        "Segment: host (1 note), guest (1 note)",
        "Role: nothing",
        "Date: 9 – 12 Mar 2026",
        "nothing was taken: Role",
    )
    assert all(one in shown(at) for one in now)
    form = str(_meanings(at)["Role"].key).removesuffix("-role")
    at.text_input(key=f"{form}-name").set_value("Visits").run()
    at.button(key=f"{form}-remember").click().run()
    assert "Remembered as “Visits”" in at.info[0].value
    assert [one.key for one in at.pills] == [f"{form}-known"]  # “Visits” says nothing of a spreadsheet's words
    _meanings(at)["Date"].set_value("–").run()
    assert "Date: nothing" in shown(at)
    at.pills(key=f"{form}-known").set_value("Visits").run()
    assert "Date: 9 – 12 Mar 2026" in shown(at)
    at.multiselect(key="hd-map-1-text").set_value(["body"]).run()
    at.selectbox(key="hd-map-1-segment").set_value("Type").run()
    at.button(key="hd-map-1-go").click().run()
    assert "Date: 9 – 12 Mar 2026" in shown(at)
    at.button(key="hd_put_in").click().run()
    job = jobs.find(f"upload {sample_repo.member.who} {at.query_params['job']}")
    assert job is not None
    job.wait(30)
    stored = {
        (note.title, str(note.date), one.segment, one.role)
        for note in sample_repo.notes(study="Tickets")
        for one in note.participants
    }
    assert stored >= {
        ("Visit 10", "2026-03-09", "host", ""),
        ("Visit 11", "2026-03-12", "guest", ""),
        ("It is too slow for us on Mondays", "None", "late", ""),
    }


def _meanings(at: AppTest) -> dict[str, Any]:
    """What is asked of a project's variables, by label."""
    return {one.label: one for one in at.selectbox if str(one.key).startswith("hd-variables-")}


def _fact(variable: int, said: str) -> str:
    return f'<VariableValue><VariableRef targetGUID="{guid(variable)}"/><TextValue>{said}</TextValue></VariableValue>'


def _uploaded(name: str, text: str) -> list[ingest.Source]:
    from ingest.sources import from_upload

    return [s for s in from_upload(name, text.encode(), ingest.ReadOptions()) if isinstance(s, ingest.Source)]


LIST = "# Reports\n- Do people export the monthly report to a spreadsheet?\n  - Why?\n- Would zeppelins help veterinarians?"


def test_before_you_ask_judges_each_line_and_says_what_to_do(sample_repo: Repository, visit: Visit) -> None:
    html = shown(visit(sample_repo, "check", text=LIST))
    assert "2 lines: 1 answered, 1 open." in html
    assert '<h3 class="hd-guide">Reports</h3>' in html
    assert "Why?" in html
    assert 'hd-answered">Answered</span>' in html
    assert 'hd-open">Open</span>' in html
    assert "Only two people said this, to two teams." in html
    assert re.search(r'href="note\?id=[^"]+&amp;passage=', html)
    assert html.index("Ask this one") < html.index("Drop this one") < html.index("Read this one first")
    assert "Nobody yet of: front desk, owner." in html


def test_before_you_ask_puts_a_pasted_list_into_the_address(sample_repo: Repository, visit: Visit) -> None:
    at = visit(sample_repo, "check")
    at.text_area(key="hd_check_text").set_value(LIST).run()
    assert "hd-checked" not in shown(at)
    at.multiselect(key="hd_check_teams").set_value(["Billing"]).run()
    at.button(key="hd_check_go").click().run()
    assert at.query_params["text"] in (LIST, [LIST])
    assert at.query_params["team"] in ("Billing", ["Billing"])
    assert "one person alone says so" in shown(at)
    assert at.text_area(key="hd_check_text").value == LIST


def test_a_long_list_is_kept_under_a_name(sample_repo: Repository, visit: Visit) -> None:
    text = "\n".join(f"- Do people export the monthly report, number {n} of it?" for n in range(60))
    at = visit(sample_repo, "check")
    at.text_area(key="hd_check_text").set_value(text).run()
    at.button(key="hd_check_go").click().run()
    assert "text" not in at.query_params
    (name,) = at.query_params["list"] if isinstance(at.query_params["list"], list) else [at.query_params["list"]]
    assert "60 lines:" in shown(at)
    again = visit(sample_repo, "check", list=name)
    assert "60 lines:" in shown(again)
    assert again.text_area(key="hd_check_text").value == text
    assert "not kept here any more" in shown(visit(sample_repo, "check", list="gone"))


def test_a_file_fills_the_box_and_a_bad_one_is_a_sentence(sample_repo: Repository, visit: Visit) -> None:
    at = visit(sample_repo, "check")
    at.file_uploader[0].set_value([("guide.md", LIST.encode(), "text/markdown")]).run()
    assert "2 lines:" in shown(at)
    assert "- Would zeppelins help" in at.text_area(key="hd_check_text").value
    at = visit(sample_repo, "check")
    at.file_uploader[0].set_value([("guide.docx", b"nothing", "application/x")]).run()
    assert "guide" in shown(at)
    assert "hd-checked" not in shown(at)


def test_a_list_with_nothing_to_check_is_a_sentence(sample_repo: Repository, visit: Visit) -> None:
    assert "holds nothing to check" in shown(visit(sample_repo, "check", text="# Only a heading"))


@pytest.mark.parametrize("page", PAGES)
def test_hostile_text_stays_text(
    page: str, repo: Repository, put: Callable[..., list[ingest.Outcome]], visit: Visit
) -> None:
    head = f"---\ntitle: '{HOSTILE}'\nsegment: '{HOSTILE}'\naccount: '{HOSTILE}'\n---\n"
    body = f"Interviewer: {HOSTILE}?\n\nP1: The import {HOSTILE} failed and {HOSTILE} is what we saw.\n"
    outcomes = put(repo, {"evil.md": head + body})
    note = repo.note(outcomes[0].note_id or "")
    repo.tag(note.passages[0].id, HOSTILE)
    repo.people.plan("P-0001", date(2027, 6, 1), team=HOSTILE, purpose=HOSTILE)
    repo.people.plan("P-0001", date(2027, 6, 2), reason=HOSTILE)
    repo.people.consent("P-0001", given=date(2026, 1, 1), scope=HOSTILE)
    params = {
        "search": {"q": f"import {HOSTILE}", "tag": HOSTILE},
        "note": {"id": note.summary.id, "passage": note.passages[0].id},
        "library": {"team": "Growth", "study": "Study", "title": "alert"},
        "tags": {"edit": HOSTILE},
        "person": {"id": "P-0001"},
        "check": {"text": f"# {HOSTILE}\n- import {HOSTILE} failed\n  - {HOSTILE}"},
    }.get(page, {})
    html = shown(visit(repo, page, **params))
    assert not re.search(r"<(script|img|iframe)", html)
    assert not re.search(r"href=\"javascript", html)
    if page in ("search", "note", "people", "person", "rules"):
        assert "&lt;script&gt;" in html


def test_voices_show_who_speaks_and_who_is_missing(sample_repo: Repository, visit: Visit) -> None:
    html = shown(visit(sample_repo, "voices", q="export the monthly report"))
    assert "Only two people said this, to two teams." in html
    assert re.search(r"P-\d{4}, clinic manager, Northwind", html)
    assert "Not heard: front desk, owner." in html
    assert 'href="./?q=export' in html

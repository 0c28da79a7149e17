"""The documents of a brief: what they say, that every line leads to its passages, and that people's words break none."""

from __future__ import annotations

import doctest
import hashlib
import io
import json
import os
import re
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from brief_support import EXPORT, OFFLINE, PRICE, WINDOW, brief, empty, hit, insight, theme, told
from bs4 import BeautifulSoup
from docx import Document
from docx.oxml.ns import qn
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from openpyxl import load_workbook
from pptx import Presentation
from pptx.util import Emu

from heard.ui import links
from research.brief import Brief, Surprise, Told
from research.briefs import choice, figures, fit, summary, text, wording
from research.briefs.charts import Chart, png, svg
from research.briefs.docx import docx
from research.briefs.parts import WITHIN, Sources
from research.briefs.pptx import pptx
from research.change import change
from research.errors import BadInput
from research.models import SegmentHeard

APP = "https://heard.example.org"
TESTS = Path(__file__).parent


@pytest.fixture(scope="module")
def page() -> BeautifulSoup:
    return BeautifulSoup(brief().to_html(), "html.parser")


@pytest.fixture(scope="module")
def word() -> Any:
    return Document(io.BytesIO(docx(brief())))


@pytest.fixture(scope="module")
def deck() -> Any:
    return Presentation(io.BytesIO(pptx(brief())))


def said(deck: Any) -> list[str]:
    """The texts of each slide."""
    return ["\n".join(shape.text_frame.text for shape in slide.shapes if shape.has_text_frame) for slide in deck.slides]


# -- what it says --------------------------------------------------------------------------------------------------


def test_the_message_comes_first_in_at_most_five_sentences() -> None:
    assert [f"{line.lead}: {line.text}" for line in summary.in_short(brief())] == [
        "Heard: 27 interviews with 21 people from 14 accounts, by 4 teams (in the 90 days before: 31 interviews).",
        "Decided: “Clinics re-type numbers in a spreadsheet because the export leaves out who referred the patient” is "
        "supported, on thin evidence; “Patients would rather get a text message than a call” is refuted, on one voice.",
        "Most spoken of: “Exporting reports to fix them in a spreadsheet” (12 of 27 interviews, before 4 of 31: rising); "
        "then “Reminders that nobody reads the answers to” (8 of 27) and “One shared login at the front desk” (6 of 27).",
        "Changed: “Rows that an import leaves out” is new; “Paper when the line is down” is fading. Of 24 themes compared, "
        "about one would rise or fall that far by chance alone.",
        "Gaps: “Exporting reports to fix them in a spreadsheet” was heard by Billing and Growth, and neither read a note "
        "of the other. Nobody was heard from the segment Payer (18 known).",
    ]


def test_every_citation_of_a_closed_study_says_who_alone_reads_it() -> None:
    closed = [replace(one, closed=True, opens=date(2027, 1, 31)) for one in EXPORT]
    claim = insight(1, "Clinics fix the export in a spreadsheet", "supported", closed)
    made = replace(
        brief(), learned=(claim,), themes=(told(theme(7, "Exports", closed, 12, 4), closed),), surprises=(), apart=()
    )
    only = "reads this until 31 Jan 2027"
    page = made.to_markdown()
    quoted = [line for line in page.splitlines() if line.startswith("> ") and " · Billing / Month-end diary" in line]
    assert quoted
    assert all(only in line for line in quoted)
    assert all(f"only {one.team} {only}" in page.partition('## <a id="passages"')[2] for one in closed[:2])
    slides = [text for text in said(Presentation(io.BytesIO(pptx(made)))) if "Month-end diary" in text]
    assert slides
    assert all(f"Only Billing {only}. P-0014" in text for text in slides if "P-0014" in text)
    passage = json.loads(made.to_json())["passages"][closed[0].id]
    assert (passage["closed"], passage["opens"]) == (True, "2027-01-31")
    assert only not in brief().to_markdown()


GOLDEN = TESTS / "golden" / "brief.md"


def test_it_reads_word_for_word_as_it_was_last_read_by_a_person() -> None:
    """After a change of wording: HEARD_GOLDEN=write pytest tests/test_briefs.py -k word_for_word; then read the file."""
    told = brief().to_markdown()
    if os.environ.get("HEARD_GOLDEN") == "write":
        GOLDEN.write_text(told, encoding="utf-8")
    assert told == GOLDEN.read_text(encoding="utf-8")


def test_the_golden_brief_has_every_part() -> None:
    assert set(re.findall(r'^## <a id="(\w+)"', GOLDEN.read_text(encoding="utf-8"), re.MULTILINE)) == {
        "short", "learned", "themes", "surprises", "apart", "alone", "unheard", "questions", "stale", "made", "passages",
    }  # fmt: skip


def test_parts_come_in_the_order_in_which_planning_wants_them(page: BeautifulSoup) -> None:
    assert [heading.text for heading in page.find_all("h2")] == [
        "In short", "What we learned", "The themes that matter", "What surprised", "Heard apart", "What rests on one voice",
        "Who was not heard", "Open questions", "What we should no longer rely on", "How this brief was made", "The passages",
    ]  # fmt: skip


def test_no_change_is_claimed_where_chance_would_do() -> None:
    still = replace(brief(), surprises=())
    assert wording.changes(still) == "No theme rose or fell by more than chance allows."
    new = replace(still, surprises=tuple(one for one in brief().surprises if one.what == "new"))
    assert wording.changes(new).endswith("No theme rose or fell by more than chance allows.")


def test_what_was_said_of_the_first_theme_is_not_said_again() -> None:
    rising = replace(brief(), surprises=tuple(one for one in brief().surprises if one.what == "rising"))
    told = wording.changes(rising, told="T-0007")
    assert told.startswith("No other theme rose or fell by more than chance allows. Of 24 themes compared")


def test_where_nothing_was_held_before_nothing_is_said_of_change() -> None:
    first = replace(brief(), made=replace(brief().made, interviews_before=0))
    assert "nothing can be said of change" in wording.changes(first)


@pytest.mark.parametrize(
    ("numbers", "known", "sentence"),
    [
        ((12, 27, 4, 31), True, "12 of 27 interviews, before 4 of 31: rising"),
        ((8, 27, 9, 31), True, "8 of 27 interviews, before 9 of 31: no clear change"),
        ((2, 27, 12, 31), True, "2 of 27 interviews, before 12 of 31: fading"),
        ((1, 1, 0, 31), False, "1 of 1 interview; never heard before"),
        ((0, 27, 2, 31), True, "none of 27 interviews, before 2 of 31: not heard in this window"),
        ((3, 27, 0, 0), True, "3 of 27 interviews; none were held in the window before"),
    ],
)
def test_a_change_is_told_with_its_numbers(numbers: tuple[int, int, int, int], known: bool, sentence: str) -> None:
    assert wording.moved(change(*numbers, known_before=known)) == sentence


@pytest.mark.parametrize(
    ("segments", "sentence"),
    [
        ((), "No customer has a segment"),
        ((SegmentHeard("A", 3, 3),), "Everybody who is known here was heard, which only says that nobody else is known"),
        ((SegmentHeard("A", 0, 9), SegmentHeard("B", 9, 9)), "Nobody was heard from the segment A (9 known)."),
        (
            (SegmentHeard("A", 0, 9), SegmentHeard("C", 0, 4), SegmentHeard("B", 9, 9)),
            "Nobody was heard from the segments A (9 known) and C (4 known).",
        ),
        (
            (SegmentHeard("A", 1, 90), SegmentHeard("B", 9, 10)),
            "Somebody was heard from every segment. Heard less than half as often as their share of the customers: A (1 of 90 known).",
        ),
        ((SegmentHeard("A", 4, 10), SegmentHeard("B", 5, 10)), "Somebody was heard from every segment."),
    ],
)  # fmt: skip
def test_who_was_not_heard_is_told_by_what_is_known(segments: tuple[SegmentHeard, ...], sentence: str) -> None:
    assert wording.not_heard(segments).startswith(sentence)


def test_a_quote_stands_once_and_is_cited_where_it_would_come_again(page: BeautifulSoup) -> None:
    quoted = [quote.p.text for quote in page.find_all("blockquote")]
    assert len(quoted) == len(set(quoted))
    assert page.find(string=re.compile("Quoted above"))


def test_what_is_left_out_is_counted() -> None:
    many = tuple(told(theme(n, f"Theme {n}", OFFLINE, 3, 3, more=2), OFFLINE) for n in range(1, 12))
    late = told(theme(50, "Late and new", PRICE, 3, 0, known_before=False), PRICE)
    long = replace(brief(), themes=(*many, late))
    assert [one.theme.label for one in choice.themes(long)] == [*(f"Theme {n}" for n in range(1, 8)), "Late and new"]
    assert "And 17 more themes were heard; for those that changed see “What surprised”." in long.to_markdown()
    assert choice.first((1, 2, 3), 2) == ((1, 2, 3), 0)
    assert choice.first((1, 2, 3, 4), 2) == ((1, 2), 2)


def test_a_brief_of_days_in_which_nobody_was_heard_says_what_to_do() -> None:
    told = empty().to_markdown()
    assert "nobody between 25 Aug 2026 and 22 Nov 2026. Choose other days, or add the notes of these." in told
    assert "theme" not in told
    assert len(said(Presentation(io.BytesIO(pptx(empty()))))) == 2
    assert "Only what Growth heard" in "\n".join(one.text for one in Document(io.BytesIO(docx(empty()))).paragraphs)


def test_an_insight_is_told_with_who_is_behind_it_and_who_says_otherwise() -> None:
    claim = insight(1, "So it is", "supported", EXPORT[:1], EXPORT[1:3])
    assert wording.verdict(claim) == (
        "Supported on 3 Nov 2026 by Growth, on contested evidence: 1 person told 1 team; 2 people say otherwise."
    )


def test_who_stands_alone_is_not_counted_twice() -> None:
    assert wording.verdict(insight(1, "So it is", "supported", EXPORT[:1])) == (
        "Supported on 3 Nov 2026 by Growth, on one voice."
    )


def test_where_a_themes_first_quotes_stand_above_others_are_quoted() -> None:
    part = brief().to_markdown().split('<a id="T-0007"></a>')[1].split("###")[0]
    assert EXPORT[2].text in part
    assert "Quoted above: [[1]](#p1) [[2]](#p2)" in part


def test_withdrawn_evidence_is_counted_and_no_word_of_it_is_there() -> None:
    assert "One more passage is gone: deleted, or consent has ended." in brief().to_markdown()


# -- every line leads to its passages ------------------------------------------------------------------------------


def test_on_the_page_every_link_has_its_place(page: BeautifulSoup) -> None:
    places = {one["id"] for one in page.find_all(id=True)}
    links = [one["href"] for one in page.find_all("a")]
    assert links
    assert all(link.startswith("#") and link[1:] in places for link in links)


def test_in_markdown_every_link_has_its_place() -> None:
    told = brief().to_markdown()
    assert set(re.findall(r"\]\(#([^)]+)\)", told)) <= set(re.findall(r'<a id="([^"]+)"', told))


def test_in_word_every_link_has_its_place(word: Any) -> None:
    links = {one.get(qn("w:anchor")) for one in word.element.iter(qn("w:hyperlink"))}
    assert len(links) > 10
    assert links <= {one.get(qn("w:name")) for one in word.element.iter(qn("w:bookmarkStart"))}


def test_every_passage_that_is_quoted_stands_in_full_at_the_end_with_who_said_it_where(page: BeautifulSoup) -> None:
    listed = page.find_all(class_="source")
    cited = {one["href"] for one in page.find_all("a", class_="cite")}
    assert {f"#{one['id']}" for one in listed} == cited
    assert len(cited) > 12
    words = listed[0].text
    assert EXPORT[0].text in words
    for part in (
        "P-0014, billing lead, Mid-size clinic, Harbour Health",
        "Billing / Month-end diary",
        "12 Nov 2026",
        EXPORT[0].id,
    ):
        assert part in words


def test_what_a_slide_cites_stands_in_full_in_its_notes(deck: Any) -> None:
    cited = 0
    for slide, words in zip(deck.slides, said(deck), strict=True):
        notes = slide.notes_slide.notes_text_frame.text if slide.has_notes_slide else ""
        for number in re.findall(r"\[\d+\]", words):
            assert f"\n{number} “" in notes
            cited += 1
    assert cited > 20
    place = slide_of(deck, EXPORT_LABEL)
    assert f"[1] “{EXPORT[0].text}” P-0014" in deck.slides[place].notes_slide.notes_text_frame.text


@pytest.mark.parametrize(
    ("context", "said"),
    [
        ("How do you do that today?", "Asked: How do you do that today?"),
        ("You can export it, can't you? From the page?", "Asked: You can export it, can't you? From the page?"),
        ("I see. And who reads them? Take your time.", "Asked: And who reads them?"),
        (f"{'Why ' * 40}is that? From the page?", "Asked: From the page?"),
        ("Setting up", ""),
        ("", ""),
    ],
)
def test_a_quote_says_what_was_asked_last_and_nothing_of_headings(context: str, said: str) -> None:
    assert wording.asked(replace(EXPORT[0], context=context)) == said


def slide_of(deck: Any, begins: str) -> int:
    return next(n for n, words in enumerate(said(deck)) if words.startswith(begins))


def test_the_deck_shows_a_theme_with_two_charts_and_two_quotes(deck: Any) -> None:
    slide = deck.slides[slide_of(deck, EXPORT_LABEL)]
    told = [shape.text_frame.text for shape in slide.shapes if shape.has_text_frame]
    assert "12 of 27 interviews, before 4 of 31: rising (up by 8 to 51 percentage points)" in told
    share, teams = (shape.chart for shape in slide.shapes if shape.has_chart)
    assert list(share.plots[0].categories) == ["Now: 12 of 27", "Before: 4 of 31"]
    assert list(zip(teams.plots[0].categories, teams.plots[0].series[0].values, strict=True)) == [
        ("Billing", 2), ("Growth", 2)
    ]  # fmt: skip
    quoted = [text.split("\n") for text in told if "“" in text]
    assert [asked for asked, *_ in quoted] == ["Asked: How do you do that today?"] * 2
    assert all(words.startswith("“") for _, words, _ in quoted)


def test_the_deck_tells_what_the_document_tells_and_lists_no_passages(deck: Any) -> None:
    assert [words.split("\n")[0] for words in said(deck)] == [
        "What we learned about customers", "In short",
        "Clinics re-type numbers in a spreadsheet because the export leaves out who referred the patient",
        "Patients would rather get a text message than a call", "What came up most, and what changed",
        *(one.theme.label for one in brief().themes), "What surprised", "Heard apart", "What rests on one voice",
        "Who was not heard", "Open questions", "What we should no longer rely on", "How this brief was made",
    ]  # fmt: skip


def test_in_the_deck_the_message_leads_to_the_slides_that_say_more(deck: Any) -> None:
    leads = {
        shape.text_frame.text: deck.slides.index(shape.click_action.target_slide)
        for shape in deck.slides[1].shapes
        if shape.click_action.target_slide
    }
    assert leads == {
        "Decided": 2, "Most spoken of": slide_of(deck, "What came up most"),
        "Changed": slide_of(deck, "What surprised"), "Gaps": slide_of(deck, "Heard apart"),
    }  # fmt: skip


def test_what_does_not_fit_on_a_slide_is_counted() -> None:
    one = brief().surprises[0]
    themes = [
        replace(brief().themes[0].theme, id=f"T-1{n:03}", label=f"Topic {n} {'and what follows from it ' * 9}")
        for n in range(6)
    ]
    many = replace(
        brief(), surprises=tuple(replace(one, theme=theme, quotes=(EXPORT[n % 4],)) for n, theme in enumerate(themes))
    )
    words = next(w for w in said(Presentation(io.BytesIO(pptx(many)))) if w.startswith("What surprised"))
    left = re.search(r"(\w+) more stands? in the document", words)
    assert left
    assert words.count("Topic") + ["No", "One", "Two", "Three", "Four", "Five"].index(left[1]) == 6


EXPORT_LABEL = "Exporting reports to fix them in a spreadsheet"


def test_with_the_address_of_the_app_citations_themes_and_insights_open_there() -> None:
    links = [one["href"] for one in BeautifulSoup(brief().to_html(url=f"{APP}/"), "html.parser").find_all("a")]
    assert f"{APP}/note?id={EXPORT[0].note_id}&passage={EXPORT[0].id}" in links
    days = f"since={WINDOW.since}&until={WINDOW.until}"  # a theme opens as it was heard in the brief's window
    assert f"{APP}/theme?id=T-0007&{days}" in links
    assert f"{APP}/insight?id=I-0001" in links
    assert f"[open]({APP}/note?id={EXPORT[0].note_id}&passage={EXPORT[0].id})" in brief().to_markdown(url=APP)
    addresses = {
        rel.target_ref for rel in Document(io.BytesIO(docx(brief(), url=APP))).part.rels.values() if rel.is_external
    }
    assert f"{APP}/theme?id=T-0007&{days}" in addresses
    made = Presentation(io.BytesIO(pptx(brief(), url=APP)))
    notes = made.slides[slide_of(made, EXPORT_LABEL)].notes_slide.notes_text_frame.text
    assert f"{APP}/note?id={EXPORT[0].note_id}&passage={EXPORT[0].id}" in notes
    assert f"{APP}/theme?id=T-0007&{days}" in {
        rel.target_ref for one in made.slides for rel in one.part.rels.values() if rel.is_external
    }


@pytest.mark.parametrize("address", ["javascript:alert(1)", "heard.example.org", "ftp://heard"])
def test_only_an_address_is_an_address(address: str) -> None:
    with pytest.raises(BadInput, match="no address of the app"):
        brief().to_html(url=address)


def test_json_holds_everything_and_every_passage_that_it_names() -> None:
    told = json.loads(brief().to_json(url=APP))
    assert told["format"] == "heard-brief/1"
    assert told["themes"][0]["theme"]["change"]["interviews"] == 12
    assert told["learned"][0]["strength"]["word"] == "thin"
    assert told["passages"][EXPORT[0].id]["text"] == EXPORT[0].text
    named = {id_ for one in told["themes"] for id_ in one["quotes"]}
    named |= {line["hit"] for one in (*told["learned"], *told["stale"]) for line in one["evidence"] if line["hit"]}
    assert named <= told["passages"].keys()
    assert list(told) == sorted(told)


# -- charts --------------------------------------------------------------------------------------------------------


def test_charts_on_the_page_say_in_words_what_they_show_and_have_their_numbers_beside_them(page: BeautifulSoup) -> None:
    shown = page.find_all("figure")
    assert len(shown) == 3
    for figure in shown:
        assert all(len(drawn["aria-label"]) > 40 for drawn in figure.find_all("svg"))
        assert figure.figcaption.table
    assert "12 of 27 (44%)" in shown[0].table.text


def test_the_page_needs_nothing_else() -> None:
    page = brief().to_html()
    assert not re.search(r"<script|<link|<img|src=|@import|url\(|\son\w+=", page)
    assert set(re.findall(r"https?://[^\"' ]+", page)) == {"http://www.w3.org/2000/svg", "http://www.w3.org/1999/xlink"}


def test_charts_have_no_ids_that_could_meet() -> None:
    figure = figures.themes(brief().themes)
    assert figure
    assert " id=" not in svg(figure.chart, figure.words)


def test_long_names_of_teams_are_drawn_whatever_they_hold() -> None:
    name = "\U0001f9b7" * 30
    shown = figures.teams([Told(replace(one.theme, by_team=((name, 2), ("Billing", 1))), ()) for one in brief().themes])
    assert shown
    drawn = svg(shown.chart, shown.words)
    assert "\U0001f9b7" * 9 in drawn
    assert name not in drawn.replace(shown.words, "")


def test_where_no_more_customers_are_known_than_were_heard_nothing_is_drawn() -> None:
    assert figures.segments(replace(brief(), unheard=(SegmentHeard("A", 3, 3),))) is None
    assert figures.teams([Told(replace(one.theme, by_team=()), one.quotes) for one in brief().themes]) is None


def test_in_word_charts_have_a_text_and_their_numbers_as_tables(word: Any) -> None:
    pictures = [one.get("descr") for one in word.element.iter(qn("wp:docPr"))]
    assert len(pictures) == 3
    assert all(len(words) > 40 for words in pictures)
    assert [table.cell(0, 0).text for table in word.tables] == ["Theme", "Theme", "Segment"]


def test_in_the_deck_charts_can_be_edited_and_have_a_text(deck: Any) -> None:
    charts = [shape for slide in deck.slides for shape in slide.shapes if shape.has_chart]
    assert len(charts) == 2 + len(brief().themes) + 4  # four themes came to several teams
    assert next(iter(charts[0].chart.plots[0].series[0].values)) == pytest.approx(12 / 27)
    assert all(one._element.nvGraphicFramePr.cNvPr.get("descr") for one in charts)


def test_a_name_that_looks_like_a_formula_is_none_in_the_workbook_of_a_chart() -> None:
    formula = '=HYPERLINK("https://example.org")'
    found = told(theme(1, formula, EXPORT, 5, 4), EXPORT)
    made = pptx(replace(brief(), themes=(found,), unheard=(SegmentHeard(formula, 1, 9),)))
    held = zipfile.ZipFile(io.BytesIO(made))
    books = [load_workbook(io.BytesIO(held.read(name))) for name in held.namelist() if name.endswith(".xlsx")]
    kinds = {
        cell.data_type for book in books for row in book.active.iter_rows() for cell in row if cell.value is not None
    }
    assert len(books) == 4
    assert kinds == {"s", "n"}


# -- the same, byte for byte ---------------------------------------------------------------------------------------

_WRITE = """
import sys; sys.path.insert(0, sys.argv[1])
from pathlib import Path
from brief_support import brief
folder, made = Path(sys.argv[2]), brief()
made.to_docx(folder / "brief.docx"); made.to_pptx(folder / "brief.pptx")
for name, told in (("md", made.to_markdown()), ("html", made.to_html()), ("json", made.to_json())):
    (folder / f"brief.{name}").write_text(told, encoding="utf-8")
"""


def test_the_same_brief_is_the_same_bytes_in_another_process(tmp_path: Path) -> None:
    digests = []
    for seed in ("1", "2"):
        folder = tmp_path / seed
        folder.mkdir()
        command = [sys.executable, "-W", "error", "-c", _WRITE, str(TESTS), str(folder)]
        subprocess.run(
            command,
            check=True,
            cwd=TESTS.parent,
            env={"PYTHONHASHSEED": seed, "PATH": "/usr/bin:/bin", "TZ": f"UTC-{seed}"},
        )
        digests.append({file.name: hashlib.sha256(file.read_bytes()).hexdigest() for file in sorted(folder.iterdir())})
    assert len(digests[0]) == 5
    assert digests[0] == digests[1]


@pytest.mark.parametrize("write", [docx, pptx])
def test_no_file_says_when_it_was_written(write: Any) -> None:
    made = zipfile.ZipFile(io.BytesIO(write(brief())))
    assert {entry.date_time for entry in made.infolist()} == {(1980, 1, 1, 0, 0, 0)}
    assert set(re.findall(rb">(\d{4}-\d\d-\d\d)T", made.read("docProps/core.xml"))) == {b"2026-11-22"}


# -- what people write ---------------------------------------------------------------------------------------------

WRITTEN = (Phase.explicit, Phase.reuse, Phase.generate)  # a document is too slow to be shrunk

wild = st.text(
    st.one_of(st.characters(codec="utf-8"), st.sampled_from("<>&\"'`*_[]()#|\\~-+=.!:0123 \n\t\x00\x1b\u202e{}$")),
    max_size=120,
)


def changed(words: str) -> Brief:
    """The brief with the same words wherever somebody can write any."""
    base = brief()
    first = hit("P-0007", "Growth", None, words, id_="aaaa1")
    first = replace(first, note_title=words, study=words, account=words, segment=words, role=words, team=words)
    found = replace(
        theme(1, words, (EXPORT[0], first), 5, 4),
        segments=(words,),
        teams=(words, "Billing"),
        by_team=((words, 2), ("Billing", 1)),
    )
    one = Told(found, (first,))
    claim = insight(1, words, "supported", (first,), why=words, team=words)
    return replace(
        base, team=(words,), learned=(claim,), themes=(one,), alone=(one,), stale=(claim,),
        surprises=(Surprise("new", theme=found, quotes=(first,)),), unheard=(SegmentHeard(words, 0, 9),),
        questions=tuple(replace(asked, question=replace(asked.question, line=words)) for asked in base.questions),
        made=replace(base.made, teams=(words,)),
    )  # fmt: skip


def shown_by(markdown: str) -> Iterator[str]:
    """The text of each block of Markdown, as a reader of it shows it."""
    for token in MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"]).parse(markdown):
        if token.type == "inline":
            yield "".join(
                "\n" if child.type in ("softbreak", "hardbreak") else child.content
                for child in token.children or ()
                if child.type != "html_inline"
            )


@pytest.mark.parametrize(
    ("words", "written"),
    [
        ("ask [PERSON] at [LOCATION].", "ask [PERSON] at [LOCATION]."),
        ("[PERSON]'s list [12]", "[PERSON]'s list [12]"),
        ("[long pause] well", "[long pause] well"),
        ("[a link](there)", "\\[a link\\](there)"),
        ("[PERSON]: said", "\\[PERSON\\]: said"),
        ("[PERSON][PERSON]", "\\[PERSON\\][PERSON]"),
        ("[x] done [^1]", "\\[x\\] done \\[^1\\]"),
        ("[*a*]", "\\[\\*a\\*\\]"),
    ],
)
def test_a_mark_in_brackets_that_no_reader_takes_for_a_link_stays_as_it_is(words: str, written: str) -> None:
    assert text.markdown(words) == written
    assert list(shown_by(text.markdown(words))) == [words]


@given(wild)
@settings(max_examples=60, deadline=None)
def test_markdown_shows_what_people_wrote(words: str) -> None:
    expected = text.clean(words)
    blocks = list(shown_by(changed(words).to_markdown()))
    assert any(f"“{expected}”" in block for block in blocks)
    if expected:
        assert expected in blocks  # as the heading of its theme


@given(wild)
@settings(max_examples=10, deadline=None, phases=WRITTEN)
def test_the_page_shows_what_people_wrote_and_runs_none_of_it(words: str) -> None:
    page = BeautifulSoup(changed(words).to_html(), "html.parser")
    assert f"“{text.clean(words)}”" in [quote.p.text for quote in page.find_all("blockquote")]
    assert not page.find_all(["script", "img", "iframe", "link", "object"])
    assert not [name for tag in page.find_all(True) for name in tag.attrs if name.startswith("on")]


@given(wild)
@settings(max_examples=12, deadline=None, phases=WRITTEN)
def test_word_and_slides_open_whatever_people_wrote(words: str) -> None:
    made = changed(words)
    paragraphs = [one.text for one in Document(io.BytesIO(docx(made))).paragraphs]
    assert f"“{text.clean(words)}”" in paragraphs
    slides = said(Presentation(io.BytesIO(pptx(made))))
    assert any(text.clean(words)[:20] in words_ for words_ in slides)


@pytest.mark.parametrize("name", ["if", "toString", "constructor", "datum", "a'b\"c\\"])
def test_a_team_may_be_called_what_a_program_is_written_in(name: str) -> None:
    assert png(Chart("people", cells=(("Export", (2, 1)), (name, (0, 1))), teams=(name, "Billing")))


@given(wild, st.integers(1, 80))
def test_shortened_text_is_a_beginning_of_whole_words(words: str, most: int) -> None:
    whole, short = text.clean(words), text.shortened(words, most)
    assert len(short) <= max(2, most)
    if short != whole:
        begin = short.removesuffix("…").rstrip()
        assert whole.startswith(begin)
        assert " " not in whole[: most - 1].strip() or whole[len(begin)] == " "


def test_examples_hold() -> None:
    failed, tried = doctest.testmod(text)
    assert tried > 0
    assert failed == 0


# -- nothing runs out of its box -----------------------------------------------------------------------------------


@given(wild, st.floats(60, 600), st.integers(1, 5), st.booleans())
def test_fitted_text_fits(words: str, room: float, most: int, serif: bool) -> None:
    found = fit.fitted(text.clean(words), 14, room, most, serif=serif)
    assert fit.lines(found, 14, room, serif=serif) <= most


@pytest.mark.parametrize("words", ["", "word " * 400, "Sentence with nine words is what this one is. " * 60, "W" * 900])
def test_no_text_runs_out_of_its_box(words: str) -> None:
    made = brief() if not words else changed(words)
    for slide in Presentation(io.BytesIO(pptx(made))).slides:
        for shape in slide.shapes:
            assert shape.left >= 0
            assert shape.left + shape.width <= Emu(12192000) + 1000
            assert shape.top + shape.height <= Emu(6858000)
            if shape.has_text_frame:
                assert height(shape.text_frame, shape.width / 12700) <= shape.height / 12700 + 0.5, (
                    shape.text_frame.text
                )


def height(frame: Any, room: float) -> float:
    """How high the text of a frame stands, in points."""
    total, below = 0.0, 0.0
    for paragraph in frame.paragraphs:
        runs = paragraph.runs
        if runs and any(run.text for run in runs):
            serif = runs[0].font.name == "Georgia"
            below = paragraph.space_after.pt
            total += fit.height(paragraph.text, runs[0].font.size.pt, room, serif=serif) + below
    return total - below


def test_png_is_drawn_at_the_resolution_of_print() -> None:
    from PIL import Image

    figure = figures.themes(brief().themes)
    assert figure
    wide = Image.open(io.BytesIO(png(figure.chart, width=640))).width
    assert wide / (640 / 96) == pytest.approx(220, rel=0.02)


def test_a_document_leads_to_where_the_pages_lead() -> None:
    sources, found = Sources(WITHIN), EXPORT[0]
    assert sources.note(found) == f"./{links.note(found.note_id, found.id)}"
    assert sources.theme("T-0007") == f"./{links.theme('T-0007')}"
    assert sources.insight("I-0001") == f"./{links.insight('I-0001')}"

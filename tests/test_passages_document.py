"""Passages as files to take along: what is in them, that each leads back, and that other programs open them."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from docx import Document
from openpyxl import load_workbook
from repository_support import heard

from heard import passages_document, taking
from heard.passages_document import KINDS, Passages, evidence, found, kind_of
from research.errors import BadInput
from research.models import Hit, Hits
from research.repository import Repository
from research.voices import voices

TODAY = date(2026, 11, 22)
APP = "https://heard.example/app"
NOTHING = Hits((), voices(()))
CLAIM = "Clinics export the monthly report and fix it by hand."


@pytest.fixture
def taken(sample_repo: Repository) -> Passages:
    """What a search for exports found, where the app has an address."""
    hits = sample_repo.search("exporting the monthly report", limit=200, per_person=None)
    folded = sample_repo.passages([id_ for hit in hits for id_ in hit.alike])
    return found("exporting the monthly report", hits, folded, TODAY, only=["team Growth"], url=APP)


@pytest.fixture
def claimed(sample_repo: Repository) -> Repository:
    """A claim for which one passage speaks, and against which another does."""
    sample_repo.insights.add(CLAIM, kind="product", team="Growth")
    for words, sign in (("Every single month", "for"), ("share one login", "against")):
        hit = next(one for one in sample_repo.search(words, limit=50, per_person=None) if words in one.text)
        sample_repo.insights.link("I-0001", hit.id, sign)
    return sample_repo


def table(made: Passages) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(passages_document.csv(made), newline="")))


# -- what is taken along -----------------------------------------------------------------------------------------------


def test_those_that_say_the_same_come_along_after_the_one_that_stands_for_them(
    sample_repo: Repository, put: Callable[..., object]
) -> None:
    said = "We export the monthly report to a spreadsheet before every board meeting of the clinic."
    put(sample_repo, {f"{who}.txt": f"{who}: {said}\n" for who in ("P51", "P52", "P53")}, "Billing", "Boards")
    hits = sample_repo.search("exporting the monthly report", limit=200, per_person=None)
    assert any(len(hit.alike) == 2 for hit in hits)
    folded = sample_repo.passages([id_ for hit in hits for id_ in hit.alike])
    made = found("exports", hits, folded, TODAY)
    assert [one.hit.id for one in made.quotes] == [id_ for hit in hits for id_ in (hit.id, *hit.alike)]
    assert len(made.quotes) == passages_document.count(hits)


def test_it_says_what_was_asked_of_what_and_who_stands_behind_it(taken: Passages) -> None:
    assert taken.title == "What customers said: exporting the monthly report"
    assert taken.said[0] == "Only: team Growth."
    assert taken.said[1] == "Only two people said this, to two teams. Latest 19 days ago."
    assert taken.said[-1] == "Taken along on 22 Nov 2026."


def test_a_limit_is_told(sample_repo: Repository) -> None:
    hits = sample_repo.search("", limit=3, per_person=None, since="2020-01-01")
    total = passages_document.count(hits)
    made = found("", hits, [], TODAY, most=3)
    assert made.title == "What customers said"
    assert len(made.quotes) == 3 < total
    assert f"These are the first 3 of {total} passages." in made.said


def test_a_study_that_only_its_team_reads_says_so_in_the_citation(taken: Passages) -> None:
    hit = replace(taken.quotes[0].hit, closed=True)
    made = replace(taken, quotes=(passages_document.Quoted(hit),))
    assert table(made)[0]["citation"].endswith(f"only {hit.team} reads this")


def test_evidence_stands_for_or_against_with_how_strong_it_is(claimed: Repository) -> None:
    made = evidence(claimed.insights.one("I-0001"), TODAY, APP)
    assert made.title == CLAIM
    assert made.said[:2] == ("Hypothesis.", "Contested: one person speaks for it, one against.")
    assert [row["speaks"] for row in table(made)] == ["for", "against"]
    text = passages_document.markdown(made)
    assert text.index("## Speaks for it") < text.index("Every single month")
    assert text.index("## Speaks against it") < text.index("share one login")


def test_withdrawn_evidence_is_counted_and_has_no_words(claimed: Repository) -> None:
    line = claimed.insights.one("I-0001").of("for")[0]
    assert line.hit
    claimed.delete_note(line.hit.note_id)
    made = evidence(claimed.insights.one("I-0001"), TODAY)
    assert any("One passage was withdrawn" in sentence for sentence in made.said)
    text = passages_document.markdown(made)
    assert "## Speaks for it\n\nNobody yet." in text
    assert "Every single month" not in text


def test_nobody_is_named(taken: Passages, claimed: Repository) -> None:
    for made in (taken, evidence(claimed.insights.one("I-0001"), TODAY, APP)):
        for kind in KINDS:
            data = passages_document.written(made, kind)
            text = data if kind in ("md", "csv") else b"".join(parts(data).values())
            assert b"P-0" in text
            assert b"Quillfeather" not in text
            assert b"Okonjo" not in text


# -- as files ------------------------------------------------------------------------------------------------------------


def parts(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def test_markdown_has_words_question_citation_and_a_link(taken: Passages) -> None:
    hit = next(one.hit for one in taken.quotes if one.hit.account == "Northwind")
    text = passages_document.markdown(taken)
    assert f"> “{hit.text}”" in text
    assert f"asked: {hit.context}" in text
    assert f"{hit.speaker}, clinic manager, Northwind; Setting up at Northwind, Growth / Onboarding Q3" in text
    assert f"[open](<{APP}/note?id={hit.note_id}&passage={hit.id}>)" in text


def test_csv_has_a_row_for_each_passage(taken: Passages) -> None:
    rows = table(taken)
    assert len(rows) == len(taken.quotes)
    for row, one in zip(rows, taken.quotes, strict=True):
        hit = one.hit
        assert (row["words"], row["in answer to"]) == (" ".join(hit.text.split()), hit.context)
        assert (row["said by"], row["segment"], row["account"]) == (hit.speaker, hit.segment, hit.account)
        assert (row["team"], row["study"], row["note"]) == (hit.team, hit.study, hit.note_title)
        assert row["date"] == (str(hit.date) if hit.date else "")
        assert row["tags"] == ", ".join(hit.tags)
        assert row["link"] == f"{APP}/note?id={hit.note_id}&passage={hit.id}"
    assert passages_document.written(taken, "csv").startswith(b"\xef\xbb\xbf")  # else Excel takes it for Latin-1


def test_a_workbook_opens_with_days_links_and_a_heading_that_stays(taken: Passages) -> None:
    book = load_workbook(io.BytesIO(passages_document.xlsx(taken)))
    sheet = book["Passages"]
    head = {cell.value: cell.column for cell in sheet[1]}
    assert sheet.freeze_panes == "A2"
    assert sheet.auto_filter.ref == sheet.dimensions
    assert sheet.max_row == 1 + len(taken.quotes)
    for number, one in enumerate(taken.quotes, start=2):
        day: Any = sheet.cell(number, head["date"]).value
        assert day == (datetime(one.hit.date.year, one.hit.date.month, one.hit.date.day) if one.hit.date else None)
        link = sheet.cell(number, head["link"])
        assert link.hyperlink
        assert link.hyperlink.target == link.value == f"{APP}/note?id={one.hit.note_id}&passage={one.hit.id}"
        assert sheet.cell(number, head["words"]).value == " ".join(one.hit.text.split())


def test_a_text_that_looks_like_a_formula_or_an_error_is_a_text(taken: Passages) -> None:
    said = ("=1+1", "#N/A", "+49 is what they dial", "a\x00b", "2026-11-22")
    quotes = tuple(passages_document.Quoted(replace(taken.quotes[0].hit, text=text)) for text in said)
    data = passages_document.xlsx(replace(taken, quotes=quotes))
    cells = [cell for (cell,) in load_workbook(io.BytesIO(data)).active.iter_rows(min_row=2, max_col=1)]  # type: ignore[union-attr]
    assert [cell.value for cell in cells] == ["=1+1", "#N/A", "+49 is what they dial", "ab", "2026-11-22"]
    assert b"<f>" not in parts(data)["xl/worksheets/sheet1.xml"]
    assert [cell.quotePrefix for cell in cells] == [True, False, True, False, False]


def test_a_word_document_opens_and_its_links_lead_back(taken: Passages) -> None:
    made = Document(io.BytesIO(passages_document.docx(taken)))
    said = [paragraph.text for paragraph in made.paragraphs]
    assert said[0] == taken.title
    for one in taken.quotes:
        assert f"“{' '.join(one.hit.text.split())}”" in said
    links = {link.url for paragraph in made.paragraphs for link in paragraph.hyperlinks}
    assert links == {f"{APP}/note?id={one.hit.note_id}&passage={one.hit.id}" for one in taken.quotes}


def test_without_an_address_of_the_app_there_are_citations_and_no_links(taken: Passages) -> None:
    nowhere = replace(taken, url="")
    assert "[open]" not in passages_document.markdown(nowhere)
    assert {row["link"] for row in table(nowhere)} == {""}
    assert all(row["citation"] for row in table(nowhere))
    assert not [
        link for one in Document(io.BytesIO(passages_document.docx(nowhere))).paragraphs for link in one.hyperlinks
    ]
    sheet: Any = load_workbook(io.BytesIO(passages_document.xlsx(nowhere))).active
    assert not [cell for row in sheet.iter_rows() for cell in row if cell.hyperlink]


def test_an_address_that_is_none_is_refused(taken: Passages) -> None:
    nobody = replace(taken, quotes=())
    assert nobody.notes == []
    with pytest.raises(BadInput, match="no address of the app"):
        found("exports", NOTHING, [], TODAY, url="javascript:alert(1)")


@pytest.mark.parametrize("kind", KINDS)
def test_nothing_found_is_a_file_too(kind: Any) -> None:
    assert passages_document.written(found("parrots", NOTHING, [], TODAY), kind)


def test_an_ending_that_is_not_known_is_a_sentence() -> None:
    assert kind_of(Path("exports.XLSX")) == "xlsx"
    with pytest.raises(BadInput, match=r"none of what passages are written as: \.md, \.csv, \.xlsx or \.docx"):
        kind_of(Path("exports.pdf"))


# -- from a repository ---------------------------------------------------------------------------------------------------


def test_what_is_taken_along_is_noted_as_quoted(claimed: Repository) -> None:
    claimed.reuse.join("Support")
    _, passages = taking.search(claimed, "exporting the monthly report", "csv", team=["Growth"])
    assert passages
    assert sum(one.uses for one in claimed.reuse.used().readings if one.of_team == "Growth") == 1
    _, passages = taking.insight(claimed, "I-0001", "xlsx")
    assert passages == 2


@pytest.mark.model
@pytest.mark.xdist_group("model")
def test_the_command_writes_what_was_found_and_the_evidence(
    demo_home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HEARD_URL", APP)
    to = tmp_path / "exports.csv"
    done = heard(
        demo_home, "search", "exporting reports", "--team", "Growth", "--limit", "1", "--to", str(to), "--json"
    )
    rows = list(csv.DictReader(io.StringIO(to.read_text("utf-8-sig"), newline="")))
    assert len(done.stdout.splitlines()) == 1
    assert json.loads(done.stdout)["text"] == rows[0]["words"]
    assert len(rows) > 1
    assert {row["team"] for row in rows} == {"Growth"}
    assert f"{len(rows)} passages written to" in " ".join(done.stderr.split())
    code = next(one for one in heard(demo_home, "insight", "list").stdout.split() if one.startswith("I-"))
    for kind in KINDS:
        assert heard(demo_home, "insight", "show", code, "--to", str(tmp_path / f"evidence.{kind}")).exit_code == 0
    assert "Speaks for it" in (tmp_path / "evidence.md").read_text()
    refused = heard(demo_home, "search", "exports", "--to", str(tmp_path / "exports.pdf"))
    assert (refused.exit_code, "none of what passages are written as" in " ".join(refused.output.split())) == (1, True)


def test_every_hit_has_all_that_a_row_says() -> None:
    """A field of a hit that a row leaves out is left out on purpose."""
    left = {"id", "note_id", "participant", "score", "start", "end", "start_s", "end_s", "marks", "alike", "why"}
    assert {*Hit.__dataclass_fields__} - left == {
        "text", "context", "speaker", "segment", "account", "role", "team", "study", "date", "tags", "note_title",
        "closed", "opens",
    }  # fmt: skip

"""Hostile text in every document and in all that the command prints: it shows as text, or not at all."""

from __future__ import annotations

import csv
import io
import json
import re
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from html.parser import HTMLParser
from pathlib import Path

import pytest
from hostile_support import EVIL, FORMULAS, HOSTILE, Poisoned, poison
from markdown_it import MarkdownIt
from openpyxl import load_workbook
from rich.console import Console

from heard import check_document, digest_document, passages_document, printing
from heard.passages_document import Kind, Passages, Quoted
from heard.sheet import audit_csv
from ingest.guide import parse_guide
from research.brief import Brief
from research.digest import digest
from research.exchange.cells import csv_text
from research.litter import visible
from research.repository import Repository

TODAY = date(2026, 11, 22)
APP = "https://heard.example/app"
_WRITTEN = ("text", "context", "segment", "account", "role", "team", "study", "note_title")
_OWN = re.compile(r"^(?:https://heard\.example/app/|#|\./)[\w.?=&%;#/+:-]*$")


@pytest.fixture
def poisoned(repo: Repository) -> Poisoned:
    return poison(repo, date(2026, 11, 20))


@pytest.fixture
def brief(repo: Repository, poisoned: Poisoned) -> Brief:
    made = repo.brief(since="2026-01-01", until=str(TODAY))
    assert made
    return made


class Elements(HTMLParser):
    """The elements of a page with their attributes, and its text."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.text += data


def holds_only_its_own(page: str) -> Elements:
    """Whether nothing in a page runs, loads or leads anywhere that the document did not mean."""
    read = Elements()
    read.feed(page)
    for tag, attributes in read.found:
        assert tag not in ("script", "iframe", "object", "embed", "link", "base", "form"), tag
        assert not [name for name in attributes if name.startswith("on")], attributes
        for name in ("href", "src", "xlink:href", "action"):
            where = attributes.get(name) or ""
            assert not where or _OWN.match(where) or where.startswith("data:image/"), (tag, where)
    assert "<script>window.hacked=1</script>" in read.text
    return read


def test_a_brief_as_a_page(brief: Brief) -> None:
    page = brief.to_html(url=APP)
    holds_only_its_own(page)
    assert "evil" not in "".join(re.findall(r"<style[^>]*>.*?</style>", page, re.S))


def test_a_brief_as_markdown(brief: Brief) -> None:
    text = brief.to_markdown(url=APP)
    holds_only_its_own(MarkdownIt("commonmark", {"html": True}).enable("table").render(text))
    assert "\u202e" not in text
    assert "\x1b" not in text


def test_a_brief_as_json_is_the_text_itself(brief: Brief) -> None:
    told = brief.to_json(url=APP)
    assert HOSTILE.split(" ", 1)[0] in json.dumps(json.loads(told), ensure_ascii=False)
    assert not re.search("[\x00-\x09\x0b-\x1f\x7f]", told)


@pytest.mark.parametrize("form", ["docx", "pptx"])
def test_a_brief_for_office_links_nowhere_else_and_computes_nothing(brief: Brief, form: str, tmp_path: Path) -> None:
    file = tmp_path / f"brief.{form}"
    brief.to_docx(file, url=APP) if form == "docx" else brief.to_pptx(file, url=APP)
    holds_no_link_and_no_formula(file.read_bytes())


def holds_no_link_and_no_formula(data: bytes) -> None:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        for name in archive.namelist():
            part = archive.read(name)
            if name.endswith(".rels"):
                for target in re.findall(rb'Target="([^"]*)"[^>]*TargetMode="External"', part):
                    assert target.startswith(APP.encode()), target
            if name.endswith(".xlsx"):
                holds_no_link_and_no_formula(part)
            if name.startswith("xl/worksheets"):
                assert b"<f>" not in part
            if name.endswith(".xml"):
                assert b"<!ENTITY" not in part
                assert b"fldSimple" not in part
                assert b"instrText" not in part


def test_what_was_checked_as_markdown_and_word(repo: Repository, poisoned: Poisoned) -> None:
    guide = parse_guide(f"# {EVIL}\n- Does the import {EVIL} fail?\n")
    check = repo.check(guide.lines)
    asking = repo.people.for_check(check)
    text = check_document.markdown(guide, check, asking, TODAY)
    holds_only_its_own(MarkdownIt("commonmark", {"html": True}).enable("table").render(text))
    holds_no_link_and_no_formula(check_document.docx(guide, check, asking, TODAY))


def test_a_digest_as_a_mail_and_as_markdown(repo: Repository, poisoned: Poisoned) -> None:
    repo.kept.follow("Growth", f"import {HOSTILE}")
    found = digest(repo, "Growth", date(2026, 1, 1), TODAY)
    assert found.hits
    holds_only_its_own(digest_document.html(found, APP))
    holds_only_its_own(MarkdownIt("commonmark", {"html": True}).render(digest_document.markdown(found, APP)))


@pytest.fixture(params=["search", "evidence"])
def taken(request: pytest.FixtureRequest, repo: Repository, poisoned: Poisoned) -> Passages:
    """Hostile passages to take along, of a search or for a claim."""
    if request.param == "evidence":
        return passages_document.evidence(repo.insights.one(poisoned.insight), TODAY, APP)
    hits = repo.search(f"import {EVIL}", limit=200, per_person=None)
    folded = repo.passages([id_ for hit in hits for id_ in hit.alike])
    made = passages_document.found(f"import {EVIL}", hits, folded, TODAY, only=[f"team {HOSTILE}"], url=APP)
    formulas = tuple(
        Quoted(replace(hits[0], **dict.fromkeys(_WRITTEN, formula), tags=(formula,)))
        for formula in FORMULAS
    )  # fmt: skip
    return replace(made, quotes=(*made.quotes, *formulas))


def test_passages_to_take_along_as_markdown(taken: Passages) -> None:
    text = passages_document.markdown(taken)
    holds_only_its_own(MarkdownIt("commonmark", {"html": True}).enable("table").render(text))
    assert "\u202e" not in text
    assert "\x1b" not in text


@pytest.mark.parametrize("kind", ["docx", "xlsx"])
def test_passages_for_office_link_nowhere_else_and_compute_nothing(taken: Passages, kind: Kind) -> None:
    data = passages_document.written(taken, kind)
    holds_no_link_and_no_formula(data)
    if kind == "xlsx":
        cells = [cell for row in load_workbook(io.BytesIO(data)).worksheets[0].iter_rows() for cell in row]
        assert {cell.data_type for cell in cells} <= {"s", "d", "n"}
        assert any("<script>window.hacked=1</script>" in str(cell.value) for cell in cells)
        assert not [cell for cell in cells if cell.hyperlink and not str(cell.hyperlink.target).startswith(APP)]


def test_passages_to_take_along_as_a_table(taken: Passages) -> None:
    cells = [cell for row in csv.reader(io.StringIO(passages_document.csv(taken), newline="")) for cell in row]
    assert any("<script>window.hacked=1</script>" in cell for cell in cells)
    assert not [cell for cell in cells if cell.lstrip(" ").startswith(("=", "+", "-", "@", "\t", "\r"))]


@pytest.mark.parametrize("formula", FORMULAS)
def test_no_cell_of_a_table_is_a_formula(formula: str) -> None:
    told = csv_text(("a",), [(formula, f" {formula}", f"{formula}\n=2")])
    _, row = csv.reader(io.StringIO(told, newline=""))
    assert not [cell for cell in row if cell.lstrip(" ").startswith(("=", "+", "-", "@", "\t", "\r"))]


def test_the_audit_as_a_table(repo: Repository, poisoned: Poisoned) -> None:
    repo.people.plan(
        poisoned.person, date(2027, 6, 3), team="=1+1", purpose='=HYPERLINK("http://evil.invalid")', reason="@x"
    )
    cells = [cell for row in csv.reader(io.StringIO(audit_csv(repo.people.audit()), newline="")) for cell in row]
    assert any("evil.invalid" in cell for cell in cells)
    assert not [cell for cell in cells if cell.startswith(("=", "+", "-", "@", "\t", "\r"))]


# -- the terminal ------------------------------------------------------------------------------------------------------


@pytest.fixture
def printed(monkeypatch: pytest.MonkeyPatch) -> Iterator[io.StringIO]:
    """What the command prints to a terminal."""
    written = io.StringIO()
    monkeypatch.setattr(printing.out, "_file", written)
    monkeypatch.setattr(printing.out, "_force_terminal", True)
    return written


def test_nothing_that_people_wrote_commands_the_terminal(printed: io.StringIO) -> None:
    printing.out.print(f"[bold]{EVIL.replace('[', chr(92) + '[')}[/bold]")
    mine = re.sub(r"\x1b\[\d*(?:;\d+)*m", "", printed.getvalue(), count=2)  # bold on and off
    assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", mine)
    assert "\\u001b]0;title" in mine
    assert ":material/delete:" in mine


def test_json_that_is_printed_is_still_json(capsys: pytest.CaptureFixture[str]) -> None:
    printing.echo(json.dumps({"title": EVIL}, ensure_ascii=False))
    told = capsys.readouterr().out
    assert json.loads(told) == {"title": EVIL}
    assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", told)


def test_every_text_of_the_command_goes_through_one_place() -> None:
    """`printing` alone makes consoles and prints; what does so elsewhere would not be looked through."""
    for file in (Path(printing.__file__).parent).glob("*.py"):
        said = file.read_text(encoding="utf-8")
        if file.name != "printing.py":
            assert "click.echo(" not in said, file.name
            assert "Console(" not in said, file.name
    assert isinstance(printing.out, Console)
    assert visible("a\tb\nc") == "a\tb\nc"

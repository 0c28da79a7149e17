"""Word, PDF and HTML: structure kept, running heads dropped, and a sentence for each way they fail."""

from __future__ import annotations

import io
import zipfile
from datetime import date

import pytest
from readers_support import read_one

from ingest.models import ReadOptions
from research.errors import BadInput

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 600


def docx(build: object = None) -> bytes:
    import docx as library

    document = library.Document()
    if callable(build):
        build(document)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def pdf(pages: list[list[str]], size: int = 11) -> bytes:
    from reportlab.pdfgen import canvas

    out = io.BytesIO()
    sheet = canvas.Canvas(out, pagesize=(595, 842))
    for page in pages:
        height = 800
        for line in page:
            big = line.startswith("# ")
            sheet.setFont("Helvetica-Bold" if big else "Helvetica", 18 if big else size)
            sheet.drawString(72, height, line.removeprefix("# "))
            height -= 28 if big or not line else 14
        sheet.showPage()
    sheet.save()
    return out.getvalue()


def encrypted(data: bytes, password: str) -> bytes:
    import pypdf

    writer = pypdf.PdfWriter(clone_from=io.BytesIO(data))
    writer.encrypt(password, algorithm="RC4-128")
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def interview(document: object) -> None:
    document.add_heading("Interview with Ana", 1)  # type: ignore[attr-defined]
    document.add_paragraph("Date: 4 March 2026")  # type: ignore[attr-defined]
    document.add_paragraph("Moderator: Jonas Lind")  # type: ignore[attr-defined]
    document.add_heading("Setup", 2)  # type: ignore[attr-defined]
    for name, text in [("Jonas: ", "How was it?"), ("Ana: ", "Slow."), ("Jonas: ", "Why?"), ("Ana: ", "The form.")]:
        paragraph = document.add_paragraph()  # type: ignore[attr-defined]
        paragraph.add_run(name).bold = True
        paragraph.add_run(text)
    table = document.add_table(rows=2, cols=3)  # type: ignore[attr-defined]
    for row, cells in enumerate([("Question", "P1", "P2"), ("Which phone?", "Old one", "New one")]):
        for column, text in enumerate(cells):
            table.cell(row, column).text = text
    document.add_paragraph("Ana: The end.\nReally.")  # type: ignore[attr-defined]


def test_docx_dialogue_and_table_in_order() -> None:
    found = read_one("a.docx", docx(interview))
    assert [(block.speaker, block.role, block.text, block.heading) for block in found.blocks] == [
        ("Jonas", "interviewer", "How was it?", "Setup"),
        ("Ana", None, "Slow.", "Setup"),
        ("Jonas", "interviewer", "Why?", "Setup"),
        ("Ana", None, "The form.", "Setup"),
        ("P1", "participant", "Old one", "Which phone?"),
        ("P2", "participant", "New one", "Which phone?"),
        ("Ana", None, "The end.", "Setup"),
        ("Ana", None, "Really.", "Setup"),
    ]
    assert (found.metadata.title, found.metadata.date) == ("Interview with Ana", date(2026, 3, 4))


def test_docx_guide_lists_and_bold_questions() -> None:
    def build(document: object) -> None:
        paragraph = document.add_paragraph()  # type: ignore[attr-defined]
        paragraph.add_run("How do you plan the week?").bold = True
        document.add_paragraph("On paper.", style="List Bullet")  # type: ignore[attr-defined]
        document.add_paragraph("Every Sunday.", style="List Bullet")  # type: ignore[attr-defined]

    found = read_one("a.docx", docx(build))
    assert {block.heading for block in found.blocks} == {"How do you plan the week?"}
    assert [block.text for block in found.blocks] == ["On paper.", "Every Sunday."]


def test_docx_tracked_insertions_and_content_controls_are_read() -> None:
    from docx.oxml import parse_xml

    space = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'

    def build(document: object) -> None:
        body = document.element.body  # type: ignore[attr-defined]
        body.insert(0, parse_xml(
            f'<w:p {space}><w:ins><w:r><w:t>Put in later.</w:t></w:r></w:ins>'
            f"<w:del><w:r><w:delText>Taken out.</w:delText></w:r></w:del></w:p>"))  # fmt: skip
        body.insert(0, parse_xml(
            f"<w:sdt {space}><w:sdtContent><w:p><w:r><w:t>Typed into a field.</w:t></w:r></w:p></w:sdtContent></w:sdt>"))  # fmt: skip

    said = " ".join(block.text for block in read_one("a.docx", docx(build)).blocks)
    assert "Put in later." in said
    assert "Typed into a field." in said
    assert "Taken out" not in said


def test_docx_failures() -> None:
    with pytest.raises(BadInput, match="password-protected"):
        read_one("a.docx", OLE)
    with pytest.raises(BadInput, match=r"damaged or no \.docx"):
        read_one("a.docx", b"PK\x03\x04rubbish")
    with pytest.raises(BadInput, match="is empty"):
        read_one("a.docx", docx())
    broken = io.BytesIO()
    with zipfile.ZipFile(broken, "w") as archive:
        archive.writestr("word/document.xml", "<not xml")
    with pytest.raises(BadInput, match="damaged"):
        read_one("a.docx", broken.getvalue())


@pytest.mark.parametrize(("name", "part"), [("a.docx", "word/document.xml"), ("a.xlsx", "xl/workbook.xml")])
def test_zip_bombs_inside_office_files(name: str, part: str) -> None:
    bomb = io.BytesIO()
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(part, b"0" * 30_000_000)
    with pytest.raises(BadInput, match="zip bomb"):
        read_one(name, bomb.getvalue())
    with pytest.raises(BadInput, match="zip bomb"):
        read_one("b.docx", docx(interview), ReadOptions(max_unzipped_bytes=1000))


def test_xlsx_failures() -> None:
    with pytest.raises(BadInput, match="password-protected"):
        read_one("a.xlsx", OLE)
    with pytest.raises(BadInput, match=r"is no \.xlsx"):
        read_one("a.xlsx", docx(interview))


def test_pdf_pages_are_put_together() -> None:
    def page(number: int) -> list[str]:
        team = ("north", "south", "east", "west")[number]
        return [
            "Example Corp research", f"# Findings of the {team}",
            f"The {team} has tried the new form for a month now, and on Monday it asks for the regis-",
            "tration number again, which is on a card that nobody in the office has ever seen, or",
            f"so they say in the {team}.", "", f"It is the third form of the {team} this year.", "", f"Page {number + 1} of 4",
        ]  # fmt: skip

    found = read_one("report.pdf", pdf([page(number) for number in range(4)]))
    said = [block.text for block in found.blocks]
    assert len(said) == 8
    assert (
        "the registration number again, which is on a card that nobody in the office has ever seen, or so they"
        in said[0]
    )
    assert said[1] == "It is the third form of the north this year."
    assert found.blocks[2].heading == "Findings of the south"
    assert not any("Example Corp" in text or "Page" in text for text in said)


def test_pdf_dialogue() -> None:
    found = read_one("P4.pdf", pdf([["Interviewer: How was it?", "P4: Slow.", "Interviewer: Why?", "P4: The form."]]))
    assert [(block.speaker, block.role) for block in found.blocks][:2] == [
        ("Interviewer", "interviewer"),
        ("P4", "participant"),
    ]


def test_pdf_failures() -> None:
    import pypdf

    blank = pypdf.PdfWriter()
    for _ in range(3):
        blank.add_blank_page(595, 842)
    scan = io.BytesIO()
    blank.write(scan)
    with pytest.raises(BadInput, match=r"scan\.pdf has 3 pages but no text: it looks scanned\. Run it through OCR"):
        read_one("scan.pdf", scan.getvalue())
    with pytest.raises(BadInput, match="password-protected: remove the password"):
        read_one("a.pdf", encrypted(pdf([["P1: secret"]]), "swordfish"))
    assert read_one("a.pdf", encrypted(pdf([["P1: no password to open"]]), "")).blocks[0].text == "no password to open"
    with pytest.raises(BadInput, match="damaged"):
        read_one("a.pdf", b"%PDF-1.7 nothing here")


def test_html() -> None:
    page = """<html><head><title>Call notes</title><style>p{}</style></head><body><nav>Home</nav><header>Logo</header>
      <script>var x = "Ana: no";</script>
      <h2>Money</h2><p><b>Moderator:</b> Who pays?</p><p><strong>Ana:</strong> My boss &amp; I.<br>Half each.</p>
      <p><b>Moderator:</b> When?</p><p><b>Ana:</b> On <em>Fridays</em>.</p>
      <table><tr><th>Question</th><th>P1</th></tr><tr><td>Which phone?</td><td>None</td></tr></table>
      <footer>All rights reserved</footer></body></html>"""
    found = read_one("a.html", page)
    assert [(block.speaker, block.text) for block in found.blocks] == [
        ("Moderator", "Who pays?"), ("Ana", "My boss & I."), ("Ana", "Half each."), ("Moderator", "When?"),
        ("Ana", "On Fridays."), ("P1", "None"),
    ]  # fmt: skip
    assert found.blocks[0].heading == "Money"


def test_html_lists_quotes_encoding_and_depth() -> None:
    page = "<meta charset='iso-8859-1'><h1>Été</h1><ul><li>Un<ul><li>Deux</li></ul></li></ul><blockquote><p>Trop cher</p></blockquote>"
    found = read_one("a.htm", page.encode("latin-1"))
    assert [(block.text, block.heading) for block in found.blocks] == [
        ("Un", "Été"),
        ("Deux", "Été"),
        ("Trop cher", "Été"),
    ]
    deep = read_one("a.html", "<div>" * 5000 + "Still here." + "</div>" * 5000)
    assert deep.blocks[0].text == "Still here."

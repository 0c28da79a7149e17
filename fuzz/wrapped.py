"""Files of other programs around a piece that is fuzzed: damage to a zip says little of what reads the part inside."""

from __future__ import annotations

import io
import zipfile
from functools import cache

_W = b'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
_MC = b'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"'
_S = b'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'


def docx_body(data: bytes) -> bytes:
    """A Word file whose body, or whose whole document where it begins like one, is `data`."""
    whole = (
        data if data.startswith(b"<?xml") else b"<w:document %b %b><w:body>%b</w:body></w:document>" % (_W, _MC, data)
    )
    return _with(_docx(), "word/document.xml", whole)


def docx_styles(data: bytes) -> bytes:
    """A Word file with this file of styles."""
    return _with(
        _docx(), "word/styles.xml", data if data.startswith(b"<?xml") else b"<w:styles %b>%b</w:styles>" % (_W, data)
    )


def xlsx_sheet(data: bytes) -> bytes:
    """A workbook whose rows, or whose whole sheet where it begins like one, are `data`."""
    rows = b"<worksheet %b><sheetData>%b</sheetData></worksheet>" % (_S, data)
    return _with(_xlsx(), "xl/worksheets/sheet1.xml", data if data.startswith(b"<?xml") else rows)


def xlsx_strings(data: bytes) -> bytes:
    """A workbook with these shared texts."""
    return _with(
        _xlsx(), "xl/sharedStrings.xml", data if data.startswith(b"<?xml") else b"<sst %b>%b</sst>" % (_S, data)
    )


def qda_project(data: bytes) -> bytes:
    """A QDA project with a text, whose whole XML, or what stands in the project, is `data`."""
    whole = (
        data
        if data.startswith(b"<?xml")
        else b'<Project xmlns="urn:QDA-XML:project:1.0" name="a" origin="ATLAS.ti">%b</Project>' % data
    )
    text = "Moderator: What was hard?\r\nP1: The import 👍 took us days. It failed.\r\n".encode()
    return zipped({"project.qde": whole, "sources/00000000-0000-0000-0000-000000000001.txt": text})


def folder(data: bytes) -> bytes:
    """A folder that Heard wrote, whose note and whose tables are `data`."""
    passages = b"passage,note,words,tags,tags taken off,start,end\n" + b"a" * 24 + b"," + b"b" * 16 + b","
    return zipped(
        {
            "contents.heard": b"format: 1\nwhole: true\n",
            "taxonomy.yaml": b"tags: [{name: a}]\n",
            "passages.csv": passages + data,
            "participants.csv": b"participant,segment,account,role,mark,known here as\n" + data,
            "notes/a.md": b"---\nnote: %b\nteam: A\nstudy: B\n---\n\n%b" % (b"b" * 16, data),
        }
    )


def pdf_page(data: bytes) -> bytes:
    """A PDF of one page with this content; what it draws by name is a form that draws itself."""
    objects = (
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 612 792]/Contents 4 0 R/Resources 6 0 R>>",
        b"<</Length %d>>stream\n%b\nendstream" % (len(data), data),
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica-Bold>>",
        b"<</Font<</F1 5 0 R>>/XObject<</X0 7 0 R>>>>",
        b"<</Type/XObject/Subtype/Form/BBox[0 0 9 9]/Resources 6 0 R/Length 26>>stream\nBT (in) Tj ET /X0 Do /X0 Do\nendstream",
    )
    return pdf_of(objects)


def pdf_of(objects: tuple[bytes, ...]) -> bytes:
    """A PDF of these objects, the first of which is its catalog."""
    out = bytearray(b"%PDF-1.7\n")
    places = []
    for number, held in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%b\nendobj\n" % (number, held)
    at = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % place for place in places)
    out += b"trailer\n<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, at)
    return bytes(out)


def _with(parts: dict[str, bytes], name: str, data: bytes) -> bytes:
    return zipped(parts | {name: data})


def zipped(parts: dict[str, bytes], compression: int = zipfile.ZIP_STORED) -> bytes:
    """A zip of these parts."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", compression) as archive:
        for name, data in parts.items():
            archive.writestr(zipfile.ZipInfo(name), data, compression)
    return out.getvalue()


@cache
def _docx() -> dict[str, bytes]:
    from docx import Document

    return _parts(Document())


@cache
def _xlsx() -> dict[str, bytes]:
    from openpyxl import Workbook

    book = Workbook()
    book.worksheets[0].append(["text", "participant"])
    return _parts(book)


def _parts(document: object) -> dict[str, bytes]:
    out = io.BytesIO()
    document.save(out)  # type: ignore[attr-defined]
    with zipfile.ZipFile(out) as archive:
        return {name: archive.read(name) for name in archive.namelist()}

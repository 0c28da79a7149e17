"""Small files that unfold to gigabytes, or to hours: python -m fuzz.bombs prints what becomes of each, as JSON.

Each is read in a process of its own, whose memory is measured. What a bomb should have shown is never in its answer: the
password file that an entity names, or what a link leads to.
"""

from __future__ import annotations

import io
import json
import multiprocessing
import resource
import time
import zipfile
import zlib
from collections.abc import Callable
from functools import partial

from fuzz import wrapped
from ingest.models import ReadOptions, Source
from ingest.readers import read
from ingest.roster import read_roster
from ingest.sources import Failure, from_upload
from research.contact import parse_rules
from research.errors import HeardError
from research.taxonomy import parse_taxonomy

_LAUGHS = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 10))
_DTD = f'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a0 "ha">{_LAUGHS}<!ENTITY file SYSTEM "file:///etc/passwd">]>'
_DOC = '<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body><w:p><w:r><w:t>P1: &{};</w:t></w:r></w:p></w:body></w:document>'
_SHEET = '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData><row r="1"><c r="A1" t="inlineStr"><is><t>&{};</t></is></c></row></sheetData></worksheet>'
_YAML_LAUGHS = "a0: &a0 [x,x]\n" + "".join(f"a{n}: &a{n} [{','.join([f'*a{n - 1}'] * 9)}]\n" for n in range(1, 10))
_MERGES = "a0: &a0 {x: 1, y: 2}\n" + "".join(
    f"a{n}: &a{n}\n  <<: [{','.join([f'*a{n - 1}'] * 9)}]\n" for n in range(1, 9)
)


def _packed(parts: dict[str, bytes]) -> bytes:
    return wrapped.zipped(parts, zipfile.ZIP_DEFLATED)


def _docx(parts: dict[str, bytes]) -> bytes:
    with zipfile.ZipFile(io.BytesIO(wrapped.docx_body(b""))) as archive:
        return _packed({name: archive.read(name) for name in archive.namelist()} | parts)


def _xlsx(parts: dict[str, bytes]) -> bytes:
    with zipfile.ZipFile(io.BytesIO(wrapped.xlsx_sheet(b""))) as archive:
        return _packed({name: archive.read(name) for name in archive.namelist()} | parts)


def _overlapping() -> bytes:
    """A zip each of whose members is the same stretch of the file, as in Fifield's better zip bomb."""
    whole = bytearray(_packed({"00.txt": b"P1: word " * 100_000}))
    start = whole.index(b"PK\x01\x02")
    entry, end = bytes(whole[start : whole.index(b"PK\x05\x06")]), whole[whole.index(b"PK\x05\x06") :]
    at = entry.index(b"00.txt")
    entries = b"".join(entry[:at] + b"%02d" % (n % 100) + entry[at + 2 :] for n in range(5_000))
    made = bytes(whole[:start]) + entries
    return (
        made
        + bytes(end[:8])
        + (5_000).to_bytes(2, "little") * 2
        + len(entries).to_bytes(4, "little")
        + start.to_bytes(4, "little")
        + b"\0\0"
    )


def _pdf(content: bytes, pages: int = 1) -> bytes:
    packed = zlib.compress(content, 9)
    return wrapped.pdf_of((
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[%b]/Count %d>>" % (b"3 0 R " * pages, pages),
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 612 792]/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>>>",
        b"<</Filter/FlateDecode/Length %d>>stream\n%b\nendstream" % (len(packed), packed),
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
    ))  # fmt: skip


def _many_forms() -> bytes:
    """A PDF whose forms draw each other, ten times each, seven deep."""
    forms = [
        b"<</Type/XObject/Subtype/Form/BBox[0 0 9 9]/Resources<</XObject<</X %d 0 R>>/Font<</F1 5 0 R>>>>/Length %d>>stream\n%b\nendstream"
        % (n + 1, len(body), body)
        for n in range(6, 13)
        for body in [b"/X Do " * 10]
    ]
    return wrapped.pdf_of((
        b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 612 792]/Contents 4 0 R/Resources<</XObject<</X 6 0 R>>>>>>",
        b"<</Length 60>>stream\n" + b"/X Do " * 10 + b"\nendstream", b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>", *forms,
        b"<</Type/XObject/Subtype/Form/BBox[0 0 9 9]/Resources<</Font<</F1 5 0 R>>>>/Length 28>>stream\nBT /F1 9 Tf (ha) Tj ET      \nendstream",
    ))  # fmt: skip


def _noise(size: int) -> bytes:
    """Elements that deflate packs a hundred times and no more, so that no ratio gives them away."""
    return b"".join(b'<w:p w:x="%07d"/>' % (n * n % 9_999_991) + b"<w:p/>" * 60 for n in range(size // 380))


FILES: dict[str, tuple[str, Callable[[], bytes]]] = {
    "zip: 360 MB of zeros": ("a.zip", lambda: _packed({f"{n}.txt": bytes(30 << 20) for n in range(12)})),
    "zip: a zip in a zip in a zip": ("a.zip", lambda: _packed({"b.zip": _packed({"c.zip": _packed({"d.txt": b"P1: ha"})})})),
    "zip: 70,000 members": ("a.zip", lambda: _packed({f"{n}.bin": b"" for n in range(70_000)})),
    "zip: members that share their bytes": ("a.zip", _overlapping),
    "folder: 300 MB of rows": (
        "a.zip", lambda: _packed({"contents.heard": b"format: 1\n", "passages.csv": b"a,b\n" * (75 << 20)})
    ),
    "docx: entities in entities": ("a.docx", lambda: _docx({"word/document.xml": (_DTD + _DOC.format("a9")).encode()})),
    "docx: an entity that is a file": ("a.docx", lambda: _docx({"word/document.xml": (_DTD + _DOC.format("file")).encode()})),
    "docx: entities in UTF-16": ("a.docx", lambda: _docx({"word/document.xml": (_DTD + _DOC.format("a9")).encode("utf-16")})),
    "docx: 300 MB of paragraphs": ("a.docx", lambda: _docx({"word/document.xml": b"<w:p/>" * (50 << 20)})),
    "docx: 60 MB of elements that pack badly": ("a.docx", lambda: _docx({"word/document.xml": _noise(60 << 20)})),
    "docx: 100,000 levels": ("a.docx", lambda: wrapped.docx_body(b"<w:sdt>" * 100_000)),
    "xlsx: entities in entities": ("a.xlsx", lambda: _xlsx({"xl/worksheets/sheet1.xml": (_DTD + _SHEET.format("a9")).encode()})),
    "xlsx: an entity that is a file": ("a.xlsx", lambda: _xlsx({"xl/worksheets/sheet1.xml": (_DTD + _SHEET.format("file")).encode()})),
    "xlsx: rows a million apart and 16,384 wide": (
        "a.xlsx", lambda: wrapped.xlsx_sheet(b'<row r="1"><c r="XFD1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'),
    ),
    "xlsx: a million shared texts": ("a.xlsx", lambda: _xlsx({"xl/sharedStrings.xml": b'<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">' + b"<si/>" * 8_000_000 + b"</sst>"})),
    "qdpx: entities in entities": ("a.qdpx", lambda: wrapped.qda_project((_DTD + "<Project>&a9;</Project>").encode())),
    "qdpx: an entity that is a file": ("a.qdpx", lambda: wrapped.qda_project((_DTD + "<Project>&file;</Project>").encode())),
    "qdpx: 100,000 codes in codes": ("a.qdpx", lambda: wrapped.qda_project(b'<CodeBook><Codes>' + b'<Code guid="1" name="a">' * 100_000)),
    "qdpx: 40 MB of selections of everything": (
        "a.qdpx",
        lambda: wrapped.qda_project(
            b'<CodeBook><Codes><Code guid="3" name="a"/></Codes></CodeBook><Sources><TextSource guid="00000000-0000-0000-0000-000000000001" '
            b'plainTextPath="internal://00000000-0000-0000-0000-000000000001.txt">'
            + b'<PlainTextSelection guid="2" startPosition="0" endPosition="99"><Coding guid="4"><CodeRef targetGUID="3"/></Coding></PlainTextSelection>' * 280_000
            + b"</TextSource></Sources>"
        ),
    ),
    "csv: one row of 20,000 cells over 100,000 rows": ("a.csv", lambda: b"text," + b"a," * 20_000 + b"\n" + b"x\n" * 100_000),
    "csv: a cell of 10 MB": ("a.csv", lambda: b'text,participant\n"' + b"word " * (2 << 20) + b'",P1\n'),
    "pdf: a page that unfolds to 70 MB": ("a.pdf", lambda: _pdf(b"1 " * (35 << 20))),
    "pdf: a page 200,000 times": ("a.pdf", lambda: _pdf(b"BT /F1 9 Tf (ha) Tj ET", 200_000)),
    "pdf: a page of 100 KB 4,000 times": ("a.pdf", lambda: _pdf(b"BT /F1 9 Tf (ha) Tj ET\n" * 4_500, 4_000)),
    "pdf: forms in forms in forms": ("a.pdf", _many_forms),
    "html: 90,000 levels": ("a.html", lambda: b"<div>" * 90_000 + b"P1: ha"),
    "html: a million tags": ("a.html", lambda: b"<b>a" * 1_000_000),
    "html: tags that never end": ("a.html", lambda: b"<a b='c' " * 100_000),
    "html: sections that never end": ("a.html", lambda: b"<![CDATA[<!--" * 100_000),
    "front matter: references to references": ("a.md", lambda: f"---\n{_YAML_LAUGHS}title: *a9\n---\nP1: It takes a morning.\n".encode()),
    "front matter: values merged from merged values": ("a.md", lambda: f"---\n{_MERGES}---\nP1: It takes a morning.\n".encode()),
    "front matter: 20,000 levels": ("a.md", lambda: b"---\ntitle: " + b"[" * 20_000 + b"\n---\nP1: It takes a morning.\n"),
    "text: a word of 1 MB": ("a.txt", lambda: b"P1: " + b"(" * (1 << 20)),
}  # fmt: skip
TEXTS: dict[str, Callable[[], object]] = {
    "taxonomy: references to references": lambda: parse_taxonomy(f"{_YAML_LAUGHS}tags: *a9\n"),
    "taxonomy: values merged from merged values": lambda: parse_taxonomy(f"{_MERGES}tags: [{{name: x}}]\n"),
    "taxonomy: 100,000 levels": lambda: parse_taxonomy("[" * 100_000),
    "taxonomy: 10 MB": lambda: parse_taxonomy("tags:\n" + "- name: a\n" * 1_000_000),
    "contact rules: references to references": lambda: parse_rules(f"{_YAML_LAUGHS}accounts: *a9\n"),
    "roster: one row of 20,000 cells over 100,000 rows": lambda: read_roster(
        Source("r.csv", "k", b"name," + b"a," * 20_000 + b"\n" + b"Ana\n" * 100_000)
    ),
}


def _read(name: str, data: bytes) -> str:
    said = []
    for found in from_upload(name, data, ReadOptions()):
        if isinstance(found, Failure):
            said.append(found.error)
            continue
        try:
            documents = read(found, ReadOptions())
            said.append(f"read: {documents[0].blocks[0].text[:200]}")
        except HeardError as error:
            said.append(str(error))
    return said[0] if said else "nothing"


def _asked(run: Callable[[], object]) -> str:
    try:
        run()
    except HeardError as error:
        return str(error)
    return "read"


def _measured(name: str) -> None:
    run: Callable[[], str]
    if name in FILES:
        file, make = FILES[name]
        data = make()
        size = len(data)
        run = partial(_read, file, data)
    else:
        size, run = 0, partial(_asked, TEXTS[name])
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    began = time.process_time()
    said = run()
    told = {
        "bomb": name, "kilobytes": round(size / 1024), "seconds": round(time.process_time() - began, 1),
        "megabytes": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024 - before), "said": said,
    }  # fmt: skip
    print(json.dumps(told, ensure_ascii=False), flush=True)


NAMES = (*FILES, *TEXTS)


if __name__ == "__main__":
    import sys

    apart = multiprocessing.get_context("forkserver")
    apart.set_forkserver_preload(
        ["fuzz.wrapped", "ingest.sources", "ingest.roster"]
    )  # loading takes a second each time
    for wanted in sys.argv[1:] or NAMES:
        child = apart.Process(target=_measured, args=(wanted,))
        child.start()
        child.join(120)
        if child.is_alive():
            child.kill()
            print(json.dumps({"bomb": wanted, "seconds": 120, "megabytes": 0, "kilobytes": 0, "said": "still reading"}))

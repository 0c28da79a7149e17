"""What is fuzzed: each target takes bytes, and whatever breaks the rule leaves it as an exception.

The rule: an input gives a result that keeps what it promises, or one sentence (a HeardError, a Failure) with what to
do. Readers turn any exception into such a sentence; a sentence made of an exception in Heard's own code breaks the rule
all the same. What docx, pdf and xlsx libraries raise on broken files does not.
"""

from __future__ import annotations

import csv
import io
import re
import traceback
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from urllib.parse import parse_qs

from fuzz import wrapped
from heard.sheet import csv_text
from heard.ui import ask
from heard.ui.html import esc, marked, md
from ingest.guide import as_text, parse_guide, read_guide
from ingest.models import Block, Document, ReadOptions, Source, TableMapping
from ingest.personal.find import find_personal_data
from ingest.personal.marks import redact
from ingest.readers import FORMATS, NeedsMapping, frontmatter, read
from ingest.readers.dates import as_date, date_in, days_first, is_date
from ingest.readers.times import seconds
from ingest.roster import read_roster
from ingest.segment import compose, segment
from ingest.sources import Failure, from_upload
from research import address
from research.briefs import text as written
from research.contact import parse_rules
from research.edits import edited
from research.errors import BadInput, HeardError
from research.filters import day
from research.litter import normalise
from research.query import parse
from research.taxonomy import dump_taxonomy, parse_taxonomy

# What must not be in any text that was read: it turns a line around, hides in it, or tells a terminal what to do.
CONTROLS = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x84\x86-\x9f\u202a-\u202e\u2066-\u2069]")
_OPTIONS = ReadOptions()
_SMALL = ReadOptions(max_bytes=64 * 1024, max_unzipped_bytes=256 * 1024)
_CUES = (".vtt", ".srt")
_OURS = re.compile(r"/(?:ingest|research|heard)/(?!.*site-packages)")


@dataclass(frozen=True, slots=True)
class Target:
    """Something that takes input: how it is run, how many executions `make fuzz` gives it, pieces worth trying in it,
    and how large its inputs are guided to be; `large` is how large they are made by repeating pieces."""

    name: str
    run: Callable[[bytes], None]
    runs: int
    tokens: tuple[str, ...] = ()
    most: int = 2048
    large: int = 1 << 18


class Broken(AssertionError):
    """An input broke the rule."""


def _text(data: bytes) -> str:
    return data.decode("utf-8", "replace")


# -- readers -----------------------------------------------------------------------------------------------------------


def keeps_its_promises(name: str, documents: Sequence[Document]) -> None:
    """Whether documents are what a reader promises; an assertion says what not."""
    assert documents
    assert len({document.row for document in documents}) == len(documents)
    for document in documents:
        assert document.blocks or document.kept or document.format == "codebook"
        latest = 0.0
        for block in document.blocks:
            assert block.text.strip()
            assert block.text == " ".join(block.text.split())
            assert len(block.heading) <= 300
            assert block.role in ("participant", "interviewer", None)
            if name.endswith(_CUES) and block.start_s is not None:
                assert block.start_s >= latest
                assert block.end_s is None or block.end_s >= block.start_s
                latest = block.start_s
            for one in block.selections:
                assert 0 <= one.start < one.end <= len(block.text)
            block.text.encode()
            _plain(block.text, block.speaker, block.heading)
        facts = document.metadata
        _plain(facts.title, facts.participant, facts.segment, facts.account, facts.role, facts.team, facts.study)
        _plain(*facts.tags, *facts.interviewers, *document.left_out)
        _plain(*(words for tag in document.codes for words in (tag.name, tag.group, tag.description)))
        _plain(*(tag for block in document.blocks for one in block.selections for tag in one.tags))


def _plain(*texts: str) -> None:
    for text in texts:
        text.encode()
        assert not CONTROLS.search(text), text


def read_as(name: str, data: bytes, options: ReadOptions = _OPTIONS, *, own: bool = True) -> None:
    """Read a file; `own` says that only Heard's own code reads it, so that no exception may hide behind a sentence."""
    try:
        documents = read(Source(name, "key", data), options)
    except HeardError as error:
        _sentence(str(error))
        if error.__cause__ and ((own and "seems to be damaged" in str(error)) or _is_ours(error.__cause__)):
            raise Broken(str(error)) from error.__cause__
        return
    keeps_its_promises(name, documents)


def _is_ours(error: BaseException) -> bool:
    """Whether an exception that is no refusal was raised in Heard's own code, and not in what a library does."""
    *_, last = traceback.extract_tb(error.__traceback__) or [None]
    return last is not None and not isinstance(error, HeardError) and bool(_OURS.search(last.filename))


def _sentence(said: str) -> None:
    assert said.endswith((".", "?", "!")), said
    assert len(said) < 4000, len(said)


def _reader(kind: str) -> Callable[[bytes], None]:
    return lambda data: read_as(f"2026-08-01 note{kind}", data, own=kind not in (".docx", ".pdf", ".xlsx", ".qdpx"))


def _wrapped(kind: str, wrap: Callable[[bytes], bytes]) -> Callable[[bytes], None]:
    return lambda data: read_as(f"note{kind}", wrap(data), own=False)


def _table(data: bytes) -> None:
    """A spreadsheet whose columns a person explains, as they do on the upload page."""
    try:
        read(Source("answers.csv", "key", data), _OPTIONS)
    except NeedsMapping as error:
        if error.columns:
            first, last = error.columns[0], error.columns[-1]
            by_row = TableMapping(text=(last,), participant=first, title=first, date=last, tags=first)
            read_as("answers.csv", data, ReadOptions(mapping=by_row))
            by_column = TableMapping(question=first, participants=error.columns[1:])
            read_as("answers.csv", data, ReadOptions(mapping=by_column))
    except HeardError:
        return


def _zip(data: bytes) -> None:
    for found in from_upload("calls.zip", data, _SMALL):
        if isinstance(found, Failure):
            _sentence(found.error)
        else:
            assert len(found.data) <= _SMALL.max_bytes
        assert found.name.startswith("calls.zip")
        assert not CONTROLS.search(found.name)
        assert ".." not in found.name.split("/") or isinstance(found, Failure), found.name


def _upload_name(data: bytes) -> None:
    for found in from_upload(_text(data), b"P1: It takes a morning.", _SMALL):
        assert not CONTROLS.search(found.name)
        assert "/" not in found.name
        found.name.encode()
        if not isinstance(found, Failure):
            read_as(found.name, found.data)


# -- texts that say how things are -------------------------------------------------------------------------------------


def _allowed(run: Callable[[str], object]) -> Callable[[bytes], None]:
    """A function of a text that may refuse it with a sentence."""

    def target(data: bytes) -> None:
        try:
            run(_text(data))
        except HeardError as error:
            _sentence(str(error))

    return target


def _front_matter(text: str) -> None:
    facts = frontmatter.metadata(normalise(text))  # as it comes out of `decode`
    _plain(facts.title, facts.participant, facts.segment, facts.account, facts.role, facts.team, facts.study)
    _plain(*facts.tags, *facts.interviewers)


def _query(text: str) -> None:
    query = parse(text)
    assert len(query.words) <= 64
    assert len(query.phrases) <= 8
    for word in query.words:
        assert word
    assert parse(f'tag:"{text.replace(chr(34), " ")[:1000]}" x').text


def _address(text: str) -> None:
    class Params(dict[str, list[str]]):
        def get_all(self, key: str) -> list[str]:
            return self.get(key, [])

    asked = ask.from_params(Params(parse_qs(text)))
    assert 0 < asked.limit <= ask.MOST
    asked.time_label()
    again = parse_qs(address.address("", asked.params()).partition("?")[2])
    assert ask.from_params(Params(again)).params() == asked.params() or "\ufffd" in str(again)
    parse(asked.typed())
    try:
        day(asked.since or None, "since")
        told = address.base(text)
    except BadInput:
        return
    assert told == "" or told.lower().startswith(("http://", "https://"))
    assert not set("<>\"' \n\\") & set(told)


def _taxonomy(text: str) -> None:
    taxonomy = parse_taxonomy(text)
    again = dump_taxonomy(taxonomy.tags)
    assert again.tags == taxonomy.tags


def _guide(text: str) -> None:
    guide = parse_guide(text)
    assert 0 < len(guide.lines) <= 200
    for entry in guide.entries:
        assert entry.text.strip(), entry
        _plain(entry.text)
    parse_guide(as_text(guide))


def _guide_docx(data: bytes) -> None:
    try:
        read_guide(Source("guide.docx", "key", wrapped.docx_body(data)))
    except HeardError as error:
        _sentence(str(error))
        if error.__cause__ and _is_ours(error.__cause__):
            raise Broken(str(error)) from error.__cause__


def _roster(kind: str, wrap: Callable[[bytes], bytes] = bytes) -> Callable[[bytes], None]:
    def target(data: bytes) -> None:
        source = Source(f"roster{kind}", "key", wrap(data))
        try:
            roster = read_roster(source)
        except NeedsMapping as error:
            if not error.columns:
                return
            try:
                roster = read_roster(source, {"name": error.columns[0], "note": error.columns[-1]})
            except HeardError as again:
                _sentence(str(again))
                return
        except HeardError as error:
            _sentence(str(error))
            if kind == ".csv" and "could not be read (" in str(error):
                raise Broken(str(error)) from error.__cause__
            return
        for row in roster.rows:
            name = row.identity.name if row.identity else ""
            assert not row.error or (len(name) < 4 or name not in row.error)
            _plain(name, row.segment, row.account, row.role)

    return target


# -- what is done with a text ------------------------------------------------------------------------------------------


def _dates(text: str) -> None:
    date_in(text)
    is_date(text)
    as_date(text, day_first=True)
    days_first(text.split("\n"))
    seconds(text)
    try:
        day(text, "since")
    except BadInput as error:
        _sentence(str(error))


def _words(texts: Sequence[str]) -> list[int]:
    return [len(text) // 4 + 1 for text in texts]


def _passages(data: bytes) -> None:
    """Cut a conversation into passages, with the smallest and the usual room."""
    lines = [line for line in (" ".join(line.split()) for line in _text(data).split("\n")) if line]
    blocks = tuple(
        Block(line, speaker=f"P{n % 3}", role="interviewer" if n % 3 == 1 else "participant", heading=line[:40])
        for n, line in enumerate(lines)
    )
    text, offsets = compose(blocks)
    assert [text[start:end] for start, end in offsets] == [block.text for block in blocks]
    for room in (24, 256):
        latest = 0
        for span in segment(blocks, _words, room):
            assert latest <= span.start < span.end <= len(text)
            assert text[span.start : span.end].strip()
            latest = span.start


def _personal(data: bytes) -> None:
    text = _text(data)
    spans = find_personal_data(text)
    latest = 0
    for span in spans:
        assert latest <= span.start < span.end <= len(text)
        latest = span.end
    redacted = redact(text, spans)
    for span in spans:
        if span.kind in ("EMAIL", "IBAN", "CARD"):
            said = re.escape(text[span.start : span.end])
            assert not re.search(rf"(?<!\w){said}(?!\w)", redacted.text)  # within longer numbers it is another
    edited(text, [])


def _written(data: bytes) -> None:
    """What people wrote, on its way into a page or a document."""
    text = data.decode("utf-8", "replace")
    assert not set("<>\"'\0") & set(esc(text))
    assert "<" not in marked(text, [(1, 3), (2, 9)]).replace("<mark>", "").replace("</mark>", "").replace("<br>", "")
    md(text)
    line = written.markdown(text)
    assert not re.search(r"(?<!\\)(?:\\\\)*[<`*]", line), line
    assert not CONTROLS.search(line), line
    _, row = csv.reader(io.StringIO(csv_text(("a",), [(text[:100_000],)]), newline=""))
    assert not row or not row[0].startswith(("=", "+", "-", "@", "\t", "\r")), row


_TALK = ("P1: ", "Moderator: ", "**Ana:** ", "Q: ", "\n\n", "# ", "- ", "> ", "| a | b |\n", "* ", "1. ", "---\n", "```\n",
         "[00:01:02] ", "00:00:01.000 --> 00:00:02.000\n", "<v Ana>", "</v>", "<!--", "-->", "{{", "}}", "(What?) ", "“", "”",
         "## Summary\n", "## Transcript\n", "\t", "title: ", "[x](y)", "&amp;", "&#27;", "\u202e", "\x1b[31m", "\ufeff", "*",
         "inaudible", "(laughs)", "♪", "⟨", "é", "٣", "²", "\u0130", "12:34", "2026-08-01", "P٣: ")  # fmt: skip
_MARKUP = ("<p>", "</p>", "<b>", "</b>", "<table><tr><td>", "</td></tr></table>", "<li>", "<ul>", "<ol>", "<h1>", "<br>",
           "<blockquote>", "<title>", "<![CDATA[", "]]>", "<!--", "-->", "&#27;", "&#x202e;", "&nbsp;", "<script>", "<svg>",
           "<meta charset=utf-7>", "<template>", "hidden", "<td colspan=99999>")  # fmt: skip
_YAML = ("tags:\n", "- name: ", "  description: ", "  phrases: [", "  threshold: ", "&a ", "*a", "<<: ", "[", "]", "{", "}", "!!binary ",
         "!!timestamp ", "!!python/object:os.system ", "0x", "0b2", "1_000", ".inf", ".nan", "~", "2026-99-99", "|\n", ">\n", "? ",
         ": ", '"\\e[31m"', "\\u202e", "%YAML 1.1\n", "---\n", "...\n", "rest_days: ", "accounts:\n", "segments:\n", "1:2:3",
         "consent_required: ", "most_per_year: ", "title: ", "date: ", "participant: ", "'", '"')  # fmt: skip
_CELLS = (",", ";", "\t", "|", '"', "\n", "\r\n", "text,", "participant,", "question,", "P1,", "start,end,text\n", "name,", "email,", "id,document,tag,content\n", "tag,description,number of highlights\n",
          "yes", "no", "2026-08-01", "3/4/2024", "=1+1", "@SUM(1)", "-2", "+3", "a@b.example", "opted out", "consent,", "given,",
          "expires,", "status,", "speaker,")  # fmt: skip
_WORD = ("<w:p>", "</w:p>", "<w:r>", "</w:r>", "<w:t>", "</w:t>", "<w:tbl>", "</w:tbl>", "<w:tr>", "</w:tr>", "<w:tc>", "</w:tc>",
         "<w:pPr>", "</w:pPr>", '<w:pStyle w:val="Heading1"/>', '<w:outlineLvl w:val="²"/>', '<w:ilvl w:val="9"/>',
         "<w:numPr>", "</w:numPr>", "<w:br/>", "<w:tab/>", "<w:sdt>", "</w:sdt>", "<w:ins>", "</w:ins>", "&lol;", "&#27;",
         "<mc:Fallback>", "P1: ", "Moderator: ")  # fmt: skip
_SHEET = ('<row r="1">', "</row>", '<c r="A1" t="inlineStr"><is><t>', "</t></is></c>", '<c r="XFD1048576">', "<v>", "</v></c>",
          '<c t="s"><v>0</v></c>', '<c t="d">', '<c s="1">', '<c t="b">', '<c t="e">', "<f>", "</f>", "1e308", "-1", "99999999",
          '<row r="1048576">', "NaN", "text", "participant", "&#27;", "_x001B_")  # fmt: skip
_QDA = ("<Sources>", "</Sources>", '<TextSource guid="00000000-0000-0000-0000-000000000001" name="a.txt" ',
        'plainTextPath="internal://00000000-0000-0000-0000-000000000001.txt">', "</TextSource>", "<PlainTextContent>",
        "</PlainTextContent>", '<PlainTextSelection guid="2" startPosition="', '" endPosition="', '">', "</PlainTextSelection>", "/>",
        '<Coding><CodeRef targetGUID="3"/></Coding>', '<CodeBook><Codes><Code guid="3" name="a">', "</Code>", "</Codes></CodeBook>",
        "<Cases>", '<Case guid="4" name="Ana">', '<SelectionRef targetGUID="2"/>', "</Case></Cases>", "99999999999", "-1",
        '<Variable guid="5" name="Segment"/>', '<VariableValue><VariableRef targetGUID="5"/><TextValue>', "<SyncPoint guid='6' position='3' timeStamp='1'/>",
        "<AudioSource>", "<Transcript>", "&lol;", "&#27;", "internal://../", "absolute://")  # fmt: skip
_PAGE = ("BT", "ET", "Tf", "Tj", "TJ", "Td", "TD", "Tm", "T*", "cm", "q", "Q", "Do", "/F1 12 Tf", "(P1: yes)", "[(a) -250 (b)] TJ",
         "1 0 0 1 72 700 Tm", "<</A 1>>", "BI", "ID", "EI", "BDC", "EMC", "'", '"', "99999999999", "-1e9", "<0041>",
         "/X0 Do")  # fmt: skip
_ASKED = ("team:", "tag:", "after:", "before:", "since:2026-01-01", '"', "“", "”", "participant:P-0001", "http://x", "10:30", "'s",
          "7 of 11 users ", "(3 of the ", "their", "\0", "\ud7ff", "ß", "İ", "ﬁ", "q=", "&days=", "²", "&show=", "%00",
          "&since=")  # fmt: skip
_PERSONAL = ("ana@example.com", "+49 30 901820", "4111 1111 1111 1111", "DE89 3704 0044 0532 0130 00", "12 High Street",
             "born 3 May 1980", "192.168.0.1", "https://x.example/?token=", "sk-", "Dr ", "Mrs ", "P-0001", "[PERSON]", "[", "]",
             "I'm Ana", "\u200d", "👩‍👩‍👧", "\u0301", "İ", "ß", "\u202e", "٠١٢٣٤٥٦٧٨٩", "my name is ")  # fmt: skip

TARGETS: tuple[Target, ...] = (
    *(
        Target(f"reader {kind}", _reader(kind), runs, tokens, large=large)
        for kind, runs, tokens, large in (
            (".md", 100_000, _TALK, 1 << 18),
            (".txt", 60_000, _TALK, 1 << 18),
            (".vtt", 60_000, _TALK, 1 << 18),
            (".srt", 40_000, _TALK, 1 << 18),
            (".html", 60_000, _MARKUP + _TALK, 1 << 18),
            (".csv", 60_000, _CELLS, 1 << 18),
            (".tsv", 20_000, _CELLS, 1 << 18),
            (".docx", 15_000, ("PK\x03\x04", "PK\x01\x02", "word/"), 1 << 18),
            (".xlsx", 15_000, ("PK\x03\x04", "PK\x01\x02", "xl/"), 1 << 18),
            (".qdpx", 10_000, ("PK\x03\x04", "PK\x01\x02", "sources/", ".qde"), 1 << 18),
            (".qdc", 20_000, _QDA, 1 << 18),
            (".heard", 10_000, ("PK\x03\x04", "PK\x01\x02", "contents.heard", "passages.csv"), 1 << 18),
            (".pdf", 20_000, ("obj", "endobj", "stream\n", "endstream", "/Kids", "/Parent", "1 0 R", "<<", ">>"), 1 << 18),
        )
    ),
    Target("docx body", _wrapped(".docx", wrapped.docx_body), 30_000, _WORD),
    Target("docx styles", _wrapped(".docx", wrapped.docx_styles), 10_000, _WORD),
    Target("xlsx sheet", _wrapped(".xlsx", wrapped.xlsx_sheet), 30_000, _SHEET),
    Target("xlsx strings", _wrapped(".xlsx", wrapped.xlsx_strings), 10_000, _SHEET),
    Target("project of a .qdpx", _wrapped(".qdpx", wrapped.qda_project), 30_000, _QDA),
    Target("folder of a .heard", _wrapped(".heard", wrapped.folder), 30_000, _TALK + _CELLS),
    Target("pdf page", _wrapped(".pdf", wrapped.pdf_page), 30_000, _PAGE),
    Target("table explained by a person", _table, 30_000, _CELLS),
    Target("zip", _zip, 60_000, ("PK\x03\x04", "PK\x01\x02", "PK\x05\x06", "../", "..\\", "a.md", "C:\\", "\x00")),
    Target("name of an upload", _upload_name, 30_000, ("../", "..\\", ".md", ".zip", "\x00", "\u202e", "C:\\", ".", "/", "2026-08-01")),
    Target("front matter", _allowed(_front_matter), 50_000, _YAML, most=600, large=1 << 16),
    Target("query", _allowed(_query), 100_000, _ASKED),
    Target("address", _allowed(_address), 60_000, _ASKED, most=16_384, large=1 << 16),
    Target("taxonomy", _allowed(_taxonomy), 50_000, _YAML, most=600),
    Target("contact rules", _allowed(parse_rules), 50_000, _YAML, most=600),
    Target("roster .csv", _roster(".csv"), 60_000, _CELLS),
    Target("roster .xlsx", _roster(".xlsx", wrapped.xlsx_sheet), 20_000, _SHEET),
    Target("interview guide", _allowed(_guide), 40_000, _TALK),
    Target("interview guide .docx", _guide_docx, 15_000, _WORD),
    Target("dates and times", _allowed(_dates), 100_000, _TALK + _CELLS),
    Target("passages", _passages, 30_000, _TALK),
    Target("personal data", _personal, 15_000, _PERSONAL, most=512, large=1 << 14),
    Target("text in a page or document", _written, 50_000, ("<script>", "](", "javascript:", "&lt;", "=1", "**", "`", "\x1b[")),
)  # fmt: skip
BY_NAME = {target.name: target for target in TARGETS}
assert set(FORMATS) <= {*(name.split()[-1] for name in BY_NAME), ".markdown", ".text", ".htm"}

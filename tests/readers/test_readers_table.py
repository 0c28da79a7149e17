"""Spreadsheets: what is taken as it is, what is asked about, and keys that stay when rows are added."""

from __future__ import annotations

import io
from datetime import date, datetime

import pytest
from readers_support import read_all, read_one

from ingest.models import NO_COLUMN, ReadOptions, TableMapping
from ingest.readers import NeedsMapping
from research.errors import BadInput

NOTES = """Title,Participant,Segment,Account,Team,Study,Date,Tags,Text
Call 1,P1,SMB,Acme,growth,Setup,2026-03-04,"pain; setup",It took two evenings.
Call 1,P1,SMB,Acme,growth,Setup,2026-03-04,pricing|setup,And the price was hidden.
Call 2,P2,,,,,,,n/a
Call 3,P3,,,,,,,Fine
"""


def xlsx(rows: list[list[object]], *, empty_first: bool = False) -> bytes:
    import openpyxl

    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    if empty_first:
        sheet = book.create_sheet("data")
    for row in rows:
        sheet.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def test_canonical_columns() -> None:
    first, second = read_all("notes.csv", NOTES)
    assert [block.text for block in first.blocks] == ["It took two evenings.", "And the price was hidden."]
    assert (first.blocks[0].speaker, first.blocks[0].role) == ("P1", "participant")
    said = first.metadata
    assert (said.title, said.segment, said.account, said.team, said.study) == (
        "Call 1",
        "SMB",
        "Acme",
        "growth",
        "Setup",
    )
    assert said.tags == ("pain", "setup", "pricing")
    assert said.date == date(2026, 3, 4)
    assert first.origins["date"] == "column"
    assert second.metadata.title == "Call 3"


@pytest.mark.parametrize("newlines", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize(
    ("mark", "name"), [(",", "a.csv"), (";", "a.csv"), ("\t", "a.tsv"), ("\t", "a.csv"), ("|", "a.csv")]
)
def test_dialects(mark: str, name: str, newlines: str) -> None:
    rows = [["title", "text"], ["a", "one two"], ["b", '"three ""quoted"" \u2013 four"']]
    found = read_all(name, newlines.join(mark.join(row) for row in rows))
    assert [document.blocks[0].text for document in found] == ["one two", 'three "quoted" \u2013 four']


def test_keys_stay_when_rows_come_in_between() -> None:
    old = read_all("q.csv", "id,text\n7,same words\n8,same words\n")
    new = read_all("q.csv", "id,text\n1,first\n7,same words\n9,between\n8,same words\n")
    assert {document.row for document in old} <= {document.row for document in new}
    assert len({document.row for document in new}) == 4
    without = read_all("q.csv", "text\nsame\nsame\nother\n")
    assert len({document.row for document in without}) == 3
    assert {d.row for d in without} <= {d.row for d in read_all("q.csv", "text\nnew\nsame\nsame\nother\n")}
    assert [document.metadata.title for document in without] == ["same", "same", "other"]


def test_matrix() -> None:
    found = read_all(
        "round.csv", "Section,Question,P1,Participant 2\nA,What do you use?,Paper,\nA,Why?,It is quick,Told to\n"
    )
    assert [document.metadata.participant for document in found] == ["P1", "Participant 2"]
    assert [(block.text, block.heading, block.role) for block in found[0].blocks] == [
        ("Paper", "What do you use?", "participant"),
        ("It is quick", "Why?", "participant"),
    ]
    assert len(found[1].blocks) == 1


def test_unknown_columns_are_asked_about_and_mapped() -> None:
    data = "Timestamp,What hurts?,What helps?,Who\n3/14/2024 9:12:35,The export,n/a,Ana\n4/3/2024 9:12:35,,Coffee,Ben\n"
    with pytest.raises(
        NeedsMapping, match=r'survey\.csv has the columns "Timestamp", "What hurts\?".*--column text='
    ) as raised:
        read_all("survey.csv", data)
    assert raised.value.columns == ("Timestamp", "What hurts?", "What helps?", "Who")
    mapping = TableMapping(text=("what hurts?", "What helps?"), participant="Who", date="Timestamp")
    first, second = read_all("survey.csv", data, ReadOptions(mapping=mapping))
    assert (first.blocks[0].text, first.blocks[0].heading, first.metadata.participant) == (
        "The export",
        "What hurts?",
        "Ana",
    )
    assert (first.metadata.date, second.metadata.date) == (date(2024, 3, 14), date(2024, 4, 3))
    with pytest.raises(NeedsMapping, match='no column "Nope"'):
        read_all("survey.csv", data, ReadOptions(mapping=TableMapping(text=("Nope",))))
    with pytest.raises(BadInput, match="nothing stands in"):
        read_all("survey.csv", "a,b\n1,\n2,\n", ReadOptions(mapping=TableMapping(text=("b",))))


def test_a_mapping_that_does_not_say_where_words_are_adds_to_what_the_header_says() -> None:
    """Such as one that a QDA project in the same folder needs."""
    data = "text,segment,Customer type,date\nToo slow,A,host,2024-03-14\n"
    (plain,) = read_all("a.csv", data, ReadOptions(mapping=TableMapping(segment="Age group", account="Shop")))
    assert (plain.blocks[0].text, plain.metadata.segment, plain.metadata.account) == ("Too slow", "A", "")
    (other,) = read_all("a.csv", data, ReadOptions(mapping=TableMapping(segment="customer type", date=NO_COLUMN)))
    assert (other.metadata.segment, other.metadata.date) == ("host", None)
    (spoken,) = read_all("a.csv", "speaker,text\nAna,Too slow\n", ReadOptions(mapping=TableMapping(segment="Age")))
    assert [(block.speaker, block.text) for block in spoken.blocks] == [("Ana", "Too slow")]
    with pytest.raises(NeedsMapping):
        read_all(
            "a.csv", "body,Customer type\nToo slow,host\n", ReadOptions(mapping=TableMapping(segment="Customer type"))
        )


def test_a_column_of_dates_tells_its_order() -> None:
    found = read_all("a.csv", "date,text\n03/04/2024,one\n25/04/2024,two\n")
    assert [document.metadata.date for document in found] == [date(2024, 4, 3), date(2024, 4, 25)]


def test_mapped_matrix() -> None:
    mapping = TableMapping(question="Topic", participants=("Ana", "Ben"))
    found = read_all("a.csv", "Topic,Ana,Ben\nPrice?,Too much,Fair\n", ReadOptions(mapping=mapping))
    assert [(d.metadata.participant, d.blocks[0].text, d.blocks[0].heading) for d in found] == [
        ("Ana", "Too much", "Price?"), ("Ben", "Fair", "Price?"),
    ]  # fmt: skip


def test_whisper_table_is_a_transcript() -> None:
    found = read_one("talk.tsv", "start\tend\ttext\n43810\t47850\tHello there.\n148350\t154570\tI sell boats.\n")
    assert [(block.text, block.start_s) for block in found.blocks] == [
        ("Hello there.", 43.81),
        ("I sell boats.", 148.35),
    ]
    spoken = read_one("talk.csv", "speaker,start,end,text\nMod,0.5,1.5,Why?\nP2,2.0,3.0,Because.\n")
    assert [(block.speaker, block.start_s) for block in spoken.blocks] == [("Mod", 0.5), ("P2", 2.0)]


def test_ragged_rows_duplicate_headers_blank_rows() -> None:
    found = read_all("a.csv", ",,\ntext,text,\nlong,\n\nshort\nx,y,z,too many\n")
    assert [document.blocks[0].text for document in found] == ["long", "short", "x"]


def test_a_huge_cell() -> None:
    assert len(read_one("a.csv", "text\n" + "word " * 400_000).blocks[0].text) > 1_000_000


def test_xlsx() -> None:
    rows: list[list[object]] = [
        ["Title", "Date", "Text", "ID"],
        ["A", datetime(2026, 5, 6), "It rained.", 7.0],
        ["B", None, "=1+1", 8],
    ]
    found = read_all("b.xlsx", xlsx(rows, empty_first=True))
    assert [(document.metadata.title, document.metadata.date) for document in found] == [("A", date(2026, 5, 6))]
    assert found[0].format == "xlsx"


@pytest.mark.parametrize("data", ["", "text\n", "\n\n", "text,title\n,\n"])
def test_nothing_in_it(data: str) -> None:
    with pytest.raises(BadInput, match=r"a\.csv"):
        read_all("a.csv", data)

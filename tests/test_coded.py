"""What other tools know of texts comes in: codes as tags, selections as passages with a person's tags, cases as
participants; and what finds no place is told, with its words."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from qdpx_support import code, coding, guid, qde, qdpx, selection, text_source
from repository_support import NOTES

import ingest
from ingest.coded.counting import Told, stretches
from ingest.coded.placing import Places
from ingest.models import NO_COLUMN, Block, Document, ReadOptions, Source, TableMapping, Variable
from ingest.readers import read
from ingest.readers.qdpx import usual
from research.access import Member
from research.errors import BadInput
from research.models import Note
from research.repository import Repository

Put = Callable[..., list[ingest.Outcome]]

TEXT = """Interviewer: How do you hand over the keys?
Orla Fenwick: I write the code on a card. The card goes under the mat, which I hate.
Interviewer: And if somebody comes late?
Orla Fenwick: Then I wait in the car. Sometimes for an hour. I could be at home with the children.
"""
CODES = (
    code(1, "Handing over", "How keys change hands", code(2, "waiting"), code(3, "workarounds", "What people do instead")),
    code(4, "Themes", "", code(5, "children"), codable=False),
)  # fmt: skip


def at(text: str, said: str) -> tuple[int, int]:
    return text.index(said), text.index(said) + len(said)


def project(*selections: str, text: str | bytes = TEXT, after: str = "", **parts: Sequence[str] | str) -> bytes:
    """A project with one text and the selections in it."""
    whole = {"codes": CODES, **parts}
    return qdpx(qde(sources=[text_source(10, "Orla.docx", *selections, after=after)], **whole), {10: text})  # type: ignore[arg-type]


def the_note(repo: Repository) -> Note:
    (summary,) = repo.notes()
    return repo.note(summary.id)


def persons_tags(note: Note) -> dict[str, set[str]]:
    """Passage -> the tags that a person put on it, for those that have one."""
    tagged = {p.text: {one.tag for one in p.tags if one.source == "person"} for p in note.passages}
    return {text: tags for text, tags in tagged.items() if tags}


# -- selections ------------------------------------------------------------------------------------------------------


def test_a_selection_becomes_a_passage_with_a_persons_tags(repo: Repository, put: Put) -> None:
    waits = "Then I wait in the car. Sometimes for an hour."
    (outcome,) = put(repo, {"keys.qdpx": project(selection(20, *at(TEXT, waits), 2, 5))})
    assert (outcome.status, outcome.selections, outcome.unplaced) == ("added", 1, ())
    assert persons_tags(the_note(repo)) == {waits: {"waiting", "children"}}


def test_what_nobody_selected_is_cut_into_passages_as_ever(repo: Repository, put: Put) -> None:
    put(repo, {"keys.qdpx": project(selection(20, *at(TEXT, "Sometimes for an hour."), 2))})
    assert [passage.text for passage in the_note(repo).passages] == [
        "I write the code on a card. The card goes under the mat, which I hate.",
        "Then I wait in the car.",
        "Sometimes for an hour.",
        "I could be at home with the children.",
    ]


def test_a_selection_of_some_words_takes_in_their_sentence(repo: Repository, put: Put) -> None:
    put(repo, {"keys.qdpx": project(selection(20, *at(TEXT, "under the mat"), 3))})
    assert persons_tags(the_note(repo)) == {"The card goes under the mat, which I hate.": {"workarounds"}}


def test_selections_that_overlap_share_what_they_have_in_common(repo: Repository, put: Put) -> None:
    one, other = "Then I wait in the car. Sometimes for an hour.", "Sometimes for an hour. I could be at home with the"
    put(repo, {"keys.qdpx": project(selection(20, *at(TEXT, one), 2), selection(21, *at(TEXT, other), 5))})
    assert persons_tags(the_note(repo)) == {
        "Then I wait in the car.": {"waiting"},
        "Sometimes for an hour.": {"waiting", "children"},
        "I could be at home with the children.": {"children"},
    }


def test_a_selection_over_a_question_is_a_passage_on_each_side(repo: Repository, put: Put) -> None:
    said = TEXT[TEXT.index("The card goes") : TEXT.index(" Sometimes for")]
    (outcome,) = put(repo, {"keys.qdpx": project(selection(20, *at(TEXT, said), 3))})
    assert outcome.selections == 1
    assert persons_tags(the_note(repo)) == {
        "The card goes under the mat, which I hate.": {"workarounds"},
        "Then I wait in the car.": {"workarounds"},
    }


def test_a_word_that_somebody_selected_is_a_passage(repo: Repository, put: Put) -> None:
    text = "Interviewer: Do you like it?\nOrla Fenwick: Yeah.\nInterviewer: Why?\nOrla Fenwick: It is quick to learn.\n"
    put(repo, {"keys.qdpx": project(selection(20, *at(text, "Yeah."), 5), text=text)})
    assert persons_tags(the_note(repo)) == {"Yeah.": {"children"}}


def test_what_the_interviewer_said_is_no_evidence_and_told(repo: Repository, put: Put) -> None:
    (outcome,) = put(repo, {"keys.qdpx": project(selection(20, *at(TEXT, "And if somebody comes late?"), 2))})
    (lost,) = outcome.unplaced
    assert (outcome.selections, lost.text, lost.tags) == (0, "And if somebody comes late?", ("waiting",))
    assert lost.why == "no customer said it"


def test_counts_add_up(repo: Repository, put: Put) -> None:
    picked = ("under the mat", "How do you hand over", "Sometimes for an hour.", "Orla Fenwick:", "the children")
    selections = [selection(20 + n, *at(TEXT, said), 2) for n, said in enumerate(picked)]
    area = f'<PictureSource guid="{guid(30)}" name="a photo"><PictureSelection guid="{guid(31)}" firstX="0" firstY="0" ' \
        f'secondX="9" secondY="9" name="the mat">{coding(3)}</PictureSelection></PictureSource>'  # fmt: skip
    data = qdpx(qde(codes=CODES, sources=[text_source(10, "Orla", *selections), area]), {10: TEXT})
    (outcome,) = put(repo, {"keys.qdpx": data})
    assert outcome.selections + len(outcome.unplaced) == len(picked) + 1
    assert [one.text for one in outcome.unplaced] == ["the mat", "Orla Fenwick:", "How do you hand over"]
    assert "1 picture" in outcome.left_out


def test_what_is_personal_is_replaced_within_a_selection_too(repo: Repository, put: Put) -> None:
    text = TEXT.replace("in the car", "for Orla Fenwick in the car")
    put(
        repo, {"keys.qdpx": project(selection(20, *at(text, "Then I wait for Orla Fenwick in the car."), 2), text=text)}
    )
    assert persons_tags(the_note(repo)) == {"Then I wait for P-0001 in the car.": {"waiting"}}


def test_the_same_project_again_is_no_work_and_a_changed_one_changes_its_note(repo: Repository, put: Put) -> None:
    one = selection(20, *at(TEXT, "Sometimes for an hour."), 2)
    put(repo, {"keys.qdpx": project(one)})
    id_ = the_note(repo).summary.id
    assert [o.status for o in put(repo, {"keys.qdpx": project(one)})] == ["unchanged"]
    more = project(one, selection(21, *at(TEXT, "under the mat"), 3))
    assert [(o.status, o.note_id) for o in put(repo, {"keys.qdpx": more})] == [("updated", id_)]
    assert len(persons_tags(the_note(repo))) == 2


# -- how places are counted ------------------------------------------------------------------------------------------

WINDOWS = TEXT.replace("\n", "\r\n")


@pytest.mark.parametrize(
    ("origin", "text", "counts"),
    [
        ("ATLAS.ti for Windows 23", WINDOWS, lambda n: WINDOWS[:n].replace("\r\n", "\n")),
        ("MAXQDA 2022", WINDOWS, lambda n: WINDOWS[:n]),
        ("Somebody's own", "\ufeff" + TEXT, lambda n: "\ufeff" + TEXT[:n]),
        ("NVivo", "👍 " + TEXT, lambda n: ("👍👍 " + TEXT)[: n + 1]),
    ],
    ids=["ATLAS.ti counts a line end of two characters as one", "others as two", "a mark at the beginning may count",
         "signs beyond the first 65,536 may count as two"],
)  # fmt: skip
def test_each_tool_counts_its_way(
    origin: str, text: str, counts: Callable[[int], str], repo: Repository, put: Put
) -> None:
    bare = text.removeprefix("\ufeff")
    start, end = at(bare, "Sometimes for an hour.")
    chosen = selection(20, len(counts(start)), len(counts(end)), 2, name="Sometimes for an…")
    data = project(chosen, text=text.encode(), origin=origin)
    put(repo, {"keys.qdpx": data})
    assert persons_tags(the_note(repo)) == {"Sometimes for an hour.": {"waiting"}}


def test_a_name_that_a_person_gave_does_not_mislead(repo: Repository, put: Put) -> None:
    chosen = selection(20, *at(TEXT, "Sometimes for an hour."), 2, name="damage that waiting does")
    put(repo, {"keys.qdpx": project(chosen)})
    assert persons_tags(the_note(repo)) == {"Sometimes for an hour.": {"waiting"}}


@given(
    text=st.text(st.sampled_from("ab \r\n👍é"), max_size=60), start=st.integers(-2, 70), length=st.integers(0, 70),
    bom=st.booleans(), origin=st.sampled_from(["ATLAS.ti", "NVivo"]),
)  # fmt: skip
def test_places_always_lie_in_the_text(text: str, start: int, length: int, bom: bool, origin: str) -> None:
    ((a, b),) = stretches(text, [Told(start, start + length, "ab")], bom=bom, origin=origin)
    assert 0 <= a <= len(text)
    assert b <= len(text)


@given(st.lists(st.text(st.sampled_from("abcé '.-"), min_size=1, max_size=30).map(str.strip).filter(bool), max_size=6))
def test_what_stands_in_the_blocks_is_found_there_word_by_word(said: list[str]) -> None:
    blocks = [Block(one) for one in said]
    text = "\n".join(f"00:01 Orla: {one}" for one in said)
    places = Places(text, blocks)
    for one in said:
        for part in places.words.find(one):
            assert 0 <= part.start < part.end <= len(blocks[part.block].text)


@settings(deadline=None, max_examples=30)
@given(st.data())
def test_a_stretch_of_the_file_is_found_in_the_blocks_with_the_same_words(data: st.DataObject) -> None:
    sentences = ["the mat is wet", "nobody came at noon", "we paid twice", "keys get lost", "it rained all week"]
    said = data.draw(st.lists(st.sampled_from(sentences), min_size=1, max_size=12, unique=True))
    blocks = [Block(one) for one in said]
    text = "\n\n".join(f"[00:0{n}] **Speaker {n}:** {one}" for n, one in enumerate(said))
    n = data.draw(st.integers(0, len(said) - 1))
    (part,) = Places(text, blocks).stretch(*at(text, said[n]))
    assert blocks[part.block].text[part.start : part.end] == said[n]


def test_a_text_that_says_the_same_over_and_over_takes_no_time() -> None:
    blocks = [Block("We wait in the car for an hour and then we wait again.")] * 4_000
    text = "\n".join(f"00:{n % 60:02} Orla: {block.text}" for n, block in enumerate(blocks))
    began = time.process_time()
    places = Places(text, blocks)
    assert time.process_time() - began < 5
    at_last = text.rindex("We wait")
    assert [part.block for part in places.stretch(at_last, at_last + 20)] == [3_999]


# -- codes -----------------------------------------------------------------------------------------------------------


def test_codes_become_tags_with_their_tree_and_descriptions(repo: Repository, put: Put) -> None:
    put(repo, {"keys.qdpx": project(selection(20, *at(TEXT, "under the mat"), 3))})
    tags = {tag.name: (tag.group, tag.description) for tag in repo.taxonomy.tags}
    assert tags["Handing over"] == ("", "How keys change hands")
    assert tags["workarounds"] == ("Handing over", "What people do instead")
    assert tags["children"] == ("Themes", "")
    assert "Themes" not in tags


def test_a_tag_that_the_team_has_keeps_what_the_team_says_of_it(repo: Repository, put: Put) -> None:
    before = next(tag for tag in repo.taxonomy.tags if tag.description)
    put(repo, {"book.qdc": codebook(code(1, before.name.upper(), "something else"), code(2, "keys"))})
    after = {tag.name: tag for tag in repo.taxonomy.tags}
    assert after[before.name] == before
    assert "keys" in after


def test_two_codes_of_one_name_are_told_apart_by_what_they_stand_under() -> None:
    book = codebook(code(1, "Price", "", code(2, "too high")), code(3, "Stairs", "", code(4, "too high")))
    (document,) = read(Source("book.qdc", "", book), ReadOptions())
    assert [tag.name for tag in document.codes] == ["Price", "Price: too high", "Stairs", "Stairs: too high"]


def codebook(*codes: str) -> bytes:
    inside = f"<Codes>{''.join(codes)}</Codes>"
    return f'<?xml version="1.0"?><CodeBook xmlns="urn:QDA-XML:codebook:1.0">{inside}</CodeBook>'.encode()


def test_a_codebook_says_what_is_new(repo: Repository, put: Put) -> None:
    book = {"book.qdc": codebook(code(1, "keys"), code(2, "mats", "What lies at doors"))}
    (first,) = put(repo, book)
    assert (first.status, first.new_tags, first.note_id) == ("added", ("keys", "mats"), None)
    (again,) = put(repo, book)
    assert (again.status, again.new_tags) == ("unchanged", ())


def test_whoever_does_not_look_after_the_taxonomy_leaves_it_as_it_is(repo: Repository, tmp_path: Path) -> None:
    researcher = repo.as_member(Member("rae@example.org", "researcher", frozenset({"Growth"})))
    files = tmp_path / "files"
    files.mkdir()
    (files / "book.qdc").write_bytes(codebook(code(1, "keys")))
    (files / "keys.qdpx").write_bytes(project(selection(20, *at(TEXT, "under the mat"), 3)))
    before = repo.taxonomy
    book, note = ingest.ingest_paths([files], researcher, team="Growth", study="Keys")
    assert book.error == "files/book.qdc is a codebook, which changes the taxonomy. Ask a lead to put it in."
    assert note.status == "added"
    assert repo.taxonomy == before
    assert persons_tags(the_note(repo)) == {"The card goes under the mat, which I hate.": {"workarounds"}}


# -- cases and variables ---------------------------------------------------------------------------------------------

VARIABLES = (
    f'<Variable guid="{guid(70)}" name="Segment" typeOfVariable="Text"/>',
    f'<Variable guid="{guid(71)}" name="Shoe size" typeOfVariable="Integer"/>',
    f'<Variable guid="{guid(72)}" name="Interview date" typeOfVariable="Date"/>',
)


def value(number: int, kind: str, said: str) -> str:
    return f'<VariableValue><VariableRef targetGUID="{guid(number)}"/><{kind}Value>{said}</{kind}Value></VariableValue>'


def source_ref(number: int) -> str:
    return f'<SourceRef targetGUID="{guid(number)}"/>'


def case(number: int, name: str, *inside: str, source: int = 0, selections: Sequence[int] = ()) -> str:
    refs = source_ref(source) if source else ""
    refs += "".join(f'<SelectionRef targetGUID="{guid(one)}"/>' for one in selections)
    return f'<Case guid="{guid(number)}" name="{name}">{"".join(inside)}{refs}</Case>'


PLAIN = "I write the code on a card. The card goes under the mat.\n\nThen I wait in the car for an hour.\n"


def test_a_case_is_who_was_heard_and_its_variables_are_what_is_known_of_them(repo: Repository, put: Put) -> None:
    orla = case(60, "Orla Fenwick", value(70, "Text", "host"), value(71, "Integer", "41"), source=10)
    day = value(72, "Date", "2026-03-09")
    (outcome,) = put(repo, {"keys.qdpx": project(text=PLAIN, cases=[orla], variables=VARIABLES, after=day)})
    note = the_note(repo)
    (person,) = note.summary.participants
    assert (person.pseudonym, person.segment) == ("P-0001", "host")
    assert str(note.summary.date) == "2026-03-09"
    assert outcome.left_out == ("variables of which nothing was taken: Shoe size",)


def test_which_variable_is_what_can_be_said(repo: Repository, put: Put) -> None:
    orla = case(60, "Orla Fenwick", value(71, "Integer", "41"), source=10)
    options = ReadOptions(mapping=TableMapping(segment="Shoe size"))
    put(repo, {"keys.qdpx": project(text=PLAIN, cases=[orla], variables=VARIABLES)}, options=options)
    assert the_note(repo).summary.participants[0].segment == "41"


def orlas_visit(*facts: str, variables: Sequence[str] = VARIABLES) -> bytes:
    """A project with one case, which its text belongs to."""
    return project(text=PLAIN, cases=[case(60, "Orla Fenwick", *facts, source=10)], variables=variables)


def read_with(data: bytes, mapping: TableMapping | None) -> Document:
    (document,) = read(Source("keys.qdpx", "k", data), ReadOptions(mapping=mapping))
    return document


FACTS = (value(70, "Text", "host"), value(71, "Integer", "41"), value(72, "Date", "2026-03-09"))


@pytest.mark.parametrize(
    ("mapping", "segment", "day"),
    [
        (None, "host", "2026-03-09"),
        (TableMapping(segment="shoe  SIZE"), "41", "2026-03-09"),  # the date goes on being taken by its name
        (TableMapping(segment=NO_COLUMN), "", "2026-03-09"),
        (TableMapping(date=NO_COLUMN), "host", "None"),
        (TableMapping(text=("body",), segment="Plan", date="When"), "host", "2026-03-09"),  # a spreadsheet's
        (TableMapping(text=("body",), segment="Shoe size"), "41", "2026-03-09"),  # for both
    ],
    ids=["nobody said", "another", "none", "no date", "of a spreadsheet", "of both"],
)
def test_what_a_person_says_of_variables_goes_before_their_names(
    mapping: TableMapping | None, segment: str, day: str
) -> None:
    document = read_with(orlas_visit(*FACTS), mapping)
    assert (document.metadata.segment, str(document.metadata.date)) == (segment, day)


def test_a_variable_that_a_person_named_and_that_is_not_there_is_told() -> None:
    assert "no variable is called “Shoes”" in read_with(orlas_visit(*FACTS), TableMapping(role="Shoes")).left_out
    of_spreadsheet = TableMapping(text=("body",), role="Shoes")
    assert not [one for one in read_with(orlas_visit(*FACTS), of_spreadsheet).left_out if "Shoes" in one]


def test_variables_come_with_their_most_frequent_values_to_choose_from() -> None:
    cases = [
        case(60 + n, f"P{n}", value(70, "Text", said), source=10) for n, said in enumerate(("host", "guest", "guest"))
    ]
    (document,) = read(Source("keys.qdpx", "k", project(text=PLAIN, cases=cases, variables=VARIABLES)), ReadOptions())
    assert document.variables == (Variable("Segment", ("guest", "host")),)
    assert usual(["Shoe size", "Persona", "SEGMENT", "Employer"]) == {"segment": "SEGMENT", "account": "Employer"}


def test_a_case_without_a_name_holds_the_variables_of_its_document(repo: Repository, put: Put) -> None:
    """As MAXQDA and Quirkos write them."""
    nameless = f'<Case guid="{guid(60)}">{"".join(FACTS)}<SourceRef targetGUID="{guid(10)}"/></Case>'
    put(repo, {"keys.qdpx": project(text=PLAIN, cases=[nameless], variables=VARIABLES)})
    note = the_note(repo)
    assert [person.segment for person in note.summary.participants] == ["host"]
    assert str(note.summary.date) == "2026-03-09"


def test_a_date_of_somebody_with_several_texts_is_no_date_of_a_text() -> None:
    both = case(60, "Orla", *FACTS).replace("</Case>", f"{source_ref(10)}{source_ref(11)}</Case>")
    sources = [text_source(10, "Morning"), text_source(11, "Evening")]
    data = qdpx(qde(sources=sources, cases=[both], variables=VARIABLES), {10: PLAIN, 11: PLAIN.replace("car", "van")})
    found = read(Source("keys.qdpx", "k", data), ReadOptions())
    assert [(one.metadata.segment, one.metadata.date) for one in found] == [("host", None), ("host", None)]


def test_a_case_speaks_of_a_pdf_and_not_of_its_words() -> None:
    written = f'<Representation guid="{guid(12)}" plainTextPath="internal://{guid(12)}.txt"/>'
    pdf = f'<PDFSource guid="{guid(11)}" name="Orla.pdf" path="internal://orla.pdf">{written}</PDFSource>'
    orla = case(60, "Orla Fenwick", *FACTS, source=11)
    document = read_with(qdpx(qde(sources=[pdf], cases=[orla], variables=VARIABLES), {12: PLAIN}), None)
    assert (document.metadata.participant, document.metadata.segment) == ("Orla Fenwick", "host")


def test_the_case_of_a_selection_is_who_said_it(repo: Repository, put: Put) -> None:
    first, second = PLAIN.strip().split("\n\n")
    cases = [case(60, "Orla Fenwick", selections=[20]), case(61, "Ben Achterberg", selections=[21])]
    chosen = [selection(20, *at(PLAIN, first), 3), selection(21, *at(PLAIN, second), 2)]
    put(repo, {"keys.qdpx": project(*chosen, text=PLAIN, cases=cases)})
    assert [passage.participant for passage in the_note(repo).passages] == ["P-0001", "P-0002"]


# -- what is not taken -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", ["relative:///orla.txt", "absolute:///C:/orla.txt", "file:///etc/passwd", ""])
def test_a_text_outside_the_project_is_not_opened(path: str, repo: Repository, put: Put) -> None:
    outside = f'<TextSource guid="{guid(11)}" name="Ben.docx" plainTextPath="{path}"/>'
    data = qdpx(qde(sources=[text_source(10, "Orla"), outside]), {10: TEXT})
    (outcome,) = put(repo, {"keys.qdpx": data})
    why = "lies outside the project file, and was not looked for" if path else "has no words in the project"
    assert outcome.left_out == (f"“Ben.docx” {why}",)


def test_two_sources_may_share_a_name(repo: Repository, put: Put) -> None:
    data = qdpx(
        qde(sources=[text_source(10, "Orla"), text_source(11, "Orla")]), {10: TEXT, 11: TEXT.replace("car", "van")}
    )
    assert [outcome.status for outcome in put(repo, {"keys.qdpx": data})] == ["added", "added"]
    assert len(repo.notes()) == 2


def test_an_empty_project_changes_nothing_and_says_so(repo: Repository, put: Put) -> None:
    (outcome,) = put(repo, {"keys.qdpx": qdpx(qde())})
    assert (outcome.status, outcome.error) == ("unchanged", None)
    assert outcome.left_out == ("there is no text in the project in which anybody said something",)


def test_what_else_a_project_holds_is_counted() -> None:
    rest = f'<Notes><Note guid="{guid(80)}"/></Notes><Graphs><Graph guid="{guid(81)}"/></Graphs>'
    chosen = selection(20, *at(TEXT, "under the mat"), 3, inside="<Description>why the mat?</Description>")
    (document,) = read(Source("keys.qdpx", "", project(chosen, rest=rest)), ReadOptions())
    assert document.left_out == ("1 comment on a selection", "1 memo", "1 graph")


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (b"not a zip", "keys.qdpx is damaged or no .qdpx file."),
        (qdpx("<Project"), "keys.qdpx holds no XML that can be read"),
        (qdpx("<CodeBook/>"), "keys.qdpx is no REFI-QDA project: its XML begins with “CodeBook”."),
        (qdpx('<!DOCTYPE a [<!ENTITY b "c">]><Project>&b;</Project>'), "keys.qdpx declares a document type"),
    ],
    ids=["no zip", "no XML", "a codebook", "a document type"],
)
def test_a_file_that_is_no_project_is_told(data: bytes, told: str) -> None:
    with pytest.raises(BadInput) as error:
        read(Source("keys.qdpx", "", data), ReadOptions())
    assert str(error.value).startswith(told)


# -- Taguette --------------------------------------------------------------------------------------------------------

HIGHLIGHTS = """id,document,tag,content
1,marta.md,effort,Importing the patient list took us four days.
1,marta.md,data loss,Importing the patient list took us four days.
2,marta.md,effort,What was hard?
3,evening round.txt,effort,We counted the keys by hand every evening.
"""


def test_taguettes_highlights_tag_the_note_of_their_document(repo: Repository, put: Put) -> None:
    put(repo, {"marta.md": NOTES["Growth", "Onboarding Q3"]["marta.md"]}, study="Onboarding Q3")
    on_marta, quotes = put(repo, {"highlights.csv": HIGHLIGHTS}, study="Onboarding Q3")[:2]
    assert (on_marta.status, on_marta.selections) == ("updated", 1)
    assert [one.text for one in on_marta.unplaced] == ["What was hard?"]
    note = repo.note("Setting up at Northwind")
    assert {"effort", "data loss"} in persons_tags(note).values()
    assert (quotes.title, quotes.status, quotes.selections) == ("evening round", "added", 1)
    assert persons_tags(repo.note("evening round")) == {"We counted the keys by hand every evening.": {"effort"}}


def test_taguettes_codebook_becomes_tags(repo: Repository, put: Put) -> None:
    book = "tag,description,number of highlights,number of documents\nkeys,What opens doors,3,2\nmats,,1,1\n"
    (outcome,) = put(repo, {"codebook.csv": book})
    assert outcome.new_tags == ("keys", "mats")
    assert next(tag.description for tag in repo.taxonomy.tags if tag.name == "keys") == "What opens doors"

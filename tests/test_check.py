"""Have we heard this: the chance, the rules, distinct answers, the lists people paste, and the whole on the samples."""

from __future__ import annotations

import csv
import doctest
import io
from collections.abc import Callable, Iterator
from datetime import date, datetime
from pathlib import Path

import pytest
from docx import Document
from hypothesis import given
from hypothesis import strategies as st

import ingest
import research
from heard import check_document
from heard.ui import verdicts
from ingest.guide import MOST, Entry, Guide, as_text, joined, parse_guide, read_guide
from ingest.models import Source
from research import answers, heard_before
from research.check import HEARD, SURE, Check, Verdict, reservations, word, worth_reading
from research.embedder import Embedder
from research.errors import BadInput
from research.heard_before import Evidence, chance, evidence, share_worded
from research.models import Why
from research.repository import Repository
from research.search import Ranked, Said

SAMPLES = Path(__file__).parent.parent / "samples"
TODAY = date(2026, 11, 22)
Put = Callable[..., list[ingest.Outcome]]

shares = st.floats(0, 1)
cosines = st.lists(st.floats(0.01, 1), min_size=1, max_size=10).map(lambda some: sorted(some, reverse=True))


# -- the chance ----------------------------------------------------------------------------------------------------


def test_examples_hold() -> None:
    failed, tried = doctest.testmod(heard_before)
    assert tried > 0
    assert failed == 0


@given(cosines, shares, shares, st.floats(0.001, 0.3))
def test_nearer_is_likelier_and_so_are_words_in_common(
    near: list[float], crowd: float, worded: float, up: float
) -> None:
    crowded = [crowd] * len(near)
    mine = chance(evidence(near, crowded, worded))
    assert 0 <= mine <= 1
    assert chance(evidence([one + up for one in near], crowded, worded)) >= mine
    assert chance(evidence(near, crowded, min(1, worded + up))) >= mine
    assert chance(evidence(near, [one + up for one in crowded], worded)) <= mine


@given(cosines, shares)
def test_what_comes_near_first_counts_most(near: list[float], crowd: float) -> None:
    found = evidence(near, [crowd] * len(near), 0)
    assert min(near) - 1e-9 <= found.near <= max(near) + 1e-9
    assert found.near >= sum(near) / len(near) - 1e-9


def test_where_there_is_nothing_nothing_was_heard() -> None:
    assert evidence([], [], 0) == Evidence()
    assert chance(Evidence()) == 0


@given(st.sets(st.sampled_from("abcdef")), st.lists(st.sets(st.sampled_from("abcdef")), max_size=4))
def test_the_share_of_words_grows_with_what_is_held(wanted: set[str], held: list[set[str]]) -> None:
    mine = share_worded(wanted, held, 50, {"a": 40, "b": 2})
    assert 0 <= mine <= 1 + 1e-9
    assert share_worded(wanted, [*held, wanted], 50, {"a": 40, "b": 2}) == pytest.approx(1 if wanted else 0)
    assert share_worded(wanted, [*held, {"a"}], 50, {"a": 40, "b": 2}) >= mine


def test_a_rare_word_counts_more_than_a_common_one() -> None:
    holding = {"report": 60, "zeppelin": 1}
    rare = share_worded({"report", "zeppelin"}, [{"zeppelin"}], 100, holding)
    assert rare > share_worded({"report", "zeppelin"}, [{"report"}], 100, holding)


# -- the rules -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("confidence", "people", "accounts", "latest", "reserved", "verdict"),
    [
        (0.9, 3, ["A", "B", ""], date(2026, 11, 1), (), "answered"),
        (SURE, 2, ["", ""], None, (), "answered"),
        (0.74, 3, ["A", "B", "C"], date(2026, 11, 1), ("unsure",), "partly"),
        (0.9, 1, ["A"], date(2026, 11, 1), ("one person",), "partly"),
        (0.9, 4, ["A", "A", "A", "B"], date(2026, 11, 1), ("one account",), "partly"),
        (0.9, 4, ["A", "A", "", ""], date(2026, 11, 1), (), "answered"),
        (0.9, 2, ["A", "B"], date(2025, 11, 21), ("old",), "partly"),
        (0.9, 2, ["A", "B"], date(2025, 11, 22), (), "answered"),
        (0.6, 1, [""], date(2020, 1, 1), ("unsure", "one person", "old"), "partly"),
        (0.49, 9, ["A", "B"] * 4, date(2026, 11, 1), ("unsure",), "open"),
        (0.99, 0, [], None, ("one person",), "open"),
    ],
)
def test_verdicts_follow_the_rules(
    confidence: float, people: int, accounts: list[str], latest: date | None, reserved: tuple[str, ...], verdict: str
) -> None:
    found = reservations(confidence, people, accounts, latest, TODAY)
    assert found == reserved
    assert word(confidence, people, found) == verdict


def test_what_to_ask_begins_with_what_is_open_and_least_likely_heard() -> None:
    check = Check(
        (
            Verdict("a", "answered", 0.9),
            Verdict("b", "partly", 0.6),
            Verdict("c", "open", 0.4),
            Verdict("d", "open", 0.1),
        )
    )
    assert [one.line for one in check.to_ask] == ["d", "c", "b"]
    assert [one.line for one in check.to_drop] == ["a"]
    assert len(check) == 4
    assert [one.line for one in check[:2]] == ["a", "b"]


@given(
    st.dictionaries(
        st.sampled_from("abcdefgh"), st.dictionaries(st.sampled_from("123456"), st.floats(0, 1)), max_size=8
    )
)
def test_a_reading_list_is_short_covers_most_and_repeats_nothing(answering: dict[str, dict[str, float]]) -> None:
    chosen = worth_reading(answering)
    notes = [note for note, _ in chosen]
    assert len(notes) == len(set(notes)) <= 5
    lines = {line for line, notes in answering.items() if notes}
    covered = {line for _, some in chosen for line in some}
    assert covered <= lines
    assert len(covered) >= 0.8 * len(lines) or len(chosen) == 5
    for note, some in chosen:
        assert all(note in answering[line] for line in some)


def test_the_note_that_answers_most_lines_is_read_first() -> None:
    answering = {"a": {"1": 0.9, "2": 0.2}, "b": {"2": 0.3}, "c": {"2": 0.1, "3": 0.9}}
    assert worth_reading(answering) == [("2", ["a", "b", "c"])]


# -- answers -------------------------------------------------------------------------------------------------------


def said(id_: str, text: str, context: str = "", person: str = "") -> Said:
    return Said(id_, "n", 0.0, text, context, participant=person or id_)


def ranked(id_: str, score: float, cosine: float | None) -> Ranked:
    return Ranked(said(id_, ""), score, Why(cosine=cosine), frozenset())


def test_an_answer_is_near_the_best_one_in_meaning_and_in_score() -> None:
    found = [ranked("a", 1.0, 0.6), ranked("b", 0.6, 0.4), ranked("c", 0.6, 0.3), ranked("d", 0.4, 0.6)]
    assert [one.said.id for one in answers.counted(found)] == ["a", "b"]
    assert answers.counted([]) == []
    assert [one.said.id for one in answers.counted([ranked("a", 1.0, None)])] == ["a"]


def test_passages_that_say_alike_are_one_answer(embedder: Embedder) -> None:
    texts = {
        "a": "Exporting the monthly report takes hours",
        "b": "Hours go into exporting that monthly report",
        "c": "Support never called back about tickets",
    }
    vectors = dict(zip(texts, embedder.embed(list(texts.values())), strict=True))
    assert answers.apart(list(texts), vectors) == [["a", "b"], ["c"]]
    assert answers.apart(["a", "gone"], vectors) == [["a"], ["gone"]]


@pytest.mark.parametrize(
    ("context", "text", "reply"),
    [
        ("Do you trust the report?", "No. I count for myself.", "no"),
        ("Do you trust the report?", "Oh, well, not really.", "no"),
        ("And do you trust the report?", "Yes, every month.", "yes"),
        ("Do you trust the report?", "No idea, ask Bo.", ""),
        ("Do you trust the report?", "Nobody reads the report.", ""),
        ("How do you use the report?", "No, I don't.", ""),
        ("Do you like tea?", "No.", ""),
        ("The report.", "No.", ""),
        ("That was the report. Isn't it slow?", "Yeah. The report is slow.", ""),
    ],
)
def test_a_reply_is_a_yes_or_a_no_to_a_question_of_the_line_s(context: str, text: str, reply: str) -> None:
    assert answers.reply(said("a", text, context), {"report", "trust"}) == reply


def test_who_contradicts_more_people_says_otherwise() -> None:
    asked = "Do you trust the report?"
    found = [said("a", "Yes.", asked), said("b", "No.", asked), said("c", "No, never.", asked), said("d", "Hm.", asked)]
    assert answers.otherwise(found, {"report"}) == {"a"}
    assert answers.otherwise(found[:2], {"report"}) == {"b"}
    assert answers.otherwise(found[1:], {"report"}) == set()
    twice = [
        said("a", "No.", asked, "P1"),
        said("b", "No.", asked, "P1"),
        said("c", "Yes.", asked),
        said("d", "Yes.", asked),
    ]
    assert answers.otherwise(twice, {"report"}) == {"a", "b"}


# -- lists ---------------------------------------------------------------------------------------------------------

GUIDE = """# Guide: onboarding

Intro: thank you for taking the time. There are no wrong answers.

## Getting started (10 min)
1. How do you bring your list in?
   - Why?
   - What did you do about people who were there twice?
2. **How long** did it take?

Background:
* Q3: how long did it take?
- Warm-up: How did you come to us?
"""


def test_a_guide_is_read_as_it_stands() -> None:
    assert parse_guide(GUIDE) == Guide(
        (
            Entry("heading", "Guide: onboarding"),
            Entry("aside", "Intro: thank you for taking the time. There are no wrong answers."),
            Entry("heading", "Getting started"),
            Entry("line", "How do you bring your list in?"),
            Entry("aside", "Why?"),
            Entry("line", "What did you do about people who were there twice?"),
            Entry("line", "How long did it take?"),
            Entry("heading", "Background"),
            Entry("line", "How did you come to us?"),
        ),
        repeated=1,
    )


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("Dark mode\nBulk import\nbulk import!", ("Dark mode", "Bulk import")),
        ("H1: Clinics want exports\nH2 - Vets want maps", ("Clinics want exports", "Vets want maps")),
        ("| Question | Notes |\n| --- | --- |\n| Who pays? | x |\n| Who decides? | |", ("Who pays?", "Who decides?")),
        ("a) one thing\nb) another thing", ("one thing", "another thing")),
        ("If yes: how often do you do it?", ("how often do you do it?",)),
        ("We would like the monthly report to be sent by the system to\nthe owner by itself.",
         ("We would like the monthly report to be sent by the system to the owner by itself.",)),
        ("Wie oft?\n你多久导出一次？", ("Wie oft?", "你多久导出一次？")),
    ],
)  # fmt: skip
def test_lists_of_many_kinds(text: str, lines: tuple[str, ...]) -> None:
    assert parse_guide(text).lines == lines


@pytest.mark.parametrize("text", ["", " \n\n", "# Only a heading", "Thanks: see you"])
def test_a_list_without_a_line_is_refused(text: str) -> None:
    with pytest.raises(BadInput, match="holds nothing to check"):
        parse_guide(text)


def test_a_list_that_is_too_long_is_refused() -> None:
    assert len(parse_guide("\n".join(f"- question {n}?" for n in range(MOST))).lines) == MOST
    with pytest.raises(BadInput, match="201 lines to check, and 200 go at once"):
        parse_guide("\n".join(f"- question {n}?" for n in range(MOST + 1)))
    with pytest.raises(BadInput, match="220 lines"):
        joined(parse_guide("\n".join(f"- {lead} {n}?" for n in range(110))) for lead in ("who", "what"))


@given(st.text(max_size=300))
def test_whatever_is_pasted_is_a_list_or_a_sentence(text: str) -> None:
    try:
        guide = parse_guide(text)
    except BadInput:
        return
    assert guide.lines
    assert all(line == " ".join(line.split()) for line in guide.lines)


def test_a_list_becomes_text_and_a_list_again() -> None:
    assert parse_guide(as_text(parse_guide(GUIDE))).lines == parse_guide(GUIDE).lines


def docx_of(*paragraphs: tuple[str, str]) -> bytes:
    document = Document()
    for style, text in paragraphs:
        document.add_paragraph(text, style=style)
    file = io.BytesIO()
    document.save(file)
    return file.getvalue()


def test_files_of_many_kinds_are_lists() -> None:
    word_file = docx_of(("Heading 1", "Start"), ("List Number", "Who pays?"), ("List Bullet", "Who decides?"))
    for name, data in (
        ("g.md", b"# Start\n- Who pays?\n- Who decides?\n"),
        ("g.txt", "Who pays?\nWho decides?".encode("utf-16")),
        ("g.docx", word_file),
        ("g.csv", b"id,question,owner\n1,Who pays?,Ann with a long name indeed\n2,Who decides?,Bo\n"),
        ("g.csv", b"Who pays?\nWho decides?\n"),
        ("g.tsv", b"nr\tasked\n1\tWho pays?\n2\tWho decides?\n"),
    ):
        lines = read_guide(Source(name, name, data)).lines
        assert lines[-2:] == ("Who pays?", "Who decides?"), name


@pytest.mark.parametrize(
    ("name", "data", "sentence"),
    [
        ("g.pdf", b"%PDF-1.4", "no list can be read from"),
        ("g.docx", b"PK\x03\x04 no", "g.docx"),
        ("g.txt", b"\x00\x01\x02\x03" * 50, "g.txt"),
        ("g.csv", b"", "nothing to check"),
    ],
)
def test_a_file_that_is_no_list_is_a_sentence(name: str, data: bytes, sentence: str) -> None:
    with pytest.raises(BadInput, match=sentence):
        read_guide(Source(name, name, data))


# -- the whole -----------------------------------------------------------------------------------------------------

LINES = (
    "Do people export the monthly report to a spreadsheet and fix the numbers?",
    "Would zeppelins help veterinarians?",
)


def test_check_says_what_was_heard_by_whom(sample_repo: Repository) -> None:
    heard, strange = sample_repo.check(LINES)
    assert (heard.line, strange.line) == LINES
    assert heard.confidence > HEARD > strange.confidence
    assert heard.verdict in ("answered", "partly")
    assert (heard.people, heard.teams) == (2, 2)
    assert heard.latest == date(2026, 11, 3)
    assert "I export the monthly report" in heard.answers[0].quote.text
    assert heard.answers[0].quote.marks
    assert heard.hits == tuple(answer.quote for answer in heard.answers)
    assert "clinic manager" not in heard.missing_segments
    assert set(heard.missing_segments) == {"front desk", "owner"}
    assert strange.verdict == "open"
    assert (strange.people, strange.answers, strange.latest) == (0, (), None)


def test_lines_are_judged_alone_in_any_order_and_as_often_as_given(sample_repo: Repository) -> None:
    one, other = sample_repo.check(LINES)
    again = sample_repo.check([LINES[1], "", LINES[0], "  ", LINES[1]])
    assert list(again) == [other, one, other]
    assert list(sample_repo.check([f"  {LINES[0]}\n"])) == [one]


def test_filters_narrow_what_counts_as_heard(sample_repo: Repository) -> None:
    (all_teams,) = sample_repo.check(LINES[:1])
    (billing,) = sample_repo.check(LINES[:1], team="billing")
    assert (all_teams.people, billing.people) == (2, 1)
    assert "one person" in billing.reservations
    assert billing.verdict == "partly"
    assert sample_repo.check(LINES[:1], team="Nobody")[0].confidence == 0
    assert sample_repo.check(LINES[:1], since="2026-11-04")[0].people == 0
    with pytest.raises(BadInput, match="not a date"):
        sample_repo.check(LINES, since="soon")


def test_what_looks_like_a_filter_in_a_line_is_text(sample_repo: Repository) -> None:
    (plain,) = sample_repo.check(["the monthly report in a spreadsheet"])
    (typed,) = sample_repo.check(['the "monthly report" in a spreadsheet'])
    assert typed.people == plain.people
    narrowed, worded = sample_repo.check(["team:Support monthly report", "team Support monthly report"])
    assert (narrowed.confidence, narrowed.people) == (worded.confidence, worded.people)


def test_an_empty_repository_has_heard_nothing(repo: Repository) -> None:
    (only,) = repo.check(["Who pays?"])
    assert (only.verdict, only.confidence) == ("open", 0.0)
    assert list(repo.check([])) == []


def test_reading_names_notes_that_answer(sample_repo: Repository) -> None:
    check = sample_repo.check(LINES)
    assert {note.title for note in check.reading} <= {"Setting up at Northwind", "ines", "joel"}
    assert check.reading[0].lines == (LINES[0],)
    assert sample_repo.note(check.reading[0].note_id).summary.team == check.reading[0].team


def test_an_old_answer_is_only_partly_one(open_repo: Callable[..., Repository], put: Put) -> None:
    repo = open_repo()
    for name in ("Ann", "Bo"):
        put(
            repo,
            {f"{name}.md": f"---\ndate: 2020-02-0{len(name)}\n---\n{name}: I export the monthly report by hand.\n"},
        )
    (old,) = repo.check(["export the monthly report by hand"])
    assert old.people == 2
    assert "old" in old.reservations
    assert old.verdict == "partly"


def test_dissent_is_shown_and_marked(repo: Repository, put: Put) -> None:
    ask = "Interviewer: Do you trust the monthly report?\n"
    put(repo, {
        "a.txt": ask + "P1: No. I count the monthly report again by hand.\n",
        "b.txt": ask + "P2: No, the monthly report is never right.\n",
        "c.txt": ask + "P3: Yes, the monthly report is the best thing we have.\n",
    })  # fmt: skip
    (found,) = repo.check(["Do you trust the monthly report?"])
    assert [answer.quote.text[:3] for answer in found.answers if answer.otherwise] == ["Yes"]
    assert sum(answer.people for answer in found.answers) == 3


HOSTILE = "*not bold* <b>x</b> [a](http://b) # c \x07 \x00 1. `d`"


def test_documents_hold_the_whole_and_nothing_but_text(sample_repo: Repository) -> None:
    entries = parse_guide(f"# Part\n- {LINES[0]}\n  - Why?\n- {LINES[1]}\n").entries
    guide = Guide((*entries, Entry("line", HOSTILE), Entry("aside", "# no heading")))
    check = sample_repo.check(guide.lines)
    asking = sample_repo.people.for_check(check)
    text = check_document.markdown(guide, check, asking, TODAY)
    for wanted in (
        "# Before you ask", "## Ask these", "## Line by line", "### Part", f"#### {LINES[0]}", "Why?", "I export the",
        "chance that it was heard", verdicts.summary(check), "## Whom to leave in peace",
    ):  # fmt: skip
        assert wanted in text
    assert "<b>" not in text.replace("\\<b\\>", "")
    assert "\\*not bold\\*" in text
    assert "\\# no heading" in text
    made = Document(io.BytesIO(check_document.docx(guide, check, asking, TODAY)))
    paragraphs = [paragraph.text for paragraph in made.paragraphs]
    assert paragraphs[0] == "Before you ask"
    assert LINES[0] in paragraphs
    assert any("I export the monthly report" in paragraph for paragraph in paragraphs)


def test_words_for_every_verdict(sample_repo: Repository) -> None:
    heard, strange = sample_repo.check(LINES)
    check = sample_repo.check(LINES)
    assert "1 open" in verdicts.summary(check)
    assert verdicts.who(heard, TODAY) == "Only two people said this, to two teams. Latest 19 days ago."
    assert verdicts.who(strange, TODAY).startswith("Nobody said")
    assert verdicts.because(strange) == ""
    assert verdicts.missing(heard, check.segments) == "Nobody yet of: front desk, owner."
    assert verdicts.missing(strange, check.segments) == ""
    assert verdicts.chance(Verdict("x", "open", 0.0)).endswith("1 in 100")
    assert verdicts.chance(Verdict("x", "open", 1.0)).endswith("99 in 100")
    partly = Verdict("x", "partly", 0.6, reservations=("unsure", "one person"))
    assert verdicts.because(partly).startswith("Only partly: it is not certain")
    many = Verdict("x", "answered", 0.9, missing_segments=tuple("abcdefg"))
    assert verdicts.missing(many, tuple("abcdefgh")) == "Nobody yet of 7 of 8 segments. Heard only from: h."


# -- with the real model -------------------------------------------------------------------------------------------

# Found by reading the interviews: 12 questions that are spoken of there, and 12 that nobody speaks of.
ANSWERED = (
    "What do customers think about the chat bot?",
    "How do clinics with many part-time people pay for seats?",
    "Do people share a login, and why?",
    "What on our invoice is hard to explain to somebody else?",
    "Were customers surprised by what text messages cost?",
    "How do vets work without signal on a farm?",
    "How is access taken away when somebody leaves?",
    "Do people trust the reports?",
    "How long did you wait for an answer from support?",
    "Do the reminders reach the patients?",
    "What do people do about duplicate patient records?",
    "How well does the sync with the accounting program work?",
)
UNASKED = (
    "Would you offer video consultations to your patients?",
    "How do you store and view x-ray images?",
    "How do you handle prescriptions and refills?",
    "How do you keep track of medical supplies and stock?",
    "How do you ask patients for a review on Google?",
    "How did the pandemic change the way you work?",
    "How do you recruit new practitioners?",
    "What do you do to attract new patients through advertising?",
    "Would a loyalty program make patients come back?",
    "How do you decide which treatments to offer?",
    "Customers want to customise the colours of their booking page",
    "Clients would like to pay by instalments",
)
MISSED, MISTAKEN = 1, 0  # when measured: the last of those answered is called open, none of the others is not
WORSE = 8  # of the 66 lines of samples/asked.csv, those on the wrong side of even odds; 8 when measured


@pytest.fixture(scope="module")
def demo(demo_home: Path, real_embedder: Embedder) -> Iterator[Repository]:
    repo = research.open(demo_home, embedder=real_embedder, now=lambda: datetime.now())
    yield repo
    repo.close()


@pytest.mark.model
@pytest.mark.xdist_group("model")
def test_a_guide_is_judged_as_well_as_ever(demo: Repository) -> None:
    check = demo.check([*ANSWERED, *UNASKED])
    table = "\n".join(f"{one.verdict:8} {one.confidence:.2f} {one.people:2} people  {one.line}" for one in check)
    missed = [one.line for one in check[: len(ANSWERED)] if one.verdict == "open"]
    mistaken = [one.line for one in check[len(ANSWERED) :] if one.verdict != "open"]
    assert len(missed) <= MISSED, table
    assert len(mistaken) <= MISTAKEN, table
    assert sum(one.verdict == "answered" for one in check[: len(ANSWERED)]) >= len(ANSWERED) - MISSED - 1, table
    assert all(one.people >= 2 and one.answers for one in check.to_drop), table
    assert 1 <= len(check.reading) <= 5


@pytest.mark.model
@pytest.mark.xdist_group("model")
def test_the_chance_parts_what_was_heard_from_what_was_not(demo: Repository) -> None:
    with (SAMPLES / "asked.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    check = demo.check([row["line"] for row in rows])
    wrong = [
        (round(one.confidence, 2), one.line)
        for one, row in zip(check, rows, strict=True)
        if (one.confidence >= HEARD) != (row["heard"] == "yes")
    ]
    assert len(wrong) <= WORSE, wrong
    assert not [
        one.line for one, row in zip(check, rows, strict=True) if one.verdict == "answered" and row["heard"] == "no"
    ]


@pytest.mark.model
@pytest.mark.xdist_group("model")
def test_the_sample_guide_is_quickly_judged(demo: Repository) -> None:
    guide = read_guide(Source("guide.md", "guide.md", (SAMPLES / "guide.md").read_bytes()))
    assert len(guide.lines) == 13
    check = demo.check(guide.lines)
    alone = "What did you do about patients who were there twice?"  # without its question it may go either way
    assert {one.line for one in check if one.verdict == "open"} - {alone} == {
        "How did the pandemic change the way you work?",
        "How do you handle prescriptions and refills?",
        "Would you offer video consultations to your patients?",
        "Would you want patients to pay by instalments?",
    }

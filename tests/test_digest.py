"""A digest: what others heard in some days that touches a team's work, and how it is written."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

import ingest
from heard import digest_document, document
from heard.document import Part
from research.digest import Digest, Section, days, digest
from research.errors import BadInput
from research.repository import Repository

Put = Callable[..., list[ingest.Outcome]]

TODAY = date(2026, 11, 22)
MONTH = date(2026, 10, 22)
QUESTION = "Do people export the monthly report to a spreadsheet?"


def growth(repo: Repository, since: date = MONTH, until: date = TODAY) -> Digest:
    return digest(repo, "growth", since, until)


def sections(found: Digest, reason: str) -> list[Section]:
    return [section for section in found.sections if section.reason == reason]


def said(found: Digest) -> list[tuple[str, str]]:
    return [(hit.team, hit.text[:12]) for hit in found.hits]


# -- what is in it -----------------------------------------------------------------------------------------------------


def test_a_followed_search_brings_what_others_heard_in_these_days(sample_repo: Repository) -> None:
    sample_repo.kept.follow("Growth", "export the monthly report")
    (section,) = sections(growth(sample_repo), "search")
    assert (section.about, section.people) == ("export the monthly report", 1)
    (entry,) = section.entries
    assert (entry.hit.team, entry.hit.date) == ("Billing", date(2026, 11, 3))
    assert not growth(sample_repo, date(2026, 11, 4)).hits
    assert not growth(sample_repo, date(2026, 10, 1), date(2026, 11, 2)).hits


def test_its_filters_and_its_phrases_hold(sample_repo: Repository) -> None:
    for query in ("export the monthly report team:support", 'report "by foot"', "report team:growth"):
        sample_repo.kept.follow("Growth", query)
    assert not sections(growth(sample_repo), "search")
    sample_repo.kept.follow("Growth", 'report "Fix  the numbers" team:billing')
    assert [one.about for one in sections(growth(sample_repo), "search")] == ['report "Fix the numbers" team:billing']


def test_what_comes_nearest_within_a_week_is_no_answer(sample_repo: Repository) -> None:
    sample_repo.kept.follow("Growth", "importing the patient list from a spreadsheet took days")
    assert not sections(growth(sample_repo), "search")


def test_a_kept_question_that_others_heard_answered_is_in_it(sample_repo: Repository) -> None:
    sample_repo.kept.keep_questions([QUESTION, "Would zeppelins help veterinarians?"], team="Growth")
    sample_repo.kept.keep_questions(["Is the price clear?"], team="Support")
    found = growth(sample_repo)
    assert found.questions == 2
    assert [one.about for one in sections(found, "question")] == [QUESTION]


def test_a_question_that_looks_like_a_filter_is_only_text(sample_repo: Repository) -> None:
    sample_repo.kept.keep_questions([f"before:friday {QUESTION}"], team="Growth")
    assert said(growth(sample_repo)) == [("Billing", "I export the")]


def test_so_is_what_a_study_of_the_team_asks_unless_it_is_long_over(sample_repo: Repository) -> None:
    sample_repo.describe_study("Growth", "Onboarding Q3", questions=f"{QUESTION}\n\nWould zeppelins help?\n")
    (section,) = sections(growth(sample_repo), "study")
    assert (section.about, section.study) == (QUESTION, "Onboarding Q3")
    assert not digest(sample_repo, "Growth", MONTH, date(2028, 1, 1)).asked


def test_so_is_what_may_speak_for_or_against_the_teams_claims_until_it_is_their_evidence(
    sample_repo: Repository,
) -> None:
    code = sample_repo.insights.add("People export the monthly report to a spreadsheet", team="Growth")
    (section,) = sections(growth(sample_repo), "insight")
    assert (section.code, section.about) == (code, "People export the monthly report to a spreadsheet")
    sample_repo.insights.link(code, section.entries[0].hit.id, "for")
    assert not sections(growth(sample_repo), "insight")
    assert f"For or against {code}" in digest_document.heading(section)


def test_so_is_what_is_like_what_the_team_heard_itself(sample_repo: Repository) -> None:
    (section,) = growth(sample_repo).sections
    assert section.reason == "alike"
    (entry,) = section.entries
    assert entry.beside is not None
    assert (entry.hit.team, entry.beside.team) == ("Billing", "Growth")
    assert "paste them back" in entry.beside.text


def test_no_passage_is_in_it_twice(sample_repo: Repository) -> None:
    sample_repo.kept.follow("Growth", "export the monthly report")
    sample_repo.kept.keep_questions([QUESTION], team="Growth")
    ids = [hit.id for hit in growth(sample_repo).hits]
    assert len(ids) == len(set(ids)) == 1


def test_under_a_heading_stand_at_most_three_people_once_each(sample_repo: Repository, put: Put) -> None:
    for name in ("Ann", "Bo", "Cy", "Di", "Ed"):
        talk = "".join(f"{name}: The export of invoices number {n} failed for {name}.\n" for n in range(2))
        put(sample_repo, {f"{name}.txt": f"Interview date: 2026-11-12\n\nModerator: And?\n{talk}"}, team="Billing")
    sample_repo.kept.follow("Growth", "export of invoices failed")
    (section,) = sections(growth(sample_repo), "search")
    assert len({entry.hit.participant for entry in section.entries}) == 3
    assert section.people == 5


def test_what_is_undated_is_not_in_it(sample_repo: Repository, put: Put) -> None:
    put(sample_repo, {"x.txt": "Moderator: And?\nZoe: The zeppelin export failed.\n"}, team="Billing")
    sample_repo.kept.follow("Growth", "zeppelin export")
    assert len(sample_repo.search("zeppelin export"))
    assert not sections(growth(sample_repo), "search")


def test_nothing_is_in_it_of_whoever_s_consent_has_ended(sample_repo: Repository) -> None:
    sample_repo.kept.follow("Growth", "export the monthly report")
    (hit,) = growth(sample_repo).hits
    sample_repo.people.consent(hit.participant, given=date(2026, 1, 1), expires=date(2026, 11, 21))
    assert not growth(sample_repo).hits


def test_only_a_team_that_is_known_has_one(sample_repo: Repository) -> None:
    with pytest.raises(BadInput, match="The team “Growht” heard nothing here"):
        digest(sample_repo, "Growht", MONTH, TODAY)
    with pytest.raises(BadInput, match="Name another"):
        digest(sample_repo, "", MONTH, TODAY)
    sample_repo.kept.follow("Planning", "export the monthly report")
    assert {team for team, _ in said(digest(sample_repo, "planning", MONTH, TODAY))} == {"Billing"}


def test_a_repository_of_one_team_has_an_empty_one(repo: Repository, put: Put) -> None:
    put(repo, {"a.txt": "Interview date: 2026-11-12\n\nP1: The import failed."})
    assert digest(repo, "Growth", MONTH, TODAY).sections == ()


@pytest.mark.parametrize(
    ("since", "until", "first"),
    [
        ("7d", "", "2026-11-15"),
        ("2w", "", "2026-11-08"),
        ("3m", "", "2026-08-22"),
        ("3M", "2026-05-31", "2026-02-28"),
        ("11m", "2026-11-30", "2025-12-30"),
        ("2026-11-01", "", "2026-11-01"),
        ("2026-11", "", "2026-11-01"),
        ("0d", "", "2026-11-22"),
    ],
)
def test_days_can_be_said_in_several_ways(since: str, until: str, first: str) -> None:
    last = date.fromisoformat(until) if until else TODAY
    assert days(since, until, TODAY) == (date.fromisoformat(first), last)


@pytest.mark.parametrize(
    ("since", "until"), [("soon", ""), ("", ""), ("2026-12-01", ""), ("7d", "soon"), ("9999m", "0500-01-01")]
)
def test_days_that_are_none_are_a_sentence(since: str, until: str) -> None:
    with pytest.raises(BadInput):
        days(since, until, TODAY)


# -- how it is written -------------------------------------------------------------------------------------------------

HOSTILE = '<script>alert(1)</script> [x](javascript:alert(2)) **b** ~~s~~ &lt;i&gt; `c` "q" <img src=x onerror=y>'


@pytest.fixture
def hostile(repo: Repository, put: Put) -> Digest:
    head = f"---\ntitle: '{HOSTILE}'\ndate: 2026-11-12\nparticipant: Ann\nsegment: '{HOSTILE}'\n---\n"
    put(repo, {"a.md": f"{head}Interviewer: # {HOSTILE}?\n\nAnn: The import {HOSTILE} failed.\n"}, team="Billing")
    repo.kept.follow("Growth", f"import failed {HOSTILE}")
    return growth(repo)


def test_a_quote_stands_with_who_said_it_and_opens(sample_repo: Repository) -> None:
    sample_repo.kept.follow("Growth", "export the monthly report")
    found = growth(sample_repo)
    text = digest_document.markdown(found, "https://heard.example/app/")
    assert text.startswith(
        "# What others heard, for Growth\n\n"
        "1 person told Billing what touches the work of Growth, 22 Oct 2026 to 22 Nov 2026.\n\n"
        "## You follow: export the monthly report\n\n"
        "> “I export the monthly report to a spreadsheet, fix the numbers there by hand, and paste them back. "
    )
    (hit,) = found.hits
    assert (
        f"— {hit.participant}; {hit.note_title}, Billing / Invoice clarity, 3 Nov 2026 "
        f"[open](<https://heard.example/app/note?id={hit.note_id}&passage={hit.id}>)"
    ) in text
    assert "Looked for: 1 followed search and what Growth heard itself." in text
    assert "open](" not in digest_document.markdown(found)
    assert "heard serve" in digest_document.markdown(found)
    page = digest_document.html(found, "https://heard.example/app")
    assert f'href="https://heard.example/app/note?id={hit.note_id}&amp;passage={hit.id}"' in page


def test_an_empty_one_says_what_was_looked_for(sample_repo: Repository) -> None:
    text = digest_document.markdown(growth(sample_repo, TODAY))
    assert "Nothing that others heard, 22 Nov 2026 to 22 Nov 2026, touches what Growth follows, asks or heard" in text
    assert "Follow a search" in text


def test_the_same_digest_is_the_same_bytes(sample_repo: Repository) -> None:
    for query in ("export the monthly report", "share one login", "support answer"):
        sample_repo.kept.follow("Growth", query)
    first, second = growth(sample_repo), growth(sample_repo)
    assert digest_document.html(first) == digest_document.html(second)
    assert digest_document.markdown(first) == digest_document.markdown(second)


def test_what_people_wrote_is_only_text_in_a_mail(hostile: Digest) -> None:
    page = digest_document.html(hostile, "https://heard.example")
    tags: list[tuple[str, list[tuple[str, str | None]]]] = []
    reader = HTMLParser()
    reader.handle_starttag = lambda tag, attrs: tags.append((tag, attrs))  # type: ignore[method-assign]
    reader.feed(page)
    names = {tag for tag, _ in tags}
    assert names <= {"html", "head", "meta", "title", "body", "table", "tr", "td", "h1", "h2", "p", "blockquote", "a"}
    assert {str(value) for tag, attrs in tags for name, value in attrs if name == "href" and tag == "a"} == {
        f"https://heard.example/note?id={hit.note_id}&passage={hit.id}" for hit in hostile.hits
    }
    assert not [name for _, attrs in tags for name, _ in attrs if name.startswith("on")]
    assert "&lt;script&gt;" in page
    assert "src=" not in page.replace("src=x", "")


def test_what_people_wrote_is_only_text_in_markdown(hostile: Digest) -> None:
    shown = MarkdownIt("commonmark").enable("strikethrough").render(digest_document.markdown(hostile))
    assert hostile.hits
    for tag in ("<script", "<img", "<a ", "<strong", "<s>", "<code", "<h1>&lt;"):
        assert tag not in shown
    assert "&lt;script&gt;" in shown
    assert "&amp;lt;i&amp;gt;" in shown


def read_back(text: str) -> tuple[list[str], str]:
    tokens = MarkdownIt("commonmark").enable("strikethrough").parse(text)
    inside = [child for token in tokens for child in token.children or ()]
    return [token.type for token in tokens], "".join(child.content for child in inside)


@given(st.text(alphabet="ab #>*_-+=~`[]()<>!&;.1\\|\"'\n", min_size=1, max_size=40).filter(str.strip))
def test_any_text_is_read_back_as_it_was(text: str) -> None:
    kinds, shown = read_back(document.markdown([Part("quote", f"“{text}”")]))
    assert kinds == ["blockquote_open", "paragraph_open", "inline", "paragraph_close", "blockquote_close"]
    assert shown == " ".join(f"“{text}”".split())


@pytest.mark.parametrize(
    "url", ["javascript:alert(1)", "heard.example", "https://a.example/<b>", 'https://a"b.example']
)
def test_an_address_that_is_none_is_refused(sample_repo: Repository, url: str) -> None:
    with pytest.raises(BadInput, match="no address of the app"):
        digest_document.markdown(growth(sample_repo), url)


def test_a_quarter_has_all_of_it(sample_repo: Repository) -> None:
    sample_repo.kept.follow("Growth", "waited for support")
    assert said(growth(sample_repo, TODAY - timedelta(days=90)))[0] == ("Support", "I waited thr")

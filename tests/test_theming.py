"""Themes of a repository: found as notes come in, told for a window, and changed by people for good."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import date, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner

import ingest
import research
from heard import digest_document
from heard.cli import main
from heard.ui.themes import happened
from research.config import Settings
from research.digest import digest
from research.errors import BadInput, NotFound
from research.filters import Filter
from research.repository import Repository
from research.themes.heard import Theme
from research.theming import Theming

NOW = datetime(2026, 11, 20, 9, 0)

SAID = {
    "import": (
        "The import of our patient list stopped at row forty and did not say why",
        "I tried to import the spreadsheet with our patients and every second row was refused",
        "Importing the old patient list took three tries, the columns never matched",
        "Our import of patients made duplicates of every row in the list",
        "The patient import wants columns that our old system never had",
        "After the import half of the patient list was missing and nobody told us",
    ),
    "reminders": (
        "The text reminders do not reach our older clients, so they miss the appointment",
        "Since we turned on reminders by text, fewer people forget their appointment",
        "A reminder went out for an appointment that was cancelled the day before",
        "Clients answer the reminder text and nobody at the desk sees the answer",
        "The reminder says the wrong time for the appointment when the clocks change",
        "We switched the text reminders off because each reminder costs us money",
    ),
    "invoice": (
        "The invoice has a line for seats that I cannot explain to my manager",
        "Every month I print the invoice and write on it what each line means",
        "Our invoice went up and no line on it says what changed",
        "I pay the invoice late because nobody can tell me what the adjustment line is",
        "The tax line on the invoice is wrong for our two locations",
        "Finance asks me about the invoice and I have no answer for the seat line",
    ),
}


def write(folder: Path, topic: str, first: int, last: int, team: str, day: str) -> None:
    """A note a passage, each by somebody else of an account of their own."""
    folder.mkdir(parents=True, exist_ok=True)
    for n, said in enumerate(SAID[topic][first:last], start=first):
        head = f"---\nteam: {team}\nstudy: Talks\ndate: {day}\nparticipant: {topic}-{n}\naccount: Clinic {topic} {n}\n---\n"
        (folder / f"{topic}-{n}.md").write_text(f"{head}\n{said}, and that has been so for weeks.\n", "utf-8")


def opened(home: Path) -> Repository:
    return research.open(settings=Settings(home, user="maria"), now=lambda: NOW)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "notes"


@pytest.fixture
def repo(tmp_path: Path, folder: Path) -> Iterator[Repository]:
    write(folder, "import", 0, 5, "growth", "2026-10-01")
    write(folder, "reminders", 0, 3, "growth", "2026-10-02")
    write(folder, "reminders", 3, 5, "support", "2026-11-02")
    write(folder, "invoice", 0, 5, "billing", "2026-06-15")
    found = opened(tmp_path / "home")
    list(ingest.ingest_paths([folder], found))
    yield found
    found.close()


def about(repo: Repository, word: str, **narrow: str) -> Theme:
    """The theme most of whose passages hold a word."""
    themes = repo.themes(**narrow)  # type: ignore[arg-type]

    def share(one: Theme) -> float:
        said = repo.passages(one.passage_ids)
        return sum(word in hit.text.lower() for hit in said) / max(1, len(said))

    return max(themes, key=share)


def test_what_several_people_say_alike_is_a_theme_whose_passages_are_theirs(repo: Repository) -> None:
    themes = repo.themes()
    assert len(themes) == 3
    for topic in ("import", "reminder", "invoice"):
        one = about(repo, topic)
        assert all(topic in hit.text.lower() for hit in repo.passages(one.passage_ids))
        assert one.people == len(one.passage_ids) == 5
        assert topic in one.label.lower()
    assert themes.outside == 0
    assert (themes.window, themes.interviews, themes.passages) == (None, 15, 15)


def test_a_window_counts_what_was_heard_in_it_and_compares_with_the_one_before(repo: Repository) -> None:
    themes = repo.themes(since="2026-09-01", until="2026-11-20")
    assert themes.window
    assert themes.window.before_until == date(2026, 8, 31)
    assert (themes.interviews, themes.interviews_before) == (10, 5)
    by_label = {one.label: one for one in themes}
    imported = about(repo, "import", since="2026-09-01", until="2026-11-20")
    assert (imported.change.direction, imported.people, imported.teams) == ("new", 5, ("growth",))
    assert about(repo, "reminder", since="2026-09-01", until="2026-11-20").marks == ("new", "several teams")
    invoice = next(one for one in by_label.values() if "invoice" in one.label)
    assert (invoice.change.direction, invoice.people, invoice.last) == ("fading", 0, date(2026, 6, 15))


def test_a_filter_narrows_the_passages_that_count(repo: Repository) -> None:
    one = about(repo, "reminder", team="support")
    assert (one.people, one.teams, len(one.passage_ids)) == (2, ("support",), 2)
    assert not repo.themes(team="nobody")


def test_a_theme_that_a_team_heard_is_in_its_digest_when_others_speak_of_it(repo: Repository) -> None:
    found = digest(repo, "growth", date(2026, 11, 1), date(2026, 11, 20))
    (section,) = (one for one in found.sections if one.reason == "theme")
    assert section.code == about(repo, "reminder").id
    assert {entry.hit.team for entry in section.entries} == {"support"}
    assert section.about in digest_document.heading(section)


def test_the_themes_that_a_team_heard_are_those_its_passages_belong_to(repo: Repository) -> None:
    for team in ("growth", "support", "nobody"):
        assert repo.theming.heard(Filter(team=(team,))) == {one.id for one in repo.themes(team=team)}


def test_each_month_says_in_how_many_of_its_interviews_a_theme_came_up(repo: Repository) -> None:
    code = about(repo, "reminder").id
    months = [(date(2026, 6, 1), 0, 5), (date(2026, 10, 1), 3, 8), (date(2026, 11, 1), 2, 2)]
    assert repo.theming.by_month(code, Filter()) == months
    assert repo.theming.by_month(code, Filter(team=("support",))) == [(date(2026, 11, 1), 2, 2)]


def test_evidence_of_another_team_counts_as_reading_it(repo: Repository) -> None:
    repo.reuse.join("growth")
    (hit, *_) = repo.passages(about(repo, "invoice").passage_ids)
    repo.insights.link(repo.insights.add("Invoices are hard to read", team="growth"), hit.id, "for")
    (reading,) = repo.reuse.used().readings
    assert (reading.team, reading.of_team, reading.linked) == ("growth", "billing", 1)


def test_of_nothing_there_are_no_themes_and_a_brief_says_so(tmp_path: Path) -> None:
    empty = opened(tmp_path / "empty")
    assert len(empty.themes()) == 0
    assert "nobody" in empty.brief().to_markdown()
    empty.close()


def test_a_window_that_ends_before_it_begins_is_a_sentence(repo: Repository) -> None:
    with pytest.raises(BadInput, match="the first day is after the last"):
        repo.themes(since="2026-11-02", until="2026-11-01")


def test_new_notes_join_the_theme_they_speak_of_which_keeps_its_code(repo: Repository, folder: Path) -> None:
    before = {one.id: set(one.passage_ids) for one in repo.themes()}
    write(folder, "import", 5, 6, "support", "2026-11-10")
    list(ingest.ingest_paths([folder], repo))
    after = {one.id: set(one.passage_ids) for one in repo.themes()}
    assert after.keys() == before.keys()
    one = about(repo, "import")
    assert before[one.id] < after[one.id]
    assert [event.what for event in repo.theming.history(one.id)] == ["joined", "founded"]


def test_a_name_stays_whatever_joins_and_can_be_taken_back(repo: Repository, folder: Path) -> None:
    code = about(repo, "import").id
    repo.theming.rename(code, " Getting the  patients in ")
    write(folder, "import", 5, 6, "support", "2026-11-10")
    list(ingest.ingest_paths([folder], repo))
    assert about(repo, "import").label == "Getting the patients in"
    repo.theming.rename(code, "")
    assert "import" in about(repo, "import").label
    with pytest.raises(BadInput, match="200 characters"):
        repo.theming.rename(code, "x" * 201)


def test_two_themes_that_a_person_made_one_stay_one_and_old_links_lead_there(repo: Repository, folder: Path) -> None:
    gone, kept = about(repo, "reminder").id, about(repo, "import").id
    repo.theming.merge(gone, kept)
    write(folder, "reminders", 5, 6, "support", "2026-11-10")
    list(ingest.ingest_paths([folder], repo))
    themes = {one.id: one for one in repo.themes()}
    assert gone not in themes
    assert len(themes[kept].passage_ids) >= 10
    assert repo.theming.code(gone) == kept
    with pytest.raises(BadInput, match="one theme already"):
        repo.theming.merge(gone, kept)


def test_what_a_person_split_off_is_a_theme_of_its_own(repo: Repository, folder: Path) -> None:
    one = about(repo, "invoice")
    new = repo.theming.split(one.id, one.passage_ids[:2], "What seats cost")
    write(folder, "import", 5, 6, "support", "2026-11-10")
    list(ingest.ingest_paths([folder], repo))
    themes = {one.id: one for one in repo.themes()}
    assert set(themes[new].passage_ids) == set(one.passage_ids[:2])
    assert themes[new].label == "What seats cost"
    assert set(themes[one.id].passage_ids) == set(one.passage_ids[2:])
    with pytest.raises(BadInput, match="Choose"):
        repo.theming.split(new, [])


def test_a_theme_is_split_though_new_notes_have_founded_another_meanwhile(repo: Repository, folder: Path) -> None:
    one = about(repo, "invoice")
    folder.joinpath("printer.md").write_text(
        "---\nteam: support\nstudy: Talks\ndate: 2026-11-11\n---\n\n"
        + "\n\n".join(
            f"P{n}: {said}."
            for n, said in enumerate(
                (
                    "The printer at the desk eats the labels every single morning",
                    "Our printer prints labels on the wrong side of the paper",
                    "Labels come out of the printer upside down and we cut them by hand",
                    "We bought a second printer for labels because the first one jams",
                    "When the printer jams the labels of the whole morning are lost",
                ),
                start=71,
            )
        ),
        "utf-8",
    )
    list(ingest.ingest_paths([folder], repo))
    new = repo.theming.split(one.id, one.passage_ids[:2])
    told = {theme.id: theme for theme in repo.themes()}
    assert set(told[one.id].passage_ids) == set(one.passage_ids[2:])
    assert [event.others for event in repo.theming.history(one.id) if event.what == "split"] == [(new,)]


def test_a_passage_that_does_not_belong_never_comes_back(repo: Repository, folder: Path) -> None:
    one = about(repo, "import")
    repo.theming.not_here(one.id, one.passage_ids[0])
    write(folder, "import", 5, 6, "support", "2026-11-10")
    list(ingest.ingest_paths([folder], repo))
    (again,) = (theme for theme in repo.themes() if theme.id == one.id)
    assert one.passage_ids[0] not in again.passage_ids
    assert len(again.passage_ids) == 5


def test_a_hidden_theme_says_so_and_can_be_shown_again(repo: Repository) -> None:
    code = about(repo, "invoice").id
    repo.theming.hide(code)
    assert about(repo, "invoice").hidden
    repo.theming.hide(code, False)
    assert not about(repo, "invoice").hidden


def test_the_history_says_who_did_what_and_when(repo: Repository) -> None:
    one, other = about(repo, "import"), about(repo, "invoice")
    repo.theming.rename(one.id, "Moving in")
    repo.theming.rename(one.id, "Moving in")  # which changes nothing
    repo.theming.rename(one.id, "")
    repo.theming.hide(one.id)
    repo.theming.hide(one.id, False)
    repo.theming.not_here(one.id, one.passage_ids[0])
    repo.theming.merge(other.id, one.id)
    new = repo.theming.split(one.id, one.passage_ids[1:3])
    events = repo.theming.history(one.id)
    assert [happened(event) for event in events] == [
        f"{new} was split off, with 2 passages, by maria",
        f"{other.id} was merged into it, with 5 passages, by maria",
        "1 passage said not to belong by maria",
        "shown again by maria",
        "hidden by maria",
        "called by its key phrases again by maria",
        "renamed by maria",
        "founded with 5 passages",
    ]
    assert {event.at for event in events} == {NOW}
    assert happened(repo.theming.history(new)[0]) == f"split off from {one.id}, with 2 passages, by maria"


def test_a_name_that_was_changed_is_in_no_history(repo: Repository) -> None:
    code = about(repo, "import").id
    repo.theming.rename(code, "What Ottoline cannot import")
    repo.theming.rename(code, "What owners cannot import")
    with closing(sqlite3.connect(repo.home / "heard.db")) as database:
        held = "\n".join(database.iterdump())
    assert "What owners cannot import" in held
    assert "Ottoline" not in held


def test_a_theme_that_is_not_there_is_said_to_be_so(repo: Repository) -> None:
    for wanted in ("T-9999", "nonsense", "", "T-٣"):
        with pytest.raises(NotFound, match="no theme"):
            repo.theming.code(wanted)


def test_the_same_notes_in_another_order_make_the_same_themes(repo: Repository, folder: Path, tmp_path: Path) -> None:
    other = opened(tmp_path / "other")
    for path in sorted(folder.rglob("*.md"), reverse=True):
        list(ingest.ingest_paths([path], other))
    texts = [
        {one.label: frozenset(hit.text for hit in some.passages(one.passage_ids)) for one in some.themes()}
        for some in (repo, other)
    ]
    assert texts[0] == texts[1]
    other.close()


def test_what_somebody_said_leaves_the_themes_when_their_consent_ends(repo: Repository) -> None:
    one = about(repo, "import")
    (hit,) = repo.passages(one.passage_ids[:1])
    repo.people.consent(hit.participant, given=date(2026, 1, 1), expires=date(2026, 11, 19))
    (again,) = (theme for theme in repo.themes() if theme.id == one.id)
    assert hit.id not in again.passage_ids
    assert again.people == 4
    assert all(theme.quote is None or theme.quote.id != hit.id for theme in repo.themes())
    for tag in ("pain", "trust"):
        repo.tag(again.passage_ids[0], tag)
        repo.themes()
    assert [event.passages for event in repo.theming.history(one.id) if event.what == "left"] == [1]


def test_a_tag_is_no_reason_to_find_themes_again(repo: Repository, monkeypatch: pytest.MonkeyPatch) -> None:
    before = repo.themes()
    repo.tag(before[0].passage_ids[0], "pain")
    monkeypatch.setattr(Theming, "_spoken", None)  # what reads all texts and vectors
    assert [(one.id, one.passage_ids) for one in repo.themes()] == [(one.id, one.passage_ids) for one in before]
    assert repo.themes() == repo.themes()


def test_a_forgotten_persons_words_are_in_no_label(repo: Repository) -> None:
    one = about(repo, "invoice")
    for hit in repo.passages(one.passage_ids):
        repo.forget(hit.participant)
    assert all("invoice" not in json.dumps(theme.phrases) for theme in repo.themes())
    assert repo.theming.history(one.id)[0].what == "ended"
    for path in repo.home.rglob("*"):
        assert not path.is_file() or b"invoice" not in path.read_bytes(), path


def test_the_command_lists_themes_and_carries_out_what_people_decide(repo: Repository) -> None:
    home = str(repo.home)
    code = about(repo, "import").id
    run = CliRunner().invoke
    listed = run(main, ["themes", "--json", "--ever", "--home", home])
    assert listed.exit_code == 0, listed.output
    lines = [json.loads(line) for line in listed.stdout.splitlines()]
    assert {line["people"] for line in lines} == {5}
    renamed = run(main, ["theme", "rename", code, "Patients", "in", "--home", home])
    assert renamed.exit_code == 0, renamed.output
    shown = run(main, ["theme", "show", code, "--ever", "--home", home])
    assert "Patients in" in shown.stdout
    assert "import" in shown.stdout
    missing = run(main, ["theme", "merge", code, "T-9999", "--home", home])
    assert missing.exit_code == 1
    assert "no theme T-9999" in missing.stderr.replace("\n", " ")
    now = run(main, ["themes", "--since", "2026-10-01", "--until", "2026-11-20", "--home", home])
    assert "10 interviews" in now.stdout


def test_a_study_that_is_kept_to_a_team_leaves_the_themes_and_what_they_are_called(repo: Repository) -> None:
    before = repo.themes()
    assert any("import" in one.label for one in before)
    repo.keep_to_team("growth", "Talks", until=date(2026, 12, 1))
    after = repo.themes()
    assert after
    assert not {hit.team for one in after for hit in repo.passages(one.passage_ids)} & {"growth"}
    assert "import" not in repr([(one.label, one.phrases, one.quote) for one in after])
    assert after.interviews < before.interviews
    repo.open_to_all("growth", "Talks")
    assert any("import" in one.label for one in repo.themes())

"""Who may read and do what: nothing of a study that is kept to a team comes out of any door, not even as a number."""

from __future__ import annotations

import base64
import inspect
import re
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import date, datetime
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given
from hypothesis import settings as example_settings
from hypothesis import strategies as st
from repository_support import WordEmbedder

import ingest
import research
from research import Settings
from research.access import NEEDS, ROLES, Member, Right, Role
from research.digest import digest
from research.errors import HeardError, NotFound, Refused
from research.exchange.zipping import zipped
from research.identity import Identity
from research.insights import Insights
from research.kept import Kept
from research.learning import Learning
from research.members import Members
from research.people import People
from research.repository import Repository
from research.reuse import Reuse
from research.roster import RosterRow, take_in
from research.theming import Theming
from research.tokens import Tokens

NOW = datetime(2026, 11, 22, 9, 30)
TODAY = NOW.date()
OUTSIDE = Member("pat@example.com", "admin", frozenset({"Growth"}))  # may do everything, and is of one team
INSIDE = Member("lea@example.com", "viewer", frozenset({"Legal"}))  # may do nothing, and is of the other
QUESTION = "what do people say about the export of reports?"
_DECIMAL = re.compile(r"\d+\.\d+(?:e-?\d+)?")
SECRET = "zeppelin"  # stands in everything of the closed studies, and nowhere else


# -- what the tests look at ------------------------------------------------------------------------------------------


def _first(repo: Repository) -> str:
    """A passage that anybody may read."""
    return repo.search("", team="Growth", per_person=None)[0].id


def _texts(project: bytes) -> list[str]:
    """What stands in a project file, without the GUIDs that the repository's key makes."""
    with zipfile.ZipFile(BytesIO(project)) as archive:
        found = [archive.read(name).decode() for name in archive.namelist()]
    return sorted(re.sub(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f-]{22,27}", "", text) for text in found)


# Every public way to learn something, called as a page or the command calls it.
LOOKS: dict[str, Callable[[Repository], object]] = {
    "Repository.search": lambda repo: [
        repo.search(query, limit=50, per_person=None)
        for query in (QUESTION, "", f"{SECRET} report", f'"{SECRET}"', "team:Legal export", f"study:{SECRET} export")
    ],
    "Repository.voices": lambda repo: [repo.voices(), repo.voices(QUESTION), repo.voices(since=date(2026, 9, 1))],
    "Repository.passages": lambda repo: repo.passages(_every_id(repo)),
    "Repository.like": lambda repo: repo.like(_first(repo), limit=20),
    "Repository.echoes": lambda repo: repo.echoes(_every_note(repo), limit=20),
    "Repository.check": lambda repo: repo.check([QUESTION, f"Do they say {SECRET}?", "Is the invoice clear?"]),
    "Repository.themes": lambda repo: [repo.themes(), repo.themes(since=date(2026, 9, 1))],
    "Repository.brief": lambda repo: _brief(repo),
    "Repository.note": lambda repo: _found(repo.note, [*_every_note(repo), f"{SECRET} call 0"]),
    "Repository.notes": lambda repo: [repo.notes(), repo.notes(title=SECRET), repo.notes(participant="P-0001")],
    "Repository.studies": lambda repo: repo.studies(),
    "Repository.intakes": lambda repo: sorted((run.studies, run.notes) for run in repo.intakes()),
    "Repository.qda_project": lambda repo: _texts(repo.qda_project()),
    "Repository.as_files": lambda repo: _texts(zipped(repo.as_files())),
    "Repository.choices": lambda repo: repo.choices(),
    "Repository.example_questions": lambda repo: repo.example_questions(20),
    "Repository.tag_counts": lambda repo: repo.tag_counts(),
    "Repository.retention": lambda repo: repo.retention(),
    "Repository.overdue": lambda repo: repo.overdue(),
    "People.all": lambda repo: [_place(one) for one in repo.people.all()],
    "People.one": lambda repo: [_place(one) for one in _found(repo.people.one, _everybody(repo))],
    "People.some": lambda repo: [_place(one) for one in repo.people.some(_everybody(repo)).values()],
    "People.least_heard": lambda repo: sorted(one.pseudonym for one in repo.people.least_heard(limit=100)),
    "People.for_check": lambda repo: repo.people.for_check(repo.check([f"Do they say {SECRET}?"])) and None,
    "People.identity": lambda repo: _found(repo.people.identity, _everybody(repo)),
    "People.suggestions": lambda repo: [(one.one.pseudonym, one.other.pseudonym) for one in repo.people.suggestions()],
    "People.contacts": lambda repo: _found(repo.people.contacts, _everybody(repo)),
    "People.expiring": lambda repo: [(one.pseudonym, day) for one, day in repo.people.expiring(365)],
    "People.audit": lambda repo: [done for done in repo.people.audit() if done.who != repo.member.who],
    "People.rules": lambda repo: repo.people.rules,
    "People.rules_source": lambda repo: repo.people.rules_source,
    "Insights.all": lambda repo: [repo.insights.all(), repo.insights.all(passage=_first(repo))],
    "Insights.one": lambda repo: repo.insights.one("I-0001"),
    "Insights.history": lambda repo: repo.insights.history("I-0001"),
    "Insights.nearest": lambda repo: repo.insights.nearest(repo.passages([_first(repo)])[0]),
    "Insights.suggested": lambda repo: repo.insights.suggested("I-0001", limit=20),
    "Theming.told": lambda repo: repo.themes(team="Legal"),
    "Theming.heard": lambda repo: repo.theming.heard(research.filters.Filter(team=("Legal",))),
    "Theming.map": lambda repo: repo.theming.map(repo.themes()),
    "Theming.by_month": lambda repo: [
        repo.theming.by_month(one.id, research.filters.Filter()) for one in repo.themes()
    ],
    "Theming.code": lambda repo: _found(repo.theming.code, [f"T-{n:04d}" for n in range(1, 12)]),
    "Theming.history": lambda repo: [repo.theming.history(one.id) for one in repo.themes()],
    "Kept.team": lambda repo: repo.kept.team("growth"),
    "Kept.questions": lambda repo: repo.kept.questions(),
    "Kept.searches": lambda repo: repo.kept.searches("Growth"),
    "Reuse.used": lambda repo: repo.reuse.used(),
    "Reuse.team": lambda repo: repo.reuse.team,
    "digest": lambda repo: digest(repo, "Growth", date(2026, 8, 1), TODAY),
    "documents": lambda repo: [_brief(repo).to_markdown(), _brief(repo).to_html(), _brief(repo).to_json()],
}

# What tells nothing of what was said, or is for whoever looks after the machine (docs/access.md says why).
NOT_LOOKED_AT = {
    "Repository.status": "counts everything: an admin looks after the whole repository",
    "Repository.doctor": "counts everything: an admin looks after the whole repository",
    "Repository.health": "counts everything: an admin looks after the whole repository",
    "Repository.reindex": "counts everything: an admin looks after the whole repository",
    "Repository.forget": "an erasure is complete, and its receipt says how much it was",
    "Repository.erase_overdue": "erases what `overdue` lists",
    "Repository.mappings": "names of columns",
    "Repository.taxonomy": "the company's own words",
    "Repository.nobodys_names": "the company's own words",
    "Repository.key": "a secret that no page shows",
    "Repository.sealer": "a secret that no page shows",
    "Repository.member": "who is at work",
    "Repository.sight": "numbers of studies, for the store",
    "Repository.version": "that something was written, not what",
    "Repository.as_member": "another reader",
    "Repository.hold": "refuses",
    "Repository.hold_team": "refuses",
    "Repository.close": "lets go",
    "Repository.warm_up": "loads",
    "People.names": "names for redaction, shown to nobody",
    "Members.all": "members, not participants",
    "Members.sign_in": "members, not participants",
    "Tokens.member": "members, not participants",
    "Reuse.note": "notes a use, of a note that one has open",
    "Theming.refresh": "finds themes in what anybody may read",
}
CLASSES = (Repository, People, Insights, Theming, Kept, Reuse, Members, Tokens, Learning)


def _public() -> Iterator[tuple[str, Any]]:
    for class_ in CLASSES:
        for name, member in vars(class_).items():
            if not name.startswith("_"):
                yield f"{class_.__name__}.{name}", member


def test_every_public_method_is_looked_at_or_needs_a_right() -> None:
    known = {*LOOKS, *NOT_LOOKED_AT}
    unknown = [name for name, member in _public() if name not in known and not hasattr(member, "needs")]
    assert not unknown, "say in LOOKS how to look at them, or what right they need"
    assert {name for name in known if "." in name} <= {name for name, _ in _public()}


# -- nothing comes out -----------------------------------------------------------------------------------------------

_SPEAKERS = ("Dana Whitlock", "Ines Okonjo", "Sam Reyland", "Tomas Birdsall", "Ruth Abara")
_SAID = (
    "I export the monthly report to a spreadsheet and fix the numbers there by hand.",
    "Importing the patient list took us four days because nobody told us which row was wrong.",
    "We share one login since paying per seat for people who work one morning a week is silly.",
    "The invoice arrives and nobody here understands what the second line of it means.",
    "The reminder texts stopped going out on Friday and nobody noticed until the next week.",
)
said = st.lists(
    st.tuples(st.sampled_from(_SPEAKERS), st.sampled_from(_SAID), st.integers(1, 28)), min_size=1, max_size=4
)


def transcript(lines: list[tuple[str, str, int]], number: int, secret: str = "") -> str:
    """A transcript of some lines, with a word of its own in everything where it is secret."""
    told = "\n\n".join(
        f"Interviewer: What about the {secret or 'weekly'} report, number {number}?\n\n{who}: {text} {secret}"
        for who, text, _ in lines
    )
    about = f"segment: {secret} manager\naccount: {secret} Ltd\n" if secret else "segment: clinic\naccount: Northwind\n"
    return f"---\ntitle: {secret} call {number}\ndate: 2026-10-{lines[0][2]:02d}\n{about}---\n{told}\n"


@contextmanager
def repository(folder: Path | None = None) -> Iterator[tuple[Repository, Path]]:
    """An empty repository, and a folder for files (`folder`); all have one key, so that one thing has one id in all."""
    with TemporaryDirectory() as place:
        home = Settings(Path(place) / "home", user="somebody", key=base64.urlsafe_b64encode(bytes(32)).decode())
        repo = research.open(settings=home, embedder=WordEmbedder(), now=lambda: NOW)
        try:
            yield repo, folder or Path(place)
        finally:
            repo.close()


def put(repo: Repository, folder: Path, team: str, study: str, notes: list[str]) -> None:
    for number, text in enumerate(notes):
        file = folder / team / f"{study}-{number}.md"
        file.parent.mkdir(exist_ok=True)
        file.write_text(text)
        (done,) = ingest.ingest_paths([file], repo, team=team, study=study)
        assert done.status == "added", done.error


def fill(repo: Repository, folder: Path, notes: list[list[tuple[str, str, int]]]) -> None:
    """What anybody may read: two studies, a claim with evidence, a question, uses of notes."""
    put(repo, folder, "Growth", "Onboarding", [transcript(lines, n) for n, lines in enumerate(notes)])
    put(repo, folder, "Billing", "Invoices", [transcript(lines, n + 9) for n, lines in enumerate(notes)])
    repo.insights.add("Clinics export the report to a spreadsheet.", team="Growth")
    repo.insights.link("I-0001", _first(repo), "for")
    repo.kept.keep_questions([QUESTION], team="Growth")
    repo.kept.follow("Growth", "export report")
    repo.reuse.join("Growth")
    repo.reuse.note("opened", _every_note(repo))
    repo.keep_study("Growth", "Onboarding", keep_days=3)


def fill_closed(repo: Repository, folder: Path, notes: list[list[tuple[str, str, int]]]) -> None:
    """What only one team may read, with all that can be done with it."""
    closed = [
        transcript([(f"{SECRET} {who}", *rest) for who, *rest in lines], n, SECRET) for n, lines in enumerate(notes)
    ]
    put(repo, folder, "Legal", f"{SECRET} merger", closed)
    repo.keep_to_team("Legal", f"{SECRET} merger", until=date(2027, 1, 31))
    repo.describe_study("Legal", f"{SECRET} merger", owner=SECRET, questions=f"Do they say {SECRET}?")
    theirs = repo.search("", team="Legal", per_person=None)
    for hit in theirs:
        repo.tag(hit.id, f"{SECRET} tag")
        repo.insights.link("I-0001", hit.id, "against")
    repo.insights.unlink("I-0001", repo.insights.one("I-0001").evidence[-1].number)
    repo.insights.dismiss("I-0001", theirs[0].id)
    repo.reuse.note("quoted", [hit.note_id for hit in theirs])
    repo.people.mark(theirs[0].participant, "do not contact")
    repo.people.identity(theirs[0].participant)
    repo.people.consent(theirs[0].participant, given=TODAY, expires=date(2026, 12, 1), scope=SECRET)
    repo.keep_study("Legal", f"{SECRET} merger", keep_days=3)


@example_settings(
    max_examples=5, deadline=None, suppress_health_check=list(HealthCheck), phases=[Phase.explicit, Phase.generate]
)
@given(st.lists(said, min_size=2, max_size=3), st.lists(said, min_size=1, max_size=3))
def test_a_repository_with_closed_studies_answers_as_if_they_were_not_there(
    notes: list[list[tuple[str, str, int]]], closed: list[list[tuple[str, str, int]]]
) -> None:
    with repository() as (with_them, folder), repository(folder) as (without, _):
        fill(with_them, folder, notes)
        fill_closed(with_them, folder, closed)
        fill(without, folder, notes)
        seen, expected = with_them.as_member(OUTSIDE), without.as_member(OUTSIDE)
        for name, look in LOOKS.items():
            told, wanted = (_told(look(one), one) for one in (seen, expected))
            assert _DECIMAL.sub("#", told) == _DECIMAL.sub("#", wanted), name
            assert _decimals(told) == pytest.approx(_decimals(wanted), abs=1e-6), name
            assert SECRET not in told.lower().replace(f"do they say {SECRET}?", ""), name


def test_its_own_team_sees_all_of_it() -> None:
    """The looks above would see it, were it shown: on its own team's side they do."""
    lines = [[("Dana Whitlock", _SAID[0], 3), ("Ines Okonjo", _SAID[1], 3)]]
    with repository() as (repo, folder):
        fill(repo, folder, [*lines, *lines])
        fill_closed(repo, folder, lines)
        theirs = repo.as_member(replace(INSIDE, role="admin"))
        seen = {name for name, look in LOOKS.items() if SECRET in _told(look(theirs), repo).lower()}
        what = "search voices passages like check brief note notes studies choices example_questions tag_counts"
        assert seen >= {f"Repository.{name}" for name in (*what.split(), "retention", "overdue")}
        assert seen >= {"People.all", "People.one", "People.some", "Insights.all", "Insights.one", "documents"}
        assert repo.as_member(INSIDE).note(f"{SECRET} call 0").summary.team == "Legal"


# -- by day and by team ----------------------------------------------------------------------------------------------


def legal(repo: Repository, folder: Path) -> None:
    put(repo, folder, "Legal", "Merger", [transcript([("Dana Whitlock", _SAID[0], 3)], 1)])


def test_a_study_opens_by_itself_on_its_day() -> None:
    with TemporaryDirectory() as folder:
        day = [NOW]
        repo = research.open(Path(folder) / "home", embedder=WordEmbedder(), now=lambda: day[0])
        legal(repo, Path(folder))
        repo.keep_to_team("Legal", "Merger", until=date(2026, 12, 1))
        other = repo.as_member(OUTSIDE)
        assert not other.search("report")
        day[0] = datetime(2026, 11, 30, 23, 59)
        assert not other.search("report")
        day[0] = datetime(2026, 12, 1, 0, 1)
        assert [hit.team for hit in other.search("report")] == ["Legal"]
        assert [study.closed for study in other.studies()] == [False]
        repo.close()


def test_what_is_read_of_a_closed_study_says_so_until_it_opens() -> None:
    with TemporaryDirectory() as folder:
        day = [NOW]
        repo = research.open(Path(folder) / "home", embedder=WordEmbedder(), now=lambda: day[0])
        legal(repo, Path(folder))

        def told() -> set[tuple[bool, date | None]]:
            (note,) = repo.notes()
            (read,) = repo.check(["Do they export the monthly report to a spreadsheet?"]).reading or (note,)
            said = (note, read, repo.note(note.id).summary, *repo.search("report"), *repo.studies())
            return {(one.closed, one.opens) for one in said}

        assert told() == {(False, None)}
        repo.keep_to_team("Legal", "Merger")
        assert told() == {(True, None)}
        repo.keep_to_team("Legal", "Merger", until=date(2026, 12, 1))
        assert told() == {(True, date(2026, 12, 1))}
        day[0] = datetime(2026, 12, 1, 0, 1)
        assert {closed for closed, _ in told()} == {False}
        repo.close()


def test_a_closed_study_is_opened_by_its_team_alone() -> None:
    with repository() as (repo, folder):
        legal(repo, folder)
        repo.keep_to_team("Legal", "Merger")
        with pytest.raises(Refused, match="don’t belong to the team “Legal”"):
            repo.as_member(OUTSIDE).open_to_all("Legal", "Merger")
        repo.as_member(replace(INSIDE, role="researcher")).open_to_all("legal", "merger")
        assert repo.as_member(OUTSIDE).search("report")


def test_who_joins_the_team_reads_it_and_that_is_written_down() -> None:
    with repository() as (repo, folder):
        legal(repo, folder)
        repo.keep_to_team("Legal", "Merger")
        repo.as_member(OUTSIDE).members.put("lea@example.com", role="viewer", teams=["legal"])
        (lea,) = (one.member for one in repo.members.all() if one.member.who == "lea@example.com")
        assert repo.as_member(lea).search("report")
        (done,) = [line for line in repo.people.audit() if line.what == "member changed"]
        assert (done.who, done.detail) == ("pat@example.com", "lea@example.com: viewer, legal")


def test_a_study_is_not_kept_until_a_day_that_has_been() -> None:
    with repository() as (repo, folder):
        legal(repo, folder)
        with pytest.raises(HeardError, match="a day to come"):
            repo.keep_to_team("Legal", "Merger", until=TODAY)
        with pytest.raises(NotFound):
            repo.keep_to_team("Legal", "Another")


def test_a_contact_for_a_closed_study_counts_though_nobody_else_reads_what_was_said() -> None:
    """People are to be left in peace whoever asked them: that alone can be told of a closed study."""
    with repository() as (repo, folder):
        take_in(repo, [RosterRow(2, Identity("Dana Whitlock", "dana@northwind.example"), account="Northwind")])
        legal(repo, folder)
        repo.keep_to_team("Legal", "Merger")
        (pair,) = repo.people.suggestions()
        repo.people.merge(pair.one.pseudonym, pair.other.pseudonym)
        (dana,) = repo.as_member(OUTSIDE).people.all()
        assert (dana.notes, dana.passages, dana.teams, dana.last) == (0, 0, (), None)
        assert (dana.standing.state, dana.contacts) == ("resting", 1)


# -- roles -----------------------------------------------------------------------------------------------------------

# An action that each right allows, as the pages and the command do it.
ACTIONS: dict[Right, tuple[Callable[[Repository], object], ...]] = {
    "ask": (
        lambda repo: repo.kept.keep_questions(["Why?"], team="Growth"),
        lambda repo: repo.kept.follow("Growth", "invoice line"),
        lambda repo: repo.reuse.join("Growth"),
    ),
    "research": (
        lambda repo: repo.tag(_first(repo), "pain"),
        lambda repo: repo.untag(_first(repo), "pain"),
        lambda repo: repo.describe_study("Growth", "Onboarding", owner="Pat"),
        lambda repo: repo.keep_to_team("Growth", "Onboarding"),
        lambda repo: repo.open_to_all("Growth", "Onboarding"),
        lambda repo: repo.insights.add("Seats cost too much.", team="Growth"),
        lambda repo: repo.insights.link("I-0001", _first(repo), "for"),
        lambda repo: repo.insights.decide("I-0001", "supported", "Three clinics said so."),
        lambda repo: repo.people.plan(_free(repo), date(2027, 6, 1), reason="they called"),
        lambda repo: repo.people.mark("P-0001", ""),
        lambda repo: repo.save_mapping("survey", {"text": ["Answer"]}),
        lambda repo: list(ingest.ingest_sources([], repo)),
    ),
    "govern": (
        lambda repo: repo.people.identity("P-0001"),
        lambda repo: repo.people.set_rules("rest_days: 30"),
        lambda repo: repo.people.audit(),
        lambda repo: repo.keep_study("Growth", "Onboarding", keep_days=400),
        lambda repo: repo.set_taxonomy(repo.taxonomy),
        lambda repo: take_in(repo, [RosterRow(2, Identity("Kim"))], dry_run=True),
        lambda repo: repo.erase_overdue([]),
        lambda repo: ingest.retag(repo),
    ),
    "administer": (
        lambda repo: repo.members.put("lea@example.com", role="viewer"),
        lambda repo: repo.members.all(),
        lambda repo: repo.status(),
        lambda repo: repo.doctor(),
    ),
}


def _free(repo: Repository) -> str:
    return repo.people.all()[0].pseudonym


@pytest.fixture(scope="module")
def shared() -> Iterator[Repository]:
    with repository() as (repo, folder):
        fill(repo, folder, [[("Dana Whitlock", _SAID[0], 3)]])
        legal(repo, folder)
        repo.keep_to_team("Legal", "Merger")
        yield repo


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("right", ACTIONS)
def test_a_role_may_what_its_rights_say_and_no_more(shared: Repository, role: Role, right: Right) -> None:
    theirs = shared.as_member(Member("pat@example.com", role, frozenset({"Growth"})))
    for act in ACTIONS[right]:
        if ROLES.index(role) >= ROLES.index(NEEDS[right]):
            act(theirs)
        else:
            with pytest.raises(Refused, match=f"is for an? {NEEDS[right]}, and you are an? {role}"):
                act(theirs)


# What one may do to a study by its visibility and whether one is of its team: (reads it, changes it).
MATRIX = [
    ("open", True, (True, True)),
    ("open", False, (True, False)),
    ("closed", True, (True, True)),
    ("closed", False, (False, False)),
    ("embargoed", True, (True, True)),
    ("embargoed", False, (False, False)),
]


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize(("visibility", "of_team", "may"), MATRIX)
def test_visibility_and_team_decide_what_is_read_and_changed(
    shared: Repository, role: Role, visibility: str, of_team: bool, may: tuple[bool, bool]
) -> None:
    if visibility == "open":
        shared.open_to_all("Legal", "Merger")
    else:
        shared.keep_to_team("Legal", "Merger", until=date(2026, 12, 24) if visibility == "embargoed" else None)
    theirs = shared.as_member(Member("pat@example.com", role, frozenset({"Legal"} if of_team else {"Growth"})))
    reads, changes = may
    assert bool(theirs.search("report", team="Legal")) == reads
    assert ("Merger" in theirs.choices().studies) == reads
    if changes and role != "viewer":
        theirs.describe_study("Legal", "Merger", owner="Lea")
    else:
        with pytest.raises(Refused):
            theirs.describe_study("Legal", "Merger", owner="Lea")


def test_who_is_no_member_gets_nothing(shared: Repository) -> None:
    with pytest.raises(Refused, match="not a member yet"):
        shared.as_member(Member("stranger@example.com"))


def test_notes_of_another_team_are_not_brought_in(tmp_path: Path) -> None:
    with repository() as (repo, _):
        (tmp_path / "theirs.md").write_text(
            "---\nteam: Legal\nstudy: Merger\n---\nInterviewer: Well?\n\nDana: It works.\n"
        )
        theirs = repo.as_member(replace(OUTSIDE, role="researcher"))
        (done,) = ingest.ingest_paths([tmp_path / "theirs.md"], theirs, team="Growth", study="Onboarding")
        assert (done.status, repo.notes()) == ("failed", [])
        assert "don’t belong to the team “Legal”" in (done.error or "")


def test_nobody_takes_their_own_role_away(shared: Repository) -> None:
    mine = shared.as_member(OUTSIDE).members
    for act in (lambda: mine.put(OUTSIDE.who, role="viewer"), lambda: mine.remove(OUTSIDE.who)):
        with pytest.raises(Refused, match="your own role"):
            act()


def test_a_digest_for_a_team_holds_what_all_of_it_may_read(shared: Repository) -> None:
    shared.keep_to_team("Legal", "Merger")
    told = digest(shared, "Growth", date(2026, 8, 1), TODAY)
    assert {hit.team for hit in told.hits} <= {"Billing", "Growth"}
    assert shared.member.teams is None  # though whoever makes it reads everything


# -- how results are compared ----------------------------------------------------------------------------------------


def _every_id(repo: Repository) -> list[str]:
    with repo.engine.connect() as connection:
        return [row[0] for row in connection.exec_driver_sql("SELECT id FROM passage ORDER BY row")]


def _every_note(repo: Repository) -> list[str]:
    with repo.engine.connect() as connection:
        return [row[0] for row in connection.exec_driver_sql("SELECT id FROM note ORDER BY id")]


def _everybody(repo: Repository) -> list[str]:
    with repo.engine.connect() as connection:
        return [row[0] for row in connection.exec_driver_sql("SELECT pseudonym FROM participant ORDER BY id")]


def _found(look: Callable[[str], object], these: list[str]) -> list[object]:
    """What is found of these."""
    found = []
    for one in these:
        with suppress(NotFound):
            found.append(look(one))
    return found


def _place(one: Any) -> object:
    """A participant without how often they were contacted, which counts closed studies too."""
    return (one.pseudonym, one.segment, one.account, one.first, one.last, one.notes, one.passages, one.teams)


def _brief(repo: Repository) -> Any:
    return repo.brief(since=date(2026, 8, 1), until=TODAY)


def _told(result: object, repo: Repository) -> str:
    """A result as text, without the repository's own folder."""
    return repr(result).replace(str(repo.home), "")


def _decimals(told: str) -> list[float]:
    """Its decimal numbers, whose last digits differ with the order in which they were reckoned."""
    return [float(number) for number in _DECIMAL.findall(told)]


def test_nothing_else_tells_by_a_number(shared: Repository) -> None:
    """Who has no right to the whole repository's numbers is not given them."""
    for name in ("status", "health", "doctor", "reindex"):
        assert getattr(inspect.getattr_static(Repository, name), "needs") == "administer"  # noqa: B009

"""Roles and teams on the pages: nothing is offered that would be refused, and a closed study says that it is one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest
from streamlit.testing.v1.element_tree import Button
from visiting import Visit, click, shown

import ingest
from heard import check_document
from heard.ui import jobs, session, words
from heard.ui.intake import Done
from ingest.guide import parse_guide
from research.access import NEEDS, ROLES, Member, Right, Role
from research.config import SignIn
from research.models import StudySummary
from research.repository import Repository

Put = Callable[..., list[ingest.Outcome]]
Members = Callable[..., AppTest]
ROOT = Path(__file__).parents[2]
ASK = "Ask somebody who looks after Heard"  # what stands in every refusal
PAT = Member("pat@example.com", "researcher", frozenset({"Growth"}))
SPOKEN = "---\ndate: 2026-11-{:02}\nparticipant: {}\naccount: Clinic {}\n---\n{}, and that has been so for weeks.\n"
TOPICS = (  # what five people each say alike, so that there are themes
    "One shared login stands {} at the front desk, more seats cost money",
    "Text reminders go out {} and older clients miss their appointment",
    "The invoice has a line {} that finance cannot explain to anybody",
)
DETAILS = ("every morning", "since autumn", "whenever doctors change", "on busy Mondays", "at both locations")


@pytest.fixture
def office(sample_repo: Repository, put: Put) -> Repository:
    """The samples with all that pages have something to offer for: a theme, a claim, somebody to be told apart, a plan,
    a question, a search that is followed, and a study of Growth that is kept to it."""
    said = [(n, m, topic.format(detail)) for n, topic in enumerate(TOPICS) for m, detail in enumerate(DETAILS)]
    files = {f"{n}-{m}.md": SPOKEN.format(5 * n + m + 1, f"Voice {n} {m}", f"{n} {m}", text) for n, m, text in said}
    put(sample_repo, files, "Growth", "Talks")
    dana = "---\ndate: 2026-01-0{}\nparticipant: Dana Whitlock\naccount: Northwind\n---\nDana: The export is slow.\n"
    put(sample_repo, {"dana.md": dana.format(1)}, "Growth", "Exports")
    put(sample_repo, {"dana.md": dana.format(2)}, "Support", "Calls")
    found = sample_repo.search("export", team="Growth")
    sample_repo.insights.add("Clinics export to a spreadsheet.", team="Growth")
    sample_repo.insights.link("I-0001", found[0].id, "for")
    sample_repo.people.plan(_person(sample_repo), date(2027, 6, 1), team="Growth", reason="they asked")
    sample_repo.kept.keep_questions(["Would zeppelins help?"], team="Growth")
    sample_repo.kept.follow("Growth", "export")
    sample_repo.keep_study("Growth", "Exports", keep_days=30)
    sample_repo.keep_to_team("Growth", "Exports", until=date(2027, 1, 31))
    return sample_repo


def _person(repo: Repository) -> str:
    return repo.people.all()[0].pseudonym


def _note(repo: Repository, team: str) -> dict[str, str]:
    note = repo.note(repo.notes(team=team)[0].id)
    return {"id": note.summary.id, "passage": note.passages[0].id}


# Every page, and the addresses that show more of it; first those whose buttons others’ would take away.
PAGES: dict[str, Callable[[Repository], tuple[str, dict[str, str]]]] = {
    "silos": lambda repo: ("silos", {}),
    "namesakes": lambda repo: ("people", {"view": "pairs"}),
    "search": lambda repo: ("search", {}),
    "an answer": lambda repo: ("search", {"q": "export report"}),
    "a citation": lambda repo: ("search", {"q": "export", "cite": repo.search("export")[0].id}),
    "library": lambda repo: ("library", {}),
    "a study of ours": lambda repo: ("library", {"team": "Growth", "study": "Exports"}),
    "a study of others": lambda repo: ("library", {"team": "Billing", "study": "Invoice clarity"}),
    "voices": lambda repo: ("voices", {}),
    "a note of ours": lambda repo: ("note", _note(repo, "Growth")),
    "a note of others": lambda repo: ("note", _note(repo, "Billing")),
    "upload": lambda repo: ("upload", {}),
    "tags": lambda repo: ("tags", {}),
    "a tag": lambda repo: ("tags", {"edit": "pain"}),
    "a new tag": lambda repo: ("tags", {"view": "new"}),
    "the taxonomy": lambda repo: ("tags", {"view": "yaml"}),
    "brief": lambda repo: ("brief", {}),
    "themes": lambda repo: ("themes", {"days": "ever"}),
    "a theme": lambda repo: ("theme", {"id": repo.themes()[0].id, "days": "ever"}),
    "insights": lambda repo: ("insights", {}),
    "an insight": lambda repo: ("insight", {"id": "I-0001"}),
    "check": lambda repo: ("check", {"text": "- Would zeppelins help veterinarians?"}),
    "people": lambda repo: ("people", {}),
    "a roster": lambda repo: ("people", {"view": "roster"}),
    "a person": lambda repo: ("person", {"id": _person(repo)}),
    "rules": lambda repo: ("rules", {}),
    "status": lambda repo: ("status", {}),
}  # fmt: skip

GONE = "hd-undone-"  # takes out what other pages show
# What changes something, by what one sees of it (a key of a widget, a label of a button, words), and what it needs.
OFFERED: dict[str, list[tuple[Right, str]]] = {
    "an answer": [("research", "as evidence"), ("ask", "Follow this search")],
    "a citation": [("research", "hd_cite_new")],
    "a study of ours": [("research", "Who reads this study"), ("govern", "hd-keep-")],
    "a note of ours": [("research", "Delete this note"), ("research", "Tags of this passage")],
    "upload": [("research", "hd_files_"), ("research", GONE)],
    "tags": [("govern", "Edit all as YAML"), ("govern", "hd_retag"), ("govern", "?edit=")],
    "a tag": [("govern", "hd_tag"), ("govern", "Remove this tag")],
    "a new tag": [("govern", "hd_tag")],
    "the taxonomy": [("govern", "hd-yaml")],
    "a theme": [("research", "hd_name_"), ("research", "hd_hide"), ("research", "hd_out_"), ("research", "hd_choose")],
    "insights": [("research", "hd_add"), ("research", "hd_ask")],
    "an insight": [
        ("research", "hd_decide_"), ("research", "hd_looked_"), ("research", "hd_change_"), ("research", "hd_turn_"),
        ("research", "hd_unlink_"), ("research", "For you to judge"), ("research", "hd_outcome_"),
        ("research", "hd_kata_"), ("research", "Remove this insight"),
    ],
    "check": [("ask", "hd_keep"), ("ask", "hd_let_")],
    "silos": [("ask", "hd_team"), ("ask", "hd_unfollow_")],
    "people": [("research", "consent ends soon"), ("govern", "Import a roster")],
    "namesakes": [("govern", "hd_one_"), ("govern", "hd_two_")],
    "a roster": [("govern", "hd_roster")],
    "a person": [
        ("research", "hd_reserve"), ("research", "hd_unplan_"), ("research", "hd_mark"), ("research", "hd_consent"),
        ("research", "hd_withdraw"), ("govern", "Save who this is"), ("govern", "Forget this person"),
    ],
    "rules": [("govern", "hd_rules"), ("govern", "hd_overdue"), ("govern", "hd_audit_csv")],
    "status": [("administer", "hd_reindex"), ("administer", "Check and repair")],
}  # fmt: skip
KINDS = (
    "button", "button_group", "checkbox", "date_input", "download_button", "expander", "file_uploader", "form",
    "multiselect", "number_input", "popover", "radio", "selectbox", "text_area", "text_input",
)  # fmt: skip
LONG = {"hd_retag", "hd_reindex"}  # work that goes on beside the pages


def everything(at: AppTest) -> str:
    """All that a page shows and offers: its HTML, and every widget with its key and label."""
    return shown(at) + "\n".join(str(element.proto) for kind in KINDS for element in at.get(kind))


@pytest.mark.parametrize("role", ROLES)
def test_each_page_offers_what_a_role_may_do_and_refuses_nothing_of_it(
    office: Repository, visit: Visit, role: Role
) -> None:
    theirs = office.as_member(replace(PAT, role=role))
    for name, where in PAGES.items():
        page, params = where(office)
        at = visit(theirs, page, **params)
        there = everything(at)
        assert not refused(at), name
        for right, sign in OFFERED.get(name, ()):
            assert (sign in there) == (ROLES.index(role) >= ROLES.index(NEEDS[right])), (name, sign)
        for label in dict.fromkeys(one.label for one in at.button):
            if one := next((one for one in at.button if one.label == label and may_be_pressed(one)), None):
                at = one.click().run()
                assert not refused(at), (name, label)


def may_be_pressed(button: Button) -> bool:
    return not button.disabled and button.key not in LONG and not str(button.key).startswith(GONE)


def refused(at: AppTest) -> bool:
    """Whether a page refuses something that was asked for; that a page is not for somebody it says as its text."""
    assert not at.exception, at.exception
    return any(ASK in one.value for kind in ("info", "warning") for one in at.get(kind))


def test_a_page_that_is_not_for_somebody_says_whom_to_ask(office: Repository, visit: Visit, members: Members) -> None:
    viewer = office.as_member(replace(PAT, role="viewer"))
    for page, params in (
        ("upload", {}),
        ("status", {}),
        ("rules", {}),
        ("tags", {"view": "new"}),
        ("people", {"view": "roster"}),
    ):
        assert f"and you are a viewer. {ASK}" in shown(visit(viewer, page, **params)), page
    assert f"and you are a viewer. {ASK}" in shown(members(viewer))
    assert "Everybody rests 90 days" in shown(visit(viewer, "rules"))


def test_an_empty_repository_sends_nobody_to_an_upload_that_is_not_for_them(repo: Repository, visit: Visit) -> None:
    viewer = repo.as_member(replace(PAT, role="viewer"))
    for page in ("search", "library", "check", "silos", "people", "brief"):
        assert 'href="upload"' in shown(visit(repo, page)), page
        html = shown(visit(viewer, page))
        assert 'href="upload"' not in html, page
        assert "Researchers put notes in" in html, page


# -- teams ---------------------------------------------------------------------------------------------------------------


def test_notes_are_put_in_for_a_team_of_ones_own(office: Repository, visit: Visit) -> None:
    theirs = office.as_member(replace(PAT, teams=frozenset({"growth", "Sales"})))
    at = visit(theirs, "upload")
    assert at.selectbox(key="hd_team").options == ["Growth", "Sales"]
    at.selectbox(key="hd_team").set_value("Growth").run()
    at.selectbox(key="hd_study").set_value("Exports").run()
    assert "Only Growth reads this until 31 Jan 2027</span> So it will be with what you put in." in shown(at)
    one = visit(office.as_member(PAT), "upload")
    assert (one.selectbox(key="hd_team").options, one.selectbox(key="hd_team").value) == (["Growth"], "Growth")
    assert "You belong to no team yet" in shown(visit(office.as_member(replace(PAT, teams=frozenset())), "upload"))


def test_one_reads_for_a_team_of_ones_own(office: Repository, visit: Visit) -> None:
    theirs = office.as_member(replace(PAT, role="viewer", teams=frozenset({"growth", "support"})))
    at = visit(theirs, "silos")
    assert at.selectbox(key="hd_team").options == ["Growth", "Support"]
    at.selectbox(key="hd_team").set_value("Support").run()
    assert theirs.reuse.team == "Support"
    assert office.as_member(replace(PAT, who="jo@example.com", teams=frozenset({"growth"}))).reuse.team == "Growth"
    nobody = office.as_member(replace(PAT, who="al@example.com", role="viewer", teams=frozenset()))
    assert "You belong to no team yet" in shown(visit(nobody, "silos"))


# -- who reads a study ---------------------------------------------------------------------------------------------------


def study(repo: Repository, title: str) -> StudySummary:
    return next(one for one in repo.studies() if one.title == title)


def test_a_study_is_kept_to_its_team_on_its_page_and_opened_again(sample_repo: Repository, visit: Visit) -> None:
    theirs = sample_repo.as_member(PAT)
    id_ = study(theirs, "Onboarding Q3").id
    at = visit(theirs, "library", team="Growth", study="Onboarding Q3")
    assert "Everybody reads this study." in shown(at)
    at.radio(key=f"hd_readers_{id_}").set_value("Only Growth, until a day").run()
    assert "how often its participants were contacted" in shown(at)
    assert at.button(key=f"hd_share_{id_}").disabled
    at.date_input(key=f"hd_opens_{id_}").set_value(date(2027, 1, 31)).run()
    at.button(key=f"hd_share_{id_}").click().run()
    assert "Only Growth reads this study until 31 Jan 2027" in shown(at).replace("\\", "")
    assert (study(theirs, "Onboarding Q3").closed, study(theirs, "Onboarding Q3").opens) == (True, date(2027, 1, 31))
    assert not sample_repo.as_member(replace(PAT, teams=frozenset({"Billing"}))).search("", study="Onboarding Q3")
    at.radio(key=f"hd_readers_{id_}").set_value("Everybody").run()
    at.button(key=f"hd_share_{id_}").click().run()
    assert not study(theirs, "Onboarding Q3").closed


def test_who_is_of_another_team_sees_who_reads_a_study_and_changes_nothing(office: Repository, visit: Visit) -> None:
    lead = office.as_member(replace(PAT, role="lead"))
    at = visit(lead, "library", team="Billing", study="Invoice clarity")
    assert "Everybody reads this study." in shown(at)
    assert not {one.label for one in at.button} & {"Save", "Change who reads it"}
    assert "Notes kept always." in shown(at)
    (note,) = office.notes(team="Billing")
    assert "Delete this note" not in everything(visit(lead, "note", id=note.id))


def test_what_one_was_shown_is_not_shown_to_who_may_not_read_it(office: Repository, visit: Visit) -> None:
    """Pages are made once for all who may read the same: here one after the other, and at the same moment."""
    office.keep_to_team("Growth", "Talks")
    theirs = [office.as_member(replace(PAT, who=who, role="viewer")) for who in ("al@example.com", "bo@example.com")]
    others = office.as_member(replace(PAT, who="jo@example.com", role="viewer", teams=frozenset({"Billing"})))
    pages: list[tuple[str, dict[str, str]]] = [
        ("themes", {"days": "ever"}), ("brief", {"since": "2026-01-01", "until": "2026-12-31"}),
        ("check", {"text": "- Who shares one login?"}), ("silos", {}),
    ]  # fmt: skip
    for page, params in pages:
        seen = [shown(visit(one, page, **params)) for one in (theirs[0], others, theirs[1], others)]
        assert seen[0] == seen[2], page
        assert seen[1] == seen[3], page
        assert "more seats" not in seen[1], page
    assert "more seats" in shown(visit(theirs[0], "check", text="- Who shares one login?"))


MARK = '<span class="hd-closed">Only Growth reads this until 31 Jan 2027</span>'


def test_a_closed_study_is_marked_wherever_it_is_shown(office: Repository, visit: Visit) -> None:
    theirs = office.as_member(replace(PAT, role="lead"))
    (note,) = theirs.notes(study="Exports")
    (hit,) = theirs.search("", study="Exports")
    office.insights.link("I-0001", hit.id, "for")
    where: list[tuple[str, dict[str, str]]] = [
        ("library", {}), ("library", {"view": "notes"}), ("library", {"team": "Growth", "study": "Exports"}),
        ("note", {"id": note.id}), ("search", {"q": "the export is slow"}), ("person", {"id": hit.participant}),
        ("insight", {"id": "I-0001"}), ("rules", {}),
    ]  # fmt: skip
    for page, params in where:
        assert MARK in shown(visit(theirs, page, **params)), page
    assert "hd-closed" not in shown(visit(theirs, "library", team="Billing", study="Invoice clarity"))


def test_a_citation_of_a_closed_study_says_so(office: Repository) -> None:
    theirs = office.as_member(PAT)
    said = "only Growth reads this until 31 Jan 2027"
    (hit,) = theirs.search("", study="Exports")
    assert words.source(hit).endswith(f"; {said}")
    guide = parse_guide("- The export is slow.")
    check = theirs.check(guide.lines, study="Exports")
    assert said in check_document.markdown(guide, check, theirs.people.for_check(check), date(2026, 11, 22))
    assert said not in words.source(theirs.search("", study="Invoice clarity")[0])


def test_what_came_of_an_upload_is_for_whoever_began_it(office: Repository, visit: Visit) -> None:
    theirs, other = office.as_member(PAT), office.as_member(replace(PAT, who="jo@example.com"))
    visit(theirs, "upload")
    jobs.start(f"upload {PAT.who} abc", lambda tell: Done((), ())).wait()
    assert "Nothing changed" in shown(visit(theirs, "upload", job="abc"))
    assert "Nothing changed" not in shown(visit(other, "upload", job="abc"))


# -- members -------------------------------------------------------------------------------------------------------------


@pytest.fixture
def members(monkeypatch: pytest.MonkeyPatch) -> Members:
    """Opens the members page on a repository: members(repo, who="pat@example.com")."""

    def go(repo: Repository, /, **params: str) -> AppTest:
        monkeypatch.setattr(session, "repository", lambda: repo)
        at = AppTest.from_file(str(ROOT / "heard/ui/pages/members.py"), default_timeout=30)
        for name, value in params.items():
            at.query_params[name] = value
        return at.run()

    return go


ADMIN = Member("ada@example.com", "admin", None)


def signed(repo: Repository, rules: SignIn = SignIn()) -> Repository:  # noqa: B008  # frozen
    """The repository as an admin who signed in sees it."""
    repo.settings = replace(repo.settings, sign_in=rules)
    repo.members.put(ADMIN.who, role="admin", teams=None)
    return repo.as_member(ADMIN)


def test_on_ones_own_machine_it_says_that_nobody_signs_in(sample_repo: Repository, members: Members) -> None:
    html = shown(members(sample_repo))
    assert "There is no sign-in here" in html
    assert "docs/access.md" in html


def test_somebody_is_let_in_changed_and_removed(sample_repo: Repository, members: Members) -> None:
    repo = signed(sample_repo)
    at = members(repo)
    at.text_input(key="hd_who").set_value("Lea@Example.com")
    at.selectbox(key="hd_role_new").set_value("researcher")
    at.multiselect(key="hd_teams_new").set_value(["Billing"])
    click(at, "Let them in")
    assert "is in. It is written in the audit" in shown(at).replace("\\", "")
    assert '<a class="hd-a hd-study" href="members?who=lea%40example.com">lea@example.com</a>' in shown(at)
    lea = Member("lea@example.com", "researcher", frozenset({"Billing"}))
    assert lea in [known.member for known in repo.members.all()]
    at = members(repo, who="lea@example.com")
    assert "researcher · Billing · never here yet" in shown(at)
    at.selectbox(key="hd_role_lea@example.com").set_value("lead")
    at.checkbox(key="hd_every_lea@example.com").check()
    click(at, "Save")
    assert replace(lea, role="lead", teams=None) in [known.member for known in repo.members.all()]
    at = click(members(repo, who="lea@example.com"), "Let them in no longer")
    assert "is not let in any more" in shown(at)
    at.button(key="hd_remove").click().run()
    assert [known.member.who for known in repo.members.all()] == [ADMIN.who]


def test_a_token_is_made_shown_once_and_taken_away(sample_repo: Repository, members: Members) -> None:
    repo = signed(sample_repo)
    repo.members.put("lea@example.com", role="viewer", teams=["Growth"])
    repo.tokens.add(ADMIN.who, name="somebody else’s")
    at = members(repo, who="lea@example.com")
    at.text_input(key="hd_token_name").set_value("Lea’s <b>assistant</b>")
    click(at, "Make it")
    (secret,) = [one.value for one in at.code]
    member = repo.tokens.member(secret)
    assert member
    assert member.who == "lea@example.com"
    html = shown(at.run())
    assert not at.code
    assert secret not in str(at)
    assert "Lea’s &lt;b&gt;assistant&lt;/b&gt;" in html
    assert "good until 20 Feb 2027; last used 22 Nov 2026" in html
    assert "somebody else’s" not in html
    click(at, "Take it away")
    assert "lets nobody in any more" in shown(at)
    assert repo.tokens.member(secret) is None
    at.text_input(key="hd_token_name").set_value("   ")
    assert "Say what the token is for" in shown(click(at, "Make it"))


def test_whom_the_identity_provider_gives_a_role_needs_one_here_for_a_token(
    sample_repo: Repository, members: Members
) -> None:
    rules = SignIn(role_claim="roles")
    repo = signed(sample_repo, rules)
    claims = {
        "email": "lea@example.com",
        "email_verified": True,
        "iat": repo.now().timestamp(),
        "roles": "heard-viewer",
    }
    assert repo.members.sign_in(claims, rules).role == "viewer"
    at = members(repo, who="lea@example.com")
    assert "give them a role here first" in shown(at)
    assert "Make it" not in [one.label for one in at.button]


def test_of_many_members_a_page_is_shown_and_each_is_found(sample_repo: Repository, members: Members) -> None:
    repo = signed(sample_repo)
    for number in range(60):
        repo.members.put(f"no{number:02}@example.com", role="viewer", teams=["Ünder" if number == 7 else "Growth"])
    at = members(repo)
    assert ("no48@example.com" in shown(at), "no50@example.com" in shown(at)) == (True, False)
    assert 'href="members?show=100">Show more: 11 members' in shown(at)
    assert "no59@example.com" in shown(members(repo, show="100"))
    at.text_input(key="hd_find").set_value("üNDER").run()
    assert at.query_params["find"] == "üNDER"
    assert shown(at).count("members?who=") == 1
    assert "no07@example.com" in shown(at)
    assert "Nobody is called that here" in shown(members(repo, find="zeppelin"))


def test_what_is_no_address_is_told_and_nobody_is_in(sample_repo: Repository, members: Members) -> None:
    at = members(signed(sample_repo))
    at.text_input(key="hd_who").set_value("Lea")
    assert "is no e-mail address" in shown(click(at, "Let them in")).replace("\\", "")


def test_nobody_is_offered_to_take_their_own_role_away(sample_repo: Repository, members: Members) -> None:
    repo = signed(sample_repo)
    at = members(repo, who=ADMIN.who)
    assert "for another admin to change" in shown(at)
    assert f"hd_role_{ADMIN.who}" not in {one.key for one in at.selectbox}
    assert [one.label for one in at.button] == ["Save", "Make it"]
    click(at, "Save")
    assert ADMIN in [known.member for known in repo.members.all()]


def test_what_the_identity_provider_says_is_not_for_this_page(sample_repo: Repository, members: Members) -> None:
    rules = SignIn(admins=("boss@example.com",), role_claim="roles", default_role="viewer")
    repo = signed(sample_repo, rules)
    repo.members.put("boss@example.com", role="viewer", teams=["Growth"])
    at = members(repo)
    html = shown(at)
    assert "Your identity provider says what somebody is, in the claim “roles”." in html
    assert "Whoever can sign in is a viewer, where nothing else is said of them." in html
    assert "boss@example.com: admin by the settings (HEARD_ADMINS)." in html
    assert "hd_role_new" not in {one.key for one in at.selectbox}
    at = members(repo, who="boss@example.com")
    assert "admin · boss" not in shown(at)
    assert "stays an admin by the settings" in shown(click(at, "Let them in no longer"))
    both = replace(rules, teams_claim="groups")
    assert not members(signed(sample_repo, both)).text_input
    assert [one.label for one in members(signed(sample_repo, both), who=ADMIN.who).button] == ["Make it"]

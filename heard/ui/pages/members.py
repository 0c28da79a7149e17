"""Members: who is let in, as what, and for which teams."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from heard.ui import links, rights, session, signing_in, words
from heard.ui.frame import attempt, frame, heading, title
from heard.ui.html import esc, joined
from heard.ui.programs import programs
from research.access import ROLES, Member, Role
from research.config import SignIn
from research.members import Known
from research.repository import Repository

_PAGE = 50
_MAY: dict[Role, str] = {
    "viewer": "searches and reads, checks guides, keeps questions and follows searches",
    "researcher": "also puts notes in, tags, changes themes and insights, plans contacts, notes consent, and says who "
    "reads their teams’ studies",
    "lead": "also sees who participants are, erases, imports rosters, and sets rules, the taxonomy and how long notes "
    "are kept",
    "admin": "also lets people in, and looks after the repository itself",
}


def page() -> None:
    """Everybody who is in, or the one whom the address names."""
    with frame("narrow"):
        repo = session.repository()
        wanted = session.param("who")
        if not rights.may(repo, "administer"):
            title("Members")
            rights.held(repo, "administer")
            return
        everybody = repo.members.all()
        one = next((known for known in everybody if known.member.who == wanted), None)
        if one:
            _one(repo, one, everybody)
        else:
            _everybody(repo, everybody)


def _everybody(repo: Repository, everybody: Sequence[Known]) -> None:
    title("Members", "Who is let in, as what, and for which teams.")
    if not signing_in.configured():
        st.html(
            '<p class="hd-voices">There is no sign-in here: whoever opens this app may do and read everything.</p>'
            '<p class="hd-small">For a team, let Heard ask your identity provider who somebody is: docs/access.md says '
            "how. Whom you let in here counts from then on; be sure to be an admin yourself.</p>"
        )
    _provider(repo.settings.sign_in)
    if not _decided(repo.settings.sign_in):
        with st.popover("Let somebody in", icon=":material/person_add:"):
            _let_in(repo, everybody)
    _list(repo, everybody)
    heading("What a role may do", "Each may do what those before it may.")
    st.html(f'<dl class="hd-facts">{"".join(f"<dt>{role}</dt><dd>{esc(_MAY[role])}</dd>" for role in ROLES)}</dl>')
    st.html(
        '<p class="hd-small">Everybody reads every study, but for those that are kept to a team: only its members read '
        "these, whatever their role. Who joins a team is written in the audit.</p>"
    )


def _list(repo: Repository, everybody: Sequence[Known]) -> None:
    """A page of those whom the address asks for; who are few are all shown."""
    found = everybody
    if len(everybody) > _PAGE:
        st.session_state["hd_find"] = wanted = session.param("find")
        st.text_input(
            "Find somebody", key="hd_find", type="search", placeholder="Find somebody by name, address or team",
            label_visibility="collapsed", on_change=_find,
        )  # fmt: skip
        found = [known for known in everybody if wanted.casefold() in _known_by(known)]
    limit = session.shown(_PAGE)
    rows = "".join(_row(known, repo) for known in found[:limit])
    st.html(f'<div class="hd-library">{rows}</div>' if rows else '<p class="hd-lead">Nobody is called that here.</p>')
    if len(found) > limit:
        more = links.address("members", {"find": session.param("find"), "show": str(limit + _PAGE)})
        label = f"Show more: {words.count(len(found) - limit, 'member')}"
        st.html(f'<p class="hd-more">{links.link(more, label, style="hd-pill")}</p>')


def _find() -> None:
    typed = st.session_state["hd_find"].strip()
    st.query_params.from_dict({"find": typed} if typed else {})


def _known_by(known: Known) -> str:
    return "\n".join((known.member.who, known.member.name, *(known.member.teams or ()))).casefold()


def _provider(rules: SignIn) -> None:
    """What the settings say, which goes before what is said here."""
    said = (
        (rules.role_claim, f"Your identity provider says what somebody is, in the claim “{rules.role_claim}”."),
        (rules.teams_claim, f"Your identity provider says who is of which team, in the claim “{rules.teams_claim}”."),
        (rules.default_role, f"Whoever can sign in is {_a(rules.default_role)}, where nothing else is said of them."),
        (rules.admins, f"{words.listed(rules.admins)}: admin by the settings (HEARD_ADMINS)."),
    )
    lines = "".join(f'<p class="hd-small">{esc(line)}</p>' for holds, line in said if holds)
    st.html(lines or "<span></span>")


def _decided(rules: SignIn) -> bool:
    """Whether the identity provider says everything that there is to say."""
    return bool(rules.role_claim and rules.teams_claim)


def _row(known: Known, repo: Repository) -> str:
    one = known.member
    name = links.link(links.address("members", {"who": one.who}), one.name or one.who, style="hd-study")
    about = joined(map(esc, (one.who if one.name else "", _teams(one, repo.settings.sign_in))))
    mine = " (you)" if one.who == repo.member.who.casefold() else ""
    return (
        f'<div class="hd-row"><div>{name}{mine}<p class="hd-small">{about}</p></div>'
        f'<div class="hd-when"><b>{esc(_role(one, repo.settings.sign_in))}</b>'
        f'<p class="hd-small">{esc(_seen(known))}</p></div></div>'
    )


def _role(one: Member, rules: SignIn) -> str:
    if one.who in rules.admins:
        return "admin"
    return "by your provider" if rules.role_claim else one.role or rules.default_role or "no role"


def _teams(one: Member, rules: SignIn) -> str:
    if rules.teams_claim:
        return "teams by your provider"
    if one.teams is None:
        return "every team"
    return words.listed(sorted(one.teams, key=str.casefold)) or "no team"


def _seen(known: Known) -> str:
    return f"seen {words.ago(known.seen.date(), session.today())}" if known.seen else "never here yet"


def _a(role: str) -> str:
    return f"{'an' if role == 'admin' else 'a'} {role}"


# -- letting in, changing, removing ------------------------------------------------------------------------------------


def _let_in(repo: Repository, everybody: Sequence[Known]) -> None:
    def let_in() -> None:
        who = st.session_state["hd_who"].strip()
        attempt(_put, repo, Member(who, "viewer"), "new", said=f"{who} is in. It is written in the audit.")

    with st.form("hd_let_in", border=False):
        st.text_input("E-mail address", key="hd_who", placeholder="as the identity provider knows them")
        _fields(repo, everybody, Member("", "viewer"), "new")
        st.form_submit_button("Let them in", type="primary", on_click=let_in)


def _fields(repo: Repository, everybody: Sequence[Known], one: Member, key: str) -> None:
    """What of somebody's role and teams is for this page to say, and for whoever looks."""
    rules = repo.settings.sign_in
    if one.who == repo.member.who.casefold():
        st.html('<p class="hd-small">Your own role is for another admin to change.</p>')
    elif not rules.role_claim:
        st.selectbox("Role", ROLES, ROLES.index(one.role or rules.default_role or "viewer"), key=f"hd_role_{key}")
    if rules.teams_claim:
        return
    of_members = {team for known in everybody for team in known.member.teams or ()}
    known = {name.casefold(): name for name in (*of_members, *(one.teams or ()), *repo.choices().teams)}
    mine = [known[team.casefold()] for team in sorted(one.teams or ())]
    st.multiselect(
        "Teams", sorted(known.values(), key=str.casefold), mine, accept_new_options=True, key=f"hd_teams_{key}",
        placeholder="Choose, or type a new one",
    )  # fmt: skip
    st.checkbox("Every team", one.teams is None, key=f"hd_every_{key}")


def _put(repo: Repository, one: Member, key: str) -> None:
    """Keep what the fields say; what they leave out stays as it is."""
    mine = one.who == repo.member.who.casefold()
    role = st.session_state.get(f"hd_role_{key}") or ("admin" if mine else one.role or "viewer")
    teams = st.session_state.get(f"hd_teams_{key}", one.teams)
    repo.members.put(
        one.who, role=role, teams=None if st.session_state.get(f"hd_every_{key}") else teams, name=one.name
    )


def _one(repo: Repository, known: Known, everybody: Sequence[Known]) -> None:
    one, rules = known.member, repo.settings.sign_in
    st.html(f'<p class="hd-small">{links.link(links.address("members", {}), "Members")}</p>')
    title(one.name or one.who)
    about = joined(map(esc, (one.who if one.name else "", _role(one, rules), _teams(one, rules), _seen(known))))
    st.html(f'<p class="hd-meta">{about}</p>')
    _provider(rules)
    if not _decided(rules):
        with st.form(f"hd_member_{one.who}", border=False):
            _fields(repo, everybody, one, one.who)
            said = f"{one.who} is changed. It is written in the audit."
            st.form_submit_button("Save", type="primary", on_click=attempt, args=(_put, repo, one, one.who),
                                  kwargs={"said": said})  # fmt: skip
    programs(repo, one)
    mine = one.who == repo.member.who.casefold()
    if not mine and st.button("Let them in no longer", type="tertiary", icon=":material/person_remove:"):
        _remove(repo, one)


@st.dialog("Let them in no longer?")
def _remove(repo: Repository, one: Member) -> None:
    st.html(
        f"<p><b>{esc(one.name or one.who)}</b> {esc(_then(one, repo.settings.sign_in))}</p>"
        '<p class="hd-small">What they did stays, under their name. It is written in the audit.</p>'
    )
    with st.container(horizontal=True):
        said = {"said": f"{one.who} is no member any more."}
        if st.button("Remove them", type="primary", key="hd_remove", on_click=attempt,
                     args=(repo.members.remove, one.who), kwargs=said):  # fmt: skip
            st.query_params.clear()
            st.rerun()
        if st.button("Keep them"):
            st.rerun()


def _then(one: Member, rules: SignIn) -> str:
    """What comes of removing somebody, who may be let in by other ways."""
    if one.who in rules.admins:
        return "stays an admin by the settings (HEARD_ADMINS), and belongs to no team by this page any more."
    if rules.role_claim:
        return "is not listed here until they sign in again: whether they are let in, your identity provider decides."
    if rules.default_role:
        return f"is {_a(rules.default_role)} without a team from now on, like whoever can sign in."
    return "is not let in any more: nothing opens for them, and they are told whom to ask."


page()

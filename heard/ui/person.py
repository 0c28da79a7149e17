"""One participant: what they said over time, whether they may be asked, what they agreed to, and who they are."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date

import streamlit as st

from heard.ui import hits, links, session, words
from heard.ui.frame import heading, leave_word
from heard.ui.html import esc, joined
from research import dates
from research.contact import MARKS, Consent, Mark
from research.errors import HeardError, NotFound, Refused
from research.identity import Identity
from research.person import Contact, PersonSummary
from research.repository import Repository

_LATEST = 4  # passages that are shown
_MARKS = {"": "may be contacted", "do not contact": "do not contact", "opted out": "opted out"}
_IDENTITY = {
    "name": "Name",
    "email": "E-mail",
    "crm": "Id in your CRM",
    "note": "What else one has to know to reach them",
}


def page(repo: Repository, wanted: str) -> None:
    """The page of the participant `wanted`."""
    try:
        one = repo.people.one(wanted)
    except NotFound as error:
        _gone(str(error))
        return
    _head(one)
    said, about = st.columns([3, 2], gap="large")
    with said:
        _said(repo, one)
    with about:
        _plan(repo, one)
        _marks(repo, one)
        _consents(repo, one)
        _identity(repo, one)
    _end_of_page(repo, one)


def _end_of_page(repo: Repository, one: PersonSummary) -> None:
    with st.container(horizontal=True, key="hd-person-end"):
        inside = links.search({"participant": [one.pseudonym]})
        st.html(links.link(inside, "Search in all they said", style="hd-pill"), width="content")
        if st.button("Forget this person", icon=":material/delete_forever:", type="tertiary"):
            _forget(repo, one)


@st.dialog("Forget this person?")
def _forget(repo: Repository, one: PersonSummary) -> None:
    said = f"{words.count(one.passages, 'passage')} of {words.count(one.notes, 'note')}"
    st.html(
        f"<p>All that <b>{esc(one.pseudonym)}</b> said ({esc(said)}), their name, and everything that is known of them "
        "is erased from every file of the repository. In notes of several people the others keep what they said.</p>"
        '<p class="hd-small">It can’t be undone, and the same files don’t bring it back. That it was done is '
        "written in the audit.</p>"
    )
    typed = st.text_input(f"Type {one.pseudonym} to go on", key="hd_forget_typed")
    sure = typed.strip().casefold() == one.pseudonym.casefold()
    if st.button("Erase", type="primary", disabled=not sure, key="hd_forget"):
        with st.spinner("Erasing, and writing the files anew …"):
            try:
                done = repo.forget(one.pseudonym)
                erased = f"{words.count(done.notes_deleted, 'note')}, {words.count(done.passages, 'passage')}"
                leave_word(f"{done.pseudonym} is forgotten: {erased} erased.")
            except HeardError as error:
                leave_word(str(error))
        st.rerun()


def _head(one: PersonSummary) -> None:
    who = ", ".join(words.about("", one))
    tone = "hd-free" if one.standing.state == "free" else ""
    heard = ", ".join(filter(None, (words.heard_by(one), words.contacted(one))))
    now = _sentence(words.standing_why(one.standing, session.today()))
    st.html(
        f'<p class="hd-small">{links.link(links.people({}), "People")}</p>'
        f'<h1 class="hd-title">{esc(one.pseudonym)}{f", {esc(who)}" if who else ""}</h1>'
        f'<p class="hd-voices {tone}" role="status">{esc(now)}</p>'
        f'<p class="hd-meta">{esc(_sentence(heard))}{" Asked too often." if one.often else ""}</p>'
    )


# -- what they said ----------------------------------------------------------------------------------------------------


def _said(repo: Repository, one: PersonSummary) -> None:
    heading("What they said")
    latest = repo.search("", participant=one.pseudonym, limit=_LATEST, per_person=None) if one.passages else ()
    if len(latest):
        quotes = "".join(hits.quote(hit, 320, who=False) for hit in latest)
        st.html(f'<div class="hd-asides">{quotes}</div>')
    elif one.passages:
        st.html('<p class="hd-small">It is not shown, because their consent has ended.</p>')
    else:
        st.html('<p class="hd-small">Nothing yet: they stand on a roster and were never heard.</p>')
    if notes := repo.notes(participant=one.pseudonym):
        heading("Where they were heard")
        rows = "".join(
            f'<div class="hd-row"><div>{links.link(links.note(note.id), note.title, style="hd-study")}'
            f'<p class="hd-small">{esc(f"{note.team} / {note.study}")}</p></div>'
            f'<div class="hd-when"><span>{esc(dates.day(note.date))}</span></div></div>'
            for note in notes
        )
        st.html(f'<div class="hd-library">{rows}</div>')


# -- contact -----------------------------------------------------------------------------------------------------------


def _plan(repo: Repository, one: PersonSummary) -> None:
    heading("Contact", "Reserve a day, so that no other team asks too; or note a contact that has been.")
    teams = sorted({*repo.choices().teams}, key=str.casefold)
    st.date_input("Day", value=session.today(), key="hd_day", format="YYYY-MM-DD", on_change=_forget_refusal)
    left, right = st.columns(2)
    left.selectbox("Team", teams, index=None, accept_new_options=True, key="hd_plan_team", placeholder="Which team")
    right.text_input("What for", key="hd_purpose", placeholder="such as pricing test")
    refused = st.session_state.get("hd_refused", {})
    if refused.get("whom") != one.pseudonym:
        st.button(
            "Reserve this day", type="primary", key="hd_reserve", on_click=_reserve, args=(repo, one.pseudonym, False)
        )
    else:
        st.html(f'<p class="hd-notice" role="alert">{esc(refused["sentence"])}</p>')
        if refused["final"]:
            st.button("Another day", key="hd_other_day", on_click=_forget_refusal)
        else:
            st.text_input("Reason", key="hd_reason", placeholder="such as: asked us to call back")
            with st.container(horizontal=True):
                st.button(
                    "Override with a reason", type="primary", key="hd_override", on_click=_reserve,
                    args=(repo, one.pseudonym, True), help="The reason is written in the audit, with your name.",
                )  # fmt: skip
                st.button("Leave them in peace", type="tertiary", key="hd_leave", on_click=_forget_refusal)
    for contact in repo.people.contacts(one.pseudonym):
        _contact(repo, contact)


def _reserve(repo: Repository, pseudonym: str, override: bool) -> None:
    day: date = st.session_state["hd_day"]
    reason = st.session_state["hd_reason"] if override else ""
    try:
        repo.people.plan(
            pseudonym, day, team=(st.session_state.get("hd_plan_team") or "").strip(),
            purpose=st.session_state.get("hd_purpose", "").strip(), reason=reason,
        )  # fmt: skip
    except Refused as error:
        final = repo.people.one(pseudonym, day).standing.final
        st.session_state["hd_refused"] = {"whom": pseudonym, "sentence": str(error), "final": final}
    except HeardError as error:
        leave_word(str(error))
    else:
        _forget_refusal()
        st.session_state["hd_purpose"] = ""
        leave_word(f"{pseudonym} is reserved for {dates.day(day)}.")


def _forget_refusal() -> None:
    st.session_state.pop("hd_refused", None)
    st.session_state["hd_reason"] = ""


def _contact(repo: Repository, contact: Contact) -> None:
    what = joined(map(esc, (contact.team, contact.purpose, f"by {contact.by}" if contact.by else "")))
    reason = f"<br>although at rest: {esc(contact.reason)}" if contact.reason else ""
    with st.container(horizontal=True, key=f"hd-contact-{contact.number}", vertical_alignment="center"):
        st.html(f'<b>{esc(dates.day(contact.day))}</b><p class="hd-small">{what}{reason}</p>')
        st.button(
            "Take back", key=f"hd_unplan_{contact.number}", type="tertiary", on_click=_take_back, args=(repo, contact)
        )


def _take_back(repo: Repository, contact: Contact) -> None:
    try:
        repo.people.unplan(contact.number)
        leave_word(f"The contact on {dates.day(contact.day)} is taken back.")
    except HeardError as error:
        leave_word(str(error))


def _marks(repo: Repository, one: PersonSummary) -> None:
    now = one.standing.state if one.standing.state in MARKS else ""
    st.session_state["hd_mark"] = now

    def change() -> None:
        wanted: Mark | None = st.session_state["hd_mark"]
        if wanted is not None and wanted != now:
            try:
                repo.people.mark(one.pseudonym, wanted)
                leave_word(f"{one.pseudonym}: {_MARKS[wanted]}. It is written in the audit.")
            except HeardError as error:
                leave_word(str(error))

    st.pills(
        "What they said about being contacted", MARKS, format_func=_MARKS.__getitem__, key="hd_mark", on_change=change
    )


# -- consent -----------------------------------------------------------------------------------------------------------


def _consents(repo: Repository, one: PersonSummary) -> None:
    heading("Consent", "From the day on which none holds any more, what they said is not shown.")
    lines = "".join(f"<li>{esc(words.consent(given))}</li>" for given in one.consents)
    none = '<p class="hd-small">Nothing is written down.</p>'
    st.html(f'<ul class="hd-failed hd-small">{lines}</ul>' if lines else none)
    with st.container(horizontal=True):
        with st.popover("Write one down", icon=":material/add:"):
            st.date_input("Given on", value=session.today(), key="hd_given", format="YYYY-MM-DD")
            st.date_input("Holds until (empty: no end)", value=None, key="hd_expires", format="YYYY-MM-DD")
            st.text_input("For what", value="research", key="hd_scope")
            st.button("Save", type="primary", key="hd_consent", on_click=_agree, args=(repo, one.pseudonym))
        if _may_withdraw(one.consents) and st.button("Withdraw", type="tertiary", key="hd_withdraw"):
            _withdraw(repo, one)


def _agree(repo: Repository, pseudonym: str) -> None:
    given, expires = st.session_state["hd_given"], st.session_state["hd_expires"]
    scope = st.session_state["hd_scope"].strip() or "research"
    try:
        repo.people.consent(pseudonym, given=given, expires=expires, scope=scope)
        leave_word(f"The consent of {pseudonym} is written down.")
    except HeardError as error:
        leave_word(str(error))


def _may_withdraw(consents: tuple[Consent, ...]) -> bool:
    return not consents or any(given.withdrawn is None for given in consents)


@st.dialog("End their consent?")
def _withdraw(repo: Repository, one: PersonSummary) -> None:
    said = f"{words.count(one.passages, 'passage')} of {words.count(one.notes, 'note')}"
    st.html(
        f"<p>From today nothing that <b>{esc(one.pseudonym)}</b> said is shown any more ({esc(said)}), and nobody "
        "contacts them: no reason overrides that.</p>"
        '<p class="hd-small">It stays stored, and a new consent shows it again. It is written in the audit.</p>'
    )
    with st.container(horizontal=True):
        if st.button("End it today", type="primary", key="hd_withdrawn", on_click=_end, args=(repo, one.pseudonym)):
            st.rerun()
        if st.button("Leave it"):
            st.rerun()


def _end(repo: Repository, pseudonym: str) -> None:
    try:
        repo.people.withdraw(pseudonym)
        leave_word(f"The consent of {pseudonym} ended today.")
    except HeardError as error:
        leave_word(str(error))


# -- who they are ------------------------------------------------------------------------------------------------------


def _identity(repo: Repository, one: PersonSummary) -> None:
    heading("Who this is")
    seen: Identity | None = st.session_state.get("hd_seen", {}).get(one.pseudonym)
    if seen is None and one.identified:
        with st.container(horizontal=True, vertical_alignment="center"):
            st.button("Show who this is", key="hd_show", on_click=_show, args=(repo, one.pseudonym))
            beside = '<p class="hd-small">Looking is written in the audit, with your name.</p>'
            st.html(beside, width="content")
        return
    if seen is None:
        with st.popover("Say who this is", icon=":material/add:"):
            _edit(repo, one, Identity())
        return
    _edit(repo, one, seen)
    st.button("Hide", key="hd_hide", type="tertiary", on_click=lambda: st.session_state.pop("hd_seen", None))


def _show(repo: Repository, pseudonym: str) -> None:
    try:
        st.session_state["hd_seen"] = {pseudonym: repo.people.identity(pseudonym)}
    except HeardError as error:
        leave_word(str(error))


def _edit(repo: Repository, one: PersonSummary, known: Identity) -> None:
    def save() -> None:
        said = {what: st.session_state[f"hd_{what}_{one.pseudonym}"].strip() for what in asdict(known)}
        try:
            repo.people.identify(one.pseudonym, Identity(**said))
            st.session_state.pop("hd_seen", None)
            leave_word(f"Who {one.pseudonym} is, is stored sealed.")
        except HeardError as error:
            leave_word(str(error))

    with st.form(f"hd_identity_{one.pseudonym}", border=False):
        for what, value in asdict(known).items():
            st.text_input(_IDENTITY[what], value, key=f"hd_{what}_{one.pseudonym}")
        st.form_submit_button("Save who this is", on_click=save)


def _gone(sentence: str) -> None:
    st.html(
        '<h1 class="hd-title">This person is not here</h1>'
        f'<p class="hd-lead">{esc(sentence)}</p>'
        f"<p>{links.link(links.people({}), 'Everybody who is', style='hd-pill')}</p>"
    )


def _sentence(text: str) -> str:
    return f"{text[:1].upper()}{text[1:]}." if text else ""

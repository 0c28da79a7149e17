"""A person's page: days on which they are contacted, and what they said about being contacted at all."""

from __future__ import annotations

from datetime import date

import streamlit as st

from heard.ui import rights, session
from heard.ui.frame import attempt, heading, leave_word
from heard.ui.html import esc, joined
from research import dates
from research.contact import MARKS, Mark
from research.errors import HeardError, Refused
from research.person import Contact, PersonSummary
from research.repository import Repository

_MARKS = {"": "may be contacted", "do not contact": "do not contact", "opted out": "opted out"}


def box(repo: Repository, one: PersonSummary) -> None:
    """Contacts that are planned or were noted; for whoever may: reserve a day, take one back, and mark them."""
    may = rights.may(repo, "research")
    heading("Contact", "Reserve a day, so that no other team asks too; or note a contact that has been." if may else "")
    if may:
        _plan(repo, one)
    contacts = repo.people.contacts(one.pseudonym)
    for contact in contacts:
        _contact(repo, contact, may)
    if may:
        _marks(repo, one)
    elif not contacts:
        st.html('<p class="hd-small">None is planned.</p>')


def _plan(repo: Repository, one: PersonSummary) -> None:
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


def _contact(repo: Repository, contact: Contact, may: bool) -> None:
    what = joined(map(esc, (contact.team, contact.purpose, f"by {contact.by}" if contact.by else "")))
    reason = f"<br>although at rest: {esc(contact.reason)}" if contact.reason else ""
    with st.container(horizontal=True, key=f"hd-contact-{contact.number}", vertical_alignment="center"):
        st.html(f'<b>{esc(dates.day(contact.day))}</b><p class="hd-small">{what}{reason}</p>')
        if may:
            st.button(
                "Take back", key=f"hd_unplan_{contact.number}", type="tertiary", on_click=attempt,
                args=(repo.people.unplan, contact.number),
                kwargs={"said": f"The contact on {dates.day(contact.day)} is taken back."},
            )  # fmt: skip


def _marks(repo: Repository, one: PersonSummary) -> None:
    now = one.standing.state if one.standing.state in MARKS else ""
    st.session_state["hd_mark"] = now

    def change() -> None:
        wanted: Mark | None = st.session_state["hd_mark"]
        if wanted is not None and wanted != now:
            done = f"{one.pseudonym}: {_MARKS[wanted]}. It is written in the audit."
            attempt(repo.people.mark, one.pseudonym, wanted, said=done)

    st.pills(
        "What they said about being contacted", MARKS, format_func=_MARKS.__getitem__, key="hd_mark", on_change=change
    )

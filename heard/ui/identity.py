"""A person's page: who they are, shown on demand and stored sealed."""

from __future__ import annotations

from dataclasses import asdict

import streamlit as st

from heard.ui.frame import heading, leave_word
from research.errors import HeardError
from research.identity import Identity
from research.person import PersonSummary
from research.repository import Repository

_FIELDS = {
    "name": "Name",
    "email": "E-mail",
    "crm": "Id in your CRM",
    "note": "What else one has to know to reach them",
}


def box(repo: Repository, one: PersonSummary) -> None:
    """Who somebody is, on demand; or say it."""
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
            st.text_input(_FIELDS[what], value, key=f"hd_{what}_{one.pseudonym}")
        st.form_submit_button("Save who this is", on_click=save)

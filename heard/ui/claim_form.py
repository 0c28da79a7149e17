"""Writing a claim down: what is asked for in every place where one begins."""

from __future__ import annotations

import streamlit as st

from heard.ui.html import esc
from research.errors import HeardError
from research.insight import KINDS, Request
from research.repository import Repository


def fields(repo: Repository, prefix: str, *, team: str = "", request: bool = False) -> None:
    """The fields of a claim, and of the request that it comes from; what went wrong last time stands above them."""
    if error := st.session_state.get(f"{prefix}_error"):
        st.html(f'<p class="hd-notice" role="alert">{esc(error)}</p>')
    st.text_area(
        "What is asked for, as a claim" if request else "The claim, in a sentence",
        key=f"{prefix}_statement", height=80,
        placeholder="such as: Clinics share logins because seats cost too much",
    )  # fmt: skip
    if request:
        st.text_input("Who asks for it", key=f"{prefix}_by")
        st.text_area("What problem does this solve?", key=f"{prefix}_problem", height=80)
        st.text_area("How will we know?", key=f"{prefix}_proof", height=80)
    st.text_input(
        "What would somebody say who disagrees?", key=f"{prefix}_contrary",
        placeholder="in their words; Heard looks for who said so",
    )  # fmt: skip
    st.pills("What it is about", KINDS, default="customer", key=f"{prefix}_kind")
    teams = sorted({*repo.choices().teams, *([team] if team else [])}, key=str.casefold)
    st.selectbox(
        "Team", teams, index=teams.index(team) if team else None, accept_new_options=True, key=f"{prefix}_team",
        placeholder="Whose it is",
    )  # fmt: skip


def write_down(repo: Repository, prefix: str, *, request: bool = False) -> str:
    """Write down what was typed; returns its code, "" where it can't be, of which `fields` then says why."""
    typed = {
        name: (st.session_state.get(f"{prefix}_{name}") or "").strip()
        for name in ("statement", "by", "problem", "proof", "contrary", "kind", "team")
    }
    st.session_state.pop(f"{prefix}_error", None)
    try:
        return repo.insights.add(
            typed["statement"], kind=typed["kind"] or "customer", team=typed["team"], contrary=typed["contrary"],
            request=Request(typed["by"], typed["problem"], typed["proof"]) if request else None,
        )  # fmt: skip
    except HeardError as error:
        st.session_state[f"{prefix}_error"] = str(error)
        return ""

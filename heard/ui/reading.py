"""For which team one reads, what is noted of that, and what it comes to in words."""

from __future__ import annotations

import streamlit as st

from heard.ui import rights, words
from heard.ui.frame import attempt
from research.change import Direction
from research.repository import Repository
from research.reuse import Used

_DIRECTIONS: dict[Direction, str] = {"rising": "rising", "fading": "falling", "steady": "no clear change"}


def chooser(repo: Repository, key: str) -> str:
    """A box that says for which of one's teams one reads, and changes it; gives back the team, "" while there is
    none."""
    mine = repo.reuse.team
    known = list({name.casefold(): name for name in (*rights.own_teams(repo), mine) if name}.values())
    if repo.member.teams is not None and not known:
        ask = "Ask somebody who looks after Heard in your company."
        st.html(f'<p class="hd-small">You belong to no team yet. {ask}</p>')
        return mine
    st.session_state[key] = mine or None

    def join() -> None:
        if chosen := st.session_state[key]:
            attempt(repo.reuse.join, chosen)

    st.selectbox("You read for", known, key=key, placeholder="Choose your team", on_change=join)
    return mine


def opened(repo: Repository, note_id: str) -> None:
    """Note that a note was opened, once a view and not at every click in it."""
    if st.session_state.get("hd_opened") != note_id:
        st.session_state["hd_opened"] = note_id
        repo.reuse.note("opened", [note_id])


def trend(used: Used) -> str:
    """ "12 of 40 uses in October 2026 were of another team’s notes; in September 2026 5 of 38: rising."."""
    *earlier, last = used.months
    said = f"{last.across} of {words.count(last.uses, 'use')} in {last.month:%B %Y} were of another team’s notes"
    if not earlier:
        return f"{said}; there is no month before to hold it against."
    before = earlier[-1]
    then = f"{before.month:%B}" if before.month.year == last.month.year else f"{before.month:%B %Y}"
    return f"{said}; in {then} {before.across} of {before.uses}: {_DIRECTIONS[used.direction]}."

"""What whoever looks may do, so that a page offers nothing that would be refused, and says whom to ask for the rest."""

from __future__ import annotations

import streamlit as st

from heard.ui import links
from heard.ui.html import esc
from research.access import Right
from research.errors import Refused
from research.repository import Repository


def may(repo: Repository, right: Right, team: str = "") -> bool:
    """Whether they have a right, and belong to the team whose study it is about, where it is about one."""
    return repo.member.may(right) and (not team or repo.member.of(team))


def held(repo: Repository, right: Right) -> bool:
    """Whether they have the right that a page, or the rest of one, is for; where not, it says so and whom to ask."""
    try:
        repo.hold(right)
    except Refused as error:
        st.html(f'<p class="hd-voices">{esc(error)}</p>')
        return False
    return True


def own_teams(repo: Repository) -> list[str]:
    """The teams that they belong to, as the repository writes them: all that it knows, where they belong to all."""
    known = {name.casefold(): name for name in repo.choices().teams}
    mine = repo.member.teams
    named = known.values() if mine is None else {known.get(name.casefold(), name) for name in mine}
    return sorted(named, key=str.casefold)


def bring_in(repo: Repository, more: str = "") -> str:
    """The way to the upload, as HTML, with `more` links beside it; for whoever may not, who does that."""
    if not may(repo, "research"):
        return f'<p class="hd-small">Researchers put notes in; ask one of your team.</p>{more}'
    upload = links.link("upload", "Upload interviews or notes", style="hd-pill hd-strong")
    return f'<p class="hd-more">{upload} {more}</p>'

"""The tags of one passage, changed in place: a click tags or untags at once, and says who did what before."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from heard.ui import links, rights
from heard.ui.frame import attempt
from heard.ui.html import esc, md
from research.models import Passage, TagAssignment
from research.repository import Repository


def editor(repo: Repository, passage: Passage) -> None:
    """Pills of all tags, those of the passage pressed, for whoever may change them; beneath, who put each there and
    why."""
    if not rights.may(repo, "research"):
        with st.container(key="hd-tagging"):
            st.html(reasons(passage.tags))
        return
    key = f"hd_tags_{passage.id}"
    on = [assignment.tag for assignment in passage.tags]
    options = list(dict.fromkeys((*(tag.name for tag in repo.taxonomy.tags), *on)))
    st.session_state[key] = on

    def change() -> None:
        wanted = set(st.session_state[key])
        for tag in wanted - set(on):
            repo.tag(passage.id, tag)
        for tag in set(on) - wanted:
            repo.untag(passage.id, tag)

    with st.container(key="hd-tagging"):
        st.pills(
            "Tags of this passage", options, selection_mode="multi", format_func=md, key=key, on_change=attempt,
            args=(change,),
        )  # fmt: skip
        cite = links.address("note", {"id": passage.note_id, "passage": passage.id, "cite": passage.id})
        st.html(reasons(passage.tags) + links.link(cite, "as evidence", style="hd-act"))


def reasons(tags: Sequence[TagAssignment]) -> str:
    """Who tagged and why, a line each."""
    if not tags:
        return '<p class="hd-small">No tags yet. A tag that a person sets stays, whatever the tagger thinks later.</p>'
    lines = "".join(f"<li><b>{esc(given.tag)}</b> {esc(_why(given))}</li>" for given in tags)
    return f'<ul class="hd-reasons">{lines}</ul>'


def _why(given: TagAssignment) -> str:
    if given.source == "person":
        return f"set by a person{f': {given.reason}' if given.reason else ''}"
    return f"set by the tagger{f': {given.reason}' if given.reason else ''}"

"""A member's tokens: by which assistants and other programs read as them."""

from __future__ import annotations

from collections.abc import Mapping

import streamlit as st

from heard.ui import session, words
from heard.ui.frame import attempt, heading
from heard.ui.html import esc
from research.access import Member
from research.repository import Repository
from research.tokens import Token

_GOOD_FOR: Mapping[str, int | None] = {"30 days": 30, "90 days": 90, "a year": 365, "until it is taken away": None}
_MADE = "hd_token_made"


def programs(repo: Repository, one: Member) -> None:
    """The tokens there are, each to be taken away, and a form for another, which is shown once."""
    heading(
        "Programs that read as them",
        "An assistant or a script shows a token, and reads what they may read; it changes nothing. docs/beside.md says "
        "where to put it.",
    )
    for token in repo.tokens.all():
        if token.who == one.who:
            _row(repo, token)
    if not one.role:
        st.html(
            '<p class="hd-small">Your identity provider, which says what they are, is not asked when a program comes: '
            f"give them a role here first, with <code>heard members add {esc(one.who)} --role viewer</code>.</p>"
        )
        return
    with st.popover("Make a token", icon=":material/key:"), st.form(f"hd_token_{one.who}", border=False):
        st.text_input("What is it for?", key="hd_token_name", placeholder="such as: Lea’s assistant")
        st.selectbox("Good for", list(_GOOD_FOR), index=1, key="hd_token_days")
        st.form_submit_button("Make it", type="primary", on_click=attempt, args=(_make, repo, one))
    if secret := st.session_state.pop(_MADE, ""):
        _show(one, secret)


def _row(repo: Repository, token: Token) -> None:
    name, away = st.columns([3, 1], vertical_alignment="center")
    about = esc(words.token(token, session.today()))
    name.html(f'<p><b>{esc(token.name)}</b><br><span class="hd-small">{about}</span></p>')
    said = {"said": f"The token “{token.name}” lets nobody in any more. It is written in the audit."}
    away.button("Take it away", key=f"hd_token_{token.number}", type="tertiary", icon=":material/key_off:",
                on_click=attempt, args=(repo.tokens.remove, token.number), kwargs=said)  # fmt: skip


def _make(repo: Repository, one: Member) -> None:
    days = _GOOD_FOR[st.session_state["hd_token_days"]]
    st.session_state[_MADE] = repo.tokens.add(one.who, name=st.session_state["hd_token_name"], days=days)


@st.dialog("Copy the token now")
def _show(one: Member, secret: str) -> None:
    st.html(
        f"<p>It is shown this once and kept nowhere. Whoever has it reads what <b>{esc(one.name or one.who)}</b> may "
        "read.</p>"
    )
    st.code(secret, language=None, wrap_lines=True)
    st.html('<p class="hd-small">That it was made is written in the audit.</p>')

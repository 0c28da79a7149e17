"""A passage as evidence, from wherever it is shown: which insight does it speak for or against?"""

from __future__ import annotations

import streamlit as st

from heard.ui import claim_form, claims, hits, rights, session
from heard.ui.frame import attempt
from heard.ui.html import esc
from research.insight import SIGNS, Insight, Sign
from research.models import Hit
from research.repository import Repository

_NEAREST = 4  # insights that are offered at once; all others can be found by typing
LABELS: dict[Sign, str] = {"for": "For", "against": "Against"}
_NEW = "hd_cite_new"


def offer(repo: Repository) -> None:
    """Open the dialog when the address asks for a passage to be cited, for whoever may."""
    if (passage := session.param("cite")) and rights.may(repo, "research"):
        _dialog(repo, passage)


def _close() -> None:
    st.query_params.pop("cite", None)


@st.dialog("As evidence", width="medium", on_dismiss=_close)
def _dialog(repo: Repository, passage: str) -> None:
    if st.session_state.pop("hd_cited", False):
        st.rerun()
    (hit,) = repo.passages([passage]) or (None,)
    if hit is None:
        st.html("<p>This passage is not here any more; its note may have been updated.</p>")
        return
    st.html(hits.quote(hit, 320, in_a_line=True))
    nearest = repo.insights.nearest(hit)
    if nearest:
        st.html('<p class="hd-small">Which insight does it speak for or against? The nearest come first.</p>')
    for one in nearest[:_NEAREST]:
        _choice(repo, one, hit)
    if rest := {one.code: one for one in nearest[_NEAREST:]}:
        chosen = st.selectbox(
            "Another insight", list(rest), index=None, format_func=lambda code: rest[code].statement,
            key="hd_cite_other", placeholder="Another insight: type to find it", label_visibility="collapsed",
        )  # fmt: skip
        if chosen:
            _choice(repo, rest[chosen], hit)
    with st.expander("A new insight from this", expanded=not nearest, icon=":material/add:"):
        claim_form.fields(repo, _NEW, team=hit.team)
        st.button("Write it down, with this for it", type="primary", key=_NEW, on_click=_begin, args=(repo, hit))


def _choice(repo: Repository, one: Insight, hit: Hit) -> None:
    stands = next((line.sign for line in one.evidence if line.hit and line.hit.id == hit.id), None)
    with st.container(horizontal=True, wrap=False, key=f"hd-cite-{one.code}", vertical_alignment="center"):
        about = f"{claims.state(one)} · {claims.strength_in_short(one.strength)}"
        st.html(f'<p class="hd-question">{esc(one.statement)}</p><p class="hd-small">{esc(about)}</p>')
        for sign in SIGNS:
            st.button(
                LABELS[sign], key=f"hd_cite_{one.code}_{sign}", type="primary" if stands == sign else "secondary",
                on_click=_link, args=(repo, one, hit.id, sign),
            )  # fmt: skip


def _link(repo: Repository, one: Insight, passage: str, sign: Sign) -> None:
    attempt(repo.insights.link, one.code, passage, sign, said=f"Linked: it speaks {sign} “{one.statement}”")
    _done()


def _begin(repo: Repository, hit: Hit) -> None:
    if code := claim_form.write_down(repo, _NEW):
        said = f"{code} is written down, with this for it."
        attempt(repo.insights.link, code, hit.id, "for", said=said)
        _done()


def _done() -> None:
    """Close the dialog: with its next run it runs the whole page, whose address asks for nothing any more."""
    _close()
    st.session_state["hd_cited"] = True

"""Insights: what do we hold to be true, and on whose words?"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import streamlit as st

from heard.ui import claim_form, claims, links, rights, session
from heard.ui.frame import frame
from heard.ui.html import esc, joined, md
from research.dates import day
from research.insight import STATES, Insight
from research.repository import Repository

_INSIGHT = Path(__file__).with_name("insight.py")
_NEW, _REQUEST = "hd_new", "hd_request"
_MANY = {"supported": "supported", "refuted": "refuted", "hypothesis": "hypotheses", "stale": "stale"}
_LEAD = (
    "A claim begins as a hypothesis and is decided by what people said. How strong its evidence is follows from who "
    "speaks for it: how many people, of how many accounts, to how many teams, and how many say otherwise."
)


def page() -> None:
    """All insights, narrowed by what the address says."""
    with frame("narrow"):
        repo = session.repository()
        narrow = {name: session.param(name) for name in ("state", "team", "kind")}
        everything = repo.insights.all()
        st.html(f'<h1 class="hd-title">Insights</h1><p class="hd-lead">{esc(_LEAD)}</p>')
        if may := rights.may(repo, "research"):
            _begin(repo)
        if not everything:
            how = (
                " Write one down, or begin with a customer’s words: search, and choose “as evidence” beside a passage."
            )
            st.html(f'<p class="hd-small hd-empty">None yet.{how if may else ""}</p>')
            return
        _filters(everything, narrow)
        if any(narrow.values()):
            _list(repo.insights.all(state=narrow["state"], team=narrow["team"], kind=narrow["kind"]))
        else:
            _list(everything)


def _begin(repo: Repository) -> None:
    with st.container(horizontal=True, key="hd-insights-new"):
        if st.button("New insight", icon=":material/add:", type="primary", key="hd_add"):
            _new(repo)
        if st.button("New request", icon=":material/add:", key="hd_ask", help="What a stakeholder asks for"):
            _request(repo)


def _filters(everything: Sequence[Insight], narrow: dict[str, str]) -> None:
    states = Counter(one.standing.state for one in everything)
    pills = [_pill("All", narrow, state="")]
    pills += [_pill(f"{states[one]} {_MANY[one]}", narrow, state=one) for one in STATES if states[one]]
    st.html(f'<nav class="hd-pills" aria-label="State">{"".join(pills)}</nav>')
    teams = sorted({one.team for one in everything if one.team} | {narrow["team"]} - {""}, key=str.casefold)
    kinds = sorted({one.kind for one in everything} | {narrow["kind"]} - {""})
    with st.container(horizontal=True, key="hd-filters", gap="small"):
        for name, label, there in (("team", "Team", teams), ("kind", "Kind", kinds)):
            with st.popover(f"{label}: {md(narrow[name])}" if narrow[name] else label, key=f"hd-open-{name}"):
                chosen = [_pill("All", narrow, **{name: ""}), *(_pill(one, narrow, **{name: one}) for one in there)]
                st.html(f'<nav class="hd-pills" aria-label="{label}">{"".join(chosen)}</nav>')


def _pill(label: str, narrow: dict[str, str], **changed: str) -> str:
    new = {**narrow, **changed}
    style = "hd-pill hd-on" if new == narrow else "hd-pill"
    return links.link(links.insights(**new), label, style=style)


def _list(found: Sequence[Insight]) -> None:
    if not found:
        everything = links.link(links.insights(), "Show all", style="hd-pill")
        st.html(f'<p class="hd-voices" role="status">No insight is like that.</p><p class="hd-more">{everything}</p>')
        return
    st.html(f'<div class="hd-library hd-claims">{"".join(map(_row, found))}</div>')


def _row(one: Insight) -> str:
    about = joined(map(esc, (claims.strength_in_short(one.strength), one.kind, one.team)))
    asked = f"asked for by {one.request.by}" if one.request and one.request.by else ""
    late = claims.why(one) if one.standing.reasons else ""
    more = "".join(f'<p class="hd-small">{esc(line)}</p>' for line in (late, asked) if line)
    return (
        f'<div class="hd-row"><div>{links.link(links.insight(one.code), one.statement, style="hd-study")}'
        f'<p class="hd-small">{about}</p>{more}</div>'
        f'<div class="hd-when">{claims.badge(one)}'
        f'<p class="hd-small">{esc(day(one.changed.date()))}</p></div></div>'
    )


@st.dialog("A new insight", width="medium")
def _new(repo: Repository) -> None:
    claim_form.fields(repo, _NEW)
    _save(repo, _NEW, request=False)


@st.dialog("A new request", width="medium")
def _request(repo: Repository) -> None:
    st.html('<p class="hd-small">It comes in as a hypothesis, with the two questions that every request answers.</p>')
    claim_form.fields(repo, _REQUEST, request=True)
    _save(repo, _REQUEST, request=True)


def _save(repo: Repository, prefix: str, *, request: bool) -> None:
    def write_down() -> None:
        st.session_state[f"{prefix}_code"] = claim_form.write_down(repo, prefix, request=request)

    st.button("Write it down", type="primary", key=f"{prefix}_save", on_click=write_down)
    if code := st.session_state.pop(f"{prefix}_code", ""):
        st.switch_page(_INSIGHT, query_params={"id": code})


page()

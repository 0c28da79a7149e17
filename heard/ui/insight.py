"""One insight: the claim and what it is by now, who speaks for and against it, what should move, what comes next."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import streamlit as st

from heard.ui import claims, evidence, links, rights, session, taken, words
from heard.ui.frame import attempt, heading
from heard.ui.html import esc, joined
from research import dates
from research.errors import NotFound
from research.insight import DECIDED, KINDS, REVIEW, Event, Insight
from research.repository import Repository

_LIST = Path(__file__).parent / "pages" / "insights.py"


def page(repo: Repository, wanted: str) -> None:
    """The page of the insight `wanted`."""
    try:
        one = repo.insights.one(wanted)
    except NotFound as error:
        _gone(str(error))
        return
    _head(one)
    may = rights.may(repo, "research")
    if may:
        _acts(repo, one)
    evidence.both_sides(repo, one)
    taken.of_insight(repo, one)
    moves, step = st.columns(2, gap="large")
    with moves:
        _outcome(repo, one, may)
    with step:
        _kata(repo, one, may)
    if may:
        evidence.to_judge(repo, one)
    _end(repo, one, repo.insights.history(one.code), may)


def _head(one: Insight) -> None:
    today = session.today()
    why = claims.why(one)
    review = f"to be looked at again by {dates.day(one.review)}"
    about = joined(map(esc, (one.kind, one.team, f"owner {one.owner}", review, one.code)))
    st.html(
        f'<p class="hd-small">{links.link(links.insights(), "Insights")}</p>'
        f'<h1 class="hd-title hd-claim">{esc(one.statement)}</h1>'
        f'<p class="hd-voices" role="status">{claims.badge(one)} {esc(claims.strength(one.strength, today))}</p>'
        + (f'<p class="hd-why-so">{esc(why)}</p>' if why else "")
        + _asked_for(one)
        + f'<p class="hd-meta">{about}</p>'
    )


def _asked_for(one: Insight) -> str:
    if not one.request:
        return ""
    by = f'<p class="hd-small">Asked for by {esc(one.request.by)}</p>' if one.request.by else ""
    return (
        f'{by}<dl class="hd-facts hd-request"><dt>What problem does this solve?</dt><dd>{esc(one.request.problem)}</dd>'
        f"<dt>How will we know?</dt><dd>{esc(one.request.proof)}</dd></dl>"
    )


# -- its life ----------------------------------------------------------------------------------------------------------


def _acts(repo: Repository, one: Insight) -> None:
    with st.container(horizontal=True, key="hd-insight-acts"):
        with st.popover("Decide", icon=":material/gavel:"):
            _decide(repo, one)
        with st.popover("Look at it again", icon=":material/event_repeat:"):
            _review(repo, one)
        with st.popover("Put it in other words", icon=":material/edit:"):
            _change(repo, one)


def _decide(repo: Repository, one: Insight) -> None:
    def decide() -> None:
        decided, why = st.session_state[f"hd_decided_{one.code}"] or one.decided, st.session_state[f"hd_why_{one.code}"]
        attempt(repo.insights.decide, one.code, decided, why, said=f"It is {decided} now, with your reason.")

    st.pills("By what people said, it is", DECIDED, default=one.decided, key=f"hd_decided_{one.code}")
    st.text_area("Why, for whoever reads it next year", key=f"hd_why_{one.code}", height=80)
    st.button("Decide", type="primary", key=f"hd_decide_{one.code}", on_click=decide)


def _review(repo: Repository, one: Insight) -> None:
    def looked() -> None:
        day: date = st.session_state[f"hd_review_{one.code}"]
        said = f"It was looked at, and is to be again by {dates.day(day)}."
        attempt(repo.insights.review, one.code, day, said=said)

    st.html('<p class="hd-small">After that day it is called stale until somebody has looked at it.</p>')
    st.date_input(
        "By when to look at it again", session.today() + REVIEW, key=f"hd_review_{one.code}", format="YYYY-MM-DD"
    )
    st.button("I looked at it today", type="primary", key=f"hd_looked_{one.code}", on_click=looked)


def _change(repo: Repository, one: Insight) -> None:
    def change() -> None:
        names = ("statement", "contrary", "kind", "team", "owner")
        typed = {name: st.session_state[f"hd_change_{name}_{one.code}"] for name in names}
        typed["kind"] = typed["kind"] or one.kind  # pills can be let go of
        attempt(repo.insights.change, one.code, **typed, said="The claim is changed; its history keeps what it was.")

    with st.form(f"hd_change_{one.code}", border=False):
        st.text_area("The claim", one.statement, key=f"hd_change_statement_{one.code}", height=80)
        st.text_area(
            "What would somebody say who disagrees?", one.contrary, key=f"hd_change_contrary_{one.code}", height=80
        )
        st.pills("What it is about", KINDS, default=one.kind, key=f"hd_change_kind_{one.code}")
        st.text_input("Team", one.team, key=f"hd_change_team_{one.code}")
        st.text_input("Owner", one.owner, key=f"hd_change_owner_{one.code}")
        st.form_submit_button("Save", type="primary", on_click=change)


# -- what follows ------------------------------------------------------------------------------------------------------


def _outcome(repo: Repository, one: Insight, may: bool) -> None:
    heading("What should move")
    said = one.outcome
    if said:
        happened = claims.happened(said, session.today())
        late = " hd-late" if said.due(session.today()) else ""
        told = f'<p class="hd-small{late}">{esc(happened)}</p>' if happened else ""
        st.html(f'<p class="hd-said-plain">{esc(claims.outcome(said))}</p>{told}')
    else:
        st.html('<p class="hd-small">Nobody has said yet what should move if this is right.</p>')
    if not may:
        return

    def save() -> None:
        named = {name: st.session_state[f"hd_outcome_{name}_{one.code}"] for name in ("before", "target", "by")}
        attempt(repo.insights.outcome, one.code, st.session_state[f"hd_outcome_metric_{one.code}"], **named)

    def happened_now() -> None:
        attempt(repo.insights.happened, one.code, st.session_state[f"hd_happened_{one.code}"])

    with st.container(horizontal=True, key="hd-outcome-acts"):
        label = "Change" if said else "Say what should"
        with (
            st.popover(label, icon=":material/edit:", type="tertiary"),
            st.form(f"hd_outcome_{one.code}", border=False),
        ):
            st.text_input("What should move", said.metric, key=f"hd_outcome_metric_{one.code}")
            left, right = st.columns(2)
            left.text_input("From", said.before, key=f"hd_outcome_before_{one.code}")
            right.text_input("To", said.target, key=f"hd_outcome_target_{one.code}")
            st.date_input("By when", said.by, key=f"hd_outcome_by_{one.code}", format="YYYY-MM-DD")
            st.form_submit_button("Save", type="primary", on_click=save)
        if said:
            with st.popover("What happened", icon=":material/flag:", type="tertiary"):
                st.text_area("What happened to it", said.happened, key=f"hd_happened_{one.code}", height=80)
                st.button("Save", type="primary", key=f"hd_happened_save_{one.code}", on_click=happened_now)


def _kata(repo: Repository, one: Insight, may: bool) -> None:
    heading("The next step")
    rows = "".join(
        f"<dt>{esc(label)}</dt><dd>{esc(getattr(one.kata, name)) or '–'}</dd>" for name, label in claims.KATA.items()
    )
    if one.kata:
        st.html(f'<dl class="hd-facts hd-kata">{rows}</dl>')
    else:
        st.html('<p class="hd-small">Nobody has said yet where we are, and what we try next.</p>')
    if not may:
        return

    def save() -> None:
        attempt(
            repo.insights.kata,
            one.code,
            **{name: st.session_state[f"hd_kata_{name}_{one.code}"] for name in claims.KATA},
        )

    label = "Change" if one.kata else "Say what comes next"
    with st.popover(label, icon=":material/edit:", type="tertiary"), st.form(f"hd_kata_{one.code}", border=False):
        for name, asked in claims.KATA.items():
            st.text_area(asked, getattr(one.kata, name), key=f"hd_kata_{name}_{one.code}", height=80)
        st.form_submit_button("Save", type="primary", on_click=save)


# -- the end of the page -----------------------------------------------------------------------------------------------


def _end(repo: Repository, one: Insight, history: list[Event], may: bool) -> None:
    lines = "".join(f"<li>{esc(claims.event(done))}</li>" for done in history)
    st.html(
        f'<details class="hd-origins hd-history"><summary>What was done with it '
        f"({words.count(len(history), 'line')})</summary><ul>{lines}</ul></details>"
    )
    with st.container(horizontal=True, key="hd-note-end"):
        if may and st.button("Remove this insight", type="tertiary", icon=":material/delete:"):
            _remove(repo, one)


@st.dialog("Remove this insight?")
def _remove(repo: Repository, one: Insight) -> None:
    st.html(
        f"<p><b>{esc(one.statement)}</b> will be gone, with its evidence and its history.</p>"
        '<p class="hd-small">It can’t be undone. A claim that proved wrong is better kept as refuted, so that nobody '
        "begins it again.</p>"
    )
    with st.container(horizontal=True):
        said = f"{one.code} is removed."
        if st.button("Remove it", type="primary", key="hd_remove", on_click=attempt,
                     args=(repo.insights.remove, one.code), kwargs={"said": said}):  # fmt: skip
            st.switch_page(_LIST)
        if st.button("Keep it"):
            st.rerun()


def _gone(sentence: str) -> None:
    st.html(
        '<h1 class="hd-title">This insight is not here</h1>'
        f'<p class="hd-lead">{esc(sentence)}</p>'
        f"<p>{links.link(links.insights(), 'All insights', style='hd-pill')}</p>"
    )

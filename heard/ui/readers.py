"""Who reads a study: said wherever something of it is shown, and changed on its page."""

from __future__ import annotations

from datetime import timedelta

import streamlit as st

from heard.ui import rights, session, words
from heard.ui.frame import attempt
from heard.ui.html import esc
from research import dates
from research.models import StudySummary
from research.phrases import Kept
from research.repository import Repository

_LEAST = timedelta(days=1)
_CLOSED = (
    "Nobody else finds its passages, its people where they were heard nowhere else, or anything counted from them: not "
    "in searches, checks, briefs or lists. Themes leave its passages out, for {team} too. What others see still: how "
    "often its participants were contacted, so that nobody asks them too often, and the wording of insights, which is "
    "what people wrote."
)
_OPEN = "Everybody who may read at all finds its passages, people and notes from now on."


def mark(what: Kept) -> str:
    """Who alone reads something, as a small word of HTML that one does not overlook; "" where everybody does."""
    said = words.read_by(what)
    return f'<span class="hd-closed">{esc(said[:1].upper() + said[1:])}</span>' if said else ""


def of_study(repo: Repository, study: StudySummary) -> None:
    """Who reads a study, and for whoever may: a choice that says what comes of it before it is made."""
    with st.container(horizontal=True, vertical_alignment="center", key="hd-readers"):
        st.html(f'<p class="hd-small">{mark(study) or "Everybody reads this study."}</p>', width="content")
        if rights.may(repo, "research", study.team):
            with st.popover("Who reads it", icon=":material/visibility:"):
                _choice(repo, study)


def _choice(repo: Repository, study: StudySummary) -> None:
    everybody, team, until = "Everybody", f"Only {study.team}", f"Only {study.team}, until a day"
    now = everybody if not study.closed else until if study.opens else team
    chosen = st.radio("Who reads this study", (everybody, team, until), (everybody, team, until).index(now),
                      key=f"hd_readers_{study.id}")  # fmt: skip
    day = None
    if chosen == until:
        tomorrow = session.today() + _LEAST
        day = st.date_input(
            "From that day on everybody reads it", study.opens if study.closed else None, min_value=tomorrow,
            key=f"hd_opens_{study.id}", format="YYYY-MM-DD",
        )  # fmt: skip
    told = _OPEN if chosen == everybody else _CLOSED.format(team=study.team)
    st.html(f'<p class="hd-small">{esc(told)} It is written in the audit.</p>')

    def save() -> None:
        if chosen == everybody:
            attempt(repo.open_to_all, study.team, study.title, said="Everybody reads this study from now on.")
        else:
            said = f"Only {study.team} reads this study{f' until {dates.day(day)}' if day else ' from now on'}."
            attempt(repo.keep_to_team, study.team, study.title, until=day, said=said)

    same = chosen == now and (chosen != until or day == study.opens)
    st.button("Change who reads it", type="primary", disabled=same or (chosen == until and day is None), on_click=save,
              key=f"hd_share_{study.id}")  # fmt: skip

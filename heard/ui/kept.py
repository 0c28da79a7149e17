"""What a team keeps an eye on, on the pages: searches that it follows, and questions that a check left open."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Literal

import streamlit as st

from heard.ui import reading, session, verdicts, words
from heard.ui.ask import Ask
from heard.ui.frame import attempt
from heard.ui.html import esc
from research.check import Check
from research.kept import Question, SavedSearch
from research.repository import Repository

_SHOWN = 30  # questions that are listed; `heard questions` lists all


def offer_to_follow(repo: Repository, ask: Ask) -> None:
    """A button that follows a search for the team that one reads for; without a team, one says first which it is."""
    if not ask.q.strip() or ask.note or ask.participant:
        return
    query, team = ask.typed(), repo.reuse.team
    with st.container(horizontal=True, key="hd-follow", vertical_alignment="center"):
        if not team:
            with st.popover("Follow this search", icon=":material/notifications:"):
                reading.chooser(repo, "hd_follow_team")
                st.html('<p class="hd-small">What others hear on it will be in your team’s digest.</p>')
        elif any(one.query == query for one in repo.kept.searches(team)):
            st.html(f'<p class="hd-small">{esc(team)} follows this search.</p>', width="content")
            drop = partial(repo.kept.unfollow, team, query)
            _button("Follow it no longer", "hd_unfollow", drop, "notifications_off", quiet=True)
        else:
            done = f"{team} follows this search: what others hear on it will be in its digest."
            _button("Follow this search", "hd_follow", partial(repo.kept.follow, team, query), "notifications", done)


def followed(repo: Repository, team: str, searches: Sequence[SavedSearch]) -> None:
    """The searches that a team follows, each to be let go."""
    if searches:
        st.html(f'<h3 class="hd-guide">{esc(team)} follows</h3>')
    for number, one in enumerate(searches):
        with st.container(horizontal=True, key=f"hd-followed-{number}", vertical_alignment="center"):
            st.html(f'<p class="hd-small">{esc(one.query)}</p>', width="content")
            drop = partial(repo.kept.unfollow, team, one.query)
            _button("Follow it no longer", f"hd_unfollow_{number}", drop, "notifications_off", quiet=True)


def offer_to_keep(repo: Repository, check: Check) -> None:
    """A button that keeps the open questions of a check."""
    lines = [one.line for one in check if one.verdict == "open"]
    if not lines:
        return
    with st.container(horizontal=True, key="hd-keep", vertical_alignment="bottom"):
        team = repo.reuse.team or reading.chooser(repo, "hd_keep_team")
        label = "Keep the open question" if len(lines) == 1 else f"Keep the {len(lines)} open questions"
        keep = partial(repo.kept.keep_questions, lines, team=team)
        done = f"{words.count(len(lines), 'open question')} kept for {team}."
        _button(label, "hd_keep", keep, "push_pin", done, disabled=not team)


def questions(repo: Repository) -> None:
    """The questions that were kept for the team that one reads for (for any, without one), and what is known today."""
    kept = repo.kept.questions(team=repo.reuse.team)
    label = f"{words.count(len(kept), 'kept question')}" if kept else "Kept questions"
    # A key of its own while it is empty: else it would stay shut, as it was, when the first is kept.
    with st.expander(label, expanded=bool(kept), key="hd-kept" if kept else "hd-kept-none"):
        if not kept:
            st.html('<p class="hd-small">What a check leaves open can be kept, to see when it is answered.</p>')
        shown, today = kept[:_SHOWN], repo.now().date()
        for one, verdict in zip(shown, _today(repo, shown), strict=True):
            said = f"{verdicts.kept(one)} {verdicts.who(verdict, today)}"
            st.html(
                f'<article><span class="hd-verdict hd-{verdict.verdict}">{verdicts.SINCE[verdict.verdict]}</span>'
                f'<p class="hd-question">{esc(one.line)}</p><p class="hd-small">{esc(said)}</p></article>'
            )
            drop = partial(repo.kept.drop_question, one.number)
            _button("Let it go", f"hd_let_{one.number}", drop, "close", quiet=True)
        if left := len(kept) - len(shown):
            st.html(f'<p class="hd-small">{left} more: <code>heard questions</code> lists them all.</p>')


def _today(repo: Repository, kept: Sequence[Question]) -> Check:
    """What is known of the questions."""
    lines = tuple(one.line for one in kept)
    return session.once("hd_kept_found", lines, lambda: repo.check(lines))


def _button(
    label: str,
    key: str,
    do: Callable[[], None],
    icon: str,
    done: str = "",
    *,
    quiet: bool = False,
    disabled: bool = False,
) -> None:
    kind: Literal["tertiary", "secondary"] = "tertiary" if quiet else "secondary"
    st.button(
        label, key=key, type=kind, icon=f":material/{icon}:", disabled=disabled, on_click=attempt, args=(do,),
        kwargs={"said": done},
    )  # fmt: skip

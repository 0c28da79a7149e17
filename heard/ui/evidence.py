"""Who speaks for an insight and who against it, and what nobody has judged yet."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from heard.ui import claims, hits, rights, session
from heard.ui.citing import LABELS
from heard.ui.frame import attempt, heading
from heard.ui.html import esc
from research.insight import SIGNS, Evidence, Insight, Sign
from research.models import Hit
from research.repository import Repository

_AT_ONCE = 3  # passages of each list that are shown to be judged; the next come as these are
_LENGTH = 420  # characters of a quote, give or take a sentence
_SHOWN = 5  # passages of each side that are shown at once
_OTHER: dict[Sign, Sign] = {"for": "against", "against": "for"}


def both_sides(repo: Repository, one: Insight) -> None:
    """The evidence side by side, each with what one can do with it; what is withdrawn is a line without words."""
    sides = st.columns(2, gap="large")
    for side, sign in zip(sides, SIGNS, strict=True):
        with side:
            lines = one.of(sign)
            there = [line for line in lines if line.hit]
            heading(f"Speaks {sign} it")
            if not lines:
                st.html('<p class="hd-small">Nobody yet.</p>')
            for line in there[:_SHOWN]:
                _line(repo, one, line)
            if there[_SHOWN:]:
                with st.expander(f"{len(there) - _SHOWN} more"):
                    for line in there[_SHOWN:]:
                        _line(repo, one, line)
            _withdrawn(repo, one, [line for line in lines if not line.hit])


def _line(repo: Repository, one: Insight, line: Evidence) -> None:
    assert line.hit is not None
    other = _OTHER[line.sign]
    with st.container(key=f"hd-evidence-{line.number}", gap=None):
        st.html(hits.quote(line.hit, _LENGTH, in_a_line=True))
        if not rights.may(repo, "research"):
            return
        with st.container(horizontal=True, gap="small"):
            st.button(
                f"Speaks {other} it", key=f"hd_turn_{line.number}", type="tertiary", on_click=attempt,
                args=(repo.insights.link, one.code, line.hit.id, other),
            )  # fmt: skip
            st.button(
                "Take away", key=f"hd_unlink_{line.number}", type="tertiary", on_click=attempt,
                args=(repo.insights.unlink, one.code, line.number),
            )  # fmt: skip


def _withdrawn(repo: Repository, one: Insight, lines: Sequence[Evidence]) -> None:
    if not lines:
        return
    st.html(f'<p class="hd-small">{esc(claims.withdrawn(len(lines)))}</p>')

    def clear() -> None:
        for line in lines:
            attempt(repo.insights.unlink, one.code, line.number)

    if rights.may(repo, "research"):
        st.button("Take these lines away", key=f"hd_clear_{lines[0].sign}", type="tertiary", on_click=clear)


def to_judge(repo: Repository, one: Insight) -> None:
    """Passages that may be evidence: like the claim, and like what somebody would say who disagrees."""
    found = session.once("hd_suggested", one.code, lambda: repo.insights.suggested(one.code, limit=_AT_ONCE))
    heading(
        "For you to judge",
        "Passages that come near. What they are near to says what they are about, not on which side they stand.",
    )
    near, far = st.columns(2, gap="large")
    with near:
        st.html('<h3 class="hd-guide">Said like the claim</h3>')
        _candidates(repo, one, found.alike)
    with far:
        st.html('<h3 class="hd-guide">Said like somebody who disagrees</h3>')
        if one.contrary:
            st.html(f'<p class="hd-small">Looked for: {esc(one.contrary)}</p>')
            _candidates(repo, one, found.otherwise)
        else:
            _ask_for_contrary(repo, one)


def _candidates(repo: Repository, one: Insight, found: Sequence[Hit]) -> None:
    if not found:
        st.html('<p class="hd-small">Nothing that nobody has judged yet comes close.</p>')
    for hit in found:
        with st.container(key=f"hd-judge-{hit.id}", gap=None):
            st.html(hits.quote(hit, _LENGTH, in_a_line=True))
            with st.container(horizontal=True, gap="small"):
                for sign in SIGNS:
                    st.button(
                        LABELS[sign], key=f"hd_judge_{sign}_{hit.id}", on_click=attempt,
                        args=(repo.insights.link, one.code, hit.id, sign),
                    )  # fmt: skip
                st.button(
                    "Neither", key=f"hd_judge_neither_{hit.id}", type="tertiary", on_click=attempt,
                    args=(repo.insights.dismiss, one.code, hit.id),
                )  # fmt: skip


def _ask_for_contrary(repo: Repository, one: Insight) -> None:
    def look() -> None:
        attempt(repo.insights.change, one.code, contrary=st.session_state[f"hd_contrary_{one.code}"])

    st.text_area(
        "What would somebody say who disagrees?", key=f"hd_contrary_{one.code}", height=80, on_change=look,
        placeholder="in their words, such as: The price is fine, everybody here has a login",
    )  # fmt: skip
    st.button("Look for who said so", key="hd_look", on_click=look)

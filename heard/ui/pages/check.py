"""Before you ask: must we ask? A pasted guide, line by line, with what was heard before."""

from __future__ import annotations

from datetime import date
from typing import Any

import streamlit as st

from heard import check_document
from heard.ui import checked, kept, lists, rights, session, verdicts
from heard.ui.ask import number
from heard.ui.downloads import Document, downloads
from heard.ui.frame import frame, leave_word, title
from heard.ui.html import esc
from heard.ui.lists import Asked
from ingest.guide import FORMATS, MOST, Guide, as_text, parse_guide, read_guide
from ingest.models import ReadOptions, Source
from research.check import Check
from research.errors import HeardError
from research.person import Asking
from research.repository import Repository

_DAYS = {30: "Last 30 days", 90: "Last 90 days", 180: "Last 180 days", 365: "Last 365 days"}
_EXAMPLE = "How do you prepare the monthly numbers?\nDo people share a login, and why?\nCustomers want a dark mode"
_OURS = ("text", "list", "team", "days")


def page() -> None:
    """A form on the left writes the address; on the right is what it asks."""
    with frame("wide"):
        repo = session.repository()
        title("Before you ask", "Paste what you are about to ask. See what was heard before, and what is left to ask.")
        choices = repo.choices()
        if not choices.studies:
            st.html(f'<p class="hd-voices">Nothing was heard yet: this repository is empty.</p>{rights.bring_in(repo)}')
            return
        asked = _asked()
        left, right = st.columns([2, 3], gap="large")
        with left, st.container(key="hd-side"):
            _form(asked, choices.teams)
            kept.questions(repo)
        with right:
            if asked.text.strip():
                _answer(repo, asked)
            else:
                st.html(
                    '<p class="hd-small">An interview guide, survey questions, hypotheses, a request: each line gets '
                    "a verdict, with the people who stand behind it and their words. Headings and asides stay where "
                    f"they are and are not judged. Up to {MOST} lines; your list is not put into the repository.</p>"
                )


def _asked() -> Asked:
    given = lists.text(session.param("text"), session.param("list"))
    if given is None:
        st.warning("This list is not kept here any more. Paste it again.", icon=":material/info:")
    elif not given and not any(name in st.query_params for name in _OURS):
        given = st.session_state.get("hd_check_last", "")
    days = session.param("days")
    return Asked(
        given or "",
        tuple(st.query_params.get_all("team")),
        number(days) if number(days) in _DAYS else None,
    )


def _form(asked: Asked, teams: tuple[str, ...]) -> None:
    if st.session_state.get("hd_check_of") != asked:  # another address: the form shows what it asks
        st.session_state["hd_check_of"] = asked
        st.session_state["hd_check_text"] = asked.text
        st.session_state["hd_check_teams"] = [team for team in asked.teams if team in teams]
        st.session_state["hd_check_days"] = asked.days
    for name, value in (("text", asked.text), ("teams", list(asked.teams)), ("days", asked.days)):
        st.session_state.setdefault(f"hd_check_{name}", value)
    with st.container(key="hd-check-text"):
        st.text_area("Your list", key="hd_check_text", height=360, placeholder=_EXAMPLE)
    st.button("Check", type="primary", key="hd_check_go", on_click=_check)
    with st.expander("From a file, or of some teams only"):
        st.file_uploader(
            "A file with a line for each question", type=[form[1:] for form in FORMATS], key="hd_check_file",
            on_change=_take_file, max_upload_size=ReadOptions().max_bytes >> 20,
        )  # fmt: skip
        if len(teams) > 1:
            st.multiselect("Heard by", teams, key="hd_check_teams", placeholder="Any team")
        st.selectbox(
            "When", list(_DAYS), key="hd_check_days", index=None, placeholder="Any time",
            format_func=lambda days: _DAYS[days],
        )  # fmt: skip


def _check() -> None:
    """Put what the form says into the address."""
    text = st.session_state["hd_check_text"]
    st.session_state["hd_check_last"] = text
    days = st.session_state["hd_check_days"]
    said: dict[str, Any] = {**lists.params(text), "team": st.session_state.get("hd_check_teams", [])}
    said["days"] = str(days) if days else ""
    st.query_params.from_dict({name: value for name, value in said.items() if value})


def _take_file() -> None:
    """Put a file's lines into the box, to be changed there, and check them."""
    file = st.session_state["hd_check_file"]
    if file is None:
        return
    try:
        st.session_state["hd_check_text"] = as_text(read_guide(Source(file.name, file.name, file.getvalue())))
    except HeardError as error:
        leave_word(str(error))
        return
    _check()


def _answer(repo: Repository, asked: Asked) -> None:
    today = session.today()
    guide = parse_guide(asked.text)
    check = _checked(repo, asked, guide, today)
    if check.notice:
        st.html(f'<p class="hd-notice">{esc(check.notice)}</p>')
    ways = "".join(
        f'<a href="#{anchor}" class="hd-pill">{len(some)} {label}</a>'
        for anchor, label, some in (("hd-ask", "to ask", check.to_ask), ("hd-let", "to drop", check.to_drop),
                                    ("hd-read", "to read", check.reading))
        if some
    )  # fmt: skip
    st.html(f'<p class="hd-voices" role="status">{esc(verdicts.summary(check))}</p><p class="hd-pills">{ways}</p>')
    if guide.repeated:
        again = "One line stood there twice" if guide.repeated == 1 else f"{guide.repeated} lines stood there again"
        st.html(f'<p class="hd-small">{again}, and is checked once.</p>')
    st.html(checked.listed(guide, check, today))
    asking = repo.people.for_check(check)
    st.html(checked.conclusions(check, asking, today))
    kept.offer_to_keep(repo, check)
    _export(repo, guide, check, asking, today)


def _checked(repo: Repository, asked: Asked, guide: Guide, today: date) -> Check:
    return session.once("hd_check_found", asked, lambda: repo.check(guide.lines, **asked.arguments(today)))


def _export(repo: Repository, guide: Guide, check: Check, asking: Asking, today: date) -> None:
    documents = (
        Document("Markdown", "before-you-ask.md", check_document.markdown(guide, check, asking, today)),
        Document("Word", "before-you-ask.docx", check_document.docx(guide, check, asking, today)),
    )
    quoted = check_document.quoted(check)
    downloads(documents, "hd-check-export", then=lambda: repo.reuse.note("quoted", quoted))


page()

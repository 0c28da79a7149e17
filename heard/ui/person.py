"""One participant: what they said over time, whether they may be asked, what they agreed to, and who they are."""

from __future__ import annotations

import streamlit as st

from heard.ui import contacting, hits, identity, links, readers, rights, session, words
from heard.ui.frame import attempt, heading, leave_word
from heard.ui.html import esc, sentence
from research import dates
from research.contact import Consent
from research.errors import HeardError, NotFound
from research.person import PersonSummary
from research.repository import Repository

_LATEST = 4  # passages that are shown


def page(repo: Repository, wanted: str) -> None:
    """The page of the participant `wanted`."""
    try:
        one = repo.people.one(wanted)
    except NotFound as error:
        _gone(str(error))
        return
    _head(one)
    # Whether to contact them comes first on a phone; on a wide page it stands on the right (style.css).
    with st.container(key="hd-person"):
        about, said = st.columns([2, 3], gap="large")
    with about:
        contacting.box(repo, one)
        _consents(repo, one)
        if rights.may(repo, "govern"):
            identity.box(repo, one)
    with said:
        _said(repo, one)
    _end_of_page(repo, one)


def _end_of_page(repo: Repository, one: PersonSummary) -> None:
    with st.container(horizontal=True, key="hd-person-end"):
        inside = links.search({"participant": [one.pseudonym]})
        st.html(links.link(inside, "Search in all they said", style="hd-pill"), width="content")
        forget = rights.may(repo, "govern")
        if forget and st.button("Forget this person", icon=":material/delete_forever:", type="tertiary"):
            _forget(repo, one)


@st.dialog("Forget this person?")
def _forget(repo: Repository, one: PersonSummary) -> None:
    said = f"{words.count(one.passages, 'passage')} of {words.count(one.notes, 'note')}"
    st.html(
        f"<p>All that <b>{esc(one.pseudonym)}</b> said ({esc(said)}), their name, and everything that is known of them "
        "is erased from every file of the repository. In notes of several people the others keep what they said.</p>"
        '<p class="hd-small">It can’t be undone, and the same files don’t bring it back. That it was done is '
        "written in the audit.</p>"
    )
    typed = st.text_input(f"Type {one.pseudonym} to go on", key="hd_forget_typed")
    sure = typed.strip().casefold() == one.pseudonym.casefold()
    if st.button("Erase", type="primary", disabled=not sure, key="hd_forget"):
        with st.spinner("Erasing, and writing the files anew …"):
            try:
                done = repo.forget(one.pseudonym)
                erased = f"{words.count(done.notes_deleted, 'note')}, {words.count(done.passages, 'passage')}"
                leave_word(f"{done.pseudonym} is forgotten: {erased} erased.")
            except HeardError as error:
                leave_word(str(error))
        st.rerun()


def _head(one: PersonSummary) -> None:
    who = ", ".join(words.about("", one))
    tone = "hd-free" if one.standing.state == "free" else ""
    heard = ", ".join(filter(None, (words.heard_by(one), words.contacted(one))))
    now = sentence(words.standing_why(one.standing, session.today()))
    st.html(
        f'<p class="hd-small">{links.link(links.people({}), "People")}</p>'
        f'<h1 class="hd-title">{esc(one.pseudonym)}{f", {esc(who)}" if who else ""}</h1>'
        f'<p class="hd-voices {tone}" role="status">{esc(now)}</p>'
        f'<p class="hd-meta">{esc(sentence(heard))}{" Asked too often." if one.often else ""}</p>'
    )


# -- what they said ----------------------------------------------------------------------------------------------------


def _said(repo: Repository, one: PersonSummary) -> None:
    heading("What they said")
    latest = repo.search("", participant=one.pseudonym, limit=_LATEST, per_person=None) if one.passages else ()
    if len(latest):
        quotes = "".join(hits.quote(hit, 320, who=False) for hit in latest)
        st.html(f'<div class="hd-asides">{quotes}</div>')
    elif one.passages:
        st.html('<p class="hd-small">It is not shown, because their consent has ended.</p>')
    else:
        st.html('<p class="hd-small">Nothing yet: they stand on a roster and were never heard.</p>')
    if notes := repo.notes(participant=one.pseudonym):
        heading("Where they were heard")
        rows = "".join(
            f'<div class="hd-row"><div>{links.link(links.note(note.id), note.title, style="hd-study")}'
            f'<p class="hd-small">{esc(f"{note.team} / {note.study}")} {readers.mark(note)}</p></div>'
            f'<div class="hd-when"><span>{esc(dates.day(note.date))}</span></div></div>'
            for note in notes
        )
        st.html(f'<div class="hd-library">{rows}</div>')


# -- consent -----------------------------------------------------------------------------------------------------------


def _consents(repo: Repository, one: PersonSummary) -> None:
    heading("Consent", "From the day on which none holds any more, what they said is not shown.")
    lines = "".join(f"<li>{esc(words.consent(given))}</li>" for given in one.consents)
    none = '<p class="hd-small">Nothing is written down.</p>'
    st.html(f'<ul class="hd-failed hd-small">{lines}</ul>' if lines else none)
    if not rights.may(repo, "research"):
        return
    with st.container(horizontal=True):
        with st.popover("Write one down", icon=":material/add:"):
            st.date_input("Given on", value=session.today(), key="hd_given", format="YYYY-MM-DD")
            st.date_input("Holds until (empty: no end)", value=None, key="hd_expires", format="YYYY-MM-DD")
            st.text_input("For what", value="research", key="hd_scope")
            st.button("Save", type="primary", key="hd_consent", on_click=_agree, args=(repo, one.pseudonym))
        if _may_withdraw(one.consents) and st.button("Withdraw", type="tertiary", key="hd_withdraw"):
            _withdraw(repo, one)


def _agree(repo: Repository, pseudonym: str) -> None:
    given, expires = st.session_state["hd_given"], st.session_state["hd_expires"]
    scope = st.session_state["hd_scope"].strip() or "research"
    said = f"The consent of {pseudonym} is written down."
    attempt(repo.people.consent, pseudonym, given=given, expires=expires, scope=scope, said=said)


def _may_withdraw(consents: tuple[Consent, ...]) -> bool:
    return not consents or any(given.withdrawn is None for given in consents)


@st.dialog("End their consent?")
def _withdraw(repo: Repository, one: PersonSummary) -> None:
    said = f"{words.count(one.passages, 'passage')} of {words.count(one.notes, 'note')}"
    st.html(
        f"<p>From today nothing that <b>{esc(one.pseudonym)}</b> said is shown any more ({esc(said)}), and nobody "
        "contacts them: no reason overrides that.</p>"
        '<p class="hd-small">It stays stored, and a new consent shows it again. It is written in the audit.</p>'
    )
    with st.container(horizontal=True):
        ended = f"The consent of {one.pseudonym} ended today."
        if st.button("End it today", type="primary", key="hd_withdrawn", on_click=attempt,
                     args=(repo.people.withdraw, one.pseudonym), kwargs={"said": ended}):  # fmt: skip
            st.rerun()
        if st.button("Leave it"):
            st.rerun()


def _gone(why: str) -> None:
    st.html(
        '<h1 class="hd-title">This person is not here</h1>'
        f'<p class="hd-lead">{esc(why)}</p>'
        f"<p>{links.link(links.people({}), 'Everybody who is', style='hd-pill')}</p>"
    )

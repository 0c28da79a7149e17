"""Importing a roster: a file, what its columns mean, what would happen row by row, and then it happens."""

from __future__ import annotations

import streamlit as st

from heard.ui import links, rights, words
from heard.ui.frame import leave_word, title
from heard.ui.html import esc, joined
from ingest.models import ReadOptions, Source
from ingest.readers import NeedsMapping
from ingest.roster import MEANINGS, Roster, read_roster, recognised
from research.errors import HeardError
from research.repository import Repository
from research.roster import Imported, RosterOutcome, RosterRow, RowStatus, take_in

_MOST = 200  # rows that are shown
_LABELS = {
    "name": "Name",
    "first_name": "First name",
    "last_name": "Last name",
    "email": "E-mail",
    "crm": "Id in your CRM",
    "segment": "Segment",
    "account": "Account",
    "role": "Role",
    "status": "Status",
    "no_contact": "Do not contact: yes or no",
    "opted_out": "Opted out: yes or no",
    "consent": "Consent: what for",
    "given": "Consent given on",
    "expires": "Consent ends after",
    "contacted": "Last contacted on",
    "note": "Note, stored sealed",
}
_BECOMES: dict[RowStatus, str] = {
    "failed": "cannot be used",
    "added": "new",
    "updated": "updated",
    "unchanged": "unchanged",
}


def page(repo: Repository) -> None:
    """From the file to the people in it."""
    st.html(f'<p class="hd-small">{links.link(links.people({}), "People")}</p>')
    title("Import a roster", "Customers whom one might ask, from your CRM or research panel: a person in each row.")
    if not rights.held(repo, "govern"):
        return
    with st.container(key="hd-drop"):
        file = st.file_uploader("Roster", type=["csv", "tsv", "xlsx"], key="hd_roster", label_visibility="collapsed",
                                max_upload_size=ReadOptions().max_bytes >> 20)  # fmt: skip
    if file is None:
        st.html(
            '<p class="hd-small">.csv, .tsv or .xlsx, with a name, an e-mail address or a CRM id, and whatever else '
            "you know. Names and addresses are stored sealed. Nothing is stored before you have looked it over, and "
            "importing it again updates who is there.</p>"
        )
        return
    source = Source(file.name, file.file_id, file.getvalue())
    try:
        told = _columns(source)
        roster = read_roster(source, told)
    except NeedsMapping as error:
        st.html(f'<p class="hd-notice" role="alert">{esc(error)}</p>')
        return
    said = (file.file_id, tuple(sorted(told.items())))
    if st.session_state.get("hd_roster_for") != said:
        with st.spinner(f"Looking at {words.count(len(roster.rows), 'row')} …"):
            st.session_state["hd_roster_dry"] = take_in(repo, roster.rows, dry_run=True)
        st.session_state["hd_roster_for"] = said
    _would_happen(repo, roster, st.session_state["hd_roster_dry"])


def _columns(source: Source) -> dict[str, str]:
    """What the columns mean: what their headers say, until a person says otherwise."""
    try:
        columns, sure = read_roster(source).columns, True
    except NeedsMapping as error:
        columns, sure = error.columns, False
    by_header = recognised(columns)
    with st.expander("What the columns mean", expanded=not sure):
        aside = [column for column in columns if column not in by_header.values()]
        if aside:
            st.html(f'<p class="hd-small">Not known by their header: {esc(", ".join(aside))}.</p>')
        cells = [cell for _ in range(0, len(MEANINGS), 3) for cell in st.columns(3)]
        chosen = {}
        for cell, name in zip(cells, MEANINGS, strict=False):
            place = columns.index(by_header[name]) if name in by_header else None
            key = f"hd_roster_{source.key}_{name}"
            chosen[name] = cell.selectbox(_LABELS[name], columns, place, key=key, placeholder="no column") or ""
    return chosen


def _would_happen(repo: Repository, roster: Roster, dry: Imported) -> None:
    counts = [f"{len(dry.of(status)):,} {label}" for status, label in _BECOMES.items() if dry.of(status)]
    st.html(
        f'<p class="hd-voices" role="status">{esc(words.count(len(dry.rows), "row"))}: {esc(words.listed(counts))}.'
        + (f" {esc(words.spelled(dry.suggested, 'person', 'people')).capitalize()} may have been heard before: you "
           "will be asked." if dry.suggested else "")
        + "</p>"
    )  # fmt: skip
    usable = len(dry.rows) - len(dry.of("failed"))
    changed = len(dry.of("added")) + len(dry.of("updated"))
    label = f"Take {words.count(changed, 'person', 'people')} in" if changed else "Nothing to take in"
    st.button(
        label, type="primary", disabled=not changed, key="hd_take_in", on_click=_take_in, args=(repo, roster.rows),
        help="" if usable == len(dry.rows) else "Rows that cannot be used are left out.",
    )  # fmt: skip
    by_line = {row.line: row for row in roster.rows}
    order = list(_BECOMES)
    rows = sorted(dry.rows, key=lambda one: (order.index(one.status), one.line))
    body = "".join(_row(one, by_line[one.line]) for one in rows[:_MOST])
    more = f'<p class="hd-small">and {len(rows) - _MOST:,} more rows.</p>' if len(rows) > _MOST else ""
    st.html(
        '<table class="hd-table"><thead><tr><th>Row</th><th>What will happen</th><th>Who</th></tr></thead>'
        f"<tbody>{body}</tbody></table>{more}"
    )


def _row(one: RosterOutcome, row: RosterRow) -> str:
    who = ", ".join(filter(None, (one.participant, row.role or row.segment, row.account)))
    sentence = one.error.removeprefix(f"Row {one.line}: ")
    bad = ' class="hd-bad"' if one.status == "failed" else ""
    said = joined((f"<b>{esc(_BECOMES[one.status])}</b>", esc(sentence)), ": ")
    return f"<tr{bad}><td>{one.line:,}</td><td>{said}</td><td>{esc(who)}</td></tr>"


def _take_in(repo: Repository, rows: tuple[RosterRow, ...]) -> None:
    try:
        done = take_in(repo, rows)
    except HeardError as error:
        leave_word(str(error))
        return
    counts = [f"{len(done.of(status)):,} {label}" for status, label in _BECOMES.items() if done.of(status)]
    leave_word(f"The roster is in: {words.listed(counts)}.")
    st.session_state.pop("hd_roster_for", None)
    st.query_params.clear()

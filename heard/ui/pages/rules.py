"""Rules and audit: how often people may be contacted, how long notes are kept, and what was done with who they are."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from heard.sheet import audit_csv
from heard.ui import keeping, links, rights, session, words
from heard.ui.ask import number
from heard.ui.downloads import Document, downloads
from heard.ui.frame import attempt, frame, heading, title
from heard.ui.html import esc
from research import dates
from research.person import Done
from research.repository import Repository

_PAGE = 50


def page() -> None:
    """The rules in words and as YAML; below, what is kept for a time, and the audit."""
    with frame("narrow"):
        repo = session.repository()
        title(
            "Rules and audit",
            "How often people are contacted, how long notes are kept, and what was done with who they are.",
        )
        _rules(repo)
        if rights.held(repo, "govern"):
            keeping.retention(repo)
            _audit(repo)


def _rules(repo: Repository) -> None:
    heading("What holds")
    st.html(f'<ul class="hd-failed">{"".join(f"<li>{esc(line)}</li>" for line in words.rules(repo.people.rules))}</ul>')
    if not rights.may(repo, "govern"):
        return
    with st.expander("Change the rules"):
        st.text_area("The rules, as YAML", repo.people.rules_source, height=320, key="hd-yaml")
        st.button("Save", type="primary", key="hd_rules", on_click=_save, args=(repo,))
        st.html('<p class="hd-small">They hold from then on for everybody, past contacts included.</p>')


def _save(repo: Repository) -> None:
    attempt(repo.people.set_rules, st.session_state["hd-yaml"], said="These rules hold from now on.")


def _audit(repo: Repository) -> None:
    heading(
        "What was done", "Who looked at identities, overrode, marked, merged, erased. Lines are added, never changed."
    )
    done = repo.people.audit()
    if not done:
        st.html('<p class="hd-small">Nothing yet.</p>')
        return
    wanted = session.param("what")
    _pick(done, wanted)
    shown = [one for one in done if not wanted or one.what == wanted]
    downloads([Document("Download as CSV", "audit.csv", audit_csv(shown))], "hd_audit_csv")
    if not shown:
        st.html('<p class="hd-small">Nothing of this kind was done.</p>')
        return
    last = (len(shown) - 1) // _PAGE + 1
    here = min(number(session.param("page")) or 1, last)
    rows = "".join(map(_row, shown[(here - 1) * _PAGE : here * _PAGE]))
    head = "".join(f"<th>{name}</th>" for name in ("When", "Who", "What", "About", ""))
    st.html(f'<table class="hd-table hd-audit"><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>')
    st.html(_pages(wanted, here, last))


def _pick(done: Sequence[Done], wanted: str) -> None:
    kinds = sorted({one.what for one in done} | ({wanted} if wanted else set()))
    pills = [_pill("Everything", "", wanted), *(_pill(kind, kind, wanted) for kind in kinds)]
    st.html(f'<nav class="hd-pills" aria-label="What was done">{"".join(pills)}</nav>')


def _pill(label: str, what: str, wanted: str) -> str:
    style = "hd-pill hd-on" if what == wanted else "hd-pill"
    return links.link(links.address("rules", {"what": what}), label, style=style)


def _row(one: Done) -> str:
    about = links.link(links.person(one.about), one.about) if one.about.startswith("P-") else ""
    return (
        f"<tr><td>{esc(dates.day(one.at.date()))}, {one.at:%H:%M}</td><td>{esc(one.who)}</td><td>{esc(one.what)}</td>"
        f"<td>{about}</td><td>{esc(one.detail)}</td></tr>"
    )


def _pages(wanted: str, here: int, last: int) -> str:
    if last == 1:
        return "<span></span>"

    def to(number: int, label: str) -> str:
        return links.link(links.address("rules", {"what": wanted, "page": str(number)}), label, style="hd-pill")

    parts = [to(here - 1, "← Newer")] if here > 1 else []
    parts.append(f'<span class="hd-small">page {here:,} of {last:,}</span>')
    parts += [to(here + 1, "Older →")] if here < last else []
    return f'<nav class="hd-pills" aria-label="Pages">{"".join(parts)}</nav>'


page()

"""Brief: what was learned about customers in a window, to begin planning with; to read, to hand on and to print."""

from __future__ import annotations

import streamlit as st

from heard.ui import links, rights, session, span
from heard.ui.downloads import Document, downloads
from heard.ui.frame import frame, title
from heard.ui.html import esc
from heard.ui.span import Span
from research.brief import Brief
from research.brief import title as called
from research.briefs.docx import docx
from research.briefs.html import within
from research.briefs.pptx import pptx
from research.dates import day
from research.repository import Repository
from research.themes.heard import LOOKED_BACK


def page() -> None:
    """The brief of the window that the address names."""
    with frame("narrow"):
        repo = session.repository()
        today = session.today()
        now = span.chosen(today)
        if now.since is None or now.until is None:
            now = span.last(today, LOOKED_BACK, now.team)
        look = f"{day(now.since)} – {day(now.until)}"
        title(called((now.team,) if now.team else ()), f"{look}, against as many days before.")
        span.controls(now, repo.choices().teams, today, ever=False)
        found, written = session.once("hd_brief", (now.since, now.until, now.team), lambda: _made(repo, now))
        if not found.made.interviews:
            _nothing(repo, found)
            return
        _hand_on(repo, found, now)
        st.html(f'<article class="hd-brief">{written}</article>')


def _made(repo: Repository, now: Span) -> tuple[Brief, str]:
    found = repo.brief(**now.narrow())
    return found, within(found)


def _nothing(repo: Repository, found: Brief) -> None:
    undated = f" {found.made.undated:,} passages have no date and are in no brief." if found.made.undated else ""
    st.html(f'<p class="hd-lead">Nobody was heard between these days.{esc(undated)}</p>{rights.bring_in(repo)}')


def _hand_on(repo: Repository, found: Brief, now: Span) -> None:
    """Documents to download, made when they are asked for, and the address at which this brief stays."""
    url = repo.settings.url
    name = f"brief-{now.since}-{now.until}"
    cited = sorted({hit.note_id for hit in found.passages})

    documents = (
        Document("Word", f"{name}.docx", lambda: docx(found, url=url)),
        Document("Slides", f"{name}.pptx", lambda: pptx(found, url=url)),
        Document("HTML", f"{name}.html", lambda: found.to_html(url=url)),
        Document("Markdown", f"{name}.md", lambda: found.to_markdown(url=url)),
        Document("JSON", f"{name}.json", lambda: found.to_json(url=url)),
    )
    downloads(documents, "hd-brief-export", then=lambda: repo.reuse.note("quoted", cited))
    address = links.address("brief", {"since": str(now.since), "until": str(now.until), "team": now.team})
    kept = links.link(address, "The address of this brief", style="hd-act", title="Opens these days at any time")
    st.html(f'<p class="hd-small">{kept}</p>')


page()

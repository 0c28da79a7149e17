"""Library: what is in here, by team and study, down to the single note."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from itertools import groupby

import streamlit as st

from heard.ui import downloads, keeping, links, readers, rights, session, standing, words
from heard.ui.ask import number
from heard.ui.frame import frame
from heard.ui.html import esc, joined
from research import dates
from research.exchange.zipping import zipped
from research.models import NoteSummary, StudySummary
from research.repository import Repository

_PAGE = 50


def page() -> None:
    """All studies, or the notes of the study that the address names."""
    with frame("narrow"):
        repo = session.repository()
        studies = repo.studies()
        team, study = session.param("team"), session.param("study")
        if not studies:
            _nothing_here_yet(repo)
        elif study or session.param("view") == "notes":
            _notes(repo, studies, team, study)
        else:
            _studies(studies, team)


def _studies(studies: list[StudySummary], team: str) -> None:
    teams = list(dict.fromkeys(study.team for study in studies))
    st.html('<h1 class="hd-title">Library</h1>' + _switch(teams, team))
    shown = [study for study in studies if not team or study.team == team]
    if not shown:
        st.html(f'<p class="hd-lead">There is no team “{esc(team)}” in here.</p>')
        return
    dated = [d for study in studies for d in (study.first, study.last) if d]
    ends = (min(dated), max(dated)) if dated else None
    rows = [
        f'<h2 class="hd-heading">{esc(name)}</h2>' + "".join(_study(study, ends) for study in of_team)
        for name, of_team in groupby(shown, key=lambda study: study.team)
    ]
    st.html(f'<div class="hd-library">{"".join(rows)}</div>')


def _switch(teams: list[str], team: str) -> str:
    pills = [links.link(links.library(), "All teams", style="hd-pill" if team else "hd-pill hd-on")]
    pills += [
        links.link(links.library(team=name), name, style="hd-pill hd-on" if name == team else "hd-pill")
        for name in teams
        if len(teams) > 1
    ]
    pills.append(links.link(links.library(view="notes", team=team), "All notes", style="hd-act"))
    return f'<nav class="hd-pills" aria-label="Teams">{"".join(pills)}</nav>'


def _study(study: StudySummary, ends: tuple[date, date] | None) -> str:
    held = f"{words.count(study.notes, 'note')}, {words.count(study.participants, 'person', 'people')}"
    title = links.link(links.library(team=study.team, study=study.title), study.title, style="hd-study")
    kept = f"; {words.kept(study)}" if study.keep_days or not study.asked else ""
    return (
        f'<div class="hd-row"><div>{title}<p class="hd-small">{esc(held)}, '
        f"{esc(words.count(study.passages, 'passage'))}{esc(kept)}</p>{readers.mark(study)}</div>"
        f'<div class="hd-when">{_line(study, ends)}<span>{esc(words.span(study.first, study.last))}</span></div></div>'
    )


def _line(study: StudySummary, ends: tuple[date, date] | None) -> str:
    """When the study was in the field, on the time of all studies."""
    if not ends or not study.first or not study.last:
        return ""
    whole = max((ends[1] - ends[0]).days, 1)
    left = 100 * (study.first - ends[0]).days / whole
    width = max(100 * (study.last - study.first).days / whole, 2)
    left = min(left, 100 - width)
    return f'<i class="hd-line" aria-hidden="true"><b style="left:{left:.1f}%;width:{width:.1f}%"></b></i>'


def _notes(repo: Repository, studies: list[StudySummary], team: str, study: str) -> None:
    st.session_state["hd_title"] = session.param("title")
    about = next((s for s in studies if s.title.casefold() == study.casefold() and team in ("", s.team)), None)
    _head(about, team, study)
    if about:
        readers.of_study(repo, about)
        keeping.of_study(repo, about)
    st.text_input(
        "Title",
        key="hd_title",
        type="search",
        placeholder="Find a note by its title",
        label_visibility="collapsed",
        on_change=_by_title,
    )
    title = session.param("title")
    start = max(number(session.param("page")) - 1, 0) * _PAGE
    notes = repo.notes(team=team or None, study=study or None, title=title, limit=_PAGE + 1, offset=start)
    if not notes:
        st.html(
            '<p class="hd-lead">No note here has such a title.</p>' if title else '<p class="hd-lead">No notes.</p>'
        )
        return
    shown = notes[:_PAGE]
    who = (someone.pseudonym for note in shown for someone in note.participants)
    asking = standing.badges(repo, who, session.today())
    st.html('<div class="hd-library">' + "".join(_note(note, asking, not study) for note in shown) + "</div>")
    st.html(_pages(start, len(notes), team, study, title))
    if about:
        file = re.sub(r"\W+", "-", about.title).strip("-") or "study"
        team, title = about.team, about.title
        made = [
            downloads.Document("For other tools", f"{file}.qdpx", lambda: repo.qda_project(team=team, study=title)),
            downloads.Document(
                "Markdown and CSV", f"{file}.zip", lambda: zipped(repo.as_files(team=team, study=title))
            ),
        ]
        downloads.downloads(made, "hd-out")
        st.html(
            '<p class="hd-small">A project for ATLAS.ti, MAXQDA, NVivo and others, or files that need no program; with '
            "passages and tags, and nobody’s name. Heard reads both back.</p>"
        )


def _by_title() -> None:
    rest = {name: value for name, value in st.query_params.to_dict().items() if name not in {"title", "page"}}
    typed = st.session_state["hd_title"].strip()
    st.query_params.from_dict({**rest, **({"title": typed} if typed else {})})


def _head(about: StudySummary | None, team: str, study: str) -> None:
    crumbs = [links.link(links.library(), "Library")]
    if team:
        crumbs.append(links.link(links.library(team=team), team))
    held = ""
    if about:
        held = joined(
            (
                esc(words.count(about.notes, "note")),
                esc(words.count(about.participants, "person", "people")),
                esc(words.span(about.first, about.last)),
                links.link(links.search({"team": [about.team], "study": [about.title]}), "search in this study"),
            )
        )
    name = about.title if about else study or "All notes"
    st.html(
        f'<p class="hd-small">{" / ".join(crumbs)}</p><h1 class="hd-title">{esc(name)}</h1>'
        + (f'<p class="hd-meta">{held}</p>' if held else "")
    )


def _note(note: NoteSummary, asking: Mapping[str, str], with_study: bool) -> str:
    people = ", ".join(
        f"{esc(words.person(someone))} {asking.get(someone.pseudonym, '')}" for someone in note.participants[:3]
    )
    if len(note.participants) > 3:
        people += f" and {words.count(len(note.participants) - 3, 'other')}"
    where = esc(f"{note.team} / {note.study}") if with_study else ""
    about = joined((where, people, esc(words.count(note.passages, "passage"))))
    return (
        f'<div class="hd-row"><div>{links.link(links.note(note.id), note.title, style="hd-study")}'
        f'<p class="hd-small">{about}</p>{readers.mark(note) if with_study else ""}</div>'
        f'<div class="hd-when"><span>{esc(dates.day(note.date))}</span></div></div>'
    )


def _pages(start: int, found: int, team: str, study: str, title: str) -> str:
    here = {"team": team, "study": study, "title": title, "view": "" if study else "notes"}
    number = start // _PAGE + 1
    parts = []
    if start:
        parts.append(links.link(links.library(**here, page=str(number - 1)), "← Newer", style="hd-pill"))
    if found > _PAGE:
        parts.append(links.link(links.library(**here, page=str(number + 1)), "Older →", style="hd-pill"))
    return f'<nav class="hd-pills">{"".join(parts)}</nav>' if parts else "<span></span>"


def _nothing_here_yet(repo: Repository) -> None:
    st.html(
        '<div class="hd-empty"><h1 class="hd-title">Library</h1><p class="hd-lead">Nothing yet. Studies appear here '
        "with their notes once something is in.</p>"
        f"{rights.bring_in(repo)}</div>"
    )


page()

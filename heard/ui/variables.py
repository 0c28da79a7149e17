"""The form that asks what a project's variables mean: they are taken by their names until a person says otherwise."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import PurePosixPath

import streamlit as st

from heard.ui import words
from heard.ui.frame import attempt
from heard.ui.html import esc, md
from heard.ui.intake import Recognised
from heard.ui.mapping import fitting
from ingest.models import NO_COLUMN, Preview, TableMapping
from ingest.readers.qdpx import usual
from research.repository import Repository

_LABELS = {"segment": "Segment", "account": "Account", "role": "Role", "date": "Date"}
_SHOWN = 8  # values, and variables
_MOST = 500  # to choose from


def ask(repo: Repository, read: Sequence[Recognised], mappings: dict[str, TableMapping]) -> None:
    """Ask about each project that has variables, and read it again where the answer is another."""
    for one in read:
        if not one.variables:
            continue
        name = one.source.name
        chosen = form(repo, one, f"hd-variables-{abs(hash(name))}")
        if chosen != mappings.get(name):
            mappings.pop(name, None)
            if chosen:
                mappings[name] = chosen
            st.rerun()


def form(repo: Repository, one: Recognised, key: str) -> TableMapping | None:
    """Ask about one project; gives what the person wants otherwise than it would be, None where nothing."""
    names = [variable.name for variable in one.variables[:_MOST]]
    own = usual(names)
    file = PurePosixPath(one.source.name).name
    with st.expander(f"What variables mean in {md(file)}", expanded=len(own) < len(names)):
        lines = [f"<b>{esc(v.name)}</b>: {esc(', '.join(v.values))}" for v in one.variables[:_SHOWN]]
        more = f" · and {len(one.variables) - _SHOWN:,} more" if len(one.variables) > _SHOWN else ""
        st.html(f'<p class="hd-small">{" · ".join(lines)}{more}</p>')
        if known := fitting(repo.mappings(), names, of_projects=True):
            st.pills(
                "Read it like", list(known), format_func=md, key=f"{key}-known", on_change=_like, args=(key, known, own)
            )
        options = (NO_COLUMN, *names)
        for meaning in _LABELS:  # here and not as their index: what was remembered sets them too
            if st.session_state.get(f"{key}-{meaning}") not in options:
                st.session_state[f"{key}-{meaning}"] = own.get(meaning, NO_COLUMN)
        chosen = {
            meaning: cell.selectbox(label, options, key=f"{key}-{meaning}")
            for cell, (meaning, label) in zip(st.columns(4), _LABELS.items(), strict=True)
        }
        new = {meaning: "" if name == own.get(meaning, NO_COLUMN) else name for meaning, name in chosen.items()}
        said = TableMapping(segment=new["segment"], account=new["account"], role=new["role"], date=new["date"])
        taken = "<br>".join(esc(line) for line in _taken(one.previews))
        st.html(f'<p class="hd-small" role="status">{taken}</p>')
        if said != TableMapping():
            _remember(repo, said, key)
    return said if said != TableMapping() else None


def _like(key: str, known: dict[str, TableMapping], own: dict[str, str]) -> None:
    """Set the choices as they were remembered; what was not said then is as it would be."""
    if mapping := known.get(st.session_state[f"{key}-known"] or ""):
        for meaning in _LABELS:
            st.session_state[f"{key}-{meaning}"] = getattr(mapping, meaning) or own.get(meaning, NO_COLUMN)


def _remember(repo: Repository, said: TableMapping, key: str) -> None:
    left, right = st.columns((3, 1), vertical_alignment="bottom")
    name = left.text_input(
        "Remember this under a name, for the next project", key=f"{key}-name", placeholder="such as Visits"
    )
    right.button(
        "Remember", key=f"{key}-remember", disabled=not name.strip(), on_click=attempt,
        args=(repo.save_mapping, name.strip(), asdict(said)), kwargs={"said": f"Remembered as “{name.strip()}”."},
    )  # fmt: skip


def _taken(previews: Sequence[Preview]) -> list[str]:
    """What is known of the notes now, as they were read: the values of each kind with how many notes have them."""
    lines = []
    for meaning in ("segment", "account", "role"):
        if often := Counter(value for one in previews for name, value in one.known if name == meaning):
            values = [f"{value} ({words.count(notes, 'note')})" for value, notes in often.most_common(_SHOWN)]
            more = f" and {len(often) - _SHOWN:,} more" if len(often) > _SHOWN else ""
            lines.append(f"{_LABELS[meaning]}: {', '.join(values)}{more}")
        else:
            lines.append(f"{_LABELS[meaning]}: nothing")
    days = sorted(one.date for one in previews if one.date)
    without = f", {words.count(len(previews) - len(days), 'note')} without" if 0 < len(days) < len(previews) else ""
    lines.append(f"Date: {words.span(days[0], days[-1]) + without if days else 'nothing'}")
    return lines

"""The form that asks what the columns of a spreadsheet mean; nothing is ever guessed."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict
from typing import Any

import streamlit as st

from heard.ui.html import esc, md
from heard.ui.intake import Recognised
from ingest.models import NO_COLUMN, TableMapping, remembered
from ingest.sources import Failure
from research.repository import Repository

_ROWS, _MATRIX = "A row per answer, quote or ticket", "A row per question, a column per person"
_ONE = (
    ("participant", "Who said it"),
    ("date", "When"),
    ("title", "Title"),
    ("segment", "Segment"),
    ("account", "Account"),
    ("role", "Role"),
    ("tags", "Tags"),
)


def ask(repo: Repository, found: Sequence[Recognised | Failure], mappings: dict[str, TableMapping]) -> None:
    """Ask about each spreadsheet that does not say what its columns mean, and read it again with the answer."""
    for number, one in enumerate(found):
        if isinstance(one, Recognised) and one.columns:
            with st.container(key=f"hd-columns-{number}", border=True):
                if chosen := form(repo, one, f"hd-map-{number}"):
                    mappings[one.source.name] = chosen
                    st.rerun()


def form(repo: Repository, one: Recognised, key: str) -> TableMapping | None:
    """Ask about one spreadsheet; gives the columns when the person has said them."""
    name, columns = one.source.name, one.columns
    st.html(
        f'<h3 class="hd-guide">{esc(name)}: what are its columns?</h3><p class="hd-small">{esc(", ".join(columns))}</p>'
    )
    if known := fitting(repo.mappings(), columns):
        chosen = st.pills("Read it like", list(known), format_func=md, key=f"{key}-known")
        if chosen:
            return known[chosen]
    shape = st.radio("What is a row?", (_ROWS, _MATRIX), key=f"{key}-shape", horizontal=True)
    said = _matrix(columns, key) if shape == _MATRIX else _rows(columns, key)
    name_it = st.text_input("Remember this under a name", key=f"{key}-name", placeholder="such as Support tickets")
    ready = bool(said.get("text") or (said.get("question") and said.get("participants")))
    if st.button("Read it like this", key=f"{key}-go", disabled=not ready):
        mapping = TableMapping(**said)
        if name_it.strip():
            repo.save_mapping(name_it.strip(), asdict(mapping))
        return mapping
    return None


def _rows(columns: tuple[str, ...], key: str) -> dict[str, Any]:
    text = st.multiselect(
        "What was said (one column, or one for each question)", columns, key=f"{key}-text", placeholder="Columns"
    )
    said: dict[str, Any] = {"text": tuple(text)}
    for cell, (field, label) in zip(_grid(), _ONE, strict=False):
        said[field] = cell.selectbox(label, columns, index=None, key=f"{key}-{field}", placeholder="no column") or ""
    return said


def _matrix(columns: tuple[str, ...], key: str) -> dict[str, Any]:
    question = st.selectbox("The question", columns, index=None, key=f"{key}-question", placeholder="Column")
    people = st.multiselect(
        "The people", [c for c in columns if c != question], key=f"{key}-people", placeholder="Columns"
    )
    return {"question": question or "", "participants": tuple(people)}


def _grid() -> list[Any]:
    return [column for _ in range(3) for column in st.columns(3)]


def fitting(
    known: Mapping[str, Mapping[str, Any]], names: Collection[str], *, of_projects: bool = False
) -> dict[str, TableMapping]:
    """Remembered mappings whose columns a spreadsheet has, or `of_projects` those whose variables a project has."""
    fit = {}
    for name, stored in known.items():
        mapping = remembered(stored)
        used = {c for value in asdict(mapping).values() for c in (value if isinstance(value, tuple) else (value,)) if c}
        if used and used <= {*names, NO_COLUMN} and mapping.says_where_words_are != of_projects:
            fit[name] = mapping
    return fit

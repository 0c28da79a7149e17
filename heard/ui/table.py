"""The table of what was recognised, to look over and correct before anything is stored."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import pandas as pd
import streamlit as st

from heard.ui import words
from heard.ui.html import esc
from heard.ui.intake import Recognised
from ingest.models import Metadata, Preview

_BECOMES = {"added": "new", "unchanged": "is in already", "updated": "changes"}


@dataclass(frozen=True, slots=True)
class Row:
    """What a person left in one row of the table."""

    name: str
    take: bool
    beside: bool
    metadata: Metadata | None


def edit(recognised: Sequence[Recognised], key: str) -> list[Row]:
    """Show single-note files in a table; gives back what is to go in and what the person corrected."""
    shown = [one for one in recognised if not one.many]
    if not shown:
        return []
    given = [_cells(one) for one in shown]
    labels = sorted({label for one in shown for label, _, _ in one.previews[0].speakers if label})
    replaced = any(one.replaces for one in shown)
    columns = [name for name in given[0] if name != "keep both" or replaced]
    edited = st.data_editor(
        pd.DataFrame(given, columns=columns),
        column_config=_columns(labels),
        hide_index=True,
        disabled=["file", "who speaks", "words", "passages", "becomes"],
        height=min(38 + 36 * len(given), 520),
        row_height=36,
        key=key,
        alt="What was recognised in each file",
    )
    return [
        _row(one, before, dict(zip(columns, after, strict=True)))
        for one, before, after in zip(shown, given, edited.itertuples(index=False, name=None), strict=True)
    ]


def lines(many: Sequence[Recognised]) -> None:
    """Files of many notes in a line each: their rows go in together. A codebook has a line too."""
    for one in many:
        if one.codebook:
            new = len(one.previews[0].new_tags)
            st.html(
                f'<div class="hd-row"><div><b>{esc(one.source.name)}</b><p class="hd-small">a codebook: '
                f"{esc(words.count(new, 'new tag') if new else 'no tag that is not there already')}</p></div></div>"
            )
            continue
        counts = {
            status: sum(preview.status == status for preview in one.previews)
            for status in ("added", "updated", "unchanged")
        }
        said = ", ".join(
            f"{number} {label}"
            for status, label in (("added", "new"), ("updated", "to replace those there"), ("unchanged", "in already"))
            if (number := counts[status])
        )
        passages = sum(preview.passages for preview in one.previews)
        st.html(
            f'<div class="hd-row"><div><b>{esc(one.source.name)}</b><p class="hd-small">'
            f"{esc(words.count(len(one.previews), 'note'))}: {esc(said)}</p></div>"
            f'<div class="hd-when"><span>{esc(words.count(passages, "passage"))}</span></div></div>'
        )


def changes(before: Mapping[str, Any], after: Mapping[str, Any]) -> Metadata | None:
    """What a person corrected in a row, None when nothing; cells that were left alone say nothing."""

    def text(name: str) -> str:
        value = str(after.get(name) or "").strip()
        return value if value != before[name] else ""

    when = _date(after.get("date"))
    asking = tuple(after.get("who asks") or ())
    corrected = Metadata(
        title=text("title"),
        date=when if when != before["date"] else None,
        segment=text("segment"),
        account=text("account"),
        interviewers=asking if sorted(asking) != sorted(before["who asks"]) else (),
        only_interviewers=sorted(asking) != sorted(before["who asks"]),
    )
    return corrected if corrected != Metadata() else None


def _row(one: Recognised, before: Mapping[str, Any], after: Mapping[str, Any]) -> Row:
    return Row(one.source.name, bool(after["put in"]), bool(after.get("keep both")), changes(before, after))


def _cells(one: Recognised) -> dict[str, Any]:
    preview = one.previews[0]
    return {
        "put in": preview.status != "unchanged" and preview.passages > 0,
        "title": preview.title,
        "becomes": _becomes(preview),
        "keep both": False,
        "date": preview.date,
        "who speaks": _speakers(preview),
        "who asks": [label for label, role, _ in preview.speakers if role == "interviewer" and label],
        "segment": "",
        "account": "",
        "words": preview.words,
        "passages": preview.passages,
        "file": one.source.name,
    }


def _becomes(preview: Preview) -> str:
    if not preview.passages and preview.status != "unchanged":
        return "nothing a customer said"
    return f"replaces “{preview.replaces}”" if preview.replaces else _BECOMES[preview.status]


def _speakers(preview: Preview) -> str:
    people = [
        f"{label or 'not named'} ({words.count(said, 'word')})"
        for label, role, said in preview.speakers
        if role == "participant"
    ]
    return ", ".join(people) or "nobody"


def _columns(labels: list[str]) -> dict[str, Any]:
    column = st.column_config
    return {
        "put in": column.CheckboxColumn("Put in", width=78),
        "title": column.TextColumn("Title", width=210),
        "becomes": column.TextColumn("What will happen", width=130),
        "keep both": column.CheckboxColumn("Keep both", width=80, help="Leave the note that is there as it is."),
        "date": column.DateColumn("Date", format="D MMM YYYY", width=105),
        "who speaks": column.TextColumn("Who speaks", width=180),
        "who asks": column.MultiselectColumn(
            "Who asks",
            options=labels,
            color="gray",
            width=130,
            help="Whoever asks is context: only what the others say is kept as evidence.",
        ),
        "segment": column.TextColumn("Segment", width=110, help="Such as clinic manager. Empty: what the file says."),
        "account": column.TextColumn("Account", width=110, help="Such as Northwind. Empty: what the file says."),
        "words": column.NumberColumn("Words", width=70),
        "passages": column.NumberColumn("Passages", width=80),
        "file": column.TextColumn("File", width=200),
    }


def _date(value: object) -> date | None:
    if isinstance(value, datetime):
        return None if pd.isna(value) else value.date()
    return value if isinstance(value, date) else None

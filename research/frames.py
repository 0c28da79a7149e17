"""Answers as pandas tables, for notebooks: which columns there are and of which types, with rows or without."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pandas

    from research.check import Check
    from research.models import Hits
    from research.themes.heard import Themes

_TEXT, _DAY, _COUNT, _SHARE, _NUMBER, _FLAG = "str", "datetime64[us]", "int64", "float64", "float64", "bool"
_SEVERAL = "object"  # a tuple of texts in each cell, to `explode`

_HITS = {
    "id": _TEXT, "text": _TEXT, "context": _TEXT, "participant": _TEXT, "segment": _TEXT, "account": _TEXT,
    "role": _TEXT, "team": _TEXT, "study": _TEXT, "date": _DAY, "tags": _SEVERAL, "note_id": _TEXT, "note_title": _TEXT,
    "start": _COUNT, "end": _COUNT, "start_s": _NUMBER, "end_s": _NUMBER, "score": _SHARE, "alike": _SEVERAL,
    "closed": _FLAG, "opens": _DAY,
}  # fmt: skip
_THEMES = {
    "id": _TEXT, "label": _TEXT, "area": _TEXT, "phrases": _SEVERAL, "passages": _COUNT, "people": _COUNT,
    "accounts": _COUNT, "teams": _SEVERAL, "segments": _SEVERAL, "interviews": _COUNT, "held": _COUNT,
    "interviews_before": _COUNT, "held_before": _COUNT, "share": _SHARE, "share_before": _SHARE, "low": _NUMBER,
    "high": _NUMBER, "direction": _TEXT, "marks": _SEVERAL, "first": _DAY, "last": _DAY, "founded": _DAY,
    "hidden": _FLAG, "quote": _TEXT, "quote_id": _TEXT, "passage_ids": _SEVERAL,
}  # fmt: skip
_CHECK = {
    "line": _TEXT, "verdict": _TEXT, "confidence": _SHARE, "people": _COUNT, "teams": _COUNT, "accounts": _COUNT,
    "latest": _DAY, "answers": _COUNT, "reservations": _SEVERAL, "missing_segments": _SEVERAL, "quote": _TEXT,
    "quote_id": _TEXT,
}  # fmt: skip


def of_hits(found: Hits) -> pandas.DataFrame:
    """A row for each hit, best first."""
    return _frame(_HITS, ({name: getattr(hit, name) for name in _HITS} for hit in found))


def of_themes(found: Themes) -> pandas.DataFrame:
    """A row for each theme, those of most interviews first."""
    rows = (
        {name: getattr(one, name) for name in _THEMES if hasattr(one, name)}
        | {name: getattr(one.change, name) for name in _THEMES if hasattr(one.change, name)}
        | {
            "passages": one.voices.passages,
            "quote": one.quote.text if one.quote else "",
            "quote_id": one.quote.id if one.quote else "",
        }
        for one in found
    )
    return _frame(_THEMES, rows)


def of_check(found: Check) -> pandas.DataFrame:
    """A row for each line, in their order."""
    rows = (
        {name: getattr(one, name) for name in _CHECK if hasattr(one, name)}
        | {
            "answers": len(one.answers),
            "quote": one.hits[0].text if one.hits else "",
            "quote_id": one.hits[0].id if one.hits else "",
        }
        for one in found
    )
    return _frame(_CHECK, rows)


def _frame(columns: Mapping[str, str], rows: Iterable[Mapping[str, Any]]) -> pandas.DataFrame:
    import pandas

    held = list(rows)
    return pandas.DataFrame(
        {name: pandas.Series([row[name] for row in held], dtype=type_) for name, type_ in columns.items()}
    )

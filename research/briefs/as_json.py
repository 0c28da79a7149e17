"""A brief as JSON: every value in it, passages once and by id elsewhere, so that a program can follow each line."""

from __future__ import annotations

import json
from dataclasses import fields, is_dataclass
from datetime import date
from typing import Any

from research.brief import Brief, title
from research.briefs import summary
from research.briefs.parts import Sources
from research.briefs.text import cleaned
from research.insight import Insight
from research.models import Hit
from research.themes.heard import Theme

FORMAT = "heard-brief/1"
_CITED = (
    "text", "context", "note_id", "note_title", "speaker", "role", "segment", "account", "team", "study", "date",
    "start", "end", "start_s", "end_s", "tags", "closed", "opens",
)  # fmt: skip


def as_json(brief: Brief, *, url: str = "") -> str:
    """A brief as JSON with its names sorted, people's words as they are. Raises BadInput for a bad address."""
    sources = Sources(url, brief.window)
    told = {
        "format": FORMAT,
        "title": title(brief.team),
        "in_short": [f"{line.lead}: {line.text}" for line in summary.in_short(cleaned(brief))],
        **_plain(brief, sources),
        "passages": {hit.id: _passage(hit, sources) for hit in brief.passages},
    }
    return json.dumps(told, ensure_ascii=False, indent=1, sort_keys=True) + "\n"


def _plain(value: Any, sources: Sources) -> Any:
    """A value as JSON has it: a hit as its passage's id, a theme and an insight with what follows from them."""
    if isinstance(value, Hit):
        return value.id
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, (tuple, list)):
        return [_plain(one, sources) for one in value]
    if not is_dataclass(value) or isinstance(value, type):
        return value
    told = {field.name: _plain(getattr(value, field.name), sources) for field in fields(value)}
    if isinstance(value, Theme):
        del told["quote"]  # the brief chose its own
        told |= {"share": value.change.share, "share_before": value.change.share_before}
        told |= _address(sources.theme(value.id))
    if isinstance(value, Insight):
        told |= {"strength": _plain(value.strength, sources)} | _address(sources.insight(value.code))
    return told


def _passage(hit: Hit, sources: Sources) -> dict[str, Any]:
    return {name: _plain(getattr(hit, name), sources) for name in _CITED} | _address(sources.note(hit))


def _address(url: str) -> dict[str, str]:
    return {"url": url} if url else {}

"""What people linked and tagged, as examples for the ranking, and the examples that are in use: by number, no words."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, select

from research.filters import Filter
from research.store import schema
from research.store.database import chunks
from research.store.named_values import set_setting, setting
from research.store.passages import conditions, joined

_passage, _evidence, _insight, _tag = (
    schema.passage.c, schema.evidence.c, schema.insight.c, schema.passage_tag.c,
)  # fmt: skip

_found = _passage.row, _passage.id, schema.note.c.study_id

_TUNING = "tuning"  # the setting


def cited(connection: Connection, narrow: Filter) -> list[Any]:
    """The evidence of all insights that a filter leaves, in the order it was linked: insight_id, statement, and the
    passage's row, id and study_id."""
    query = select(_insight.id.label("insight_id"), _insight.statement, *_found).select_from(
        joined.join(schema.evidence, _evidence.passage_row == _passage.row).join(
            schema.insight, _insight.id == _evidence.insight_id
        )
    )
    return list(connection.execute(query.where(*conditions(narrow)).order_by(_insight.id, _evidence.id)))


def tagged(connection: Connection, narrow: Filter) -> list[Any]:
    """The passages that a filter leaves on which a person put a tag or left one: tag, and the passage's row, id and
    study_id."""
    query = select(_tag.tag, *_found).select_from(joined.join(schema.passage_tag, _tag.passage_row == _passage.row))
    by_person = _tag.source == "person", _tag.removed.is_(False)
    return list(connection.execute(query.where(*by_person, *conditions(narrow)).order_by(_tag.tag, _passage.row)))


def ids_left(connection: Connection, rows: Sequence[int], narrow: Filter) -> dict[int, str]:
    """Row -> id of the passages that a filter leaves; those that are gone are not among them."""
    found: dict[int, str] = {}
    query = select(_passage.row, _passage.id).select_from(joined).where(*conditions(narrow))
    for part in chunks(rows):
        found.update((row, id_) for row, id_ in connection.execute(query.where(_passage.row.in_(part))))
    return found


def kept(connection: Connection) -> dict[str, Any]:
    """What is kept of the ranking: `now` and `before` (None for as shipped), and `erased` where an erasure took it."""
    value = setting(connection, _TUNING)
    return dict(json.loads(value)) if value else {}


def keep(connection: Connection, **what: Any) -> None:
    """Keep something else of it from now on."""
    set_setting(connection, _TUNING, json.dumps(what))


def drop(connection: Connection) -> None:
    """Rank as shipped, with nothing to go back to, since somebody is erased; it is remembered that this was why."""
    known = kept(connection)
    if known.get("now") or known.get("before"):
        keep(connection, erased=True)

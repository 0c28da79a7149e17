"""What was done with participants: lines that the database refuses to change or delete."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, insert, select

from research.access import Sight
from research.store import schema
from research.store.access import may_be_met


def write_down(connection: Connection, at: datetime, who: str, what: str, participant: str, detail: str) -> None:
    """Add a line to the audit; the database refuses to change or delete one."""
    connection.execute(insert(schema.audit).values(at=at, who=who, what=what, participant=participant, detail=detail))


def written_down(connection: Connection, sight: Sight, limit: int | None = None) -> list[Any]:
    """The audit, newest first: at, who, what, participant, detail; without lines about whom one may not meet, and about
    studies that may not be seen."""
    lines, query = schema.audit.c, select(*schema.audit.c)
    if sight.closed:
        unmet = select(schema.participant.c.pseudonym).where(~may_be_met(sight))
        query = query.where(lines.participant.not_in(unmet), lines.participant.not_in(map(study_code, sight.closed)))
    return list(connection.execute(query.order_by(lines.id.desc()).limit(limit)))


def says(connection: Connection, what: str, participant: str) -> bool:
    """Whether something was done with a participant, who may be gone."""
    lines = schema.audit.c
    return connection.scalar(select(lines.id).where(lines.what == what, lines.participant == participant)) is not None


def study_code(id_: int) -> str:
    """What a study is called in the audit, which names nobody and nothing: "S-0007"."""
    return f"S-{id_:04d}"

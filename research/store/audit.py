"""What was done with participants: lines that the database refuses to change or delete."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, insert, select

from research.store import schema


def write_down(connection: Connection, at: datetime, who: str, what: str, participant: str, detail: str) -> None:
    """Add a line to the audit; the database refuses to change or delete one."""
    connection.execute(insert(schema.audit).values(at=at, who=who, what=what, participant=participant, detail=detail))


def written_down(connection: Connection, limit: int | None = None) -> list[Any]:
    """The audit, newest first: at, who, what, participant, detail."""
    return list(connection.execute(select(*schema.audit.c).order_by(schema.audit.c.id.desc()).limit(limit)))

"""Who participants are, sealed, and the keyed hashes by which they are known again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, delete, insert, or_, select

from research.identity import By
from research.store import schema
from research.store.database import rows_for

_identity = schema.identity.c


def sealed(connection: Connection, only: Sequence[int] | None = None) -> dict[int, str]:
    """Participant -> their sealed identity, for those that have one."""
    query = select(_identity.participant_id, _identity.sealed)
    return dict(map(tuple, rows_for(connection, query, _identity.participant_id, only)))


def of_everybody(connection: Connection) -> list[tuple[str, str, str]]:
    """Pseudonym, account and sealed identity of everybody who has one, in the order they came."""
    person = schema.participant.c
    query = select(person.pseudonym, person.account, _identity.sealed).join_from(schema.participant, schema.identity)
    return [(who, account, token) for who, account, token in connection.execute(query.order_by(person.id))]


def put_identity(connection: Connection, id_: int, token: str, hashes: Mapping[By, str]) -> None:
    """Keep who somebody is, in place of what was known; `hashes` are what it is recognised by ("" for nothing)."""
    connection.execute(delete(schema.identity).where(_identity.participant_id == id_))
    by = {f"{name}_hash": value or None for name, value in hashes.items()}
    connection.execute(insert(schema.identity).values(participant_id=id_, sealed=token, **by))


def by_hash(connection: Connection, hashes: Mapping[By, str]) -> list[int]:
    """The participants who have this e-mail address or this CRM id."""
    both = ((_identity.email_hash, hashes["email"]), (_identity.crm_hash, hashes["crm"]))
    wanted = [column == value for column, value in both if value]
    return list(connection.scalars(select(_identity.participant_id).where(or_(*wanted)))) if wanted else []


def identity_hashes(connection: Connection) -> dict[By, dict[str, int]]:
    """All that participants are recognised by for certain: hash of an e-mail address or CRM id -> participant."""
    columns: dict[By, Any] = {"email": _identity.email_hash, "crm": _identity.crm_hash}
    return {
        by: dict(map(tuple, connection.execute(select(column, _identity.participant_id).where(column.is_not(None)))))
        for by, column in columns.items()
    }

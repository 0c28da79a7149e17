"""Single named values, and the spreadsheet mappings that people saved."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, Engine, select

from research.store import schema
from research.store.database import writing
from research.store.dialects import upsert


def setting(connection: Connection, key: str) -> str:
    """One named value, "" when it was never set."""
    return str(connection.scalar(select(schema.setting.c.value).where(schema.setting.c.key == key)) or "")


def set_setting(connection: Connection, key: str, value: str) -> None:
    """Keep one named value."""
    statement = upsert(connection, schema.setting).values(key=key, value=value)
    connection.execute(statement.on_conflict_do_update(index_elements=["key"], set_={"value": value}))


def mappings(connection: Connection) -> dict[str, dict[str, Any]]:
    """The remembered spreadsheet mappings by name."""
    query = select(schema.mapping.c.name, schema.mapping.c.columns).order_by(schema.mapping.c.name)
    return {row.name: row.columns for row in connection.execute(query)}


def save_mapping(engine: Engine, name: str, columns: Mapping[str, Any]) -> None:
    """Remember how the columns of a kind of spreadsheet are read."""
    with writing(engine).begin() as connection:
        statement = upsert(connection, schema.mapping).values(name=name, columns=dict(columns))
        connection.execute(statement.on_conflict_do_update(index_elements=["name"], set_={"columns": dict(columns)}))

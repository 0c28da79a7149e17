"""Where a repository lives: files in one folder, or PostgreSQL and Chroma's server."""

from __future__ import annotations

import secrets

from sqlalchemy import Engine

from research.config import Settings
from research.errors import BadInput
from research.index_reader import Indexes
from research.keywords import KeywordIndex
from research.matrix import Matrix
from research.store import named_values
from research.store.database import database_url, open_database, writing
from research.store.vector_table import VectorTable
from research.store.word_table import WordTable
from research.vectors import VectorIndex, VectorServer, chroma_url

_COLLECTION = "collection"  # the setting that says under which name Chroma's server has the vectors


def open_store(settings: Settings) -> Engine:
    """The database that the settings name. Raises HeardError."""
    servers = settings.servers
    if bool(servers.database) != bool(servers.chroma):
        lacking, there = "HEARD_CHROMA_URL", "HEARD_DATABASE_URL"
        if servers.chroma:
            lacking, there = there, lacking
        raise BadInput(
            f"{there} is set and {lacking} is not. PostgreSQL and Chroma's server go together: set both, or neither "
            "for files in HEARD_HOME."
        )
    chroma_url(servers.chroma)
    if not servers.database:
        settings.home.mkdir(parents=True, exist_ok=True)
    return open_database(database_url(servers.database, settings.home / "heard.db"))


def open_indexes(settings: Settings, engine: Engine) -> Indexes:
    """The indexes that belong to it."""
    if not settings.servers.database:
        home = settings.home
        return Indexes(VectorIndex(home / "index"), Matrix(home / "vectors.i8"), KeywordIndex(home / "keywords"))
    chroma = VectorServer(settings.servers, _collection(engine))
    return Indexes(chroma, VectorTable(engine), WordTable(engine))


def _collection(engine: Engine) -> str:
    """The name of the repository's collection, chosen once: several repositories may share a server."""
    with engine.connect() as connection:
        known = named_values.setting(connection, _COLLECTION)
    if known:
        return known
    with writing(engine).begin() as connection:
        if not named_values.setting(connection, _COLLECTION):
            named_values.set_setting(connection, _COLLECTION, f"heard-{secrets.token_hex(8)}")
        return named_values.setting(connection, _COLLECTION)

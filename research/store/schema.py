"""The tables: what is kept, as SQL, which is the truth that the indexes are rebuilt from."""

from __future__ import annotations

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    Date,
    DateTime,
    Float,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
)

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "pk": "pk_%(table_name)s",
    }
)

# What is still to be done before the indexes agree with SQL on a passage, as bits: make its vector, take its words into
# the keyword index, tell Chroma. With the first two done it can be found (see `research.search_index`).
CLEARED, NO_VECTOR, NO_WORDS, NOT_IN_CHROMA = 0, 1, 2, 4
NEW = NO_VECTOR | NO_WORDS | NOT_IN_CHROMA

setting = Table(
    "setting",
    metadata,
    Column("key", String(64), primary_key=True),
    Column("value", Text, nullable=False),
)

team = Table(
    "team",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("name", String(200), nullable=False, unique=True),
)

study = Table(
    "study",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("team_id", ForeignKey("team.id"), nullable=False),
    Column("title", String(300), nullable=False),
    Column("owner", String(200), nullable=False),
    Column("method", String(200), nullable=False),
    Column("questions", Text, nullable=False),
    UniqueConstraint("team_id", "title"),
)

# `label_hash` is a keyed hash of the name that the source used: it recognises the person again and tells nobody who.
participant = Table(
    "participant",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("pseudonym", String(16), nullable=False, unique=True),
    Column("label_hash", String(64), nullable=False, unique=True),
    Column("segment", String(200), nullable=False),
    Column("account", String(200), nullable=False),
    Column("role", String(200), nullable=False, server_default=""),
)

# One file (or zip member, or upload) as far as it went into one study. `fingerprint` covers its bytes and everything
# that decides what comes of them; a file whose rows name several studies has one entry in each, of the same key.
source = Table(
    "source",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("study_id", ForeignKey("study.id"), nullable=False),
    Column("key", String(64), nullable=False),
    Column("name", Text, nullable=False),
    Column("fingerprint", String(64), nullable=False, index=True),
    UniqueConstraint("study_id", "key"),
)

note = Table(
    "note",
    metadata,
    Column("id", String(16), primary_key=True),
    Column("study_id", ForeignKey("study.id"), nullable=False, index=True),
    Column("source_id", ForeignKey("source.id", ondelete="CASCADE"), nullable=False),
    Column("row", String(64), nullable=False),
    Column("title", Text, nullable=False, index=True),
    Column("date", Date, index=True),
    Column("format", String(40), nullable=False),
    Column("text", Text, nullable=False),
    Column("words", Integer, nullable=False),
    Column("origins", JSON, nullable=False),
    Column("added", DateTime, nullable=False),
    Column("updated", DateTime, nullable=False),
    UniqueConstraint("source_id", "row"),
)

turn = Table(
    "turn",
    metadata,
    Column("note_id", ForeignKey("note.id", ondelete="CASCADE"), primary_key=True),
    Column("ordinal", Integer, primary_key=True),
    Column("start", Integer, nullable=False),
    Column("end", Integer, nullable=False),
    Column("participant_id", ForeignKey("participant.id"), index=True),
    Column("heading", Text, nullable=False),
    Column("start_s", Float),
    Column("end_s", Float),
)

# `row` addresses a passage in every index and is never given twice. `stamp` is the generation in which its labels or
# its place in the indexes last changed: what readers look at to catch up.
passage = Table(
    "passage",
    metadata,
    Column("row", Integer, primary_key=True),
    Column("id", String(32), nullable=False, unique=True),
    Column("note_id", ForeignKey("note.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("ordinal", Integer, nullable=False),
    Column("start", Integer, nullable=False),
    Column("end", Integer, nullable=False),
    Column("text", Text, nullable=False),
    Column("context", Text, nullable=False),
    Column("participant_id", ForeignKey("participant.id"), nullable=False, index=True),
    Column("start_s", Float),
    Column("end_s", Float),
    Column("state", Integer, nullable=False),
    Column("stamp", Integer, nullable=False, index=True, server_default="0"),
    sqlite_autoincrement=True,
)
Index("ix_passage_pending", passage.c.state, sqlite_where=passage.c.state != CLEARED)

# `removed` keeps a person's "no" so that a tagger never puts the tag back.
passage_tag = Table(
    "passage_tag",
    metadata,
    Column("passage_row", ForeignKey("passage.row", ondelete="CASCADE"), primary_key=True),
    Column("tag", String(100), primary_key=True),
    Column("score", Float, nullable=False),
    Column("source", String(10), nullable=False),
    Column("reason", Text, nullable=False),
    Column("removed", Boolean, nullable=False),
    Column("at", DateTime, nullable=False),
    Index(None, "tag", "removed", "passage_row"),  # all that a filter by tag asks for
)

# Passages that SQL no longer holds and the indexes still may; `state` says which, as in `passage`.
gone = Table(
    "gone",
    metadata,
    Column("passage_row", Integer, primary_key=True, autoincrement=False),
    Column("state", Integer, nullable=False),
)

mapping = Table(
    "mapping",
    metadata,
    Column("name", String(100), primary_key=True),
    Column("columns", JSON, nullable=False),
)

"""Keywords leave SQL for an index of their own, and every index knows a passage by its row, which is never reused.

What the indexes held is of no use any more: all passages are marked as new, and the next ingest or
`heard doctor --repair` takes them in. Nothing else changes.
"""

import shutil
from pathlib import Path

from alembic import op

revision = "0002"
down_revision = "0001"

FULL_TEXT = (
    "TRIGGER passage_fts_insert",
    "TRIGGER passage_fts_delete",
    "TRIGGER passage_fts_update",
    "TABLE passage_fts",
)

PASSAGE = """CREATE TABLE passage_by_row (
    "row" INTEGER NOT NULL CONSTRAINT pk_passage PRIMARY KEY AUTOINCREMENT,
    id VARCHAR(32) NOT NULL,
    note_id VARCHAR(16) NOT NULL,
    ordinal INTEGER NOT NULL,
    start INTEGER NOT NULL,
    "end" INTEGER NOT NULL,
    text TEXT NOT NULL,
    context TEXT NOT NULL,
    participant_id INTEGER NOT NULL,
    start_s FLOAT,
    end_s FLOAT,
    state INTEGER NOT NULL,
    stamp INTEGER DEFAULT '0' NOT NULL,
    CONSTRAINT uq_passage_id UNIQUE (id),
    CONSTRAINT fk_passage_note_id FOREIGN KEY(note_id) REFERENCES note (id) ON DELETE CASCADE,
    CONSTRAINT fk_passage_participant_id FOREIGN KEY(participant_id) REFERENCES participant (id)
)"""


def upgrade() -> None:
    for what in FULL_TEXT:
        op.execute(f"DROP {what}")
    # SQLite makes a column AUTOINCREMENT only in a new table. Dropping the old one would delete the tags with it, so
    # they step aside.
    op.execute(PASSAGE)
    op.execute(
        'INSERT INTO passage_by_row SELECT "row", id, note_id, ordinal, start, "end", text, context, '
        "participant_id, start_s, end_s, 7, 0 FROM passage"
    )
    op.execute("CREATE TEMP TABLE kept_tags AS SELECT * FROM passage_tag")
    op.execute("DELETE FROM passage_tag")
    op.execute("DROP TABLE passage")
    op.execute("ALTER TABLE passage_by_row RENAME TO passage")
    op.execute("INSERT INTO passage_tag SELECT * FROM kept_tags")
    op.execute("DROP TABLE kept_tags")
    op.create_index("ix_passage_note_id", "passage", ["note_id"])
    op.create_index("ix_passage_participant_id", "passage", ["participant_id"])
    op.create_index("ix_passage_stamp", "passage", ["stamp"])
    op.execute("CREATE INDEX ix_passage_pending ON passage (state) WHERE state != 0")

    op.drop_index("ix_passage_tag_tag", "passage_tag")
    op.create_index("ix_passage_tag_tag_removed_passage_row", "passage_tag", ["tag", "removed", "passage_row"])

    op.execute("DROP TABLE gone")
    op.execute(
        "CREATE TABLE gone (passage_row INTEGER NOT NULL CONSTRAINT pk_gone PRIMARY KEY, state INTEGER NOT NULL)"
    )
    op.execute("DELETE FROM setting WHERE key = 'generation'")  # there is no index yet
    file = op.get_bind().engine.url.database
    if file:
        shutil.rmtree(Path(file).parent / "index", ignore_errors=True)  # Chroma's, which knew passages by another name

"""Runs of ingest, so that what one of them added can be taken out again."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"


def upgrade() -> None:
    op.create_table(
        "intake",
        sa.Column("id", sa.String(length=16), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("who", sa.String(length=200), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_intake")),
    )
    op.add_column("note", sa.Column("intake", sa.String(length=16), nullable=False, server_default=""))
    op.create_index(op.f("ix_note_intake"), "note", ["intake"])

"""Insights: claims, the evidence for and against them, and what was done with them."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    op.create_table(
        "insight",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("statement", sa.Text(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("team", sa.String(length=200), nullable=False),
        sa.Column("owner", sa.String(length=200), nullable=False),
        sa.Column("contrary", sa.Text(), nullable=False),
        sa.Column("decided", sa.String(length=20), nullable=False),
        sa.Column("why", sa.Text(), nullable=False, server_default=""),
        sa.Column("decided_on", sa.Date(), nullable=True),
        sa.Column("decided_by", sa.String(length=200), nullable=False, server_default=""),
        sa.Column("requested_by", sa.Text(), nullable=False, server_default=""),
        sa.Column("problem", sa.Text(), nullable=False, server_default=""),
        sa.Column("proof", sa.Text(), nullable=False, server_default=""),
        sa.Column("metric", sa.Text(), nullable=False, server_default=""),
        sa.Column("before", sa.Text(), nullable=False, server_default=""),
        sa.Column("target", sa.Text(), nullable=False, server_default=""),
        sa.Column("by", sa.Date(), nullable=True),
        sa.Column("happened", sa.Text(), nullable=False, server_default=""),
        sa.Column("happened_on", sa.Date(), nullable=True),
        sa.Column("now", sa.Text(), nullable=False, server_default=""),
        sa.Column("obstacle", sa.Text(), nullable=False, server_default=""),
        sa.Column("experiment", sa.Text(), nullable=False, server_default=""),
        sa.Column("learned", sa.Text(), nullable=False, server_default=""),
        sa.Column("review", sa.Date(), nullable=False),
        sa.Column("created", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_insight")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "evidence",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("insight_id", sa.Integer(), nullable=False),
        sa.Column("passage_row", sa.Integer(), nullable=True),
        sa.Column("sign", sa.String(length=10), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("who", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(
            ["insight_id"], ["insight.id"], name=op.f("fk_evidence_insight_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["passage_row"], ["passage.row"], name=op.f("fk_evidence_passage_row"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_evidence")),
        sa.UniqueConstraint("insight_id", "passage_row", name=op.f("uq_evidence_insight_id_passage_row")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_evidence_passage_row", "evidence", ["passage_row"])
    op.create_table(
        "beside",
        sa.Column("insight_id", sa.Integer(), nullable=False),
        sa.Column("passage_row", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["insight_id"], ["insight.id"], name=op.f("fk_beside_insight_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(
            ["passage_row"], ["passage.row"], name=op.f("fk_beside_passage_row"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("insight_id", "passage_row", name=op.f("pk_beside")),
    )
    op.create_index("ix_beside_passage_row", "beside", ["passage_row"])
    op.create_table(
        "insight_event",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("insight_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("who", sa.String(length=200), nullable=False),
        sa.Column("what", sa.String(length=40), nullable=False),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["insight_id"], ["insight.id"], name=op.f("fk_insight_event_insight_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_insight_event")),
    )
    op.create_index("ix_insight_event_insight_id", "insight_event", ["insight_id"])

"""What planning keeps: open questions, searches that teams follow, who used what others heard, and themes."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    op.create_table(
        "question",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("line", sa.Text(), nullable=False),
        sa.Column("team", sa.String(length=200), nullable=False),
        sa.Column("by", sa.String(length=200), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_question")),
        sa.UniqueConstraint("team", "line", name=op.f("uq_question_team_line")),
    )
    op.create_table(
        "saved_search",
        sa.Column("team", sa.String(length=200), nullable=False),
        sa.Column("query", sa.String(length=1000), nullable=False),
        sa.Column("by", sa.String(length=200), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("team", "query", name=op.f("pk_saved_search")),
    )
    op.create_table(
        "member",
        sa.Column("who", sa.String(length=200), nullable=False),
        sa.Column("team", sa.String(length=200), nullable=False),
        sa.PrimaryKeyConstraint("who", name=op.f("pk_member")),
    )
    op.create_table(
        "reuse",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("who", sa.String(length=200), nullable=False),
        sa.Column("team", sa.String(length=200), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("of_team", sa.String(length=200), nullable=False),
        sa.Column("note_id", sa.String(length=16), nullable=True),
        sa.ForeignKeyConstraint(["note_id"], ["note.id"], name=op.f("fk_reuse_note_id"), ondelete="SET NULL"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reuse")),
        sa.UniqueConstraint("note_id", "day", "who", "kind", name=op.f("uq_reuse_note_id_day_who_kind")),
    )
    op.create_index("ix_reuse_day", "reuse", ["day"])
    op.create_table(
        "theme",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("label", sa.Text(), nullable=False),
        sa.Column("phrases", sa.JSON(), nullable=False),
        sa.Column("labelled", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("hidden", sa.Boolean(), nullable=False),
        sa.Column("together", sa.Boolean(), nullable=False),
        sa.Column("founded", sa.Date(), nullable=False),
        sa.Column("ended", sa.Date(), nullable=True),
        sa.Column("into", sa.JSON(), nullable=False),
        sa.Column("parent", sa.String(length=16), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_theme")),
    )
    op.create_table(
        "theme_member",
        sa.Column("passage_row", sa.Integer(), nullable=False),
        sa.Column("theme_id", sa.Integer(), nullable=True),
        sa.Column("nearness", sa.Float(), nullable=False),
        sa.ForeignKeyConstraint(
            ["passage_row"], ["passage.row"], name=op.f("fk_theme_member_passage_row"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["theme_id"], ["theme.id"], name=op.f("fk_theme_member_theme_id")),
        sa.PrimaryKeyConstraint("passage_row", name=op.f("pk_theme_member")),
    )
    op.create_index("ix_theme_member_theme_id", "theme_member", ["theme_id"])
    op.create_table(
        "theme_refusal",
        sa.Column("passage_row", sa.Integer(), nullable=False),
        sa.Column("theme_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["passage_row"], ["passage.row"], name=op.f("fk_theme_refusal_passage_row"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["theme_id"], ["theme.id"], name=op.f("fk_theme_refusal_theme_id")),
        sa.PrimaryKeyConstraint("passage_row", "theme_id", name=op.f("pk_theme_refusal")),
    )
    op.create_table(
        "theme_apart",
        sa.Column("one", sa.Integer(), nullable=False),
        sa.Column("other", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["one"], ["theme.id"], name=op.f("fk_theme_apart_one")),
        sa.ForeignKeyConstraint(["other"], ["theme.id"], name=op.f("fk_theme_apart_other")),
        sa.PrimaryKeyConstraint("one", "other", name=op.f("pk_theme_apart")),
    )
    op.create_table(
        "theme_event",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("theme_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("who", sa.String(length=200), nullable=False),
        sa.Column("what", sa.String(length=40), nullable=False),
        sa.Column("others", sa.JSON(), nullable=False),
        sa.Column("passages", sa.Integer(), nullable=False),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["theme_id"], ["theme.id"], name=op.f("fk_theme_event_theme_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_theme_event")),
    )
    op.create_index("ix_theme_event_theme_id", "theme_event", ["theme_id"])

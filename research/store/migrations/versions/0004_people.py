"""People: who they are (sealed), what they agreed to, when they are contacted; what is done with it is written down."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    op.add_column("participant", sa.Column("mark", sa.String(length=20), nullable=False, server_default=""))
    op.add_column("participant", sa.Column("hidden_from", sa.Date(), nullable=True))
    op.create_index("ix_participant_hidden_from", "participant", ["hidden_from"])
    op.add_column("study", sa.Column("asked", sa.Boolean(), nullable=False, server_default="1"))
    op.add_column("study", sa.Column("keep_days", sa.Integer(), nullable=True))
    op.create_index("ix_turn_participant_id_note_id", "turn", ["participant_id", "note_id"])
    op.drop_index("ix_turn_participant_id", "turn")
    op.create_table(
        "alias",
        sa.Column("label_hash", sa.String(length=64), nullable=False),
        sa.Column("participant_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["participant_id"], ["participant.id"], name=op.f("fk_alias_participant_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("label_hash", name=op.f("pk_alias")),
    )
    op.create_table(
        "identity",
        sa.Column("participant_id", sa.Integer(), nullable=False),
        sa.Column("sealed", sa.Text(), nullable=False),
        sa.Column("email_hash", sa.String(length=64), nullable=True),
        sa.Column("crm_hash", sa.String(length=64), nullable=True),
        sa.Column("name_hash", sa.String(length=64), nullable=True),
        sa.ForeignKeyConstraint(
            ["participant_id"], ["participant.id"], name=op.f("fk_identity_participant_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("participant_id", name=op.f("pk_identity")),
        sa.UniqueConstraint("email_hash", name=op.f("uq_identity_email_hash")),
        sa.UniqueConstraint("crm_hash", name=op.f("uq_identity_crm_hash")),
    )
    op.create_index("ix_identity_name_hash", "identity", ["name_hash"])
    op.create_table(
        "consent",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("participant_id", sa.Integer(), nullable=False),
        sa.Column("scope", sa.String(length=200), nullable=False),
        sa.Column("given", sa.Date(), nullable=False),
        sa.Column("expires", sa.Date(), nullable=True),
        sa.Column("withdrawn", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(
            ["participant_id"], ["participant.id"], name=op.f("fk_consent_participant_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consent")),
        sa.UniqueConstraint("participant_id", "scope", name=op.f("uq_consent_participant_id_scope")),
    )
    op.create_table(
        "contact",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("participant_id", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("team", sa.String(length=200), nullable=False),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("by", sa.String(length=200), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["participant_id"], ["participant.id"], name=op.f("fk_contact_participant_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contact")),
    )
    op.create_index("ix_contact_participant_id", "contact", ["participant_id"])
    op.create_table(
        "different",
        sa.Column("one", sa.Integer(), nullable=False),
        sa.Column("other", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("one", "other", name=op.f("pk_different")),
        sa.ForeignKeyConstraint(["one"], ["participant.id"], name=op.f("fk_different_one"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["other"], ["participant.id"], name=op.f("fk_different_other"), ondelete="CASCADE"),
    )
    op.create_table(
        "audit",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("who", sa.String(length=200), nullable=False),
        sa.Column("what", sa.String(length=40), nullable=False),
        sa.Column("participant", sa.String(length=16), nullable=False),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit")),
    )
    for event in ("UPDATE", "DELETE"):
        op.execute(
            f"CREATE TRIGGER audit_no_{event.lower()} BEFORE {event} ON audit "
            "BEGIN SELECT RAISE(ABORT, 'the audit is only ever added to'); END"
        )

"""Studies that are kept to a team, and the people who work with the repository."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    op.add_column("study", sa.Column("closed", sa.Boolean(), nullable=False, server_default="0"))
    op.add_column("study", sa.Column("opens", sa.Date(), nullable=True))
    op.add_column("member", sa.Column("name", sa.String(length=200), nullable=False, server_default=""))
    op.add_column("member", sa.Column("role", sa.String(length=20), nullable=False, server_default=""))
    op.add_column("member", sa.Column("everywhere", sa.Boolean(), nullable=False, server_default="0"))
    op.add_column("member", sa.Column("seen", sa.DateTime(), nullable=True))
    op.create_table(
        "membership",
        sa.Column("who", sa.String(length=200), nullable=False),
        sa.Column("team", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(["who"], ["member.who"], name=op.f("fk_membership_who"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("who", "team", name=op.f("pk_membership")),
    )

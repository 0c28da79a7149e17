"""Whose words were erased, by keyed hash, so that no file brings them back."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    op.create_table(
        "forgotten",
        sa.Column("label_hash", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("label_hash", name=op.f("pk_forgotten")),
    )

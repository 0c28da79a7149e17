"""What a participant does: "clinic manager", "accountant"."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    op.add_column("participant", sa.Column("role", sa.String(length=200), nullable=False, server_default=""))

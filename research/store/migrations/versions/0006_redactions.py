"""What was replaced in a note: where the marks stand, of what kind, and how sure that was; never what it was."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    op.add_column("note", sa.Column("redactions", sa.JSON(), nullable=False, server_default="[]"))

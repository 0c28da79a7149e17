"""A theme's history says what was done and by whom, and never in anybody's words."""

from alembic import op

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    op.drop_column("theme_event", "detail")

"""Alembic's entry point; it is only ever called by `research.store.database` with an open connection."""

from alembic import context

from research.store.schema import metadata

context.configure(connection=context.config.attributes["connection"], target_metadata=metadata, render_as_batch=True)
with context.begin_transaction():
    context.run_migrations()

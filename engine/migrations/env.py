"""Alembic's entry: runs the revisions on the connection that engine/db/migrate hands over."""

from alembic import context

from engine.db.tables import metadata

context.configure(connection=context.config.attributes["connection"], target_metadata=metadata)
with context.begin_transaction():
    context.run_migrations()

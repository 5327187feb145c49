"""How Alembic reaches the database: over the connection that `leadterm.storage` opened, never by itself."""

from __future__ import annotations

from alembic import context

from leadterm.storage.tables import metadata

connection = context.config.attributes["connection"]
context.configure(connection=connection, target_metadata=metadata, render_as_batch=True)
context.run_migrations()

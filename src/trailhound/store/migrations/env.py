"""What Alembic runs: the steps on the connection it is handed, in the caller's transaction."""

from __future__ import annotations

from alembic import context

from trailhound.store.schema import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    transactional_ddl=False,
)
context.run_migrations()

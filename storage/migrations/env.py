"""Runs migrations on the connection that storage.engine.schema hands over, inside its transaction."""

from alembic import context

from storage.engine.year_tables import metadata

connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=metadata,
    render_as_batch=True,
    compare_type=True,
    user_module_prefix="columns.",
)
with context.begin_transaction():
    context.run_migrations()

"""on PostgreSQL a queue engine delivers; its tables are made when this has been done (storage.engine.schema.migrate)"""

from alembic import op

revision = "0047"
down_revision = "0046"
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass


def downgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute("drop schema if exists procrastinate cascade")

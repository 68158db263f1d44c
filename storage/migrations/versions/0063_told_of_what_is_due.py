"""of a job that waits no replica is told; the queue engine's tables are made anew (storage.engine.schema.migrate)"""

revision = "0063"
down_revision = "0062"
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass

"""what a substitute has answered, and that a reminder asked for has been taken back; nobody has done either before"""

import sqlalchemy as sa
from alembic import op

from storage.engine.columns import Instant

revision = "0038"
down_revision = "0037"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("leave", sa.Column("answer", sa.String(3), nullable=True))
    op.add_column("leave", sa.Column("answered_at", Instant, nullable=True))
    op.add_column("snooze", sa.Column("cancelled_at", Instant, nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("snooze") as snooze:
        snooze.drop_column("cancelled_at")
    with op.batch_alter_table("leave") as leave:
        leave.drop_column("answered_at")
        leave.drop_column("answer")

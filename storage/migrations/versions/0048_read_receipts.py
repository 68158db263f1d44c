"""when a message was read, where its person's Teams tells"""

import sqlalchemy as sa
from alembic import op

from storage.engine.columns import Instant

revision = "0048"
down_revision = "0047"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("delivery", sa.Column("read_at", Instant(), nullable=True))


def downgrade() -> None:
    op.drop_column("delivery", "read_at")

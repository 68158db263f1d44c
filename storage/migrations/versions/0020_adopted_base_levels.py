"""who decided on the base levels of a year, why and when"""

import sqlalchemy as sa
from alembic import op

from storage.engine import columns

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "base_levels", sa.Column("decided_by", sa.String(200), server_default="startvärden", nullable=False)
    )
    op.add_column("base_levels", sa.Column("reason", columns.Sealed(), nullable=True))
    op.add_column("base_levels", sa.Column("recorded_at", columns.Instant(timezone=True), nullable=True))


def downgrade() -> None:
    for name in ("recorded_at", "reason", "decided_by"):
        op.drop_column("base_levels", name)

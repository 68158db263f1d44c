"""which of the five situations a deviation is, what a signal is about, and to whom it was told first"""

import sqlalchemy as sa
from alembic import op

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None

_COLUMNS = (("situation", 30), ("category", 30), ("channel", 20))


def upgrade() -> None:
    for name, length in _COLUMNS:
        op.add_column("signal_version", sa.Column(name, sa.String(length), nullable=True))
    op.add_column("signal_version", sa.Column("areas", sa.String(100), nullable=False, server_default=""))


def downgrade() -> None:
    with op.batch_alter_table("signal_version") as version:
        for name in ("areas", *(name for name, _ in _COLUMNS)):
            version.drop_column(name)

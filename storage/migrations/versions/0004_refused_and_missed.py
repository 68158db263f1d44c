"""a channel that takes nothing, and messages that their person missed"""

import sqlalchemy as sa
from alembic import op

from storage.engine import columns

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("conversation", schema=None) as batch_op:
        batch_op.add_column(sa.Column("refused_at", columns.Instant(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("refused_why", sa.String(length=500), nullable=True))
    with op.batch_alter_table("delivery", schema=None) as batch_op:
        batch_op.add_column(sa.Column("missed", sa.Boolean(), server_default=sa.false(), nullable=False))
        batch_op.create_index("ix_delivery_missed_person", ["missed", "person_id"])


def downgrade() -> None:
    with op.batch_alter_table("delivery", schema=None) as batch_op:
        batch_op.drop_index("ix_delivery_missed_person")
        batch_op.drop_column("missed")
    with op.batch_alter_table("conversation", schema=None) as batch_op:
        batch_op.drop_column("refused_why")
        batch_op.drop_column("refused_at")

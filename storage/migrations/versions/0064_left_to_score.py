"""which large units are yet to be scored beside whoever writes, and of which something known has been deleted"""

import sqlalchemy as sa
from alembic import op

from storage.engine.columns import Instant

revision = "0064"
down_revision = "0063"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "left_to_score",
        sa.Column("unit_id", sa.Integer(), sa.ForeignKey("unit.id"), primary_key=True),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("at", Instant(), nullable=False),
    )
    op.create_table(
        "unit_purge",
        sa.Column("unit_id", sa.Integer(), sa.ForeignKey("unit.id"), primary_key=True),
        sa.Column("number", sa.Integer(), nullable=False),
    )


def downgrade() -> None:
    op.drop_table("unit_purge")
    op.drop_table("left_to_score")

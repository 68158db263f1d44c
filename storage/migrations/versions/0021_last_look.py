"""a row that is written to see whether anything can be stored"""

import sqlalchemy as sa
from alembic import op

from storage.engine import columns

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "last_look",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", columns.Instant(timezone=True), nullable=False),
        sa.CheckConstraint("id = 1", name=op.f("ck_last_look_single_row")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_last_look")),
    )


def downgrade() -> None:
    op.drop_table("last_look")

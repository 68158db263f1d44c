"""what happened after a backup that was put back, until an operator has been told of it"""

import sqlalchemy as sa
from alembic import op

revision = "0065"
down_revision = "0064"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "restored",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("taken_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("before", sa.Text()),
        sa.Column("since", sa.LargeBinary()),
        sa.Column("in_doubt", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_restored"),
    )


def downgrade() -> None:
    op.drop_table("restored")

"""what of a retention class a decision to delete is about"""

import sqlalchemy as sa
from alembic import op

from storage.engine.columns import Instant

revision = "0057"
down_revision = "0056"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "purge_class",
        sa.Column("purge_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(20), nullable=False),
        sa.Column("months", sa.Integer(), nullable=False),
        sa.Column("source", sa.String(300), nullable=False),
        sa.Column("before", sa.Date(), nullable=False),
        sa.Column("things", sa.Integer(), nullable=False),
        sa.Column("deleted", sa.JSON(), nullable=False),
        sa.Column("deleted_at", Instant(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["purge_id"], ["purge.id"], name=op.f("fk_purge_class_purge_id_purge")),
        sa.PrimaryKeyConstraint("purge_id", "name", name=op.f("pk_purge_class")),
    )


def downgrade() -> None:
    op.drop_table("purge_class")

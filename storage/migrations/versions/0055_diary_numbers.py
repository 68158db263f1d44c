"""the numbers under which the municipality registers follow-ups' matters of notice"""

import sqlalchemy as sa
from alembic import op

from storage.engine.columns import Instant

revision = "0055"
down_revision = "0054"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "diary_number",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("follow_up_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.String(length=100), nullable=False),
        sa.Column("recorded_by", sa.Integer(), nullable=False),
        sa.Column("recorded_at", Instant(), nullable=False),
        sa.ForeignKeyConstraint(
            ["follow_up_id"], ["follow_up.id"], name=op.f("fk_diary_number_follow_up_id_follow_up")
        ),
        sa.ForeignKeyConstraint(
            ["recorded_by"], ["person.id"], name=op.f("fk_diary_number_recorded_by_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_diary_number")),
    )
    op.create_index(op.f("ix_diary_number_follow_up_id"), "diary_number", ["follow_up_id"])


def downgrade() -> None:
    op.drop_table("diary_number")

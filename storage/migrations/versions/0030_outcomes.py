"""how placements at a unit ended, in groups of at least three children that are told once"""

import sqlalchemy as sa
from alembic import op

from storage.engine import columns

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "outcome_group",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("until", sa.Date(), nullable=False),
        sa.Column("children", sa.Integer(), nullable=False),
        sa.Column("so", sa.JSON(), nullable=False),
        sa.Column("made_at", columns.Instant(timezone=True), nullable=False),
        sa.CheckConstraint("children >= 3", name=op.f("ck_outcome_group_at_least_three")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_outcome_group_unit_id_unit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outcome_group")),
    )
    op.create_index(op.f("ix_outcome_group_unit_id"), "outcome_group", ["unit_id"])
    op.create_table(
        "outcome_end",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("placement_id", sa.Integer(), nullable=False),
        sa.Column("group_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["placement_id"], ["placement.id"], name=op.f("fk_outcome_end_placement_id_placement")
        ),
        sa.ForeignKeyConstraint(
            ["group_id"], ["outcome_group.id"], name=op.f("fk_outcome_end_group_id_outcome_group")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outcome_end")),
        sa.UniqueConstraint("placement_id", name=op.f("uq_outcome_end_placement_id")),
    )
    op.create_index(op.f("ix_outcome_end_group_id"), "outcome_end", ["group_id"])


def downgrade() -> None:
    op.drop_table("outcome_end")
    op.drop_table("outcome_group")

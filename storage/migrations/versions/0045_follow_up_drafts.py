"""what is being written in a follow-up's step and has not been saved"""

import sqlalchemy as sa
from alembic import op

from storage.engine import columns

revision = "0045"
down_revision = "0044"
branch_labels = None
depends_on = None

_TABLE = "follow_up_draft"


def upgrade() -> None:
    op.create_table(
        _TABLE,
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("follow_up_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("typed", columns.Sealed(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("saved_at", columns.Instant(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["follow_up_id"], ["follow_up.id"], name=op.f("fk_follow_up_draft_follow_up_id_follow_up")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_follow_up_draft_person_id_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_follow_up_draft")),
        sa.UniqueConstraint(
            "follow_up_id", "person_id", name=op.f("uq_follow_up_draft_follow_up_id_person_id")
        ),
    )
    op.create_index(op.f("ix_follow_up_draft_person_id"), _TABLE, ["person_id"])
    op.create_index(op.f("ix_follow_up_draft_saved_at"), _TABLE, ["saved_at"])


def downgrade() -> None:
    op.drop_table(_TABLE)

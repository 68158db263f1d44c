"""the last figure that each person was shown, by which the next question is read"""

import sqlalchemy as sa
from alembic import op

from storage.engine import columns

revision = "0039"
down_revision = "0038"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "shown_figure",
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("figure", sa.JSON(), nullable=False),
        sa.Column("shown_at", columns.Instant(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_shown_figure_person_id_person")),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_shown_figure")),
    )


def downgrade() -> None:
    op.drop_table("shown_figure")

"""the language and the quiet days that people choose for themselves"""

import sqlalchemy as sa
from alembic import op

from storage.engine import columns

revision = "0035"
down_revision = "0034"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "personal_choice",
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("language", sa.String(5), nullable=False),
        sa.Column("quiet_days", sa.String(5), nullable=False),
        sa.Column("recorded_at", columns.Instant(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_personal_choice_person_id_person")
        ),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_personal_choice")),
    )


def downgrade() -> None:
    op.drop_table("personal_choice")

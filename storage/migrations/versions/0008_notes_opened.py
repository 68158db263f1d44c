"""who has opened an alert's notes, on which day"""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "notes_opened",
        sa.Column("alert_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(["alert_id"], ["alert.id"], name=op.f("fk_notes_opened_alert_id_alert")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_notes_opened_person_id_person")),
        sa.PrimaryKeyConstraint("alert_id", "person_id", "day", name=op.f("pk_notes_opened")),
    )


def downgrade() -> None:
    op.drop_table("notes_opened")

"""who has opened what was written about a thing, on which day: of a signal as of an alert"""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "opened_texts",
        sa.Column("subject", sa.String(200), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_opened_texts_person_id_person")),
        sa.PrimaryKeyConstraint("subject", "person_id", "day", name=op.f("pk_opened_texts")),
    )
    op.execute(
        "insert into opened_texts (subject, person_id, day) "
        "select 'alert_notes:' || alert_id, person_id, day from notes_opened"
    )
    op.drop_table("notes_opened")


def downgrade() -> None:
    op.create_table(
        "notes_opened",
        sa.Column("alert_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(["alert_id"], ["alert.id"], name=op.f("fk_notes_opened_alert_id_alert")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_notes_opened_person_id_person")),
        sa.PrimaryKeyConstraint("alert_id", "person_id", "day", name=op.f("pk_notes_opened")),
    )
    op.execute(
        "insert into notes_opened (alert_id, person_id, day) "
        "select cast(substr(subject, 13) as integer), person_id, day from opened_texts "
        "where subject like 'alert_notes:%'"
    )
    op.drop_table("opened_texts")

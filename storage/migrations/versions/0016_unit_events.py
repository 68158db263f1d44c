"""what is known of a unit beside the evidence: the inspectorate's decisions and other events"""

import sqlalchemy as sa
from alembic import op

from storage.engine.columns import Instant

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "unit_event",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=30), nullable=False),
        sa.Column("happened_on", sa.Date(), nullable=False),
        sa.Column("source", sa.String(length=300), nullable=False),
        sa.Column("link", sa.String(length=500), nullable=True),
        sa.Column("checked_on", sa.Date(), nullable=True),
        sa.Column("author_id", sa.Integer(), nullable=True),
        sa.Column("known_at", Instant(), nullable=False),
        sa.Column("import_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_unit_event_unit_id_unit")),
        sa.ForeignKeyConstraint(["author_id"], ["person.id"], name=op.f("fk_unit_event_author_id_person")),
        sa.ForeignKeyConstraint(
            ["import_id"], ["register_import.id"], name=op.f("fk_unit_event_import_id_register_import")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_unit_event")),
        sa.UniqueConstraint(
            "unit_id",
            "happened_on",
            "kind",
            "source",
            name=op.f("uq_unit_event_unit_id_happened_on_kind_source"),
        ),
    )


def downgrade() -> None:
    op.drop_table("unit_event")

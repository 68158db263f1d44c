"""people by role, open alerts, leaves by whom they concern, and what was recorded since a moment, found by index"""

from alembic import op

revision = "0046"
down_revision = "0045"
branch_labels = None
depends_on = None

INDEXES = {
    "person": (("role", "active"),),
    "alert": (("closed_at",),),
    "contract": (("unit_id",),),
    "leave": (("person_id", "ends"), ("substitute_id", "ends"), ("ends",)),
    "report": (("recorded_at", "version", "imported", "author_id", "import_id"),),
    "signal_version": (("recorded_at",),),
}


def upgrade() -> None:
    for table, every in INDEXES.items():
        for columns in every:
            op.create_index(f"ix_{table}_{columns[0]}", table, list(columns))


def downgrade() -> None:
    for table, every in INDEXES.items():
        for columns in every:
            op.drop_index(f"ix_{table}_{columns[0]}", table)

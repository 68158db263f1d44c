"""the days of a unit's placements and the rounds of each are read from the index that finds them"""

from alembic import op

revision = "0066"
down_revision = "0065"
branch_labels = None
depends_on = None

# What finds them, and what was found by it before.
INDEXES = {
    "placement": (
        ("ix_placement_unit_days", ["unit_id", "ends", "starts", "import_id"]),
        ("ix_placement_unit_id", ["unit_id"]),
    ),
    "report_task": (
        ("ix_report_task_placement_round", ["placement_id", "round_id", "import_id"]),
        ("ix_report_task_placement_id", ["placement_id"]),
    ),
}


def upgrade() -> None:
    for table, ((name, columns), (before, _)) in INDEXES.items():
        op.create_index(name, table, columns)
        op.drop_index(before, table_name=table)


def downgrade() -> None:
    for table, ((name, _), (before, columns)) in INDEXES.items():
        op.create_index(before, table, columns)
        op.drop_index(name, table_name=table)

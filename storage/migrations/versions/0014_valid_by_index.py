"""whether a row is valid is read from the index that finds it"""

from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

INDEXES = {
    "ix_ownership_placement_since_import": ("ownership", ["placement_id", "since", "import_id"]),
    "ix_report_task_version_known": ("report", ["task_id", "version", "known_at", "import_id"]),
}


def upgrade() -> None:
    for name, (table, columns) in INDEXES.items():
        op.create_index(name, table, columns)


def downgrade() -> None:
    for name, (table, _) in INDEXES.items():
        op.drop_index(name, table_name=table)

"""imports staged under a number, and the units that they leave to score"""

import sqlalchemy as sa
from alembic import op

from storage.engine import columns

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

STAGED = (
    "person",
    "provider",
    "unit",
    "contract",
    "placement",
    "ownership",
    "round",
    "report_task",
    "report",
    "signal",
    "signal_version",
)


def upgrade() -> None:
    op.create_table(
        "register_import",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("started_at", columns.Instant(timezone=True), nullable=False),
        sa.Column("marks", sa.JSON(), nullable=False),
        sa.Column("valid_at", columns.Instant(timezone=True), nullable=True),
        sa.CheckConstraint("state in ('staging', 'valid')", name=op.f("ck_register_import_state")),
        sa.CheckConstraint(
            "(state = 'valid') = (valid_at is not null)", name=op.f("ck_register_import_valid_since_a_moment")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_register_import")),
    )
    only_staging = sa.text("state = 'staging'")
    op.create_index(
        "uq_register_import_staging",
        "register_import",
        ["state"],
        unique=True,
        sqlite_where=only_staging,
        postgresql_where=only_staging,
    )
    op.create_table(
        "import_unit",
        sa.Column("import_id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("next_month", columns.MonthText(length=7), nullable=True),
        sa.Column("scored_at", columns.Instant(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["import_id"], ["register_import.id"], name=op.f("fk_import_unit_import_id_register_import")
        ),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_import_unit_unit_id_unit")),
        sa.PrimaryKeyConstraint("import_id", "unit_id", name=op.f("pk_import_unit")),
    )
    op.create_index("ix_import_unit_scored_at", "import_unit", ["scored_at"])
    for table in STAGED:
        # In SQL, since SQLite takes the reference with the column and only so without making the table anew.
        op.execute(
            f'alter table "{table}" add column import_id integer'
            f" constraint fk_{table}_import_id_register_import references register_import (id)"
        )


def downgrade() -> None:
    for table in STAGED:
        with op.batch_alter_table(table, schema=None) as batch_op:
            batch_op.drop_constraint(f"fk_{table}_import_id_register_import", type_="foreignkey")
            batch_op.drop_column("import_id")
    op.drop_table("import_unit")
    op.drop_table("register_import")

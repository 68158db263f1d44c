"""to whom a signal was handed on"""

from alembic import op

revision = "0049"
down_revision = "0048"
branch_labels = None
depends_on = None

_TABLES = ("signal_progress", "signal_step")


def upgrade() -> None:
    # As every text there is: of any length, and in the order of its letters' numbers.
    kind = 'text collate "C"' if op.get_bind().dialect.name == "postgresql" else "varchar(15)"
    for table in _TABLES:
        # With its check in one statement, since a table that is built anew loses its triggers.
        op.execute(
            f"alter table {table} add column receiver {kind}"
            f" constraint ck_{table}_received_when_handed_on check (receiver is null or state = 'handed_on')"
        )


def downgrade() -> None:
    for table in _TABLES:
        op.drop_column(table, "receiver")

"""a signal's kind is checked against the register of terms, which may grow, and no longer against four words"""

import sqlalchemy as sa
from alembic import op

from storage.engine import columns

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

_KINDS = "kind in ('deviation', 'complaint', 'remark', 'replacement')"


def _signal_version(*more: sa.CheckConstraint) -> sa.Table:
    """As it is before the step: SQLite makes the table anew, and cannot tell what checks it has."""
    return sa.Table(
        "signal_version",
        sa.MetaData(),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("signal_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("event_on", sa.Date(), nullable=False),
        sa.Column("consequence", sa.Integer(), nullable=True),
        sa.Column("occurred", sa.String(length=20), nullable=False),
        sa.Column("cause", sa.String(length=20), nullable=False),
        sa.Column("source", sa.String(length=30), nullable=False),
        sa.Column("marks", sa.String(length=200), nullable=False),
        sa.Column("praise", sa.Boolean(), nullable=False),
        sa.Column("reasons", sa.String(length=200), nullable=False),
        sa.Column("event", sa.String(length=100), nullable=True),
        sa.Column("dismissed", sa.Boolean(), nullable=False),
        sa.Column("decided", sa.Boolean(), nullable=False),
        sa.Column("text", columns.Sealed(), nullable=True),
        sa.Column("action_taken", columns.Sealed(), nullable=True),
        sa.Column("reason", columns.Sealed(), nullable=True),
        sa.Column("author_id", sa.Integer(), nullable=True),
        sa.Column("imported", sa.Boolean(), nullable=False),
        sa.Column("known_at", columns.Instant(timezone=True), nullable=False),
        sa.Column("recorded_at", columns.Instant(timezone=True), nullable=False),
        sa.Column("import_id", sa.Integer(), nullable=True),
        sa.CheckConstraint("consequence between 1 and 4", name=op.f("ck_signal_version_consequence")),
        *more,
        sa.ForeignKeyConstraint(
            ["author_id"], ["person.id"], name=op.f("fk_signal_version_author_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["signal_id"], ["signal.id"], name=op.f("fk_signal_version_signal_id_signal")
        ),
        sa.ForeignKeyConstraint(
            ["import_id"], ["register_import.id"], name=op.f("fk_signal_version_import_id_register_import")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_signal_version")),
        sa.UniqueConstraint("signal_id", "version", name=op.f("uq_signal_version_signal_id_version")),
    )


def upgrade() -> None:
    checked = _signal_version(sa.CheckConstraint(_KINDS, name=op.f("ck_signal_version_kind")))
    with op.batch_alter_table("signal_version", schema=None, copy_from=checked) as batch_op:
        batch_op.drop_constraint(op.f("ck_signal_version_kind"), type_="check")


def downgrade() -> None:
    with op.batch_alter_table("signal_version", schema=None, copy_from=_signal_version()) as batch_op:
        batch_op.create_check_constraint(op.f("ck_signal_version_kind"), _KINDS)

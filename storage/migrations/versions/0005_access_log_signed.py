"""the access log signed: its keys, where it ends, checkpoints, the records read, and guards for all of them"""

import sqlalchemy as sa
from alembic import op

from storage.engine import columns

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

# What is sealed is sealed anew when keys are changed; all else stands as it was written.
KEPT = {
    "access_log": "id, at, person_id, stranger, act, subject, detail, records, hash, chain, number, key_id",
    "access_log_record": "entry_id, what, record_id",
    "log_review": "id, quarter, person_id, recorded_at, findings, entries, head",
    "log_checkpoint": "id, chain, entries, head, at, key_id, signature",
    "log_key": "id, since",
}
KEPT_BEFORE = "id, at, person_id, stranger, act, subject, detail, records, hash"
REFUSE = "begin select raise(abort, 'the access log only grows'); end"


def upgrade() -> None:
    op.add_column("access_log", sa.Column("chain", sa.String(40), server_default="main", nullable=False))
    op.add_column(
        "access_log", sa.Column("number", sa.Integer(), server_default=sa.text("0"), nullable=False)
    )
    op.add_column("access_log", sa.Column("key_id", sa.String(16), nullable=True))
    # What is there stays as it is, each at its place; it is signed where the keys are known, at the next start.
    op.execute(
        "update access_log set number = placed.place from "
        "(select id, row_number() over (order by id) as place from access_log) as placed "
        "where placed.id = access_log.id"
    )
    op.create_index("ix_access_log_chain_number", "access_log", ["chain", "number"], unique=True)
    op.create_table(
        "access_log_record",
        sa.Column("entry_id", sa.Integer(), nullable=False),
        sa.Column("what", sa.String(40), nullable=False),
        sa.Column("record_id", sa.String(64), nullable=False),
        sa.ForeignKeyConstraint(
            ["entry_id"], ["access_log.id"], name=op.f("fk_access_log_record_entry_id_access_log")
        ),
        sa.PrimaryKeyConstraint("entry_id", "what", "record_id", name=op.f("pk_access_log_record")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "log_key",
        sa.Column("id", sa.String(16), nullable=False),
        sa.Column("sealed", columns.Sealed(), nullable=False),
        sa.Column("since", columns.Instant(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_log_key")),
    )
    op.create_table(
        "log_tip",
        sa.Column("chain", sa.String(40), nullable=False),
        sa.Column("entries", sa.Integer(), nullable=False),
        sa.Column("head", sa.String(64), nullable=False),
        sa.Column("key_id", sa.String(16), nullable=False),
        sa.Column("signature", sa.String(64), nullable=False),
        sa.PrimaryKeyConstraint("chain", name=op.f("pk_log_tip")),
    )
    op.create_table(
        "log_checkpoint",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("chain", sa.String(40), nullable=False),
        sa.Column("entries", sa.Integer(), nullable=False),
        sa.Column("head", sa.String(64), nullable=False),
        sa.Column("at", columns.Instant(timezone=True), nullable=False),
        sa.Column("key_id", sa.String(16), nullable=False),
        sa.Column("signature", sa.String(64), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_log_checkpoint")),
    )
    if op.get_bind().dialect.name == "sqlite":
        op.execute("drop trigger access_log_no_update")
        op.execute("drop trigger access_log_no_delete")
        _guard()


def _guard() -> None:
    for table, kept in KEPT.items():
        op.execute(f"create trigger {table}_no_update before update of {kept} on {table} {REFUSE}")
    for table in (*KEPT, "log_tip"):
        op.execute(f"create trigger {table}_no_delete before delete on {table} {REFUSE}")


def downgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        for table in KEPT:
            op.execute(f"drop trigger {table}_no_update")
        for table in (*KEPT, "log_tip"):
            op.execute(f"drop trigger {table}_no_delete")
    for table in ("log_checkpoint", "log_tip", "log_key", "access_log_record"):
        op.drop_table(table)
    op.drop_index("ix_access_log_chain_number", table_name="access_log")
    for column in ("key_id", "number", "chain"):
        op.drop_column("access_log", column)
    if op.get_bind().dialect.name == "sqlite":
        op.execute(
            f"create trigger access_log_no_update before update of {KEPT_BEFORE} on access_log {REFUSE}"
        )
        op.execute(f"create trigger access_log_no_delete before delete on access_log {REFUSE}")

"""the access log's chain, and its reviews"""

from datetime import UTC
from hashlib import sha256

import orjson
import sqlalchemy as sa
from alembic import op

from storage.engine import columns

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

CONTENT = ("at", "person_id", "stranger", "act", "subject", "detail")
# Sealed reasons are sealed anew when keys are changed; the hash covers what they say.
KEPT = "id, at, person_id, stranger, act, subject, detail, records, hash"


def upgrade() -> None:
    with op.batch_alter_table("access_log", schema=None) as batch_op:
        batch_op.add_column(sa.Column("reason", columns.Sealed(), nullable=True))
        batch_op.add_column(sa.Column("records", sa.Integer(), server_default=sa.text("1"), nullable=False))
        batch_op.add_column(sa.Column("hash", sa.String(length=64), nullable=True))
    _hash_what_is_there()
    with op.batch_alter_table("access_log", schema=None) as batch_op:
        batch_op.alter_column("hash", existing_type=sa.String(length=64), nullable=False)
        batch_op.create_index("ix_access_log_at", ["at"])
    op.create_table(
        "log_review",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("quarter", sa.String(length=7), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("recorded_at", columns.Instant(timezone=True), nullable=False),
        sa.Column("note", columns.Sealed(), nullable=False),
        sa.Column("findings", sa.Integer(), nullable=False),
        sa.Column("entries", sa.Integer(), nullable=False),
        sa.Column("head", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_log_review_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_log_review")),
    )
    with op.batch_alter_table("log_review", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_log_review_quarter"), ["quarter"])
    if op.get_bind().dialect.name == "sqlite":
        _guard()


def _hash_what_is_there() -> None:
    log = sa.table(
        "access_log",
        sa.column("id", sa.Integer),
        sa.column("at", columns.Instant),
        *(sa.column(name) for name in CONTENT[1:]),
        sa.column("hash", sa.String),
    )
    before = "0" * 64
    for row in op.get_bind().execute(sa.select(log).order_by(log.c.id)).all():
        at = row.at.astimezone(UTC).isoformat(timespec="microseconds")
        said = [before, at, *(getattr(row, name) for name in CONTENT[1:]), None, 1]
        before = sha256(orjson.dumps(said)).hexdigest()
        op.get_bind().execute(sa.update(log).where(log.c.id == row.id).values(hash=before))


def _guard() -> None:
    refuse = "begin select raise(abort, 'the access log only grows'); end"
    op.execute(f"create trigger access_log_no_update before update of {KEPT} on access_log {refuse}")
    op.execute(f"create trigger access_log_no_delete before delete on access_log {refuse}")


def downgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        op.execute("drop trigger access_log_no_update")
        op.execute("drop trigger access_log_no_delete")
    op.drop_table("log_review")
    with op.batch_alter_table("access_log", schema=None) as batch_op:
        batch_op.drop_index("ix_access_log_at")
        batch_op.drop_column("hash")
        batch_op.drop_column("records")
        batch_op.drop_column("reason")

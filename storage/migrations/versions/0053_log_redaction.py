"""that the reason of an entry in the access log was deleted, by which decision, signed"""

import sqlalchemy as sa
from alembic import op

from storage.engine.columns import Instant

revision = "0053"
down_revision = "0052"
branch_labels = None
depends_on = None

_KEPT = "entry_id, purge, redacted_at, redacted_key, redacted_as"
_REFUSE = "begin select raise(abort, 'the access log only grows'); end"
_CALL = "execute function access_log_only_grows()"


def upgrade() -> None:
    op.create_table(
        "log_redaction",
        sa.Column("entry_id", sa.Integer(), nullable=False),
        sa.Column("purge", sa.Integer(), nullable=False),
        sa.Column("redacted_at", Instant(timezone=True), nullable=False),
        sa.Column("redacted_key", sa.String(16), nullable=False),
        sa.Column("redacted_as", sa.String(64), nullable=False),
        sa.ForeignKeyConstraint(
            ["entry_id"], ["access_log.id"], name=op.f("fk_log_redaction_entry_id_access_log")
        ),
        sa.PrimaryKeyConstraint("entry_id", name=op.f("pk_log_redaction")),
    )
    if op.get_bind().dialect.name == "sqlite":
        op.execute(
            f"create trigger log_redaction_no_update before update of {_KEPT} on log_redaction {_REFUSE}"
        )
        op.execute(f"create trigger log_redaction_no_delete before delete on log_redaction {_REFUSE}")
        return
    for act, each in (("update of " + _KEPT, "row"), ("delete", "row"), ("truncate", "statement")):
        name = f"log_redaction_no_{act.split()[0]}"
        op.execute(f"create trigger {name} before {act} on log_redaction for each {each} {_CALL}")


def downgrade() -> None:
    op.drop_table("log_redaction")

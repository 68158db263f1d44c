"""the access log only grows on PostgreSQL too"""

from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None

KEPT = {
    "access_log": "id, at, person_id, stranger, act, subject, detail, records, hash, chain, number, key_id",
    "access_log_record": "entry_id, what, record_id",
    "log_review": "id, quarter, person_id, recorded_at, findings, entries, head",
    "log_checkpoint": "id, chain, entries, head, at, key_id, signature",
    "log_key": "id, since",
}
CALL = "execute function access_log_only_grows()"
BODY = "\nbegin raise exception 'the access log only grows' using errcode = 'restrict_violation'; end\n"


def upgrade() -> None:
    if op.get_bind().dialect.name != "postgresql":
        return
    op.execute(f"create function access_log_only_grows() returns trigger language plpgsql as $${BODY}$$")
    for table, kept in KEPT.items():
        op.execute(f"create trigger {table}_no_update before update of {kept} on {table} for each row {CALL}")
    for table in (*KEPT, "log_tip"):
        op.execute(f"create trigger {table}_no_delete before delete on {table} for each row {CALL}")
        op.execute(f"create trigger {table}_no_truncate before truncate on {table} for each statement {CALL}")


def downgrade() -> None:
    if op.get_bind().dialect.name != "postgresql":
        return
    for table in (*KEPT, "log_tip"):
        for act in ("truncate", "delete", *(["update"] if table in KEPT else [])):
            op.execute(f"drop trigger {table}_no_{act} on {table}")
    op.execute("drop function access_log_only_grows()")

"""Triggers by which the database itself refuses to change or delete what the access log consists of."""

from sqlalchemy import text

from storage.engine.database import Transaction

# What is sealed is sealed anew when keys are changed; all else stands as it was written.
_KEPT = {
    "access_log": "id, at, person_id, stranger, act, subject, detail, records, hash, chain, number, key_id",
    "access_log_record": "entry_id, what, record_id",
    "log_review": "id, quarter, person_id, recorded_at, findings, entries, head",
    "log_checkpoint": "id, chain, entries, head, at, key_id, signature",
    "log_key": "id, since",
}
_REFUSE = "begin select raise(abort, 'the access log only grows'); end"
_STORED = text("select name, sql from sqlite_master where type = 'trigger'")

GUARDS = {
    **{
        f"{table}_no_update": f"create trigger {table}_no_update before update of {kept} on {table} {_REFUSE}"
        for table, kept in _KEPT.items()
    },
    **{
        f"{table}_no_delete": f"create trigger {table}_no_delete before delete on {table} {_REFUSE}"
        for table in (*_KEPT, "log_tip")
    },
}


def missing_guards(tx: Transaction) -> list[str]:
    """Those that are not there, or that no longer say what they should; only SQLite has any."""
    if tx.connection.dialect.name != "sqlite":
        return []
    stored = {row.name: row.sql for row in tx.connection.execute(_STORED)}
    return [name for name, sql in GUARDS.items() if stored.get(name, "").casefold() != sql]

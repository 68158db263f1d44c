"""Triggers by which the database itself refuses to change or delete what the access log consists of."""

from collections.abc import Mapping

from sqlalchemy import text

from storage.engine.database import Transaction

# What is sealed is sealed anew when keys are changed; all else stands as it was written.
_KEPT = {
    "access_log": "id, at, person_id, stranger, act, subject, detail, records, hash, chain, number, key_id",
    "access_log_record": "entry_id, what, record_id",
    "log_redaction": "entry_id, purge, redacted_at, redacted_key, redacted_as",
    "log_review": "id, quarter, person_id, recorded_at, findings, entries, head",
    "log_checkpoint": "id, chain, entries, head, at, key_id, signature",
    "log_key": "id, since",
}
_NEVER_LESS = (*_KEPT, "log_tip")
_REFUSE = "begin select raise(abort, 'the access log only grows'); end"
_CALL = "execute function access_log_only_grows()"
FUNCTION = "\nbegin raise exception 'the access log only grows' using errcode = 'restrict_violation'; end\n"

# As each database says again what it was told, in small letters.
GUARDS: Mapping[str, Mapping[str, str]] = {
    "sqlite": {
        **{
            f"{table}_no_update": f"create trigger {table}_no_update before update of {kept} on {table} {_REFUSE}"
            for table, kept in _KEPT.items()
        },
        **{
            f"{table}_no_delete": f"create trigger {table}_no_delete before delete on {table} {_REFUSE}"
            for table in _NEVER_LESS
        },
    },
    "postgresql": {
        **{
            f"{table}_no_update": f"create trigger {table}_no_update before update of {kept} on {table}"
            f" for each row {_CALL}"
            for table, kept in _KEPT.items()
        },
        **{
            f"{table}_no_delete": f"create trigger {table}_no_delete before delete on {table} for each row {_CALL}"
            for table in _NEVER_LESS
        },
        **{
            f"{table}_no_truncate": f"create trigger {table}_no_truncate before truncate on {table}"
            f" for each statement {_CALL}"
            for table in _NEVER_LESS
        },
    },
}
_STORED = {
    "sqlite": text("select name, sql from sqlite_master where type = 'trigger'"),
    # One that is there and never fired, or that calls something else, is none.
    "postgresql": text(
        "select tgname as name, pg_get_triggerdef(pg_trigger.oid, true) as sql"
        " from pg_trigger join pg_proc on pg_proc.oid = tgfoid"
        " where not tgisinternal and tgenabled in ('O', 'A') and prosrc = :calls"
    ),
}


def missing_guards(tx: Transaction) -> list[str]:
    """Those that are not there, or that no longer say what they should."""
    name = tx.connection.dialect.name
    query = _STORED[name] if name == "sqlite" else _STORED[name].bindparams(calls=FUNCTION)
    stored = {row.name: row.sql for row in tx.connection.execute(query)}
    return [guard for guard, sql in GUARDS[name].items() if stored.get(guard, "").casefold() != sql]

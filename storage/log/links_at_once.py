"""The links of a transaction in one statement of PostgreSQL's: who holds the chain's end keeps every other waiting."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Connection

from followup.log.subject import Subject

# What stands in a link's row, and what type it has there.
_TYPES = {
    "at": "timestamptz",
    "person_id": "int",
    "stranger": "text",
    "act": "text",
    "subject": "text",
    "detail": "text",
    "reason": "bytea",
    "records": "int",
    "hash": "text",
    "chain": "text",
    "number": "int",
    "key_id": "text",
}
_NAMES = ", ".join(_TYPES)
# The numbers are given in the order of the links.
_WRITE = (
    f"with entry as (insert into access_log ({_NAMES}) select {_NAMES}"
    f" from unnest({', '.join(f'%({name})s::{kind}[]' for name, kind in _TYPES.items())}) as given ({_NAMES})"
    " order by number returning id, number),"
    " seen as (insert into access_log_record (entry_id, what, record_id) select entry.id, what, record_id"
    " from unnest(%(of_number)s::int[], %(what)s::text[], %(record_id)s::text[]) as one (number, what, record_id)"
    " join entry on entry.number = one.number)"
    " update log_tip set entries = %(new_entries)s, head = %(new_head)s, key_id = %(new_key_id)s,"
    " signature = %(new_signature)s where chain = %(of_chain)s"
    # All that the transaction holds is let go of before the disk has it; who answers for it waits for the disk first.
    " returning set_config('synchronous_commit', 'off', true)"
)


def write(
    connection: Connection,
    rows: Sequence[Mapping[str, Any]],
    seen: Sequence[Sequence[Subject]],
    end: Mapping[str, Any],
) -> None:
    """Each row with what was seen in it, and where the chain ends with them."""
    records = [(row["number"], one) for row, some in zip(rows, seen, strict=True) for one in some]
    values = {
        **{name: [row[name] for row in rows] for name in _TYPES},
        "of_number": [number for number, _ in records],
        "what": [str(one.what) for _, one in records],
        "record_id": [one.id for _, one in records],
    }
    connection.exec_driver_sql(_WRITE, {**values, **end})

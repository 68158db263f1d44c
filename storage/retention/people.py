"""All that is held about one employee: her own rows, and what she has done, found by every reference to her."""

from collections.abc import Iterator, Mapping
from typing import Any

from sqlalchemy import Column, Table, select

from followup import PersonId
from storage.engine.columns import Instant
from storage.engine.database import Transaction
from storage.engine.tables import person
from storage.engine.year_tables import metadata
from storage.retention.holdings import opened

# What is hers alone is told whole; of all else that names her it is told that, when and which, and nothing of a child.
OWN = frozenset(
    {
        *(
            "person",
            "leave",
            "snooze",
            "digest_choice",
            "personal_choice",
            "shown_figure",
            "conversation",
            "delivery",
            "link",
        ),
        *("clock_look", "signal_turn", "opened_texts", "page_session"),
    }
)
# The log is read by itself, with what it says.
_ELSEWHERE = frozenset({"access_log"})


def own_rows(tx: Transaction, person_id: PersonId) -> dict[str, list[dict[str, Any]]]:
    found = {str(table.name): list(_rows(tx, table, person_id)) for table in _tables() if table.name in OWN}
    return {name: rows for name, rows in found.items() if rows}


def rows_naming(tx: Transaction, person_id: PersonId) -> list[dict[str, Any]]:
    """Each row that names her, in what part, with its number and its moments."""
    return [
        {"table": str(table.name), "as": str(column.name), **_told(table, row._mapping)}
        for table in _tables()
        if table.name not in _ELSEWHERE
        # Of another's row that names her too, such as a leave with her as substitute, that it does.
        for column in naming(table)[table.name in OWN :]
        for row in tx.connection.execute(
            select(table).where(column == person_id).order_by(*table.primary_key.columns)
        )
    ]


def naming(table: Table) -> list[Column[Any]]:
    """The columns that name a person."""
    if table is person:
        return [person.c.id, person.c.manager_id]
    return [
        column
        for column in table.columns
        if any(key.column.table.name == person.name for key in column.foreign_keys)
    ]


def _tables() -> Iterator[Table]:
    return (table for table in metadata.sorted_tables if naming(table))


def _rows(tx: Transaction, table: Table, person_id: PersonId) -> Iterator[dict[str, Any]]:
    column = person.c.id if table is person else naming(table)[0]
    keys = list(table.primary_key.columns)
    for row in tx.connection.execute(select(table).where(column == person_id).order_by(*keys)):
        yield opened(tx, table, row._mapping)


def _told(table: Table, row: Mapping[Any, Any]) -> dict[str, Any]:
    keys = [column.name for column in table.primary_key.columns]
    moments = [column.name for column in table.columns if isinstance(column.type, Instant)]
    first = next((row[name] for name in moments if row[name] is not None), None)
    return {
        "number": ":".join(str(row[name]) for name in keys),
        "at": None if first is None else first.isoformat(timespec="seconds"),
    }

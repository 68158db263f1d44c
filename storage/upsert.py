"""Rows put in by their own keys, only where they differ from what is stored."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Table, insert, select, update

from storage.columns import Sealed
from storage.database import Transaction

Record = Mapping[str, Any]
Key = tuple[Any, ...]


@dataclass(frozen=True)
class Counts:
    created: int = 0
    changed: int = 0
    unchanged: int = 0
    ended: int = 0


@dataclass(frozen=True)
class Saved:
    """The keys of the rows that were written, beside how many were not."""

    created: frozenset[Key] = frozenset()
    changed: frozenset[Key] = frozenset()
    unchanged: int = 0

    @property
    def counts(self) -> Counts:
        return Counts(len(self.created), len(self.changed), self.unchanged)


def ids(tx: Transaction, table: Table, key: str = "key") -> dict[str, int]:
    rows = tx.connection.execute(select(table.c[key].label("key"), table.c.id))
    return {row.key: row.id for row in rows}


def upsert(
    tx: Transaction, table: Table, key: tuple[str, ...], records: Sequence[Record], defaults: Record
) -> Saved:
    """Columns that a record does not name keep what is stored, or get their default in a new row."""
    sealed = _sealed_columns(table)
    rows = [row._asdict() for row in tx.connection.execute(select(table))]
    stored = {tuple(row[name] for name in key): row for row in rows}
    empty = {column.name: defaults.get(column.name) for column in table.columns if column.name != "id"}
    created: dict[Key, Record] = {}
    changed: dict[Key, Record] = {}
    for record in records:
        row_key = tuple(record[name] for name in key)
        row = stored.get(row_key)
        if row is None:
            created[row_key] = _seal(tx, sealed, {**empty, **record})
        elif _differs(tx, sealed, row, record):
            changed[row_key] = _seal(tx, sealed, record)
    insert_all(tx, table, list(created.values()))
    for row_key, record in changed.items():
        tx.connection.execute(update(table).where(table.c.id == stored[row_key]["id"]).values(record))
    return Saved(frozenset(created), frozenset(changed), len(records) - len(created) - len(changed))


def _sealed_columns(table: Table) -> frozenset[str]:
    return frozenset(column.name for column in table.columns if isinstance(column.type, Sealed))


def _seal(tx: Transaction, sealed: frozenset[str], record: Record) -> Record:
    return {name: tx.vault.seal_some(value) if name in sealed else value for name, value in record.items()}


def _differs(tx: Transaction, sealed: frozenset[str], row: Record, record: Record) -> bool:
    """Sealed text is compared open, since sealing the same text twice never gives the same bytes."""
    return any(
        value != (tx.vault.open_some(row[name]) if name in sealed else row[name])
        for name, value in record.items()
    )


def insert_all(tx: Transaction, table: Table, rows: Sequence[Record]) -> None:
    if rows:
        tx.connection.execute(insert(table), [dict(row) for row in rows])

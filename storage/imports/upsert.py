"""Rows staged by their own keys, only where they differ from what is stored."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Table, select

from storage.engine.columns import Sealed
from storage.engine.database import Transaction
from storage.engine.imported import with_staged
from storage.imports.staging import Record, Staging

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


def ids(tx: Transaction, table: Table, key: str = "key") -> dict[str, Any]:
    """Those of rows that are being staged as well."""
    row = with_staged(table).c
    rows = tx.connection.execute(select(row[key].label("key"), row.id))
    return {row.key: row.id for row in rows}


def upsert(
    staging: Staging,
    table: Table,
    key: tuple[str, ...],
    records: Sequence[Record],
    defaults: Record,
    *,
    unless_there: bool = False,
) -> Saved:
    """Columns that a record does not name keep what is stored, or get their default in a new row.

    `unless_there` where people write such rows too: one that came since stands.
    """
    tx, sealed = staging.look, _sealed_columns(table)
    rows = [row._asdict() for row in tx.connection.execute(select(with_staged(table))).all()]
    stored = {tuple(row[name] for name in key): row for row in rows}
    empty = {column.name: defaults.get(column.name) for column in table.columns if column.name != "id"}
    created: dict[Key, Record] = {}
    changed: dict[Key, Record] = {}
    for record in records:
        row_key = tuple(record[name] for name in key)
        row = stored.get(row_key)
        if row is None:
            created[row_key] = _seal(tx, sealed, {**empty, **record})
        elif another := _differing(tx, sealed, row, record):
            changed[row_key] = _seal(tx, sealed, another)
    staging.put_in(table, list(created.values()), unless_there=unless_there)
    own = {key for key in changed if stored[key].get("import_id") == staging.number}
    staging.change_staged(table, {stored[key]["id"]: changed[key] for key in own})
    for row_key in changed.keys() - own:
        staging.change(table, stored[row_key]["id"], changed[row_key])
    return Saved(frozenset(created), frozenset(changed), len(records) - len(created) - len(changed))


def _sealed_columns(table: Table) -> frozenset[str]:
    return frozenset(column.name for column in table.columns if isinstance(column.type, Sealed))


def _seal(tx: Transaction, sealed: frozenset[str], record: Record) -> Record:
    return {name: tx.vault.seal_some(value) if name in sealed else value for name, value in record.items()}


def _differing(tx: Transaction, sealed: frozenset[str], row: Record, record: Record) -> Record:
    """What is another than what is stored, and nothing else of the record: to write it costs each index a change.

    Sealed text is compared open, since sealing the same text twice never gives the same bytes.
    """
    return {
        name: value
        for name, value in record.items()
        if value != (tx.vault.open_some(row[name]) if name in sealed else row[name])
    }

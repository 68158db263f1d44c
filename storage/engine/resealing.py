"""Everything sealed, sealed anew under the newest key: every Sealed column of every table, a batch at a time."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Column, Row, Select, Table, or_, select, update

from storage.engine.columns import Sealed
from storage.engine.database import Database, Transaction
from storage.engine.year_tables import metadata

BATCH = 500


@dataclass(frozen=True)
class ResealedBatch:
    """What one batch, or one count, found in a table, in rows; `unreadable` are those that no key opens."""

    table: str
    rows: int = 0
    old: int = 0
    unreadable: int = 0
    last: Any = None


def sealed_tables() -> list[Table]:
    return [table for table in metadata.sorted_tables if _sealed(table)]


def _sealed(table: Table) -> list[Column[Any]]:
    return [column for column in table.columns if isinstance(column.type, Sealed)]


def reseal(database: Database, batch: int = BATCH) -> Iterator[ResealedBatch]:
    """A step a batch, each in a transaction of its own: what an interruption leaves is taken up the next time."""
    for table in sealed_tables():
        step = ResealedBatch(table.name)
        while True:
            with database.transaction() as tx:
                step = _reseal_batch(tx, table, step.last, batch)
            yield step
            if step.rows < batch:
                break


def count(tx: Transaction) -> list[ResealedBatch]:
    """How many rows of each table stand under an old key, or under none that is known."""
    return [_counted(tx, table) for table in sealed_tables()]


def _reseal_batch(tx: Transaction, table: Table, after: Any, batch: int) -> ResealedBatch:
    rows = tx.connection.execute(_next(table, after).limit(batch)).all()
    old = unreadable = 0
    for row in rows:
        new = {name: tx.vault.reseal(value) for name, value in _old(tx, row).items()}
        readable = {name: value for name, value in new.items() if value is not None}
        unreadable += len(readable) < len(new)
        if readable:
            old += 1
            tx.connection.execute(update(table).where(_key(table) == row.row_key).values(**readable))
    return ResealedBatch(table.name, len(rows), old, unreadable, rows[-1].row_key if rows else after)


def _counted(tx: Transaction, table: Table) -> ResealedBatch:
    rows = old = unreadable = 0
    for row in tx.connection.execute(_next(table, None)):
        found = _old(tx, row).values()
        rows += 1
        old += bool(found)
        unreadable += any(tx.vault.reseal(value) is None for value in found)
    return ResealedBatch(table.name, rows, old, unreadable)


def _next(table: Table, after: Any) -> Select[Any]:
    """The rows with anything sealed, from the one after, in order of the key."""
    sealed, key = _sealed(table), _key(table)
    query = select(key.label("row_key"), *sealed).where(or_(*(column.is_not(None) for column in sealed)))
    return (query if after is None else query.where(key > after)).order_by(key)


def _key(table: Table) -> Column[Any]:
    [key] = table.primary_key.columns
    return key


def _old(tx: Transaction, row: Row[Any]) -> Mapping[str, bytes]:
    sealed = {name: value for name, value in row._mapping.items() if name != "row_key"}
    return {
        name: value for name, value in sealed.items() if value is not None and not tx.vault.is_newest(value)
    }

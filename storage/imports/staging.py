"""Rows of an import on their way in: put in unseen, a piece at a time, and what else changes when it is made valid."""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, TypeVar

from sqlalchemy import Table, bindparam, update

from followup import UnitId
from storage.engine.database import Database, Transaction, insert_all
from storage.engine.imported import with_staged
from storage.engine.tables import import_unit
from storage.imports import imports

Record = Mapping[str, Any]
T = TypeVar("T")


def pieces(rows: Sequence[T]) -> Iterator[Sequence[T]]:
    return (rows[first : first + imports.PIECE] for first in range(0, len(rows), imports.PIECE))


@dataclass
class Staging:
    """An import in the making; `look` reads outside any transaction.

    A row that stands in the register already is changed in the moment when all becomes valid.
    """

    database: Database
    number: int
    look: Transaction
    staged: Callable[[int], None] = lambda _: None
    rows: int = 0
    changes: dict[tuple[Table, tuple[str, ...]], list[Record]] = field(
        default_factory=lambda: defaultdict(list)
    )

    def put_in(self, table: Table, rows: Sequence[Record], *, unless_there: bool = False) -> None:
        """`unless_there` where people write such rows too: theirs stands, and is found before all is made valid."""
        for piece in pieces(rows):
            numbered = [{**row, "import_id": self.number} for row in piece]
            with self.database.piece() as tx:
                insert_all(tx, table, numbered, unless_there=unless_there)
        self.rows += len(rows)

    def leave_to_score(self, unit_ids: Collection[UnitId]) -> None:
        self.put_in(import_unit, [{"unit_id": unit_id} for unit_id in sorted(unit_ids)])

    def change(self, table: Table, row_id: int, values: Record) -> None:
        self.changes[table, tuple(values)].append({"row_id": row_id, **values})

    def change_staged(self, table: Table, rows: Mapping[int, Record]) -> None:
        """Rows that this import has put in, by id: nobody sees them yet, so they are changed at once."""
        by_columns: dict[tuple[str, ...], list[Record]] = defaultdict(list)
        for row_id, values in rows.items():
            by_columns[tuple(values)].append({"row_id": row_id, **values})
        for columns, changed in by_columns.items():
            for piece in pieces(changed):
                with self.database.piece() as tx:
                    _update(tx, table, columns, piece)

    def changed_ids(self, table: Table) -> list[int]:
        """The rows of the table that were there before and are another way when all becomes valid."""
        return [row["row_id"] for (of, _), rows in self.changes.items() if of is table for row in rows]

    def make_valid(self, tx: Transaction, now: datetime) -> None:
        for (table, columns), rows in self.changes.items():
            _update(tx, table, columns, rows)
        if self.rows or self.changes:
            imports.make_valid(tx, self.number, now)
        else:
            imports.forget(tx, self.number)


def _update(tx: Transaction, table: Table, columns: Sequence[str], rows: Sequence[Record]) -> None:
    row = with_staged(table)
    changed = {name: bindparam(f"new_{name}", type_=row.c[name].type) for name in columns}
    values = [{f"new_{name}": one[name] for name in columns} | {"row_id": one["row_id"]} for one in rows]
    tx.connection.execute(update(row).where(row.c.id == bindparam("row_id")).values(changed), values)

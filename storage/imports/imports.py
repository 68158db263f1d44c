"""Imports of the register: one at a time, its rows unseen until it is valid, its units scored after that."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime

from sqlalchemy import ColumnElement, Table, and_, delete, func, insert, select, update

from followup import UnitId
from followup.terms import UNFOLLOWED_FORMS
from followup.times.month import Month
from storage.engine.database import Database, Transaction
from storage.engine.imported import Imported, with_staged
from storage.engine.locks import alone
from storage.engine.prepared import Prepared
from storage.engine.tables import import_unit, metadata, register_import, unit

# How many rows one transaction writes: few enough that a hand-in that waits for it is not noticed.
PIECE = 500
Marks = Mapping[str, int]
# In the order in which rows name each other: what is named comes first.
STAGED = tuple(table for table in metadata.sorted_tables if isinstance(table, Imported))


class ImportUnderWayError(Exception):
    """Another process is importing into the same database."""


@contextmanager
def importing_alone(database: Database) -> Iterator[None]:
    """Held from the first row read until all is scored."""
    with alone(database.engine, "import") as mine:
        if not mine:
            raise ImportUnderWayError
        yield


def marks(tx: Transaction) -> Marks:
    """The newest row of every table, to tell what has been written since."""
    newest = {str(table.name): select(func.max(with_staged(table).c.id)) for table in STAGED}
    return {name: tx.connection.scalar(query) or 0 for name, query in newest.items()}


def begin(tx: Transaction, now: datetime) -> int:
    """The number under which rows are put in; there is no other import in the making."""
    values = {"state": "staging", "started_at": now, "marks": dict(marks(tx))}
    number: int = tx.connection.execute(
        insert(register_import).values(values).returning(register_import.c.id)
    ).scalar_one()
    return number


def make_valid(tx: Transaction, number: int, now: datetime) -> None:
    """From here on every row of the import is there, for everybody."""
    tx.connection.execute(
        update(register_import).where(register_import.c.id == number).values(state="valid", valid_at=now)
    )


def forget(tx: Transaction, number: int) -> None:
    """An import that has put nothing in."""
    tx.connection.execute(delete(register_import).where(register_import.c.id == number))


def leftover(tx: Transaction) -> int | None:
    """The import that was never made valid."""
    number: int | None = tx.connection.scalar(
        select(register_import.c.id).where(register_import.c.state == "staging")
    )
    return number


def is_unfinished(tx: Transaction) -> bool:
    return leftover(tx) is not None or bool(unscored(tx))


def clear_next(tx: Transaction) -> bool:
    """Takes away a piece of the import that was never valid, which nobody has seen; false when nothing is left."""
    number = leftover(tx)
    if number is None:
        return False
    of_import = select(register_import.c.marks).where(register_import.c.id == number)
    since: Marks = tx.connection.execute(of_import).scalar_one()
    tx.connection.execute(delete(import_unit).where(import_unit.c.import_id == number))
    for table in reversed(STAGED):
        if _clear(tx, table, number, since.get(table.name, 0)):
            return True
    forget(tx, number)
    return False


def _clear(tx: Transaction, table: Table, number: int, after: int) -> int:
    row = with_staged(table).c
    ids = select(row.id).where(row.id > after, row.import_id == number).order_by(row.id).limit(PIECE)
    return tx.connection.execute(delete(table).where(table.c.id.in_(ids))).rowcount


def leave_all_to_score(tx: Transaction, number: int) -> None:
    """Every followed unit, not only what the files touched: measuring began earlier than was known."""
    there = select(import_unit.c.unit_id).where(import_unit.c.import_id == number)
    rest = tx.connection.scalars(
        select(unit.c.id).where(unit.c.form.not_in(UNFOLLOWED_FORMS), unit.c.id.not_in(there))
    )
    rows = [{"import_id": number, "unit_id": unit_id} for unit_id in rest]
    if rows:
        tx.connection.execute(insert(import_unit), rows)


def unscored(tx: Transaction) -> list[UnitId]:
    """The units that a valid import has touched and that have not been read again since."""
    return [row.unit_id for row in _UNSCORED.all(tx.connection, {})]


def is_any_unscored(tx: Transaction) -> bool:
    return _ANY_UNSCORED.first(tx.connection, {}) is not None


def being_read(tx: Transaction, unit_id: UnitId) -> int | None:
    """The newest valid import that has touched the unit, while the unit has not been read again since."""
    newest = select(func.max(import_unit.c.import_id)).where(_of(unit_id), _is_unscored())
    number: int | None = tx.connection.scalar(newest)
    return number


def next_month(tx: Transaction, unit_id: UnitId) -> Month | None:
    """Where the reading of the unit is to go on; None from its beginning, as when another import came between."""
    months = set(tx.connection.scalars(select(import_unit.c.next_month).where(_of(unit_id), _is_unscored())))
    return months.pop() if len(months) == 1 else None


def read_until(tx: Transaction, unit_id: UnitId, month: Month) -> None:
    """The unit's reading is to go on with the month."""
    tx.connection.execute(update(import_unit).where(_of(unit_id), _is_unscored()).values(next_month=month))


def mark_scored(tx: Transaction, unit_id: UnitId, now: datetime) -> None:
    tx.connection.execute(update(import_unit).where(_of(unit_id), _is_unscored()).values(scored_at=now))


def _of(unit_id: UnitId) -> ColumnElement[bool]:
    return import_unit.c.unit_id == unit_id


def _is_unscored() -> ColumnElement[bool]:
    valid = select(register_import.c.id).where(register_import.c.state == "valid")
    return and_(import_unit.c.scored_at.is_(None), import_unit.c.import_id.in_(valid))


_UNSCORED = Prepared(
    select(import_unit.c.unit_id).where(_is_unscored()).distinct().order_by(import_unit.c.unit_id)
)
# From the units that are left, which are few: there is an import for each night.
_ANY_UNSCORED = Prepared(
    select(import_unit.c.unit_id)
    .where(
        import_unit.c.scored_at.is_(None),
        select(register_import.c.id)
        .where(register_import.c.id == import_unit.c.import_id, register_import.c.state == "valid")
        .exists(),
    )
    .limit(1)
)

"""Marks each unit of which something known is deleted, so that nobody stores what was read of it before that."""

from collections.abc import Sequence

from sqlalchemy import bindparam, select, union, update

from followup import UnitId
from storage.engine.database import Transaction, insert_new
from storage.engine.locks import hold_task, hold_unit
from storage.engine.prepared import Prepared
from storage.engine.retention_tables import unit_purge
from storage.engine.tables import placement, signal
from storage.retention.holdings import ChildRows

_NUMBER = Prepared(select(unit_purge.c.number).where(unit_purge.c.unit_id == bindparam("unit_id")))
_AGAIN = Prepared(
    update(unit_purge)
    .where(unit_purge.c.unit_id == bindparam("of_unit"))
    .values(number=unit_purge.c.number + 1)
)


def number_of(tx: Transaction, unit_id: UnitId) -> int:
    """Another one whenever something that was known of the unit has been deleted."""
    row = _NUMBER.first(tx.connection, {"unit_id": unit_id})
    return 0 if row is None else int(row.number)


def mark(tx: Transaction, child: ChildRows) -> None:
    """Whoever scores one of the units waits until the rows are gone, or they wait until the score is stored.

    So does whoever hands in about the child: a task is held before its unit.
    """
    for task_id in sorted(child.tasks):
        hold_task(tx, task_id)
    for unit_id in _units(tx, child):
        hold_unit(tx, unit_id)
        if not _AGAIN.changed(tx.connection, {"of_unit": unit_id}):
            insert_new(tx, unit_purge, unit_id=unit_id, number=1)


def _units(tx: Transaction, child: ChildRows) -> Sequence[UnitId]:
    """In the order in which they are held."""
    found = (
        select(table.c.unit_id).where(table.c.id.in_(ids))
        for table, ids in ((placement, child.placements), (signal, child.signals))
    )
    return sorted(tx.connection.scalars(union(*found)))

"""Which rows that entries of the access log name are gone, or no longer any child's."""

from collections.abc import Collection, Mapping

from sqlalchemy import ColumnElement, Table, func, select, true

from followup.log.subject import What
from storage.engine.database import Transaction
from storage.engine.retention_tables import case_export
from storage.engine.tables import alert, log_redaction, placement, report_task, signal

Row = tuple[What, int]
# What of a row is still about somebody: an alert of an event or of safety is a child's, and another is the unit's.
_THERE: Mapping[What, tuple[Table, ColumnElement[bool]]] = {
    What.PLACEMENT: (placement, true()),
    What.TASK: (report_task, true()),
    What.SIGNAL: (signal, true()),
    What.ALERT: (
        alert,
        alert.c.kind.not_in(("event", "safety"))
        | alert.c.signal_id.is_not(None)
        | alert.c.task_id.is_not(None),
    ),
    What.CASE_EXPORT: (case_export, case_export.c.case_reference.is_not(None)),
}


def gone(tx: Transaction, rows: Collection[Row]) -> set[Row]:
    there: set[Row] = set()
    for what, (table, stands) in _THERE.items():
        wanted = [number for one, number in rows if one == what]
        found = tx.connection.scalars(select(table.c.id).where(table.c.id.in_(wanted), stands))
        there |= {(what, number) for number in found}
    return set(rows) - there


def redacted(tx: Transaction, purge: int) -> int:
    """How many reasons were deleted by the decision."""
    query = select(func.count()).where(log_redaction.c.purge == purge)
    return int(tx.connection.execute(query).scalar_one())

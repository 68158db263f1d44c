"""The safety notices that have been raised, each by the report that it is about."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, select

from followup import PlacementId, TaskId, UnitId
from followup.times.month import Month
from storage.engine.columns import Instant
from storage.engine.database import Transaction
from storage.engine.prepared import Prepared
from storage.engine.several_units import Units, among_units
from storage.engine.tables import alert, report_task, round_


@dataclass(frozen=True)
class RaisedNotice:
    """`recorded` says that somebody of the quality team had written what was done."""

    task_id: TaskId
    placement_id: PlacementId
    month: Month
    recorded: bool


_EVER = (
    select(alert.c.task_id, report_task.c.placement_id, round_.c.month, alert.c.closed_at)
    .join(report_task, report_task.c.id == alert.c.task_id)
    .join(round_, round_.c.id == report_task.c.round_id)
    .where(alert.c.kind == "safety", alert.c.raised_at <= bindparam("known_until", type_=Instant))
    .order_by(alert.c.id)
)
_RAISED = Prepared(_EVER.where(alert.c.unit_id == bindparam("unit_id")))
_RAISED_AMONG = Prepared(_EVER.add_columns(alert.c.unit_id).where(among_units(alert.c.unit_id)))


def raised_by(tx: Transaction, unit_id: UnitId, known_until: datetime) -> list[RaisedNotice]:
    rows = _RAISED.all(tx.connection, {"unit_id": unit_id, "known_until": known_until})
    return [_raised(row, known_until) for row in rows]


def raised_by_each(
    tx: Transaction, several: Units, known_until: datetime
) -> Mapping[UnitId, list[RaisedNotice]]:
    """The same of several units."""
    rows = _RAISED_AMONG.all(tx.connection, {**several.bounds, "known_until": known_until})
    return several.each((row.unit_id, _raised(row, known_until)) for row in rows)


def _raised(row: Any, known_until: datetime) -> RaisedNotice:
    return RaisedNotice(row[0], row[1], row[2], row[3] is not None and row[3] <= known_until)

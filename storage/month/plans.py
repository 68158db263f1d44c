"""The plans of placements as they are known last, from reports and register."""

from collections.abc import Collection, Mapping
from datetime import datetime

from sqlalchemy import bindparam, select

from followup.form import Answers
from followup.month.plans import PLANS, PlanState, newest_state
from followup.times.month import Month
from storage.engine.columns import Instant, MonthText
from storage.engine.database import Transaction
from storage.engine.tables import placement, report, report_task, round_

PlanStates = Mapping[str, PlanState | None]
# An IN list of this many is one statement that every database takes.
AT_A_TIME = 500
_PLACEMENTS = select(placement.c.id, placement.c.care_plan, placement.c.treatment_plan).where(
    placement.c.id.in_(bindparam("placement_ids", expanding=True))
)
_ANSWERS = (
    select(report_task.c.placement_id, report_task.c.id, report.c.answers)
    .join(report_task, report.c.task_id == report_task.c.id)
    .join(round_, report_task.c.round_id == round_.c.id)
    .where(
        report_task.c.placement_id.in_(bindparam("placement_ids", expanding=True)),
        report.c.known_at <= bindparam("known_until", type_=Instant),
        round_.c.month <= bindparam("last", type_=MonthText),
    )
    .order_by(round_.c.month, report_task.c.id, report.c.version)
)


def states(
    tx: Transaction, placement_ids: Collection[int], last: Month, known_until: datetime
) -> dict[int, PlanStates]:
    """Of each placement, by plan: by what had been reported by then about the months up to the last."""
    found: dict[int, PlanStates] = {}
    ordered = sorted(placement_ids)
    for first in range(0, len(ordered), AT_A_TIME):
        found |= _states(tx, ordered[first : first + AT_A_TIME], last, known_until)
    return found


def _states(tx: Transaction, ids: list[int], last: Month, known_until: datetime) -> dict[int, PlanStates]:
    values = {"placement_ids": ids, "last": last, "known_until": known_until}
    newest: dict[int, dict[int, Answers]] = {}
    for row in tx.connection.execute(_ANSWERS, values):
        newest.setdefault(row.placement_id, {})[row.id] = row.answers
    return {
        row.id: {
            plan: newest_state(plan, getattr(row, plan), newest.get(row.id, {}).values()) for plan in PLANS
        }
        for row in tx.connection.execute(_PLACEMENTS, {"placement_ids": ids})
    }

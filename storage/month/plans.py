"""The plans of placements as they are known last, from reports and register."""

from collections.abc import Collection, Mapping
from datetime import datetime

from sqlalchemy import bindparam, select

from followup import PlacementId
from followup.month.plans import PLANS, PlanState, newest_state, says_all
from followup.times.month import Month
from storage.engine.database import Transaction
from storage.engine.tables import placement
from storage.month.newest_answers import AT_A_TIME, AnswersUntil

PlanStates = Mapping[str, PlanState | None]
_PLACEMENTS = select(placement.c.id, placement.c.care_plan, placement.c.treatment_plan).where(
    placement.c.id.in_(bindparam("placement_ids", expanding=True))
)


def states(
    tx: Transaction,
    placement_ids: Collection[PlacementId],
    last: Month,
    known_until: datetime,
    answers: AnswersUntil | None = None,
) -> dict[PlacementId, PlanStates]:
    """Of each placement, by plan: by what had been reported by then about the months up to the last."""
    answers = answers or AnswersUntil(tx, known_until, last)
    found: dict[PlacementId, PlanStates] = {}
    ordered = sorted(placement_ids)
    for first in range(0, len(ordered), AT_A_TIME):
        found |= _states(tx, ordered[first : first + AT_A_TIME], answers)
    return found


def _states(tx: Transaction, ids: list[PlacementId], answers: AnswersUntil) -> dict[PlacementId, PlanStates]:
    newest = answers.enough(ids, says_all)
    return {
        row.id: {plan: newest_state(plan, getattr(row, plan), newest[row.id]) for plan in PLANS}
        for row in tx.connection.execute(_PLACEMENTS, {"placement_ids": ids})
    }

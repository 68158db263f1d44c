"""Figures about a unit's open placements: how many, which plans are missing, how many are on a framework agreement."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import bindparam, select

from storage.engine.database import Transaction
from storage.engine.tables import placement, report, report_task, round_

PLANS = ("care_plan", "treatment_plan")
MISSING = {"missing", "saknas"}
_OPEN = select(
    placement.c.id, placement.c.contract_form, placement.c.care_plan, placement.c.treatment_plan
).where(
    placement.c.unit_id == bindparam("unit_id"),
    placement.c.starts <= bindparam("day"),
    (placement.c.ends.is_(None)) | (placement.c.ends >= bindparam("day")),
)
_ANSWERS = (
    select(report_task.c.placement_id, report.c.answers)
    .join(report_task, report.c.task_id == report_task.c.id)
    .join(round_, report_task.c.round_id == round_.c.id)
    .where(report_task.c.placement_id.in_(bindparam("placement_ids", expanding=True)))
    .order_by(round_.c.month, report.c.version)
)


@dataclass(frozen=True)
class OpenPlacements:
    """`missing` counts by plan; `known_form` are the placements whose contract form the register tells."""

    number: int
    missing: dict[str, int]
    known_form: int
    on_framework: int


def open_placements(tx: Transaction, unit_id: int, day: date) -> OpenPlacements:
    rows = tx.connection.execute(_OPEN, {"unit_id": unit_id, "day": day}).all()
    forms = [row.contract_form for row in rows if row.contract_form]
    states = {row.id: {plan: getattr(row, plan) for plan in PLANS} for row in rows}
    # What was answered last is newer than what the register says.
    for answer in tx.connection.execute(_ANSWERS, {"placement_ids": list(states)}):
        states[answer.placement_id].update(
            {plan: answer.answers[plan] for plan in PLANS if plan in answer.answers}
        )
    missing = {plan: sum(state[plan] in MISSING for state in states.values()) for plan in PLANS}
    return OpenPlacements(len(rows), missing, len(forms), forms.count("ramavtal"))

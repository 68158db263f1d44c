"""How many of a round's reports are in, and whose they are: counts alone, with nothing about any child."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, exists, select

from followup import PersonId
from followup.month.rounds import Round
from followup.people import responsible
from followup.terms import UNFOLLOWED_FORMS
from followup.times.calendar import municipal_day
from storage.engine.database import Transaction
from storage.engine.tables import ownership, placement, report, report_task, unit
from storage.register import people, placements

_OF_ROUND = (
    select(
        ownership.c.owner_id,
        ownership.c.substitute_id,
        exists().where(report.c.task_id == report_task.c.id).label("answered"),
    )
    .select_from(report_task)
    .join(placement, report_task.c.placement_id == placement.c.id)
    .join(unit, placement.c.unit_id == unit.c.id)
    .join(ownership, placements.CURRENT_OWNER, isouter=True)
    # The municipality's own homes are in no figure, also where they are asked about.
    .where(report_task.c.round_id == bindparam("round_id"), unit.c.form.not_in(UNFOLLOWED_FORMS))
)


@dataclass(frozen=True)
class TaskAnswer:
    """`person_id` is None where nobody answered for the placement."""

    person_id: PersonId | None
    answered: bool


def of_round(tx: Transaction, round_: Round, now: datetime) -> list[TaskAnswer]:
    """Each report that the round asked for, with who answered for it today or on its last day.

    Whoever took over a placement afterwards does not get the answers of the one before.
    """
    day = municipal_day(min(now, round_.deadline))
    everyone, leaves = people.everyone(tx), people.leaves(tx, day)
    rows = tx.connection.execute(_OF_ROUND, {"round_id": round_.id, "day": day})
    return [
        TaskAnswer(
            responsible(row.owner_id, row.substitute_id, everyone, leaves, day),
            bool(row.answered),
        )
        for row in rows
    ]

"""The safety notices of a unit that nobody has recorded yet, as they were on a day."""

from datetime import date, datetime

from followup.provider import Unit
from followup.risk.safety import NO, Noticed, due
from services.risk.known import KnownOfUnit
from storage.engine.database import Transaction
from storage.register import placements
from storage.risk import evidence

LETTER = "B"


def open_notices(
    tx: Transaction, unit: Unit, as_of: date, known_until: datetime, known: KnownOfUnit
) -> tuple[str, ...]:
    """The numbers of the reports that they are about: those raised by then, and those that were due then.

    What history read in later would have raised on the day counts as due on it.
    """
    raised = known.raised
    still_open = [one.task_id for one in raised if not one.recorded]
    new = []
    if any(fact.answers.get("feels_safe") == NO for fact in known.facts):
        answers = evidence.safe_answers(tx, unit.id, known_until)
        noticed = [Noticed(one.task_id, one.placement_id, one.month) for one in raised]
        new = [one.task_id for one in due(answers, noticed, placements.open_ids(tx, unit.id, as_of))]
    return tuple(f"{LETTER}-{task_id}" for task_id in sorted({*still_open, *new}))

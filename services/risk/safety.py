"""The safety notices of a unit that nobody has recorded yet, as they were on a day."""

from collections.abc import Sequence
from datetime import date, datetime

from followup.provider import Unit
from followup.risk.safety import NO, Noticed, due
from storage.alerts import safety_notices
from storage.engine.database import Transaction
from storage.register import placements
from storage.risk import evidence
from storage.risk.evidence import ReportFact

LETTER = "B"


def open_notices(
    tx: Transaction, unit: Unit, as_of: date, known_until: datetime, facts: Sequence[ReportFact]
) -> tuple[str, ...]:
    """The numbers of the reports that they are about: those raised by then, and those that were due then.

    What history read in later would have raised on the day counts as due on it.
    """
    raised = safety_notices.raised_by(tx, unit.id, known_until)
    still_open = [one.task_id for one in raised if not one.recorded]
    new = []
    if any(fact.answers.get("feels_safe") == NO for fact in facts):
        answers = evidence.safe_answers(tx, unit.id, known_until)
        noticed = [Noticed(one.task_id, one.placement_id, one.month) for one in raised]
        new = [one.task_id for one in due(answers, noticed, placements.open_ids(tx, unit.id, as_of))]
    return tuple(f"{LETTER}-{task_id}" for task_id in sorted({*still_open, *new}))

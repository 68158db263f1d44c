"""What is known last of placements' contacts and of the days on which their plans are to be reviewed."""

from collections.abc import Collection, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import Row, bindparam, select

from followup import PlacementId
from followup.month.contacts import Care
from followup.month.plans import PLANS
from followup.times.calendar import municipal_day
from followup.times.contact_days import CONTACTS
from followup.times.month import Month
from followup.wording.form import Answers, read_day
from storage.engine.database import Transaction
from storage.engine.tables import placement
from storage.month.newest_answers import AT_A_TIME, AnswersUntil

_PLACEMENTS = select(
    placement.c.id, placement.c.starts, placement.c.care_plan_review_on, placement.c.treatment_plan_review_on
).where(placement.c.id.in_(bindparam("placement_ids", expanding=True)))


def known_last(
    tx: Transaction,
    placement_ids: Collection[PlacementId],
    first: Month,
    known_until: datetime,
    answers: AnswersUntil | None = None,
) -> list[Care]:
    """Of each placement, by what had been reported by then about the months from the first on."""
    answers = answers or AnswersUntil(tx, known_until, Month.of(municipal_day(known_until)), first)
    ordered = sorted(placement_ids)
    return [
        care
        for start in range(0, len(ordered), AT_A_TIME)
        for care in _known_last(tx, ordered[start : start + AT_A_TIME], first, answers)
    ]


def _known_last(tx: Transaction, ids: list[PlacementId], first: Month, answers: AnswersUntil) -> list[Care]:
    newest = answers.since(ids, first)
    rows = tx.connection.execute(_PLACEMENTS, {"placement_ids": ids})
    return [_care(row, newest[row.id]) for row in rows]


def _care(row: Row[*tuple[Any, ...]], reports: Sequence[Answers]) -> Care:
    """The newest day of each contact; a plan's review as the last report has it, else the register."""
    contacts = {name: _days(reports, name) for name in CONTACTS}
    in_register = {plan: getattr(row, f"{plan}_review_on") for plan in PLANS}
    reviews = {plan: (_days(reports, f"{plan}_review_on") or [in_register[plan]])[-1] for plan in PLANS}
    return Care(
        row.id,
        row.starts,
        {name: max(days) for name, days in contacts.items() if days},
        {plan: day for plan, day in reviews.items() if day is not None},
    )


def _days(reports: Sequence[Answers], question: str) -> list[date]:
    """The answers that are days, in the reports' order."""
    return [day for one in reports if (day := read_day(one.get(question, "")))]

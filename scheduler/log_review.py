"""Administrators are reminded to review the access log when a quarter is over, until that is recorded (SoLPuL 10 §)."""

from datetime import datetime

from followup.log.log_review import reminder_due
from followup.messages.operation import LogReviewDue
from followup.people import Role
from followup.times.calendar import municipal_day, working_moment
from storage.engine.database import Transaction
from storage.log import access_log, log_reviews
from storage.messages import ledger, queueing
from storage.register import people


def remind_of_log_review(tx: Transaction, now: datetime) -> int:
    """On the first working day after the quarter, and every second week until the review is recorded."""
    quarter, number = reminder_due(municipal_day(now))
    due = LogReviewDue(quarter.year, quarter.number)
    key = due.key(number)
    if log_reviews.is_done(tx, str(quarter)) or ledger.keys_starting(tx, f"{key}:"):
        return 0
    if not access_log.anything_between(tx, quarter.begins, quarter.ends):
        return 0
    return sum(
        queueing.queue(
            tx,
            f"{key}:{admin.key}",
            due,
            now,
            person_id=admin.id,
            not_before=working_moment(now),
        )
        for admin in people.with_role(tx, Role.ADMIN)
    )

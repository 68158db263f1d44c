"""Administrators get a checkpoint of the access log each month, since what is kept elsewhere cannot be changed here."""

from datetime import UTC, datetime, time

from followup.messages.operation import CheckpointDue
from followup.people import Role
from followup.times.calendar import at_municipal, municipal_day, working_moment
from followup.times.month import Month
from storage.engine.database import Transaction
from storage.log import access_log
from storage.messages import ledger, queueing
from storage.register import people

EVER = datetime(2000, 1, 1, tzinfo=UTC)


def send_log_checkpoint(tx: Transaction, now: datetime) -> int:
    """Once a month, from its first working day on, where anything was logged before it began."""
    month = Month.of(municipal_day(now))
    due, admins = CheckpointDue(), people.with_role(tx, Role.ADMIN)
    if not admins or ledger.keys_starting(tx, f"{due.key(month)}:"):
        return 0
    if not access_log.anything_between(tx, EVER, at_municipal(month.first, time(0))):
        return 0
    at = working_moment(now)
    return sum(
        queueing.queue(tx, f"{due.key(month)}:{admin.key}", due, now, person_id=admin.id, not_before=at)
        for admin in admins
    )

"""Administrators get a checkpoint of the access log each month, since what is kept elsewhere cannot be changed here."""

from datetime import UTC, datetime, time

from followup.calendar import at_municipal, municipal_day
from followup.month import Month
from followup.people import Role
from followup.rounds import working_moment
from storage import access_log, outbox, people
from storage.database import Transaction

EVER = datetime(2000, 1, 1, tzinfo=UTC)


def send_log_checkpoint(tx: Transaction, now: datetime) -> int:
    """Once a month, from its first working day on, where anything was logged before it began."""
    month = Month.of(municipal_day(now))
    key, admins = f"log-checkpoint:{month}:", people.with_role(tx, Role.ADMIN)
    if not admins or outbox.keys_starting(tx, key):
        return 0
    if not access_log.anything_between(tx, EVER, at_municipal(month.first, time(0))):
        return 0
    at = working_moment(now)
    return sum(
        outbox.queue(tx, f"{key}{admin.key}", "log_checkpoint", {}, now, person_id=admin.id, not_before=at)
        for admin in admins
    )

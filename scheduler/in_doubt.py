"""What may never have arrived: said once more and labelled, or left to the next reminder; and somebody is told."""

from datetime import datetime, time, timedelta

from followup.messages.operation import Trouble
from followup.people import Role
from followup.times.calendar import at_municipal, municipal_day, working_moment
from storage.engine.database import Transaction
from storage.messages import outbox
from storage.register import people

# An answer, or a word from Teams that comes late, may settle it by itself.
SETTLES = timedelta(minutes=10)
# What is older than that is no news to anybody.
STILL_NEWS = timedelta(days=7)


def say_in_doubt_again(tx: Transaction, now: datetime, most: int) -> int:
    """Each such message once more, an alert at once, and the administrators once a day that there were any."""
    since, until = now - STILL_NEWS, now - SETTLES
    queued = sum(
        outbox.say_once_more(tx, one, now, now if one.urgent else working_moment(now))
        for one in outbox.in_doubt(tx, since, until, most)
    )
    newest = outbox.newest_doubt(tx, since, until)
    return queued if newest is None else queued + _tell(tx, newest, now)


def _tell(tx: Transaction, newest: datetime, now: datetime) -> int:
    trouble = Trouble("in_doubt", at_municipal(municipal_day(newest), time(0)), now)
    return sum(
        outbox.queue(
            tx,
            f"{trouble.key()}:{admin.key}",
            trouble,
            now,
            person_id=admin.id,
            not_before=working_moment(now),
        )
        for admin in people.with_role(tx, Role.ADMIN)
    )

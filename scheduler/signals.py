"""The quality team is told of ordinary signals once a working day, each person in one message; alerts go at once."""

from datetime import datetime, time, timedelta
from itertools import islice

from followup import PersonId
from followup.messages.alerts import SignalsOfDay
from followup.people import Conversation
from followup.signals.progress import overdue_since
from followup.signals.signal import is_serious
from followup.times.calendar import at_municipal, in_working_hours, municipal_day
from storage.engine.database import Transaction
from storage.messages import queueing, recipients
from storage.messages.written import readable
from storage.register import people
from storage.signals import progress

# After a longer silence it tells of the last month, and not of half a year.
LONGEST = timedelta(days=31)


def tell_of_signals(tx: Transaction, now: datetime, most: int) -> int:
    """Of what came since she was told last, where anything ordinary did or something of hers has become overdue."""
    if not in_working_hours(now):
        return 0
    told = (_tell(tx, one.id, now) for one in people.who_may(tx, Conversation.SIGNAL_DESK))
    return sum(islice(filter(None, told), most))


def _tell(tx: Transaction, person_id: PersonId, now: datetime) -> bool:
    today = municipal_day(now)
    last = _told_until(tx, person_id)
    if last is not None and municipal_day(last) == today:
        return False
    since = max(last or at_municipal(today - timedelta(days=1), time(0)), now - LONGEST)
    message = SignalsOfDay(since, now)
    came = any(not is_serious(one) for one in progress.came_between(tx, since, now))
    if not came and not _newly_overdue(tx, person_id, since, now):
        return False
    return queueing.queue(tx, message.key(today, person_id), message, now, person_id=person_id)


def _told_until(tx: Transaction, person_id: PersonId) -> datetime | None:
    """Not when it went, or was put off until: what came meanwhile is not in it."""
    newest = recipients.newest_of_kinds(tx, person_id, (SignalsOfDay.kind,))
    told = readable(newest.kind, newest.payload) if newest else None
    return told.until if isinstance(told, SignalsOfDay) else None


def _newly_overdue(tx: Transaction, person_id: PersonId, since: datetime, now: datetime) -> bool:
    """Whether something of hers is overdue today that was not when she was told last."""
    today = municipal_day(now)
    before, until = overdue_since(municipal_day(since)), overdue_since(today)
    return before < until and progress.undecided_of(tx, person_id, today, came_after=before)[1] > 0

"""The weekly digest: queued once a person and week, on the weekday that the person has chosen."""

from datetime import datetime, timedelta
from itertools import islice

from followup import PersonId
from followup.messages.operation import WeeklyDigest
from followup.overview.digest import WEEK, DigestChoice, digest_moment, due_week, week_name
from followup.people import Conversation
from followup.times.calendar import municipal_day, working_moment
from storage.engine.database import Transaction
from storage.messages import queueing, recipients
from storage.overview import digests
from storage.register import people

# After a longer silence it tells of the last weeks, and not of half a year.
LONGEST = timedelta(days=35)


def tell_of_the_week(tx: Transaction, now: datetime, most: int) -> int:
    """Queues so many of the digests that are due; a week that was missed is caught up once, with what came after it."""
    chosen = digests.choices(tx)
    due: dict[str, tuple[PersonId, datetime]] = {}
    for person in people.who_may(tx, Conversation.DIGEST):
        choice = chosen.get(person.id, DigestChoice())
        monday = due_week(now, choice.weekday) if choice.wanted else None
        if monday is not None:
            moment = digest_moment(monday, choice.weekday)
            due[f"digest:{person.id}:{week_name(monday)}"] = (person.id, moment)
    told = digests.told(tx, list(due))
    queued = (_tell(tx, key, *due[key], now) for key in due if key not in told)
    return sum(islice(filter(None, queued), most))


def _tell(tx: Transaction, key: str, person_id: PersonId, due: datetime, now: datetime) -> bool:
    last = recipients.last_told(tx, person_id, WeeklyDigest.kind)
    if last is None and _week_of(due) != _week_of(now):
        # Whoever has had none has not missed one.
        return False
    since = max(last, now - LONGEST) if last else due - WEEK
    at = working_moment(now)
    return queueing.queue(tx, key, WeeklyDigest(since), now, person_id=person_id, not_before=at)


def _week_of(moment: datetime) -> tuple[int, int]:
    return municipal_day(moment).isocalendar()[:2]

"""A person's quiet days: weekdays on which she has asked to be told nothing unasked, and what breaks them."""

from collections.abc import Set
from datetime import datetime

from followup import AlertId
from followup.messages.alerts import AlertAgain, AlertRaised
from followup.messages.every import EveryMessage
from followup.messages.month import Snoozed
from followup.times.calendar import at_municipal, municipal_day, next_working_day

# Somebody must be told of all else on some day.
MOST_QUIET = 4
# Of these kinds an alert is told of on any day: something has happened, or a child does not feel safe.
BREAKING = frozenset({"event", "safety"})


def told_from(quiet_days: Set[int], now: datetime) -> datetime | None:
    """From when she is told what waits, where today is quiet; None where it is not, or where every day would be."""
    day = municipal_day(now)
    if len(quiet_days) > MOST_QUIET or day.isoweekday() not in quiet_days:
        return None
    while day.isoweekday() in quiet_days:
        day = next_working_day(day)
    return at_municipal(day)


def is_asked_for(message: EveryMessage) -> bool:
    """Whether she has asked for it herself: by a press, or by choosing the day to be reminded on."""
    return message.topic is None or isinstance(message, Snoozed)


def alerts_told_of(message: EveryMessage) -> tuple[AlertId, ...]:
    match message:
        case AlertRaised(alert_id=alert_id, others=others) | AlertAgain(alert_id=alert_id, others=others):
            return (alert_id, *others)
        case _:
            return ()

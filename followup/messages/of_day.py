"""Which messages wait for each other, so that nobody gets more than one unasked message a day, and in which order."""

from collections.abc import Iterable
from datetime import datetime
from typing import TypeVar

from followup.messages.alerts import AlertRaised, HandedOver, HistoryRead
from followup.messages.every import KINDS, EveryMessage
from followup.messages.month import LIST
from followup.times.calendar import at_municipal, municipal_day, next_working_day

# A serious event, a child who does not feel safe and a red unit are told of at once, and so is what is handed over.
_AT_ONCE = (AlertRaised, HistoryRead, HandedOver)
# What a press asked for has no topic, and is an answer to that press.
AT_ONCE = frozenset(kind for kind, one in KINDS.items() if one.topic is None or one in _AT_ONCE)
OF_DAY = frozenset(KINDS) - AT_ONCE
_Said = TypeVar("_Said")


def next_letter(now: datetime) -> datetime:
    """When what comes after the day's message is said."""
    return at_municipal(next_working_day(municipal_day(now)))


def in_order(said: Iterable[tuple[EveryMessage, _Said]]) -> list[_Said]:
    """As they stand in one message: the month's list first, the others in the order in which they were decided."""
    return [one for _, one in sorted(said, key=lambda pair: pair[0].family != LIST)]

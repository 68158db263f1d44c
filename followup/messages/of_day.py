"""Which messages wait for each other, so that nobody gets more than one unasked message a day, and in which order."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import TypeVar

from followup import RoundId
from followup.messages.alerts import AlertRaised, HandedOver, HistoryRead
from followup.messages.every import KINDS, EveryMessage
from followup.messages.month import LIST, Prompt, Reminder, Snoozed
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


def rounds_asked(message: EveryMessage) -> tuple[RoundId, ...]:
    """The months that it asks about or reminds of."""
    return (message.round_id, *message.others) if isinstance(message, Prompt | Reminder | Snoozed) else ()


def is_last_to_say(deadlines: Iterable[datetime], now: datetime) -> bool:
    """Whether a last day to answer would have passed by when it could be said after the day's message."""
    return any(now <= one < next_letter(now) for one in deadlines)


def begins_before_then(starts: date, now: datetime) -> bool:
    """Whether what starts on the day has started by when it could be said after the day's message."""
    return starts <= municipal_day(next_letter(now))


def in_order(said: Iterable[tuple[EveryMessage, _Said]]) -> list[_Said]:
    """As they stand in one message: the month's list first, the others in the order in which they were decided."""
    return [one for _, one in sorted(said, key=lambda pair: pair[0].family != LIST)]

"""What a read receipt says: a person has seen her chat as far as one message, and so all that came before it."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

# A moment in milliseconds has no more until the year 2286.
MOST_DIGITS = 13
# How far Teams' clock may be ahead of ours.
AHEAD_AT_MOST = timedelta(minutes=5)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class SentMessage:
    """What has surely arrived in the chat, by the id that Teams gave it."""

    id: int
    activity_id: str
    sent_at: datetime


def read_up_to(sent: Collection[SentMessage], last_read: str, now: datetime) -> list[int]:
    """The ids of those that are read; none where the receipt names nothing that can have been sent by now.

    Teams numbers messages by the moment, in milliseconds, and a lower number is read too. Where our message has an id
    of another kind, it is read if it was sent by the moment that the receipt names, or before the very message.
    """
    until = _latest(sent, last_read)
    number = _number(last_read)
    if number is not None and _EPOCH + timedelta(milliseconds=number) > now + AHEAD_AT_MOST:
        return []
    return [one.id for one in sent if one.activity_id == last_read or _is_read(one, number, until)]


def _latest(sent: Collection[SentMessage], last_read: str) -> datetime | None:
    """Until when all is read that has no number."""
    named = [one.sent_at for one in sent if one.activity_id == last_read]
    number = _number(last_read)
    if named or number is None:
        return max(named, default=None)
    return _EPOCH + timedelta(milliseconds=number)


def _is_read(one: SentMessage, number: int | None, until: datetime | None) -> bool:
    own = _number(one.activity_id)
    if number is not None and own is not None:
        return own <= number
    # Of two that went in the same moment only the one that is named is known to have been seen.
    return until is not None and one.sent_at < until


def _number(activity_id: str) -> int | None:
    is_number = activity_id.isascii() and activity_id.isdigit() and len(activity_id) <= MOST_DIGITS
    return int(activity_id) if is_number else None

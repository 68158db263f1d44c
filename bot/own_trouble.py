"""What the administrators are told of the delivery's own trouble: a refused channel, a refused access token."""

from datetime import datetime

from followup.messages.operation import ChannelRefused, TokenRefused, Trouble
from followup.people import Role
from followup.times.calendar import municipal_day
from storage.engine.database import Transaction
from storage.messages import queueing
from storage.register import people


def tell_of_channel(tx: Transaction, now: datetime) -> None:
    """Once for each time that the channel begins to take nothing."""
    refused = ChannelRefused(now)
    _tell(tx, refused.key(), refused, now)


def tell_of_token(tx: Transaction, now: datetime) -> None:
    """Once a day; it arrives when Teams knows the bot again, and says that what waited has been sent."""
    _tell(tx, TokenRefused.key(municipal_day(now)), TokenRefused(now), now)


def tell_of(tx: Transaction, trouble: Trouble, now: datetime) -> None:
    """Once for each time that it begins."""
    _tell(tx, trouble.key(), trouble, now)


def _tell(tx: Transaction, key: str, message: ChannelRefused | TokenRefused | Trouble, now: datetime) -> None:
    for admin in people.with_role(tx, Role.ADMIN):
        queueing.queue(tx, f"{key}:{admin.key}", message, now, person_id=admin.id, urgent=True)

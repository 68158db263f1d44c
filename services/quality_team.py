"""Tells the whole quality team, in its channel where that is known."""

from datetime import datetime

from followup import PersonId
from followup.messages.every import EveryMessage
from followup.people import Role
from storage.engine.database import Transaction
from storage.messages import conversations, outbox
from storage.messages.outbox import QUALITY_CHANNEL
from storage.register import people


def tell_quality_team(
    tx: Transaction,
    key: str,
    message: EveryMessage,
    now: datetime,
    *,
    not_before: datetime | None = None,
) -> int:
    """One message to the team's channel, or one to each of its members where no channel is known; how many.

    Without `not_before` it goes at once, whatever the hour: an alert does not wait.
    """
    has_channel = conversations.address_of(tx, channel=QUALITY_CHANNEL) is not None
    team = [] if has_channel else people.with_role(tx, Role.QUALITY)
    recipients: list[tuple[str, PersonId | None, str | None]] = [(one.key, one.id, None) for one in team]
    if has_channel:
        recipients = [("channel", None, QUALITY_CHANNEL)]
    return sum(
        outbox.queue(
            tx,
            f"{key}:{name}",
            message,
            now,
            person_id=person_id,
            channel=channel,
            not_before=not_before,
            urgent=True,
        )
        for name, person_id, channel in recipients
    )

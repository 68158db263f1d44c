"""Which messages are known to be read: a hint beside their state, which it never changes, and a ground for nothing."""

from datetime import datetime

from sqlalchemy import func, select, update

from followup import PersonId
from followup.messages.read_receipt import SentMessage, read_up_to
from storage.engine.database import Transaction
from storage.engine.tables import delivery
from storage.messages.delivery import UPDATE

# A card that changes what stands already is no message of its own.
_SENT = (delivery.c.state == "sent", delivery.c.kind != UPDATE)
READ = (*_SENT, delivery.c.read_at.is_not(None))


def mark_read(
    tx: Transaction, person_id: PersonId, conversation_id: str, last_read: str, now: datetime
) -> int:
    """What was sent to the person in the conversation, up to the message; what was known to be read keeps its time."""
    rows = tx.connection.execute(
        select(delivery.c.id, delivery.c.activity_id, delivery.c.sent_at).where(
            delivery.c.person_id == person_id,
            delivery.c.conversation_id == conversation_id,
            delivery.c.activity_id != "",
            delivery.c.sent_at <= now,
            *_SENT,
        )
    )
    sent = [SentMessage(row.id, row.activity_id, row.sent_at) for row in rows]
    unread = delivery.c.id.in_(read_up_to(sent, last_read, now)) & delivery.c.read_at.is_(None)
    return tx.connection.execute(update(delivery).where(unread).values(read_at=now)).rowcount


def count_read(tx: Transaction, since: datetime | None = None) -> int:
    """Of all that surely arrived, or of what was to go from then on."""
    query = select(func.count()).select_from(delivery).where(*READ)
    query = query if since is None else query.where(delivery.c.not_before >= since)
    return tx.connection.execute(query).scalar_one()

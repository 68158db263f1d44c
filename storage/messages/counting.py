"""How much there is in each state, and since when or until when something waits."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import bindparam, func, select

from storage.engine.columns import Instant
from storage.engine.database import Transaction
from storage.engine.prepared import Prepared
from storage.engine.tables import delivery
from storage.messages.delivery import UPDATE, DeliveryState

# As it ends for who was to get it, or may have.
_ENDED = ("sent", "uncertain", "failed")


def count_by_state(tx: Transaction, among: Sequence[DeliveryState] = ()) -> dict[str, int]:
    """All of them, or those states alone, by index."""
    query = select(delivery.c.state, func.count()).group_by(delivery.c.state)
    query = query.where(delivery.c.state.in_(list(among))) if among else query
    return {row[0]: row[1] for row in tx.connection.execute(query)}


def count_since(tx: Transaction, since: datetime) -> dict[str, int]:
    """By state, what was to go from then on; a card that changes what stands already is not counted."""
    query = (
        select(delivery.c.state, func.count())
        .where(delivery.c.not_before >= since, delivery.c.state.in_(_ENDED), delivery.c.kind != UPDATE)
        .group_by(delivery.c.state)
    )
    return {row[0]: row[1] for row in tx.connection.execute(query)}


_SENT_SINCE = Prepared(
    select(delivery.c.id)
    .where(
        delivery.c.state == "sent",
        delivery.c.not_before >= bindparam("since", type_=Instant),
        delivery.c.kind != UPDATE,
    )
    .limit(1)
)


def anything_sent_since(tx: Transaction, since: datetime) -> bool:
    """Whether anything has been taken of what was to go from then on, or was put off until then."""
    return _SENT_SINCE.first(tx.connection, {"since": since}) is not None


_ANY_DUE = Prepared(
    select(delivery.c.id)
    .where(delivery.c.state == "ready", delivery.c.not_before <= bindparam("now", type_=Instant))
    .limit(1)
)


def any_due(tx: Transaction, now: datetime) -> bool:
    return _ANY_DUE.first(tx.connection, {"now": now}) is not None


def oldest_due(tx: Transaction, now: datetime) -> datetime | None:
    """Since when the oldest message that has not gone out should have, however often it was tried and put back."""
    query = select(func.min(delivery.c.due_at)).where(
        delivery.c.state.in_(("ready", "sending")), delivery.c.due_at <= now
    )
    due: datetime | None = tx.connection.execute(query).scalar_one()
    return due


_NEXT_DUE = Prepared(
    select(func.min(delivery.c.not_before).label("due")).where(
        delivery.c.state == "ready", delivery.c.owner.is_(None)
    )
)


def next_due(tx: Transaction) -> datetime | None:
    """When the next that nobody has reserved is due."""
    due: datetime | None = _NEXT_DUE.first(tx.connection, {}).due
    return due

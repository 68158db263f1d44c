"""Messages are decided, with the fact that causes them, and a queue engine is told when each is to go."""

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Select, bindparam, or_, select

from followup import PersonId
from followup.messages.every import EveryMessage
from storage.engine.columns import Instant
from storage.engine.database import Owed, Transaction, insert_new
from storage.engine.tables import delivery
from storage.messages.leases import expire_leases
from storage.messages.written import written

# A job takes what is due within a second or two. So much is given to the queue engine anew at a time.
LEFT_AFTER, MOST_LEFT = timedelta(seconds=10), 10_000
# What is due and did not go would else be tried without a rest.
SHORTEST_WAIT = timedelta(seconds=1)


def queue(
    tx: Transaction,
    key: str,
    message: EveryMessage,
    now: datetime,
    *,
    person_id: PersonId | None = None,
    channel: str | None = None,
    not_before: datetime | None = None,
    urgent: bool = False,
) -> bool:
    """Decides a message once: a key that is there already changes nothing and gives False."""
    is_new = insert_new(
        tx,
        delivery,
        key=key,
        kind=message.kind,
        person_id=person_id,
        channel=channel,
        payload=written(message),
        state="ready",
        created_at=now,
        not_before=not_before or now,
        due_at=not_before or now,
        urgent=urgent,
    )
    if is_new:
        owe(tx, key, not_before or now, now, urgent=urgent)
    return is_new


def owe(
    tx: Transaction, row: str | int, not_before: datetime, now: datetime, *, urgent: bool = False
) -> None:
    """The row, by its key or id, is to be delivered then; a queue engine is told of it in this transaction."""
    tx.owed.append(Owed(row, max(not_before - now, timedelta()), urgent))


# An urgent message is taken by whoever comes first, who owes it if it is to go again; the rest only by its own job.
_WAITS = select(delivery.c.id, delivery.c.urgent, delivery.c.not_before).where(delivery.c.state == "ready")
_NOBODYS = or_(delivery.c.leased_until.is_(None), delivery.c.leased_until < bindparam("now", type_=Instant))
_WAITS_OF_CHUNK = _WAITS.where(_NOBODYS, delivery.c.id.in_(bindparam("chunk", expanding=True)))
_REST = _WAITS_OF_CHUNK.where(
    or_(~delivery.c.urgent, delivery.c.not_before <= bindparam("now", type_=Instant))
)
_LEFT = (
    _WAITS.where(_NOBODYS, delivery.c.not_before <= bindparam("since", type_=Instant))
    .order_by(delivery.c.not_before, delivery.c.id)
    .limit(MOST_LEFT)
)


def owe_rest(tx: Transaction, chunk: Collection[int], now: datetime) -> None:
    """What is to go later of what a job was to deliver; one that another has reserved is that one's."""
    _owe_each(tx, _REST, chunk, now)


def owe_again(tx: Transaction, urgent: Collection[int], now: datetime) -> None:
    """Those of the urgent that have been tried, and are to be tried again."""
    if urgent:
        _owe_each(tx, _WAITS_OF_CHUNK, urgent, now)


def _owe_each(tx: Transaction, waiting: Select[Any], chunk: Collection[int], now: datetime) -> None:
    for row in tx.connection.execute(waiting, {"now": now, "chunk": list(chunk)}):
        owe(tx, row.id, max(row.not_before, now + SHORTEST_WAIT), now, urgent=row.urgent)


def owe_left(tx: Transaction, now: datetime) -> None:
    """What should have gone and nobody has is owed anew: its job, or who had taken it, is gone."""
    expire_leases(tx, now)
    for row in tx.connection.execute(_LEFT, {"now": now, "since": now - LEFT_AFTER}):
        tx.owed.append(Owed(row.id, timedelta(), row.urgent, left=True))

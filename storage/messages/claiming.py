"""What is due, in whose turn, and who takes it: reserved for its slot first, begun just before it is sent."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import and_, bindparam, case, exists, or_, select, update

from followup.messages.of_day import AT_ONCE
from storage.engine.columns import Instant
from storage.engine.database import Transaction
from storage.engine.prepared import Prepared
from storage.engine.tables import delivery, wake
from storage.messages.delivery import UPDATE, Delivery, read_rows
from storage.messages.leases import LEASE
from storage.messages.ledger import of_one_message
from storage.messages.queueing import owe

# One that is begun and takes longer holds nothing back.
LONGEST_MOMENT = timedelta(minutes=10)
# The rows that one job of the queue engine is to deliver, by their ids; None is all of the ledger.
Chunk = Collection[int] | None
# What a moment has to say to somebody goes as one message: it has not come, or is not through all that is due.
_IS_YET_MORE = exists().where(
    or_(
        and_(
            delivery.c.due_at > delivery.c.created_at,
            delivery.c.due_at > wake.c.at,
            delivery.c.due_at > bindparam("waited_for", type_=Instant),
        ),
        and_(
            wake.c.finished.is_(False),
            wake.c.at <= bindparam("now", type_=Instant),
            wake.c.at > bindparam("waited_for", type_=Instant),
        ),
    )
)
_IN_TURN = (
    select(delivery)
    .where(
        delivery.c.state == "ready",
        delivery.c.urgent == bindparam("urgent_ones"),
        delivery.c.not_before <= bindparam("now", type_=Instant),
        # One that somebody has reserved goes when its slot comes, or when whoever that was has been gone for long.
        or_(delivery.c.leased_until.is_(None), delivery.c.leased_until < bindparam("now", type_=Instant)),
        # What was decided before a silence and came due in it waits until the clock is known to be right.
        or_(
            delivery.c.not_before <= bindparam("trusted", type_=Instant),
            delivery.c.created_at > bindparam("trusted", type_=Instant),
        ),
        or_(*(delivery.c.kind == kind for kind in sorted(AT_ONCE)), ~_IS_YET_MORE),
    )
    .order_by(delivery.c.not_before, delivery.c.id)
    .limit(bindparam("most"))
)
_DUE = {
    True: Prepared(_IN_TURN.with_for_update(skip_locked=True)),
    False: Prepared(_IN_TURN),
}
_AMONG = _IN_TURN.where(delivery.c.id.in_(bindparam("chunk", expanding=True)))
_DUE_AMONG = {True: _AMONG.with_for_update(skip_locked=True), False: _AMONG}
_RESERVE = Prepared(
    update(delivery)
    .where(delivery.c.id == bindparam("delivery_id"))
    .values(
        owner=bindparam("new_owner"),
        leased_until=bindparam("lease", type_=Instant),
        started_at=bindparam("slot", type_=Instant),
        attempts=delivery.c.attempts + 1,
    )
)
_MOVE = Prepared(
    update(delivery)
    .where(of_one_message(bindparam("delivery_id"), bindparam("recipient"), bindparam("slot", type_=Instant)))
    .values(started_at=bindparam("anew", type_=Instant))
)
_START = Prepared(
    update(delivery)
    .where(
        delivery.c.id == bindparam("delivery_id"),
        delivery.c.state == "ready",
        delivery.c.owner == bindparam("by_owner"),
        or_(delivery.c.not_before <= bindparam("now", type_=Instant), delivery.c.put_off),
    )
    .values(
        state="sending",
        # What was put off may go with another before its day.
        not_before=case((delivery.c.put_off, bindparam("now", type_=Instant)), else_=delivery.c.not_before),
        leased_until=bindparam("lease", type_=Instant),
        # Where it is in doubt whether it arrived, that is when it may have. When a card was last changed is known.
        sent_at=case((delivery.c.kind == UPDATE, delivery.c.sent_at), else_=bindparam("now", type_=Instant)),
    )
)


def due(
    tx: Transaction,
    now: datetime,
    most: int,
    *,
    locked: bool = True,
    trusted: datetime | None = None,
    chunk: Chunk = None,
) -> list[Delivery]:
    """The next messages that are due, the urgent first; `locked` no other can take them while it is open.

    `trusted` is until when the clock is known to be right, where that is not now. Of those that are not urgent only
    the `chunk`, where there is one, and none of a moment that more may come of yet.
    """
    found: list[Delivery] = []
    # In one statement the whole queue would be sorted for each few that are taken from it.
    for urgent in (True, False):
        if len(found) < most:
            values = {
                "now": now,
                "most": most - len(found),
                "urgent_ones": urgent,
                "trusted": trusted or now,
                "waited_for": now - LONGEST_MOMENT,
            }
            found += read_rows(_in_turn(tx, values, locked, None if urgent else chunk))
    return found


def _in_turn(tx: Transaction, values: Mapping[str, Any], locked: bool, chunk: Chunk) -> Sequence[Any]:
    if chunk is None:
        return _DUE[locked].all(tx.connection, values)
    return tx.connection.execute(_DUE_AMONG[locked], {**values, "chunk": list(chunk)}).all()


def reserve(tx: Transaction, one: Delivery, owner: str, now: datetime, slot: datetime) -> None:
    """Keeps the message for the owner until its slot: nothing has been said, and it is still ready."""
    values = {"delivery_id": one.id, "new_owner": owner, "lease": now + LEASE, "slot": slot}
    _RESERVE.changed(tx.connection, values)


def move_slot(tx: Transaction, one: Delivery, slot: datetime, anew: datetime) -> None:
    """Of what is reserved and has not begun, and of all that goes in the same message."""
    values = {"delivery_id": one.id, "recipient": one.person_id, "slot": slot, "anew": anew}
    _MOVE.changed(tx.connection, values)


def start(tx: Transaction, delivery_ids: Sequence[int], owner: str, now: datetime) -> bool:
    """Marks what the owner has reserved as being sent, just before it is; false where it is not to be, or not now.

    The first stands for the others, which go in the same message.
    """
    values = [
        {"delivery_id": one, "by_owner": owner, "now": now, "lease": now + LEASE} for one in delivery_ids
    ]
    if _START.changed(tx.connection, values[0]) == 0:
        return False
    _START.many(tx.connection, values[1:])
    return True


def release(tx: Transaction, delivery_id: int, owner: str) -> None:
    """What was reserved and never said can be taken by anybody again."""
    tx.connection.execute(
        update(delivery)
        .where(delivery.c.id == delivery_id, delivery.c.state == "ready", delivery.c.owner == owner)
        .values(owner=None, leased_until=None)
    )


def postpone(tx: Transaction, one: Delivery, not_before: datetime, now: datetime) -> None:
    """The message waits a little more, and no try is counted."""
    tx.connection.execute(update(delivery).where(delivery.c.id == one.id).values(not_before=not_before))
    if one.urgent:
        owe(tx, one.id, not_before, now, urgent=True)

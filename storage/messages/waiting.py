"""Messages of one family that wait to go to the same recipient: found as one of them is drawn, and made into one."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row, bindparam, select, update

from followup.messages.message import Topic
from followup.messages.waiting import OneForAll, one_for_all
from storage.engine.clock_tables import clock_told
from storage.engine.columns import Instant
from storage.engine.database import Transaction
from storage.engine.prepared import Prepared
from storage.engine.tables import asking, delivery
from storage.messages import outbox
from storage.messages.outbox import UPDATE, Delivery
from storage.messages.written import readable, written

# One that is on its way may have been said in a moment.
SETTLED_SOON = timedelta(minutes=1)
_WAITING = (
    select(delivery)
    .where(
        # As what it is not: by what it is all that waits to anybody would be looked through, not one recipient's.
        *(delivery.c.state != ended for ended in ("sent", "uncertain", "failed", "cancelled")),
        delivery.c.kind != UPDATE,
        delivery.c.due_at <= bindparam("now", type_=Instant),
    )
    .order_by(delivery.c.id)
)
_TO_PERSON = _WAITING.where(delivery.c.person_id == bindparam("recipient"))
_TO_CHANNEL = _WAITING.where(delivery.c.channel == bindparam("recipient"))
# By whether it is locked, which PostgreSQL refuses who only reads. What another has is left out: he may be waiting for
# the pace, which whoever makes messages one has.
_TO_ONE = {
    True: tuple(Prepared(one.with_for_update(skip_locked=True)) for one in (_TO_PERSON, _TO_CHANNEL)),
    False: tuple(Prepared(one) for one in (_TO_PERSON, _TO_CHANNEL)),
}


def is_accompanied(tx: Transaction, one: Delivery, now: datetime) -> bool:
    """Whether more of its family waits to go to the same recipient."""
    return len(_family(tx, one, now)) > 1


def bring_together(tx: Transaction, one: Delivery, now: datetime) -> None:
    """Leaves one of the family waiting, which tells what all of them would have told; the others end."""
    free = {row.id for row in _to_same(tx, one, now, locked=True)}
    waiting = _family(tx, one, now)
    if len(waiting) < 2 or one.id not in free:
        return
    if any(row.id not in free or _is_on_its_way(row, now) for row in waiting):
        outbox.postpone(tx, one, now + SETTLED_SOON, now)
        return
    messages = [message for row in waiting if (message := readable(row.kind, row.payload))]
    _leave(tx, waiting, one_for_all(messages), now)


def _to_same(tx: Transaction, one: Delivery, now: datetime, *, locked: bool = False) -> list[Row[Any]]:
    """All that waits to go to the same recipient, oldest first."""
    to_person, to_channel = _TO_ONE[locked]
    query, recipient = (to_channel, one.channel) if one.person_id is None else (to_person, one.person_id)
    return query.all(tx.connection, {"recipient": recipient, "now": now})


def _family(tx: Transaction, one: Delivery, now: datetime) -> list[Row[Any]]:
    """Oldest first, with the one itself; none where it has no family or cannot be read."""
    rows = _to_same(tx, one, now)
    if len(rows) < 2 or one.kind == UPDATE:
        return []
    messages = {row.id: message for row in rows if (message := readable(row.kind, row.payload))}
    if one.id not in messages:
        return []
    # What repeats one that waits too is told in that one, before it is told with its like.
    of_topic = _alike(one, rows, {id_: each.topic for id_, each in messages.items()})
    if len(of_topic) > 1:
        return of_topic
    return _alike(one, rows, {id_: each.family for id_, each in messages.items()})


def _alike(one: Delivery, rows: Sequence[Row[Any]], topics: Mapping[int, Topic | None]) -> list[Row[Any]]:
    wanted = topics[one.id]
    return [row for row in rows if wanted is not None and topics.get(row.id) == wanted]


def _is_on_its_way(row: Row[Any], now: datetime) -> bool:
    return row.state == "sending" or (row.leased_until is not None and row.leased_until >= now)


def _leave(tx: Transaction, waiting: Sequence[Row[Any]], one: OneForAll, now: datetime) -> None:
    kept = waiting[one.place]
    others = [row for row in waiting if row is not kept]
    tx.connection.execute(
        update(delivery)
        .where(delivery.c.id == kept.id)
        .values(
            payload=written(one.message),
            # It is of the day that the newest is of, by which is asked what went on a day or in a month.
            not_before=min(now, max(row.not_before for row in waiting)),
            # Since the first of them was due it has been waited for.
            due_at=min(row.due_at for row in waiting),
            urgent=(urgent := any(row.urgent for row in waiting)),
            # Whoever had reserved it, too long ago, has it as it was drawn before.
            owner=None,
            leased_until=None,
        )
    )
    outbox.owe(tx, kept.id, now, now, urgent=urgent)
    tx.connection.execute(
        update(delivery)
        .where(delivery.c.id.in_([row.id for row in others]))
        .values(state="cancelled", reason=f"told in {kept.id}", owner=None, leased_until=None)
    )
    # What she is asked about, and reminded of, in those that end stands in the one that goes.
    keys = [row.key for row in others]
    for table in (asking, clock_told):
        tx.connection.execute(
            update(table)
            .where(table.c.person_id == kept.person_id, table.c.delivery_key.in_(keys))
            .values(delivery_key=kept.key)
        )

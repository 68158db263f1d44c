"""Messages of one family that wait to go to the same recipient: found as one of them is drawn, and made into one."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, Literal

from sqlalchemy import ColumnElement, Row, and_, bindparam, or_, select, update

from followup import PersonId
from followup.messages.message import Topic
from followup.messages.of_day import OF_DAY
from followup.messages.waiting import OneForAll, one_for_all
from followup.times.calendar import at_municipal, end_of_day
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


def _in_day(at: ColumnElement[datetime]) -> ColumnElement[bool]:
    """What a clock that was ahead has written is of no day that has come."""
    return at.between(bindparam("since", type_=Instant), bindparam("until", type_=Instant))


_OF_DAY_TO = Prepared(
    select(delivery.c.state).where(
        delivery.c.person_id == bindparam("recipient"),
        # As what it is not, as above.
        *(delivery.c.state != ended for ended in ("failed", "cancelled")),
        or_(*(delivery.c.kind == kind for kind in sorted(OF_DAY))),
        or_(
            and_(delivery.c.state == "sent", _in_day(delivery.c.sent_at)),
            and_(delivery.c.state == "uncertain", _in_day(delivery.c.not_before)),
            delivery.c.state == "sending",
            delivery.c.leased_until >= bindparam("now", type_=Instant),
        ),
    )
)


@dataclass(frozen=True)
class Beside:
    """What else waits to go to the one that a message goes to, where that is told of once a day.

    `to_join` is whether some of it, or of the message's own family, is to be made one before it is drawn.
    """

    to_join: bool = False
    riders: tuple[Delivery, ...] = ()


def look_beside(tx: Transaction, one: Delivery, now: datetime, trusted: datetime) -> Beside:
    """`trusted` is until when the clock is known to be right, as in what is due."""
    rows = _to_same(tx, one, now)
    riders = (
        [row for row in rows if row.id != one.id and _may_ride(row, now, trusted)] if is_of_day(one) else []
    )
    return Beside(bool(_to_join(one, rows)), tuple(outbox.read_rows(riders)))


def bring_together(tx: Transaction, one: Delivery, now: datetime) -> None:
    """Leaves one of each family waiting, which tells what all of them would have told; the others end."""
    free = {row.id for row in _to_same(tx, one, now, locked=True)}
    if one.id not in free:
        return
    groups = _to_join(one, _to_same(tx, one, now))
    if any(row.id not in free or _is_on_its_way(row, now) for group in groups for row in group):
        outbox.postpone(tx, one, now + SETTLED_SOON, now)
        return
    for group in groups:
        messages = [message for row in group if (message := readable(row.kind, row.payload))]
        _leave(tx, group, one_for_all(messages), now)


def is_of_day(one: Delivery) -> bool:
    """Whether a person is told of it once a day; what is said in a channel is said to nobody in particular."""
    return one.person_id is not None and one.kind in OF_DAY


def told_in(
    tx: Transaction, person_id: PersonId, day: date, now: datetime
) -> Literal["told", "on its way"] | None:
    """Whether one of those messages has gone to her on the day or may have arrived, or is just now to be sent."""
    since, until = at_municipal(day, time(0)), end_of_day(day)
    rows = _OF_DAY_TO.all(tx.connection, {"recipient": person_id, "since": since, "until": until, "now": now})
    if any(row.state in ("sent", "uncertain") for row in rows):
        return "told"
    return "on its way" if rows else None


def _to_same(tx: Transaction, one: Delivery, now: datetime, *, locked: bool = False) -> list[Row[Any]]:
    """All that waits to go to the same recipient, oldest first, with the one itself."""
    if one.kind == UPDATE:
        return []
    to_person, to_channel = _TO_ONE[locked]
    query, recipient = (to_channel, one.channel) if one.person_id is None else (to_person, one.person_id)
    return query.all(tx.connection, {"recipient": recipient, "now": now})


def _may_ride(row: Row[Any], now: datetime, trusted: datetime) -> bool:
    if row.kind not in OF_DAY or row.state != "ready" or row.not_before > now or _is_on_its_way(row, now):
        return False
    return bool(row.not_before <= trusted or row.created_at > trusted)


def _to_join(one: Delivery, rows: Sequence[Row[Any]]) -> list[list[Row[Any]]]:
    """Of all that goes in the day's message, else of its own family; those on one topic first, and then by family."""
    if len(rows) < 2:
        return []
    of_day = is_of_day(one)
    found = [(row, message) for row in rows if (message := readable(row.kind, row.payload))]
    covered = {
        each: message.topic for _, message in found for each in message.covers if each != message.topic
    }
    for groups in (
        _alike((row, message.topic and covered.get(message.topic, message.topic)) for row, message in found),
        _alike((row, message.family) for row, message in found),
    ):
        chosen = [
            group
            for group in groups
            if any(row.id == one.id or (of_day and row.kind in OF_DAY) for row in group)
        ]
        if chosen:
            return chosen
    return []


def _alike(of: Iterable[tuple[Row[Any], Topic | None]]) -> list[list[Row[Any]]]:
    """Those that share a topic with another."""
    by_topic: dict[Topic, list[Row[Any]]] = {}
    for row, topic in of:
        if topic is not None:
            by_topic.setdefault(topic, []).append(row)
    return [rows for rows in by_topic.values() if len(rows) > 1]


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

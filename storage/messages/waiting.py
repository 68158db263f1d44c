"""Messages of one family that wait to go to the same recipient: found as one of them is drawn, and made into one."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, Literal

from sqlalchemy import ColumnElement, Row, and_, bindparam, func, or_, select, update

from followup import PersonId
from followup.messages.message import Topic
from followup.messages.of_day import OF_DAY
from followup.messages.waiting import OneForAll, one_for_all
from followup.times.calendar import at_municipal, end_of_day
from storage.engine.clock_tables import clock_told
from storage.engine.columns import Instant
from storage.engine.database import Transaction
from storage.engine.prepared import Prepared
from storage.engine.tables import NOT_ENDED, WAS_SENT, asking, delivery
from storage.messages import claiming, queueing
from storage.messages.delivery import UPDATE, Delivery, read_rows
from storage.messages.written import readable, written

# One that is on its way may have been said in a moment.
SETTLED_SOON = timedelta(minutes=1)
# So many are made one in a transaction; one made of them is made one with the rest when it is drawn.
JOINED_AT_ONCE = 50
# By what it is all that waits to anybody would be looked through, not one recipient's.
_WAITS = and_(
    NOT_ENDED,
    delivery.c.state != "uncertain",
    or_(delivery.c.due_at <= bindparam("now", type_=Instant), delivery.c.put_off),
)
_WAITING = select(delivery).where(_WAITS).order_by(delivery.c.id)
_TO_PERSON = Prepared(_WAITING.where(delivery.c.person_id == bindparam("recipient")))
_TO_CHANNEL = Prepared(_WAITING.where(delivery.c.channel == bindparam("recipient")))


def _in_day(at: ColumnElement[datetime]) -> ColumnElement[bool]:
    """What a clock that was ahead has written is of no day that has come."""
    return at.between(bindparam("since", type_=Instant), bindparam("until", type_=Instant))


_OF_DAY_TO = select(delivery.c.state).where(
    delivery.c.person_id == bindparam("recipient"),
    or_(*(delivery.c.kind == kind for kind in sorted(OF_DAY))),
)
_SENT_TO = Prepared(_OF_DAY_TO.where(WAS_SENT, _in_day(delivery.c.sent_at)))
_BEGUN_TO = Prepared(
    _OF_DAY_TO.where(
        NOT_ENDED,
        or_(
            # It may have gone then; one that never began has no other day than its own.
            and_(
                delivery.c.state == "uncertain",
                _in_day(func.coalesce(delivery.c.sent_at, delivery.c.not_before)),
            ),
            delivery.c.state == "sending",
            delivery.c.leased_until >= bindparam("now", type_=Instant),
        ),
    )
)


@dataclass(frozen=True)
class Beside:
    """What else waits to go to the one that a message goes to, where that is told of once a day.

    `to_join` is what of it, or of the message's own family, is to be made one before it is drawn: the ids of those
    that become each one, no more of them than one transaction takes.
    """

    to_join: tuple[tuple[int, ...], ...] = ()
    riders: tuple[Delivery, ...] = ()


def look_beside(tx: Transaction, one: Delivery, now: datetime, trusted: datetime) -> Beside:
    """`trusted` is until when the clock is known to be right, as in what is due."""
    rows = _to_same(tx, one, now)
    riders = (
        [row for row in rows if row.id != one.id and _may_ride(row, now, trusted)] if is_of_day(one) else []
    )
    return Beside(_ids_at_once(_to_join(one, rows)), tuple(read_rows(riders)))


def _ids_at_once(groups: Sequence[Sequence[Row[Any]]]) -> tuple[tuple[int, ...], ...]:
    room, chosen = JOINED_AT_ONCE, list[tuple[int, ...]]()
    for group in groups:
        if room > 1:
            chosen.append(tuple(row.id for row in group[:room]))
            room -= len(chosen[-1])
    return tuple(chosen)


def bring_together(tx: Transaction, one: Delivery, groups: Sequence[Sequence[int]], now: datetime) -> None:
    """Leaves one of each group waiting, which tells what all of them would have told; the others end.

    `groups` are as they were found beside, where all that waits to somebody is read; one of which some have ended
    since is left, to be looked at anew.
    """
    ids = {one.id, *(each for group in groups for each in group)}
    among = select(delivery).where(_WAITS, delivery.c.id.in_(ids)).order_by(delivery.c.id)
    # What another has is left out: he may be waiting for the pace, which whoever makes messages one has.
    locked = tx.connection.execute(among.with_for_update(skip_locked=True), {"now": now})
    free = {row.id for row in locked}
    if one.id not in free:
        return
    by_id = {row.id: row for row in tx.connection.execute(among, {"now": now})}
    whole = [[by_id[each] for each in group] for group in groups if by_id.keys() >= set(group)]
    if any(row.id not in free or _is_on_its_way(row, now) for group in whole for row in group):
        claiming.postpone(tx, one, now + SETTLED_SOON, now)
        return
    for group in whole:
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
    on_day = {"recipient": person_id, "since": since, "until": until}
    begun = _BEGUN_TO.all(tx.connection, {**on_day, "now": now})
    if any(row.state == "uncertain" for row in begun) or _SENT_TO.first(tx.connection, on_day):
        return "told"
    return "on its way" if begun else None


def _to_same(tx: Transaction, one: Delivery, now: datetime) -> list[Row[Any]]:
    """All that waits to go to the same recipient, oldest first, with the one itself."""
    if one.kind == UPDATE:
        return []
    if one.person_id is None:
        return _TO_CHANNEL.all(tx.connection, {"recipient": one.channel, "now": now})
    return _TO_PERSON.all(tx.connection, {"recipient": one.person_id, "now": now})


def _may_ride(row: Row[Any], now: datetime, trusted: datetime) -> bool:
    """What is due, and what was put off from another day, which waits for no more than the next message."""
    if row.kind not in OF_DAY or row.state != "ready" or _is_on_its_way(row, now):
        return False
    if row.not_before > now:
        return bool(row.put_off and trusted == now)
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
    due = [row.not_before for row in waiting]
    tx.connection.execute(
        update(delivery)
        .where(delivery.c.id == kept.id)
        .values(
            payload=written(one.message),
            # It is of the day that the newest is of, by which is asked what went on a day or in a month. Where all of
            # them were put off it is too: there may be no room for it in what goes before.
            not_before=(not_before := max(min(due), min(now, max(due)))),
            # Since the first of them was due it has been waited for.
            due_at=min(row.due_at for row in waiting),
            put_off=any(row.put_off for row in waiting),
            urgent=(urgent := any(row.urgent for row in waiting)),
            # Whoever had reserved it, too long ago, has it as it was drawn before.
            owner=None,
            leased_until=None,
        )
    )
    queueing.owe(tx, kept.id, not_before, now, urgent=urgent)
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

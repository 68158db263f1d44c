"""The pace that all replicas share: the tenant's next free slot, and when each recipient was last sent to."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import inf
from typing import Any

from sqlalchemy import bindparam, select, update

from followup.messages.pacing import LONGEST_WINDOW, earliest, next_slot
from storage.engine.columns import Instant
from storage.engine.database import Transaction, insert_new
from storage.engine.prepared import Prepared
from storage.engine.tables import delivery
from storage.engine.tables import pace as pace_row
from storage.messages import claiming
from storage.messages.claiming import Chunk
from storage.messages.delivery import Delivery
from storage.messages.leases import AHEAD_AT_MOST

# How far ahead slots are given out, so that one transaction claims several messages.
AHEAD = timedelta(seconds=0.4)
# What goes within so little begins in one transaction, and a slot that has passed by no more is kept.
TOGETHER = timedelta(milliseconds=15)


def has_come(slot: datetime, moment: datetime) -> bool:
    """Also one that is further ahead than any is given out: the clock has gone back since."""
    return slot <= moment or slot > moment + AHEAD


@dataclass
class Pace:
    """The stream as it stands in this transaction; `held_back` when it had no slot for a message that was due.

    `undrawn` when it had one for a message that was not drawn as it is now. `room` is how many of them may go at once.
    """

    free_from: datetime
    now: datetime
    per_second: float
    room: float = inf
    held_back: bool = False
    undrawn: bool = False

    @property
    def resume_at(self) -> datetime:
        return self.free_from - AHEAD / 2

    def take(self, moment: datetime) -> datetime | None:
        """The next slot from the moment on, None when it is too far ahead, or at once and there is no room."""
        slot, free = next_slot(self.free_from, moment, self.per_second)
        self.held_back = slot > self.now + AHEAD
        at_once = self.goes_at_once(slot)
        if self.held_back or (at_once and self.room < 1):
            return None
        self.free_from, self.room = free, self.room - at_once
        return slot

    def goes_at_once(self, slot: datetime) -> bool:
        return slot <= self.now + TOGETHER


_LOOK = Prepared(select(pace_row.c.free_from))
_ROW = Prepared(select(pace_row.c.free_from).with_for_update())
_SET = Prepared(update(pace_row).values(free_from=bindparam("free", type_=Instant)))
_STARTED = (
    select(delivery.c.started_at)
    .distinct()
    .where(
        delivery.c.started_at > bindparam("since", type_=Instant),
        # What a clock that was ahead has written says nothing of when it was.
        delivery.c.started_at <= bindparam("until", type_=Instant),
    )
    .order_by(delivery.c.started_at)
)
_STARTED_TO_PERSON = Prepared(_STARTED.where(delivery.c.person_id == bindparam("recipient")))
_STARTED_TO_CHANNEL = Prepared(_STARTED.where(delivery.c.channel == bindparam("recipient")))


def open_pace(tx: Transaction, now: datetime, per_second: float, room: float = inf) -> Pace:
    """The shared stream, locked until the transaction ends."""
    tx.held.setdefault(("pace", 1))
    row = _ROW.first(tx.connection, {})
    if row is None:
        insert_new(tx, pace_row, id=1, free_from=now)
        row = _ROW.first(tx.connection, {})
    return Pace(_free_from(row, now), now, per_second, room)


def _free_from(row: Any, now: datetime) -> datetime:
    """What is further ahead than any pause that is asked for was written by a clock that was ahead, and says nothing.

    To wait a minute for it would be to wait a minute at each look, until the clock has come so far.
    """
    if row is None or row.free_from > now + AHEAD_AT_MOST:
        return now
    free: datetime = row.free_from
    return free


def look_at_pace(tx: Transaction, now: datetime, per_second: float, room: float = inf) -> Pace:
    """The same, as it stands at this moment; nothing is locked."""
    return Pace(_free_from(_LOOK.first(tx.connection, {}), now), now, per_second, room)


def may_go(
    tx: Transaction,
    pace: Pace,
    now: datetime,
    most: int,
    trusted: datetime | None = None,
    chunk: Chunk = None,
) -> list[Delivery]:
    """Due messages that would be claimed at this moment, to be drawn first; nothing is taken."""
    going = []
    for one in claiming.due(tx, now, most, locked=False, trusted=trusted, chunk=chunk):
        allowed = earliest(_sent_to(tx, one, pace.now), pace.now)
        if allowed > pace.now + AHEAD:
            continue
        if pace.take(allowed) is None:
            break
        going.append(one)
    return going


def claim(
    tx: Transaction,
    pace: Pace,
    owner: str,
    now: datetime,
    most: int,
    drawn: Mapping[int, Delivery],
    trusted: datetime | None = None,
    chunk: Chunk = None,
    riding: Collection[int] = (),
) -> Iterator[tuple[Delivery, datetime]]:
    """Due messages that may go and are as they were drawn, each with its slot; those that are `riding` go in another.

    One whose recipient has had enough waits for its window.
    """
    before = pace.free_from
    for one in claiming.due(tx, now, most, trusted=trusted, chunk=chunk):
        if one.id in riding:
            continue
        allowed = earliest(_sent_to(tx, one, pace.now), pace.now)
        if allowed > pace.now + AHEAD:
            claiming.postpone(tx, one, now + (allowed - pace.now), now)
            continue
        free, room = pace.free_from, pace.room
        slot = pace.take(allowed)
        if slot is None:
            break
        if drawn.get(one.id) != one:
            pace.free_from, pace.room, pace.undrawn = free, room, True
            continue
        claiming.reserve(tx, one, owner, now, slot)
        yield one, slot
    if pace.free_from != before:
        _SET.changed(tx.connection, {"free": pace.free_from})


def slots_now(
    tx: Transaction, reserved: Sequence[tuple[Delivery, datetime]], now: datetime, per_second: float
) -> list[datetime | None]:
    """The slots in which reserved messages begin: their own, or others where those have passed by more than a little.

    Of a process that was given no time, what was to come apart would else come together. None where nothing may go to
    its recipient yet.
    """
    little = max(timedelta(seconds=1 / per_second), TOGETHER)
    if all(now - slot <= little for _, slot in reserved):
        return [slot for _, slot in reserved]
    pace = open_pace(tx, now, per_second)
    before = pace.free_from
    slots = [
        slot if now - slot <= little else _another_slot(tx, pace, one, slot, now) for one, slot in reserved
    ]
    if pace.free_from != before:
        _SET.changed(tx.connection, {"free": pace.free_from})
    return slots


def _another_slot(
    tx: Transaction, pace: Pace, one: Delivery, slot: datetime, now: datetime
) -> datetime | None:
    allowed = earliest([at for at in _sent_to(tx, one, now) if at != slot], now)
    anew = None if allowed > now + AHEAD else pace.take(allowed)
    if anew is not None:
        claiming.move_slot(tx, one, slot, anew)
    return anew


def take_for_reply(tx: Transaction, now: datetime, per_second: float) -> None:
    """An answer to somebody who waits goes at once, and what is sent unasked makes room for it."""
    pace = open_pace(tx, now, per_second)
    _, free = next_slot(pace.free_from, now, per_second)
    _SET.changed(tx.connection, {"free": free})


def hold(tx: Transaction, until: datetime) -> None:
    """The connector asked for a pause: no replica sends before then."""
    tx.connection.execute(update(pace_row).where(pace_row.c.free_from < until).values(free_from=until))


def _sent_to(tx: Transaction, one: Delivery, now: datetime) -> list[datetime]:
    """When messages to the same recipient were started, as long back as any window reaches, oldest first."""
    started, recipient = (
        (_STARTED_TO_CHANNEL, one.channel) if one.person_id is None else (_STARTED_TO_PERSON, one.person_id)
    )
    values = {"recipient": recipient, "since": now - LONGEST_WINDOW, "until": now + AHEAD_AT_MOST}
    return [row.started_at for row in started.all(tx.connection, values)]

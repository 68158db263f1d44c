"""The outbox: a ledger of what is to be said, written with the fact that causes it and delivered by one place."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal, get_args

from sqlalchemy import ColumnElement, Row, Select, and_, bindparam, case, exists, func, or_, select, update

from followup import PersonId
from followup.messages.every import KINDS, EveryMessage
from followup.messages.of_day import AT_ONCE
from followup.messages.operation import CardChanged
from storage.engine.columns import Instant
from storage.engine.database import Owed, Transaction, insert_new
from storage.engine.prepared import Prepared
from storage.engine.tables import delivery, wake
from storage.messages.written import read, written

DeliveryState = Literal["ready", "sending", "sent", "uncertain", "failed", "cancelled"]
LEASE = timedelta(minutes=2)
# One that is begun and takes longer holds nothing back.
LONGEST_MOMENT = timedelta(minutes=10)
AGAIN = ":again"
# The next list says what these said, and what a person pressed for she presses for again.
SETTLED_OTHERWISE = tuple(
    kind for kind, one in KINDS.items() if one.in_doubt in ("next_list", "pressed_again")
)
# No slot is further ahead than that: a moment that is was written by a clock that was wrong.
AHEAD_AT_MOST = timedelta(minutes=1)
# Of so many people each is looked up by index; of more, all that went to anybody in the time is read.
FEW_PEOPLE = 200
# A job takes what is due within a second or two. So much is given to the queue engine anew at a time.
LEFT_AFTER, MOST_LEFT = timedelta(seconds=10), 10_000
# What is due and did not go would else be tried without a rest.
SHORTEST_WAIT = timedelta(seconds=1)
# The rows that one job of the queue engine is to deliver, by their ids; None is all of the ledger.
Chunk = Collection[int] | None
QUALITY_CHANNEL = "quality"
# The kind of a card that has changed (storage.messages.changed_cards).
UPDATE = CardChanged.kind


@dataclass(frozen=True)
class Delivery:
    """One decided message; it holds ids, since the text is written at the moment of sending.

    `sent_at` is when it went, also where it is in doubt whether it arrived.
    """

    id: int
    key: str
    kind: str
    person_id: PersonId | None
    channel: str | None
    payload: Mapping[str, Any]
    state: DeliveryState
    created_at: datetime
    not_before: datetime
    attempts: int
    sent_at: datetime | None
    activity_id: str | None
    reason: str | None
    conversation_id: str | None = None
    urgent: bool = False

    @property
    def told_at(self) -> datetime:
        """When its person is told of it: as it went, which may be days after it was due, or is to go."""
        return self.sent_at or self.not_before

    @property
    def is_again(self) -> bool:
        """Whether it is what was in doubt, said once more."""
        return self.key.endswith(AGAIN)

    @property
    def message(self) -> EveryMessage:
        """Read when it is asked for, so that one that cannot be read stands in nobody's way."""
        return read(self.kind, self.payload)


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
_START = Prepared(
    update(delivery)
    .where(
        delivery.c.id == bindparam("delivery_id"),
        delivery.c.state == "ready",
        delivery.c.owner == bindparam("by_owner"),
        delivery.c.not_before <= bindparam("now", type_=Instant),
    )
    .values(
        state="sending",
        leased_until=bindparam("lease", type_=Instant),
        # Where it is in doubt whether it arrived, that is when it may have. When a card was last changed is known.
        sent_at=case((delivery.c.kind == UPDATE, delivery.c.sent_at), else_=bindparam("now", type_=Instant)),
    )
)
_EXPIRE = Prepared(
    update(delivery)
    .where(delivery.c.state == "sending", delivery.c.leased_until < bindparam("now", type_=Instant))
    .values(
        # A changed card can be put in its place once more, and is.
        state=case((delivery.c.kind == UPDATE, "ready"), else_="uncertain"),
        reason="interrupted",
        owner=None,
        leased_until=None,
    )
)
_BY_ID = Prepared(select(delivery).where(delivery.c.id == bindparam("delivery_id")))
_SETTLE = Prepared(
    update(delivery)
    .where(delivery.c.id == bindparam("delivery_id"))
    .values(
        state=bindparam("new_state"),
        reason=bindparam("why"),
        sent_at=case(
            (bindparam("new_state") == "uncertain", delivery.c.sent_at), else_=bindparam("at", type_=Instant)
        ),
        conversation_id=bindparam("where_to"),
        activity_id=bindparam("as_what"),
        missed=bindparam("not_reached"),
        owner=None,
        leased_until=None,
    )
)


_SENT_SINCE = Prepared(
    select(delivery.c.id)
    .where(
        delivery.c.state == "sent",
        delivery.c.not_before >= bindparam("since", type_=Instant),
        delivery.c.kind != UPDATE,
    )
    .limit(1)
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
            found += [_delivery(row) for row in _in_turn(tx, values, locked, None if urgent else chunk)]
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
    beside = and_(delivery.c.person_id == one.person_id, delivery.c.started_at == slot)
    tx.connection.execute(
        update(delivery).where(or_(delivery.c.id == one.id, beside)).values(started_at=anew)
    )


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


def share_fate(tx: Transaction, delivery_id: int, riders: Collection[int]) -> None:
    """What went in the same message is as the one that it was sent as."""
    one = get(tx, delivery_id)
    if one is None or not riders:
        return
    same = select(
        *(
            delivery.c[name]
            for name in ("state", "reason", "sent_at", "conversation_id", "activity_id", "missed")
        )
    )
    [row] = tx.connection.execute(same.where(delivery.c.id == delivery_id))
    later = {"not_before": one.not_before, "attempts": one.attempts} if one.state == "ready" else {}
    tx.connection.execute(
        update(delivery)
        .where(delivery.c.id.in_(list(riders)))
        .values(**row._mapping, **later, owner=None, leased_until=None)
    )


def release(tx: Transaction, delivery_id: int, owner: str) -> None:
    """What was reserved and never said can be taken by anybody again."""
    tx.connection.execute(
        update(delivery)
        .where(delivery.c.id == delivery_id, delivery.c.state == "ready", delivery.c.owner == owner)
        .values(owner=None, leased_until=None)
    )


def clock_went_back(tx: Transaction, now: datetime) -> None:
    """What was put off, or leased, by a clock that was ahead waits for nothing any longer."""
    ahead = now + AHEAD_AT_MOST
    tx.connection.execute(
        update(delivery)
        .where(delivery.c.state == "ready", delivery.c.not_before > now, delivery.c.started_at > ahead)
        .values(not_before=now, due_at=now, started_at=None, owner=None, leased_until=None)
    )
    tx.connection.execute(
        update(delivery)
        .where(delivery.c.state.in_(("ready", "sending")), delivery.c.leased_until > ahead + LEASE)
        .values(leased_until=now)
    )


def postpone(tx: Transaction, one: Delivery, not_before: datetime, now: datetime) -> None:
    """The message waits a little more, and no try is counted."""
    tx.connection.execute(update(delivery).where(delivery.c.id == one.id).values(not_before=not_before))
    if one.urgent:
        owe(tx, one.id, not_before, now, urgent=True)


def put_off(tx: Transaction, delivery_id: int, until: datetime, now: datetime) -> None:
    """The message is due then: its person is not told on the days before.

    When that was found is kept as a try is, so that a clock that was ahead has put off nothing.
    """
    tx.connection.execute(
        update(delivery)
        .where(delivery.c.id == delivery_id)
        .values(not_before=until, due_at=until, started_at=now)
    )


def settle(
    tx: Transaction,
    delivery_id: int,
    state: DeliveryState,
    *,
    reason: str | None = None,
    sent_at: datetime | None = None,
    conversation_id: str | None = None,
    activity_id: str | None = None,
    missed: bool = False,
) -> None:
    """Ends the sending of one message in a state that shows; what is missed waits for its person."""
    values = {
        "delivery_id": delivery_id,
        "new_state": state,
        "why": reason,
        "at": sent_at,
        "where_to": conversation_id,
        "as_what": activity_id,
        "not_reached": missed,
    }
    _SETTLE.changed(tx.connection, values)


def put_back(
    tx: Transaction, delivery_id: int, not_before: datetime, reason: str, *, anew: bool = False
) -> None:
    """The message certainly did not arrive: it waits for its next try, which is `anew` counted as the first."""
    tx.connection.execute(
        update(delivery)
        .where(delivery.c.id == delivery_id)
        .values(
            state="ready",
            not_before=not_before,
            reason=reason,
            owner=None,
            leased_until=None,
            sent_at=None,
            attempts=0 if anew else delivery.c.attempts,
        )
    )


def anything_sent_since(tx: Transaction, since: datetime) -> bool:
    """Whether anything has been taken of what was to go from then on, or was put off until then."""
    return _SENT_SINCE.first(tx.connection, {"since": since}) is not None


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


def expire_leases(tx: Transaction, now: datetime) -> int:
    """What a process was sending when it died may have arrived: it is marked uncertain, never sent again."""
    return _EXPIRE.changed(tx.connection, {"now": now})


def doubt_due(tx: Transaction, now: datetime) -> int:
    """Of a ledger that is not the newest: what was due by now may have been sent, and nobody here knows; how many."""
    changed = tx.connection.execute(
        update(delivery)
        .where(
            delivery.c.state.in_(("ready", "sending")),
            delivery.c.not_before <= now,
            delivery.c.kind != UPDATE,
        )
        .values(state="uncertain", reason="restored", owner=None, leased_until=None)
    )
    return changed.rowcount


def in_doubt(tx: Transaction, since: datetime, until: datetime, most: int) -> list[Delivery]:
    """Messages of the time that may never have arrived, are to be said once more, and have not been."""
    rows = tx.connection.execute(_IN_DOUBT, {"since": since, "until": until, "most": most})
    return [_delivery(row) for row in rows]


def newest_doubt(tx: Transaction, since: datetime, until: datetime) -> datetime | None:
    """When the newest message of the time was due of those that may never have arrived, of whatever kind."""
    newest: datetime | None = tx.connection.scalar(_NEWEST_DOUBT, {"since": since, "until": until})
    return newest


def people_in_doubt(
    tx: Transaction, among: Collection[str], since: datetime, until: datetime
) -> list[PersonId]:
    """To whom any message of the kinds and the time may never have arrived, by number."""
    query = (
        select(delivery.c.person_id)
        .where(*_DOUBTED, delivery.c.kind.in_(list(among)), delivery.c.person_id.is_not(None))
        .distinct()
        .order_by(delivery.c.person_id)
    )
    return list(tx.connection.scalars(query, {"since": since, "until": until}))


_DOUBTED = (
    delivery.c.state == "uncertain",
    delivery.c.not_before >= bindparam("since", type_=Instant),
    delivery.c.not_before <= bindparam("until", type_=Instant),
)
_NEWEST_DOUBT = select(func.max(delivery.c.not_before)).where(*_DOUBTED)
_repeated = delivery.alias("repeated")
_IN_DOUBT = (
    select(delivery)
    .where(
        *_DOUBTED,
        delivery.c.kind.not_in(SETTLED_OTHERWISE),
        ~delivery.c.key.endswith(AGAIN),
        ~select(_repeated.c.id).where(_repeated.c.key == delivery.c.key + AGAIN).exists(),
    )
    .order_by(delivery.c.urgent.desc(), delivery.c.id)
    .limit(bindparam("most"))
)


def say_once_more(tx: Transaction, one: Delivery, now: datetime, not_before: datetime) -> bool:
    """The same message to the same recipient, once."""
    return queue(
        tx,
        one.key + AGAIN,
        one.message,
        now,
        person_id=one.person_id,
        channel=one.channel,
        not_before=not_before,
        urgent=one.urgent,
    )


def confirm(tx: Transaction, one: Delivery) -> None:
    """An answer that carries the delivery's id proves that it arrived, and all that had its slot to the same person."""
    slot = select(delivery.c.started_at).where(delivery.c.id == one.id).scalar_subquery()
    beside = and_(delivery.c.person_id == one.person_id, delivery.c.started_at == slot)
    tx.connection.execute(
        update(delivery)
        .where(or_(delivery.c.id == one.id, beside), delivery.c.state == "uncertain")
        .values(state="sent")
    )


def can_be_tried_again(tx: Transaction, one: Delivery) -> bool:
    """At a person's word: one that never was taken, or one that may have been and can be said once more, labelled."""
    if one.state == "failed":
        return True
    if one.state != "uncertain" or one.is_again or one.kind in (*SETTLED_OTHERWISE, UPDATE):
        return False
    said = select(delivery.c.id).where(delivery.c.key == one.key + AGAIN)
    return tx.connection.execute(said).first() is None


def try_again(tx: Transaction, one: Delivery, now: datetime) -> bool:
    """False where it may not be: then the next reminder says it, whoever pressed presses again, or it has been said."""
    if one.state == "failed":
        return _put_back_failed(tx, one.id, now)
    return can_be_tried_again(tx, one) and say_once_more(tx, one, now, now)


def _put_back_failed(tx: Transaction, delivery_id: int, now: datetime) -> bool:
    changed = tx.connection.execute(
        update(delivery)
        .where(delivery.c.id == delivery_id, delivery.c.state == "failed")
        .values(state="ready", not_before=now, due_at=now, attempts=0, reason=None, missed=False)
    )
    if changed.rowcount == 1:
        owe(tx, delivery_id, now, now)
    return changed.rowcount == 1


def get(tx: Transaction, delivery_id: int) -> Delivery | None:
    row = _BY_ID.first(tx.connection, {"delivery_id": delivery_id})
    return None if row is None else _delivery(row)


# One that failed, or ended before it went, has told nothing: the next one tells of its time too.
_LAST_TOLD = select(func.max(delivery.c.not_before)).where(
    delivery.c.kind == bindparam("kind"),
    delivery.c.state.not_in(("failed", "cancelled")),
    delivery.c.person_id == bindparam("person_id"),
)


def last_told(tx: Transaction, person_id: PersonId, kind: str) -> datetime | None:
    """When the newest message of the kind was to go to the person."""
    values = {"kind": kind, "person_id": person_id}
    told: datetime | None = tx.connection.execute(_LAST_TOLD, values).scalar_one()
    return told


def newest_of_kinds(tx: Transaction, person_id: PersonId, among: Collection[str]) -> Delivery | None:
    """The one among these kinds that goes, or went, to the person last."""
    query = (
        select(delivery)
        .where(
            delivery.c.person_id == person_id,
            delivery.c.kind.in_(list(among)),
            delivery.c.state.not_in(("failed", "cancelled")),
        )
        .order_by(func.coalesce(delivery.c.sent_at, delivery.c.not_before).desc(), delivery.c.id.desc())
        .limit(1)
    )
    row = tx.connection.execute(query).one_or_none()
    return None if row is None else _delivery(row)


_NEWEST_TO = (
    select(delivery)
    .where(
        delivery.c.person_id == bindparam("to_person"),
        delivery.c.started_at.is_not(None),
        delivery.c.state == "sent",
        delivery.c.kind != UPDATE,
    )
    .order_by(delivery.c.started_at.desc(), delivery.c.id.desc())
    .limit(bindparam("most"))
)


def newest_to(tx: Transaction, person_id: PersonId, most: int) -> list[Delivery]:
    """The last ones that went to the person, newest first, by index."""
    rows = tx.connection.execute(_NEWEST_TO, {"to_person": person_id, "most": most})
    return [_delivery(row) for row in rows]


def begins(prefix: str) -> ColumnElement[bool]:
    """Whether a key begins so; the prefix ends in a colon."""
    # No index is used for LIKE with an escape, or with a prefix that comes as a parameter.
    return and_(delivery.c.key >= prefix, delivery.c.key < f"{prefix[:-1]};")


def starting(tx: Transaction, prefix: str) -> list[Delivery]:
    """Those whose key begins so, oldest first; the prefix ends in a colon."""
    return read_rows(tx.connection.execute(select(delivery).where(begins(prefix)).order_by(delivery.c.id)))


def keys_starting(tx: Transaction, prefix: str) -> list[str]:
    query = select(delivery.c.key).where(begins(prefix))
    return list(tx.connection.execute(query).scalars())


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


# As it ends for who was to get it, or may have.
_ENDED = ("sent", "uncertain", "failed")


def listed(
    tx: Transaction, states: tuple[DeliveryState, ...], limit: int = 200, start: int = 0
) -> list[Delivery]:
    query = select(delivery).where(delivery.c.state.in_(states)).order_by(delivery.c.id.desc())
    query = query.limit(limit).offset(start)
    return [_delivery(row) for row in tx.connection.execute(query)]


# By index, since those who were ever failed are few.
_failed = delivery.alias("failed")
_EVER_FAILED = select(_failed.c.person_id).where(_failed.c.state == "failed", _failed.c.kind != UPDATE)
_NEWEST_TO_PEOPLE = (
    select(delivery.c.person_id, delivery.c.state, delivery.c.reason)
    .where(
        delivery.c.id.in_(
            select(func.max(delivery.c.id))
            .where(
                delivery.c.person_id.in_(_EVER_FAILED),
                delivery.c.state.in_(("sent", "failed")),
                # A message that cannot be changed says nothing of whether its person can be reached.
                delivery.c.kind != UPDATE,
            )
            .group_by(delivery.c.person_id)
        )
    )
    .order_by(delivery.c.id)
)


def not_reached(tx: Transaction) -> dict[PersonId, str]:
    """People whose newest message failed for good, with the connector's reason."""
    rows = tx.connection.execute(_NEWEST_TO_PEOPLE)
    return {row.person_id: row.reason or "" for row in rows if row.state == "failed"}


def states_by_person(
    tx: Transaction, among: Collection[str], since: datetime, of: Collection[PersonId]
) -> dict[PersonId, set[str]]:
    """In which states the messages of the kinds are that were to go to each of the people from then on."""
    query = (
        select(delivery.c.person_id, delivery.c.state)
        .where(delivery.c.not_before >= since, delivery.c.kind.in_(list(among)))
        .distinct()
    )
    wanted = set(of)
    # Every state there is has an index of the times in it.
    by_time = delivery.c.state.in_(get_args(DeliveryState))
    query = query.where(delivery.c.person_id.in_(wanted) if len(wanted) <= FEW_PEOPLE else by_time)
    found: dict[PersonId, set[str]] = {}
    for row in tx.connection.execute(query):
        if row.person_id in wanted:
            found.setdefault(row.person_id, set()).add(row.state)
    return found


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


def next_due(tx: Transaction) -> datetime | None:
    """When the next that nobody has reserved is due."""
    query = select(func.min(delivery.c.not_before)).where(
        delivery.c.state == "ready", delivery.c.owner.is_(None)
    )
    due: datetime | None = tx.connection.execute(query).scalar_one()
    return due


def read_rows(rows: Iterable[Row[Any]]) -> list[Delivery]:
    return [_delivery(row) for row in rows]


def _delivery(row: Row[Any]) -> Delivery:
    return Delivery(
        id=row.id,
        key=row.key,
        kind=row.kind,
        person_id=row.person_id,
        channel=row.channel,
        payload=row.payload,
        state=row.state,
        created_at=row.created_at,
        not_before=row.not_before,
        attempts=row.attempts,
        sent_at=row.sent_at,
        activity_id=row.activity_id,
        reason=row.reason,
        conversation_id=row.conversation_id,
        urgent=row.urgent,
    )

"""Messages that may never have arrived: which they are, and when one of them is said once more."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import bindparam, case, func, or_, select, update

from followup import PersonId
from followup.messages.every import KINDS
from storage.engine.columns import Instant
from storage.engine.database import Transaction
from storage.engine.tables import delivery
from storage.messages.delivery import AGAIN, UPDATE, Delivery, read_rows
from storage.messages.ledger import of_one_message
from storage.messages.queueing import owe, queue

# The next list says what these said, and what a person pressed for she presses for again.
SETTLED_OTHERWISE = tuple(
    kind for kind, one in KINDS.items() if one.in_doubt in ("next_list", "pressed_again")
)
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


def doubt_due(tx: Transaction, now: datetime) -> int:
    """Of a ledger that is not the newest: what was due by now may have been sent, and nobody here knows; how many."""
    changed = tx.connection.execute(
        update(delivery)
        .where(
            delivery.c.state.in_(("ready", "sending")),
            # What is put off goes with whatever comes before its day.
            or_(delivery.c.not_before <= now, delivery.c.put_off),
            delivery.c.kind != UPDATE,
        )
        .values(
            state="uncertain",
            reason="restored",
            not_before=case((delivery.c.not_before > now, now), else_=delivery.c.not_before),
            owner=None,
            leased_until=None,
        )
    )
    return changed.rowcount


def in_doubt(tx: Transaction, since: datetime, until: datetime, most: int) -> list[Delivery]:
    """Messages of the time that may never have arrived, are to be said once more, and have not been."""
    rows = tx.connection.execute(_IN_DOUBT, {"since": since, "until": until, "most": most})
    return read_rows(rows)


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
    tx.connection.execute(
        update(delivery)
        .where(of_one_message(one.id, one.person_id, slot), delivery.c.state == "uncertain")
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

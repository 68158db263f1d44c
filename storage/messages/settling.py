"""What has become of a message that was taken: how it ended, or that it waits for another try."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, bindparam, case, or_, select, update

from storage.engine.columns import Instant
from storage.engine.database import Transaction
from storage.engine.prepared import Prepared
from storage.engine.tables import delivery
from storage.messages.delivery import AGAIN, DeliveryState


@dataclass(frozen=True)
class Try:
    """One try of a message: who took it for that, and which of its tries it is."""

    owner: str
    number: int


def _is_of(owner: Any, number: Any) -> ColumnElement[bool]:
    """Whether that try is its newest, and what became of it not stored yet, but for that its lease ran out.

    Where it is stored, though nobody was told that it was committed, another may have the message by now.
    """
    expired = and_(delivery.c.owner.is_(None), delivery.c.state == "uncertain")
    return and_(delivery.c.attempts == number, or_(delivery.c.owner == owner, expired))


_SETTLING = (
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
_SETTLE = Prepared(_SETTLING)
_SETTLE_TRY = Prepared(_SETTLING.where(_is_of(bindparam("tried_by"), bindparam("tried_as"))))
_again = delivery.alias("again")
_SAID_ONCE_MORE = select(_again.c.id).where(_again.c.key == delivery.c.key + AGAIN).exists()
_FATE = ("state", "reason", "sent_at", "conversation_id", "activity_id", "missed")
_NEXT_TRY = ("not_before", "attempts")
_FATE_OF = Prepared(
    select(*(delivery.c[name] for name in (*_FATE, *_NEXT_TRY))).where(
        delivery.c.id == bindparam("delivery_id")
    )
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
    tried: Try | None = None,
) -> bool:
    """Ends the sending of one message in a state that shows; what is missed waits for its person.

    False where something else became of it since it was `tried`.
    """
    values = {
        "delivery_id": delivery_id,
        "new_state": state,
        "why": reason,
        "at": sent_at,
        "where_to": conversation_id,
        "as_what": activity_id,
        "not_reached": missed,
    }
    if tried is None:
        return _SETTLE.changed(tx.connection, values) == 1
    of_try = {"tried_by": tried.owner, "tried_as": tried.number}
    return _SETTLE_TRY.changed(tx.connection, {**values, **of_try}) == 1


def share_fate(tx: Transaction, delivery_id: int, riders: Collection[int]) -> None:
    """What went in the same message is as the one that it was sent as."""
    row = _FATE_OF.first(tx.connection, {"delivery_id": delivery_id}) if riders else None
    if row is None:
        return
    shared = (*_FATE, *_NEXT_TRY) if row.state == "ready" else _FATE
    tx.connection.execute(
        update(delivery)
        .where(delivery.c.id.in_(list(riders)))
        .values(**{name: getattr(row, name) for name in shared}, owner=None, leased_until=None)
    )


def put_back(
    tx: Transaction,
    delivery_id: int,
    not_before: datetime,
    reason: str,
    *,
    anew: bool = False,
    tried: Try | None = None,
) -> bool:
    """The message certainly did not arrive: it waits for its next try, which is `anew` counted as the first.

    False where something else became of it since it was `tried`, or where it has been said once more meanwhile.
    """
    its_own = [_is_of(tried.owner, tried.number), ~_SAID_ONCE_MORE] if tried else []
    changed = tx.connection.execute(
        update(delivery)
        .where(delivery.c.id == delivery_id, *its_own)
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
    return changed.rowcount == 1


def put_off(
    tx: Transaction, delivery_id: int, until: datetime, now: datetime, *, for_a_quiet_day: bool = False
) -> None:
    """The message is due then: its person is not told on the days before; that it was is kept, but of a quiet day.

    When that was found is kept as a try is, so that a clock that was ahead has put off nothing.
    """
    kept = {} if for_a_quiet_day else {"put_off": True}
    tx.connection.execute(
        update(delivery)
        .where(delivery.c.id == delivery_id)
        .values(not_before=until, due_at=until, started_at=now, **kept)
    )

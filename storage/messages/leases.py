"""How long a process keeps what it has taken: what it left behind when it died, or when the clock went back."""

from datetime import datetime, timedelta

from sqlalchemy import bindparam, case, update

from storage.engine.columns import Instant
from storage.engine.database import Transaction
from storage.engine.prepared import Prepared
from storage.engine.tables import delivery
from storage.messages.delivery import UPDATE

LEASE = timedelta(minutes=2)
# No slot is further ahead than that: a moment that is was written by a clock that was wrong.
AHEAD_AT_MOST = timedelta(minutes=1)
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


def expire_leases(tx: Transaction, now: datetime) -> int:
    """What a process was sending when it died may have arrived: it is marked uncertain, never sent again."""
    return _EXPIRE.changed(tx.connection, {"now": now})


def clock_went_back(tx: Transaction, now: datetime) -> None:
    """What was put off, or leased, by a clock that was ahead waits for nothing any longer."""
    ahead = now + AHEAD_AT_MOST
    tx.connection.execute(
        update(delivery)
        .where(delivery.c.state == "ready", delivery.c.not_before > now, delivery.c.started_at > ahead)
        .values(not_before=now, due_at=now, put_off=False, started_at=None, owner=None, leased_until=None)
    )
    tx.connection.execute(
        update(delivery)
        .where(delivery.c.state.in_(("ready", "sending")), delivery.c.leased_until > ahead + LEASE)
        .values(leased_until=now)
    )

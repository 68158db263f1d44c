"""What a person's chat did not take, kept until she can be reached again."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import bindparam, select, update

from followup import PersonId
from followup.messages.every import EveryMessage
from followup.messages.missed import KEPT_FOR, Missed, to_say_again
from storage.engine.columns import Instant
from storage.engine.database import Transaction
from storage.engine.prepared import Prepared
from storage.engine.tables import delivery
from storage.messages import queueing
from storage.messages.written import readable

_MISSED = Prepared(
    select(delivery.c.id, delivery.c.kind, delivery.c.payload)
    .where(
        delivery.c.missed,
        delivery.c.person_id == bindparam("who"),
        delivery.c.state == "failed",
        delivery.c.created_at >= bindparam("since", type_=Instant),
    )
    .order_by(delivery.c.id.desc())
)


def say_again(
    tx: Transaction, person_id: PersonId, now: datetime, *, arrived: Sequence[EveryMessage] = ()
) -> int:
    """She can be reached: what is still to be said goes out anew, and the rest stays as it failed; how many.

    `arrived` is what has just got through.
    """
    rows = _MISSED.all(tx.connection, {"who": person_id, "since": now - KEPT_FOR})
    if not rows:
        return 0
    found = [(row.id, readable(row.kind, row.payload)) for row in rows]
    chosen = to_say_again([Missed(number, message) for number, message in found if message], arrived)
    tx.connection.execute(
        update(delivery).where(delivery.c.person_id == person_id, delivery.c.missed).values(missed=False)
    )
    again = {"state": "ready", "not_before": now, "due_at": now, "attempts": 0}
    tx.connection.execute(update(delivery).where(delivery.c.id.in_(chosen)).values(**again))
    for number in chosen:
        queueing.owe(tx, number, now, now)
    return len(chosen)

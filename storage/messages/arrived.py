"""How many people the messages of some kinds have reached, by the best that is known of each person's."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import get_args

from sqlalchemy import and_, case, func, select

from followup import PersonId
from storage.engine.database import Transaction
from storage.engine.tables import delivery, person
from storage.messages.delivery import DeliveryState
from storage.messages.read_receipts import READ
from storage.messages.recipients import FEW_PEOPLE

_BEST_FIRST = ("sent", "uncertain", "failed")
_best = case({state: number for number, state in enumerate(_BEST_FIRST)}, value=delivery.c.state)
_read = case((and_(*READ), 1), else_=0)


@dataclass(frozen=True)
class HowFarTold:
    """`read` are those of the told who are known to have read one; `perhaps` are told of by their numbers."""

    told: int = 0
    read: int = 0
    perhaps: frozenset[PersonId] = frozenset()
    failed: int = 0


def arrived(
    tx: Transaction, among: Collection[str], since: datetime, of: Collection[PersonId] | None
) -> HowFarTold:
    """Of the people who are here, all where none are named, whose messages were to go from then on and wait no more."""
    each = (
        select(delivery.c.person_id, func.min(_best).label("best"), func.max(_read).label("read"))
        .join(person, and_(person.c.id == delivery.c.person_id, person.c.active))
        .where(delivery.c.not_before >= since, delivery.c.kind.in_(list(among)))
        .group_by(delivery.c.person_id)
    )
    if of is not None:
        each = each.where(delivery.c.person_id.in_(of))
    if of is None or len(of) > FEW_PEOPLE:
        # Every state there is has an index of the times in it.
        each = each.where(delivery.c.state.in_(get_args(DeliveryState)))
    best = each.subquery("reached")
    counted = select(best.c.best, func.count(), func.sum(best.c.read)).group_by(best.c.best)
    found = {row[0]: (row[1], row[2]) for row in tx.connection.execute(counted)}
    (told, read), (perhaps, _), (failed, _) = (found.get(one, (0, 0)) for one in range(len(_BEST_FIRST)))
    doubtful = select(best.c.person_id).where(best.c.best == _BEST_FIRST.index("uncertain"))
    return HowFarTold(told, read, frozenset(tx.connection.scalars(doubtful) if perhaps else ()), failed)

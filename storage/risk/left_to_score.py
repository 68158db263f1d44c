"""Units that have been written of and take long to score, and are yet to be: stored with what was written."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, delete, select, update

from followup import UnitId
from storage.engine.columns import Instant
from storage.engine.database import Transaction, insert_new
from storage.engine.prepared import Prepared
from storage.engine.tables import left_to_score


@dataclass(frozen=True)
class UnitToScore:
    """`number` is another whenever the unit has been written of again, and `at` is when it last was."""

    unit_id: UnitId
    number: int
    at: datetime


_LEFT = select(left_to_score.c.unit_id, left_to_score.c.number, left_to_score.c.at)
_WAITING = Prepared(_LEFT.order_by(left_to_score.c.at, left_to_score.c.unit_id).limit(bindparam("most")))
_OF_UNIT = Prepared(_LEFT.where(left_to_score.c.unit_id == bindparam("unit_id")))
_AGAIN = Prepared(
    update(left_to_score)
    .where(left_to_score.c.unit_id == bindparam("of_unit"))
    .values(number=left_to_score.c.number + 1, at=bindparam("now", type_=Instant))
)


def leave(tx: Transaction, unit_id: UnitId, now: datetime) -> None:
    """Whoever leaves a unit holds it."""
    if not _AGAIN.changed(tx.connection, {"of_unit": unit_id, "now": now}):
        insert_new(tx, left_to_score, unit_id=unit_id, number=1, at=now)


def waiting(tx: Transaction, most: int) -> list[UnitToScore]:
    """The one that has waited longest since it was last written of comes first."""
    return [UnitToScore(*row) for row in _WAITING.all(tx.connection, {"most": most})]


def is_any(tx: Transaction) -> bool:
    return bool(waiting(tx, 1))


def of_unit(tx: Transaction, unit_id: UnitId) -> UnitToScore | None:
    row = _OF_UNIT.first(tx.connection, {"unit_id": unit_id})
    return None if row is None else UnitToScore(*row)


def forget(tx: Transaction, unit_id: UnitId) -> None:
    """It has been scored."""
    tx.connection.execute(delete(left_to_score).where(left_to_score.c.unit_id == unit_id))

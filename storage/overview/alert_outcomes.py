"""What alerts led to, and how many social workers they are shared by."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import and_, bindparam, func, or_, select

from followup import UnitId
from storage.engine.columns import Instant
from storage.engine.database import Transaction
from storage.engine.tables import alert, alert_decision, ownership, placement, unit
from storage.engine.year_tables import follow_up
from storage.register.placements import CURRENT_OWNER, open_between


@dataclass(frozen=True)
class AlertOutcome:
    """`led` is that IVO was notified, or a follow-up opened because of the alert."""

    unit_id: UnitId
    raised_at: datetime
    led: bool


_now = bindparam("now", type_=Instant)
_led = or_(alert_decision.c.id.is_not(None), follow_up.c.id.is_not(None))
# Silence is no alert any more; those that there were are not what the method is tested by.
_BY = (
    select(alert.c.unit_id, alert.c.raised_at, _led.label("led"))
    .outerjoin(
        alert_decision,
        and_(
            alert_decision.c.alert_id == alert.c.id,
            alert_decision.c.notified,
            alert_decision.c.recorded_at <= _now,
        ),
    )
    .outerjoin(follow_up, and_(follow_up.c.alert_id == alert.c.id, follow_up.c.opened_at <= _now))
    .where(alert.c.raised_at <= _now, alert.c.kind != "silence")
    .order_by(alert.c.id)
)
_WORKERS = (
    select(func.count(ownership.c.owner_id.distinct()))
    .select_from(placement)
    .join(unit, placement.c.unit_id == unit.c.id)
    .join(ownership, CURRENT_OWNER)
    .where(open_between(bindparam("since"), bindparam("day")))
)


def by(tx: Transaction, now: datetime) -> list[AlertOutcome]:
    """Every alert raised by then, with what it had led to by then."""
    rows = tx.connection.execute(_BY, {"now": now})
    return [AlertOutcome(row.unit_id, row.raised_at, bool(row.led)) for row in rows]


def workers_between(tx: Transaction, since: date, day: date) -> int:
    """How many owned a placement on the last day that was open on some day from the first."""
    return int(tx.connection.execute(_WORKERS, {"since": since, "day": day}).scalar_one())

"""Decisions on whether to notify IVO (27 kap. 7 § SoL), as recorded on a unit's alerts."""

from datetime import date

from sqlalchemy import bindparam, select

from storage.database import Transaction
from storage.tables import alert, alert_decision

_OF_UNIT = (
    select(alert_decision.c.notified)
    .join(alert, alert_decision.c.alert_id == alert.c.id)
    .where(alert.c.unit_id == bindparam("unit_id"), alert_decision.c.decided_on >= bindparam("since"))
    .order_by(alert_decision.c.id)
)


def of_unit(tx: Transaction, unit_id: int, since: date) -> tuple[bool, ...]:
    """Whether IVO was notified, for each decision since the day."""
    return tuple(tx.connection.execute(_OF_UNIT, {"unit_id": unit_id, "since": since}).scalars())

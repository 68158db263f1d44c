"""The decision that a serious alert must have: whether IVO was notified, why, when and by whom."""

from collections.abc import Collection
from datetime import date
from typing import Any

from sqlalchemy import Row, bindparam, select

from followup import AlertId, UnitId
from followup.alerts.alert import AlertDecision
from storage.engine.database import Transaction, insert_new
from storage.engine.tables import alert, alert_decision

_OF_ALERT = select(alert_decision).where(alert_decision.c.alert_id == bindparam("alert_id"))
_OF_ALERTS = select(alert_decision).where(
    alert_decision.c.alert_id.in_(bindparam("alert_ids", expanding=True))
)
_DECIDED = select(alert_decision.c.alert_id).where(
    alert_decision.c.alert_id.in_(bindparam("alert_ids", expanding=True))
)
_OF_UNIT = (
    select(alert_decision.c.notified)
    .join(alert, alert_decision.c.alert_id == alert.c.id)
    .where(alert.c.unit_id == bindparam("unit_id"), alert_decision.c.decided_on >= bindparam("since"))
    .order_by(alert_decision.c.id)
)


def record(tx: Transaction, alert_id: AlertId, decision: AlertDecision) -> bool:
    """False when the alert had its decision already, which then stands."""
    return insert_new(
        tx,
        alert_decision,
        alert_id=alert_id,
        **{**vars(decision), "reason": tx.vault.seal(decision.reason)},
    )


def of_alert(tx: Transaction, alert_id: AlertId) -> AlertDecision | None:
    row = tx.connection.execute(_OF_ALERT, {"alert_id": alert_id}).one_or_none()
    return None if row is None else _decision(tx, row)


def of_alerts(tx: Transaction, alert_ids: Collection[AlertId]) -> dict[AlertId, AlertDecision]:
    """Of those that have one."""
    rows = tx.connection.execute(_OF_ALERTS, {"alert_ids": list(alert_ids)})
    return {row.alert_id: _decision(tx, row) for row in rows}


def decided_among(tx: Transaction, alert_ids: Collection[AlertId]) -> set[AlertId]:
    """Those of them that have one."""
    return set(tx.connection.scalars(_DECIDED, {"alert_ids": list(alert_ids)})) if alert_ids else set()


def _decision(tx: Transaction, row: Row[Any]) -> AlertDecision:
    return AlertDecision(
        notified=row.notified,
        reason=tx.vault.open(row.reason),
        decided_on=row.decided_on,
        decided_by=row.decided_by,
        recorded_by=row.recorded_by,
        recorded_at=row.recorded_at,
    )


def of_unit(tx: Transaction, unit_id: UnitId, since: date) -> tuple[bool, ...]:
    """Whether IVO was notified, for each decision since the day."""
    return tuple(tx.connection.execute(_OF_UNIT, {"unit_id": unit_id, "since": since}).scalars())

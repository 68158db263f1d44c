"""Alerts: raised once an episode, taken by a person, closed with a reason."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import Row, bindparam, func, literal, or_, select, update

from followup import AlertId, PersonId, SignalId, TaskId, UnitId
from followup.alerts.alert import Alert, overdue_since
from followup.people import Conversation
from followup.risk.bands import AlertKind
from followup.times.calendar import end_of_day
from storage.engine.columns import Instant
from storage.engine.database import Transaction, insert_new
from storage.engine.prepared import Prepared
from storage.engine.tables import alert, score
from storage.register import people

_WITH_METHOD = select(alert, score.c.method).join(score, alert.c.score_id == score.c.id)
_BY_ID = Prepared(_WITH_METHOD.where(alert.c.id == bindparam("alert_id")))
_OPEN = Prepared(_WITH_METHOD.where(alert.c.closed_at.is_(None)).order_by(alert.c.id))
_OPEN_FROM = Prepared(
    _WITH_METHOD.where(alert.c.closed_at.is_(None))
    .order_by(alert.c.id)
    .limit(bindparam("most"))
    .offset(bindparam("start"))
)
_NUMBER_OPEN = Prepared(select(func.count().label("number")).where(alert.c.closed_at.is_(None)))
_OPEN_AFTER = Prepared(
    _WITH_METHOD.where(alert.c.closed_at.is_(None), alert.c.id > bindparam("after"))
    .order_by(alert.c.id)
    .limit(bindparam("most"))
)


def raise_new(
    tx: Transaction,
    unit_id: UnitId,
    kind: AlertKind,
    episode: str,
    *,
    score_id: int,
    signal_id: SignalId | None,
    task_id: TaskId | None = None,
    import_id: int | None = None,
    band_before: str,
    band_after: str,
    now: datetime,
) -> Alert | None:
    """The alert, or None when the episode has been alerted already."""
    new = insert_new(
        tx,
        alert,
        unit_id=unit_id,
        kind=kind,
        episode=episode,
        score_id=score_id,
        signal_id=signal_id,
        task_id=task_id,
        import_id=import_id,
        band_before=band_before,
        band_after=band_after,
        raised_at=now,
    )
    if not new:
        return None
    row = tx.connection.execute(
        _WITH_METHOD.where(alert.c.unit_id == unit_id, alert.c.episode == episode)
    ).one()
    return _alert(tx, row)


def get(tx: Transaction, alert_id: AlertId) -> Alert | None:
    row = _BY_ID.first(tx.connection, {"alert_id": alert_id})
    return None if row is None else _alert(tx, row).in_hand(_handlers(tx))


def _handlers(tx: Transaction) -> frozenset[PersonId]:
    return frozenset(one.id for one in people.who_may(tx, Conversation.ALERT_DESK))


def open_alerts(tx: Transaction) -> list[Alert]:
    """Those not closed, oldest first."""
    handlers = _handlers(tx)
    return [_alert(tx, row).in_hand(handlers) for row in _OPEN.all(tx.connection, {})]


def open_from(tx: Transaction, start: int, most: int) -> list[Alert]:
    """So many of them, after the first `start`."""
    handlers, rows = _handlers(tx), _OPEN_FROM.all(tx.connection, {"start": start, "most": most})
    return [_alert(tx, row).in_hand(handlers) for row in rows]


def number_open(tx: Transaction) -> int:
    number: int = _NUMBER_OPEN.first(tx.connection, {}).number
    return number


def overdue(tx: Transaction, today: date) -> int:
    """How many of those not closed nobody, who handles alerts now, has taken in time."""
    nobodys = or_(
        alert.c.owner_id.is_(None), alert.c.taken_at.is_(None), alert.c.owner_id.not_in(_handlers(tx))
    )
    came = alert.c.raised_at <= end_of_day(overdue_since(today))
    query = select(func.count()).select_from(alert).where(alert.c.closed_at.is_(None), nobodys, came)
    return tx.connection.execute(query).scalar_one()


def open_after(tx: Transaction, after: AlertId, most: int) -> list[Alert]:
    """So many of those not closed, after the one that is named, oldest first."""
    handlers, rows = _handlers(tx), _OPEN_AFTER.all(tx.connection, {"after": after, "most": most})
    return [_alert(tx, row).in_hand(handlers) for row in rows]


def of_import(tx: Transaction, import_id: int) -> list[Alert]:
    """Those not closed that its history gave rise to, oldest first."""
    return [one for one in open_alerts(tx) if one.import_id == import_id]


def of_unit(tx: Transaction, unit_id: UnitId) -> list[Alert]:
    rows = tx.connection.execute(_WITH_METHOD.where(alert.c.unit_id == unit_id).order_by(alert.c.id))
    return [_alert(tx, row) for row in rows]


def open_of_unit(tx: Transaction, unit_id: UnitId) -> list[Alert]:
    """Those not closed, oldest first."""
    handlers = _handlers(tx)
    return [one.in_hand(handlers) for one in of_unit(tx, unit_id) if one.closed_at is None]


def take(tx: Transaction, alert_id: AlertId, person_id: PersonId, now: datetime) -> None:
    """Whoever takes it again owns it; when it was first taken stands."""
    tx.connection.execute(
        update(alert)
        .where(alert.c.id == alert_id, alert.c.closed_at.is_(None))
        .values(owner_id=person_id, taken_at=func.coalesce(alert.c.taken_at, literal(now, Instant)))
    )


def hand_over(tx: Transaction, alert_id: AlertId, person_id: PersonId, now: datetime) -> None:
    """The colleague owns it from now; one that nobody had taken counts as taken."""
    tx.connection.execute(
        update(alert)
        .where(alert.c.id == alert_id, alert.c.closed_at.is_(None))
        .values(owner_id=person_id, taken_at=func.coalesce(alert.c.taken_at, literal(now, Instant)))
    )


def close(tx: Transaction, alert_id: AlertId, person_id: PersonId, reason: str, now: datetime) -> None:
    tx.connection.execute(
        update(alert)
        .where(alert.c.id == alert_id, alert.c.closed_at.is_(None))
        .values(closed_by=person_id, closed_at=now, close_reason=tx.vault.seal(reason))
    )


def close_of_kind(tx: Transaction, kind: AlertKind, reason: str, now: datetime) -> None:
    """Ends those that are still open, by nobody: the method that raised them is no longer there."""
    tx.connection.execute(
        update(alert)
        .where(alert.c.kind == kind, alert.c.closed_at.is_(None))
        .values(closed_at=now, close_reason=tx.vault.seal(reason))
    )


def _alert(tx: Transaction, row: Row[Any]) -> Alert:
    return Alert(
        id=row.id,
        unit_id=row.unit_id,
        kind=row.kind,
        episode=row.episode,
        score_id=row.score_id,
        signal_id=row.signal_id,
        task_id=row.task_id,
        import_id=row.import_id,
        band_before=row.band_before,
        band_after=row.band_after,
        raised_at=row.raised_at,
        owner_id=row.owner_id,
        taken_at=row.taken_at,
        closed_by=row.closed_by,
        closed_at=row.closed_at,
        close_reason=tx.vault.open_some(row.close_reason),
        method=row.method,
    )

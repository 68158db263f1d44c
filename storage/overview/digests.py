"""Who wants the weekly digest and when, and what a week brought that it tells of: units and counts, no child."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import and_, bindparam, func, or_, select, update

from followup import AlertId, PersonId, UnitId
from followup.overview.digest import DigestChoice
from followup.terms import SignalCode
from storage.engine.columns import Instant
from storage.engine.database import Transaction, insert_new
from storage.engine.tables import (
    alert,
    alert_decision,
    delivery,
    digest_choice,
    report,
    signal,
    signal_version,
)

_SINCE, _UNTIL = bindparam("since", type_=Instant), bindparam("until", type_=Instant)
_CHOICES = select(digest_choice)
_TOLD = select(delivery.c.key).where(delivery.c.key.in_(bindparam("keys", expanding=True)))
_ANSWERED = (
    select(report.c.author_id, func.count().label("number"))
    .where(
        report.c.version == 1,
        report.c.imported.is_(False),
        report.c.recorded_at >= _SINCE,
        report.c.recorded_at < _UNTIL,
    )
    .group_by(report.c.author_id)
)
_DECIDED = (
    select(
        signal.c.unit_id,
        signal_version.c.kind,
        signal_version.c.event_on,
        signal_version.c.signal_id,
        signal_version.c.dismissed,
    )
    .join(signal, signal_version.c.signal_id == signal.c.id)
    .where(
        signal_version.c.version > 1,
        signal_version.c.imported.is_(False),
        or_(signal_version.c.decided, signal_version.c.dismissed),
        signal_version.c.recorded_at >= _SINCE,
        signal_version.c.recorded_at < _UNTIL,
    )
    .order_by(signal_version.c.id)
)
_CLOSED = select(alert.c.id, alert.c.unit_id).where(
    and_(alert.c.closed_at >= _SINCE, alert.c.closed_at < _UNTIL)
)
_NOTIFIED = (
    select(alert.c.unit_id, alert_decision.c.notified)
    .join(alert, alert_decision.c.alert_id == alert.c.id)
    .where(alert_decision.c.recorded_at >= _SINCE, alert_decision.c.recorded_at < _UNTIL)
)


@dataclass(frozen=True)
class DecidedSignal:
    """A signal on which a decision was recorded; `dismissed` says that it was put aside."""

    unit_id: UnitId
    kind: SignalCode
    event_on: date
    dismissed: bool


def choices(tx: Transaction) -> Mapping[PersonId, DigestChoice]:
    """Of those who have chosen; everybody else has the default."""
    rows = tx.connection.execute(_CHOICES)
    return {row.person_id: DigestChoice(row.wanted, row.weekday) for row in rows}


def choose(tx: Transaction, person_id: PersonId, chosen: DigestChoice, now: datetime) -> None:
    values = {"wanted": chosen.wanted, "weekday": chosen.weekday, "recorded_at": now}
    if not insert_new(tx, digest_choice, person_id=person_id, **values):
        tx.connection.execute(
            update(digest_choice).where(digest_choice.c.person_id == person_id).values(**values)
        )


def told(tx: Transaction, keys: Sequence[str]) -> set[str]:
    """Those of the digests that have been decided."""
    return set(tx.connection.execute(_TOLD, {"keys": list(keys)}).scalars()) if keys else set()


def answered(tx: Transaction, since: datetime, until: datetime) -> Mapping[PersonId, int]:
    """How many reports each person handed in, corrections left out."""
    rows = tx.connection.execute(_ANSWERED, {"since": since, "until": until})
    return {row.author_id: row.number for row in rows}


def decided(tx: Transaction, since: datetime, until: datetime) -> list[DecidedSignal]:
    """The last decision of the time on each signal."""
    rows = tx.connection.execute(_DECIDED, {"since": since, "until": until})
    newest = {
        row.signal_id: DecidedSignal(row.unit_id, row.kind, row.event_on, row.dismissed) for row in rows
    }
    return list(newest.values())


def closed_alerts(tx: Transaction, since: datetime, until: datetime) -> list[tuple[AlertId, UnitId]]:
    """Each alert that was closed, with its unit."""
    rows = tx.connection.execute(_CLOSED, {"since": since, "until": until})
    return [(row.id, row.unit_id) for row in rows]


def notified(tx: Transaction, since: datetime, until: datetime) -> list[tuple[UnitId, bool]]:
    """Units for which it was decided whether to notify IVO, and what was decided."""
    rows = tx.connection.execute(_NOTIFIED, {"since": since, "until": until})
    return [(row.unit_id, row.notified) for row in rows]

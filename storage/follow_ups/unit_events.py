"""IVO's decisions and other events at units, as files and the quality team register them."""

from collections.abc import Collection
from dataclasses import asdict
from datetime import date, datetime
from typing import Any

from sqlalchemy import Row, bindparam, select

from followup import PersonId, UnitId
from followup.follow_ups.unit_events import Event, UnitEvent
from storage.engine.columns import Instant
from storage.engine.database import Transaction, insert_new
from storage.engine.tables import unit_event

_OF_UNITS = (
    select(unit_event)
    .where(
        unit_event.c.unit_id.in_(bindparam("unit_ids", expanding=True)),
        unit_event.c.happened_on.between(bindparam("since"), bindparam("until")),
        unit_event.c.known_at <= bindparam("known_until", type_=Instant),
    )
    .order_by(unit_event.c.happened_on.desc(), unit_event.c.id.desc())
)


def of_units(
    tx: Transaction, unit_ids: Collection[UnitId], since: date, until: date, known_until: datetime
) -> list[UnitEvent]:
    """What happened from the first to the last day, of what had been registered by then, newest first."""
    values = {"unit_ids": list(unit_ids), "since": since, "until": until, "known_until": known_until}
    return [_event(row) for row in tx.connection.execute(_OF_UNITS, values)]


def add(tx: Transaction, unit_id: UnitId, event: Event, now: datetime, *, author_id: PersonId) -> bool:
    """False where the same decision or event is registered already."""
    return insert_new(tx, unit_event, unit_id=unit_id, author_id=author_id, known_at=now, **asdict(event))


def _event(row: Row[Any]) -> UnitEvent:
    return UnitEvent(
        kind=row.kind,
        happened_on=row.happened_on,
        source=row.source,
        link=row.link,
        checked_on=row.checked_on,
        id=row.id,
        unit_id=row.unit_id,
        known_at=row.known_at,
    )

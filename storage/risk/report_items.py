"""What people have decided about items that are no signals: regraded, linked or dismissed, every version kept."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, func, insert, select

from followup import PersonId, UnitId
from storage.engine.columns import Instant
from storage.engine.database import Transaction
from storage.engine.prepared import Prepared
from storage.engine.several_units import Units, among_units
from storage.engine.tables import report_item


@dataclass(frozen=True)
class JudgedItem:
    """One version of what is decided about an item; version 0 is that nobody has decided anything."""

    item: str
    version: int = 0
    consequence: int | None = None
    event: str | None = None
    dismissed: bool = False


@dataclass(frozen=True)
class JudgedVersion:
    judged: JudgedItem
    reason: str
    author_id: PersonId
    recorded_at: datetime


_later = report_item.alias("later")
_newest_known = (
    select(func.max(_later.c.version))
    .where(
        _later.c.item == report_item.c.item, _later.c.recorded_at <= bindparam("known_until", type_=Instant)
    )
    .correlate(report_item)
    .scalar_subquery()
)
_COLUMNS = (
    report_item.c.item,
    report_item.c.version,
    report_item.c.consequence,
    report_item.c.event,
    report_item.c.dismissed,
)
_OF_UNIT = Prepared(
    select(*_COLUMNS).where(
        report_item.c.unit_id == bindparam("unit_id"), report_item.c.version == _newest_known
    )
)
_OF_UNITS = Prepared(
    select(*_COLUMNS, report_item.c.unit_id).where(
        among_units(report_item.c.unit_id), report_item.c.version == _newest_known
    )
)
_VERSIONS = (
    select(*_COLUMNS, report_item.c.reason, report_item.c.author_id, report_item.c.recorded_at)
    .where(report_item.c.item == bindparam("item_id"))
    .order_by(report_item.c.version)
)


def of_unit(tx: Transaction, unit_id: UnitId, known_until: datetime) -> Mapping[str, JudgedItem]:
    """The unit's items that somebody had decided about by then, each in its newest version."""
    values = {"unit_id": unit_id, "known_until": known_until}
    return {row.item: _judged(row) for row in _OF_UNIT.all(tx.connection, values)}


def of_units(
    tx: Transaction, several: Units, known_until: datetime
) -> Mapping[UnitId, Mapping[str, JudgedItem]]:
    """The same of several units."""
    rows = _OF_UNITS.all(tx.connection, {**several.bounds, "known_until": known_until})
    found = several.each((row.unit_id, _judged(row)) for row in rows)
    return {unit_id: {one.item: one for one in of} for unit_id, of in found.items()}


def history(tx: Transaction, item: str) -> list[JudgedVersion]:
    """Every version, the first one first."""
    rows = tx.connection.execute(_VERSIONS, {"item_id": item})
    return [
        JudgedVersion(_judged(row), tx.vault.open_some(row.reason) or "", row.author_id, row.recorded_at)
        for row in rows
    ]


def newest(tx: Transaction, item: str) -> JudgedItem:
    versions = history(tx, item)
    return versions[-1].judged if versions else JudgedItem(item)


def decide(
    tx: Transaction,
    item: str,
    unit_id: UnitId,
    changes: Mapping[str, object],
    *,
    reason: str,
    author_id: PersonId,
    now: datetime,
) -> None:
    """Adds a version with the changes and the reason for them; what is there is never written over."""
    before = newest(tx, item)
    kept: dict[str, Any] = {name: getattr(before, name) for name in ("consequence", "event", "dismissed")}
    tx.connection.execute(
        insert(report_item).values(
            **{**kept, **changes},
            item=item,
            unit_id=unit_id,
            version=before.version + 1,
            reason=tx.vault.seal(reason),
            author_id=author_id,
            recorded_at=now,
        )
    )


def _judged(row: Any) -> JudgedItem:
    return JudgedItem(row.item, row.version, row.consequence, row.event, bool(row.dismissed))

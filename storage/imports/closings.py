"""Closing reports as files give them: the versions stored, and staging what is new."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select

from followup.month.versions import Version, against_stored, next_version
from followup.times.calendar import end_of_day, municipal_day
from followup.wording.form import Answers
from storage.engine import tables
from storage.engine.database import Transaction
from storage.imports.register import PlacementKey, placement_ids
from storage.imports.staging import Staging, pieces
from storage.imports.upsert import ids
from storage.month.closing_reports import contents, open_answers


@dataclass(frozen=True)
class ClosingContent:
    ended_on: date
    answers: Answers


@dataclass(frozen=True)
class ClosingRecord:
    placement: PlacementKey
    received: date
    author: str | None
    content: ClosingContent


def stored_closings(tx: Transaction) -> dict[PlacementKey, tuple[Version[ClosingContent], ...]]:
    """Of every placement that has any, oldest first."""
    closing, placement, unit = tables.closing_report, tables.placement, tables.unit
    query = (
        select(closing, placement.c.case_reference, unit.c.key, placement.c.starts)
        .join(placement, placement.c.id == closing.c.placement_id)
        .join(unit, unit.c.id == placement.c.unit_id)
        .order_by(closing.c.placement_id, closing.c.version)
    )
    stored: dict[PlacementKey, tuple[Version[ClosingContent], ...]] = {}
    for row in tx.connection.execute(query).all():
        key = (row.case_reference, row.key, row.starts)
        content = ClosingContent(row.ended_on, open_answers(tx, row))
        stored[key] = (*stored.get(key, ()), Version(row.version, content, row.known_at, row.imported))
    return stored


def save_closings(
    staging: Staging, records: Sequence[ClosingRecord], now: datetime
) -> Sequence[ClosingRecord]:
    """Those that were put in; what a person has said since stands."""
    if not records:
        return []
    stored = stored_closings(staging.look)
    new = [one for one in records if _is_new(stored.get(one.placement, ()), one)]
    placements, people = placement_ids(staging.look), ids(staging.look, tables.person)
    for piece in pieces(new):
        rows = [
            {
                "placement_id": placements[one.placement],
                "ended_on": one.content.ended_on,
                **_version_columns(stored.get(one.placement, ()), one, now),
                **contents(staging.look, one.content.answers),
                "author_id": people.get(one.author or ""),
            }
            for one in piece
        ]
        staging.put_in(tables.closing_report, rows, unless_there=True)
    return new


def _is_new(versions: Sequence[Version[ClosingContent]], one: ClosingRecord) -> bool:
    return against_stored(versions, one.content) in ("new", "changed")


def _version_columns(
    versions: Sequence[Version[ClosingContent]], one: ClosingRecord, now: datetime
) -> dict[str, Any]:
    return {
        "version": next_version(versions),
        "known_at": end_of_day(municipal_day(now) if versions else one.received),
        "recorded_at": now,
        "imported": True,
    }

"""What the selection needs to know of every unit: its placements with ages and needs, and its last follow-up."""

from collections import defaultdict
from collections.abc import Mapping
from datetime import date

from sqlalchemy import func, select

from followup import UnitId
from followup.selection.candidates import FramePlacement
from storage.engine.database import Transaction
from storage.engine.newest import newest_version
from storage.engine.open_days import open_some_day
from storage.engine.tables import placement, unit
from storage.engine.year_tables import follow_up, follow_up_version

_CLOSED = (
    select(
        follow_up.c.unit_id,
        func.coalesce(follow_up_version.c.held_on, follow_up_version.c.verdict_on).label("day"),
    )
    .join(follow_up_version, follow_up_version.c.follow_up_id == follow_up.c.id)
    .where(
        follow_up_version.c.version == newest_version(follow_up_version.c.follow_up_id, follow_up.c.id),
        follow_up_version.c.step == "closed",
    )
)


def stays(tx: Transaction, first: date, last: date) -> Mapping[UnitId, list[FramePlacement]]:
    """The placements that were open on some day of the period, by unit."""
    query = select(placement).where(open_some_day(first, last))
    found: dict[UnitId, list[FramePlacement]] = defaultdict(list)
    for row in tx.connection.execute(query):
        found[row.unit_id].append(
            FramePlacement(row.starts, row.ends, _born(tx, row.born), row.greater_needs_since)
        )
    return found


def _born(tx: Transaction, sealed: bytes | None) -> date | None:
    opened = tx.vault.open_some(sealed)
    return date.fromisoformat(opened) if opened else None


def last_follow_ups(tx: Transaction, until: date) -> Mapping[UnitId, date]:
    """The day of each unit's last follow-up: what the register says, or one that was closed here later."""
    known = tx.connection.execute(
        select(unit.c.id, unit.c.last_follow_up).where(unit.c.last_follow_up <= until)
    )
    days = {row.id: row.last_follow_up for row in known}
    for row in tx.connection.execute(_CLOSED):
        if row.day is not None and row.day <= until:
            days[row.unit_id] = max(row.day, days.get(row.unit_id, row.day))
    return days

"""What figures asked for in chat are counted from: signals, stays and visits of some days; and the last one shown."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import bindparam, select, update

from followup import PersonId, PlacementId, UnitId
from followup.signals.signal import Signal
from followup.times.month import Month
from followup.wording.form import read_day
from storage.engine.database import Transaction, insert_new
from storage.engine.tables import ownership, placement, shown_figure, unit
from storage.month.newest_answers import AT_A_TIME, newest_answers
from storage.register.placements import CURRENT_OWNER, open_between
from storage.signals import signals

# So long a question may go on from the figure before it.
REMEMBERED = timedelta(minutes=30)
_STAYS = (
    select(
        placement.c.id,
        placement.c.unit_id,
        placement.c.case_reference,
        placement.c.starts,
        placement.c.ends,
        ownership.c.owner_id,
    )
    .join(unit, placement.c.unit_id == unit.c.id)
    .join(ownership, CURRENT_OWNER, isouter=True)
    .where(open_between(bindparam("since"), bindparam("until")))
)


@dataclass(frozen=True)
class OwnedStay:
    """A child's stay, with whoever owns the placement on the last of the days; `child` only tells children apart."""

    child: str
    starts: date
    ends: date | None
    id: PlacementId
    unit_id: UnitId
    owner_id: PersonId | None


def stays_between(tx: Transaction, since: date, until: date) -> list[OwnedStay]:
    rows = tx.connection.execute(_STAYS, {"since": since, "until": until, "day": until})
    return [
        OwnedStay(row.case_reference, row.starts, row.ends, row.id, row.unit_id, row.owner_id) for row in rows
    ]


def signals_between(
    tx: Transaction, first: date, last: date, known_until: datetime
) -> Mapping[UnitId, Sequence[Signal]]:
    """By unit, by the day of the event."""
    found: defaultdict[UnitId, list[Signal]] = defaultdict(list)
    for one in signals.between(tx, first, last, known_until):
        found[one.unit_id].append(one)
    return found


def visits_between(
    tx: Transaction, placement_ids: Collection[PlacementId], first: date, last: date, known_until: datetime
) -> Mapping[PlacementId, Collection[date]]:
    """The days of visits that reports tell of: a report tells of the last one, so the next month's may repeat it."""
    ordered, found = sorted(placement_ids), dict[PlacementId, Collection[date]]()
    until = Month.of(last).plus(1)
    for start in range(0, len(ordered), AT_A_TIME):
        answers = newest_answers(tx, ordered[start : start + AT_A_TIME], Month.of(first), until, known_until)
        for placement_id, reports in answers.items():
            days = {read_day(one.get("visit_on", "")) for one in reports}
            found[placement_id] = {day for day in days if day is not None and first <= day <= last}
    return found


def remember(tx: Transaction, person_id: PersonId, figure: Mapping[str, Any], now: datetime) -> None:
    """The last one that she was shown, in the place of the one before."""
    values = {"figure": dict(figure), "shown_at": now}
    if not insert_new(tx, shown_figure, person_id=person_id, **values):
        tx.connection.execute(
            update(shown_figure).where(shown_figure.c.person_id == person_id).values(**values)
        )


def remembered(tx: Transaction, person_id: PersonId, now: datetime) -> Mapping[str, Any] | None:
    """None where she was shown none lately."""
    query = select(shown_figure).where(shown_figure.c.person_id == person_id)
    row = tx.connection.execute(query).one_or_none()
    if row is None or not now - REMEMBERED <= row.shown_at <= now:
        return None
    found: Mapping[str, Any] = row.figure
    return found

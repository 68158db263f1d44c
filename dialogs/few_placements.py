"""Units with so few placements that a day or a count would be a child's (law-and-facts F10)."""

from datetime import date, datetime

from followup.calendar import municipal_day
from followup.month import Month
from followup.provider import Unit
from followup.secrecy import is_few
from storage import placements
from storage.database import Transaction


def open_now(tx: Transaction, unit: Unit, now: datetime) -> int:
    """How many placements the unit has today."""
    return placements.open_on(tx, unit.id, municipal_day(now))


def has_few(tx: Transaction, unit: Unit, now: datetime) -> bool:
    return is_few(open_now(tx, unit, now))


def day_or_month(day: date, *, few: bool) -> date | Month:
    return Month.of(day) if few else day

"""Reads much of one unit outside the transaction that is to store it, so that nobody waits while it is read."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from followup import UnitId
from followup.provider import Unit
from followup.times.calendar import municipal_day
from followup.times.month import Month
from services.risk.failed_work import FailedWork
from services.risk.scoring import Scored, due_from, months_at_once, read_due, scored_on, weight_of
from storage.engine.database import Transaction
from storage.imports import imports
from storage.register import units
from storage.retention import purged_units
from storage.risk import coverage, left_to_score, scores

# Placements and signals of which every report may be evidence take a month of this many some 40 ms.
LARGE = 50


@dataclass(frozen=True)
class ReadBeside:
    """Days of a unit read outside any transaction, and what was there just before.

    `left` is the number under which it was left to be scored: by another one more has been written of it since.
    `is_of_months` where one of the days is a month's end, which is read once.
    """

    unit_id: UnitId
    seen: tuple[object, ...]
    days: Mapping[date, Scored]
    left: int | None
    is_of_months: bool

    def holds_for(self, tx: Transaction, unit_id: UnitId) -> bool:
        """Today is read again after what has been written meanwhile, and a score is stored however often that is."""
        if self.unit_id != unit_id or self.seen != _seen(tx, unit_id, self.days):
            return False
        return not self.is_of_months or self.is_last(tx)

    def is_last(self, tx: Transaction) -> bool:
        """Whether nobody has left the unit to be scored since."""
        return self.left == _left(tx, self.unit_id)


def read_months(look: Transaction, unit: Unit, first: Month | None, now: datetime) -> ReadBeside:
    """What one transaction is to store from the month on."""
    months, with_today = months_at_once(look, unit, first, now)
    days = [*(month.last for month in months), *([municipal_day(now)] if with_today else [])]
    seen, left = _seen(look, unit.id, days), _left(look, unit.id)
    read = {day: scored_on(look, unit, day) for day in days}
    return ReadBeside(unit.id, seen, read, left, is_of_months=bool(months))


def _left(tx: Transaction, unit_id: UnitId) -> int | None:
    left = left_to_score.of_unit(tx, unit_id)
    return left.number if left else None


def _seen(tx: Transaction, unit_id: UnitId, days: Iterable[date]) -> tuple[object, ...]:
    """What becomes another when anything that the readings are made of does: whoever writes of a unit scores it.

    Or leaves it to be scored; and whoever deletes anything of it marks that.
    """
    methods = [(config.id, levels.id) for config, levels in (scores.method_on(tx, day) for day in days)]
    deleted = purged_units.number_of(tx, unit_id)
    newest = scores.newest_id(tx, unit_id)
    return newest, imports.being_read(tx, unit_id), coverage.begins(tx), methods, deleted


@dataclass(frozen=True)
class MonthsWanted:
    """From the first month on, as of the day."""

    unit_id: UnitId
    first: Month
    day: date
    now: datetime = field(compare=False)

    @classmethod
    def at(cls, unit_id: UnitId, first: Month, now: datetime) -> "MonthsWanted":
        return cls(unit_id, first, municipal_day(now), now)


class BesidePieces:
    """Between the pieces of a wake: what is `wanted` of a large unit, and what has been read of it since."""

    def __init__(self) -> None:
        self.wanted: MonthsWanted | None = None
        self._asked_for: MonthsWanted | None = None
        self._read: ReadBeside | None = None

    def asks(self, failed: FailedWork) -> bool:
        """Whether anything is wanted; what fails from now on is the reading of it."""
        return self.wanted is not None and failed.begin(self.wanted.unit_id)

    def read(self, look: Transaction) -> None:
        """What is wanted, where nobody who writes waits for it."""
        if self.wanted is None:
            return
        wanted, self.wanted = self.wanted, None
        self._asked_for = wanted
        self._read = read_months(look, units.get(look, wanted.unit_id), wanted.first, wanted.now)

    def read_of(self, tx: Transaction, wanted: MonthsWanted) -> ReadBeside | None:
        """What has been read of it, where it holds still."""
        if self._read is None or self._asked_for != wanted:
            return None
        return self._read if self._read.holds_for(tx, wanted.unit_id) else None

    def catch_up(self, tx: Transaction, unit: Unit, now: datetime, most: int) -> int | None:
        """As `scoring.catch_up`; None where what is due of the unit is to be read beside first.

        What has been read beside is stored at once, however much it is. Where somebody has written of it meanwhile it
        is read here, so that it is never put off twice.
        """
        first = due_from(tx, unit, now)
        if first is None:
            return 0
        wanted = MonthsWanted.at(unit.id, first, now)
        if read := self.read_of(tx, wanted):
            return read_due(tx, unit, first, now, read.days)
        if self._asked_for == wanted:
            return read_due(tx, unit, first, now)
        if weight_of(tx, unit, now) >= LARGE:
            self.wanted = wanted
            return None
        return read_due(tx, unit, first, now, most=most)

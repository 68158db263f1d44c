"""Reads much of one unit outside the transaction that is to store it, so that nobody waits while it is read."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from followup import UnitId
from followup.provider import Unit
from followup.times.calendar import municipal_day
from followup.times.month import Month
from services.risk.scoring import Scored, due_from, months_at_once, read_due, scored_on, weight_of
from storage.engine.database import Transaction
from storage.imports import imports
from storage.register import units
from storage.risk import coverage, scores

# Placements and signals of which every report may be evidence take a month of this many some 40 ms.
LARGE = 50


@dataclass(frozen=True)
class ReadBeside:
    """Days of a unit read outside any transaction, and what was there just before."""

    unit_id: UnitId
    seen: tuple[object, ...]
    days: Mapping[date, Scored]

    def holds_for(self, tx: Transaction, unit_id: UnitId) -> bool:
        return self.unit_id == unit_id and self.seen == _seen(tx, unit_id, self.days)


def read_months(look: Transaction, unit: Unit, first: Month | None, now: datetime) -> ReadBeside:
    """What one transaction is to store from the month on."""
    months, with_today = months_at_once(look, unit, first, now)
    days = [*(month.last for month in months), *([municipal_day(now)] if with_today else [])]
    seen = _seen(look, unit.id, days)
    return ReadBeside(unit.id, seen, {day: scored_on(look, unit, day) for day in days})


def _seen(tx: Transaction, unit_id: UnitId, days: Iterable[date]) -> tuple[object, ...]:
    """What becomes another when anything that the readings are made of does: whoever writes of a unit scores it."""
    newest = scores.latest(tx, unit_id)
    methods = [(config.id, levels.id) for config, levels in (scores.method_on(tx, day) for day in days)]
    return newest and newest.id, imports.being_read(tx, unit_id), coverage.begins(tx), methods


@dataclass(frozen=True)
class MonthsWanted:
    unit_id: UnitId
    first: Month
    now: datetime


class BesidePieces:
    """Between the pieces of a wake: what is `wanted` of a large unit, and what has been read of it since."""

    def __init__(self) -> None:
        self.wanted: MonthsWanted | None = None
        self._asked_for: MonthsWanted | None = None
        self._read: ReadBeside | None = None

    def read(self, look: Transaction) -> None:
        """What is wanted, where nobody who writes waits for it."""
        if self.wanted is None:
            return
        wanted, self.wanted = self.wanted, None
        self._asked_for = wanted
        self._read = read_months(look, units.get(look, wanted.unit_id), wanted.first, wanted.now)

    def catch_up(self, tx: Transaction, unit: Unit, now: datetime) -> int | None:
        """As `scoring.catch_up`; None where what is due of the unit is to be read beside first.

        Where somebody has written of it meanwhile it is read here, so that it is never put off twice.
        """
        first = due_from(tx, unit, now)
        if first is None:
            return 0
        wanted = MonthsWanted(unit.id, first, now)
        if self._read is not None and self._asked_for == wanted and self._read.holds_for(tx, unit.id):
            return read_due(tx, unit, first, now, self._read.days)
        if self._asked_for != wanted and weight_of(tx, unit, now) >= LARGE:
            self.wanted = wanted
            return None
        return read_due(tx, unit, first, now)

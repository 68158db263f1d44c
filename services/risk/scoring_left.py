"""Scores the units that were left by whoever wrote of them, from what has been read beside the writer."""

from datetime import datetime

from followup.provider import Unit
from followup.times.calendar import municipal_day
from followup.times.month import Month
from services.risk.failed_work import FailedWork
from services.risk.reading_beside import BesidePieces, MonthsWanted
from services.risk.scoring import NOT_READ, first_due, read_again
from storage.engine.database import Transaction
from storage.engine.locks import hold_unit
from storage.imports import imports
from storage.register import units
from storage.risk import left_to_score
from storage.risk.left_to_score import UnitToScore


def score_left(
    tx: Transaction, now: datetime, beside: BesidePieces | None = None, failed: FailedWork | None = None
) -> bool:
    """Reads on in the unit that has waited longest; false when none is left but those that have failed.

    Where what is to be stored has not been read `beside`, or holds no more, it is wanted there and nothing is stored.
    """
    failed = FailedWork() if failed is None else failed
    waiting = first_left(tx, failed)
    if waiting is None:
        return False
    failed.begin(waiting.unit_id)
    hold_unit(tx, waiting.unit_id)
    # Another replica may have scored it before it was held.
    left = left_to_score.of_unit(tx, waiting.unit_id)
    if left is not None:
        _read_on(tx, left, now, beside)
    return True


def first_left(tx: Transaction, failed: FailedWork) -> UnitToScore | None:
    """The one that has waited longest since it was last written of, and has not failed."""
    waiting = left_to_score.waiting(tx, 1 + len(failed))
    return next((one for one in waiting if one.unit_id not in failed), None)


def _read_on(tx: Transaction, left: UnitToScore, now: datetime, beside: BesidePieces | None) -> None:
    unit = units.get(tx, left.unit_id)
    if unit.segment is None:
        left_to_score.forget(tx, unit.id)
        return
    # A wake that was begun before it was left would read what was known the day before, and take it for all.
    now = max(now, left.at)
    wanted = MonthsWanted.at(unit.id, _first_month(tx, unit, now), now)
    read = beside.read_of(tx, wanted) if beside else None
    if beside and read is None:
        beside.wanted = wanted
        return
    goes_on = read_again(tx, unit.id, wanted.first, now, read.days if read else NOT_READ)
    # What has been written since it was read is read next: a score is stored however often somebody writes.
    if goes_on is None and (read is None or read.is_last(tx)):
        left_to_score.forget(tx, unit.id)


def _first_month(tx: Transaction, unit: Unit, now: datetime) -> Month:
    """What an import has touched is read from its beginning by itself, and here today alone."""
    today = Month.of(municipal_day(now))
    return today if unit.id in imports.unscored(tx) else min(today, first_due(tx, unit, now))

"""A score as of a day that has passed: the register as it was, and where nobody can tell any more, that it is so."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import DecimalException

from followup import UnitId
from followup.provider import Unit
from followup.risk.inputs import REGISTERED, Inputs
from followup.risk.proof import is_whole, read_inputs
from followup.risk.risk import Score, score
from followup.risk.stored_score import METHOD_NAME, StoredScore
from followup.times.calendar import end_of_day, municipal_day
from followup.wording.wording import Wording, wording
from storage.engine.database import Transaction
from storage.risk import scores


def can_be_read(tx: Transaction, unit: Unit, day: date, now: datetime) -> bool:
    """A unit that has become the municipality's own is read as of the days before that."""
    if unit.segment is not None:
        return True
    return day < municipal_day(now) and scores.latest(tx, unit.id, day) is not None


def as_registered(tx: Transaction, unit_id: UnitId, inputs: Inputs) -> Inputs:
    """With the form and the placements that the day's own reading has, since the register only knows what holds now."""
    then = _inputs(_made_on(tx, unit_id, inputs.as_of))
    if then is not None:
        return _with_placements(_in_segment(inputs, then), then)
    before = _inputs(scores.last_made(tx, unit_id, end_of_day(inputs.as_of), inputs.as_of))
    return inputs if before is None else _in_segment(inputs, before)


def _with_placements(inputs: Inputs, then: Inputs) -> Inputs:
    """Their days, and of those that ended for want of quality the ones that the register had then."""
    days = {row.month: row.placement_days for row in then.exposure}
    rows = (replace(row, placement_days=days.get(row.month, row.placement_days)) for row in inputs.exposure)
    had = {item.id for item in then.items}
    items = (item for item in inputs.items if item.kind != REGISTERED or item.id in had)
    return replace(inputs, exposure=tuple(rows), items=tuple(items))


def _made_on(tx: Transaction, unit_id: UnitId, day: date) -> StoredScore | None:
    """The newest reading of the day; a month's end is read on the day after it."""
    return scores.last_made(tx, unit_id, end_of_day(day + timedelta(days=1)), day, day)


def _in_segment(inputs: Inputs, then: Inputs) -> Inputs:
    level = then.base_levels.levels[then.segment]
    return replace(inputs, segment=then.segment, base_levels=inputs.base_levels.with_own(then.segment, level))


def notes(
    tx: Transaction, unit_id: UnitId, inputs: Inputs, scored: Score, now: datetime
) -> Iterator[Wording]:
    """What the register no longer tells of the day, and that what was shown on it cannot be explained any more."""
    if inputs.as_of >= municipal_day(now):
        return
    of_day = _made_on(tx, unit_id, inputs.as_of)
    if of_day is None:
        yield wording("risk.then.register", day=inputs.as_of)
    elif of_day.method != METHOD_NAME:
        yield wording("risk.then.method", day=inputs.as_of, index=of_day.index, method=of_day.method)
    elif _inputs(of_day) is None:
        yield wording("risk.then.unexplained", day=inputs.as_of, index=of_day.index)
    elif (of_day.r, of_day.p, of_day.pt) != (scored.r, scored.p, scored.pt):
        yield wording("risk.then.differs", day=inputs.as_of, then=of_day.index, now=scored.index)


def _inputs(stored: StoredScore | None) -> Inputs | None:
    """What the score was made of; None where that cannot be read, or does not give the score."""
    if stored is None or stored.method != METHOD_NAME or not is_whole(stored.inputs, stored.inputs_sha256):
        return None
    try:
        inputs = read_inputs(stored.inputs)
    except (KeyError, ValueError, TypeError, DecimalException):
        return None
    again = score(inputs)
    return inputs if (again.r, again.p, again.pt) == (stored.r, stored.p, stored.pt) else None

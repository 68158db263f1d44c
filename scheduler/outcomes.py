"""Makes groups of how placements ended, at each turn of the half-year."""

from datetime import date, datetime, time, timedelta

from followup import UnitId
from followup.access.outcomes import grouped, last_turn
from followup.times.calendar import at_municipal, municipal_day
from scheduler.piece import PieceDone
from storage.engine.database import Transaction
from storage.overview import outcomes
from storage.register import units
from storage.times.job_looks import Place

# So many units are looked through together, and what that or one unit's group takes of a piece, in rows.
UNITS_AT_ONCE, GROUPING = 20, 20


def group_outcomes(tx: Transaction, now: datetime, room: int, place: Place | None) -> PieceDone:
    """What was told before the turn, however late this is done."""
    turn, done = last_turn(municipal_day(now)), PieceDone()
    before, after = at_municipal(turn, time(0)), UnitId(place["after"] if place else 0)
    while some := units.units_after(tx, after, UNITS_AT_ONCE):
        if done.rows >= room:
            return done + PieceDone(place={"after": after})
        for unit_id in outcomes.units_waiting(tx, before, after, some[-1].id):
            _group(tx, unit_id, turn, before, now)
            done += PieceDone(rows=GROUPING)
        after = some[-1].id
        done += PieceDone(rows=GROUPING)
    return done


def _group(tx: Transaction, unit_id: UnitId, turn: date, before: datetime, now: datetime) -> None:
    ends = outcomes.waiting(tx, unit_id, before)
    group = grouped(ends)
    assert group is not None
    outcomes.store(tx, unit_id, turn - timedelta(days=1), group, ends, now)

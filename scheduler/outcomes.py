"""Makes groups of how placements ended, at each turn of the half-year."""

from datetime import datetime, time, timedelta

from followup.access.outcomes import grouped, last_turn
from followup.times.calendar import at_municipal, municipal_day
from scheduler.piece import PieceDone
from storage.engine.database import Transaction
from storage.overview import outcomes

# What one unit's group takes of a piece, in rows.
GROUPING = 20


def group_outcomes(tx: Transaction, now: datetime, room: int) -> PieceDone:
    """What was told before the turn, however late this is done."""
    turn, done = last_turn(municipal_day(now)), PieceDone()
    before = at_municipal(turn, time(0))
    for unit_id in outcomes.units_waiting(tx, before, -(-room // GROUPING)):
        ends = outcomes.waiting(tx, unit_id, before)
        group = grouped(ends)
        assert group is not None
        outcomes.store(tx, unit_id, turn - timedelta(days=1), group, ends, now)
        done += PieceDone(rows=GROUPING)
    return done

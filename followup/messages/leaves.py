"""What of a leave is told to the one who stands in, and on which day."""

from datetime import date, timedelta
from typing import Literal

from followup.people import Leave
from followup.times.calendar import is_working_day, next_working_day

# What a leave of another day off is looked back for: no days off in a row are as many.
LOOKED_BACK = timedelta(days=14)
_ONE_DAY = timedelta(days=1)


def turn_on(away: Leave, day: date) -> Literal["begins", "ends"] | None:
    """What is told on the day: that it begins, or that she is back; of days off the working day after them.

    A leave that was recorded as it began is told of as its substitute is asked.
    """
    was_known = away.recorded_on is None or away.recorded_on < away.starts
    if was_known and _told_on(away.starts) == day <= away.ends:
        return "begins"
    return "ends" if _told_on(away.ends + _ONE_DAY) == day else None


def _told_on(day: date) -> date:
    return day if is_working_day(day) else next_working_day(day)

"""How long an alert may wait for somebody to take it."""

from datetime import datetime

from followup.times.calendar import add_working_days, end_of_day, municipal_day

WORKING_DAYS_TO_TAKE = 2


def is_overdue(raised_at: datetime, taken_at: datetime | None, now: datetime) -> bool:
    """Nobody took it within the working days that follow the day it came."""
    last_day = add_working_days(municipal_day(raised_at), WORKING_DAYS_TO_TAKE)
    return taken_at is None and now > end_of_day(last_day)

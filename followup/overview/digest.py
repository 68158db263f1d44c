"""When the weekly digest is due to a person, as she has chosen it."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from followup.times.calendar import (
    at_municipal,
    is_working_day,
    municipal_day,
    next_working_day,
    working_moment,
)

WEEK = timedelta(days=7)
WEEKDAYS = (1, 2, 3, 4, 5)


@dataclass(frozen=True)
class DigestChoice:
    """`weekday` is 1 for Monday to 5 for Friday; unless something else is chosen it comes on Mondays."""

    wanted: bool = True
    weekday: int = 1


def digest_moment(monday: date, weekday: int) -> datetime:
    """08:00 on the day in that week, or on the first working day after it."""
    day = monday + timedelta(days=weekday - 1)
    return at_municipal(day if is_working_day(day) else next_working_day(day))


def due_week(now: datetime, weekday: int) -> date | None:
    """The Monday of the newest week whose digest is due; None when the next week's would come at the same time."""
    today = municipal_day(now)
    monday = today - timedelta(days=today.weekday())
    while digest_moment(monday, weekday) > now:
        monday -= WEEK
    return monday if working_moment(now) < digest_moment(monday + WEEK, weekday) else None


def week_name(monday: date) -> str:
    """As people number weeks: 2026-W45."""
    year, week, _ = monday.isocalendar()
    return f"{year}-W{week:02d}"

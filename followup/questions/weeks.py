"""Weeks by their numbers, as people say them: of this year, or of the next one or the last; not all years have 53."""

from dataclasses import dataclass
from datetime import date, timedelta

_WEEK = timedelta(days=7)
# Of a year that has the most.
_MOST = 53


@dataclass(frozen=True)
class NoSuchWeek:
    """A number that the year has no week of, which is no other week either."""

    year: int
    week: int

    @property
    def last(self) -> int:
        return last_week(self.year)

    @property
    def starts(self) -> date:
        """The first day of the last week that there is."""
        return date.fromisocalendar(self.year, self.last, 1)

    @property
    def ends(self) -> date:
        return end_of(self.starts)


def last_week(year: int) -> int:
    """The week that the 28th of December is in, which is always the year's last."""
    return date(year, 12, 28).isocalendar().week


def end_of(monday: date) -> date:
    return monday + _WEEK - timedelta(days=1)


def week_of(year: int, week: int) -> date | NoSuchWeek:
    """Its Monday."""
    if not 1 <= week <= last_week(year):
        return NoSuchWeek(year, week)
    return date.fromisocalendar(year, week, 1)


def numbered_week(week: int, today: date, year: int | None = None, *, ahead: bool) -> date | NoSuchWeek:
    """Its Monday; without a year the first that is not over, or the last that has begun where one to come is not meant.

    What that year has no week of is not looked for in another.
    """
    this_year, this_week, _ = today.isocalendar()
    if year is not None or not 1 <= week <= _MOST:
        return week_of(year or this_year, week)
    return week_of(this_year + (week < this_week) if ahead else this_year - (week > this_week), week)

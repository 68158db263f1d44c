"""Swedish working days, and municipal time."""

from datetime import date, datetime, time, timedelta
from functools import cache, lru_cache
from zoneinfo import ZoneInfo

from dateutil.easter import easter

from followup.times.month import Month

MUNICIPAL_ZONE = ZoneInfo("Europe/Stockholm")
OPENS, CLOSES = time(8), time(17)


# Of the holidays and the three eves that municipalities keep closed (law-and-facts F18) those that may be of a week's
# first five days, by their date or by how long after Easter Day they come; Midsummer's eve is a Friday.
_FIXED = ((1, 1), (1, 6), (5, 1), (6, 6), (12, 24), (12, 25), (12, 26), (12, 31))
_AFTER_EASTER = (-2, 1, 39)
_EARLIEST_MIDSUMMERS_EVE = (6, 19)


# A library of every country's takes a tenth of a second and eleven megabytes, of which one country's are asked for.
@cache
def _closed_days(year: int) -> frozenset[date]:
    by_date = [date(year, month, day) for month, day in _FIXED]
    by_easter = [easter(year) + timedelta(days=after) for after in _AFTER_EASTER]
    earliest = date(year, *_EARLIEST_MIDSUMMERS_EVE)
    return frozenset((*by_date, *by_easter, earliest + timedelta(days=(4 - earliest.weekday()) % 7)))


def is_working_day(day: date) -> bool:
    return day.weekday() < 5 and day not in _closed_days(day.year)


def next_working_day(day: date) -> date:
    """The first working day after the day; where none comes after it, the last day that there is."""
    while day < date.max:
        day += timedelta(days=1)
        if is_working_day(day):
            break
    return day


def nth_working_day(month: Month, nth: int) -> date:
    """The month's nth working day, counted from 1; runs on into the next month when the month has fewer."""
    day = month.first - timedelta(days=1)
    for _ in range(nth):
        day = next_working_day(day)
    return day


@lru_cache(maxsize=1024)
def add_working_days(day: date, number: int) -> date:
    for _ in range(number):
        day = next_working_day(day)
    return day


def last_before(today: date, number: int) -> date:
    """The newest day after which so many working days are over today, for what was to be done within them."""
    day = today - timedelta(days=1)
    while add_working_days(day, number) >= today:
        day -= timedelta(days=1)
    return day


def at_municipal(day: date, clock: time = OPENS) -> datetime:
    """That local time as an aware UTC instant."""
    return datetime.combine(day, clock, MUNICIPAL_ZONE).astimezone(ZoneInfo("UTC"))


def municipal(instant: datetime) -> datetime:
    return instant.astimezone(MUNICIPAL_ZONE)


# A turn asks it of its own moment again and again. Of an hour that comes twice both are the same day's.
@lru_cache(maxsize=1024)
def municipal_day(instant: datetime) -> date:
    return municipal(instant).date()


def end_of_day(day: date) -> datetime:
    """The last microsecond of the municipal day, as UTC."""
    return at_municipal(day + timedelta(days=1), time(0)) - timedelta(microseconds=1)


def in_working_hours(instant: datetime) -> bool:
    local = municipal(instant)
    return is_working_day(local.date()) and OPENS <= local.time() < CLOSES


def working_moment(now: datetime) -> datetime:
    """Now in working hours, else the next time that they begin."""
    if in_working_hours(now):
        return now
    local = municipal(now)
    today = local.date()
    if is_working_day(today) and local.time() < municipal(at_municipal(today)).time():
        return at_municipal(today)
    return at_municipal(next_working_day(today))


def next_turn(now: datetime) -> datetime:
    """The next midnight, opening or closing: until then the calendar alone makes nothing due."""
    today = municipal_day(now)
    turns = (
        at_municipal(today),
        at_municipal(today, CLOSES),
        at_municipal(today + timedelta(days=1), time(0)),
    )
    return next(turn for turn in turns if turn > now)

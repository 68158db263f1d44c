"""Which days some others are compared with: those of another year, or of a month, a quarter, a half or a week."""

from datetime import date, timedelta

from followup.questions.days import Days, later

# How many months there are in what may be compared with another of its kind.
_PARTS = (1, 3, 6)


def years_before(days: Days, years: int) -> Days:
    """The same days; a month's last day is that month's last day, also in February."""
    return Days(_in_year(days.first, days.first.year - years), _in_year(days.last, days.last.year - years))


def _in_year(day: date, year: int) -> date:
    if (day + timedelta(days=1)).day == 1:
        return _last_of(year, day.month)
    return day.replace(year=year)


def _last_of(year: int, month: int) -> date:
    return date(year + month // 12, month % 12 + 1, 1) - timedelta(days=1)


def beside(asked: Days, named: Days | None) -> Days | None:
    """What is asked of beside what was named, cut to as many of its days; None where the two are no alike.

    Nothing named is the year before; what is named that is the very same days is what came before them.
    """
    if named is None:
        return years_before(asked, 1)
    if _is_in_a_week(asked) and _is_in_a_week(named):
        first = named.first if named.first != asked.first else named.first - timedelta(days=7)
        return Days(first, first + (asked.last - asked.first))
    months = _of_one_kind(asked, named)
    if months:
        first = named.first if named.first != asked.first else later(named.first, -months)
        return Days(first, _as_far(asked, first))
    if _is_a_year(named):
        years = asked.first.year - named.first.year
        return years_before(asked, years or 1) if asked.first.year == asked.last.year else None
    return years_before(asked, 1) if named == years_before(asked, 1) else None


def _of_one_kind(asked: Days, named: Days) -> int:
    """How many months both have or, so far, will have; 0 where they are no alike, as a month is not like a quarter."""
    if _is_a_month(asked) and not _is_in(named, 1):
        return 0
    return next((one for one in _PARTS if _is_in(named, one) and _is_in(asked, one)), 0)


def _as_far(asked: Days, first: date) -> date:
    """The day that is as far into what begins then as the last one asked about; a month's last is a month's last."""
    begun = later(first, _months_apart(asked))
    end = _last_of(begun.year, begun.month)
    whole = (asked.last + timedelta(days=1)).day == 1
    return end if whole else min(end, begun.replace(day=min(asked.last.day, end.day)))


def _is_a_year(days: Days) -> bool:
    """Whole or so far, and no first month, quarter or half of one."""
    is_part = any(days.last == later(days.first, months) - timedelta(days=1) for months in _PARTS)
    begins = (days.first.month, days.first.day) == (1, 1) and days.last.year == days.first.year
    return begins and not is_part and not _is_in(days, 1)


def _is_a_month(days: Days) -> bool:
    return days.first.day == 1 and days.last == _last_of(days.first.year, days.first.month)


def _is_in(days: Days, months: int) -> bool:
    """In one month, quarter or half of a year, from its first day on."""
    begins = days.first.day == 1 and (days.first.month - 1) % months == 0
    return begins and _months_apart(days) < months


def _is_in_a_week(days: Days) -> bool:
    return days.first.isoweekday() == 1 and (days.last - days.first).days < 7


def _months_apart(days: Days) -> int:
    return (days.last.year - days.first.year) * 12 + days.last.month - days.first.month

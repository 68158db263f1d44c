"""Which days some others are compared with: the same days of another year, or of the month before."""

from datetime import date, timedelta

from followup.questions.days import Days


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
    if _is_a_year(named):
        years = asked.first.year - named.first.year
        return years_before(asked, years or 1) if asked.first.year == asked.last.year else None
    if not (_is_in_a_month(named) and _is_in_a_month(asked)):
        return years_before(asked, 1) if named == years_before(asked, 1) else None
    month = named.first if named.first != asked.first else (named.first - timedelta(days=1)).replace(day=1)
    end = _last_of(month.year, month.month)
    whole = (asked.last + timedelta(days=1)).day == 1
    return Days(month, end if whole else min(end, month.replace(day=min(asked.last.day, end.day))))


def _is_a_year(days: Days) -> bool:
    return (
        (days.first.month, days.first.day) == (1, 1)
        and days.last.year == days.first.year
        and not (_is_in_a_month(days))
    )


def _is_in_a_month(days: Days) -> bool:
    return days.first.day == 1 and (days.first.year, days.first.month) == (days.last.year, days.last.month)

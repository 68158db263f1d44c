"""Calendar months after a day, and birthdays: how the law counts its times."""

from datetime import date

from followup.times.month import Month


def months_after(day: date, months: int) -> date:
    """The same day of that month, or its last where it has none: six months after 31 August is 28 or 29 February."""
    month = Month.of(day).plus(months)
    return date(month.year, month.number, min(day.day, month.days))


def turns(born: date, age: int) -> date:
    """The birthday; for who is born on 29 February that is 1 March in a common year (law-and-facts F7)."""
    year = born.year + age
    leap_day = (born.month, born.day) == (2, 29) and Month(year, 2).days == 28
    return date(year, 3, 1) if leap_day else born.replace(year=year)

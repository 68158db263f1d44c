"""The days that a sentence is about: a month, a year, a season, a week by its number, or last month and the like."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from followup.questions.weeks import NoSuchWeek, end_of, numbered_week
from followup.questions.words import WEEK, WEEK_WORD, YEAR, Meaning

MONTHS = tuple(f"month_{number}" for number in range(1, 13))
# Parts of a year by their first and last month; the last two of the winter are of the next year.
SEASONS = {
    "spring": (3, 5),
    "summer": (6, 8),
    "autumn": (9, 11),
    "winter": (12, 14),
    **{f"quarter_{number}": (3 * number - 2, 3 * number) for number in range(1, 5)},
    "half_1": (1, 6),
    "half_2": (7, 12),
}
# How many months there are in what is named with this or last before it, and next.
_PARTS = {"month": 1, "quarter": 3, "half": 6, "year": 12}
# What goes on until today, by how many months or days.
_PAST_MONTHS = {"three_months": 3, "six_months": 6, "twelve_months": 12}
_PAST_DAYS = {"seven_days": 7, "thirty_days": 30}
# Said alone, or of what time of which year.
_YEARS = {"this_year": 0, "last_year": -1, "year_before_last": -2}
RELATIVE = (
    *(f"{which}_{part}" for which in ("this", "last") for part in (*_PARTS, "week")),
    *("year_before_last", "next_quarter", "next_half", "next_year"),
    *(*_PAST_MONTHS, *_PAST_DAYS),
)
CONCEPTS = frozenset({*MONTHS, *SEASONS, *RELATIVE, YEAR, WEEK, WEEK_WORD})


@dataclass(frozen=True)
class Days:
    """From the first to the last day, both included; never past today, but for what is asked of days to come."""

    first: date
    last: date


def days_of(found: Sequence[Meaning], today: date, *, ahead: bool = False) -> Days | None:
    """None where no days are named, or more than can be meant at once.

    A month without its year is the last one that has begun; of days to come (`ahead`) the first that is not over.
    """
    parts, years = _apart(found, today)
    if len(parts) > 1 or len(years) > 1 or not (parts or years):
        return None
    named = _named(parts[0], years, today, ahead) if parts else _months(date(years[0], 1, 1), 12)
    return _until(today, *named, ahead) if named else None


def no_week_in(found: Sequence[Meaning], today: date) -> NoSuchWeek | None:
    """The week that is named, where neither the coming year of it nor the one that is named has it."""
    parts, years = _apart(found, today)
    weeks = (
        numbered_week(int(one.value), today, *years[:1], ahead=True) for one in parts if one.concept == WEEK
    )
    return next((one for one in weeks if isinstance(one, NoSuchWeek)), None)


def _apart(found: Sequence[Meaning], today: date) -> tuple[list[Meaning], list[int]]:
    """What is named, and of which years: this and last year too, where they are said of something else."""
    years = [int(one.typed) for one in found if one.concept == YEAR]
    named = [one for one in found if one.concept != YEAR]
    parts = [one for one in named if one.concept not in _YEARS]
    years += [today.year + _YEARS[one.concept] for one in named if one.concept in _YEARS]
    return parts, years


def _named(one: Meaning, years: Sequence[int], today: date, ahead: bool) -> tuple[date, date] | None:
    year = years[0] if years else None
    if one.concept == WEEK_WORD:
        return None
    if one.concept == WEEK:
        monday = numbered_week(int(one.value), today, year, ahead=ahead)
        return None if isinstance(monday, NoSuchWeek) else (monday, end_of(monday))
    if one.concept in RELATIVE:
        return None if year else _relative(one.concept, today)
    first, last = SEASONS.get(one.concept) or (MONTHS.index(one.concept) + 1,) * 2
    if year and last > _PARTS["year"]:
        # The winter of a year is the one that it begins with to one, and the one that it ends with to another.
        return None
    return _months(date(year or _year(first, last, today, ahead), first, 1), last - first + 1)


def _until(today: date, first: date, last: date, ahead: bool) -> Days | None:
    if ahead:
        return Days(first, last)
    return Days(first, min(last, today)) if first <= today else None


def _relative(concept: str, today: date) -> tuple[date, date]:
    if concept in _PAST_DAYS:
        return today - timedelta(days=_PAST_DAYS[concept] - 1), today
    if concept in _PAST_MONTHS:
        return later(today.replace(day=1), 1 - _PAST_MONTHS[concept]), today
    which, _, part = concept.partition("_")
    away = {"this": 0, "last": -1, "next": 1}[which]
    if part == "week":
        monday = today - timedelta(days=today.weekday() - 7 * away)
        return monday, end_of(monday)
    months = _PARTS[part]
    begun = date(today.year, today.month - (today.month - 1) % months, 1)
    return _months(later(begun, months * away), months)


def _months(first: date, number: int) -> tuple[date, date]:
    return first, later(first, number) - timedelta(days=1)


def later(first: date, months: int) -> date:
    """The first day of the month that comes so many months later, or earlier where there are fewer than none."""
    whole = first.year * 12 + first.month - 1 + months
    return date(whole // 12, whole % 12 + 1, 1)


def _year(first: int, last: int, today: date, ahead: bool) -> int:
    """Of what begins and ends in those months: the last that has begun, or the first that is not over."""
    if not ahead:
        return today.year - (first > today.month)
    over = last - _PARTS["year"] < today.month
    return today.year - 1 + over + (over and last < today.month)

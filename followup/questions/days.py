"""The days that a sentence is about: a month, a year, a season, or last month and the like."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from followup.questions.words import YEAR, Meaning

MONTHS = tuple(f"month_{number}" for number in range(1, 13))
# Parts of a year by their first and last month.
SEASONS = {
    "spring": (3, 5),
    "summer": (6, 8),
    "autumn": (9, 11),
    **{f"quarter_{number}": (3 * number - 2, 3 * number) for number in range(1, 5)},
    "half_1": (1, 6),
    "half_2": (7, 12),
}
RELATIVE = (
    *("this_year", "last_year", "twelve_months"),
    *("this_quarter", "last_quarter", "this_month", "last_month"),
    *("this_week", "last_week", "seven_days"),
)
CONCEPTS = frozenset({*MONTHS, *SEASONS, *RELATIVE, YEAR})


@dataclass(frozen=True)
class Days:
    """From the first to the last day, both included; never past today, but for what is asked of days to come."""

    first: date
    last: date


def days_of(found: Sequence[Meaning], today: date, *, ahead: bool = False) -> Days | None:
    """None where no days are named, or more than can be meant at once.

    A month without its year is the last one that has begun; of days to come (`ahead`) the first that is not over.
    """
    named = [one for one in found if one.concept != YEAR]
    years = [int(one.typed) for one in found if one.concept == YEAR]
    if len(named) > 1 or len(years) > 1 or not (named or years):
        return None
    if not named:
        return _until(today, date(years[0], 1, 1), date(years[0], 12, 31), ahead)
    concept, year = named[0].concept, years[0] if years else None
    if concept in RELATIVE:
        return None if year else _until(today, *_relative(concept, today), ahead)
    first, last = SEASONS.get(concept) or (MONTHS.index(concept) + 1,) * 2
    chosen = year or _year(first, last, today, ahead)
    return _until(today, date(chosen, first, 1), _end(chosen, last), ahead)


def _until(today: date, first: date, last: date, ahead: bool) -> Days | None:
    if ahead:
        return Days(first, last)
    return Days(first, min(last, today)) if first <= today else None


def _relative(concept: str, today: date) -> tuple[date, date]:
    monday, first = today - timedelta(days=today.weekday()), today.replace(day=1)
    quarter = date(today.year, today.month - (today.month - 1) % 3, 1)
    before = {"month": first, "quarter": quarter, "week": monday, "year": date(today.year, 1, 1)}
    match concept:
        case "seven_days":
            return today - timedelta(days=6), today
        case "twelve_months":
            return _begun(today.replace(day=1), 11), today
    begins = before[concept.partition("_")[2]]
    if concept.startswith("last"):
        last = begins - timedelta(days=1)
        return _relative(concept.replace("last", "this"), last)[0], last
    lasts = {"month": 1, "quarter": 3, "year": 12}.get(concept.partition("_")[2])
    return begins, _begun(begins, -lasts) - timedelta(days=1) if lasts else begins + timedelta(days=6)


def _begun(first: date, months: int) -> date:
    """The first day of the month that lies so many months before, or after where there are fewer than none."""
    whole = first.year * 12 + first.month - 1 - months
    return date(whole // 12, whole % 12 + 1, 1)


def _year(first: int, last: int, today: date, ahead: bool) -> int:
    if ahead:
        return today.year + (last < today.month)
    return today.year - (first > today.month)


def _end(year: int, month: int) -> date:
    return date(year + month // 12, month % 12 + 1, 1) - timedelta(days=1)

"""The municipality's plan of a year (årsplan): what is done on which day, by the very functions that the clock asks."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Literal

from followup.log.log_review import Quarter
from followup.month.rounds import RoundDays, deadline_of, opening
from followup.risk.base_levels import proposal_day
from followup.times.calendar import add_working_days, municipal_day, nth_working_day
from followup.times.deadlines import OCCASIONS, YearDates
from followup.times.month import Month

Who = Literal["official", "quality", "managers", "everybody", "admins"]
# From this working day of its month what is said once a year is said.
_SAID_FROM = 2


@dataclass(frozen=True)
class PlannedMonth:
    """The round about the month: when it opens, reminds and ends, and when the managers have the list of the rest."""

    month: Month
    opens: date
    reminders: tuple[date, ...]
    deadline: date
    listed: date


@dataclass(frozen=True)
class PlannedStep:
    """`text` is the id of what it is called; `part` the half-year that it is of, 0 for the year."""

    day: date
    text: str
    who: Who
    part: int = 0


@dataclass(frozen=True)
class YearPlan:
    """The rounds that open in the year, and the year's steps by day."""

    year: int
    months: tuple[PlannedMonth, ...]
    steps: tuple[PlannedStep, ...]


def year_plan(year: int, rounds: RoundDays, dates: YearDates) -> YearPlan:
    months = tuple(_month(month.previous, rounds) for month in _months(year))
    steps = sorted((*_selection(year, dates), *_each_year(year, rounds)), key=lambda one: one.day)
    return YearPlan(year, months, tuple(steps))


def _months(year: int) -> Iterator[Month]:
    for number in range(1, 13):
        yield Month(year, number)


def _month(month: Month, rounds: RoundDays) -> PlannedMonth:
    opens = opening(month, rounds)
    deadline = municipal_day(deadline_of(month, opens, rounds))
    return PlannedMonth(
        month,
        municipal_day(opens),
        tuple(nth_working_day(month.next, nth) for nth in rounds.reminders),
        deadline,
        add_working_days(deadline, 1),
    )


def _selection(year: int, dates: YearDates) -> Iterator[PlannedStep]:
    for occasion in OCCASIONS:
        for part in dates.parts_of(occasion):
            yield PlannedStep(dates.on(occasion, year, part), f"selection.{occasion}", "official", part)


def _each_year(year: int, rounds: RoundDays) -> Iterator[PlannedStep]:
    december = Month(year - 1, 12)
    deadline = deadline_of(december, opening(december, rounds), rounds)
    yield PlannedStep(nth_working_day(Month(year, 1), _SAID_FROM), "plan.yearly_list", "managers")
    yield PlannedStep(proposal_day(year, deadline), "plan.base_levels", "quality")
    yield PlannedStep(date(year, 1, 31), "plan.foster_home_list", "managers")
    yield PlannedStep(nth_working_day(Month(year, 2), _SAID_FROM), "plan.duty_to_report", "everybody")
    for month in (1, 4, 7, 10):
        yield PlannedStep(Quarter.of(date(year, month, 1)).first_month.first, "plan.log_review", "admins")

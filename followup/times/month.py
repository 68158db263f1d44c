"""A calendar month as a value."""

import calendar
from dataclasses import dataclass
from datetime import date
from functools import cache


@dataclass(frozen=True, order=True)
class Month:
    year: int
    number: int

    @staticmethod
    def of(day: date) -> "Month":
        return _month(day.year, day.month)

    @classmethod
    def parse(cls, text: str) -> "Month":
        """Reads `2026-11`; raises ValueError on anything else."""
        year, _, number = text.partition("-")
        if len(year) != 4 or len(number) != 2:
            raise ValueError(text)
        return cls.of(date(int(year), int(number), 1))

    def __str__(self) -> str:
        return f"{self.year:04d}-{self.number:02d}"

    @property
    def first(self) -> date:
        return date(self.year, self.number, 1)

    @property
    def last(self) -> date:
        return date(self.year, self.number, self.days)

    @property
    def days(self) -> int:
        return _days(self.year, self.number)

    def plus(self, months: int) -> "Month":
        whole = self.year * 12 + self.number - 1 + months
        return _month(whole // 12, whole % 12 + 1)

    @property
    def next(self) -> "Month":
        return self.plus(1)

    @property
    def previous(self) -> "Month":
        return self.plus(-1)

    def until(self, later: "Month") -> int:
        """Whole calendar months from this month to the later one; negative when it is earlier."""
        return (later.year - self.year) * 12 + later.number - self.number


@dataclass(frozen=True)
class Months:
    """A stretch of months with both its ends, as a sentence names the period that it counts."""

    first: Month
    last: Month

    @classmethod
    def year_to(cls, day: date) -> "Months":
        """The twelve that end with the day's: what is counted of a unit and shown of it is of these."""
        last = Month.of(day)
        return cls(last.plus(-11), last)

    @property
    def starts(self) -> date:
        return self.first.first


@dataclass(frozen=True)
class MonthName:
    """A month of the last year, named without its year."""

    month: Month


# The same few hundred months are asked for again and again, and never change.
@cache
def _month(year: int, number: int) -> Month:
    return Month(year, number)


@cache
def _days(year: int, number: int) -> int:
    return calendar.monthrange(year, number)[1]


def months_between(first: Month, last: Month) -> list[Month]:
    """Both ends included; empty when the last comes before the first."""
    return [first.plus(step) for step in range(first.until(last) + 1)]

"""Which twelve months a year's report is about."""

from dataclasses import dataclass
from datetime import date

from followup.times.month import Month, months_between


@dataclass(frozen=True)
class Period:
    """The twelve months; `until` is the last day counted, earlier than their end while they are not over."""

    year: int
    first: Month
    last: Month
    until: date

    @property
    def starts(self) -> date:
        return self.first.first

    @property
    def is_over(self) -> bool:
        return self.until == self.last.last

    @property
    def months(self) -> list[Month]:
        return months_between(self.first, Month.of(self.until))

    def holds(self, day: date) -> bool:
        return self.starts <= day <= self.until


def period_of(year: int, draft: date, today: date) -> Period:
    """The last twelve whole months before the draft's day, since only they can be in it (R87, R88)."""
    last = Month.of(draft).previous
    first = last.plus(-11)
    return Period(year, first, last, max(first.first, min(last.last, today)))

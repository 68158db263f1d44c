"""A placement: one child in one unit, known by its case reference only."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from followup.month import Month


@dataclass(frozen=True)
class Placement:
    id: int
    case_reference: str
    unit_id: int
    unit_name: str
    form: str
    starts: date
    ends: date | None
    owner_id: int | None
    substitute_id: int | None
    alias: str | None = None

    def open_in(self, month: Month) -> bool:
        """Open at least one day of the month; the day it ends is the last open day."""
        return self.starts <= month.last and (self.ends is None or self.ends >= month.first)


def open_days(starts: date, ends: date | None, first: date, last: date) -> int:
    """Days the placement was open from first to last, all four ends included."""
    begin, end = max(starts, first), min(ends or last, last)
    return max(0, (end - begin).days + 1)


def days_in_months(
    spans: Sequence[tuple[date, date | None]], months: Sequence[Month], until: date
) -> Mapping[Month, int]:
    """Placement-days of each month, the last of them cut off after the day `until`.

    Counted in day numbers: comparing dates was a tenth of what a score costs.
    """
    whole = until.toordinal() + 1
    numbered = [(starts.toordinal(), ends.toordinal() + 1 if ends else whole) for starts, ends in spans]
    days = {}
    for month in months:
        first = month.first.toordinal()
        after = min(first + month.days, whole)
        days[month] = sum(
            min(ended, after) - max(began, first)
            for began, ended in numbered
            if began < after and ended > first
        )
    return days


def age_on(born: date, day: date) -> int:
    """Whole years; someone born on 29 February turns a year older on 1 March in a common year (law-and-facts F7)."""
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))

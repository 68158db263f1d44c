"""A placement: one child in one unit, known by its case reference only."""

from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import accumulate

from followup import PersonId, PlacementId, UnitId, at_once
from followup.times.month import Month

ONE_DAY = timedelta(days=1)


@at_once
@dataclass(frozen=True)
class Placement:
    id: PlacementId
    case_reference: str
    unit_id: UnitId
    unit_name: str
    form: str
    starts: date
    ends: date | None
    owner_id: PersonId | None
    substitute_id: PersonId | None
    alias: str | None = None

    @property
    def answerable(self) -> tuple[PersonId | None, PersonId | None]:
        """Its owner and its own substitute, by whom it is found who answers for it on a day."""
        return self.owner_id, self.substitute_id


def open_days(starts: date, ends: date | None, first: date, last: date) -> int:
    """Days the placement was open from first to last, all four ends included."""
    begin, end = max(starts, first), min(ends or last, last)
    return max(0, (end - begin).days + 1)


def days_in_months(
    spans: Sequence[tuple[date, date | None]], months: Sequence[Month], until: date
) -> Mapping[Month, int]:
    """Placement-days of each of the months, which follow on each other, with none after the day `until`."""
    begun = _DaysSince([starts for starts, _ in spans])
    over = _DaysSince([ends + ONE_DAY for _, ends in spans if ends is not None])
    after = until.toordinal() + 1
    edges = [min(one.first.toordinal(), after) for one in (*months, months[-1].plus(1))]
    before = [begun.before(edge) - over.before(edge) for edge in edges]
    return {month: then - first for month, first, then in zip(months, before, before[1:], strict=False)}


class _DaysSince:
    """Days that have passed since each of some dates, added up; sorted once, so that each question is a look-up.

    Going through every placement for every month was a tenth of what a score cost.
    """

    def __init__(self, dates: Iterable[date]) -> None:
        self._numbers = sorted(day.toordinal() for day in dates)
        self._sums = [0, *accumulate(self._numbers)]

    def before(self, number: int) -> int:
        """Those before the day of that number."""
        passed = bisect_left(self._numbers, number)
        return passed * number - self._sums[passed]


def age_on(born: date, day: date) -> int:
    """Whole years; someone born on 29 February turns a year older on 1 March in a common year (law-and-facts F7)."""
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))


@dataclass(frozen=True)
class PlacementFigures:
    """`missing` counts by plan, `unknown` those of whose plans something has been said by nobody.

    `forms` are the forms of contract, None for each of which nobody has said anything.
    """

    number: int
    missing: dict[str, int]
    unknown: int
    forms: tuple[str | None, ...]

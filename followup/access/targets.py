"""What the municipality aims at (R118): how much is to be answered in time, on file and done in time."""

from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Literal, get_args

from followup.times.month import Month
from followup.wording.share import percent_of

Measure = Literal["in_time", "plans", "clocks"]
MEASURES: tuple[Measure, ...] = get_args(Measure)


@dataclass(frozen=True)
class Targets:
    """Whole percent of reports in time, of plans on file and of clocks done in time; 0 where there is no target."""

    in_time: int = 90
    plans: int = 100
    clocks: int = 100

    def of(self, measure: Measure) -> int:
        return {"in_time": self.in_time, "plans": self.plans, "clocks": self.clocks}[measure]


@dataclass(frozen=True)
class AgainstTarget:
    """A figure beside its target; `about` is the month or the days that it is counted over, None of today.

    `untold` are so many more of the days of which it is not known, and which are not counted.
    """

    measure: Measure
    part: int
    whole: int
    target: int
    about: Month | tuple[date, date] | None = None
    untold: int = 0

    @property
    def percent(self) -> int:
        return percent_of(Fraction(self.part, self.whole))

    @property
    def is_reached(self) -> bool:
        """By the exact share: 89,6 % is not 90 %."""
        return self.part * 100 >= self.target * self.whole

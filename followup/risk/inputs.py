"""What a score is made of: dated items of evidence, a unit's months, and what was known on the as-of day."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from functools import cached_property
from operator import itemgetter
from typing import Literal, NewType

from followup import PlacementId, at_once
from followup.risk.risk_config import BaseLevels, RiskConfig
from followup.times.month import Month, Months

# A signal's kind, what a report tells, or what the register alone tells; scores are stored with it.
ItemKind = NewType("ItemKind", str)
UNSAFE = ItemKind("unsafe")
CONCERN = ItemKind("concern")
# What a child's report says of its own life there goes on from month to month, and counts once per half-year.
CONTINUING = frozenset({UNSAFE, CONCERN})
REPORT_MISSING = ItemKind("provider_report_missing")
REPORT_LATE = ItemKind("provider_report_late")
REPORT_POOR = ItemKind("provider_report_poor")
PROVIDER_REPORT = frozenset({REPORT_MISSING, REPORT_LATE, REPORT_POOR})
REGISTERED = ItemKind("registered_replacement")
# What stands in reports and in the register, each told by the letter of its number.
OF_REPORTS = frozenset({*CONTINUING, *PROVIDER_REPORT})


@at_once
@dataclass(frozen=True)
class Item:
    """One dated piece of evidence; items that share an event are reports of one and the same event.

    The weight is in points, as graded and dismissed. A linked report keeps its own floor and decision. `placement`
    is the number of the placement that an item of a monthly report is about; `judged` counts what people have decided
    about an item that is no signal.
    """

    id: str
    version: int
    kind: ItemKind
    day: date
    weight: Decimal
    event: str | None = None
    floor: Literal["red", "yellow"] | None = None
    decided: bool = False
    zero_because: str | None = None
    consequence: int | None = None
    placement: PlacementId | None = None
    judged: int = 0

    @property
    def month(self) -> Month:
        return Month.of(self.day)


@at_once
@dataclass(frozen=True)
class Exposure:
    """One month: days in placement up to the as-of day, and reports that are in or whose deadline has passed."""

    month: Month
    placement_days: int
    expected: int
    missing: int

    def __post_init__(self) -> None:
        if self.placement_days < 0 or not 0 <= self.missing <= self.expected:
            raise ValueError(self)

    @property
    def answered(self) -> int:
        return self.expected - self.missing

    @property
    def placements(self) -> Fraction:
        return Fraction(self.placement_days, self.month.days)

    def seen(self, unseen: Fraction) -> Fraction:
        """Placements, less the share of what reports would have brought that nobody has reported on."""
        if not self.expected:
            return self.placements
        return self.placements * (1 - unseen * Fraction(self.missing, self.expected))


@dataclass(frozen=True)
class Inputs:
    """`coverage` is the municipality's first month with evidence; `notices` the safety notices not yet recorded."""

    unit: str
    segment: str
    as_of: date
    items: tuple[Item, ...]
    exposure: tuple[Exposure, ...]
    config: RiskConfig
    base_levels: BaseLevels
    coverage: Month | None = None
    notices: tuple[str, ...] = ()

    @cached_property
    def month(self) -> Month:
        """The as-of day's."""
        return Month.of(self.as_of)

    def months_back(self, number: int) -> Months:
        """So many that end with the as-of day's, as sentences name what they count."""
        last = Month.of(self.as_of)
        return Months(last.plus(1 - number), last)

    @property
    def months(self) -> Months:
        """Those in which an item still weighs something."""
        return self.months_back(int(self.config.kappa_none_from))

    @cached_property
    def known_items(self) -> list[Item]:
        """Those not dated after the as-of day, oldest first."""
        known = (item for item in self.items if item.day <= self.as_of)
        return sorted(known, key=lambda item: (item.day, id_order(item.id)))

    @cached_property
    def known_exposure(self) -> list[Exposure]:
        """The months from the beginning of coverage to the as-of day's, oldest first."""
        if self.coverage is None:
            return []
        # By numbers: to compare two months as values takes several times as long.
        first, last = _in_order(self.coverage), _in_order(self.month)
        placed = [(_in_order(row.month), row) for row in self.exposure]
        return [row for at, row in sorted(placed, key=itemgetter(0)) if first <= at <= last]

    def covers(self, month: Month) -> bool:
        return self.coverage is not None and self.coverage <= month

    def age(self, when: date | Month) -> int:
        """Calendar months from that day's month to the as-of day's, the same for events and exposure."""
        month = when if isinstance(when, Month) else Month.of(when)
        return month.until(self.month)

    def kappa(self, when: date | Month) -> Decimal:
        share = self._shares.get(when)
        if share is None:
            share = self._shares[when] = kappa(self.age(when), self.config)
        return share

    @cached_property
    def _shares(self) -> dict[date | Month, Decimal]:
        """What has been asked for so far: a large unit has thousands of items on some hundred days."""
        return {}


def _in_order(month: Month) -> int:
    return month.year * 12 + month.number


def id_order(item_id: str) -> tuple[int, str]:
    """A-9 comes before A-17."""
    return len(item_id), item_id


def kappa(age: int, config: RiskConfig) -> Decimal:
    """How much evidence of that age counts."""
    if age < 0 or age >= config.kappa_none_from:
        return Decimal(0)
    return config.kappa_half if age >= config.kappa_half_from else Decimal(1)

"""How much more than the normal has happened at a unit: items, exposure, formula (risk-and-selection.md)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from functools import cached_property, lru_cache
from math import floor, lcm
from typing import Literal

from scipy.special import gammaincc

from followup.risk.risk_config import BaseLevels, RiskConfig
from followup.times.month import Month

REPORT_MISSING = "report_missing"
LINKED, OLD = "linked", "old"


@dataclass(frozen=True)
class Item:
    """One dated piece of evidence; items that share an event are reports of one and the same event.

    The weight is in points and already decided. A linked report keeps its own floor and decision.
    """

    id: str
    version: int
    kind: str
    day: date
    weight: Decimal
    event: str | None = None
    floor: Literal["red", "yellow"] | None = None
    decided: bool = False
    zero_because: str | None = None
    consequence: int | None = None


@dataclass(frozen=True)
class Exposure:
    """One month: days in placement up to the as-of day, and reports whose due date and grace have passed."""

    month: Month
    placement_days: int
    expected: int
    missing: int

    def __post_init__(self) -> None:
        if self.placement_days < 0 or not 0 <= self.missing <= self.expected:
            raise ValueError(self)

    @property
    def seen(self) -> Fraction:
        """Placements, less the share that nobody has reported on."""
        placements = Fraction(self.placement_days, self.month.days)
        return placements * (1 - Fraction(self.missing, self.expected)) if self.expected else placements


@dataclass(frozen=True)
class Inputs:
    unit: str
    segment: str
    as_of: date
    items: tuple[Item, ...]
    exposure: tuple[Exposure, ...]
    config: RiskConfig
    base_levels: BaseLevels

    @cached_property
    def month(self) -> Month:
        """The as-of day's."""
        return Month.of(self.as_of)

    @cached_property
    def known_items(self) -> list[Item]:
        """Those not dated after the as-of day, oldest first."""
        known = (item for item in self.items if item.day <= self.as_of)
        return sorted(known, key=lambda item: (item.day, id_order(item.id)))

    @cached_property
    def known_exposure(self) -> list[Exposure]:
        """The months up to the as-of day's, oldest first."""
        known = (row for row in self.exposure if row.month <= self.month)
        return sorted(known, key=lambda row: row.month)

    def age(self, when: date | Month) -> int:
        """Calendar months from that day's month to the as-of day's, the same for events and exposure."""
        month = when if isinstance(when, Month) else Month.of(when)
        return month.until(self.month)


@dataclass(frozen=True)
class Contribution:
    """One row of evidence and how much it raises the risk ratio; `missing` counts reports, 0 for an item."""

    ids: tuple[str, ...]
    kind: str
    when: date | Month
    weight: Decimal
    kappa: Decimal
    raises: float
    zero_because: str | None = None
    missing: int = 0
    consequence: int | None = None


@dataclass(frozen=True)
class Score:
    """`p` and `pt` to six decimals; an `index` of 100 is the red limit."""

    o: float
    e: float
    ot: float
    et: float
    r: float
    p: float
    pt: float
    n: int
    index: int
    contributions: tuple[Contribution, ...]


def id_order(item_id: str) -> tuple[int, str]:
    """A-9 comes before A-17."""
    return len(item_id), item_id


def kappa(age: int, config: RiskConfig) -> Decimal:
    """How much evidence of that age counts."""
    if age < 0 or age >= config.kappa_none_from:
        return Decimal(0)
    return config.kappa_half if age >= config.kappa_half_from else Decimal(1)


def score(inputs: Inputs) -> Score:
    config = inputs.config
    prior = _exact(config.prior)
    e, et = _expected_points(inputs)
    contributions = _contributions(inputs, prior + e)
    o = _total(row.kappa * row.weight for row in contributions)
    ot = _total(row.weight for row in contributions if _is_recent(row.when, inputs))
    p, pt = _probability(o, e, config), _probability(ot, et, config)
    return Score(
        o=float(o),
        e=float(e),
        ot=float(ot),
        et=float(et),
        r=float((prior + o) / (prior + e)),
        p=p,
        pt=pt,
        n=sum(_counted(row) for row in contributions),
        index=_index(p, pt, config),
        contributions=contributions,
    )


def _expected_points(inputs: Inputs) -> tuple[Fraction, Fraction]:
    """E and ET."""
    config, level = inputs.config, inputs.base_levels.levels[inputs.segment]
    rows = [(row.month, _points_of(row, level, config.missing_base)) for row in inputs.known_exposure]
    e = _sum(_exact(_kappa_of(month, inputs)) * points for month, points in rows)
    return e, _sum(points for month, points in rows if _is_recent(month, inputs))


# A unit's earlier months are the same in every score, and exact arithmetic was half of what a score cost.
@lru_cache(maxsize=16_384)
def _points_of(row: Exposure, level: Decimal, missing_base: Decimal) -> Fraction:
    return _exact(level) * row.seen + _exact(missing_base) * row.expected


def _sum(points: Iterable[Fraction]) -> Fraction:
    """Over one common denominator, since Python looks for one anew at each addition."""
    points = list(points)
    common = lcm(*(one.denominator for one in points))
    return Fraction(sum(one.numerator * (common // one.denominator) for one in points), common)


_exact = lru_cache(maxsize=1024)(Fraction)


def _contributions(inputs: Inputs, scale: Fraction) -> tuple[Contribution, ...]:
    items = inputs.known_items
    counting = _counting(items)
    missing = [row for row in inputs.known_exposure if row.missing and _kappa_of(row.month, inputs)]
    return (
        *(_of_item(item, item.id in counting, inputs, scale) for item in items),
        *(_of_missing(row, inputs, scale) for row in missing),
    )


def _counting(items: Iterable[Item]) -> set[str]:
    """Ids of the items that count: of linked ones only the highest weight, ties by lowest id."""
    best: dict[str, Item] = {}
    for item in sorted(items, key=lambda item: (-item.weight, id_order(item.id))):
        # Events and items have ids of their own, so an unlinked item needs a key that no event can have.
        best.setdefault(f"event {item.event}" if item.event else f"item {item.id}", item)
    return {item.id for item in best.values()}


def _of_item(item: Item, counts: bool, inputs: Inputs, scale: Fraction) -> Contribution:
    share = _kappa_of(item.day, inputs)
    weight = item.weight if counts else Decimal(0)
    return Contribution(
        ids=(item.id,),
        kind=item.kind,
        when=item.day,
        weight=weight,
        kappa=share,
        raises=float(Fraction(share * weight) / scale),
        zero_because=_why_zero(item, counts, share),
        consequence=item.consequence,
    )


def _why_zero(item: Item, counts: bool, share: Decimal) -> str | None:
    if not item.weight:
        return item.zero_because
    if not counts:
        return LINKED
    return None if share else OLD


def _of_missing(row: Exposure, inputs: Inputs, scale: Fraction) -> Contribution:
    share = _kappa_of(row.month, inputs)
    weight = row.missing * inputs.config.points_missing
    return Contribution(
        ids=(missing_id(row.month),),
        kind=REPORT_MISSING,
        when=row.month,
        weight=weight,
        kappa=share,
        raises=float(Fraction(share * weight) / scale),
        missing=row.missing,
    )


def missing_id(month: Month) -> str:
    return f"M-{month}"


def _kappa_of(when: date | Month, inputs: Inputs) -> Decimal:
    return kappa(inputs.age(when), inputs.config)


def _is_recent(when: date | Month, inputs: Inputs) -> bool:
    return inputs.age(when) < inputs.config.recent_months


def _counted(row: Contribution) -> int:
    if not row.kappa:
        return 0
    return row.missing or int(row.weight > 0)


def _total(points: Iterable[Decimal]) -> Fraction:
    return _sum(map(_exact, points))


def _probability(o: Fraction, e: Fraction, config: RiskConfig) -> float:
    """That the level is at least twice the expected."""
    prior, dispersion = _exact(config.prior), _exact(config.dispersion)
    shape, bound = (prior + o) / dispersion, _exact(config.twice) * (prior + e) / dispersion
    return round(float(gammaincc(float(shape), float(bound))), 6)


def _index(p: float, pt: float, config: RiskConfig) -> int:
    share = max(Decimal(str(p)) / config.red_p, Decimal(str(pt)) / config.red_pt)
    return floor(100 * share + Decimal("0.5"))

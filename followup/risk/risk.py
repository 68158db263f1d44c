"""How much more than the normal has happened at a unit: the formula over what counts (risk-and-selection.md)."""

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from functools import cache, lru_cache
from math import floor, lcm

from followup import at_once
from followup.risk.counting import Verdict, verdicts
from followup.risk.gamma import probability_above
from followup.risk.inputs import PROVIDER_REPORT, Exposure, Inputs, Item, ItemKind, kappa
from followup.risk.risk_config import RiskConfig
from followup.times.month import Month


@at_once
@dataclass(frozen=True)
class Contribution:
    """One row of evidence and how much it raises the risk ratio; `same_as` is the month that counts in its place."""

    ids: tuple[str, ...]
    kind: ItemKind
    when: date
    weight: Decimal
    kappa: Decimal
    raises: float
    zero_because: str | None = None
    consequence: int | None = None
    same_as: Month | None = None

    @property
    def counts(self) -> bool:
        return self.kappa * self.weight > 0


@dataclass(frozen=True)
class Level:
    """What a band is read from: `beside` are the items that are not the provider's own reports."""

    p: float
    pt: float
    n: int
    beside: int


@dataclass(frozen=True)
class Score:
    """`p` and `pt` to six decimals; an `index` of 100 is the red limit, and `beside` as of the level."""

    o: float
    e: float
    ot: float
    et: float
    r: float
    p: float
    pt: float
    n: int
    beside: int
    index: int
    contributions: tuple[Contribution, ...]

    @property
    def level(self) -> Level:
        return Level(self.p, self.pt, self.n, self.beside)


def score(inputs: Inputs) -> Score:
    config = inputs.config
    prior = exact(config.prior)
    e, et = _expected_points(inputs)
    contributions = _contributions(inputs, prior + e)
    o = _total(row.kappa * row.weight for row in contributions)
    ot = _total(row.weight for row in contributions if _is_recent(row.when, inputs))
    p, pt = probability_of_twice(o, e, config), probability_of_twice(ot, et, config)
    beside = _beside(contributions)
    return Score(
        o=float(o),
        e=float(e),
        ot=float(ot),
        et=float(et),
        r=_ratio(prior + o, prior + e),
        p=p,
        pt=pt,
        n=beside + _months_of_provider_reports(contributions),
        beside=beside,
        index=index_of(p, pt, config),
        contributions=contributions,
    )


def _beside(rows: Iterable[Contribution]) -> int:
    return sum(row.counts for row in rows if row.kind not in PROVIDER_REPORT)


def _months_of_provider_reports(rows: Iterable[Contribution]) -> int:
    """All that a month's reports from the provider lack is one item."""
    return len({Month.of(row.when) for row in rows if row.counts and row.kind in PROVIDER_REPORT})


def _expected_points(inputs: Inputs) -> tuple[Fraction, Fraction]:
    """E and ET."""
    by_share, recent = defaultdict[Decimal, list[Fraction]](list), list[Fraction]()
    for row, points in expected_by_month(inputs):
        age = inputs.age(row.month)
        by_share[kappa(age, inputs.config)].append(points)
        if 0 <= age < inputs.config.recent_months:
            recent.append(points)
    return _sum(exact(share) * _sum(points) for share, points in by_share.items()), _sum(recent)


def expected_by_month(inputs: Inputs) -> list[tuple[Exposure, Fraction]]:
    """What a unit of normal level would have, before it is weighed by age."""
    base, unseen = inputs.base_levels, inputs.config.unseen
    level = base.levels[inputs.segment]
    return [(row, _points_of(row, level, base.per_report, unseen)) for row in inputs.known_exposure]


# A unit's earlier months are the same in every score, and exact arithmetic was half of what a score cost.
@lru_cache(maxsize=16_384)
def _points_of(row: Exposure, level: Decimal, per_report: Decimal, unseen: Decimal) -> Fraction:
    return exact(level) * row.seen(exact(unseen)) + exact(per_report) * row.answered


def _sum(points: Iterable[Fraction]) -> Fraction:
    """Over one common denominator, since Python looks for one anew at each addition."""
    ratios = [one.as_integer_ratio() for one in points]
    common = lcm(*[under for _, under in ratios])
    return Fraction(sum([over * (common // under) for over, under in ratios]), common)


exact = lru_cache(maxsize=1024)(Fraction)


def _contributions(inputs: Inputs, scale: Fraction) -> tuple[Contribution, ...]:
    found = verdicts(inputs)
    # Thousands of items have some ten numbers of points between them.
    raises = cache(lambda points: float(exact(points) / scale))
    return tuple(_of_item(item, found[item.id], inputs, raises) for item in inputs.known_items)


def _of_item(
    item: Item, verdict: Verdict, inputs: Inputs, raises: Callable[[Decimal], float]
) -> Contribution:
    share = inputs.kappa(item.day)
    weight = Decimal(0) if verdict.why else item.weight
    return Contribution(
        ids=(item.id,),
        kind=item.kind,
        when=item.day,
        weight=weight,
        kappa=share,
        raises=raises(share * weight),
        zero_because=verdict.why,
        consequence=item.consequence,
        same_as=verdict.same_as,
    )


def _is_recent(when: date, inputs: Inputs) -> bool:
    return 0 <= inputs.age(when) < inputs.config.recent_months


def _total(points: Iterable[Decimal]) -> Fraction:
    return _sum(map(exact, points))


def probability_of_twice(o: Fraction, e: Fraction, config: RiskConfig) -> float:
    """That the level is at least twice the expected."""
    prior, dispersion = exact(config.prior), exact(config.dispersion)
    shape, bound = _ratio(prior + o, dispersion), _ratio(exact(config.twice) * (prior + e), dispersion)
    return round(probability_above(bound, shape), 6)


def _ratio(of: Fraction, to: Fraction) -> float:
    """As the exact ratio is rounded, without looking for what both its numbers can be divided by."""
    return (of.numerator * to.denominator) / (of.denominator * to.numerator)


def index_of(p: float, pt: float, config: RiskConfig) -> int:
    share = max(Decimal(str(p)) / config.red_p, Decimal(str(pt)) / config.red_pt)
    return floor(100 * share + Decimal("0.5"))

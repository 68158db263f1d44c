"""Next year's base levels, from what was seen of all units in the year before (risk-and-selection.md)."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction

from followup.risk.counting import verdicts
from followup.risk.inputs import PROVIDER_REPORT, Inputs, Item
from followup.risk.risk_config import BaseLevels, RiskConfig
from followup.times.calendar import municipal_day

_STEP = Decimal("0.000001")
# On that day a report from a provider about December that has not come is late.
_PROPOSED_ON = (1, 21)
_WHOLE_YEAR = Decimal(12)


@dataclass(frozen=True)
class Observed:
    """A year of one unit or of many: points over placement-months, those of the providers' reports over answers."""

    points: Fraction = Fraction(0)
    seen: Fraction = Fraction(0)
    report_points: Fraction = Fraction(0)
    answered: int = 0

    def __add__(self, other: "Observed") -> "Observed":
        return Observed(
            self.points + other.points,
            self.seen + other.seen,
            self.report_points + other.report_points,
            self.answered + other.answered,
        )


def proposal_day(year: int, deadline: datetime | None) -> date:
    """The later of 21 January and the day of December's deadline, where that month is asked about at all."""
    earliest = date(year, *_PROPOSED_ON)
    return earliest if deadline is None else max(earliest, municipal_day(deadline))


def observed(inputs: Inputs) -> Observed:
    """Of a unit in the twelve months up to the as-of day's, all of them as heavy; what began before them is not in."""
    config = replace(inputs.config, kappa_half=Decimal(1), kappa_none_from=_WHOLE_YEAR)
    year = replace(inputs, config=config)
    found = verdicts(year)
    counted = [item for item in year.known_items if found[item.id].why is None]
    of_reports = [item for item in counted if item.kind in PROVIDER_REPORT]
    unseen = Fraction(config.unseen)
    return Observed(
        points=_points(counted) - _points(of_reports),
        seen=sum((row.seen(unseen) for row in year.known_exposure), Fraction(0)),
        report_points=_points(of_reports),
        answered=sum(row.answered for row in year.known_exposure),
    )


def _points(items: Iterable[Item]) -> Fraction:
    return sum((Fraction(item.weight) for item in items), Fraction(0))


def next_base_levels(
    year: int, valid_from: date, old: BaseLevels, config: RiskConfig, units: Iterable[Inputs]
) -> BaseLevels:
    """From the units' inputs as of the last day of the year before.

    What had no placement keeps its level, and so does a municipality's own form, which stands in the register of forms.
    """
    by_segment = dict.fromkeys(old.levels, Observed())
    for one in units:
        by_segment[one.segment] = by_segment.get(one.segment, Observed()) + observed(one)
    weight, total = Fraction(config.base_level_prior_months), sum(by_segment.values(), Observed())
    levels = {
        segment: _moved(level, by_segment[segment].points, by_segment[segment].seen, weight)
        for segment, level in old.levels.items()
    }
    per_report = _moved(old.per_report, total.report_points, Fraction(total.answered), weight)
    return BaseLevels(f"bas-{year}", valid_from, levels, per_report)


def _moved(before: Decimal, points: Fraction, over: Fraction, weight: Fraction) -> Decimal:
    """As if so many months spoke for the level that there was."""
    if not over:
        return before
    exact = (points + weight * Fraction(before)) / (over + weight)
    return (Decimal(exact.numerator) / Decimal(exact.denominator)).quantize(_STEP)


@dataclass(frozen=True)
class AdoptedLevels:
    levels: BaseLevels
    decided_by: str

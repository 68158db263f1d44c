"""What chance alone gives: between which indexes a unit of a normal level lies nine times in ten."""

from collections.abc import Iterator
from fractions import Fraction
from functools import lru_cache
from math import exp, lgamma, log, sqrt

from followup.risk.risk import index_of, probability_of_twice
from followup.risk.risk_config import RiskConfig

LOWEST, HIGHEST = 0.05, 0.95
# What is left out on either side has no part in the range.
_DEVIATIONS, _AT_LEAST = 8, 20


@lru_cache(maxsize=1024)
def expected_range(e: float, et: float, config: RiskConfig) -> tuple[int, int]:
    """The index's 5th and 95th percentile where the level is the normal one, by the method's own model.

    With the dispersion d (1.5) points come as d · Poisson: NT ~ Poisson(ET / d) in the last three months and
    N ~ Poisson((E - ET) / d) before them. So OT = d · NT and O = d · (NT + N), and the index of each outcome is the
    method's: 100 · max(P(O, E) / red_p, PT(OT, ET) / red_pt). The percentile is the least index that at least so large
    a part of the outcomes does not exceed.
    """
    chances: dict[int, float] = {}
    for index, chance in _outcomes(e, et, config):
        chances[index] = chances.get(index, 0.0) + chance
    total = sum(chances.values())
    return _percentile(chances, LOWEST * total), _percentile(chances, HIGHEST * total)


def _outcomes(e: float, et: float, config: RiskConfig) -> Iterator[tuple[int, float]]:
    d = Fraction(config.dispersion)
    recent, before = list(_poisson(et / float(d))), list(_poisson(max(0.0, e - et) / float(d)))
    most = recent[-1][0] + before[-1][0] + 1
    # The higher of the two shares gives the index, so each is worked out once for its number.
    by_year = [index_of(probability_of_twice(d * one, Fraction(e), config), 0, config) for one in range(most)]
    for late, chance in recent:
        by_months = index_of(0, probability_of_twice(d * late, Fraction(et), config), config)
        for early, other in before:
            yield max(by_year[late + early], by_months), chance * other


def _poisson(mean: float) -> Iterator[tuple[int, float]]:
    """Each number that may come, with its chance."""
    if not mean:
        yield 0, 1.0
        return
    width = _DEVIATIONS * sqrt(mean) + _AT_LEAST
    for number in range(max(0, int(mean - width)), int(mean + width) + 1):
        yield number, exp(number * log(mean) - mean - lgamma(number + 1))


def _percentile(chances: dict[int, float], part: float) -> int:
    reached = 0.0
    for index in sorted(chances):
        reached += chances[index]
        if reached >= part:
            return index
    return max(chances)

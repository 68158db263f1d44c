"""How probable it is that a gamma variable is above a bound: what a library of numbers takes 24 megabytes to answer."""

from math import exp, lgamma, log

# A step that changes less than this changes nothing that is kept: six decimals are.
_ENOUGH = 1e-14
# Stands for what would be divided by nothing.
_TINY = 1e-300


def probability_above(bound: float, shape: float) -> float:
    """The regularised upper incomplete gamma function Q(shape, bound), for a shape above nought."""
    if bound <= 0:
        return 1.0
    density = exp(shape * log(bound) - bound - lgamma(shape))
    # Each of the two comes to its end soon where the other would be long about it.
    if bound < shape + 1:
        return 1 - density * _series_below(bound, shape)
    return density * _fraction_above(bound, shape)


def _series_below(bound: float, shape: float) -> float:
    term = total = 1 / shape
    while term > total * _ENOUGH:
        shape += 1
        term *= bound / shape
        total += term
    return total


def _fraction_above(bound: float, shape: float) -> float:
    """Lentz's way through the continued fraction."""
    denominator = bound + 1 - shape
    c, d = 1 / _TINY, 1 / denominator
    found, step, changed = d, 0, 2.0
    while abs(changed - 1) > _ENOUGH:
        step += 1
        numerator = step * (shape - step)
        denominator += 2
        d = 1 / ((numerator * d + denominator) or _TINY)
        c = (denominator + numerator / c) or _TINY
        changed = c * d
        found *= changed
    return found

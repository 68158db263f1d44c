"""How sure a share is, and how well two orders agree: figures that say when they say nothing."""

from collections.abc import Sequence
from fractions import Fraction
from math import sqrt

# Two sides at 95 %.
NORMAL_95 = 1.959964


def wilson(hits: int, number: int) -> tuple[float, float] | None:
    """The share's interval at 95 %; None of nothing.

    E. B. Wilson, Probable Inference, the Law of Succession, and Statistical Inference, JASA 22 (1927), 209-212; holds
    for few and for none too, where the usual p ± 1.96 · s does not (Newcombe, Statistics in Medicine 17 (1998), 857).
    """
    if not number:
        return None
    share, z2 = hits / number, NORMAL_95**2
    middle = share + z2 / (2 * number)
    half = NORMAL_95 * sqrt(share * (1 - share) / number + z2 / (4 * number**2))
    scale = 1 + z2 / number
    return max(0.0, (middle - half) / scale), min(1.0, (middle + half) / scale)


def weighted_kappa(pairs: Sequence[tuple[int, int]], steps: int) -> Fraction | None:
    """Agreement of two orders of so many steps, beyond chance; 1 is whole, 0 is chance. None where chance says all.

    J. Cohen, Weighted kappa, Psychological Bulletin 70 (1968), 213-220, with linear weights: a disagreement costs so
    many steps as there are between the two. 1 - (what the pairs cost) / (what they would cost by chance).
    """
    number = len(pairs)
    seen = Fraction(sum(abs(one - other) for one, other in pairs))
    firsts = [sum(one == step for one, _ in pairs) for step in range(steps)]
    seconds = [sum(other == step for _, other in pairs) for step in range(steps)]
    by_chance = sum(
        firsts[one] * seconds[other] * abs(one - other) for one in range(steps) for other in range(steps)
    )
    return 1 - seen * number / by_chance if by_chance else None
